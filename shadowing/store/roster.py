"""The roster as other systems keep it: by the id they know somebody by, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, case, func, or_, select

from shadowing.domain.people import Role
from shadowing.domain.roster_file import UNKNOWN
from shadowing.store.accounts.roles import ROLES, roles_in
from shadowing.store.base import AnyRow, Query, record
from shadowing.store.directory import Keyed
from shadowing.store.tables.people import organization, person, unit


@dataclass(frozen=True, slots=True)
class Kept:
    """One person as the roster keeps them.

    Attributes:
        unit: The code of the unit they host on.
        manager: By what their manager is known in files: the id, else the address; or that nobody
            knows who it is.
    """

    id: UUID
    external_id: str | None
    name: str
    credentials: str
    title: str
    kind: str
    level: str
    portfolio: str
    email: str | None
    phone: str
    host_role: str
    unit: str | None
    manager: str | None
    active: bool
    roles: frozenset[Role]


def lock(db: Connection, *, organization_id: UUID) -> None:
    """Let one at a time write the roster of an organization, before anybody in it is locked."""
    mine = select(organization.c.id).where(organization.c.id == organization_id)
    db.execute(mine.with_for_update(key_share=True))


def near(db: Connection, *, names: Collection[str]) -> tuple[Keyed, ...]:
    """List who is known by one of these ids or addresses, and everybody above them (P6)."""
    addresses = tuple({name.lower() for name in names})
    known = or_(person.c.external_id.in_(tuple(names)), person.c.email.in_(addresses))
    above = select(person.c.id, person.c.manager_id).where(known).cte("near", recursive=True)
    above = above.union(
        select(person.c.id, person.c.manager_id).where(person.c.id == above.c.manager_id)
    )
    rows = db.execute(
        select(person.c.id, person.c.organization_id, person.c.external_id, person.c.email).where(
            person.c.id.in_(select(above.c.id))
        )
    )
    return tuple(record(Keyed, row) for row in rows)


def page(
    db: Connection, *, organization_id: UUID, after: UUID | None, limit: int
) -> tuple[Kept, ...]:
    """List people of an organization, those who left included, in an order that never changes."""
    wanted = _kept().where(person.c.organization_id == organization_id)
    if after is not None:
        wanted = wanted.where(person.c.id > after)
    return tuple(_read(row) for row in db.execute(wanted.order_by(person.c.id).limit(limit)))


def one(db: Connection, *, person_id: UUID) -> Kept:
    """Read one person as the roster keeps them."""
    return _read(db.execute(_kept().where(person.c.id == person_id)).one())


def _kept() -> Query:
    above = person.alias("above")
    return (
        select(
            person.c.id,
            person.c.external_id,
            person.c.name,
            person.c.post_nominal,
            person.c.title,
            person.c.kind,
            person.c.level,
            person.c.portfolio,
            person.c.email,
            person.c.phone,
            person.c.host_role,
            unit.c.code,
            case(
                (person.c.manager_unknown, UNKNOWN),
                else_=func.coalesce(above.c.external_id, above.c.email),
            ),
            person.c.active,
            ROLES,
        )
        .outerjoin(unit, unit.c.id == person.c.host_unit_id)
        .outerjoin(above, above.c.id == person.c.manager_id)
    )


def _read(row: AnyRow) -> Kept:
    return record(Kept, (*row[:-1], roles_in(row[-1])))
