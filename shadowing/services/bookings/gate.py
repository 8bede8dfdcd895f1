"""The steps that need nobody: what a host or unit allowed in advance, clearance, confirmation."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shadowing.adapters import reference
from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.timing import late_cancel
from shadowing.domain.clearance.evidence import Missing
from shadowing.domain.clearance.rules import holding_back
from shadowing.services.bookings import clearing, places, scenes
from shadowing.services.work import Tx
from shadowing.store import colleagues, journal, people, programs
from shadowing.store.bookings import Shift

YES_IN_ADVANCE: Final = frozenset({"auto", "blind"})
MAY_BE_AUTOMATIC: Final = frozenset({"S0", "S1"})
AGAIN: Final = frozenset({"reporting_line", "not_available", "unit_full"})
WAITS: Final = frozenset({State.REQUESTED, State.HOST_ACCEPTED, State.UNIT_APPROVED, State.CLEARED})
ON_THE_UNIT: Final = (State.UNIT_APPROVED, State.CLEARED, State.CONFIRMED, State.CHECKED_IN)
AGREED: Final = frozenset({State.UNIT_APPROVED, State.CLEARED, State.CONFIRMED})

FORGIVEN: Final = timedelta(hours=72)
"""So long after a swap of hosts a visitor may leave without its being counted (B12)."""

Step = tuple[State, str]


def is_late(tx: Tx, shift: Shift) -> bool:
    """Say whether a visitor's cancel now is counted; never soon after a swap (B10, B12)."""
    forgiven = shift.swapped_at is not None and tx.now < shift.swapped_at + FORGIVEN
    rules = programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
    return not forgiven and late_cancel(tx.now, shift.starts_at, settings=rules.timing)


def next_step(tx: Tx, shift: Shift) -> Step | None:
    """Name the next state that a policy reaches by itself, and the policy; or nothing."""
    if shift.state is State.REQUESTED:
        return _host_said_yes(shift)
    if shift.state is State.HOST_ACCEPTED:
        return _unit_said_yes(tx, shift)
    if shift.state is State.UNIT_APPROVED:
        return None if blocking(tx, shift) else (State.CLEARED, "clearance")
    if shift.state is State.CLEARED:
        # No confirmation without clearance, even where it lapsed while the last check waited (C5).
        return None if blocking(tx, shift) else _confirm(tx, shift)
    return None


def _host_said_yes(shift: Shift) -> Step | None:
    # From the third late cancel or absence on it waits for the coordinator first (D3).
    if shift.held_back:
        return None
    # Across a reporting line the host's yes must be to this person (P6).
    if shift.mode in YES_IN_ADVANCE and shift.overridden_by_id is None:
        return (State.HOST_ACCEPTED, f"slot_{shift.mode}")
    return None


def _unit_said_yes(tx: Tx, shift: Shift) -> Step | None:
    if shift.unit_id is None:
        return (State.UNIT_APPROVED, "no_unit")
    unit = people.find_unit(tx.db, unit_id=shift.unit_id).raised(shift.sensitivity)
    if unit.auto_approve and unit.sensitivity in MAY_BE_AUTOMATIC:
        return (State.UNIT_APPROVED, "unit_auto_approve")
    return None


def _confirm(tx: Tx, shift: Shift) -> Step | None:
    if journal.came_to(tx.db, subject_id=shift.id, state=State.CONFIRMED):
        return _again(tx, shift)
    unknown = colleagues.line_unknown(tx.db, ids=(shift.observer_id, shift.host_id))
    if unknown or people.program(tx.db, program_id=shift.program_id).final_check:
        # Where nobody knows whom somebody reports to, the coordinator confirms (P6).
        return None
    if conflict(tx, shift):
        return (State.EXPIRED, "conflict")
    return (State.CONFIRMED, "no_final_check")


def _again(tx: Tx, shift: Shift) -> Step:
    """Bring back what was confirmed before its clearance lapsed: approvals stand (C6).

    The host's limits and the unit's cap were counted with it all along. A line or an entry that
    keeps the two apart may have come since (B8).
    """
    if _apart(tx, shift):
        return (State.EXPIRED, "conflict")
    return (State.CONFIRMED, "clearance_restored")


def _apart(tx: Tx, shift: Shift) -> bool:
    """Say whether a line or an entry keeps the two apart (P6)."""
    apart = people.barred(tx.db, person_id=shift.observer_id, on=shift.local_date)
    if not shift.overridden_by_id:
        apart |= people.line(tx.db, person_id=shift.observer_id)
    return shift.host_id in apart


def blocking(tx: Tx, shift: Shift) -> tuple[Missing, ...]:
    """List what still holds back confirmation (C1, C5)."""
    return holding_back(clearing.of_shift(tx, shift))


def conflict(tx: Tx, shift: Shift) -> bool:
    """Say whether something has come between them since the asking (B8): asked again here.

    The reporting line, do-not-pair, the host's limits and audience, the unit's cap and pause.
    """
    offer = places.as_offer(tx, shift)
    if offer is None:
        return _apart(tx, shift)
    observer = people.find(tx.db, person_id=shift.observer_id)
    seen = scenes.view(tx, observer, offers=(offer,), without=shift.id)
    if shift.overridden_by_id:
        seen = scenes.without_line(seen)
    return any(reason.code in AGAIN for reason in seen.reasons(offer))
