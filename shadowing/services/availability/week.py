"""A week of a host's: the shifts they work, the part of each that is open, and who joins.

The number of statements does not depend on how many hours there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.availability.clock import instant
from shadowing.domain.availability.hours import Hours, Mode
from shadowing.domain.availability.renewal import Visit
from shadowing.domain.bookings.states import State
from shadowing.domain.interval import Interval
from shadowing.domain.limits import GAP, MAY_LOOSEN, MOST
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.programs import Rules
from shadowing.domain.reference.spans import Span
from shadowing.services.availability import horizon
from shadowing.services.availability.horizon import Ground
from shadowing.services.work import Tx, Work
from shadowing.store import hours, people, whereabouts
from shadowing.store.hours import Change, Rule
from shadowing.store.people import Unit

A_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(days=7)
GAPS: Final = (0, 7, 14, 21, 28, 42, 60, 90)
"""Days between two shadows that can be chosen from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The hours of one shift on one date.

    Attributes:
        rule_id: The weekly hours behind it; nothing where that one date alone was given.
        local_date: On which the shift starts (A5).
        work: All of the shift.
        span: From when to when somebody may join, elapsed time.
        hours: As the host gave them.
        changed: That date is not as every week.
        ahead: It has not begun and lies within the horizon, so it can be changed.
        visits: Who asked for it or joins.
    """

    rule_id: UUID | None
    local_date: date
    work: Interval
    span: Interval
    hours: Hours
    changed: bool
    ahead: bool
    visits: tuple[Visit, ...] = ()

    @property
    def key(self) -> str:
        """What it is called in addresses and forms."""
        hours = self.hours
        return f"{self.local_date}-{hours.span.code}-{hours.start.replace(':', '')}"

    @property
    def waiting(self) -> tuple[Visit, ...]:
        """The requests that the host has not answered."""
        return tuple(visit for visit in self.visits if visit.state is State.REQUESTED)


@dataclass(frozen=True, slots=True)
class Day:
    """One column of the week.

    Attributes:
        stretches: The hours that begin on this date.
        visits: Shifts on this date that lie in no stretch: the hours have changed since.
        works: The shifts worked at some time of this date, clipped to it.
    """

    date: date
    stretches: tuple[Stretch, ...]
    visits: tuple[Visit, ...]
    works: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """What a host has hosted and will in a month, against the limits that hold for them (A4).

    Attributes:
        choices: What they can set: of shadows a month, and of days between.
    """

    month: date
    used: int
    most: int
    gap_days: int
    choices: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days of a host's.

    Attributes:
        unit: Nothing for a host whose unit is not known yet: they cannot offer anything.
        offered: Whether slots are made of the hours at all (A8).
        said: Whether the host ever gave hours.
        before: A day of the week before; nothing where that is over.
        spans: Every shift there is, those usual for role and unit first.
        usual: How many of them are.
        handovers: When teams change: first and last minute of the day (A6).
        paused_until: The end of a break, if there is one.
        load_paused: Their slots are hidden because shifts cost them much (A4).
        left: They have stopped hosting (P8).
        last: The last date of the horizon (A5).
    """

    first: date
    today: date
    zone: str
    unit: Unit | None
    offered: bool
    said: bool
    days: tuple[Day, ...]
    before: date | None
    after: date | None
    spans: tuple[Span, ...]
    usual: int
    limit: Limit
    handovers: tuple[tuple[int, int], ...]
    paused_until: datetime | None
    load_paused: bool
    left: bool
    last: date

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """All hours of the week, by start."""
        return tuple(stretch for day in self.days for stretch in day.stretches)


def week(work: Work, actor: Actor, *, around: date | None = None) -> Week:
    """Show a week of the host's own, this one unless *around* lies in a later one.

    Raises:
        NotAllowed: *actor* does not act as a host.

    Source: docs/rules.md, rules A1 to A6.
    """
    authorise(actor, Action.AVAILABILITY_SEE)
    with work.read() as tx:
        host = people.find(tx.db, person_id=actor.person_id)
        _, zone = people.home(tx.db, person_id=host.id)
        on = horizon.ground(tx, host)
        first = _monday(min(max(around or on.today, on.today), on.until - A_DAY))
        usual, others = _spans(on)
        return Week(
            first=first,
            today=on.today,
            zone=zone,
            unit=on.unit if host.host_role else None,
            offered=horizon.hosting(on),
            said=bool(on.rules or on.changes),
            days=_days(tx, on, first) if on.unit else (),
            before=first - A_DAY if first > on.today else None,
            after=first + A_WEEK if first + A_WEEK < on.until else None,
            spans=(*usual, *others),
            usual=len(usual),
            limit=_limit(tx, on, month=(first + 3 * A_DAY).replace(day=1)),
            handovers=tuple(
                (band.start, band.end) for band in reference.load().time_rules.handovers
            ),
            paused_until=_pause(on, tx.now),
            load_paused=on.host.load_paused_at is not None,
            left=on.host.left_hosting_at is not None,
            last=on.until - A_DAY,
        )


def _pause(on: Ground, now: datetime) -> datetime | None:
    until = on.host.paused_until
    return until if until and until > now else None


def _days(tx: Tx, on: Ground, first: date) -> tuple[Day, ...]:
    zone = ZoneInfo(on.unit.zone if on.unit else "UTC")
    around = Interval(
        instant(first - A_DAY, "00:00", zone), instant(first + A_WEEK + A_DAY, "00:00", zone)
    )
    visits = hours.visits(tx.db, host_id=on.host.id, span=around)
    found = [
        _with_visits(stretch, visits)
        for stretch in _stretches(tx, on, first - A_DAY, first + A_WEEK, zone)
    ]
    placed = {visit.shift_id for stretch in found for visit in stretch.visits}
    loose = [visit for visit in visits if visit.shift_id not in placed]
    shown = [each for each in found if not _replaced(each, loose)]
    return tuple(_day(first + n * A_DAY, zone, shown, loose) for n in range(7))


