"""Putting on record that a shift took place, when nobody checked anybody in (D10, 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.domain.availability.clock import instant
from shadowing.domain.bookings.day import Mark, check_actual
from shadowing.domain.bookings.invitations import CANCELLED, DEBRIEF
from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.timing import check_in_window
from shadowing.domain.errors import BadValue
from shadowing.domain.followup.moves import Debrief
from shadowing.domain.interval import Interval
from shadowing.domain.participation import minutes_between
from shadowing.services.bookings import moves, talks
from shadowing.services.bookings.moves import Mover
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx
from shadowing.store import calendar, debriefs, journal, people
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry

A_DAY: Final = timedelta(days=1)
WAITS: Final = frozenset({Debrief.HELD_SLOT, Debrief.MOVED})


@dataclass(frozen=True, slots=True)
class Times:
    """When somebody came and left, as the clock on the wall showed it: "HH:MM"."""

    came: str
    left: str


def stayed(tx: Tx, shift: Shift, times: Times) -> Interval:
    """Put two times of the wall clock on the day of a shift: the first such times that can be.

    Raises:
        BadValue: They cannot be those of this shift.
    """
    zone = ZoneInfo(people.zone_of(tx.db, site_id=shift.site_id))
    opens = check_in_window(shift.starts_at, shift.ends_at, settings=timing(tx, shift)).start
    came = _next(times.came, after=opens - timedelta(minutes=1), zone=zone, field="came")
    left = _next(times.left, after=came, zone=zone, field="left")
    span, planned = Interval(came, left), shift.interval
    return check_actual(span, planned=planned, now=tx.now, settings=timing(tx, shift))


def _next(time: str, *, after: datetime, zone: ZoneInfo, field: str) -> datetime:
    first = after.astimezone(zone).date()
    try:
        found = (instant(first + n * A_DAY, time, zone) for n in range(3))
        return next(at for at in found if at > after)
    except BadValue as error:
        raise BadValue(field=field, problem="not_a_time", value=time) from error


def done(tx: Tx, shift: Shift, *, mover: Mover, mark: Mark, stayed: Interval) -> Shift:
    """Record that it took place, from when to when, and how that came to be known.

    The time held for the talk may be past by then, or given up: another is held where one can be.
    """
    over = moves.step(
        tx,
        shift,
        to=State.COMPLETED,
        mover=mover,
        code=mark,
        reason=mark,
        checked_in_at=stayed.start,
        checked_out_at=stayed.end,
        minutes=minutes_between(stayed.start, stayed.end),
    )
    _talk_again(tx, over)
    moves.announce(tx, over, before=shift.state, mover=mover)
    return over


def _talk_again(tx: Tx, shift: Shift) -> None:
    """Hold another time for the talk where the one that was held can not be kept any more."""
    held = debriefs.find(tx.db, shift_id=shift.id)
    if held is None or held.state not in WAITS:
        return
    events = calendar.of_shift(tx.db, shift_id=shift.id)
    given_up = any(each.kind == DEBRIEF and each.status == CANCELLED for each in events)
    if held.starts_at > tx.now and not given_up:
        return
    again = talks.propose_after(tx, shift, after=tx.now)
    if again is None:
        # They find a time themselves; the coordinator sees when no talk is recorded (F4).
        return
    span = {"starts_at": again.start, "ends_at": again.end}
    debriefs.change(tx.db, shift_id=shift.id, state=Debrief.MOVED, cohort_day_id=None, **span)
    entry = Entry(
        event=f"debrief.{Debrief.MOVED}",
        subject="shift",
        subject_id=shift.id,
        acting_as=moves.CLOCK.by,
        from_state=held.state,
        to_state=Debrief.MOVED,
    )
    journal.record(tx.db, entry, at=tx.now)


def within(shift: Shift, *, tx: Tx) -> bool:
    """Say whether it may still be put on record that it took place (D10)."""
    return shift.ends_at <= tx.now < shift.ends_at + timing(tx, shift).record_within
