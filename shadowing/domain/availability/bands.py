"""What kind of time a block is: its band, off hours, a handover."""

from datetime import datetime
from typing import Final

from shadowing.domain.reference.spans import HandoverBand, Span, TimeRules

AROUND_CLOCK: Final = "around_clock"


def band_of(span: Span, minute: int, rules: TimeRules) -> str:
    """The band of a block: that of its span; where that is around the clock, by its start.

    Args:
        span: The shift it is part of.
        minute: Of the day at which the block starts, wall clock, 0 to 1439.
        rules: Which bands there are.

    Source: docs/rules.md, rule H6; ``block_band`` in ``reference/shift_patterns.yaml``.
    """
    if span.band != AROUND_CLOCK:
        return span.band
    return next(code for code, start, end in rules.band_by_start if _within(minute, start, end))


def off_hours(local_start: datetime, rules: TimeRules) -> bool:
    """Does a block that starts then count as nights and weekends?

    Args:
        local_start: Wall clock at the site.
        rules: Days and times that count.

    Source: docs/rules.md, rule H6; ``off_hours`` in ``reference/shift_patterns.yaml``.
    """
    minute = local_start.hour * 60 + local_start.minute
    return (
        local_start.weekday() in rules.off_days
        or minute >= rules.off_from
        or minute < rules.off_before
    )


def handovers_at(minute: int, rules: TimeRules) -> tuple[HandoverBand, ...]:
    """The handovers going on at a *minute* of the day, 0 to 1439; at most one as they stand."""
    return tuple(band for band in rules.handovers if _within(minute, band.start, band.end))


def _within(minute: int, start: int, end: int) -> bool:
    """Is *minute* from *start* up to, and without, *end*, over midnight where that is smaller?"""
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end
