"""Units for those who look after them: lists, who comes, settings, deputies, pauses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from shadowing.domain.bookings.states import AHEAD, TOOK_PLACE, State
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.domain.people import Role
from shadowing.domain.ways import REMOTE
from shadowing.store.base import record
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.followup import commitment
from shadowing.store.tables.people import person, person_role, site, unit, unit_deputy

TOLD = (AHEAD | TOOK_PLACE | {State.CHECKED_IN}) - {State.REQUESTED}
"""What a unit knows of: from the host's yes on (section 6.2)."""
OPEN_PROMISES = ("proposed", "agreed_with_host", "in_progress")


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in a list.

    Attributes:
        coming: Visits agreed that have not ended.
        waiting: Visits that wait for the unit's yes.
    """

    id: UUID
    name: str
    site_name: str
    zone: str
    lead: str
    cap: int
    sensitivity: str
    paused_from: datetime | None
    paused_until: datetime | None
    coming: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes to a unit, with whom they come."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    state: str
    version: int
    observer: str
    observer_title: str
    host: str
    host_role: str
    kind: str
    sensitivity: str

    @property
    def interval(self) -> Interval:
        """The planned time."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def there(self) -> bool:
        """Whether they stand on the unit, so that its cap counts them (A9, B17)."""
        return self.kind != REMOTE


def led_by(db: Connection, *, person_id: UUID, now: datetime) -> tuple[Line, ...]:
    """List the units that a person leads or is deputy of, by name."""
    leads = or_(unit.c.manager_id == person_id, unit_deputy.c.person_id == person_id)
    return _lines(db, leads, now)


def of_organization(db: Connection, *, organization_id: UUID, now: datetime) -> tuple[Line, ...]:
    """List the units of an organization, by name."""
    return _lines(db, site.c.organization_id == organization_id, now)


def _lines(db: Connection, wanted: ColumnElement[bool], now: datetime) -> tuple[Line, ...]:
    here = (shift.c.unit_id == unit.c.id, shift.c.ends_at > now)
    agreed = (TOLD & AHEAD | {State.CHECKED_IN}) - {State.HOST_ACCEPTED}
    coming = select(func.count()).where(*here, shift.c.state.in_([str(each) for each in agreed]))
    waiting = select(func.count()).where(*here, shift.c.state == State.HOST_ACCEPTED.value)
    rows = db.execute(
        select(
            unit.c.id,
            unit.c.name,
            site.c.name,
            site.c.zone,
            func.coalesce(person.c.name, ""),
            unit.c.cap,
            unit.c.sensitivity,
            unit.c.paused_from,
            unit.c.paused_until,
            coming.scalar_subquery(),
            waiting.scalar_subquery(),
        )
        .join(site, unit.c.site_id == site.c.id)
        .outerjoin(unit_deputy, unit_deputy.c.unit_id == unit.c.id)
        .outerjoin(person, and_(person.c.id == unit.c.manager_id, person.c.active))
        .where(wanted)
        .order_by(unit.c.name, unit.c.id),
    )
    return tuple(record(Line, row) for row in rows)


def lock(db: Connection, *, unit_id: UUID) -> None:
    """Keep the row of a unit until the transaction ends.

    Raises:
        NotFound: There is none by that id.
    """
    mine = select(unit.c.id).where(unit.c.id == unit_id)
    if db.execute(mine.with_for_update(key_share=True)).first() is None:
        raise NotFound(unit_id=unit_id)


def comers(
    db: Connection,
    *,
    unit_id: UUID,
    span: Interval,
    states: Collection[State] = TOLD,
) -> tuple[Comer, ...]:
    """List who comes to a unit at some time of *span*, by start."""
    visitor, host = person.alias("visitor"), person.alias("host")
    rows = db.execute(
        select(
            shift.c.id,
            shift.c.starts_at,
            shift.c.ends_at,
            shift.c.state,
            shift.c.version,
            visitor.c.name,
            visitor.c.title,
            host.c.name,
            shift.c.host_role,
            shift.c.kind,
            shift.c.sensitivity,
        )
        .join(visitor, visitor.c.id == shift.c.observer_id)
        .join(host, host.c.id == shift.c.host_id)
        .where(
            shift.c.unit_id == unit_id,
            shift.c.state.in_([str(state) for state in states]),
            shift.c.starts_at < span.end,
            shift.c.ends_at > span.start,
        )
        .order_by(shift.c.starts_at, shift.c.id),
    )
    return tuple(record(Comer, row) for row in rows)


