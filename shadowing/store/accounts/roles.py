"""All roles of a person in one column, so that a session or a token is read in one statement."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ScalarSelect, func, select

from shadowing.domain.people import Role
from shadowing.store.tables.people import person, person_role

ROLES: Final[ScalarSelect[str]] = (
    select(func.aggregate_strings(person_role.c.role, ","))
    .where(person_role.c.person_id == person.c.id)
    .scalar_subquery()
)


def roles_in(joined: str | None) -> frozenset[Role]:
    """Read what :data:`ROLES` gives; nothing where a person holds none."""
    return frozenset(Role(role) for role in joined.split(",")) if joined else frozenset()
