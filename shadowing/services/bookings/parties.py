"""Who has a part in a change that waits for an answer, which may be others than in the shift."""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.proposals import Kind, NothingProposed, Standing
from shadowing.domain.bookings.states import By
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, may
from shadowing.services.bookings import answering, moves
from shadowing.services.bookings.waiting import Mover
from shadowing.services.work import Tx
from shadowing.store import people, proposals
from shadowing.store.bookings import Shift
from shadowing.store.proposals import Proposal


def latest(tx: Tx, shift: Shift, actor: Actor, *, kind: Kind) -> tuple[Proposal, By]:
    """Give the latest change of a kind, open or not, and the part in which *actor* knows it.

    Raises:
        NotFound: There never was one, or they have no part in it (P1).
    """
    found = proposals.latest(tx.db, shift_id=shift.id, kind=kind)
    if found is None:
        raise NotFound(shift_id=shift.id)
    return found, moves.seen_as(as_one_of(tx, shift, found, actor, Action.SHIFT_SEE).by)


def opened(
    tx: Tx, actor: Actor, *, shift_id: UUID, kind: Kind, action: Action
) -> tuple[Shift, Proposal, Mover]:
    """Lock a shift with a change that waits, for whoever may do *action* to it.

    Raises:
        NotFound: They have no such part in it.
        NothingProposed: It was answered, taken back or has lapsed.
    """
    shift = moves.keep(tx, shift_id=shift_id)
    found, _ = latest(tx, shift, actor, kind=kind)
    mover = as_one_of(tx, shift, found, actor, action)
    if found.state is not Standing.OPEN:
        raise NothingProposed(shift_id=shift_id)
    return shift, found, mover


def as_one_of(tx: Tx, shift: Shift, proposal: Proposal, actor: Actor, action: Action) -> Mover:
    """Say in which part *actor* may do *action* to a change that was proposed.

    Raises:
        NotFound: In none.
    """
    for part in _parts(tx, shift, proposal, actor):
        if may(actor, action, answering.relation(shift, part)):
            return moves.mover(actor, part)
    raise NotFound(shift_id=shift.id)


def _parts(tx: Tx, shift: Shift, proposal: Proposal, actor: Actor) -> tuple[By, ...]:
    """List the parts a person may have, the nearest first; the unit after the host's yes (B3)."""
    me = actor.person_id
    ids = {"person_id": me, "organization_id": actor.organization_id}
    own = moves.part_of(tx, shift, **ids)
    swap = proposal.kind is Kind.SWAP
    leads = (swap or proposal.host_yes_at is not None) and _leads(tx, proposal.unit_id, me)
    parts = {
        By.OBSERVER: By.OBSERVER in own and not swap,
        By.HOST: me == proposal.host_id or (swap and By.HOST in own),
        By.UNIT: leads,
        By.COORDINATOR: By.COORDINATOR in own,
    }
    return tuple(part for part, has in parts.items() if has)


def _leads(tx: Tx, unit_id: UUID | None, person_id: UUID) -> bool:
    return unit_id is not None and people.find_unit(tx.db, unit_id=unit_id).led_by(person_id)
