"""The wall clock of a place against elapsed time: the one home of clock changes.

Everything else of availability counts in whole seconds since 1970-01-01 UTC and asks here for the
second at which the clock on the wall shows a time. Days whose offset stays the same are read off a
table; only the few days around a clock change are worked out one by one.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shadowing.domain.errors import BadValue

DAY_MINUTES: Final = 1440
DAY_SECONDS: Final = 86_400
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL: Final = EPOCH.toordinal()
SECOND: Final = timedelta(seconds=1)
TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
NOT_A_PLACE: Final = frozenset({"localtime", "posix", "posixrules", "right"})


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The time zone called *name*, as in "America/Chicago".

    Raises:
        BadValue: ``unknown_zone``: no such zone, or one that differs from machine to machine.
    """
    unknown = BadValue(field="zone", problem="unknown_zone", value=name)
    if name.partition("/")[0] in NOT_A_PLACE:
        raise unknown
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise unknown from None


def minute_of(time: str) -> int:
    """Minutes from midnight to a wall-clock *time*, "00:00" to "23:59".

    Raises:
        BadValue: ``not_a_time``.
    """
    found = TIME.fullmatch(time)
    if found is None:
        raise BadValue(field="time", problem="not_a_time", value=time)
    return int(found[1]) * 60 + int(found[2])


def instant(local_date: date, time: str, zone: ZoneInfo) -> datetime:
    """When the clock on the wall of *zone* shows *time* on *local_date*; UTC.

    A time that the clocks skip is read with the offset before the gap, so that 02:30 becomes
    03:30; a time that comes twice is the first of the two (RFC 5545, 3.3.5).

    Source: docs/rules.md, rule A5; ``nonexistent_time`` and ``ambiguous_time`` in
    ``reference/shift_patterns.yaml``.
    """
    second = clock_of(zone).second(local_date.toordinal(), minute_of(time))
    return EPOCH + second * SECOND


class WallClock:
    """The wall clock of one zone, in whole seconds since 1970-01-01 UTC.

    Attributes:
        calm: For a day by ordinal: the second of its local midnight, where the offset stays the
            same from that midnight for 48 hours, so that *minute* of that day (or of the next) is
            ``calm[day] + 60 * minute``. Days near a clock change are absent. Filled by `prepare`.
    """

    __slots__ = ("_seen", "_zone", "calm")

    def __init__(self, zone: ZoneInfo) -> None:
        """Start with no day prepared."""
        self._zone = zone
        self._seen: set[int] = set()
        self.calm: dict[int, int] = {}

    def prepare(self, first: int, last: int) -> None:
        """Work out which days from *first* up to, and without, *last* are calm (ordinals)."""
        for day in range(first, last):
            if day not in self._seen:
                # Every six hours: no zone has ever changed its clocks there and back in less.
                ticks = range(0, 2 * DAY_MINUTES + 1, 360)
                offsets = {self._offset(day, minute) for minute in ticks}
                if len(offsets) == 1:
                    self.calm[day] = (day - EPOCH_ORDINAL) * DAY_SECONDS - offsets.pop()
                self._seen.add(day)

    def second(self, day: int, minute: int) -> int:
        """The second at which the wall shows *minute* of *day*.

        Args:
            day: The local date, as an ordinal.
            minute: Minutes on the clock from midnight; from 1440 on, those of the days after.
        """
        wall = (day - EPOCH_ORDINAL) * DAY_SECONDS + minute * 60
        return wall - self._offset(day, minute)

    def minute(self, second: int) -> int:
        """What the wall shows at *second*: minutes since midnight, 0 to 1439."""
        local = (EPOCH + second * SECOND).astimezone(self._zone)
        return local.hour * 60 + local.minute

    def _offset(self, day: int, minute: int) -> int:
        """Seconds east of UTC; with ``fold=0``, which reads gaps and repeats as `instant` says."""
        further, minute = divmod(minute, DAY_MINUTES)
        on = date.fromordinal(day + further)
        wall = datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=self._zone)
        # Only a zone without rules has no offset, and none of those can be named.
        return (wall.utcoffset() or timedelta()) // SECOND


@lru_cache(maxsize=1024)
def clock_of(zone: ZoneInfo) -> WallClock:
    """The wall clock of *zone*, which remembers the days it has worked out."""
    return WallClock(zone)


def at(second: int) -> datetime:
    """The instant of a second since 1970-01-01 UTC."""
    return EPOCH + second * SECOND