def hosts_of(db: Connection, *, unit_id: UUID) -> tuple[UUID, ...]:
    """List the active hosts of a unit."""
    rows = db.scalars(
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(person.c.host_unit_id == unit_id, person.c.active, person_role.c.role == Role.HOST)
        .order_by(person.c.id),
    )
    return tuple(rows)


def open_promises(db: Connection, *, unit_id: UUID) -> int:
    """Count the promises made to a unit of which the outcome is not there yet."""
    wanted = and_(commitment.c.unit_id == unit_id, commitment.c.state.in_(OPEN_PROMISES))
    found: int = db.execute(
        select(func.count()).select_from(commitment).where(wanted),
    ).scalar_one()
    return found


def change(db: Connection, *, unit_id: UUID, values: Mapping[str, object]) -> None:
    """Write settings of a unit."""
    db.execute(update(unit).where(unit.c.id == unit_id).values(**values))


def name_deputy(db: Connection, *, unit_id: UUID, person_id: UUID | None) -> None:
    """Put somebody in the place of a unit's deputy, or nobody; the new one may act for units."""
    db.execute(delete(unit_deputy).where(unit_deputy.c.unit_id == unit_id))
    if person_id is None:
        return
    db.execute(insert(unit_deputy).values(unit_id=unit_id, person_id=person_id))
    _give_role(db, person_id)


def name_lead(db: Connection, *, unit_id: UUID, person_id: UUID | None) -> None:
    """Let somebody lead a unit, or nobody; the new one may act for units."""
    db.execute(update(unit).where(unit.c.id == unit_id).values(manager_id=person_id))
    if person_id is not None:
        _give_role(db, person_id)


def _give_role(db: Connection, person_id: UUID) -> None:
    held = select(person_role.c.role).where(
        person_role.c.person_id == person_id, person_role.c.role == Role.UNIT_MANAGER
    )
    if db.execute(held).first() is None:
        db.execute(insert(person_role).values(person_id=person_id, role=Role.UNIT_MANAGER))


def without_lead(
    db: Connection, *, organization_id: UUID, limit: int
) -> tuple[tuple[UUID, str, bool], ...]:
    """List the units of an organization that nobody active leads, and whether a deputy does."""
    rows = db.execute(
        select(unit.c.id, unit.c.name, unit_deputy.c.person_id.is_not(None))
        .join(site, unit.c.site_id == site.c.id)
        .outerjoin(unit_deputy, unit_deputy.c.unit_id == unit.c.id)
        .outerjoin(person, and_(person.c.id == unit.c.manager_id, person.c.active))
        .where(site.c.organization_id == organization_id, person.c.id.is_(None))
        .order_by(unit.c.name, unit.c.id)
        .limit(limit)
    )
    return tuple((row[0], row[1], bool(row[2])) for row in rows)


def may_be_deputy(db: Connection, *, unit_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """List who could lead a unit, or stand in: those who work there, and leads of the house."""
    house = (
        select(site.c.organization_id)
        .join(unit, unit.c.site_id == site.c.id)
        .where(unit.c.id == unit_id)
        .scalar_subquery()
    )
    leads = select(person_role.c.person_id).where(person_role.c.role == Role.UNIT_MANAGER)
    near = or_(
        person.c.host_unit_id == unit_id,
        and_(person.c.organization_id == house, person.c.id.in_(leads)),
    )
    rows = db.execute(
        select(person.c.id, person.c.name)
        .where(near, person.c.active, person.c.email.is_not(None))
        .order_by(person.c.name, person.c.id),
    )
    return tuple((row.id, row.name) for row in rows)


def stopping(db: Connection, *, at: datetime) -> tuple[UUID, ...]:
    """List the shifts that lie in a pause which stops what is booked, and still stand (A7)."""
    ahead = shift.c.state.in_([str(state) for state in AHEAD])
    rows = db.scalars(
        select(shift.c.id)
        .join(unit, unit.c.id == shift.c.unit_id)
        .where(
            unit.c.pause_stops,
            unit.c.paused_until > at,
            ahead,
            shift.c.starts_at < unit.c.paused_until,
            shift.c.ends_at > unit.c.paused_from,
        )
        .order_by(shift.c.starts_at, shift.c.id),
    )
    return tuple(rows)
