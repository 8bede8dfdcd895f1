"""Changes of a shift that wait for an answer: made, ended, and what each end tells."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from shadowing.domain.bookings.proposals import ChangeWaits, Kind, Standing
from shadowing.domain.bookings.states import AHEAD, By, State
from shadowing.services.bookings.telling import manager_of, tell_of
from shadowing.services.work import Tx
from shadowing.store import journal, proposals
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry
from shadowing.store.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves a shift, and in which part."""

    person_id: UUID | None
    by: By


CLOCK = Mover(None, By.CLOCK)


def check_none(tx: Tx, shift: Shift) -> None:
    """Refuse a second change while one waits.

    Raises:
        ChangeWaits: Another move or swap of this shift is open.
    """
    if any(each.kind is not Kind.HOURS for each in proposals.open_of(tx.db, shift_id=shift.id)):
        raise ChangeWaits(shift_id=shift.id)


def propose(tx: Tx, shift: Shift, *, kind: Kind, mover: Mover, **values: object) -> Proposal:
    """Write a proposal and note in the audit log that it was made."""
    proposal_id = uuid4()
    made = {
        "id": proposal_id,
        "shift_id": shift.id,
        "kind": kind.value,
        "made_by_id": mover.person_id,
        "acting_as": mover.by.value,
        "made_at": tx.now,
    }
    proposals.add(tx.db, made | values)
    note(tx, shift, mover=mover, event=f"{kind}.asked")
    return proposals.find(tx.db, proposal_id=proposal_id)


def end(tx: Tx, shift: Shift, proposal: Proposal, *, state: Standing, mover: Mover) -> None:
    """Close a proposal and note in the audit log what became of it."""
    proposals.end(tx.db, proposal, state=state, at=tx.now)
    note(tx, shift, mover=mover, event=f"{proposal.kind}.{state}")


def note(tx: Tx, shift: Shift, *, mover: Mover, event: str, code: str = "") -> None:
    """Write a line about a shift that keeps its state into the audit log."""
    entry = Entry(
        event=event,
        subject="shift",
        subject_id=shift.id,
        person_id=mover.person_id,
        acting_as=mover.by,
        from_state=shift.state,
        to_state=shift.state,
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)


def drop(tx: Tx, shift: Shift, *, to: State, mover: Mover) -> None:
    """Close what waits, because the shift itself has moved on; whoever was asked is told.

    Other hours are offered for a request alone; a new time or host for what is still ahead.
    """
    for each in proposals.open_of(tx.db, shift_id=shift.id):
        if each.kind is Kind.HOURS or to not in AHEAD:
            end(tx, shift, each, state=Standing.WITHDRAWN, mover=mover)
            tell_withdrawn(tx, shift, each, mover=mover)


def tell_withdrawn(tx: Tx, shift: Shift, proposal: Proposal, *, mover: Mover) -> None:
    """Tell host and unit that they need not answer any more; those of the shift hear of that."""
    if proposal.kind is Kind.HOURS:
        return
    asked = [proposal.host_id] if proposal.host_id != shift.host_id else []
    if proposal.host_yes_at and proposal.unit_id != shift.unit_id:
        asked += filter(None, [manager_of(tx, proposal.unit_id)])
    for person_id in asked:
        if person_id != mover.person_id:
            tell_of(tx, shift, proposal, kind="change-withdrawn", recipient=person_id)
