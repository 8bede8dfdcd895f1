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
from shadowing.services.bookings.rounds import Round
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, days
from shadowing.store.bookings import Shift


def run(work: Work) -> int:
    """Do all that is due now; safe to run as often and as many times at once as one likes.

    Returns:
        How many shifts moved, or were asked about.
    """
    every = Round(work)
    go(every)
    return every.end()


def go(every: Round) -> None:
    """Do all that is due now, as a part of a round."""
    every.go(_left_open, check_out, fits=_is_left_open)
    every.go(_unasked, ask, fits=_must_be_asked)
    every.go(_answered, settle, fits=_comes_to_something)


def _left_open(tx: Tx, after: UUID | None) -> tuple[UUID, ...]:
    return bookings.ending_before(tx.db, states=(State.CHECKED_IN,), instant=tx.now, after=after)


def _unasked(tx: Tx, after: UUID | None) -> tuple[UUID, ...]:
    return days.not_asked(tx.db, ended_by=tx.now, after=after)


def _answered(tx: Tx, after: UUID | None) -> tuple[UUID, ...]:
    return days.asked(tx.db, after=after)


def _is_left_open(tx: Tx, shift_id: UUID) -> bool:
    return _out_at(tx, bookings.find(tx.db, shift_id=shift_id))


def _must_be_asked(tx: Tx, shift_id: UUID) -> bool:
    return bool(afterwards.must_ask(tx, bookings.find(tx.db, shift_id=shift_id)))


def _comes_to_something(tx: Tx, shift_id: UUID) -> bool:
    return bool(afterwards.comes_to(tx, bookings.find(tx.db, shift_id=shift_id)))


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
