"""Promises: what was said, by whom, until when, and what has become of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.store.base import record
from shadowing.store.tables.followup import commitment, commitment_entry

OVERDUE_LOCK: Final = timedelta(days=30)
OPEN: Final = ("agreed_with_host", "in_progress")
ANSWERED: Final = ("done", "declined_with_reason", "seen_by_host")


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """What has become of a person's promises (B1): kept or answered, late, still in time."""

    kept: int
    late: int
    open: int


@dataclass(frozen=True, slots=True)
class Commitment:
    """One promise as it stands."""

    id: UUID
    shift_id: UUID
    owner_id: UUID
    host_id: UUID
    unit_id: UUID | None
    kind: str
    team: str
    saw: str
    action: str
    tell: str
    due_on: date
    first_due_on: date
    state: str
    kept_between: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what became of a promise; lines are only ever added (F9)."""

    id: int
    commitment_id: UUID
    at: datetime
    by_id: UUID | None
    state: str
    note: str
    due_on: date | None


FIELDS = tuple(commitment.c[name] for name in Commitment.__slots__)


def find(db: Connection, *, commitment_id: UUID) -> Commitment:
    """Read one promise.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(select(*FIELDS).where(commitment.c.id == commitment_id)).first()
    if row is None:
        raise NotFound(commitment_id=commitment_id)
    return record(Commitment, row)


def lock(db: Connection, *, commitment_id: UUID) -> Commitment:
    """Read one promise and keep its row until the transaction ends."""
    wanted = select(commitment.c.id).where(commitment.c.id == commitment_id)
    db.execute(wanted.with_for_update())
    return find(db, commitment_id=commitment_id)


def of_shift(db: Connection, *, shift_id: UUID) -> tuple[Commitment, ...]:
    """List the promises of a shift that stand, as they were made."""
    rows = db.execute(
        select(*FIELDS)
        .where(commitment.c.shift_id == shift_id, commitment.c.state != "void")
        .order_by(commitment.c.created_at, commitment.c.due_on, commitment.c.id),
    )
    return tuple(record(Commitment, row) for row in rows)


def add(db: Connection, promise: Commitment) -> None:
    """Write a new promise, and the first line of what became of it."""
    values = {name: getattr(promise, name) for name in Commitment.__slots__}
    db.execute(insert(commitment).values(**values))
    db.execute(
        insert(commitment_entry).values(
            commitment_id=promise.id,
            at=promise.created_at,
            by_id=promise.owner_id,
            state=promise.state,
            note="",
            due_on=promise.due_on,
        ),
    )


def move(
    db: Connection,
    promise: Commitment,
    *,
    step: Step,
    **values: object,
) -> int:
    """Add a line to a promise and set what follows from it. Returns the number of the line."""
    db.execute(
        update(commitment)
        .where(commitment.c.id == promise.id)
        .values(state=step.state, changed_at=step.at, **values),
    )
    added = db.execute(
        insert(commitment_entry)
        .values(
            commitment_id=promise.id,
            at=step.at,
            by_id=step.by_id,
            state=step.state,
            note=step.note,
            due_on=step.due_on,
        )
        .returning(commitment_entry.c.id),
    )
    number: int = added.scalar_one()
    return number


def steps(db: Connection, *, ids: Collection[UUID]) -> Mapping[UUID, tuple[Step, ...]]:
    """List what became of some promises, oldest first, in one statement."""
    rows = db.execute(
        select(*(commitment_entry.c[name] for name in Step.__slots__))
        .where(commitment_entry.c.commitment_id.in_(tuple(ids)))
        .order_by(commitment_entry.c.at, commitment_entry.c.id),
    )
    found: dict[UUID, list[Step]] = {}
    for row in rows:
        found.setdefault(row.commitment_id, []).append(record(Step, row))
    return {commitment_id: tuple(lines) for commitment_id, lines in found.items()}


def counts(db: Connection, *, shift_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Count the promises that stand, by shift, in one statement."""
    rows = db.execute(
        select(commitment.c.shift_id, func.count())
        .where(commitment.c.shift_id.in_(tuple(shift_ids)), commitment.c.state != "void")
        .group_by(commitment.c.shift_id),
    )
    return {shift_id: number for shift_id, number in rows}  # noqa: C416 (rows are no pairs to mypy)


def locking(
    db: Connection, *, owner_id: UUID, on: date, lock: timedelta = OVERDUE_LOCK
) -> UUID | None:
    """Find an open promise so late that its owner may not book another shift (F11)."""
    found: UUID | None = db.execute(
        select(commitment.c.id)
        .where(
            commitment.c.owner_id == owner_id,
            commitment.c.state.in_(OPEN),
            commitment.c.due_on < on - lock,
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
