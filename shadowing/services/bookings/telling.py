"""Queueing a letter about a shift, in the transaction of the change it tells of (N5)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from shadowing.domain.bookings.invitations import Event
from shadowing.domain.bookings.states import By
from shadowing.services.work import Tx
from shadowing.store import journal, offices, people
from shadowing.store.bookings import Shift
from shadowing.store.journal import Telling
from shadowing.store.proposals import Proposal


def recipients(tx: Tx, shift: Shift, side: By) -> tuple[UUID, ...]:
    """Name who stands on one side of a shift, if anybody does."""
    if side is By.OBSERVER:
        return (shift.observer_id,)
    if side is By.HOST:
        return (shift.host_id,)
    if side is By.BACKUP:
        return (shift.backup_id,) if shift.backup_id else ()
    if side is By.COORDINATOR:
        return offices.coordinators(tx.db, program_id=shift.program_id)
    manager_id = manager_of(tx, shift.unit_id)
    return (manager_id,) if manager_id else ()


def manager_of(tx: Tx, unit_id: UUID | None) -> UUID | None:
    """Name who answers for a unit, if anybody does."""
    return people.find_unit(tx.db, unit_id=unit_id).answers if unit_id else None


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


def tell_now(tx: Tx, shift: Shift, *, kind: str, to: UUID) -> None:
    """Queue one letter that is no letter of a move: asked, corrected, objected."""
    key = f"{kind}:{shift.id}:{shift.version}:{tx.now.isoformat()}:{to}"
    telling = Telling(key=key, kind=kind, recipient_id=to, shift_id=shift.id)
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def tell_program(tx: Tx, shift: Shift, *, kind: str, apart: UUID | None = None) -> None:
    """Queue such a letter to everybody who coordinates the shift's program, *apart* from one."""
    for person_id in recipients(tx, shift, By.COORDINATOR):
        if person_id != apart:
            tell_now(tx, shift, kind=kind, to=person_id)
