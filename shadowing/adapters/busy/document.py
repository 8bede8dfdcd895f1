"""What ``calendar busy`` prints, and how its window is typed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.guarded import read_guarded
from shadowing.adapters.busy.notes import Unreadable
from shadowing.domain.interval import Interval

FIRST: Final = datetime(1990, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2101, 1, 1, tzinfo=UTC)


def busy_document(
    data: bytes, *, window: Interval, zone: ZoneInfo, owner: str = ""
) -> dict[str, object]:
    """Say when the owner of a file is busy, or why the file is refused; as JSON has it."""
    try:
        found = read_guarded(data, window=window, zone=zone, owner=owner)
    except Unreadable as refused:
        return {"outcome": "reject", "reason": str(refused)}
    busy = [[_told(each.start), _told(each.end)] for each in found.busy]
    return {"outcome": "ok", "busy": busy, "warnings": list(found.warnings)}


def window_of(start: str, end: str, *, zone: ZoneInfo) -> Interval:
    """Read the ends of a window: instants, or days and times in *zone*.

    Raises:
        ValueError: With a sentence.
    """
    first, last = _instant(start, zone), _instant(end, zone)
    if last <= first:
        raise ValueError("Choose an end after the start.")
    if first < FIRST or last > LAST:
        raise ValueError("Stay between the years 1990 and 2100.")
    return Interval(first, last)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        typed = datetime.fromisoformat(text)
        return (typed if typed.tzinfo else typed.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"Write an instant like 2027-03-08T14:00:00Z, not {text!r}.") from None


def _told(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
