"""The clocks that the times of a file are read from: of a place, of UTC, or of the file itself.

Wherever a time does not exist it takes the offset before the gap; of one that comes twice the first
is meant (RFC 5545, 3.3.5).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from shadowing.adapters.busy.lines import Component
from shadowing.adapters.busy.notes import Broken, Notes
from shadowing.adapters.busy.recurrence import occurrences
from shadowing.adapters.busy.rules import rule
from shadowing.adapters.busy.values import Moment, moment, offset
from shadowing.domain.availability.clock import (
    DAY_SECONDS,
    EPOCH_ORDINAL,
    WallClock,
    clock_of,
    zone_named,
)
from shadowing.domain.errors import BadValue

MOST_CHANGES: Final = 1_000
FIRST_CHANGE: Final = -70 * 366 * DAY_SECONDS
LAST_CHANGE: Final = 150 * 366 * DAY_SECONDS
LONGEST_NAME: Final = 80


class Clock(Protocol):
    """What a wall shows against what time it is; both in seconds since 1970-01-01."""

    def instant(self, wall: int) -> int:
        """When the wall shows a time."""

    def wall(self, instant: int) -> int:
        """What the wall shows at an instant."""


class Place:
    """The clock of a place, from the tz database."""

    def __init__(self, zone: ZoneInfo, *, first: int, last: int) -> None:
        """Work out the days from *first* to *last*, in days since 1970-01-01, beforehand."""
        self._zone = zone
        self._clock: WallClock = clock_of(zone)
        self._clock.prepare(first + EPOCH_ORDINAL, last + EPOCH_ORDINAL)

    def instant(self, wall: int) -> int:
        """When the wall shows a time."""
        day, second = divmod(wall, DAY_SECONDS)
        midnight = self._clock.calm.get(day + EPOCH_ORDINAL)
        if midnight is not None:
            return midnight + second
        return self._clock.second(day + EPOCH_ORDINAL, second // 60) + second % 60

    def wall(self, instant: int) -> int:
        """What the wall shows at an instant."""
        shift = datetime.fromtimestamp(instant, self._zone).utcoffset()
        return instant + (int(shift.total_seconds()) if shift else 0)


class Steady:
    """The clock of UTC."""

    def instant(self, wall: int) -> int:
        """When the wall shows a time."""
        return wall

    def wall(self, instant: int) -> int:
        """What the wall shows at an instant."""
        return instant


class OfFile:
    """The clock a VTIMEZONE describes.

    Raises:
        Broken: It describes none.
    """

    def __init__(self, described: Component) -> None:
        """Work out every change of the clocks there is."""
        changes = sorted(
            change
            for part in described.parts
            if part.kind in ("STANDARD", "DAYLIGHT")
            for change in _changes(part)
        )
        if not changes:
            raise Broken("has a time zone that says nothing")
        self._instants = [at for at, _, _ in changes]
        # In the gap, and the first time round, the offset before holds.
        self._walls = [at + max(before, after) for at, before, after in changes]
        self._offsets = [changes[0][1], *(after for _, _, after in changes)]

    def instant(self, wall: int) -> int:
        """When the wall shows a time."""
        return wall - self._offsets[bisect_right(self._walls, wall)]

    def wall(self, instant: int) -> int:
        """What the wall shows at an instant."""
        return instant + self._offsets[bisect_right(self._instants, instant)]


def _changes(part: Component) -> Iterable[tuple[int, int, int]]:
    """When the clocks change, from which offset and to which."""
    start, before, after = (part.first(n) for n in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"))
    if start is None or before is None or after is None:
        return ()
    try:
        offsets = offset(before.value), offset(after.value)
        begins = moment(start.value, {}).wall
        walls = {begins}
        for line in part.every("RDATE"):
            walls.update(moment(each, {}).wall for each in line.value.split(",")[:MOST_CHANGES])
        for line in part.every("RRULE"):
            walls.update(_repeated(line.value, begins, offsets[0]))
    except Broken:
        return ()
    return [(wall - offsets[0], *offsets) for wall in walls]


def _repeated(text: str, begins: int, before: int) -> Iterable[int]:
    said = rule(text)
    until = said.until
    last = LAST_CHANGE
    if until:
        last = min(last, until.wall + (before if until.utc else 0) + 1)
        last += DAY_SECONDS if until.whole_day else 0
    found = occurrences(said, begins, whole_days=False, first=FIRST_CHANGE, last=last)
    return islice(found, MOST_CHANGES)


class Clocks:
    """Finds the clock of a TZID, and says where it had to guess.

    Source: docs/decisions/0060-busy-time.md, rules 4 and 5.
    """

    def __init__(self, home: ZoneInfo, *, first: int, last: int, notes: Notes) -> None:
        """Read times without a zone of their own in *home*, the person's."""
        self._days = (first, last)
        self._notes = notes
        self._known: dict[str, Clock] = {}
        self.utc: Clock = Steady()
        self.home: Clock = self._of(home)
        self._floating: Clock = self.home
        self._described: dict[str, Component] = {}
        self._found: dict[str, Clock] = {}

    def enter(self, calendar: Component) -> None:
        """Read times of one calendar from now on: with its zones, and its own for the others."""
        self._found = {}
        self._described = {}
        for part in calendar.of("VTIMEZONE"):
            if name := part.first("TZID"):
                self._described.setdefault(name.value.strip().strip('"'), part)
        own = calendar.first("X-WR-TIMEZONE")
        self._floating = (own and self._named(own.value.strip())) or self.home

    def of(self, said: Moment, number: int) -> Clock:
        """The clock a moment is read from; *number* is the line it stands in."""
        if said.utc:
            return self.utc
        if said.whole_day:
            return self.home
        if not said.zone:
            return self._floating
        if said.zone not in self._found:
            self._found[said.zone] = self._search(said.zone, number)
        return self._found[said.zone]

    def _search(self, name: str, number: int) -> Clock:
        found = self._named(name)
        if found:
            return found
        if name in self._described:
            try:
                return OfFile(self._described[name])
            except Broken:
                pass
        # Some programs put their own path before the name.
        pieces = name[:LONGEST_NAME].split("/")
        for start in range(1, len(pieces)):
            if found := self._named("/".join(pieces[start:])):
                return found
        shown = "".join(sign for sign in name if sign.isprintable())[:LONGEST_NAME]
        self._notes.add(
            number, f"The time zone “{shown}” is not known; its times are read as local ones."
        )
        return self._floating

    def _named(self, name: str) -> Clock | None:
        """The clock of a name of the tz database, or of Windows."""
        if name not in self._known:
            try:
                self._known[name] = self._of(zone_named(WINDOWS_TO_OLSON.get(name, name)))
            except BadValue:
                return None
        return self._known[name]

    def _of(self, zone: ZoneInfo) -> Clock:
        return Place(zone, first=self._days[0], last=self._days[1])
