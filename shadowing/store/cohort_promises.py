"""What was promised after the shifts of a cohort day, in the order it is followed up (B14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, insert, select

from shadowing.store.base import record
from shadowing.store.tables.cohort import cohort_promise
from shadowing.store.tables.followup import commitment, debrief
from shadowing.store.tables.people import person, unit

MOST = 400


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of a day; ``unit_name`` is nothing where its shift had no unit."""

    id: UUID
    action: str
    owner_name: str
    unit_name: str | None
    due_on: date
    state: str


def of_day(db: Connection, *, day_id: UUID) -> tuple[Promise, ...]:
    """List the promises of a day that stand: those that have a place first, then as made."""
    unplaced = cohort_promise.c.place.is_(None)
    rows = db.execute(
        select(
            commitment.c.id,
            commitment.c.action,
            person.c.name,
            unit.c.name,
            commitment.c.due_on,
            commitment.c.state,
        )
        .join(debrief, debrief.c.shift_id == commitment.c.shift_id)
        .join(person, person.c.id == commitment.c.owner_id)
        .outerjoin(unit, unit.c.id == commitment.c.unit_id)
        .outerjoin(cohort_promise, cohort_promise.c.commitment_id == commitment.c.id)
        .where(debrief.c.cohort_day_id == day_id, commitment.c.state != "void")
        .order_by(unplaced, cohort_promise.c.place, commitment.c.created_at, commitment.c.id)
        .limit(MOST),
    )
    return tuple(record(Promise, row) for row in rows)


def put_in_order(db: Connection, *, day_id: UUID, ids: Sequence[UUID]) -> None:
    """Keep the order of a day's promises."""
    db.execute(cohort_promise.delete().where(cohort_promise.c.day_id == day_id))
    rows = [
        {"commitment_id": each, "day_id": day_id, "place": place} for place, each in enumerate(ids)
    ]
    if rows:
        db.execute(insert(cohort_promise), rows)
