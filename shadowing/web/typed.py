"""Days and times as people type them."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Final

_MONTHS: Final = "janfebmaraprmayjunjulaugsepoctnovdec"
_EACH: Final = frozenset(_MONTHS[at : at + 3] for at in range(0, 36, 3))


def read_day(text: str, *, today: date) -> date:
    """Read "2027-03-12", "Mar 12", "March 12, 2027" or "12 Mar 2027".

    Raises:
        ValueError: With a sentence; it is none of these, or no day of any calendar.
    """
    words = re.findall(r"[a-z]+|[0-9]+", text.casefold()[:40])
    months = [_MONTHS.index(w[:3]) // 3 + 1 for w in words if w[:3] in _EACH]
    numbers = [int(w) for w in words if w.isascii() and w.isdigit()]
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return _near(date.fromisoformat(text), today=today)
        if len(months) == 1 and len(numbers) in (1, 2):
            month, day = months[0], numbers[0]
            if len(numbers) == 2:  # noqa: PLR2004 - a day and a year
                return _near(date(numbers[1], month, day), today=today)
            this_year = date(today.year, month, day)
            return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        pass
    raise ValueError("Enter a day that is on the calendar, like Mar 12.")


def _near(day: date, *, today: date) -> date:
    if abs(day.year - today.year) > 100:  # noqa: PLR2004 - a slip of the keyboard, not a plan
        raise ValueError
    return day


def read_time(text: str) -> time:
    """Read "14:30", "2:30 pm", "2 pm", "noon" or "midnight".

    Raises:
        ValueError: With a sentence; it is none of these.
    """
    words = {"noon": time(12), "midnight": time(0)}
    low = text.casefold()[:40]
    if low in words:
        return words[low]
    shape = r"([0-9]{1,2})(?:[:.]([0-9]{2})(?::00)?)?\s*([ap])?\.?(?:m\.?)?"
    read = re.fullmatch(shape, low)
    if read and (read[2] or read[3]):
        hour, minute, half = int(read[1]), int(read[2] or 0), read[3]
        first, last = (1, 12) if half else (0, 23)
        if first <= hour <= last and minute < 60:  # noqa: PLR2004 - an hour's minutes
            return time(hour % 12 + (12 if half == "p" else 0) if half else hour, minute)
    raise ValueError("Enter a time, like 2:30 pm.")
