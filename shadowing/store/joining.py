"""Remote shifts of which the host has said another address than the one that was told."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select

from shadowing.domain.bookings.states import AHEAD
from shadowing.domain.ways import REMOTE
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import shift

BATCH: Final = 200


def behind(
    db: Connection, *, at: datetime, host_id: UUID | None = None, after: UUID | None = None
) -> tuple[UUID, ...]:
    """List a batch of shifts ahead whose slot has another address by now; one host's, or all."""
    wanted = (
        select(shift.c.id)
        .join(slot, slot.c.id == shift.c.slot_id)
        .where(
            shift.c.state.in_([str(state) for state in AHEAD]),
            shift.c.starts_at > at,
            shift.c.kind == REMOTE,
            slot.c.kind == REMOTE,
            shift.c.swapped_at.is_(None),
            slot.c.join_at != shift.c.join_at,
        )
        .order_by(shift.c.id)
        .limit(BATCH)
    )
    if after is not None:
        wanted = wanted.where(shift.c.id > after)
    if host_id:
        wanted = wanted.where(shift.c.host_id == host_id)
    return tuple(db.scalars(wanted))
