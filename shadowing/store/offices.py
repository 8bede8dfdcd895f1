"""Who stands for a program: the people who coordinate it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from shadowing.domain.people import Role
from shadowing.store.tables.people import person, person_role, program


def coordinators(db: Connection, *, program_id: UUID) -> tuple[UUID, ...]:
    """List who coordinates a program: those who hold the role where it is run."""
    found = db.scalars(
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .join(program, program.c.organization_id == person.c.organization_id)
        .where(
            program.c.id == program_id,
            person_role.c.role == Role.COORDINATOR.value,
            person.c.active,
        )
        .order_by(person.c.id),
    )
    return tuple(found)
