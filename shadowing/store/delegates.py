"""Who may book for whom (B18)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from shadowing.store.tables.changes import delegation
from shadowing.store.tables.people import person

Named = tuple[UUID, str, str]


def add(db: Connection, *, person_id: UUID, delegate_id: UUID, at: datetime) -> bool:
    """Name a delegate; say whether they are one only now."""
    if stands(db, person_id=person_id, delegate_id=delegate_id):
        return False
    db.execute(
        insert(delegation).values(person_id=person_id, delegate_id=delegate_id, named_at=at),
    )
    return True


def remove(db: Connection, *, person_id: UUID, delegate_id: UUID) -> bool:
    """End it; say whether there was anything to end."""
    pair = (delegation.c.person_id == person_id, delegation.c.delegate_id == delegate_id)
    return bool(db.execute(delete(delegation).where(*pair)).rowcount)


def stands(db: Connection, *, person_id: UUID, delegate_id: UUID) -> bool:
    """Say whether somebody may book for another, now."""
    pair = (delegation.c.person_id == person_id, delegation.c.delegate_id == delegate_id)
    return db.scalar(select(delegation.c.person_id).where(*pair)) is not None


def of_person(db: Connection, *, person_id: UUID) -> tuple[Named, ...]:
    """List who may book for somebody: id, name, title."""
    rows = db.execute(
        select(person.c.id, person.c.name, person.c.title)
        .join(delegation, delegation.c.delegate_id == person.c.id)
        .where(delegation.c.person_id == person_id)
        .order_by(person.c.name),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def for_whom(db: Connection, *, delegate_id: UUID) -> tuple[Named, ...]:
    """List for whom somebody may book: id, name, title."""
    rows = db.execute(
        select(person.c.id, person.c.name, person.c.title)
        .join(delegation, delegation.c.person_id == person.c.id)
        .where(delegation.c.delegate_id == delegate_id, person.c.active)
        .order_by(person.c.name),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)
