"""Programs, their settings and their cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Select, func, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.domain.programs import Rules
from shadowing.domain.reference.tables import Reference
from shadowing.store.base import record
from shadowing.store.people import Cycle
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.people import cycle, organization, program


@dataclass(frozen=True, slots=True)
class Line:
    """One program in a list; ``shifts`` counts all that were ever asked for in it."""

    id: UUID
    name: str
    organization: str
    cycle: str
    ends_on: date | None
    shifts: int


def owners(db: Connection) -> Mapping[UUID, UUID]:
    """Name the organization that runs each program."""
    rows = db.execute(select(program.c.id, program.c.organization_id))
    return {row.id: row.organization_id for row in rows}


def rules(db: Connection, *, program_id: UUID, known: Reference) -> Rules:
    """Read the settings that hold in one program.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_settings().where(program.c.id == program_id)).first()
    if row is None:
        raise NotFound(program_id=program_id)
    return Rules(known, house=row.house, own=row.own)


def rules_for(db: Connection, *, organization_id: UUID, known: Reference) -> Rules:
    """Read the settings that hold for an organization's people: those of its program.

    An organization without one of its own takes part in the first there is; where there is none
    at all, the values hold that we ship.
    """
    own_first = (program.c.organization_id != organization_id, program.c.code)
    row = db.execute(_settings().order_by(*own_first).limit(1)).first()
    return Rules(known, house=row.house, own=row.own) if row else Rules(known)


def every_rules(db: Connection, *, known: Reference) -> Mapping[UUID, Rules]:
    """Read the settings that hold in each program there is."""
    rows = db.execute(_settings().add_columns(program.c.id))
    return {row.id: Rules(known, house=row.house, own=row.own) for row in rows}


def _settings() -> Select[Any]:
    return select(
        organization.c.settings.label("house"), program.c.settings.label("own")
    ).join_from(program, organization, program.c.organization_id == organization.c.id)


def of_organization(db: Connection, *, organization_id: UUID, on: date) -> tuple[Line, ...]:
    """List the programs of an organization, each with the cycle that runs *on* a day."""
    runs = (cycle.c.program_id == program.c.id, cycle.c.starts_on <= on, cycle.c.ends_on >= on)
    latest = select(cycle).where(*runs).order_by(cycle.c.starts_on.desc()).limit(1)
    shifts = select(func.count()).where(shift.c.program_id == program.c.id)
    rows = db.execute(
        select(
            program.c.id,
            program.c.name,
            organization.c.name,
            func.coalesce(latest.with_only_columns(cycle.c.label).scalar_subquery(), ""),
            latest.with_only_columns(cycle.c.ends_on).scalar_subquery(),
            shifts.scalar_subquery(),
        )
        .join(organization, program.c.organization_id == organization.c.id)
        .where(program.c.organization_id == organization_id)
        .order_by(program.c.name),
    )
    return tuple(record(Line, row) for row in rows)


def change(db: Connection, *, program_id: UUID, **values: object) -> None:
    """Write what a program is called, and how it is set."""
    db.execute(update(program).where(program.c.id == program_id).values(**values))


def cycles(db: Connection, *, program_id: UUID) -> tuple[Cycle, ...]:
    """List the cycles of a program, the latest first."""
    rows = db.execute(
        select(*(cycle.c[name] for name in Cycle.__slots__))
        .where(cycle.c.program_id == program_id)
        .order_by(cycle.c.starts_on.desc(), cycle.c.code),
    )
    return tuple(record(Cycle, row) for row in rows)


def add_cycle(db: Connection, *, program_id: UUID, values: Mapping[str, object]) -> UUID:
    """Add a cycle to a program; gives its id."""
    made = uuid4()
    db.execute(insert(cycle).values(id=made, program_id=program_id, code=made.hex, **values))
    return made


def change_cycle(db: Connection, *, cycle_id: UUID, values: Mapping[str, object]) -> None:
    """Write other dates or another name for a cycle."""
    db.execute(update(cycle).where(cycle.c.id == cycle_id).values(**values))
