"""Who works beside whom, and of whom that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from shadowing.domain.people import Role
from shadowing.store import people
from shadowing.store.people import Person
from shadowing.store.tables.people import person, person_role


def hosts_of_unit(db: Connection, *, unit_id: UUID) -> tuple[Person, ...]:
    """List who is there to be shadowed on a unit, by name."""
    ids = db.scalars(
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(
            person.c.host_unit_id == unit_id,
            person.c.active,
            person.c.left_hosting_at.is_(None),
            person_role.c.role == Role.HOST.value,
        ),
    )
    found = people.find_many(db, ids=tuple(ids))
    return tuple(sorted(found.values(), key=lambda each: (each.name, str(each.id))))


def line_unknown(db: Connection, *, ids: Iterable[UUID]) -> bool:
    """Say whether of any of these people it is not known whom they report to (P6)."""
    unknown = select(person.c.id).where(person.c.id.in_(tuple(ids)), person.c.manager_unknown)
    return db.scalar(unknown.limit(1)) is not None
