"""A host's own hours of a shift, week by week and day by day, and the slots they become."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from shadowing.domain.availability.bands import band_of, handovers_at
from shadowing.domain.availability.clock import DAY_MINUTES, WallClock, at, clock_of, minute_of
from shadowing.domain.availability.patterns import Pattern, spread
from shadowing.domain.errors import BadValue
from shadowing.domain.reference.spans import Span, TimeRules
from shadowing.domain.ways import BESIDE, Way


class Mode(StrEnum):
    """May somebody join, and who says so (A2)?"""

    AUTO = "auto"
    ASK = "ask"
    BLIND = "blind"
    CLOSED = "closed"


class Audience(StrEnum):
    """Who may join, where the host narrows it (A2)."""

    ANYONE = "anyone"
    EXECUTIVES = "executives"
    FELLOWS = "fellows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What a host says about one shift; times are wall clock at the site.

    Attributes:
        span: The shift; the hours lie inside it.
        start: "HH:MM"; before the span's start, it is after midnight and the hours still belong
            to the date on which the shift starts (A5).
        end: "HH:MM"; not after *start*, it is after midnight.
        mode: ``CLOSED`` makes no slot; *start* and *end* are then not read.
        audience: Who may join.
        handover: The host chose the handover as part of what there is to see (A6).
        way: What kind of slot it makes and for how many, and how sensitive it is.
    """

    span: Span
    start: str
    end: str
    mode: Mode
    audience: Audience = Audience.ANYONE
    handover: bool = False
    way: Way = BESIDE

    def minutes(self) -> tuple[int, int]:
        """First and last minute, from the midnight before the shift starts.

        Raises:
            BadValue: ``not_a_time`` or ``outside_shift``, with the field.
        """
        opens = minute_of(self.span.start)
        start, end = _minute(self.start, field="start"), _minute(self.end, field="end")
        if start < opens:
            start += DAY_MINUTES
        while end <= start:
            end += DAY_MINUTES
        closes = opens + self.span.minutes
        if start >= closes:
            raise BadValue(field="start", problem="outside_shift", value=self.start)
        if end > closes:
            raise BadValue(field="end", problem="outside_shift", value=self.end)
        return start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyHours:
    """The same hours every week, or every few weeks, on one weekday.

    Attributes:
        weekday: Of the date on which the shift starts, Monday = 0.
        hours: What is offered.
        valid_from: First date, or ``None``.
        valid_to: Last date, or ``None``.
        every_weeks: As in `Pattern`.
    """

    weekday: int
    hours: Hours
    valid_from: date | None = None
    valid_to: date | None = None
    every_weeks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDay:
    """Other hours, another mode or none at all for one shift on one date.

    Several of one span on one date are several parts of that shift.

    Attributes:
        local_date: On which the shift starts.
        hours: In place of all weekly hours of that span on that date, with its other parts.
    """

    local_date: date
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where hours are worked: what the site and its unit bring to them.

    Attributes:
        zone: Of the site.
        rules: Handover bands and how a block finds its band.
        block_minutes: Length of the unit's blocks.
        longest_minutes: Hours longer than this are cut into blocks.
        term_days: The site's school calendar; ``None`` where it keeps none, and then every
            weekday of a school span counts.
    """

    zone: ZoneInfo
    rules: TimeRules
    block_minutes: int
    longest_minutes: int
    term_days: Container[date] | None = None


@dataclass(frozen=True, slots=True)
class SlotDraft:
    """One bookable block, as the hours give it.

    Attributes:
        local_date: The date the block belongs to: on which its shift starts (A5).
        starts_at: UTC.
        ends_at: UTC; elapsed time between the two is the length, whatever the clocks did.
        span: Code of the span.
        band: Code of ``shift_bands``.
        mode: Never ``CLOSED``.
        audience: Who may join.
        handover: Whether the handover is part of it.
        way: What kind it is.
    """

    local_date: date
    starts_at: datetime
    ends_at: datetime
    span: str
    band: str
    mode: Mode
    audience: Audience
    handover: bool
    way: Way = BESIDE


def check(hours: Hours, *, weekday: int, rules: TimeRules, shortest_minutes: int) -> None:
    """Refuse hours that could not become a slot, naming the field.

    Args:
        hours: What the host gives; closed hours are always fine.
        weekday: Of the date on which the shift starts, Monday = 0.
        rules: Handover bands.
        shortest_minutes: The least a block may last (``block_hours``).

    Raises:
        BadValue: ``not_a_time``, ``outside_shift``, ``too_short`` (fact ``least``, minutes),
            ``in_handover`` (facts ``band`` and ``earliest``, "HH:MM") or ``not_on_that_day``.

    Source: docs/rules.md, rules A5, A6 and B13.
    """
    if hours.mode is Mode.CLOSED:
        return
    if weekday not in hours.span.days:
        raise BadValue(field="span", problem="not_on_that_day", value=hours.span.code)
    start, end = hours.minutes()
    if end - start < shortest_minutes:
        raise BadValue(field="end", problem="too_short", value=hours.end, least=shortest_minutes)
    if hours.handover:
        return
    for band in handovers_at(start % DAY_MINUTES, rules):
        raise BadValue(
            field="start",
            problem="in_handover",
            value=hours.start,
            band=band.code,
            earliest=f"{band.end // 60:02}:{band.end % 60:02}",
        )


def drafts(
    weekly: Iterable[WeeklyHours],
    changes: Iterable[ChangedDay],
    place: Place,
    *,
    first: date,
    last: date,
) -> tuple[SlotDraft, ...]:
    """The slots of one host over a horizon.

    Hours become one slot; longer ones than *place* allows are cut into the unit's blocks. No slot
    starts inside a handover the host did not choose. Of two that overlap the earlier one stands.

    Args:
        weekly: The host's rules.
        changes: What replaces them on single dates.
        place: Where they are worked.
        first: First local date on which shifts start.
        last: The local date after the last.

    Returns:
        By start; no two overlap, so a start names a slot of this host.

    Source: docs/rules.md, rules A1, A2, A5 and A6; docs/decisions/0020-hours-become-slots.md.
    """
    clock = clock_of(place.zone)
    clock.prepare(first.toordinal(), last.toordinal())
    changed: set[tuple[int, str]] = set()
    found: list[SlotDraft] = []
    for each in changes:
        if first <= each.local_date < last:
            day = each.local_date.toordinal()
            changed.add((day, each.hours.span.code))
            found += _blocks(each.hours, (day,), place, clock)
    for rule in weekly:
        code = rule.hours.span.code
        days = [day for day in _days(rule, first, last) if (day, code) not in changed]
        found += _blocks(rule.hours, days, place, clock)
    return _without_overlaps(found)


def _days(rule: WeeklyHours, first: date, last: date) -> tuple[int, ...]:
    return Pattern(
        weekdays=frozenset((rule.weekday,)),
        start=rule.hours.start,
        end=rule.hours.end,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        every_weeks=rule.every_weeks,
    ).days(first, last)


def _blocks(
    hours: Hours, days: Iterable[int], place: Place, clock: WallClock
) -> Iterator[SlotDraft]:
    """The blocks of *hours* on each of *days* (ordinals), day by day."""
    if hours.mode is Mode.CLOSED:
        return
    start, end = hours.minutes()
    length = 60 * place.block_minutes
    bands: dict[int, str] = {}
    for day in days:
        on = date.fromordinal(day)
        if on.weekday() not in hours.span.days or not _in_term(on, hours.span, place):
            continue
        for began, ended in spread(clock, (day,), start, end):
            if end - start <= place.longest_minutes:
                blocks = [(start % DAY_MINUTES, began, ended)]
            else:
                cuts = range(began, ended - length + 1, length)
                blocks = [(clock.minute(cut), cut, cut + length) for cut in cuts]
            for minute, opens, closes in blocks:
                if minute not in bands:
                    bands[minute] = _band(hours, minute, place.rules)
                if band := bands[minute]:
                    yield SlotDraft(
                        on,
                        at(opens),
                        at(closes),
                        hours.span.code,
                        band,
                        hours.mode,
                        hours.audience,
                        hours.handover,
                        hours.way,
                    )


def _band(hours: Hours, minute: int, rules: TimeRules) -> str:
    """The band of a block that starts then; none inside a handover nobody chose (A6)."""
    if not hours.handover and handovers_at(minute, rules):
        return ""
    return band_of(hours.span, minute, rules)


def _in_term(on: date, span: Span, place: Place) -> bool:
    return not span.term_days or place.term_days is None or on in place.term_days


def _without_overlaps(found: list[SlotDraft]) -> tuple[SlotDraft, ...]:
    kept: list[SlotDraft] = []
    for draft in sorted(found, key=lambda draft: draft.starts_at):
        if not kept or kept[-1].ends_at <= draft.starts_at:
            kept.append(draft)
    return tuple(kept)


def _minute(time: str, *, field: str) -> int:
    try:
        return minute_of(time)
    except BadValue:
        raise BadValue(field=field, problem="not_a_time", value=time) from None
