"""Who and where: people, units and their places, chains of management."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, or_, select

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.domain.units import higher
from shadowing.store.base import AnyRow, Query, record
from shadowing.store.tables.people import (
    cycle,
    do_not_pair,
    organization,
    person,
    person_role,
    site,
    unit,
    unit_deputy,
)
from shadowing.store.tables.people import program as programs


@dataclass(frozen=True, slots=True)
class Person:
    """One person, without password; ``roles`` are all that they hold."""

    id: UUID
    organization_id: UUID
    name: str
    post_nominal: str
    title: str
    kind: str
    level: str
    portfolio: str
    affiliation: str
    manager_id: UUID | None
    manager_unknown: bool
    email: str | None
    phone: str
    host_role: str
    host_unit_id: UUID | None
    max_per_month: int | None
    cool_down_days: int | None
    paused_until: datetime | None
    load_paused_at: datetime | None
    left_hosting_at: datetime | None
    theme: str
    active: bool
    channel: str
    pace: str
    roles: frozenset[Role]

    @property
    def full_name(self) -> str:
        """The name with its credentials, as people write it."""
        return f"{self.name}, {self.post_nominal}" if self.post_nominal else self.name


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with its site and organization.

    Attributes:
        notice_days: Its own notice, where that is longer than the program's (B4).
        handover_open: It chose handover time as content (A6).
        own_rules: Codes of rules of units, beyond those of its kind.
        authorized_until: The last day of the authorization that a unit at S3 needs (A8).
        pause_stops: What is booked in the pause is stopped too (A7).
        deputy_id: Who stands in for the one who leads it.
    """

    id: UUID
    code: str
    kind: str
    name: str
    manager_id: UUID | None
    meeting_point: str
    phone: str
    block_minutes: int
    cap: int
    sensitivity: str
    consent: str
    attire: tuple[str, ...]
    auto_approve: bool
    aim: str
    measures: str
    paused_from: datetime | None
    paused_until: datetime | None
    notice_days: int | None
    handover_open: bool
    remote_allowed: bool
    own_rules: tuple[str, ...]
    authorized_by: str
    authorization: str
    authorized_until: date | None
    pause_kind: str
    pause_stops: bool
    deputy_id: UUID | None
    site_id: UUID
    site_name: str
    zone: str
    parking: str
    organization_id: UUID
    organization_name: str

    @property
    def answers(self) -> UUID | None:
        """Who is asked and told for the unit: its lead, or where it has none the deputy."""
        return self.manager_id or self.deputy_id

    def led_by(self, person_id: UUID) -> bool:
        """Say whether this person leads the unit, or is the deputy of who does."""
        return person_id in {self.manager_id, self.deputy_id}

    def raised(self, level: str) -> Unit:
        """Give the unit as it is where a slot may be more sensitive: the higher rules (A8)."""
        return replace(self, sensitivity=higher(level, self.sensitivity))

    def authorized_on(self, day: date) -> bool:
        """Say whether the unit may be visited on *day*: at S3 with an authorization only (A8)."""
        if self.sensitivity != "S3":
            return True
        return self.authorized_until is not None and day <= self.authorized_until


@dataclass(frozen=True, slots=True)
class Program:
    """A named scheme with its rules."""

    id: UUID
    organization_id: UUID
    name: str
    default_template: str
    final_check: bool
    purpose: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """A program's dated run; both days are part of it."""

    id: UUID
    program_id: UUID
    code: str
    label: str
    starts_on: date
    ends_on: date
    state: str


FIELDS = tuple(person.c[name] for name in Person.__slots__ if name != "roles")


def find(db: Connection, *, person_id: UUID) -> Person:
    """Read one person.

    Raises:
        NotFound: There is nobody by that id.
    """
    return _with_roles(db, select(*FIELDS).where(person.c.id == person_id))


