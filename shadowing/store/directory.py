"""The roster of an organization: searched, read, written; and whoever has left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.people import Role
from shadowing.store.accounts.roles import ROLES, roles_in
from shadowing.store.base import record
from shadowing.store.tables.accounts import api_token
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.hosting import STANDS, backup_host
from shadowing.store.tables.people import person, person_role, site, unit, unit_deputy

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of people is narrowed to; empty is anything."""

    name: str = ""
    kind: str = ""
    role: str = ""
    unit_id: UUID | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the list."""

    id: UUID
    name: str
    post_nominal: str
    title: str
    kind: str
    active: bool
    host_role: str
    unit: str | None
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Past:
    """One shift of a person, as visitor or host."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    local_date: date
    zone: str
    state: State
    late: bool
    observer_id: UUID
    observer: str
    host: str
    host_role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """By what somebody is known in files: ``key`` is their id here."""

    key: UUID
    organization_id: UUID
    external_id: str | None
    email: str | None


def keyed(db: Connection) -> tuple[Keyed, ...]:
    """List everybody there is by what names them: addresses are unique across organizations."""
    rows = db.execute(
        select(person.c.id, person.c.organization_id, person.c.external_id, person.c.email)
    )
    return tuple(record(Keyed, row) for row in rows)


def unit_codes(db: Connection, *, organization_id: UUID) -> tuple[tuple[str, UUID], ...]:
    """List the units of an organization by code."""
    rows = db.execute(
        select(unit.c.code, unit.c.id)
        .join(site, site.c.id == unit.c.site_id)
        .where(site.c.organization_id == organization_id)
    )
    return tuple((row.code, row.id) for row in rows)


def set_manager(db: Connection, *, person_id: UUID, manager_id: UUID | None) -> None:
    """Write to whom a person reports."""
    db.execute(update(person).where(person.c.id == person_id).values(manager_id=manager_id))


def listed(
    db: Connection, wanted: Wanted, *, organization_id: UUID, first: int, most: int
) -> tuple[int, tuple[Line, ...]]:
    """Count and list the people of an organization, by name, in two statements."""
    fits = _fits(wanted, organization_id)
    total: int = db.execute(select(func.count()).select_from(person).where(*fits)).scalar_one()
    rows = db.execute(
        select(
            person.c.id,
            person.c.name,
            person.c.post_nominal,
            person.c.title,
            person.c.kind,
            person.c.active,
            person.c.host_role,
            unit.c.name.label("unit"),
            ROLES,
        )
        .outerjoin(unit, unit.c.id == person.c.host_unit_id)
        .where(*fits)
        .order_by(person.c.name, person.c.id)
        .offset(first)
        .limit(most)
    )
    return total, tuple(record(Line, (*row[:-1], roles_in(row[-1]))) for row in rows)


def _fits(wanted: Wanted, organization_id: UUID) -> list[ColumnElement[bool]]:
    fits = [person.c.organization_id == organization_id, person.c.active.is_(not wanted.left)]
    if wanted.name:
        fits.append(person.c.name.icontains(wanted.name, autoescape=True))
    if wanted.kind:
        fits.append(person.c.kind == wanted.kind)
    if wanted.role:
        holds = select(person_role.c.person_id).where(person_role.c.role == wanted.role)
        fits.append(person.c.id.in_(holds))
    if wanted.unit_id:
        fits.append(person.c.host_unit_id == wanted.unit_id)
    return fits


def history(
    db: Connection, *, person_id: UUID, states: Collection[State], first: int, most: int
) -> tuple[int, tuple[Past, ...]]:
    """Count and list the shifts of a person in some states, the latest first."""
    observer, host = person.alias("observer"), person.alias("host")
    theirs = (
        or_(shift.c.observer_id == person_id, shift.c.host_id == person_id),
        shift.c.state.in_([str(state) for state in states]),
    )
    total: int = db.execute(select(func.count()).select_from(shift).where(*theirs)).scalar_one()
    rows = db.execute(
        select(
            shift.c.id,
            shift.c.starts_at,
            shift.c.ends_at,
            shift.c.local_date,
            site.c.zone,
            shift.c.state,
            shift.c.late,
            shift.c.observer_id,
            observer.c.name.label("observer"),
            host.c.name.label("host"),
            shift.c.host_role,
            func.coalesce(unit.c.name, shift.c.what).label("unit"),
        )
        .join(site, site.c.id == shift.c.site_id)
        .join(observer, observer.c.id == shift.c.observer_id)
        .join(host, host.c.id == shift.c.host_id)
        .outerjoin(unit, unit.c.id == shift.c.unit_id)
        .where(*theirs)
        .order_by(shift.c.starts_at.desc(), shift.c.id)
        .offset(first)
        .limit(most)
    )
    return total, tuple(record(Past, (*row[:5], State(row[5]), *row[6:])) for row in rows)


def managers(db: Connection, *, organization_id: UUID) -> Mapping[UUID, UUID | None]:
    """Say who reports to whom in an organization."""
    mine = person.c.organization_id == organization_id
    rows = db.execute(select(person.c.id, person.c.manager_id).where(mine))
    return {row.id: row.manager_id for row in rows}


