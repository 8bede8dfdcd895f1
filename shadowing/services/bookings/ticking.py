"""Words that are ticked with a shift: before booking, at check-in, at the unit's door (C7, D2).

Each tick is put on record in the transaction of what it goes with, with the version of its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from shadowing.domain.clearance.credentials import attested
from shadowing.domain.clearance.evidence import Visit
from shadowing.domain.clearance.rules import required
from shadowing.domain.clearance.wording import text_version
from shadowing.domain.reference.requirements import Requirement
from shadowing.services.bookings import clearing
from shadowing.services.bookings.clearing import Record
from shadowing.services.work import Tx
from shadowing.store import people
from shadowing.store.bookings import Shift
from shadowing.store.clearance import credentials
from shadowing.store.people import Unit

FOR_ONE_SHIFT = frozenset({"shift", "day"})
WELL = "WELL"


def agree(tx: Tx, shift: Shift, *, agreed: Mapping[str, str]) -> None:
    """Put on record what the observer ticked on the way to asking for a shift.

    Only what is missing is written, and only where the words are those that were shown.

    Args:
        tx: The transaction of the request; the observer's row is locked.
        shift: What was asked for just now.
        agreed: Version of the text that was shown, by code of the requirement.
    """
    if not agreed or shift.unit_id is None:
        return
    known, unit = _known(tx, shift)
    about = clearing.booked(shift)
    lacks = clearing.missing(known, unit=unit, span=shift.interval, about=about)
    open_to_tick = {lack.code for lack in clearing.to_tick(lacks)}
    wanted = _visit(known, unit, shift)
    for each in asked(known, unit, shift):
        shown = agreed.get(each.code)
        if each.code in open_to_tick and shown == text_version(each.text):
            _tick(tx, shift, each, wanted, on=clearing.today(known, unit), by_id=shift.observer_id)


def tick(tx: Tx, shift: Shift, *, codes: Iterable[str], by_id: UUID) -> tuple[str, ...]:
    """Put on record what somebody ticks for a shift: the observer, the host, the unit.

    Returns:
        The codes that were written; those that nobody asks for here are passed over.
    """
    if shift.unit_id is None:
        return ()
    known, unit = _known(tx, shift)
    wanted, chosen = _visit(known, unit, shift), set(codes)
    every = asked(known, unit, shift)
    found = [each for each in every if each.code in chosen and each.attest]
    for each in found:
        _tick(tx, shift, each, wanted, on=clearing.today(known, unit), by_id=by_id)
    return tuple(each.code for each in found)


def well(tx: Tx, shift: Shift, *, by_id: UUID) -> None:
    """Put on record that the observer is well today: their own tick, or of who asked them (D2)."""
    tick(tx, shift, codes=(WELL,), by_id=by_id)


def _known(tx: Tx, shift: Shift) -> tuple[Record, Unit]:
    if shift.unit_id is None:
        raise ValueError("a shift beside an administrator asks for no clearance")
    observer = people.find(tx.db, person_id=shift.observer_id)
    unit = people.find_unit(tx.db, unit_id=shift.unit_id)
    return clearing.record(tx, observer), unit


def asked(known: Record, unit: Unit, shift: Shift) -> tuple[Requirement, ...]:
    """List all that applies to a shift."""
    wanted = _visit(known, unit, shift)
    book = clearing.rulebook(known, wanted, on=clearing.today(known, unit))
    return required(book, wanted)


def _visit(known: Record, unit: Unit, shift: Shift) -> Visit:
    return clearing.visit(known, unit=unit, span=shift.interval, about=clearing.booked(shift))


def _tick(tx: Tx, shift: Shift, each: Requirement, wanted: Visit, *, on: date, by_id: UUID) -> None:
    kind = each.validity_external.kind if wanted.external else each.validity.kind
    alone = shift.id if kind in FOR_ONE_SHIFT else None
    before = credentials.held(
        tx.db, person_id=shift.observer_id, requirement=each.code, shift_id=alone
    )
    changed = attested(
        before,
        each,
        version=text_version(each.text),
        on=on,
        valid_to=_through(kind, wanted),
        by_id=by_id,
        at=tx.now,
    )
    credentials.keep(tx.db, changed, before=before, at=tx.now, actor_id=by_id)


def _through(kind: str, wanted: Visit) -> date | None:
    """Let a tick for a cycle hold to the end of the one that the shift lies in."""
    return wanted.cycle[1] if kind == "cycle" and wanted.cycle else None
