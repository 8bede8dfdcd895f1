"""A host says which hours somebody may join: every week, on one day, or not at all.

What was said and the slots that follow from it are written together. Booked shifts stay as they
are, and a change that touches some is made only once the host has seen which.

Source: docs/rules.md, rules A1 to A6 and section 6.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.availability import clock
from shadowing.domain.availability.bands import handovers_at
from shadowing.domain.availability.hours import Audience, Hours, Mode, check
from shadowing.domain.availability.renewal import Visit, around, clash
from shadowing.domain.bookings.states import By
from shadowing.domain.errors import BadValue, NotFound, Refusal
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.reference.spans import Span
from shadowing.services.availability import horizon
from shadowing.services.availability.horizon import Ground
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import hours, journal, people
from shadowing.store.hours import Change, Rule
from shadowing.store.journal import Entry

A_DAY: Final = timedelta(days=1)
Choice = TypeVar("Choice", Mode, Audience)


class BookedStay(Refusal):
    """Booked shifts would no longer be as the hours say; the host has to see which first.

    Facts: ``visits``, all that the change touches.
    """

    code = "booked_stay"


class NoUnit(Refusal):
    """The host has no unit or no role yet, so nothing can be offered."""

    code = "no_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Hours of one shift as the host gives them, in codes and "HH:MM"; closed ones need no times.

    Attributes:
        handover: The host shows the handover too, so the hours may start in it (A6).
    """

    span: str
    start: str = ""
    end: str = ""
    mode: str
    audience: str = Audience.ANYONE.value
    handover: bool = False


@dataclass(frozen=True, slots=True)
class EveryWeek:
    """The same hours on some weekdays (Monday = 0), or in place of other weekly hours."""

    given: Given
    weekdays: tuple[int, ...] = ()
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class OneDay:
    """What one shift is on one date, in place of every week."""

    given: Given
    local_date: date


@dataclass(frozen=True, slots=True)
class AsEveryWeek:
    """One shift on one date is as every week again."""

    span: str
    local_date: date


@dataclass(frozen=True, slots=True)
class NoLonger:
    """Some weekly hours are no longer worked."""

    rule_id: UUID


Act = EveryWeek | OneDay | AsEveryWeek | NoLonger


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: slots that opened or changed, slots taken away, shifts that stay."""

    opened: int
    closed: int
    stay: tuple[Visit, ...]


@repeated
def change(
    work: Work, actor: Actor, acts: Iterable[Act], *, agreed: Iterable[UUID] = ()
) -> Changed:
    """Say other hours, and renew the slots that follow from them: all of it or nothing.

    Args:
        work: Opens the transaction.
        actor: A host; the hours are their own, for nobody gives another person's (A1).
        acts: In this order.
        agreed: The booked shifts which the host knows to stay.

    Raises:
        NotAllowed: *actor* does not act as a host.
        NotFound: Hours to be replaced are not their own.
        NoUnit: There is no unit where the hours are worked.
        BadValue: Field ``weekdays``, ``day``, ``span``, ``start``, ``end``, ``mode`` or
            ``audience``, with its problem.
        BookedStay: Shifts that are not among *agreed* would stay.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        before = horizon.ground(tx, host)
        if before.unit is None or not host.host_role:
            raise NoUnit
        standing = hours.keep_slots(tx.db, host_id=host.id, after=tx.now)
        stayed = horizon.plan(tx, before, standing).stay
        for act in acts:
            _do(tx, act, before)
        planned = horizon.plan(tx, horizon.ground(tx, host), standing)
        touched = hours.visits_of(tx.db, slot_ids=planned.stay - stayed)
        if not frozenset(agreed).issuperset(visit.shift_id for visit in touched):
            raise BookedStay(visits=touched)
        by = Entry("", "", host.id, host.id, By.HOST, code="hours")
        horizon.write(tx, planned, host_id=host.id, by=by)
    return Changed(
        opened=len(planned.new) + sum(state == "open" for state in planned.states.values()),
        closed=sum(state == "withdrawn" for state in planned.states.values()),
        stay=touched,
    )


def _do(tx: Tx, act: Act, on: Ground) -> None:
    """Write one act and note it; hours are read afresh, for an act may follow another."""
    if isinstance(act, EveryWeek):
        _every_week(tx, act, on)
    elif isinstance(act, OneDay):
        _one_day(tx, act, on)
    elif isinstance(act, AsEveryWeek):
        hours.remove_days(tx.db, host_id=on.host.id, span=act.span, dates=(act.local_date,))
        _note(tx, on, "hours.day_undone", code=f"{act.local_date} {act.span}")
    else:
        _no_longer(tx, act, on)


def _every_week(tx: Tx, act: EveryWeek, on: Ground) -> None:
    own = hours.rules(tx.db, host_id=on.host.id)
    replaced = tuple(rule for rule in own if rule.id == act.replaces)
    if act.replaces and not replaced:
        raise NotFound(rule_id=act.replaces)
    weekdays = {rule.weekday for rule in replaced} or set(act.weekdays)
    if not weekdays or not weekdays <= set(range(7)):
        raise BadValue(field="weekdays", problem="missing", value=act.weekdays)
    for weekday in sorted(weekdays):
        said = _checked(act.given, weekday=weekday, on=on)
        gone = replaced or _closed_before(own, said, weekday=weekday)
        others = [rule for rule in own if rule not in gone]
        _no_clash(said, around(weekday, map(horizon.weekly, others)))
        if replaced:
            hours.change_rule(
                tx.db, host_id=on.host.id, rule_id=replaced[0].id, given=_columns(said)
            )
        else:
            hours.remove_rules(tx.db, host_id=on.host.id, ids=[rule.id for rule in gone])
            hours.add_rule(tx.db, host_id=on.host.id, weekday=weekday, given=_columns(said))
        _note(tx, on, "hours.set", code=f"{weekday} {said.span.code} {said.mode}")


