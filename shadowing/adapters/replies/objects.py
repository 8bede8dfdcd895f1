"""The calendar object of a reply: what it asks for, of which event, for whom."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from icalendar import Calendar, Component

from shadowing.adapters.plain_text import one_line, plain_lines
from shadowing.domain.interval import Interval
from shadowing.domain.replies import Attendee, Said, latest, plain_address

LONGEST_COMMENT: Final = 2_000
LONGEST_UID: Final = 200
HIGHEST: Final = 2**31 - 1
"""Of a sequence; RFC 5545 3.3.8 knows no higher number."""
MOST_ATTENDEES: Final = 20

Read = TypeVar("Read")


def read_object(data: bytes, *, charset: str, method: str) -> Said | None:
    """Read the calendar of a letter; ``None`` where there is none that can be read.

    Args:
        data: As it was attached, decoded.
        charset: As the letter names it; UTF-8 and windows-1252 are tried after it.
        method: As the letter's header names it, in capitals; empty where it names none.
    """
    try:
        calendar = Calendar.from_ical(_text(data, charset))
    except (ValueError, IndexError, KeyError, AttributeError):
        return None
    own = str(calendar.get("METHOD", "")).strip().upper()
    events = [part for part in calendar.subcomponents if part.name == "VEVENT"]
    found = [_said(event, own, differs=bool(method) and method != own) for event in events]
    return latest(found) if found else None


def _text(data: bytes, charset: str) -> str:
    for named in (charset, "utf-8-sig"):
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(named)
    return data.decode("windows-1252", "replace")


def _said(event: Component, method: str, *, differs: bool) -> Said:
    return Said(
        method=method,
        method_differs=differs,
        uid=_tried(lambda: one_line(str(event.get("UID", ""))), "")[:LONGEST_UID],
        sequence=_tried(lambda: min(max(0, int(event.get("SEQUENCE", 0))), HIGHEST), 0),
        stamp=_tried(lambda: _instant(event, "DTSTAMP"), None),
        attendees=_tried(lambda: _attendees(event), ()),
        comment=_tried(lambda: plain_lines(_comment(event)), "")[:LONGEST_COMMENT],
        times=_tried(lambda: _times(event), None),
    )


def _tried(read: Callable[[], Read], otherwise: Read) -> Read:
    """Read a property that may be broken in any way a property can be."""
    try:
        return read()
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
        return otherwise


def _attendees(event: Component) -> tuple[Attendee, ...]:
    found = event.get("ATTENDEE", [])
    each = found if isinstance(found, list) else [found]
    return tuple(
        Attendee(
            plain_address(one_line(str(one))),
            one_line(str(one.params.get("PARTSTAT", ""))).upper(),
        )
        for one in each[:MOST_ATTENDEES]
    )


def _comment(event: Component) -> str:
    found: Any = event.get("COMMENT", "")
    return "\n".join(map(str, found)) if isinstance(found, list) else str(found)


def _times(event: Component) -> Interval | None:
    start, end = _instant(event, "DTSTART"), _instant(event, "DTEND")
    return Interval(start, end) if start and end and start < end else None


def _instant(event: Component, name: str) -> datetime | None:
    """Give a time that has a zone; a day, or a time without one, is none."""
    value = getattr(event[name], "dt", None)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return None
