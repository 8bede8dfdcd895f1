"""What is ahead with somebody who left ends, each shift in a transaction of its own (8.3, P8).

A visitor's is withdrawn or cancelled without count; a host's is declined or cancelled in the name
of that host, told as "not available". Found anew every time: killed in the middle, the rest is
ended by whoever comes next, the page or the worker.
"""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.states import AHEAD, By, exit_for_cancel
from shadowing.services.bookings import moves
from shadowing.services.bookings.moves import Mover
from shadowing.services.bookings.rounds import Round
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import directory, people

LEFT = "left"


def end_due(work: Work) -> int:
    """End whatever is ahead with people who left; say how many shifts ended."""
    every = Round(work)
    every.go(_due, _end)
    return every.end()


def _due(tx: Tx, after: UUID | None) -> tuple[UUID, ...]:
    return directory.left_with_shifts(tx.db, after=after)


@repeated
def _end(work: Work, *, shift_id: UUID) -> int:
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        visitor = not people.find(tx.db, person_id=shift.observer_id).active
        who = shift.observer_id if visitor else shift.host_id
        if shift.state not in AHEAD or people.find(tx.db, person_id=who).active:
            return 0
        mover = Mover(who, By.OBSERVER if visitor else By.HOST)
        to = exit_for_cancel(shift.state, by=mover.by)
        ended = moves.step(tx, shift, to=to, mover=mover, code=LEFT, late=False)
        moves.announce(tx, ended, before=shift.state, mover=mover)
        return 1
