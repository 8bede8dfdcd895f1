"""When the debrief is: the time held with the booking, and where it may be moved to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shadowing.domain.errors import Refusal
from shadowing.domain.followup.moves import (
    RECORDED,
    Debrief,
    FollowUpMoveNotAllowed,
    Mover,
    NotYours,
)
from shadowing.domain.followup.settings import DEFAULTS, FollowUpSettings
from shadowing.domain.interval import Interval
from shadowing.domain.participation import counts_as_shift

NIGHT = "night"
WAITING = frozenset({Debrief.HELD_SLOT, Debrief.MOVED})


class NoDebriefTime(Refusal):
    """No time is left for a debrief that both could keep. Facts: ``latest``."""

    code = "no_debrief_time"
    field = "debrief"


class DebriefTooSoon(Refusal):
    """Before the end of the shift, or in the rest after a night. Facts: ``earliest``."""

    code = "debrief_too_soon"
    field = "debrief"


class DebriefTooLate(Refusal):
    """Later than the hard limit; a coordinator may still set it (F2). Facts: ``latest``."""

    code = "debrief_too_late"
    field = "debrief"


@dataclass(frozen=True, slots=True, kw_only=True)
class DebriefWindow:
    """When a debrief of one shift may be.

    Attributes:
        shift_end: A debrief may start here, at once after the shift.
        at_once_until: Last start that still counts as at once; exclusive.
        rested: From here on it may start in any case; equal to ``shift_end`` but after a night.
        ends_by: Where it should end (48 h).
        limit: Where it has to end (7 days), but for a coordinator.
    """

    shift_end: datetime
    at_once_until: datetime
    rested: datetime
    ends_by: datetime
    limit: datetime

    def may_start(self, at: datetime) -> bool:
        """Say whether it is after the shift, and outside the rest after a night."""
        return self.shift_end <= at < self.at_once_until or at >= self.rested


def debrief_window(
    shift_end: datetime,
    *,
    band: str,
    settings: FollowUpSettings = DEFAULTS,
) -> DebriefWindow:
    """Say when the debrief of a shift may be.

    Args:
        shift_end: Planned end, UTC.
        band: Shift band code; after a ``night`` the host rests first.
        settings: Of the program, or stricter ones of the unit.

    Source: docs/rules.md, rules F1 and F2.
    """
    rest = settings.night_rest if band == NIGHT else timedelta(0)
    return DebriefWindow(
        shift_end=shift_end,
        at_once_until=shift_end + settings.at_once,
        rested=shift_end + rest,
        ends_by=shift_end + settings.debrief_within,
        limit=shift_end + settings.debrief_limit,
    )


def propose_debrief(
    shift_end: datetime,
    *,
    band: str,
    candidates: Iterable[datetime],
    busy: Iterable[Interval],
    settings: FollowUpSettings = DEFAULTS,
) -> Interval:
    """Pick the time that is held for the debrief when a shift is booked.

    The first of the *candidates* that ends in time; where there is none (a weekend, say), at once
    after the shift; and failing that the first before the hard limit.

    Args:
        shift_end: Planned end of the shift, UTC.
        band: Shift band code.
        candidates: Starts in working time at the site, UTC, in order; the caller knows the zone.
        busy: What either of the two already has, the shift itself left out.
        settings: Of the program, or stricter ones of the unit.

    Raises:
        NoDebriefTime: Nothing is free before the hard limit.

    Source: docs/rules.md, rules F1, F2 and B7.
    """
    window = debrief_window(shift_end, band=band, settings=settings)
    taken = tuple(busy)
    starts = tuple(start for start in candidates if window.may_start(start))
    held = [Interval(start, start + settings.debrief_length) for start in starts]
    in_time = [time for time in held if time.end <= window.ends_by]
    at_once = Interval(shift_end, shift_end + settings.debrief_length)
    later = [time for time in held if window.ends_by < time.end <= window.limit]
    for time in (*in_time, at_once, *later):
        if not any(time.overlaps(other) for other in taken):
            return time
    raise NoDebriefTime(latest=window.limit)


def check_debrief_time(
    start: datetime,
    *,
    shift_end: datetime,
    band: str,
    by: Mover,
    settings: FollowUpSettings = DEFAULTS,
) -> Interval:
    """Hold a time somebody chose against the rules, and return it.

    Raises:
        DebriefTooSoon: Before the end of the shift, or in the 8 h after a night shift.
        DebriefTooLate: It would end more than 7 days after the shift, and *by* is no coordinator.

    Source: docs/rules.md, rules F1 and F2.
    """
    window = debrief_window(shift_end, band=band, settings=settings)
    if not window.may_start(start):
        earliest = window.rested if start >= shift_end else shift_end
        raise DebriefTooSoon(earliest=earliest)
    chosen = Interval(start, start + settings.debrief_length)
    if chosen.end > window.limit and by is not Mover.COORDINATOR:
        raise DebriefTooLate(latest=window.limit)
    return chosen


def check_drop(state: Debrief, *, by: Mover, seen_minutes: int, planned_minutes: int) -> None:
    """Let either of the pair drop the debrief of a shift that ended before it counted.

    It then stands as waived, and no reason is asked.

    Raises:
        FollowUpMoveNotAllowed: It was held or waived already, or enough was seen to talk about.
        NotYours: *by* is neither of the two.

    Source: docs/rules.md, rule F5.
    """
    if by not in {Mover.OBSERVER, Mover.HOST}:
        raise NotYours(state=state, wanted=Debrief.WAIVED)
    if state not in WAITING or counts_as_shift(seen_minutes, planned_minutes=planned_minutes):
        raise FollowUpMoveNotAllowed(state=state, wanted=Debrief.WAIVED)


def holds_back_asking(
    state: Debrief,
    *,
    shift_end: datetime,
    now: datetime,
    settings: FollowUpSettings = DEFAULTS,
) -> bool:
    """Say whether a debrief without a record keeps its observer from asking for another shift.

    Source: docs/rules.md, rule F4.
    """
    return state not in RECORDED and now >= shift_end + settings.debrief_limit
