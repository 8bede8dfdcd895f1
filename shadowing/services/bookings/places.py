"""Where a shift is, as a slot: asked of the rules again, whatever has changed since the asking."""

from __future__ import annotations

from dataclasses import replace

from shadowing.services.work import Tx
from shadowing.store import people, slots
from shadowing.store.bookings import Shift
from shadowing.store.slots import Offer


def as_offer(tx: Tx, shift: Shift) -> Offer | None:
    """Put a shift on a unit into the shape of the slot it would be asked for as.

    Host and hours are the shift's own: they may be others than its slot's (B12, other hours).
    """
    if shift.unit_id is None:
        return None
    own = {
        "host_id": shift.host_id,
        "unit_id": shift.unit_id,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "local_date": shift.local_date,
        "host_role": shift.host_role,
        "kind": shift.kind,
        "join_at": shift.join_at,
        "sensitivity": shift.sensitivity,
    }
    if shift.slot_id:
        return replace(slots.find(tx.db, slot_id=shift.slot_id), **own)  # type: ignore[arg-type]
    host = people.find(tx.db, person_id=shift.host_id)
    return Offer(
        **own,  # type: ignore[arg-type] # fields by name
        id=shift.id,
        span="",
        band=shift.band,
        mode=shift.mode,
        audience="anyone",
        handover=False,
        seats=1,
        taken=0,
        state="open",
        host_name=host.name,
        host_post_nominal=host.post_nominal,
    )
