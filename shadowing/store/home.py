"""What the start pages ask: what is owed after shifts, where one has been, what became of promises.

One statement each, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    case,
    func,
    or_,
    select,
)

from shadowing.domain.bookings.states import TOOK_PLACE, State
from shadowing.store.base import Query, record
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.day import shift_day
from shadowing.store.tables.followup import commitment, debrief, reflection
from shadowing.store.tables.people import person, site, unit, unit_deputy

CLOSED: Final = "seen_by_host"
VOID: Final = "void"
OPEN_AFTER: Final = tuple(state.value for state in TOOK_PLACE - {State.CLOSED})
MOST: Final = 50


@dataclass(frozen=True, slots=True)
class After:
    """A shift that is over and not yet closed, for one of its two people.

    Attributes:
        other: Name of the other person.
        observer_at: When that side was sent, if it was; ``host_at`` likewise.
        promises: How many stand.
    """

    shift_id: UUID
    observer_id: UUID
    state: str
    ends_at: datetime
    zone: str
    unit: str
    other: str
    debrief_at: datetime | None
    debrief_state: str | None
    no_promise_reason: str | None
    observer_at: datetime | None
    host_at: datetime | None
    promises: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One shift that somebody has seen as a visitor."""

    unit_id: UUID | None
    unit: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    zone: str
    local_date: date


