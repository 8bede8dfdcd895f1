"""What is counted for an observer: late cancels and absences, in one statement."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from shadowing.domain.bookings.day import Absence
from shadowing.domain.bookings.states import State
from shadowing.store.tables.bookings import shift


def number(db: Connection, *, observer_id: UUID, first: date, last: date) -> int:
    """Count late cancels and absences of an observer on days from *first* to *last* (B10, D3)."""
    late = and_(shift.c.state == State.CANCELLED_BY_OBSERVER.value, shift.c.late)
    absent = and_(shift.c.state == State.NO_SHOW.value, shift.c.reason == Absence.ABSENT.value)
    found: int = db.execute(
        select(func.count()).where(
            shift.c.observer_id == observer_id,
            shift.c.local_date >= first,
            shift.c.local_date <= last,
            or_(late, absent),
        ),
    ).scalar_one()
    return found
