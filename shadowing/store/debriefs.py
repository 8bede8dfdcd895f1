"""The conversation after a shift: when it is held, whether it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from shadowing.domain.interval import Interval
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.followup import debrief


@dataclass(frozen=True, slots=True)
class Debrief:
    """One shift's debrief; where it points to a cohort day it is the joint one of it (B14)."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    marked_at: datetime | None
    waived_reason: str
    no_commitment_reason: str
    cohort_day_id: UUID | None = None
    cohort_version: int | None = None

    @property
    def interval(self) -> Interval:
        """The time held for it."""
        return Interval(self.starts_at, self.ends_at)


def find(db: Connection, *, shift_id: UUID) -> Debrief | None:
    """Read a shift's debrief; there is none before everybody agreed."""
    row = db.execute(
        select(*(debrief.c[name] for name in Debrief.__slots__)).where(
            debrief.c.shift_id == shift_id,
        ),
    ).first()
    return Debrief(*row) if row else None


def of_shifts(db: Connection, *, shift_ids: Collection[UUID]) -> Mapping[UUID, Debrief]:
    """Read the debriefs of several shifts, in one statement."""
    rows = db.execute(
        select(*(debrief.c[name] for name in Debrief.__slots__)).where(
            debrief.c.shift_id.in_(tuple(shift_ids)),
        ),
    )
    return {row.shift_id: Debrief(*row) for row in rows}


def add(
    db: Connection, *, shift_id: UUID, span: Interval, day: tuple[UUID, int] | None = None
) -> Debrief:
    """Hold a time for it (F1); *day* is the cohort day whose joint talk it is, and its version."""
    points = day or (None, None)
    db.execute(
        insert(debrief).values(
            shift_id=shift_id,
            starts_at=span.start,
            ends_at=span.end,
            state="held_slot",
            cohort_day_id=points[0],
            cohort_version=points[1],
        ),
    )
    return Debrief(shift_id, span.start, span.end, "held_slot", None, "", "", *points)


def change(db: Connection, *, shift_id: UUID, **values: object) -> None:
    """Set what became of it."""
    db.execute(update(debrief).where(debrief.c.shift_id == shift_id).values(**values))


def marked_by(db: Connection, *, shift_id: UUID) -> UUID | None:
    """Say who recorded it, if anybody did."""
    found: UUID | None = db.execute(
        select(debrief.c.marked_by_id).where(debrief.c.shift_id == shift_id)
    ).scalar()
    return found


def owed(db: Connection, *, observer_id: UUID, ended_before: datetime) -> UUID | None:
    """Find a shift of this observer, over since then, whose debrief nobody has recorded (F4)."""
    found: UUID | None = db.execute(
        select(shift.c.id)
        .join(debrief, debrief.c.shift_id == shift.c.id)
        .where(
            shift.c.observer_id == observer_id,
            shift.c.state.in_(("completed", "ended_early")),
            shift.c.ends_at < ended_before,
            debrief.c.state.in_(("held_slot", "moved")),
        )
        .order_by(shift.c.ends_at)
        .limit(1),
    ).scalar()
    return found
