"""Somebody new, entered by an operator: the person, their roles, the organization of the first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.store.tables.people import organization, person, person_role


def find_organization(db: Connection, *, name: str) -> UUID:
    """Find the organization with this name or code; the one with most people where none is named.

    Raises:
        NotFound: There is none.
    """
    people = select(func.count()).where(person.c.organization_id == organization.c.id)
    wanted = select(organization.c.id).order_by(
        people.scalar_subquery().desc(), organization.c.code
    )
    if name:
        wanted = wanted.where((organization.c.name == name) | (organization.c.code == name))
    found: UUID | None = db.scalar(wanted.limit(1))
    if found is None:
        raise NotFound(subject="organization", name=name)
    return found


def organizations(db: Connection) -> int:
    """Count the organizations."""
    counted: int = db.execute(select(func.count()).select_from(organization)).scalar_one()
    return counted


def add_organization(db: Connection, *, name: str, code: str) -> UUID:
    """Add an organization with the privacy rules of a hospital."""
    made = uuid4()
    db.execute(
        insert(organization).values(
            id=made,
            code=code,
            name=name,
            kind="hospital",
            privacy_regime="HIPAA",
            settings={},
        ),
    )
    return made


def add_person(
    db: Connection,
    *,
    name: str,
    email: str,
    roles: Iterable[Role],
    organization_id: UUID,
    at: datetime,
) -> UUID:
    """Add a member of the workforce with an address and roles."""
    made = uuid4()
    db.execute(
        insert(person).values(
            id=made,
            organization_id=organization_id,
            name=name,
            title="",
            kind="workforce",
            email=email.strip().lower(),
            languages=[],
            created_at=at,
        ),
    )
    rows = [{"person_id": made, "role": role} for role in dict.fromkeys(roles)]
    db.execute(insert(person_role), rows)
    return made
