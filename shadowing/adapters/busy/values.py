"""Single values of a calendar line: dates, times, lengths, offsets.

A time on a wall is kept as whole seconds since 1970-01-01 00:00 on that wall, so that days are
divisions and lengths are differences. Only a clock (see ``clocks``) makes instants of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shadowing.adapters.busy.notes import Broken
from shadowing.domain.availability.clock import DAY_SECONDS, EPOCH_ORDINAL

MOMENT: Final = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?", re.ASCII | re.IGNORECASE
)
LENGTH: Final = re.compile(
    r"([+-]?)P(?=[\dT])(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.ASCII | re.IGNORECASE,
)
OFFSET: Final = re.compile(r"([+-])(\d\d):?([0-5]\d):?([0-5]\d)?", re.ASCII)
FIRST_YEAR: Final = 1600
LAST_YEAR: Final = 2400
"""Both leap years: whatever lies further off is read as if it were then."""
UNITS: Final = (7 * DAY_SECONDS, DAY_SECONDS, 3600, 60, 1)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a time of one, as it is written.

    Attributes:
        wall: Seconds on the wall.
        whole_day: It is a date alone.
        utc: It is written with a Z.
        zone: The TZID beside it; empty for none.
    """

    wall: int
    whole_day: bool
    utc: bool
    zone: str

    @property
    def day(self) -> int:
        """The date, counted in days since 1970-01-01."""
        return self.wall // DAY_SECONDS


def moment(text: str, parameters: Mapping[str, str]) -> Moment:
    """Read a date or a date with a time.

    Raises:
        Broken: It is neither.
    """
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        raise Broken("has a date that cannot be read")
    try:
        year = min(max(int(found[1]), FIRST_YEAR), LAST_YEAR)
        day = date(year, int(found[2]), int(found[3])).toordinal() - EPOCH_ORDINAL
    except ValueError:
        raise Broken("has a date that is on no calendar") from None
    if found[4] is None:
        return Moment(day * DAY_SECONDS, whole_day=True, utc=False, zone="")
    hour, minute, second = int(found[4]), int(found[5]), int(found[6])
    if hour > 23 or minute > 59 or second > 60:  # noqa: PLR2004 - a clock's; 60 is a leap second
        raise Broken("has a time that is on no clock")
    utc = found[7] is not None
    return Moment(
        day * DAY_SECONDS + hour * 3600 + minute * 60 + second,
        whole_day=False,
        utc=utc,
        zone="" if utc else parameters.get("TZID", ""),
    )


def length(text: str) -> int:
    """Read a duration; seconds on the wall, below zero where it goes backwards.

    Raises:
        Broken: It is none.
    """
    found = LENGTH.fullmatch(text.strip())
    if found is None:
        raise Broken("has a length that cannot be read")
    numbers = zip(found.groups()[1:], UNITS, strict=True)
    seconds = sum(int(number or 0) * unit for number, unit in numbers)
    return -seconds if found[1] == "-" else seconds


def offset(text: str) -> int:
    """Read an offset from UTC in seconds.

    Raises:
        Broken: It is none.
    """
    found = OFFSET.fullmatch(text.strip())
    if found is None:
        raise Broken("has an offset that cannot be read")
    seconds = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
    if seconds > DAY_SECONDS:
        raise Broken("has an offset of more than a day")
    return -seconds if found[1] == "-" else seconds
