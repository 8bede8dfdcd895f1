"""Patterns in a file, expanded to windows and slots: what ``availability expand`` prints."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from shadowing.domain.availability.clock import EPOCH, SECOND, at, clock_of, zone_named
from shadowing.domain.availability.given import Given
from shadowing.domain.availability.patterns import (
    DayChange,
    Pattern,
    Stretch,
    free_starts,
    merge,
    stretches,
)
from shadowing.domain.errors import BadValue
from shadowing.domain.reference.spans import WEEKDAYS

MOST_DAYS: Final = 400
MOST_PATTERNS: Final = 1000
MOST_EXCEPTIONS: Final = 1000
MOST_BUSY: Final = 20_000
MOST_WEEKS: Final = 52
MOST_SLOT_MINUTES: Final = 7 * 24 * 60
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2900, 1, 1)
PAIR: Final = 2

Pairs = list[list[str]]


def expand(document: object) -> dict[str, Pairs]:
    """Expand a document of patterns, exceptions and busy time.

    Args:
        document: ``zone``, ``from``, ``to`` (exclusive), ``patterns``, ``slot_minutes`` and, if
            wanted, ``exceptions`` and ``busy``, as JSON has them. In a pattern ``valid_from`` and
            ``valid_to`` are the first and the last date; weeks of ``every_weeks`` are counted from
            that of ``valid_from``, or of ``from``. An exception takes the place of all patterns on
            its date.

    Returns:
        ``windows``, merged where they overlap or touch, and ``slots``, cut from each window's start
        and free of busy time: pairs of UTC instants, by start, half-open.

    Raises:
        BadValue: Whatever is wrong, with its place in the document; never anything else.

    Source: docs/rules.md, rule A5; docs/decisions/0021-availability-expand.md.
    """
    given = Given(document, "document").members(
        ("zone", "from", "to", "patterns", "slot_minutes"), ("exceptions", "busy")
    )
    zone = zone_named(given["zone"].text())
    first, last = _range(given["from"], given["to"])
    patterns = [_pattern(each, first) for each in given["patterns"].items(most=MOST_PATTERNS)]
    changes = _changes(given.get("exceptions", Given([], "exceptions")))
    busy = _busy(given.get("busy", Given([], "busy")))
    length = 60 * given["slot_minutes"].whole(least=1, most=MOST_SLOT_MINUTES)

    windows = merge(stretches(patterns, changes, clock_of(zone), first=first, last=last))
    earliest = windows[0][0] if windows else 0
    starts = free_starts(windows, busy, length=length, earliest=earliest)
    return {"windows": _told(windows), "slots": _told((start, start + length) for start in starts)}


def _range(start: Given, end: Given) -> tuple[date, date]:
    first, last = start.day(), end.day()
    for day, given in ((first, start), (last, end)):
        if not FIRST_DAY <= day <= LAST_DAY:
            given.refuse("out_of_range", least=FIRST_DAY.isoformat(), most=LAST_DAY.isoformat())
    if last < first:
        end.refuse("end_before_start")
    if last - first > timedelta(days=MOST_DAYS):
        end.refuse("too_many", most=MOST_DAYS)
    return first, last


def _pattern(given: Given, first: date) -> Pattern:
    row = given.members(("weekdays", "start", "end"), ("valid_from", "valid_to", "every_weeks"))
    days = row["weekdays"].items(most=len(WEEKDAYS))
    weekdays = frozenset(WEEKDAYS[day.code(WEEKDAYS, problem="unknown_weekday")] for day in days)
    valid_from = _day_or_none(row.get("valid_from"))
    valid_to = _day_or_none(row.get("valid_to"))
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        row["valid_to"].refuse("end_before_start")
    every_weeks = row.get("every_weeks", Given(1, "every_weeks")).whole(least=1, most=MOST_WEEKS)
    return Pattern(
        weekdays=weekdays,
        start=row["start"].time(),
        end=row["end"].time(),
        valid_from=valid_from or first,
        valid_to=valid_to,
        every_weeks=every_weeks,
    )


def _day_or_none(given: Given | None) -> date | None:
    return None if given is None or given.value is None else given.day()


def _changes(given: Given) -> list[DayChange]:
    changes: dict[date, list[DayChange]] = {}
    for each in given.items(most=MOST_EXCEPTIONS):
        change = _change(each)
        same_day = changes.setdefault(change.local_date, [])
        if any((change.hours is None) != (other.hours is None) for other in same_day):
            each.refuse("contradicts")
        same_day.append(change)
    return [change for same_day in changes.values() for change in same_day]


def _change(given: Given) -> DayChange:
    row = given.members(("date",), ("closed", "start", "end"))
    day = row["date"].day()
    if "closed" in row and row["closed"].switch():
        if "start" in row or "end" in row:
            given.refuse("contradicts")
        return DayChange(local_date=day, hours=None)
    for key in ("start", "end"):
        if key not in row:
            raise BadValue(field=f"{given.place}.{key}", problem="missing")
    return DayChange(local_date=day, hours=(row["start"].time(), row["end"].time()))


def _busy(given: Given) -> list[Stretch]:
    """Busy time in whole seconds, rounded outward, merged."""
    found: list[Stretch] = []
    for pair in given.items(most=MOST_BUSY):
        ends = pair.items(most=PAIR)
        if len(ends) < PAIR:
            pair.refuse("missing")
        start, end = ends[0].instant(), ends[1].instant()
        if end <= start:
            ends[1].refuse("end_before_start")
        found.append(((start - EPOCH) // SECOND, -((EPOCH - end) // SECOND)))
    return merge(found)


def _told(pairs: Iterable[Stretch]) -> Pairs:
    return [[_instant(start), _instant(end)] for start, end in pairs]


def _instant(second: int) -> str:
    return f"{at(second).replace(tzinfo=None).isoformat()}Z"