@dataclass(frozen=True, slots=True)
class Said:
    """One promise, with what the unit had said."""

    id: UUID
    shift_id: UUID
    owner: str
    unit: str
    saw: str
    action: str
    state: str
    due_on: date
    first_due_on: date
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Loops:
    """How many promises have come full circle: their host has seen the outcome (F13)."""

    closed: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: nothing is closed before it is."""
        return 100 * self.closed // self.total if self.total else 0


def after(db: Connection, *, person_id: UUID) -> tuple[After, ...]:
    """List the shifts of a person that are over and not yet closed, the oldest first."""
    return _after(db, person_id, shift.c.state.in_(OPEN_AFTER))


def not_recorded(db: Connection, *, person_id: UUID, now: datetime) -> tuple[After, ...]:
    """List the shifts of a person that are over, with nobody checked in and no word of theirs."""
    mine = or_(
        and_(shift.c.observer_id == person_id, shift_day.c.observer_says.is_(None)),
        and_(shift.c.host_id == person_id, shift_day.c.host_says.is_(None)),
    )
    over = and_(_in(State.CONFIRMED), shift.c.ends_at <= now, shift_day.c.shift_id.is_not(None))
    return _after(db, person_id, and_(over, mine))


def _after(db: Connection, person_id: UUID, wanted: ColumnElement[bool]) -> tuple[After, ...]:
    mine = shift.c.observer_id == person_id
    other = case((mine, shift.c.host_id), else_=shift.c.observer_id)
    visitor, host = reflection.alias("of_visitor"), reflection.alias("of_host")
    promises = (
        select(func.count())
        .where(commitment.c.shift_id == shift.c.id, commitment.c.state != VOID)
        .scalar_subquery()
    )
    rows = db.execute(
        select(
            shift.c.id,
            shift.c.observer_id,
            shift.c.state,
            shift.c.ends_at,
            site.c.zone,
            func.coalesce(unit.c.name, shift.c.what),
            person.c.name,
            debrief.c.starts_at,
            debrief.c.state,
            debrief.c.no_commitment_reason,
            visitor.c.submitted_at,
            host.c.submitted_at,
            promises,
        )
        .join(site, site.c.id == shift.c.site_id)
        .join(person, person.c.id == other)
        .outerjoin(unit, unit.c.id == shift.c.unit_id)
        .outerjoin(debrief, debrief.c.shift_id == shift.c.id)
        .outerjoin(visitor, _sent(visitor, "observer"))
        .outerjoin(host, _sent(host, "host"))
        .outerjoin(shift_day, shift_day.c.shift_id == shift.c.id)
        .where(or_(mine, shift.c.host_id == person_id), wanted)
        .order_by(shift.c.ends_at, shift.c.id),
    )
    return tuple(record(After, row) for row in rows)


def _sent(side: FromClause, name: str) -> ColumnElement[bool]:
    in_it = and_(side.c.shift_id == shift.c.id, side.c.side == name)
    return and_(in_it, side.c.submitted_at.is_not(None), side.c.state != "deleted")


def visits(db: Connection, *, observer_id: UUID) -> tuple[Visit, ...]:
    """List what somebody has seen, the latest first."""
    rows = db.execute(
        select(
            shift.c.unit_id,
            func.coalesce(unit.c.name, shift.c.what),
            shift.c.starts_at,
            shift.c.ends_at,
            func.coalesce(shift.c.minutes, 0),
            site.c.zone,
            shift.c.local_date,
        )
        .join(site, site.c.id == shift.c.site_id)
        .outerjoin(unit, unit.c.id == shift.c.unit_id)
        .where(
            shift.c.observer_id == observer_id,
            shift.c.state.in_([state.value for state in TOOK_PLACE]),
        )
        .order_by(shift.c.starts_at.desc()),
    )
    return tuple(record(Visit, row) for row in rows)


def units_of(db: Connection, *, organization_id: UUID) -> int:
    """Count the units of an organization."""
    found: int = db.execute(
        select(func.count())
        .select_from(unit.join(site, unit.c.site_id == site.c.id))
        .where(site.c.organization_id == organization_id),
    ).scalar_one()
    return found


def said_by(db: Connection, *, owner_id: UUID, states: Collection[str]) -> tuple[Said, ...]:
    """List promises that somebody made, the next date first."""
    wanted = and_(commitment.c.owner_id == owner_id, commitment.c.state.in_(tuple(states)))
    return _said(db, _promises().where(wanted).order_by(commitment.c.due_on, commitment.c.id))


def said_to(db: Connection, *, host_id: UUID, states: Collection[str]) -> tuple[Said, ...]:
    """List promises that were made to a host, what changed last first."""
    wanted = and_(commitment.c.host_id == host_id, commitment.c.state.in_(tuple(states)))
    newest_first = (commitment.c.changed_at.desc(), commitment.c.id)
    return _said(db, _promises().where(wanted).order_by(*newest_first))


def _promises() -> Query:
    return (
        select(
            commitment.c.id,
            commitment.c.shift_id,
            person.c.name,
            func.coalesce(unit.c.name, shift.c.what),
            commitment.c.saw,
            commitment.c.action,
            commitment.c.state,
            commitment.c.due_on,
            commitment.c.first_due_on,
            commitment.c.created_at,
            commitment.c.changed_at,
        )
        .join(shift, shift.c.id == commitment.c.shift_id)
        .join(person, person.c.id == commitment.c.owner_id)
        .outerjoin(unit, unit.c.id == commitment.c.unit_id)
        .limit(MOST)
    )


def _said(db: Connection, statement: Query) -> tuple[Said, ...]:
    return tuple(record(Said, row) for row in db.execute(statement))


def loops(db: Connection, *, of: str, key: UUID) -> Loops:
    """Count the promises of an ``owner``, ``host``, ``manager`` of units, or ``program``.

    Hosts who have left can see no outcome any more, so what was promised to them is not counted
    unless they had seen it (F13).
    """
    columns = {
        "owner": commitment.c.owner_id,
        "host": commitment.c.host_id,
        "manager": case((unit_deputy.c.person_id == key, key), else_=unit.c.manager_id),
        "program": shift.c.program_id,
    }
    seen = commitment.c.state == CLOSED
    counted = and_(commitment.c.state != VOID, or_(seen, person.c.active))
    row = db.execute(
        select(
            func.count(case((seen, 1))),
            func.count(case((counted, 1))),
        )
        .select_from(commitment)
        .join(shift, shift.c.id == commitment.c.shift_id)
        .join(person, person.c.id == commitment.c.host_id)
        .outerjoin(unit, unit.c.id == commitment.c.unit_id)
        .outerjoin(unit_deputy, unit_deputy.c.unit_id == unit.c.id)
        .where(columns[of] == key),
    ).one()
    return Loops(row[0], row[1])


def asked_of_units(db: Connection, *, manager_id: UUID, now: datetime) -> int:
    """Count the visits that wait for the yes of somebody's units."""
    found: int = db.execute(
        select(func.count())
        .select_from(shift.join(unit, unit.c.id == shift.c.unit_id))
        .outerjoin(unit_deputy, unit_deputy.c.unit_id == unit.c.id)
        .where(or_(unit.c.manager_id == manager_id, unit_deputy.c.person_id == manager_id))
        .where(_in(State.HOST_ACCEPTED), shift.c.ends_at > now),
    ).scalar_one()
    return found


def _in(*states: State) -> ColumnElement[bool]:
    return shift.c.state.in_([state.value for state in states])
