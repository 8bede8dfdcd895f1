"""Other hours that a host offers for a request: one to three, inside the host's own shift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.domain.availability.bands import band_of
from shadowing.domain.availability.clock import DAY_MINUTES, instant, minute_of
from shadowing.domain.availability.hours import Hours, Mode, check
from shadowing.domain.errors import BadValue, Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.reference.spans import Span, TimeRules

MOST: Final = 3
STEP: Final = 60


class NoHours(Refusal):
    """None were offered."""

    code = "no_hours"
    field = "windows"


class TooManyHours(Refusal):
    """More than three were offered. Facts: ``most``."""

    code = "too_many_hours"
    field = "windows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The host's own shift, inside which other hours lie.

    Attributes:
        local_date: On which the shift starts.
        handover: The host chose the handover as part of what there is to see (A6).
        shortest: The least a visit lasts, in minutes (B13).
    """

    span: Span
    local_date: date
    zone: ZoneInfo
    rules: TimeRules
    handover: bool
    shortest: int

    def window(self, start: str, end: str) -> tuple[Interval, str]:
        """Give hours as instants with their band.

        Raises:
            BadValue: ``not_a_time``, ``outside_shift``, ``too_short`` or ``in_handover``.

        Source: docs/rules.md, rules A5, A6 and B13.
        """
        hours = Hours(span=self.span, start=start, end=end, mode=Mode.ASK, handover=self.handover)
        check(
            hours,
            weekday=self.local_date.weekday(),
            rules=self.rules,
            shortest_minutes=self.shortest,
        )
        first, last = hours.minutes()
        band = band_of(self.span, first % DAY_MINUTES, self.rules)
        return Interval(self._at(first), self._at(last)), band

    def _at(self, minute: int) -> datetime:
        day = self.local_date + timedelta(days=minute // DAY_MINUTES)
        return instant(day, _clock(minute), self.zone)


def suggested(
    frame: Frame, *, asked: tuple[str, str], most: int = 4
) -> tuple[tuple[str, str], ...]:
    """Suggest other hours as long as those asked for, those beside them first.

    Args:
        frame: The host's shift.
        asked: What the request asks for, wall clock.
        most: How many.
    """
    opens = minute_of(frame.span.start)
    start, end = _minutes(asked, opens=opens)
    length = end - start
    closes = opens + frame.span.minutes
    starts = range(opens, closes - length + 1, STEP)
    fine = [one for one in starts if one != start and _fits(frame, one, length)]
    apart = [one for one in fine if one >= end or one + length <= start]
    picked: list[int] = []
    for one in (*_near(apart, start), *_near(fine, start)):
        clear = all(abs(one - other) >= length for other in picked)
        if one not in picked and (clear or len(picked) < most - 1) and len(picked) < most:
            picked.append(one)
    return tuple((_clock(one), _clock(one + length)) for one in sorted(picked))


def _near(found: Iterable[int], start: int) -> list[int]:
    return sorted(found, key=lambda one: abs(one - start))


def _minutes(asked: tuple[str, str], *, opens: int) -> tuple[int, int]:
    start, end = minute_of(asked[0]), minute_of(asked[1])
    start += DAY_MINUTES if start < opens else 0
    while end <= start:
        end += DAY_MINUTES
    return start, end


def _fits(frame: Frame, start: int, length: int) -> bool:
    try:
        frame.window(_clock(start), _clock(start + length))
    except BadValue:
        return False
    return True


def _clock(minute: int) -> str:
    return f"{minute % DAY_MINUTES // 60:02}:{minute % 60:02}"
