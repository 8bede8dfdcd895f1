"""The day of a shift: its pass, what was tapped on it, and its counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shadowing.domain.bookings.states import State
from shadowing.store.base import record
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.day import shift_day

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Day:
    """What is kept of one shift's day; a shift has one from its confirmation on.

    Attributes:
        pass_code: By which the pass is checked (C10).
        outside: The visitor is out of the room just now (D6).
        pauses: How often; nothing else is kept of them.
        patients_asked: Whether each patient was asked (D8); ``None`` where nobody said.
        preferred_not: How many preferred not; never who or why.
        asked_at: When both were asked whether it took place (D10).
        objected_at: When the observer said that "absent" is wrong (D3).
        settled_at: When the coordinator looked at it, with the reason given.
    """

    shift_id: UUID
    pass_code: str
    outside: bool
    pauses: int
    patients_asked: bool | None
    preferred_not: int
    asked_at: datetime | None
    observer_says: bool | None
    observer_said_at: datetime | None
    host_says: bool | None
    host_said_at: datetime | None
    objected_at: datetime | None
    settled_at: datetime | None
    settled_reason: str


def find(db: Connection, *, shift_id: UUID) -> Day | None:
    """Read a shift's day; there is none before it was confirmed."""
    columns = (shift_day.c[name] for name in Day.__slots__)
    row = db.execute(select(*columns).where(shift_day.c.shift_id == shift_id)).first()
    return record(Day, row) if row else None


def of_pass(db: Connection, *, code: str) -> UUID | None:
    """Find the shift of a pass; nothing where no pass has this code."""
    found: UUID | None = db.execute(
        select(shift_day.c.shift_id).where(shift_day.c.pass_code == code),
    ).scalar()
    return found


def begin(db: Connection, *, shift_id: UUID, pass_code: str) -> None:
    """Begin to keep a shift's day, if that was not begun before: its pass stays the same."""
    insert = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    made = insert(shift_day).values(shift_id=shift_id, pass_code=pass_code)
    db.execute(made.on_conflict_do_nothing(index_elements=[shift_day.c.shift_id]))


def change(db: Connection, *, shift_id: UUID, **values: object) -> None:
    """Set what was tapped."""
    db.execute(update(shift_day).where(shift_day.c.shift_id == shift_id).values(**values))


def forget_counts(db: Connection, *, ended_before: datetime) -> int:
    """Empty the counts of shifts that ended before then; return of how many (8.3)."""
    over = select(shift.c.id).where(shift.c.ends_at < ended_before)
    told = or_(
        shift_day.c.pauses > 0,
        shift_day.c.preferred_not > 0,
        shift_day.c.patients_asked.is_not(None),
    )
    return db.execute(
        update(shift_day)
        .where(shift_day.c.shift_id.in_(over), told)
        .values(pauses=0, preferred_not=0, patients_asked=None),
    ).rowcount


def not_asked(db: Connection, *, ended_by: datetime, after: UUID | None = None) -> tuple[UUID, ...]:
    """List a batch of confirmed shifts that ended by then, nobody checked in or asked (D10)."""
    unasked = (shift_day.c.asked_at.is_(None), shift.c.ends_at <= ended_by)
    return _confirmed(db, *unasked, after=after)


def asked(db: Connection, *, after: UUID | None = None) -> tuple[UUID, ...]:
    """List a batch of confirmed shifts of which both were asked, or one spoke; nothing settled."""
    spoke = or_(shift_day.c.observer_says.is_not(None), shift_day.c.host_says.is_not(None))
    return _confirmed(db, or_(shift_day.c.asked_at.is_not(None), spoke), after=after)


def _confirmed(
    db: Connection, *wanted: ColumnElement[bool], after: UUID | None
) -> tuple[UUID, ...]:
    found = (
        select(shift.c.id)
        .join(shift_day, shift_day.c.shift_id == shift.c.id)
        .where(shift.c.state == State.CONFIRMED.value, *wanted)
    )
    if after is not None:
        found = found.where(shift.c.id > after)
    return tuple(db.scalars(found.order_by(shift.c.id).limit(BATCH)))
