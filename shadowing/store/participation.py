"""Participation records, read straight from the shifts: no name of the other person in sight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Subquery,
    func,
    literal,
    select,
    union_all,
)

from shadowing.domain.participation import RECORDED
from shadowing.store.base import record
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.people import person, unit


@dataclass(frozen=True, slots=True)
class Row:
    """One person's part in one shift that took place (H1)."""

    shift_id: UUID
    person_id: UUID
    name: str
    part: str
    local_date: date
    minutes: int
    starts_at: datetime
    ends_at: datetime
    unit_id: UUID | None
    unit: str
    host_role: str
    band: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records are asked for; empty means all of the organization's people."""

    organization_id: UUID
    first: date | None = None
    last: date | None = None
    part: str = ""
    unit_id: UUID | None = None
    roles: tuple[str, ...] = ()
    band: str = ""
    name: str = ""


def find(db: Connection, wanted: Wanted, *, limit: int, offset: int = 0) -> tuple[Row, ...]:
    """List records, the latest first, then by name."""
    records = _records(wanted)
    rows = db.execute(
        select(records)
        .order_by(records.c.local_date.desc(), records.c.name, records.c.shift_id, records.c.part)
        .limit(limit)
        .offset(offset),
    )
    return tuple(record(Row, row) for row in rows)


def totals(db: Connection, wanted: Wanted) -> tuple[int, int, int]:
    """Count records, distinct people and minutes."""
    records = _records(wanted)
    row = db.execute(
        select(
            func.count(),
            func.count(records.c.person_id.distinct()),
            func.coalesce(func.sum(records.c.minutes), 0),
        ).select_from(records),
    ).one()
    return row[0], row[1], row[2]


def _records(wanted: Wanted) -> Subquery:
    sides = (("observer", shift.c.observer_id), ("host", shift.c.host_id))
    parts = [
        select(
            shift.c.id.label("shift_id"),
            person.c.id.label("person_id"),
            person.c.name,
            literal(part).label("part"),
            shift.c.local_date,
            func.coalesce(shift.c.minutes, 0).label("minutes"),
            shift.c.starts_at,
            shift.c.ends_at,
            shift.c.unit_id,
            func.coalesce(unit.c.name, shift.c.what).label("unit"),
            shift.c.host_role,
            shift.c.band,
        )
        .join(person, person.c.id == column)
        .outerjoin(unit, unit.c.id == shift.c.unit_id)
        .where(*_conditions(wanted))
        for part, column in sides
        if wanted.part in {"", part}
    ]
    return union_all(*parts).subquery("records")


def _conditions(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    yield shift.c.state.in_([state.value for state in RECORDED])
    yield person.c.organization_id == wanted.organization_id
    if wanted.first:
        yield shift.c.local_date >= wanted.first
    if wanted.last:
        yield shift.c.local_date <= wanted.last
    if wanted.unit_id:
        yield shift.c.unit_id == wanted.unit_id
    if wanted.roles:
        yield shift.c.host_role.in_(wanted.roles)
    if wanted.band:
        yield shift.c.band == wanted.band
    if wanted.name:
        yield func.lower(person.c.name).contains(wanted.name.lower(), autoescape=True)


def units(db: Connection, *, organization_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """List the units on which an organization's people have taken part, by name."""
    wanted = Wanted(organization_id=organization_id)
    records = _records(wanted)
    rows = db.execute(
        select(records.c.unit_id, records.c.unit)
        .distinct()
        .where(records.c.unit_id.is_not(None))
        .order_by(records.c.unit),
    )
    return tuple((row[0], row[1]) for row in rows)