def names(db: Connection, *, organization_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Name everybody active of an organization, by name."""
    mine = (person.c.organization_id == organization_id, person.c.active)
    rows = db.execute(select(person.c.id, person.c.name).where(*mine).order_by(person.c.name))
    return tuple((row.id, row.name) for row in rows)


def unit_names(db: Connection, *, organization_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """Name every unit of an organization, by name."""
    rows = db.execute(
        select(unit.c.id, unit.c.name)
        .join(site, site.c.id == unit.c.site_id)
        .where(site.c.organization_id == organization_id)
        .order_by(unit.c.name)
    )
    return tuple((row.id, row.name) for row in rows)


def email_taken(db: Connection, *, email: str, but: UUID | None) -> bool:
    """Say whether anybody else has an address, those who left included."""
    others = and_(person.c.email == email, person.c.id != but) if but else person.c.email == email
    return db.execute(select(person.c.id).where(others).limit(1)).first() is not None


def add(
    db: Connection,
    values: Mapping[str, object],
    *,
    roles: Iterable[Role],
    organization_id: UUID,
    at: datetime,
) -> UUID:
    """Write somebody new."""
    made = uuid4()
    fixed = {"id": made, "organization_id": organization_id, "languages": [], "created_at": at}
    db.execute(insert(person).values(**values, **fixed))
    _give(db, made, roles)
    return made


def change(
    db: Connection, values: Mapping[str, object], *, roles: Iterable[Role], person_id: UUID
) -> None:
    """Write what is kept of somebody, with all their roles."""
    db.execute(update(person).where(person.c.id == person_id).values(**values))
    db.execute(delete(person_role).where(person_role.c.person_id == person_id))
    _give(db, person_id, roles)


def _give(db: Connection, person_id: UUID, roles: Iterable[Role]) -> None:
    rows = [{"person_id": person_id, "role": role.value} for role in sorted(roles)]
    db.execute(insert(person_role), rows)


def set_active(db: Connection, *, person_id: UUID, active: bool) -> None:
    """Let somebody in again, or no more; who left leads no unit and is deputy of none."""
    db.execute(update(person).where(person.c.id == person_id).values(active=active))
    if not active:
        db.execute(update(unit).where(unit.c.manager_id == person_id).values(manager_id=None))
        db.execute(delete(unit_deputy).where(unit_deputy.c.person_id == person_id))


def end_tokens(db: Connection, *, person_id: UUID, at: datetime) -> None:
    """End every API token of a person."""
    mine = (api_token.c.person_id == person_id, api_token.c.revoked_at.is_(None))
    db.execute(update(api_token).where(*mine).values(revoked_at=at))


def leads(db: Connection, *, person_id: UUID) -> tuple[str, ...]:
    """Name the units that a person leads."""
    found = db.scalars(select(unit.c.name).where(unit.c.manager_id == person_id))
    return tuple(sorted(found))


def count_ahead(db: Connection, *, person_id: UUID) -> int:
    """Count the shifts and requests ahead of a person, as visitor or host."""
    mine = or_(shift.c.observer_id == person_id, shift.c.host_id == person_id)
    found: int = db.execute(
        select(func.count()).select_from(shift).where(mine, _ahead())
    ).scalar_one()
    return found


def _ahead() -> ColumnElement[bool]:
    return shift.c.state.in_([str(state) for state in AHEAD])


def left_with_shifts(db: Connection, *, after: UUID | None = None) -> tuple[UUID, ...]:
    """List a batch of what is ahead with people who left, in the order of ids."""
    observer, host = person.alias("observer"), person.alias("host")
    found = (
        select(shift.c.id)
        .join(observer, observer.c.id == shift.c.observer_id)
        .join(host, host.c.id == shift.c.host_id)
        .where(_ahead(), or_(observer.c.active.is_(False), host.c.active.is_(False)))
    )
    if after is not None:
        found = found.where(shift.c.id > after)
    return tuple(db.scalars(found.order_by(shift.c.id).limit(BATCH)))


def left_with_slots(db: Connection, *, after: datetime) -> tuple[UUID, ...]:
    """List people who left and of whom times are still offered."""
    offered = exists().where(
        slot.c.host_id == person.c.id, slot.c.starts_at > after, slot.c.state == "open"
    )
    rows = db.scalars(
        select(person.c.id).where(person.c.active.is_(False), offered).order_by(person.c.id)
    )
    return tuple(rows)


def end_backups(db: Connection, *, person_id: UUID, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """End that a person stands in for others, and that others stand in for them (D7).

    Returns:
        The namings in which they stood in for somebody, each with the host.
    """
    mine = (backup_host.c.backup_id == person_id, STANDS)
    for_others = db.execute(select(backup_host.c.id, backup_host.c.host_id).where(*mine)).all()
    either = or_(backup_host.c.host_id == person_id, backup_host.c.backup_id == person_id)
    ended = update(backup_host).where(either, STANDS).values(state="ended", ended_at=at)
    db.execute(ended)
    stands_in = (shift.c.backup_id == person_id, _ahead())
    db.execute(update(shift).where(*stands_in).values(backup_id=None))
    return tuple((row.id, row.host_id) for row in for_others)
