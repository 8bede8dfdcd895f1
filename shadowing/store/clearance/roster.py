"""Whose clearance somebody looks after: the visitors of a program, or of an organization."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, or_, select

from shadowing.domain.bookings.states import State
from shadowing.domain.people import Role
from shadowing.store import people
from shadowing.store.people import Person
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.people import person, person_role
from shadowing.store.tables.people import program as programs


def of_organization(db: Connection, *, organization_id: UUID) -> tuple[Person, ...]:
    """List the visitors of an organization, by name."""
    return _visitors(db, person.c.organization_id == organization_id)


def of_program(db: Connection, *, organization_id: UUID) -> tuple[Person, ...]:
    """List who shadows in an organization's program: its own, and those who have none."""
    first = select(programs.c.organization_id).order_by(programs.c.code).limit(1)
    is_first = db.execute(first).scalar() == organization_id
    mine = person.c.organization_id == organization_id
    others = person.c.organization_id.not_in(select(programs.c.organization_id))
    return _visitors(db, or_(mine, others) if is_first else mine)


def _visitors(db: Connection, wanted: ColumnElement[bool]) -> tuple[Person, ...]:
    is_visitor = person.c.id.in_(
        select(person_role.c.person_id).where(person_role.c.role == Role.OBSERVER)
    )
    ids = db.scalars(
        select(person.c.id)
        .where(wanted, is_visitor, person.c.active)
        .order_by(person.c.name, person.c.id)
    ).all()
    found = people.find_many(db, ids=ids)
    return tuple(found[each] for each in ids)


def booked(
    db: Connection, *, ids: Iterable[UUID], states: Collection[State], at: datetime
) -> Mapping[UUID, int]:
    """Count the shifts that lie ahead of each of some visitors."""
    rows = db.execute(
        select(shift.c.observer_id, func.count())
        .where(
            shift.c.observer_id.in_(tuple(ids)),
            shift.c.state.in_([str(state) for state in states]),
            shift.c.ends_at > at,
        )
        .group_by(shift.c.observer_id),
    )
    return {row[0]: row[1] for row in rows}
