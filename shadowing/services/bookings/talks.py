"""When the two talk afterwards: the time held for the debrief when everybody has agreed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.domain.availability.clock import instant
from shadowing.domain.followup.debrief import debrief_window, propose_debrief
from shadowing.domain.interval import Interval
from shadowing.services.bookings.pace import follow_up
from shadowing.services.work import Tx
from shadowing.store import people, whereabouts
from shadowing.store.bookings import Shift

WORKING_TIMES: Final = tuple(
    f"{hour:02}:{minute}" for hour in range(9, 17) for minute in ("00", "30")
)
DAYS_AHEAD: Final = 7


def propose(tx: Tx, shift: Shift) -> Interval:
    """Find the time to hold: the first both have free in working time, within two days.

    Raises:
        NoDebriefTime: Nothing is free for a week.

    Source: docs/rules.md, rules F1, F2 and B7.
    """
    zone = ZoneInfo(people.zone_of(tx.db, site_id=shift.site_id))
    week = Interval(shift.ends_at, shift.ends_at + timedelta(days=DAYS_AHEAD))
    return propose_debrief(
        shift.ends_at,
        band=shift.band,
        candidates=_working_starts(shift.ends_at, zone=zone),
        busy=_busy(tx, shift, week),
        settings=follow_up(tx, shift),
    )


def propose_after(tx: Tx, shift: Shift, *, after: datetime) -> Interval | None:
    """Find another time where the one that was held has passed: the first both have free.

    Returns:
        Nothing where there is none within a week of *after*; the two then agree on one.
    """
    zone = ZoneInfo(people.zone_of(tx.db, site_id=shift.site_id))
    week = Interval(after, after + timedelta(days=DAYS_AHEAD))
    taken = _busy(tx, shift, week)
    length = follow_up(tx, shift).debrief_length
    starts = (at for at in _working_starts(after, zone=zone) if at > after)
    free = (Interval(at, at + length) for at in starts)
    return next((time for time in free if not any(time.overlaps(one) for one in taken)), None)


def free(tx: Tx, shift: Shift, *, besides: Interval, most: int = 3) -> tuple[Interval, ...]:
    """List the first times from now on that both have free in working time, other than one."""
    zone = ZoneInfo(people.zone_of(tx.db, site_id=shift.site_id))
    settings = follow_up(tx, shift)
    window = debrief_window(shift.ends_at, band=shift.band, settings=settings)
    week = Interval(shift.ends_at, window.limit)
    taken = (*_busy(tx, shift, week), besides)
    found: list[Interval] = []
    for start in _working_starts(shift.ends_at, zone=zone):
        span = Interval(start, start + settings.debrief_length)
        fits = window.may_start(start) and start > tx.now and span.end <= window.limit
        apart = all(not span.overlaps(other) for other in (*taken, *found))
        if fits and apart and len(found) < most:
            found.append(span)
    return tuple(found)


def clashes(tx: Tx, shift: Shift, span: Interval, *, apart: UUID | None = None) -> bool:
    """Say whether either of the two has something else during *span* (B7).

    The joint talk of a cohort day is not something else: *apart* names the day.
    """
    return any(time.overlaps(span) for time in _busy(tx, shift, span, apart=apart))


def _busy(
    tx: Tx, shift: Shift, week: Interval, *, apart: UUID | None = None
) -> tuple[Interval, ...]:
    """List what either of the two has in a week, the shift and its own talk left out."""
    return tuple(
        time
        for person_id in (shift.observer_id, shift.host_id)
        for time in whereabouts.busy(
            tx.db, person_id=person_id, span=week, without=shift.id, apart=apart
        )
    )


def _working_starts(after: datetime, *, zone: ZoneInfo) -> tuple[datetime, ...]:
    first = after.astimezone(zone).date()
    days = (first + timedelta(days=n) for n in range(DAYS_AHEAD + 1))
    working = [day for day in days if day.weekday() < 5]  # noqa: PLR2004 (Monday to Friday)
    return tuple(instant(day, time, zone) for day in working for time in WORKING_TIMES)
