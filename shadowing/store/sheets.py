"""Hosts who are reached on paper, and what there is for each of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select

from shadowing.domain.people import Role
from shadowing.store.tables.followup import commitment
from shadowing.store.tables.people import person, person_role, site, unit


@dataclass(frozen=True, slots=True)
class Host:
    """One host without any address, and where they work."""

    id: UUID
    name: str
    organization_id: UUID
    host_role: str
    unit_id: UUID
    unit_name: str
    zone: str


WAIT_FOR_HOST: Final = ("proposed", "done", "declined_with_reason")
ON_PAPER: Final = (
    person.c.id,
    person.c.name,
    person.c.organization_id,
    person.c.host_role,
    unit.c.id,
    unit.c.name,
    site.c.zone,
)


def coordinators(db: Connection, *, organization_id: UUID) -> tuple[UUID, ...]:
    """List who coordinates an organization's programs."""
    found = db.scalars(
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(
            person.c.organization_id == organization_id,
            person.c.active,
            person_role.c.role == Role.COORDINATOR,
        ),
    )
    return tuple(sorted(found))


def hosts(
    db: Connection,
    *,
    unit_ids: Collection[UUID],
    organization_id: UUID | None,
    texts: bool,
) -> tuple[Host, ...]:
    """List the active hosts who are reached on paper, by unit and name.

    Args:
        db: Where to look.
        unit_ids: Of these units ...
        organization_id: ... or of any unit of this organization, if one is given.
        texts: Whether a phone number is enough to reach somebody.
    """
    where: list[ColumnElement[bool]] = [unit.c.id.in_(tuple(unit_ids))]
    if organization_id is not None:
        where.append(site.c.organization_id == organization_id)
    wanted = [
        person.c.active,
        person.c.email.is_(None),
        person_role.c.role == Role.HOST,
        or_(*where),
    ]
    if texts:
        wanted.append(person.c.phone == "")
    rows = db.execute(
        select(*ON_PAPER)
        .join(person_role, person_role.c.person_id == person.c.id)
        .join(unit, person.c.host_unit_id == unit.c.id)
        .join(site, unit.c.site_id == site.c.id)
        .where(*wanted)
        .order_by(unit.c.name, person.c.name),
    )
    return tuple(Host(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise that waits for a host's word."""

    id: UUID
    shift_id: UUID
    owner_name: str
    action: str
    state: str


def promises(db: Connection, *, host_id: UUID) -> tuple[Promise, ...]:
    """List the promises to a host that wait for "these words are fine" or for "seen"."""
    rows = db.execute(
        select(
            commitment.c.id,
            commitment.c.shift_id,
            person.c.name,
            commitment.c.action,
            commitment.c.state,
        )
        .join(person, commitment.c.owner_id == person.c.id)
        .where(commitment.c.host_id == host_id, commitment.c.state.in_(WAIT_FOR_HOST))
        .order_by(commitment.c.created_at),
    )
    return tuple(Promise(*row) for row in rows)