def find_by_email(db: Connection, *, email: str) -> Person:
    """Read the active person with this address, whatever its capitals.

    Raises:
        NotFound: Nobody active has it.
    """
    wanted = person.c.email == email.strip().lower()
    return _with_roles(db, select(*FIELDS).where(wanted, person.c.active))


def find_many(db: Connection, *, ids: Iterable[UUID]) -> Mapping[UUID, Person]:
    """Read several people at once, in two statements."""
    wanted = tuple(set(ids))
    rows = db.execute(select(*FIELDS).where(person.c.id.in_(wanted))).all()
    roles: dict[UUID, set[Role]] = {}
    for row in db.execute(select(person_role).where(person_role.c.person_id.in_(wanted))):
        roles.setdefault(row.person_id, set()).add(Role(row.role))
    return {row.id: record(Person, (*row, frozenset(roles.get(row.id, ())))) for row in rows}


def lock(db: Connection, *, person_id: UUID) -> Person:
    """Read one person and keep the row until the transaction ends: the first lock of all.

    Others may go on to refer to the person meanwhile, in the audit log for one.
    """
    mine = select(person.c.id).where(person.c.id == person_id)
    if db.execute(mine.with_for_update(key_share=True)).first() is None:
        raise NotFound(person_id=person_id)
    return find(db, person_id=person_id)


def lock_hosts(db: Connection, *, ids: Iterable[UUID]) -> None:
    """Keep the rows of hosts, in order, after the observer's: their limits count them all (A4)."""
    theirs = select(person.c.id).where(person.c.id.in_(tuple(ids))).order_by(person.c.id)
    db.execute(theirs.with_for_update(key_share=True))


def _with_roles(db: Connection, statement: Query) -> Person:
    row: AnyRow | None = db.execute(statement).first()
    if row is None:
        raise NotFound(subject="person")
    held = db.scalars(select(person_role.c.role).where(person_role.c.person_id == row.id))
    return record(Person, (*row, frozenset(Role(role) for role in held)))


def line(db: Connection, *, person_id: UUID) -> frozenset[UUID]:
    """List everybody above and below a person in the management chain, at any depth (P6)."""
    above = (
        select(person.c.id, person.c.manager_id)
        .where(person.c.id == person_id)
        .cte("above", recursive=True)
    )
    above = above.union(
        select(person.c.id, person.c.manager_id).where(person.c.id == above.c.manager_id),
    )
    below = (
        select(person.c.id, person.c.manager_id)
        .where(person.c.manager_id == person_id)
        .cte("below", recursive=True)
    )
    below = below.union(
        select(person.c.id, person.c.manager_id).where(person.c.manager_id == below.c.id),
    )
    found = db.scalars(select(above.c.id).union(select(below.c.id)))
    return frozenset(found) - {person_id}


def barred(db: Connection, *, person_id: UUID, on: date) -> frozenset[UUID]:
    """List with whom this person is not paired, either way round (P7)."""
    rows = db.execute(
        select(do_not_pair.c.one_id, do_not_pair.c.other_id).where(
            or_(do_not_pair.c.one_id == person_id, do_not_pair.c.other_id == person_id),
            or_(do_not_pair.c.ends_on.is_(None), do_not_pair.c.ends_on >= on),
        ),
    )
    return frozenset(other for row in rows for other in row) - {person_id}


def units(db: Connection, *, ids: Iterable[UUID]) -> Mapping[UUID, Unit]:
    """Read units with their sites and organizations, in one statement."""
    rows = db.execute(_units().where(unit.c.id.in_(tuple(set(ids)))))
    return {row.id: _unit(row) for row in rows}


