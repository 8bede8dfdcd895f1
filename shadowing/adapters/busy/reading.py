"""A calendar file read for one thing: when its owner is busy. Times only; no titles, no names.

Source: docs/decisions/0060-busy-time.md; rules A1, A6 and B7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.clocks import Clocks
from shadowing.adapters.busy.events import LONGEST, Event, Reader
from shadowing.adapters.busy.lines import Component, Line, take_apart
from shadowing.adapters.busy.notes import Broken, Notes
from shadowing.adapters.busy.series import EDGE, MOST_IN_ALL, Stretch, Window, stretches
from shadowing.adapters.busy.values import length, moment
from shadowing.domain.availability.clock import DAY_SECONDS, EPOCH, SECOND, at
from shadowing.domain.availability.patterns import merge
from shadowing.domain.interval import Interval

LOWEST: Final = 10
EVER: Final = 400 * 366 * DAY_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file says.

    Attributes:
        busy: Within the window, merged, by start.
        warnings: What was left out or guessed, by line; never a word of what stood there.
        events: How many there were.
        skipped: How many of them could not be read.
    """

    busy: tuple[Interval, ...]
    warnings: tuple[str, ...]
    events: int
    skipped: int


def read(
    data: bytes, *, window: Interval, zone: ZoneInfo, owner: str = "", ours: str = ""
) -> Reading:
    """Read when a person is busy.

    Args:
        data: The file.
        window: What is asked about.
        zone: Where the person is: whole days and times without a zone are read there.
        owner: The person's e-mail address: what they declined does not block.
        ours: The host in whose name we invite: our own events do not block either.

    Raises:
        Unreadable: The file as a whole is refused; its sentence says why.
    """
    notes = Notes()
    asked = Window((window.start - EPOCH) // SECOND, -((EPOCH - window.end) // SECOND))
    days = (asked.start // DAY_SECONDS - 2, asked.end // DAY_SECONDS + 3)
    clocks = Clocks(zone, first=days[0], last=days[1], notes=notes)
    reader = Reader(clocks, notes, owner=owner)
    calendars = take_apart(data, notes)
    events: list[Event] = []
    blocked: list[Stretch] = []
    count = 0
    for calendar in calendars:
        clocks.enter(calendar)
        for part in calendar.of("VEVENT"):
            count += 1
            if (event := reader.event(part)) and not _is_ours(event, ours):
                events.append(event)
        for part in calendar.of("VFREEBUSY"):
            blocked += _free_busy(part, clocks, asked, notes)
        blocked += _unavailable(calendar, reader, asked, notes)
    blocked += stretches(events, asked, notes)
    return Reading(
        busy=tuple(_clipped(blocked, window)),
        warnings=notes.told(),
        events=count,
        skipped=notes.skipped,
    )


def _is_ours(event: Event, host: str) -> bool:
    return bool(host) and event.uid.startswith("shadow-") and event.uid.endswith(f"@{host}")


def _clipped(blocked: list[Stretch], window: Interval) -> Iterator[Interval]:
    for start, end in merge(blocked):
        begins, ends = max(at(start), window.start), min(at(end), window.end)
        if begins < ends:
            yield Interval(begins, ends)


def _free_busy(part: Component, clocks: Clocks, window: Window, notes: Notes) -> Iterator[Stretch]:
    for line in part.every("FREEBUSY"):
        if line.parameters.get("FBTYPE", "").upper() == "FREE":
            continue
        for value in line.value.split(",", MOST_IN_ALL):
            try:
                stretch = _period(value, line, clocks)
            except Broken as broken:
                notes.add(line.number, f"A period {broken}; it was left out.")
                continue
            if window.meets(stretch) and window.left:
                window.left -= 1
                yield stretch


def _period(value: str, line: Line, clocks: Clocks) -> Stretch:
    begin, _, until = value.strip().partition("/")
    start = moment(begin, line.parameters)
    clock = clocks.of(start, line.number)
    if until[:1] in ("P", "p", "+"):
        lasts = min(length(until), LONGEST)
        return clock.instant(start.wall), clock.instant(start.wall + lasts)
    end = moment(until, line.parameters)
    return clock.instant(start.wall), clocks.of(end, line.number).instant(end.wall)


def _unavailable(
    calendar: Component, reader: Reader, window: Window, notes: Notes
) -> Iterator[Stretch]:
    """Within a VAVAILABILITY all that is not AVAILABLE; the more important one alone counts.

    Source: RFC 7953.
    """
    covered: list[Stretch] = []
    for said in sorted(calendar.of("VAVAILABILITY"), key=_priority):
        whole = _whole(said, reader, window)
        if whole is None:
            continue
        parts = filter(None, map(reader.event, said.of("AVAILABLE")))
        free = list(stretches(parts, window, notes))
        yield from _less(_less([whole], merge(covered)), merge(free))
        covered.append(whole)


def _priority(said: Component) -> int:
    """1 comes first, 9 late, 0 and nothing last."""
    word = said.word("PRIORITY")
    return int(word) if len(word) == 1 and word in "123456789" else LOWEST


def _whole(said: Component, reader: Reader, window: Window) -> Stretch | None:
    """The range it speaks of, as far as it concerns the window; without ends it is all time."""
    start, end = window.start - EDGE, window.end + EDGE
    if said.first("DTSTART"):
        open_end = not (said.first("DTEND") or said.first("DURATION"))
        event = reader.event(said)
        if event is None:
            return None
        lasts = EVER if open_end else event.length
        start = max(start, event.clock.instant(event.start))
        end = min(end, event.clock.instant(event.start) + lasts)
    return (start, end) if start < end else None


def _less(whole: list[Stretch], holes: list[Stretch]) -> list[Stretch]:
    """What remains of some stretches without others; both merged and by start."""
    left: list[Stretch] = []
    for opens, closes in whole:
        start = opens
        for begins, ends in holes:
            if begins >= closes:
                break
            if start < begins:
                left.append((start, begins))
            start = max(start, ends)
        if start < closes:
            left.append((start, closes))
    return left
