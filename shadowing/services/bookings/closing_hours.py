"""What ends when a host closes hours or stops hosting, in the name of that host.

Requests on hours that closed end as declined, told as "not available" (6.4); all that is ahead with
a host who stopped is declined or cancelled, without count (P8). The host has seen which before;
the clock does what was left undone.
"""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.states import AHEAD, By, State
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.bookings import backups, moves
from shadowing.services.bookings.moves import Mover
from shadowing.services.work import Work, repeated
from shadowing.store import bookings, people, slots

HOURS_CLOSED = "hours_closed"
LEFT = "left_hosting"


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
    return sum(decline(work, shift_id=shift_id) for shift_id in waiting)


def cancel_own(work: Work, actor: Actor) -> int:
    """End all that is ahead with *actor*, a host who has stopped, and their being a backup.

    Returns:
        How many shifts ended.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    backups.drop(work, actor)
    for naming in backups.mine(work, actor).for_others:
        backups.leave(work, actor, backup_id=naming.id)
    with work.read() as tx:
        left = bookings.of_hosts_who_left(tx.db, host_id=actor.person_id)
    return sum(cancel(work, shift_id=shift_id) for shift_id in left)


@repeated
def decline(work: Work, *, shift_id: UUID) -> int:
    """End one request in the name of its host, if it still waits and its hours are still closed."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if shift.state is not State.REQUESTED or shift.slot_id is None:
            return 0
        if slots.state_of(tx.db, slot_id=shift.slot_id) != "withdrawn":
            return 0
        host = Mover(shift.host_id, By.HOST)
        ended = moves.step(tx, shift, to=State.DECLINED, mover=host, code=HOURS_CLOSED)
        moves.announce(tx, ended, before=shift.state, mover=host)
        return 1


@repeated
def cancel(work: Work, *, shift_id: UUID) -> int:
    """End one shift in the name of its host, if it is still ahead and they still do not host."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        host = people.find(tx.db, person_id=shift.host_id)
        if shift.state not in AHEAD or host.left_hosting_at is None:
            return 0
        to = State.DECLINED if shift.state is State.REQUESTED else State.CANCELLED_BY_HOST
        mover = Mover(host.id, By.HOST)
        ended = moves.step(tx, shift, to=to, mover=mover, code=LEFT)
        moves.announce(tx, ended, before=shift.state, mover=mover)
        return 1
