"""How often something comes again: an RRULE as it is written (RFC 5545, 3.3.10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from shadowing.adapters.busy.notes import Broken
from shadowing.adapters.busy.values import Moment, moment

WEEKDAYS: Final = {day: n for n, day in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
NUMBER: Final = re.compile(r"[+-]?\d{1,4}", re.ASCII)
COUNTED: Final = re.compile(r"\d{1,9}", re.ASCII)
WEEKDAY: Final = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)


class Every(IntEnum):
    """The step from one time to the next; smaller ones are refused."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4


class TooOften(Broken):
    """It comes again every minute or every second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What an RRULE says. Empty tuples are parts it does not name.

    Attributes:
        count: How many times in all; ``None`` for no end, or for *until*.
        weekdays: Each with its place in the month or year: (2, 0) is the second Monday, (-1, 4)
            the last Friday, (0, 4) every Friday.
        positions: BYSETPOS.
        week_start: Monday = 0.
    """

    every: Every
    interval: int = 1
    count: int | None = None
    until: Moment | None = None
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


LISTS: Final[Mapping[str, tuple[str, int, int]]] = {
    "BYMONTH": ("months", 1, 12),
    "BYWEEKNO": ("weeks", -53, 53),
    "BYYEARDAY": ("year_days", -366, 366),
    "BYMONTHDAY": ("month_days", -31, 31),
    "BYHOUR": ("hours", 0, 23),
    "BYMINUTE": ("minutes", 0, 59),
    "BYSECOND": ("seconds", 0, 60),
    "BYSETPOS": ("positions", -366, 366),
}
"""Name in the file, name here, least and most."""
FROM_ONE: Final = frozenset({"weeks", "year_days", "month_days", "positions"})


def rule(text: str) -> Rule:
    """Read an RRULE.

    Raises:
        TooOften: It comes again every minute or every second.
        Broken: It cannot be read.
    """
    parts: dict[str, str] = {}
    for part in text.strip().rstrip(";").upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or name in parts:
            raise Broken("has a rule of repetition that cannot be read")
        parts[name.strip()] = value.strip()
    if parts.get("FREQ") in ("SECONDLY", "MINUTELY"):
        raise TooOften("comes again every minute or more often")
    try:
        return Rule(
            every=Every[parts["FREQ"]],
            interval=_counted(parts.get("INTERVAL", "1")),
            count=_counted(parts["COUNT"]) if "COUNT" in parts else None,
            until=moment(parts["UNTIL"], {}) if "UNTIL" in parts else None,
            weekdays=_weekdays(parts.get("BYDAY", "")),
            week_start=WEEKDAYS[parts.get("WKST", "MO")],
            **{
                ours: _numbers(parts[theirs], ours, least, most)
                for theirs, (ours, least, most) in LISTS.items()
                if theirs in parts
            },
        )
    except (KeyError, ValueError):
        raise Broken("has a rule of repetition that cannot be read") from None


def _counted(text: str) -> int:
    if not COUNTED.fullmatch(text) or not int(text):
        raise ValueError(text)
    return int(text)


def _numbers(text: str, name: str, least: int, most: int) -> tuple[int, ...]:
    listed = [each.strip() for each in text.split(",")]
    if not all(NUMBER.fullmatch(each) for each in listed):
        raise ValueError(text)
    found = sorted({int(each) for each in listed})
    if found[0] < least or found[-1] > most or (name in FROM_ONE and 0 in found):
        raise ValueError(text)
    return tuple(found)


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = []
    for each in text.split(",") if text else ():
        day = WEEKDAY.fullmatch(each.strip())
        if day is None:
            raise ValueError(text)
        found.append((int(day[1] or 0), WEEKDAYS[day[2]]))
    return tuple(dict.fromkeys(found))
