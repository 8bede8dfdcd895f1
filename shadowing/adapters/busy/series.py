"""From events to the stretches they block: instances, exceptions, and what takes their place."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from shadowing.adapters.busy.events import Event, Times, until_of
from shadowing.adapters.busy.notes import Broken, Notes
from shadowing.adapters.busy.recurrence import occurrences
from shadowing.adapters.busy.rules import Rule
from shadowing.domain.availability.clock import DAY_SECONDS

MOST_OF_A_SERIES: Final = 5_000
MOST_IN_ALL: Final = 50_000
ENOUGH: Final = "Only the first {most:,} times were read."
EDGE: Final = 2 * DAY_SECONDS
"""How far a wall may be from UTC, and then some."""
FURTHEST: Final = 100 * 366 * DAY_SECONDS

Stretch = tuple[int, int]


@dataclass(slots=True)
class Window:
    """The stretch that is asked about, and how many more instances are looked at in it."""

    start: int
    end: int
    left: int = MOST_IN_ALL

    def meets(self, stretch: Stretch) -> bool:
        """Does a stretch lie in it, at least in part?"""
        return stretch[0] < self.end and self.start < stretch[1]


@dataclass(frozen=True, slots=True)
class _Turn:
    """From an instant on, a series goes on in another way."""

    since: int
    shift: int
    event: Event


def stretches(events: Iterable[Event], window: Window, notes: Notes) -> Iterator[Stretch]:
    """The stretches that events block within a window, in no order.

    Of versions of one event the newest counts. An event that takes the place of an instance is an
    event of its own, whether or not there is a series.
    """
    series: dict[object, Event] = {}
    places: dict[object, dict[object, Event]] = {}
    for nth, event in enumerate(events):
        if event.instance:
            place = (frozenset(event.instance.days), frozenset(event.instance.instants))
            _keep_newest(places.setdefault(event.uid or nth, {}), place, event)
        else:
            _keep_newest(series, event.uid or nth, event)
    for uid, event in series.items():
        yield from _of_series(event, list(places.get(uid, {}).values()), window, notes)
    for replacing in places.values():
        for event in replacing.values():
            yield from _of_one(event, window)


def _keep_newest(known: dict[object, Event], key: object, event: Event) -> None:
    if key not in known or event.version >= known[key].version:
        known[key] = event


def _of_one(event: Event, window: Window) -> Iterator[Stretch]:
    if event.blocks and event.length:
        stretch = _stretch(event, event.start, event.length)
        if window.meets(stretch):
            yield stretch


def _stretch(event: Event, wall: int, length: int) -> Stretch:
    """When it begins and ends; where the clocks leave nothing of it, it is as long as it says."""
    begin, end = event.clock.instant(wall), event.clock.instant(wall + length)
    return (begin, end) if begin < end else (begin, begin + length)


def _of_series(
    event: Event, replacing: list[Event], window: Window, notes: Notes
) -> Iterator[Stretch]:
    turns = _turns(event, replacing)
    if not (event.blocks or any(turn.event.blocks for turn in turns)):
        return
    if not window.left:
        notes.add(event.number, ENOUGH.format(most=MOST_IN_ALL))
        return
    out = _left_out(event, replacing)
    seen = 0
    try:
        for wall, length in _instances(event, window, reach=_reach(event, turns)):
            stretch = None if _names(out, event, wall) else _turned(event, wall, length, turns)
            if stretch is None or not window.meets(stretch):
                continue
            if not window.left or seen == MOST_OF_A_SERIES:
                most = MOST_OF_A_SERIES if window.left else MOST_IN_ALL
                notes.add(event.number, ENOUGH.format(most=most))
                return
            seen += 1
            window.left -= 1
            yield stretch
    except Broken as broken:
        notes.skip(event.number, str(broken))


def _reach(event: Event, turns: list[_Turn]) -> int:
    """How far from the window an instance may begin and still lie in it."""
    longest = max(
        event.length,
        max((turn.event.length for turn in turns), default=0),
        max((length for _, length in event.extra), default=0),
    )
    furthest = max((abs(turn.shift) for turn in turns), default=0)
    return EDGE + longest + min(furthest, FURTHEST)


def _instances(event: Event, window: Window, *, reach: int) -> Iterator[Stretch]:
    """Start on the wall and length of what may lie in the window, by start, each start once."""
    first, last = window.start - reach, window.end + reach
    named = sorted({event.start: event.length, **dict(event.extra)}.items())
    ways = [_of_rule(rule, event, first=first, last=last) for rule in event.rules]
    before = None
    for wall, length in heapq.merge(named, *ways, key=itemgetter(0)):
        if first <= wall < last and wall != before:
            before = wall
            yield wall, length


def _of_rule(rule: Rule, event: Event, *, first: int, last: int) -> Iterator[Stretch]:
    until = until_of(rule, event)
    whole = event.whole_days
    for wall in occurrences(rule, event.start, whole_days=whole, first=first, last=last):
        if until is not None and event.clock.instant(wall) > until:
            return
        yield wall, event.length


def _left_out(event: Event, replacing: list[Event]) -> Times:
    """What is taken out of a series, and what other events take the place of."""
    named = [event.without, *(other.instance for other in replacing)]
    return Times(
        days=set().union(*(times.days for times in named)),
        instants=set().union(*(times.instants for times in named)),
    )


def _names(times: Times, event: Event, wall: int) -> bool:
    if times.days and wall // DAY_SECONDS in times.days:
        return True
    return bool(times.instants) and event.clock.instant(wall) in times.instants


def _turns(event: Event, replacing: list[Event]) -> list[_Turn]:
    """Where a series goes on in another way, by instant."""
    found = []
    for other in replacing:
        if other.onward:
            days = [event.clock.instant(day * DAY_SECONDS) for day in other.instance.days]
            since = min([*days, *other.instance.instants])
            begins = other.clock.instant(other.start)
            shift = event.clock.wall(begins) - event.clock.wall(since)
            found.append(_Turn(since, shift, other))
    return sorted(found, key=lambda turn: turn.since)


def _turned(event: Event, wall: int, length: int, turns: list[_Turn]) -> Stretch | None:
    """The stretch of an instance, as the last turn before it says; nothing where it is free."""
    blocks, shift = event.blocks, 0
    if turns:
        instant = event.clock.instant(wall)
        for turn in turns:
            if turn.since <= instant:
                blocks, shift, length = turn.event.blocks, turn.shift, turn.event.length
    return _stretch(event, wall + shift, length) if blocks and length else None
