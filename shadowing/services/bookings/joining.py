"""Remote shifts follow the address their host gives: both calendars, and a letter to both (B17).

The host's page does it at once, the clock what was left undone.
"""

from __future__ import annotations

from uuid import UUID

from shadowing.domain import ways
from shadowing.domain.bookings.states import AHEAD, By
from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.bookings import moves, waiting
from shadowing.services.bookings.moves import Mover
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, joining, slots
from shadowing.store.bookings import Shift


def due(tx: Tx, after: UUID | None) -> tuple[UUID, ...]:
    """List a batch of the shifts that are behind what their host says."""
    return joining.behind(tx.db, at=tx.now, after=after)


def follow_own(work: Work, actor: Actor) -> int:
    """Let the shifts of *actor*, their host, follow the address they give now.

    Returns:
        How many did.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.read() as tx:
        found = joining.behind(tx.db, at=tx.now, host_id=actor.person_id)
    return sum(follow(work, shift_id=shift_id) for shift_id in found)


@repeated
def follow(work: Work, *, shift_id: UUID) -> int:
    """Let one shift follow its slot's address, if it is still another; what is known is told."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if shift.slot_id is None or shift.state not in AHEAD or shift.starts_at <= tx.now:
            return 0
        offer = slots.find(tx.db, slot_id=shift.slot_id)
        if offer.kind != shift.kind or shift.swapped_at or offer.join_at == shift.join_at:
            return 0
        _change(tx, shift, offer.join_at)
        return 1


@repeated
def say(work: Work, actor: Actor, *, shift_id: UUID, join_at: str) -> Shift:
    """Somebody who took a remote shift over as its host says where it is joined (B12, B17).

    Raises:
        NotFound: They do not host it, or nobody took it over: then its hours say where.
        BadValue: ``no_address`` or ``not_an_address``.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    kept = ways.address(join_at)
    if not kept:
        raise BadValue(field="join_at", problem="no_address")
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        theirs = shift.host_id == actor.person_id and shift.kind == ways.REMOTE
        if not theirs or shift.swapped_at is None or shift.state not in AHEAD:
            raise NotFound(shift_id=shift_id)
        return shift if kept == shift.join_at else _change(tx, shift, kept)


def _change(tx: Tx, shift: Shift, join_at: str) -> Shift:
    host = Mover(shift.host_id, By.HOST)
    changed = bookings.change(tx.db, shift, join_at=join_at)
    waiting.note(tx, changed, mover=host, event="shift.join_changed")
    moves.announce_joined(tx, changed, mover=host)
    return changed
