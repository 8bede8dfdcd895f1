"""Queueing a letter about a shift, in the transaction of the change it tells of (N5)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from shadowing.domain.bookings.invitations import Event
from shadowing.domain.bookings.states import By
from shadowing.services.work import Tx
from shadowing.store import journal, people
from shadowing.store.bookings import Shift
from shadowing.store.journal import Telling
from shadowing.store.proposals import Proposal


def recipient(tx: Tx, shift: Shift, side: By) -> UUID | None:
    """Name who stands on one side of a shift, if anybody does."""
    if side is By.OBSERVER:
        return shift.observer_id
    if side is By.HOST:
        return shift.host_id
    if side is By.BACKUP:
        return shift.backup_id
    return manager_of(tx, shift.unit_id)


def manager_of(tx: Tx, unit_id: UUID | None) -> UUID | None:
    """Name who leads a unit, if anybody does."""
    return people.find_unit(tx.db, unit_id=unit_id).manager_id if unit_id else None


def tell(
    tx: Tx,
    shift: Shift,
    *,
    kind: str,
    recipient: UUID,
    event: Event | None = None,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Queue one letter; the same thing is told once."""
    key = (
        f"event:{event.id}:{event.sequence}"
        if event
        else f"{kind}:{shift.id}:{shift.version}:{recipient}"
    )
    telling = Telling(
        key=key,
        kind=kind,
        recipient_id=recipient,
        shift_id=shift.id,
        event_id=event.id if event else None,
        sequence=event.sequence if event else None,
        facts=facts or {},
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def tell_of(tx: Tx, shift: Shift, proposal: Proposal, *, kind: str, recipient: UUID) -> None:
    """Queue one letter about a change that was proposed."""
    telling = Telling(
        key=f"{kind}:{proposal.id}:{recipient}",
        kind=kind,
        recipient_id=recipient,
        shift_id=shift.id,
        facts={"proposal": str(proposal.id)},
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)