def _day(day: date, zone: ZoneInfo, stretches: Iterable[Stretch], loose: Iterable[Visit]) -> Day:
    whole = Interval(instant(day, "00:00", zone), instant(day + A_DAY, "00:00", zone))
    known = tuple(stretches)
    works = dict.fromkeys(stretch.work for stretch in known if stretch.work.overlaps(whole))
    return Day(
        date=day,
        stretches=tuple(each for each in known if whole.contains(each.span.start)),
        visits=tuple(each for each in loose if whole.contains(each.starts_at)),
        works=tuple(sorted(works)),
    )


def _stretches(tx: Tx, on: Ground, first: date, last: date, zone: ZoneInfo) -> Iterable[Stretch]:
    """List what the hours give from *first* up to, and without, *last*, by start."""
    changes = hours.changes(tx.db, host_id=on.host.id, first=first, last=last)
    found: list[tuple[date, UUID | None, Rule | Change]] = []
    changed = {(each.local_date, each.span) for each in changes}
    for day in (first + n * A_DAY for n in range((last - first).days)):
        rules = [rule for rule in on.rules if rule.falls_on(day)]
        found += [(day, rule.id, rule) for rule in rules if (day, rule.span) not in changed]
        found += [
            (day, _rule_behind(each, rules, changes), each)
            for each in changes
            if each.local_date == day
        ]
    made = (
        _stretch(day, rule_id, said, zone=zone, on=on, at=tx.now) for day, rule_id, said in found
    )
    return sorted(made, key=lambda stretch: stretch.span.start)


def _rule_behind(part: Change, rules: Iterable[Rule], changes: Iterable[Change]) -> UUID | None:
    """Name the weekly hours that a changed part stands for: those that begin when it does.

    Where its hours are others, the one rule that no other part of that day stands for.
    """
    same = {rule.local_start: rule.id for rule in rules if rule.span == part.span}
    if part.local_start in same:
        return same[part.local_start]
    beside = [
        each.local_start
        for each in changes
        if (each.local_date, each.span) == (part.local_date, part.span)
    ]
    left = [rule_id for start, rule_id in same.items() if start not in beside]
    alone = sum(start not in same for start in beside) == 1
    return left[0] if alone and len(left) == 1 else None


def _stretch(
    day: date,
    rule_id: UUID | None,
    said: Rule | Change,
    *,
    zone: ZoneInfo,
    on: Ground,
    at: datetime,
) -> Stretch:
    told = horizon.hours_of(said)
    span = told.span
    start, end = told.minutes()
    open_part = Interval(_at(day, start, zone), _at(day, end, zone))
    return Stretch(
        rule_id=rule_id,
        local_date=day,
        work=Interval(
            instant(day, span.start, zone), instant(day + span.end_day * A_DAY, span.end, zone)
        ),
        span=open_part,
        hours=told,
        changed=isinstance(said, Change),
        ahead=open_part.start > at and day < on.until,
    )


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minute, 1440)
    return instant(day + days * A_DAY, f"{rest // 60:02}:{rest % 60:02}", zone)


def _with_visits(stretch: Stretch, visits: Iterable[Visit]) -> Stretch:
    """Give a stretch who joins for exactly that time."""
    mine = tuple(
        visit
        for visit in visits
        if stretch.hours.mode is not Mode.CLOSED and visit.interval == stretch.span
    )
    return replace(stretch, visits=mine)


def _replaced(stretch: Stretch, loose: Iterable[Visit]) -> bool:
    """Say whether a shift booked before a change lies where the stretch would be.

    Of hours long enough to be cut in blocks the other blocks stay on offer.
    """
    longest = 60 * (reference.load().setting("block_hours").most or 0)
    whole = stretch.span.minutes <= longest
    return whole and any(visit.interval.overlaps(stretch.span) for visit in loose)


def _spans(on: Ground) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Sort the shifts there are into those usual for the host's role and unit, and the others."""
    known = reference.load()
    patterns: list[str] = []
    if on.host.host_role in known.roles:
        patterns += known.role(on.host.host_role).patterns
    if on.unit:
        patterns += known.unit_kind(on.unit.kind).patterns
    usual = [span for code in dict.fromkeys(patterns) for span in known.patterns[code].spans]
    return tuple(usual), tuple(span for span in known.spans.values() if span not in usual)


def _limit(tx: Tx, on: Ground, *, month: date) -> Limit:
    rules = horizon.rules(tx, on.host)
    load = whereabouts.loads(
        tx.db,
        host_ids=(on.host.id,),
        span=Interval(tx.now, instant(on.until, "00:00", ZoneInfo("UTC"))),
        rules=rules,
    )[on.host.id]
    days = {(each.slot_id, each.day) for each in load.hosted}
    used = sum((day.year, day.month) == (month.year, month.month) for _, day in days)
    found = Limit(month, used, load.max_per_month, load.cool_down_days, ((), ()))
    return replace(found, choices=_choices(rules, found))


def _choices(rules: Rules, now: Limit) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """List the limits a host can set: up to the program's, or all where it lets them loosen."""
    loose = rules.on(MAY_LOOSEN)
    highest = (rules.known.setting(MOST).most or 0) if loose else rules.number(MOST)
    longest = rules.known.setting(GAP).most or 0
    least = 0 if loose else rules.number(GAP)
    gaps = {gap for gap in GAPS if least <= gap <= longest}
    return (
        tuple(sorted({*range(1, highest + 1), now.most})),
        tuple(sorted({*gaps, now.gap_days, least})),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
