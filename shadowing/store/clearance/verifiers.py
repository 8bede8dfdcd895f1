"""Who may verify what: a permission for each requirement, not a role (C7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from shadowing.store.tables.clearance import verifier
from shadowing.store.tables.people import person


def of_person(db: Connection, *, person_id: UUID) -> frozenset[str]:
    """Name the requirements that somebody may verify."""
    found = select(verifier.c.requirement).where(verifier.c.person_id == person_id)
    return frozenset(db.scalars(found))


def of_requirement(
    db: Connection, *, organization_id: UUID, requirement: str
) -> tuple[tuple[UUID, str, str], ...]:
    """List who verifies a requirement for an organization: id, name, title."""
    rows = db.execute(
        select(person.c.id, person.c.name, person.c.title)
        .join(verifier, verifier.c.person_id == person.c.id)
        .where(
            verifier.c.organization_id == organization_id,
            verifier.c.requirement == requirement,
            person.c.active,
        )
        .order_by(person.c.name, person.c.id),
    )
    return tuple((row.id, row.name, row.title) for row in rows)


def counts(db: Connection, *, organization_id: UUID) -> Mapping[str, int]:
    """Count who verifies each requirement for an organization."""
    rows = db.execute(
        select(verifier.c.requirement).where(verifier.c.organization_id == organization_id)
    )
    found: dict[str, int] = {}
    for row in rows:
        found[row.requirement] = found.get(row.requirement, 0) + 1
    return found


def name(
    db: Connection, *, organization_id: UUID, requirement: str, person_ids: Iterable[UUID]
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Let exactly these people verify a requirement.

    Returns:
        Who is new to it, and who no longer verifies it.
    """
    of_it = (
        verifier.c.organization_id == organization_id,
        verifier.c.requirement == requirement,
    )
    before = frozenset(db.scalars(select(verifier.c.person_id).where(*of_it)))
    now = frozenset(person_ids)
    if gone := before - now:
        db.execute(delete(verifier).where(*of_it, verifier.c.person_id.in_(gone)))
    facts = {"organization_id": organization_id, "requirement": requirement}
    if new := now - before:
        db.execute(insert(verifier), [{**facts, "person_id": each} for each in new])
    return now - before, before - now
