"""Half-open stretches of time: the only arithmetic of intervals.

Instants are aware and UTC. A stretch holds its start and not its end, so two that touch do not
clash. Wall clocks do not belong here; they live in ``domain/availability``.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

ZERO = timedelta(0)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """The time from *start* up to, and without, *end*.

    Raises:
        ValueError: An end is not UTC, or the stretch is empty.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse what would make every later answer wrong."""
        if self.start.utcoffset() != ZERO or self.end.utcoffset() != ZERO:
            raise ValueError(f"an interval is kept in UTC: {self.start} to {self.end}")
        if self.start >= self.end:
            raise ValueError(f"an interval lasts: {self.start} to {self.end}")

    @property
    def length(self) -> timedelta:
        """Elapsed time, whatever the clocks on the wall did meanwhile."""
        return self.end - self.start

    @property
    def minutes(self) -> int:
        """Elapsed whole minutes."""
        return self.length // MINUTE

    def overlaps(self, other: Self) -> bool:
        """Do the two share any time? To touch is not to overlap."""
        return self.start < other.end and other.start < self.end

    def touches(self, other: Self) -> bool:
        """Does one end where the other starts?"""
        return self.end == other.start or other.end == self.start

    def contains(self, other: Self | datetime) -> bool:
        """Does the other lie inside? An instant equal to the end does not."""
        if isinstance(other, datetime):
            return self.start <= other < self.end
        return self.start <= other.start and other.end <= self.end

    def cut(self, length: timedelta) -> tuple[Self, ...]:
        """Cut into pieces of *length*, from the start; what is left over is dropped.

        Raises:
            ValueError: *length* is not positive.
        """
        if length <= ZERO:
            raise ValueError(f"a piece lasts: {length}")
        starts = (self.start + nth * length for nth in range(self.length // length))
        return tuple(type(self)(start, start + length) for start in starts)


def union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Merge those that overlap or touch; by start, none touches another."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if merged and interval.start <= merged[-1].end:
            last = merged.pop()
            merged.append(Interval(last.start, max(last.end, interval.end)))
        else:
            merged.append(interval)
    return tuple(merged)


def minus(intervals: Iterable[Interval], others: Iterable[Interval]) -> tuple[Interval, ...]:
    """What remains of *intervals* without *others*; merged, by start."""
    holes = deque(union(others))
    left: list[Interval] = []
    for whole in union(intervals):
        start = whole.start
        while holes and holes[0].start < whole.end:
            hole = holes[0]
            if start < hole.start:
                left.append(Interval(start, hole.start))
            start = max(start, hole.end)
            if hole.end > whole.end:
                break
            holes.popleft()
        if start < whole.end:
            left.append(Interval(start, whole.end))
    return tuple(left)


def clip(intervals: Iterable[Interval], within: Interval) -> tuple[Interval, ...]:
    """The parts that lie *within*, in the order given."""
    return tuple(
        Interval(max(each.start, within.start), min(each.end, within.end))
        for each in intervals
        if each.overlaps(within)
    )
