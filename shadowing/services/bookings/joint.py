"""Whose talk is the joint one of a cohort day: asked whenever a talk is held or put anew (B14)."""

from __future__ import annotations

from shadowing.domain.bookings.cohort import Plan, Visit, belongs
from shadowing.domain.followup.debrief import NoDebriefTime, debrief_window
from shadowing.domain.followup.moves import Debrief as Talk
from shadowing.domain.interval import Interval
from shadowing.services.bookings import talks
from shadowing.services.bookings.pace import follow_up
from shadowing.services.work import Tx
from shadowing.store import cohort, debriefs
from shadowing.store.bookings import Shift
from shadowing.store.cohort import Day


def day_of(tx: Tx, shift: Shift) -> Day | None:
    """Find the day whose joint talk is the talk of a shift, if there is one.

    Neither of the two may have something else then (B7), and whoever was on at night rests first
    (F1): then they talk on their own.
    """
    planned = cohort.planned_for(
        tx.db, person_id=shift.observer_id, site_id=shift.site_id, on=shift.local_date
    )
    return next((day for day in planned if _fits(tx, shift, day)), None)


def _fits(tx: Tx, shift: Shift, day: Day) -> bool:
    visit = Visit(
        observer_id=shift.observer_id,
        site_id=shift.site_id,
        kind=shift.kind,
        local_date=shift.local_date,
        ends_at=shift.ends_at,
    )
    plan = Plan(
        state=day.state,
        day=day.local_date,
        site_id=day.site_id,
        guests={shift.observer_id},
        talk=day.talk,
    )
    window = debrief_window(shift.ends_at, band=shift.band, settings=follow_up(tx, shift))
    ahead = day.talk_starts_at > tx.now and window.may_start(day.talk_starts_at)
    return belongs(visit, plan) and ahead and not talks.clashes(tx, shift, day.talk, apart=day.id)


def hold(tx: Tx, shift: Shift) -> None:
    """Hold the talk of a shift that everybody has agreed to: the joint one, or one of its own."""
    day = day_of(tx, shift)
    span = day.talk if day else talks.propose(tx, shift)
    debriefs.add(tx.db, shift_id=shift.id, span=span, day=(day.id, day.version) if day else None)


def put_anew(tx: Tx, shift: Shift, *, keeps: Interval | None = None) -> None:
    """Put the talk of a shift where it belongs now: the joint one, or one of its own.

    Args:
        tx: The transaction that locked the shift.
        shift: Which.
        keeps: Where it stays if nothing else is free for a week.

    Raises:
        NoDebriefTime: Nothing is free for a week, and it *keeps* no time.
    """
    day = day_of(tx, shift)
    span = day.talk if day else _own(tx, shift, keeps=keeps)
    debriefs.change(
        tx.db,
        shift_id=shift.id,
        starts_at=span.start,
        ends_at=span.end,
        state=Talk.MOVED.value,
        cohort_day_id=day.id if day else None,
        cohort_version=day.version if day else None,
    )


def _own(tx: Tx, shift: Shift, *, keeps: Interval | None) -> Interval:
    """Find a time of its own, not before now."""
    try:
        span = talks.propose(tx, shift)
    except NoDebriefTime:
        if keeps is None:
            raise
        span = keeps
    if span.start > tx.now:
        return span
    return talks.propose_after(tx, shift, after=tx.now) or span
