"""A unit's pause that stops what is booked: each shift in it is stopped for care.

Each in a transaction of its own, found anew every time: killed in the middle, the rest is stopped
by whoever comes next, the page or the worker.

Source: docs/rules.md, rule A7; section 6.2, ``clinical_override``.
"""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.states import AHEAD, By, State
from shadowing.services.bookings import moves
from shadowing.services.bookings.moves import Mover
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, people, units
from shadowing.store.bookings import Shift

CODE = "unit_paused"


def stop_due(work: Work) -> int:
    """Stop whatever lies in a pause that stops it; say how many were stopped."""
    with work.read() as tx:
        due = units.stopping(tx.db, at=tx.now)
    return sum(_stop(work, shift_id=shift_id) for shift_id in due)


@repeated
def _stop(work: Work, *, shift_id: UUID) -> int:
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if shift.state not in AHEAD or not _in_pause(tx, shift):
            return 0
        mover = _who(tx, shift)
        stopped = moves.step(tx, shift, to=State.CLINICAL_OVERRIDE, mover=mover, code=CODE)
        moves.announce(tx, stopped, before=shift.state, mover=mover)
        return 1


def _in_pause(tx: Tx, shift: Shift) -> bool:
    if shift.unit_id is None:
        return False
    unit = people.find_unit(tx.db, unit_id=shift.unit_id)
    if not unit.pause_stops or unit.paused_from is None or unit.paused_until is None:
        return False
    return shift.starts_at < unit.paused_until and shift.ends_at > unit.paused_from


def _who(tx: Tx, shift: Shift) -> Mover:
    """Name who paused the unit, in the part in which they did."""
    entries = journal.history(tx.db, subject_id=shift.unit_id) if shift.unit_id else ()
    last = next((entry for _, entry in reversed(entries) if entry.event == "unit.paused"), None)
    if last is None:
        return Mover(None, By.UNIT)
    return Mover(last.person_id, By(last.acting_as))