def find_unit(db: Connection, *, unit_id: UUID) -> Unit:
    """Read one unit.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_units().where(unit.c.id == unit_id)).first()
    if row is None:
        raise NotFound(unit_id=unit_id)
    return _unit(row)


def units_of_manager(db: Connection, *, person_id: UUID) -> tuple[Unit, ...]:
    """List the units a person leads or is deputy of, by name."""
    leads = or_(unit.c.manager_id == person_id, unit_deputy.c.person_id == person_id)
    rows = db.execute(_units().where(leads).order_by(unit.c.name))
    return tuple(_unit(row) for row in rows)


def every_unit(db: Connection) -> tuple[Unit, ...]:
    """List all units there are, by name."""
    return tuple(_unit(row) for row in db.execute(_units().order_by(unit.c.name)))


def _units() -> Query:
    joined = (
        unit.join(site, unit.c.site_id == site.c.id)
        .join(organization, site.c.organization_id == organization.c.id)
        .outerjoin(unit_deputy, unit_deputy.c.unit_id == unit.c.id)
    )
    return select(
        unit,
        unit_deputy.c.person_id.label("deputy_id"),
        site.c.name.label("site_name"),
        site.c.zone,
        site.c.parking,
        site.c.organization_id,
        organization.c.name.label("organization_name"),
    ).select_from(joined)


def _unit(row: AnyRow) -> Unit:
    values = {name: row._mapping[name] for name in Unit.__slots__}  # noqa: SLF001 (public by name in SQLAlchemy)
    lists = {name: tuple(values[name]) for name in ("attire", "own_rules")}
    return Unit(**{**values, **lists})


def zone_of(db: Connection, *, site_id: UUID) -> str:
    """Name the time zone of a site."""
    zone: str = db.execute(select(site.c.zone).where(site.c.id == site_id)).scalar_one()
    return zone


def zones(db: Connection) -> Mapping[UUID, str]:
    """Name the time zone of every site."""
    return {row.id: row.zone for row in db.execute(select(site.c.id, site.c.zone))}


def home(db: Connection, *, person_id: UUID) -> tuple[str, str]:
    """Name a person's organization and the zone of where they work (the first site if no unit)."""
    unit_zone = (
        select(site.c.zone)
        .join(unit, unit.c.site_id == site.c.id)
        .where(unit.c.id == person.c.host_unit_id)
        .scalar_subquery()
    )
    first_zone = (
        select(site.c.zone)
        .where(site.c.organization_id == person.c.organization_id)
        .order_by(site.c.code)
        .limit(1)
        .scalar_subquery()
    )
    row = db.execute(
        select(organization.c.name, unit_zone, first_zone)
        .join(person, person.c.organization_id == organization.c.id)
        .where(person.c.id == person_id),
    ).one()
    return row[0], row[1] or row[2] or "UTC"


def organization_names(db: Connection, *, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Name some organizations."""
    wanted = tuple(set(ids))
    rows = db.execute(
        select(organization.c.id, organization.c.name).where(organization.c.id.in_(wanted))
    )
    return {row.id: row.name for row in rows}


def home_zones(db: Connection) -> Mapping[UUID, str]:
    """Name the time zone of each organization's first site."""
    found: dict[UUID, str] = {}
    for row in db.execute(select(site.c.organization_id, site.c.zone).order_by(site.c.code)):
        found.setdefault(row.organization_id, row.zone)
    return found


def program(db: Connection, *, program_id: UUID) -> Program:
    """Read one program."""
    row = db.execute(_programs().where(programs.c.id == program_id)).one()
    return record(Program, row)


def program_of(db: Connection, *, organization_id: UUID) -> Program:
    """Read the program in which an organization's people shadow.

    An organization without one of its own takes part in the first there is.

    Raises:
        NotFound: There is no program at all.
    """
    own_first = _programs().order_by(programs.c.organization_id != organization_id, programs.c.code)
    row = db.execute(own_first).first()
    if row is None:
        raise NotFound(subject="program")
    return record(Program, row)


def _programs() -> Query:
    return select(*(programs.c[name] for name in Program.__slots__))


def cycles(db: Connection) -> tuple[Cycle, ...]:
    """List every cycle, the latest first."""
    rows = db.execute(
        select(*(cycle.c[name] for name in Cycle.__slots__)).order_by(cycle.c.starts_on.desc()),
    )
    return tuple(record(Cycle, row) for row in rows)
