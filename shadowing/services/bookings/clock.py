"""What the clock does to shifts: lapses, changes, pauses; clearance and the day have their own.

Every shift in a transaction of its own: one that cannot be moved never holds up the others, and
two workers that meet at the same shift do its step once, because it is read again under its lock.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from shadowing.domain.bookings.proposals import Kind
from shadowing.domain.bookings.states import State
from shadowing.services.bookings import (
    closing_hours,
    joining,
    lapsing,
    leavers,
    moves,
    moving,
    other_hours,
    overdue,
    pausing,
    swapping,
    undoing,
)
from shadowing.services.bookings.rounds import Round
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, proposals, slots
from shadowing.store.bookings import Shift

Due = tuple[UUID, ...]


LAPSES = {
    Kind.MOVE: moving.lapse,
    Kind.HOURS: other_hours.lapse,
    Kind.SWAP: swapping.lapse,
}


def run(work: Work) -> int:
    """Do all that is due now; safe to run as often and as many times at once as one likes.

    Returns:
        How many shifts moved.
    """
    every = Round(work)
    for find, act in (
        (_unanswered, lapse),
        (_on_closed_hours, closing_hours.decline),
        (_with_hosts_who_left, closing_hours.cancel),
        (_unanswered_changes, lapse_changes),
        (undoing.due, undoing.tell),
        (joining.due, joining.follow),
    ):
        every.go(find, act)
    overdue.go(every)
    moved = pausing.stop_due(work) + leavers.end_due(work)
    moved += lapsing.run(work) + lapsing.release(work)
    with work.write() as tx:
        slots.end_holds(tx.db, at=tx.now)
    return moved + every.end()


def _unanswered(tx: Tx, after: UUID | None) -> Due:
    return bookings.unanswered(tx.db, at=tx.now, after=after)


def _with_hosts_who_left(tx: Tx, after: UUID | None) -> Due:
    return bookings.of_hosts_who_left(tx.db, after=after)


def _on_closed_hours(tx: Tx, after: UUID | None) -> Due:
    return bookings.closed_requests(tx.db, after=after)


def _unanswered_changes(tx: Tx, after: UUID | None) -> Due:
    return proposals.unanswered(tx.db, at=tx.now, after=after)


def _locked(move: Callable[[Tx, Shift], Shift | None]) -> Callable[..., int]:
    @repeated
    def act(work: Work, *, shift_id: UUID) -> int:
        with work.write() as tx:
            shift = moves.keep(tx, shift_id=shift_id)
            moved = move(tx, shift)
            if moved is None:
                return 0
            moves.announce(tx, moved, before=shift.state, mover=moves.CLOCK)
            return 1

    return act


@repeated
def lapse_changes(work: Work, *, shift_id: UUID) -> int:
    """Let the changes of one shift lapse that nobody answered (B6, B9)."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        waiting = proposals.open_of(tx.db, shift_id=shift_id)
        late = [each for each in waiting if each.answer_by <= tx.now]
        for each in late:
            LAPSES[each.kind](tx, shift, each)
        return len(late)


def _lapse(tx: Tx, shift: Shift) -> Shift | None:
    waits = shift.state in {State.REQUESTED, State.HOST_ACCEPTED}
    if not waits or shift.answer_by > tx.now:
        return None
    return _expire(tx, shift, code="unanswered")


def _expire(tx: Tx, shift: Shift, *, code: str) -> Shift:
    return moves.step(tx, shift, to=State.EXPIRED, mover=moves.CLOCK, code=code, reason=code)


lapse = _locked(_lapse)