def _closed_before(own: Iterable[Rule], said: Hours, *, weekday: int) -> tuple[Rule, ...]:
    """Find what says of the same shift that it is closed, or, for closed ones, anything at all.

    A shift is closed once: what is said of it now takes the place of that.
    """
    return tuple(
        rule
        for rule in own
        if rule.weekday == weekday
        and rule.span == said.span.code
        and Mode.CLOSED in (rule.mode, said.mode)
    )


def _one_day(tx: Tx, act: OneDay, on: Ground) -> None:
    last = on.until - A_DAY
    if not on.today - A_DAY <= act.local_date <= last:
        raise BadValue(field="day", problem="out_of_range", least=on.today, most=last)
    said = _checked(act.given, weekday=act.local_date.weekday(), on=on)
    _no_clash(said, _near(on, tx, act.local_date, said.span))
    hours.set_day(tx.db, host_id=on.host.id, local_date=act.local_date, given=_columns(said))
    _note(tx, on, "hours.day_set", code=f"{act.local_date} {said.span.code} {said.mode}")


def _near(on: Ground, tx: Tx, day: date, span: Span) -> list[tuple[int, Hours]]:
    """List the hours of the host from the day before to the day after, less that shift's own."""
    changes = hours.changes(tx.db, host_id=on.host.id, first=day - A_DAY, last=day + A_DAY)
    rules = hours.rules(tx.db, host_id=on.host.id)
    changed = {(each.local_date, each.span) for each in changes}
    found: list[tuple[int, Rule | Change]]
    found = [((each.local_date - day).days, each) for each in changes]
    for days in (-1, 0, 1):
        on_date = day + days * A_DAY
        found += [
            (days, rule)
            for rule in rules
            if rule.weekday == on_date.weekday() and (on_date, rule.span) not in changed
        ]
    return [
        (days, horizon.hours_of(each)) for days, each in found if days or each.span != span.code
    ]


def _no_longer(tx: Tx, act: NoLonger, on: Ground) -> None:
    """Take weekly hours away; changed days of a shift that is no longer worked go along."""
    own = hours.rules(tx.db, host_id=on.host.id)
    gone = next((rule for rule in own if rule.id == act.rule_id), None)
    if gone is None:
        raise NotFound(rule_id=act.rule_id)
    hours.remove_rules(tx.db, host_id=on.host.id, ids=(gone.id,))
    same = (gone.weekday, gone.span)
    if all((rule.weekday, rule.span) != same for rule in own if rule is not gone):
        changes = hours.changes(tx.db, host_id=on.host.id, first=on.today)
        dates = [each.local_date for each in changes if each.local_date.weekday() == gone.weekday]
        hours.remove_days(tx.db, host_id=on.host.id, span=gone.span, dates=dates)
    _note(tx, on, "hours.removed", code=f"{gone.weekday} {gone.span}")


def _checked(given: Given, *, weekday: int, on: Ground) -> Hours:
    """Read hours and refuse what could not become a slot, closed or not: they may be opened."""
    known = reference.load()
    span = _span(given.span)
    if given.mode == Mode.CLOSED and not (given.start and given.end):
        start, end = suggested(span, block_minutes=on.unit.block_minutes if on.unit else 0)
        given = replace(given, start=start, end=end)
    said = Hours(
        span=span,
        start=given.start,
        end=given.end,
        mode=_one_of(Mode, given.mode, field="mode"),
        audience=_one_of(Audience, given.audience, field="audience"),
        handover=given.handover,
    )
    least = 60 * (known.setting("block_hours").least or 0)
    opened = replace(said, mode=Mode.ASK) if said.mode is Mode.CLOSED else said
    try:
        check(opened, weekday=weekday, rules=known.time_rules, shortest_minutes=least)
    except BadValue as refusal:
        if refusal.facts["problem"] != "too_short":
            raise
        raise BadValue(**refusal.facts | {"least": timedelta(minutes=least)}) from None
    return said


def suggested(span: Span, *, block_minutes: int) -> tuple[str, str]:
    """Suggest hours of a shift: one block from its start, or from the end of the handover then."""
    first = clock.minute_of(span.start)
    for band in handovers_at(first, reference.load().time_rules):
        first = band.end
    last = min(first + block_minutes, clock.minute_of(span.start) + span.minutes)
    return _clock_time(first), _clock_time(last)


def _clock_time(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _span(code: str) -> Span:
    try:
        return reference.load().span(code)
    except BadValue:
        raise BadValue(field="span", problem="unknown_choice", value=code) from None


def _one_of(kind: type[Choice], value: str, *, field: str) -> Choice:
    try:
        return kind(value)
    except ValueError:
        raise BadValue(field=field, problem="unknown_choice", value=value) from None


def _no_clash(said: Hours, others: Iterable[tuple[int, Hours]]) -> None:
    if said.mode is Mode.CLOSED:
        return
    found = clash(said, others)
    if found:
        raise BadValue(
            field="start",
            problem="overlaps",
            value=said.start,
            shift=found.span.label,
            begins=found.start,
            ends=found.end,
        )


def _columns(said: Hours) -> dict[str, object]:
    return {
        "span": said.span.code,
        "local_start": said.start,
        "local_end": said.end,
        "mode": said.mode.value,
        "audience": said.audience.value,
        "handover": said.handover,
    }


def _note(tx: Tx, on: Ground, event: str, *, code: str) -> None:
    entry = Entry(event, "person", on.host.id, on.host.id, By.HOST, code=code)
    journal.record(tx.db, entry, at=tx.now)
