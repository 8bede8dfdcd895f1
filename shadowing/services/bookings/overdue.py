"""What the clock does on the day and after it: checks out, asks whether it happened, settles.

Every shift in a transaction of its own, read again under its lock: two workers that meet at one
do its step once.
"""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.timing import auto_check_out_at
from shadowing.domain.participation import minutes_between
from shadowing.services.bookings import afterwards, moves
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, days
from shadowing.store.bookings import Shift


def run(work: Work) -> int:
    """Do all that is due now; safe to run as often and as many times at once as one likes.

    Returns:
        How many shifts moved, or were asked about.
    """
    done = 0
    for find, act in (
        (_left_open, check_out),
        (_unasked, ask),
        (_answered, settle),
    ):
        with work.read() as tx:
            due = tuple(shift.id for shift in find(tx))
        done += sum(act(work, shift_id=shift_id) for shift_id in due)
    return done


def _left_open(tx: Tx) -> list[Shift]:
    over = bookings.ending_before(tx.db, states=(State.CHECKED_IN,), instant=tx.now)
    return [shift for shift in over if _out_at(tx, shift)]


def _unasked(tx: Tx) -> list[Shift]:
    over = days.not_asked(tx.db, ended_by=tx.now)
    shifts = [bookings.find(tx.db, shift_id=shift_id) for shift_id in over]
    return [shift for shift in shifts if afterwards.must_ask(tx, shift)]


def _answered(tx: Tx) -> list[Shift]:
    asked = days.asked(tx.db)
    shifts = [bookings.find(tx.db, shift_id=shift_id) for shift_id in asked]
    return [shift for shift in shifts if afterwards.comes_to(tx, shift)]


def _out_at(tx: Tx, shift: Shift) -> bool:
    return auto_check_out_at(shift.ends_at, settings=timing(tx, shift)) <= tx.now


@repeated
def check_out(work: Work, *, shift_id: UUID) -> int:
    """Check out who was never checked out: at the planned end, and marked as automatic (D4)."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if shift.state is not State.CHECKED_IN or not _out_at(tx, shift):
            return 0
        started = shift.checked_in_at or shift.starts_at
        over = moves.step(
            tx,
            shift,
            to=State.COMPLETED,
            mover=moves.CLOCK,
            code="auto_check_out",
            automatic=True,
            checked_out_at=shift.ends_at,
            minutes=minutes_between(min(started, shift.ends_at), shift.ends_at),
        )
        days.change(tx.db, shift_id=shift.id, outside=False)
        moves.announce(tx, over, before=shift.state, mover=moves.CLOCK)
        return 1


@repeated
def ask(work: Work, *, shift_id: UUID) -> int:
    """Ask both whether a shift took place that nobody was checked in for (D10)."""
    with work.write() as tx:
        return int(afterwards.ask(tx, moves.keep(tx, shift_id=shift_id)))


@repeated
def settle(work: Work, *, shift_id: UUID) -> int:
    """Settle what the answers of both, or silence, have come to (D10)."""
    with work.write() as tx:
        return int(afterwards.by_the_clock(tx, moves.keep(tx, shift_id=shift_id)) is not None)
