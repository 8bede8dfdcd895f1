"""Recurring hours on a local calendar, and the time they come to.

Inside, days are ordinals and instants are whole seconds since 1970-01-01 UTC, so that a year of
many people's hours costs additions and no calendar work.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.domain.availability.clock import DAY_MINUTES, WallClock, at, clock_of, minute_of
from shadowing.domain.interval import Interval

WEEK: Final = 7
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The same hours on some weekdays.

    Attributes:
        weekdays: Monday = 0.
        start: Wall clock "HH:MM".
        end: Wall clock "HH:MM"; not after *start*, it is on the next day.
        valid_from: First date, or ``None``.
        valid_to: Last date, or ``None``.
        every_weeks: 2 = every other week, counted in weeks from Monday, from that of *valid_from*.

    Raises:
        ValueError: *every_weeks* is below 1, or above 1 without a *valid_from* to count from.
    """

    weekdays: frozenset[int]
    start: str
    end: str
    valid_from: date | None = None
    valid_to: date | None = None
    every_weeks: int = 1

    def __post_init__(self) -> None:
        """Refuse a count of weeks that starts nowhere."""
        if self.every_weeks < 1 or (self.every_weeks > 1 and self.valid_from is None):
            raise ValueError("weeks are counted from the first date, one by one or in larger steps")

    def days(self, first: date, last: date) -> tuple[int, ...]:
        """The dates it falls on, from *first* up to, and without, *last*, as ordinals."""
        start, end = first.toordinal(), last.toordinal()
        origin = 0
        if self.valid_from is not None:
            start = max(start, self.valid_from.toordinal())
            origin = _week(self.valid_from.toordinal())
        if self.valid_to is not None:
            end = min(end, self.valid_to.toordinal() + 1)
        step = WEEK * self.every_weeks
        counted = _week(start) + (origin - _week(start)) % self.every_weeks
        found: list[int] = []
        for weekday in self.weekdays:
            day = counted * WEEK + 1 + weekday
            found += range(day if day >= start else day + step, end, step)
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """Other hours on one date, in place of what any pattern says.

    Attributes:
        local_date: The date on which the hours start.
        hours: Wall clock start and end, or ``None`` for closed.
    """

    local_date: date
    hours: tuple[str, str] | None


def windows(
    patterns: Iterable[Pattern],
    changes: Iterable[DayChange],
    zone: ZoneInfo,
    *,
    first: date,
    last: date,
) -> tuple[Interval, ...]:
    """The time that *patterns* and *changes* offer; by start, merged where they overlap or touch.

    A window belongs to the local date it starts on: one that starts before *last* is whole. What
    the clocks leave nothing of (02:00 to 03:00 on the night they go forward) is no window.

    Args:
        patterns: Weekly hours.
        changes: What replaces them on single dates; several changes of one date add up.
        zone: In which all of them are wall clock.
        first: First local date.
        last: The local date after the last.

    Source: docs/rules.md, rule A5.
    """
    merged = merge(stretches(patterns, changes, clock_of(zone), first=first, last=last))
    return tuple(Interval(at(start), at(end)) for start, end in merged)


def stretches(
    patterns: Iterable[Pattern],
    changes: Iterable[DayChange],
    clock: WallClock,
    *,
    first: date,
    last: date,
) -> list[Stretch]:
    """What `windows` is made of: seconds, in no order, not merged."""
    clock.prepare(first.toordinal(), last.toordinal())
    kept = [each for each in changes if first <= each.local_date < last]
    changed = {each.local_date.toordinal() for each in kept}
    found: list[Stretch] = []
    for pattern in patterns:
        days = [day for day in pattern.days(first, last) if day not in changed]
        found += spread(clock, days, *wall_minutes(pattern.start, pattern.end))
    for change in kept:
        if change.hours is not None:
            found += spread(clock, [change.local_date.toordinal()], *wall_minutes(*change.hours))
    return found


def wall_minutes(start: str, end: str) -> tuple[int, int]:
    """Minutes from the midnight before *start*; an *end* not after it is on the next day."""
    first, last = minute_of(start), minute_of(end)
    return first, last if last > first else last + DAY_MINUTES


def spread(clock: WallClock, days: Iterable[int], start: int, end: int) -> list[Stretch]:
    """The stretches between two wall-clock minutes on each of *days*; empty ones are left out.

    Args:
        clock: With these days prepared; others are worked out one by one.
        days: Ordinals.
        start: Minutes from local midnight, below two days.
        end: Likewise, up to two days.
    """
    calm, second = clock.calm, clock.second
    opens, closes = 60 * start, 60 * end
    found: list[Stretch] = []
    for day in days:
        midnight = calm.get(day)
        if midnight is not None:
            found.append((midnight + opens, midnight + closes))
        elif (began := second(day, start)) < (ended := second(day, end)):
            found.append((began, ended))
    return found


def merge(stretched: Iterable[Stretch]) -> list[Stretch]:
    """Merge those that overlap or touch; by start."""
    merged: list[Stretch] = []
    reach = None
    for start, end in sorted(stretched):
        if reach is not None and start <= reach:
            if end > reach:
                merged[-1] = (merged[-1][0], end)
                reach = end
        else:
            merged.append((start, end))
            reach = end
    return merged


def free_starts(
    offered: Sequence[Stretch], taken: Sequence[Stretch], *, length: int, earliest: int
) -> list[int]:
    """Where slots of *length* start in what is offered and not taken.

    All arguments count in one unit, whichever. A window is cut from its own start, so a slot keeps
    its place when a neighbour is taken. Both sequences are merged and by start, as `merge` gives
    them.
    """
    starts: list[int] = []
    holes = len(taken)
    hole = 0
    for opened, closed in offered:
        last = closed - length
        slot = opened if opened >= earliest else opened + -(-(earliest - opened) // length) * length
        while hole < holes and taken[hole][1] <= slot:
            hole += 1
        nearest = hole
        while nearest < holes and slot <= last and taken[nearest][0] < closed:
            began, ended = taken[nearest]
            starts += range(slot, min(last, began - length) + 1, length)
            slot = max(slot, opened + -(-(ended - opened) // length) * length)
            nearest += 1
        starts += range(slot, last + 1, length)
    return starts


def _week(day: int) -> int:
    """Weeks from Monday, by ordinal: 0001-01-01 was a Monday."""
    return (day - 1) // WEEK
