"""Hours of every week as a host says them: checked, kept, taken away.

Source: docs/rules.md, rules A1 to A6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from shadowing.adapters import reference
from shadowing.domain import ways
from shadowing.domain.availability import clock
from shadowing.domain.availability.bands import handovers_at
from shadowing.domain.availability.hours import Audience, Hours, Mode, check
from shadowing.domain.availability.renewal import around, clash
from shadowing.domain.bookings.states import By
from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.reference.spans import Span
from shadowing.domain.ways import Way
from shadowing.services.availability import horizon
from shadowing.services.availability.acts import EveryWeek, Given, NoLonger
from shadowing.services.availability.horizon import Ground
from shadowing.services.work import Tx
from shadowing.store import hours, journal
from shadowing.store.hours import Rule
from shadowing.store.journal import Entry

Choice = TypeVar("Choice", Mode, Audience)


def every_week(tx: Tx, act: EveryWeek, on: Ground) -> None:
    """Keep weekly hours, new ones or in place of others.

    Raises:
        NotFound: The others are not the host's own.
        BadValue: With the field and its problem.
    """
    own = hours.rules(tx.db, host_id=on.host.id)
    replaced = tuple(rule for rule in own if rule.id == act.replaces)
    if act.replaces and not replaced:
        raise NotFound(rule_id=act.replaces)
    weekdays = {rule.weekday for rule in replaced} or set(act.weekdays)
    if not weekdays or not weekdays <= set(range(7)):
        raise BadValue(field="weekdays", problem="missing", value=act.weekdays)
    for weekday in sorted(weekdays):
        said = checked(act.given, weekday=weekday, on=on)
        gone = replaced or _closed_before(own, said, weekday=weekday)
        others = [rule for rule in own if rule not in gone]
        no_clash(said, around(weekday, map(horizon.weekly, others)))
        given = {"span": said.span.code, **columns(said)}
        if replaced:
            hours.change_rule(tx.db, host_id=on.host.id, rule_id=replaced[0].id, given=given)
        else:
            hours.remove_rules(tx.db, host_id=on.host.id, ids=[rule.id for rule in gone])
            hours.add_rule(tx.db, host_id=on.host.id, weekday=weekday, given=given)
        note(tx, on, "hours.set", code=f"{weekday} {said.span.code} {said.mode}")


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


def no_longer(tx: Tx, act: NoLonger, on: Ground) -> None:
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
    note(tx, on, "hours.removed", code=f"{gone.weekday} {gone.span}")


def checked(given: Given, *, weekday: int, on: Ground) -> Hours:
    """Read hours and refuse what could not become a slot, closed or not: they may be opened.

    Without times the first block of the shift is meant.
    """
    known = reference.load()
    span = _span(given.span)
    some = [time for time in (given.start, given.end) if time]
    if not some or (given.mode == Mode.CLOSED and len(some) == 1):
        start, end = suggested(span, block_minutes=on.unit.block_minutes if on.unit else 0)
        given = replace(given, start=start, end=end)
    said = Hours(
        span=span,
        start=given.start,
        end=given.end,
        mode=_one_of(Mode, given.mode, field="mode"),
        audience=_one_of(Audience, given.audience, field="audience"),
        handover=given.handover,
        way=_way(given, on=on),
    )
    block = 60 * (known.setting("block_hours").least or 0)
    least = ways.shortest(said.way.kind, block=block)
    opened = replace(said, mode=Mode.ASK) if said.mode is Mode.CLOSED else said
    shown = on.unit is not None and on.unit.handover_open
    try:
        both = replace(opened, handover=opened.handover and shown)
        check(both, weekday=weekday, rules=known.time_rules, shortest_minutes=least)
    except BadValue as refusal:
        raise BadValue(**_worded(refusal.facts, least=least, shown=shown)) from None
    return said


def _way(given: Given, *, on: Ground) -> Way:
    return ways.checked(
        given.way,
        opened=given.mode != Mode.CLOSED,
        unit_level=on.unit.sensitivity if on.unit else "",
        levels=reference.load().sensitivities,
        remote_allowed=on.unit is not None and on.unit.remote_allowed,
    )


def _worded(facts: Mapping[str, object], *, least: int, shown: bool) -> dict[str, object]:
    """Put into a refusal what its sentence says: a length in words, and whose word is missing."""
    if facts["problem"] == "too_short":
        return {**facts, "least": timedelta(minutes=least)}
    if facts["problem"] == "in_handover" and not shown:
        return {**facts, "problem": "in_private_handover"}
    return dict(facts)


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


def no_clash(said: Hours, others: Iterable[tuple[int, Hours]]) -> None:
    """Refuse hours that share time with others of the same host.

    Raises:
        BadValue: ``overlaps``, with the shift and its hours.
    """
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


def columns(said: Hours) -> dict[str, object]:
    """Put hours into the columns of their part; the span stands beside them."""
    return {
        "local_start": said.start,
        "local_end": said.end,
        "mode": said.mode.value,
        "audience": said.audience.value,
        "handover": said.handover,
        "kind": said.way.kind,
        "seats": said.way.seats,
        "join_at": said.way.join_at,
        "sensitivity": said.way.sensitivity,
    }


def note(tx: Tx, on: Ground, event: str, *, code: str) -> None:
    """Write into the audit log what was said; codes only."""
    entry = Entry(event, "person", on.host.id, on.host.id, By.HOST, code=code)
    journal.record(tx.db, entry, at=tx.now)
