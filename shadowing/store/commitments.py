"""Promises: what was said, by whom, until when, and what has become of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, func, select

from shadowing.store.tables.followup import commitment

OVERDUE_LOCK: Final = timedelta(days=30)
OPEN: Final = ("agreed_with_host", "in_progress")


def locking(db: Connection, *, owner_id: UUID, on: date) -> UUID | None:
    """Find an open promise so late that its owner may not book another shift (F11)."""
    found: UUID | None = db.execute(
        select(commitment.c.id)
        .where(
            commitment.c.owner_id == owner_id,
            commitment.c.state.in_(OPEN),
            commitment.c.due_on < on - OVERDUE_LOCK,
        )
        .order_by(commitment.c.due_on)
        .limit(1),
    ).scalar()
    return found


def count(db: Connection, *, shift_id: UUID) -> int:
    """Count the promises of a shift that stand."""
    found: int = db.execute(
        select(func.count()).where(
            commitment.c.shift_id == shift_id,
            commitment.c.state != "void",
        ),
    ).scalar_one()
    return found
