"""Promises: what was said, by whom, until when, and what has become of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, func, select

from shadowing.store.tables.followup import commitment

OVERDUE_LOCK: Final = timedelta(days=30)
OPEN: Final = ("agreed_with_host", "in_progress")
ANSWERED: Final = ("done", "declined_with_reason", "seen_by_host")


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """What has become of a person's promises (B1): kept or answered, late, still in time."""

    kept: int
    late: int
    open: int


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


def promise_record(db: Connection, *, owner_id: UUID, on: date) -> PromiseRecord:
    """Say what has become of one person's promises."""
    return promise_records(db, owner_ids=(owner_id,), on=on)[owner_id]


def promise_records(
    db: Connection,
    *,
    owner_ids: Collection[UUID],
    on: date,
) -> Mapping[UUID, PromiseRecord]:
    """Say what has become of several people's promises, in one statement.

    Lateness counts from the first date that was given.
    """
    late = commitment.c.first_due_on < on
    rows = db.execute(
        select(commitment.c.owner_id, commitment.c.state, late, func.count())
        .where(commitment.c.owner_id.in_(tuple(owner_ids)))
        .group_by(commitment.c.owner_id, commitment.c.state, late),
    ).all()
    counts = {owner: [0, 0, 0] for owner in owner_ids}
    for owner, state, is_late, number in rows:
        if state in ANSWERED:
            counts[owner][0] += number
        elif state in OPEN:
            counts[owner][1 if is_late else 2] += number
    return {owner: PromiseRecord(*found) for owner, found in counts.items()}
