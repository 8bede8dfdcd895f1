"""Requests whose hours their host has closed end as declined, told as "not available" (6.4).

The host has seen which before the hours changed; the clock does what was left undone.
"""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.states import By, State
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.bookings import moves
from shadowing.services.bookings.moves import Mover
from shadowing.services.work import Work, repeated
from shadowing.store import bookings, slots

CODE = "hours_closed"


def decline_own(work: Work, actor: Actor) -> int:
    """End the requests that wait on hours which *actor*, their host, has closed.

    Returns:
        How many ended.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.read() as tx:
        waiting = bookings.closed_requests(tx.db, host_id=actor.person_id)
    return sum(decline(work, shift_id=shift.id) for shift in waiting)


@repeated
def decline(work: Work, *, shift_id: UUID) -> int:
    """End one request in the name of its host, if it still waits and its hours are still closed."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if shift.state is not State.REQUESTED or shift.slot_id is None:
            return 0
        if slots.find(tx.db, slot_id=shift.slot_id).state != "withdrawn":
            return 0
        host = Mover(shift.host_id, By.HOST)
        ended = moves.step(tx, shift, to=State.DECLINED, mover=host, code=CODE)
        moves.announce(tx, ended, before=shift.state, mover=host)
        return 1
