"""From time offered and time taken to the slots that can still be asked for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from shadowing.domain.availability.clock import EPOCH
from shadowing.domain.availability.patterns import Stretch, free_starts, merge
from shadowing.domain.interval import Interval

MICROSECOND: Final = timedelta(microseconds=1)


def open_slots(
    offered: Iterable[Interval],
    taken: Iterable[Interval],
    *,
    length: timedelta,
    earliest: datetime,
) -> tuple[Interval, ...]:
    """Cut the time a host offers into slots that can still be asked for.

    A window is cut from its own start, so a slot keeps its place on the clock when a neighbour is
    taken. What is left over is dropped, never stretched.

    Args:
        offered: Windows, UTC, half-open; those that touch or overlap are merged.
        taken: Live bookings and leave, UTC, half-open; to touch is not to clash.
        length: Of one slot; whole minutes, at least one.
        earliest: No slot starts before this instant (now plus the notice).

    Returns:
        Slots by start; no two overlap.

    Raises:
        ValueError: *length* is not a positive number of whole minutes.

    Source: docs/rules.md, rules A5 and B4.
    """
    if length <= timedelta(0) or length % timedelta(minutes=1):
        raise ValueError(f"a slot lasts whole minutes, at least one: {length}")
    starts = free_starts(
        _stretches(offered),
        _stretches(taken),
        length=length // MICROSECOND,
        earliest=_count(earliest),
    )
    begins = (EPOCH + start * MICROSECOND for start in starts)
    return tuple(Interval(begin, begin + length) for begin in begins)


def _stretches(intervals: Iterable[Interval]) -> list[Stretch]:
    return merge((_count(each.start), _count(each.end)) for each in intervals)


def _count(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC; exact, as a float would not be."""
    return (instant - EPOCH) // MICROSECOND
