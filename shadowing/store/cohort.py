"""Cohort days: the day with its joint talk, whom it invites, and what they have booked (B14)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, update

from shadowing.domain.bookings.cohort import Standing
from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.domain.policy import REVERSE
from shadowing.store.base import Query, record
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.cohort import cohort_day, cohort_guest
from shadowing.store.tables.followup import debrief
from shadowing.store.tables.people import person, program, site, unit

GONE: Final = tuple(str(state) for state in DID_NOT_TAKE_PLACE)
FOLLOWS: Final = (
    "unit_approved",
    "cleared",
    "confirmed",
    "checked_in",
    "completed",
    "ended_early",
)
"""States of a shift whose talk is still ahead."""
A_FEW: Final = 20
WAITS: Final = ("held_slot", "moved")
HOST: Final = person.alias("host")


@dataclass(frozen=True, slots=True)
class Day:
    """A cohort day, with the building it is in and whose it is."""

    id: UUID
    program_id: UUID
    site_id: UUID
    name: str
    purpose: str
    local_date: date
    talk_starts_at: datetime
    talk_ends_at: datetime
    room: str
    state: str
    version: int
    organization_id: UUID
    program_name: str
    site_name: str
    zone: str

    @property
    def talk(self) -> Interval:
        """When the joint talk is."""
        return Interval(self.talk_starts_at, self.talk_ends_at)


@dataclass(frozen=True, slots=True)
class Booked:
    """What one of the day's people has asked for or booked on it.

    Attributes:
        joint: Its talk is the joint one.
        talk_at: When its talk is, once one is held.
    """

    shift_id: UUID
    observer_id: UUID
    host_id: UUID
    host_name: str
    unit_id: UUID
    unit_name: str
    starts_at: datetime
    ends_at: datetime
    state: str
    mode: str
    joint: bool
    talk_at: datetime | None


def _days() -> Query:
    own = [cohort_day.c[name] for name in Day.__slots__ if name in cohort_day.c]
    return (
        select(
            *own,
            program.c.organization_id,
            program.c.name.label("program_name"),
            site.c.name.label("site_name"),
            site.c.zone,
        )
        .join(program, program.c.id == cohort_day.c.program_id)
        .join(site, site.c.id == cohort_day.c.site_id)
    )


def find(db: Connection, *, day_id: UUID) -> Day:
    """Read one day.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_days().where(cohort_day.c.id == day_id)).first()
    if row is None:
        raise NotFound(day_id=day_id)
    return record(Day, row)


def lock(db: Connection, *, day_id: UUID) -> Day:
    """Read one day and keep its row; nothing else is locked with it."""
    db.execute(select(cohort_day.c.id).where(cohort_day.c.id == day_id).with_for_update())
    return find(db, day_id=day_id)


def in_house(
    db: Connection,
    *,
    organization_id: UUID,
    on: date,
    past: bool,
    site_ids: Collection[UUID] | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[Day, ...]:
    """List the days of an organization's programs, ahead soonest first, or past ones latest first.

    Args:
        db: In a transaction.
        organization_id: Whose programs.
        on: Today.
        past: Those that are over, instead of those ahead.
        site_ids: Planned ones in these buildings alone.
        limit: At most so many.
        offset: After so many.
    """
    wanted = _days().where(program.c.organization_id == organization_id, _when(on, past=past))
    if site_ids is not None:
        wanted = wanted.where(_planned(), cohort_day.c.site_id.in_(tuple(site_ids)))
    return _listed(db, wanted, past=past, limit=limit, offset=offset)


def count_in_house(
    db: Connection,
    *,
    organization_id: UUID,
    on: date,
    past: bool,
    site_ids: Collection[UUID] | None = None,
) -> int:
    """Count what :func:`in_house` lists, without end."""
    wanted = (
        select(func.count())
        .select_from(cohort_day.join(program, program.c.id == cohort_day.c.program_id))
        .where(program.c.organization_id == organization_id, _when(on, past=past))
    )
    if site_ids is not None:
        wanted = wanted.where(_planned(), cohort_day.c.site_id.in_(tuple(site_ids)))
    found: int = db.execute(wanted).scalar_one()
    return found


def of_guest(
    db: Connection, *, person_id: UUID, on: date, past: bool, limit: int, offset: int = 0
) -> tuple[Day, ...]:
    """List the planned days that somebody is invited to."""
    wanted = _days().where(_invites(person_id), _planned(), _when(on, past=past))
    return _listed(db, wanted, past=past, limit=limit, offset=offset)


def count_of_guest(db: Connection, *, person_id: UUID, on: date, past: bool) -> int:
    """Count what :func:`of_guest` lists, without end."""
    wanted = (_invites(person_id), _planned(), _when(on, past=past))
    found: int = db.execute(
        select(func.count()).select_from(cohort_day).where(*wanted)
    ).scalar_one()
    return found


def _when(on: date, *, past: bool) -> ColumnElement[bool]:
    over = or_(cohort_day.c.local_date < on, cohort_day.c.state == Standing.CANCELLED.value)
    return over if past else ~over


def _planned() -> ColumnElement[bool]:
    return cohort_day.c.state == Standing.PLANNED.value


def _invites(person_id: UUID | ColumnElement[UUID]) -> ColumnElement[bool]:
    return exists().where(
        cohort_guest.c.day_id == cohort_day.c.id, cohort_guest.c.person_id == person_id
    )


def _listed(
    db: Connection, wanted: Query, *, past: bool, limit: int, offset: int
) -> tuple[Day, ...]:
    at = cohort_day.c.local_date
    in_order = wanted.order_by(at.desc() if past else at, cohort_day.c.name, cohort_day.c.id)
    return tuple(record(Day, row) for row in db.execute(in_order.limit(limit).offset(offset)))


def without_meeting(db: Connection, *, organization_id: UUID, on: date) -> tuple[Day, ...]:
    """List the planned days ahead of an organization on which no meeting is on offer (B14)."""
    building = site.alias("meeting_site")
    offered = exists().where(
        slot.c.kind == REVERSE,
        slot.c.local_date == cohort_day.c.local_date,
        or_(slot.c.state == "open", slot.c.taken > 0),
        slot.c.site_id == building.c.id,
        building.c.organization_id == organization_id,
    )
    wanted = _days().where(
        program.c.organization_id == organization_id, _planned(), _when(on, past=False), ~offered
    )
    return _listed(db, wanted, past=False, limit=A_FEW, offset=0)


def planned_for(db: Connection, *, person_id: UUID, site_id: UUID, on: date) -> tuple[Day, ...]:
    """List the planned days of somebody on a date in a building, the earliest talk first."""
    wanted = _days().where(
        _invites(person_id),
        _planned(),
        cohort_day.c.local_date == on,
        cohort_day.c.site_id == site_id,
    )
    in_order = wanted.order_by(cohort_day.c.talk_starts_at, cohort_day.c.id)
    return tuple(record(Day, row) for row in db.execute(in_order))


def add(db: Connection, values: Mapping[str, object]) -> UUID:
    """Write a new day."""
    made = uuid4()
    db.execute(insert(cohort_day).values(id=made, **values))
    return made


def change(db: Connection, *, day_id: UUID, **values: object) -> None:
    """Write what became of a day."""
    db.execute(update(cohort_day).where(cohort_day.c.id == day_id).values(**values))


def counts(db: Connection, *, day_ids: Collection[UUID]) -> Mapping[UUID, tuple[int, int]]:
    """Count whom days invite, and how many of them have a shift on it that stands."""
    has = exists().where(
        shift.c.observer_id == cohort_guest.c.person_id,
        shift.c.local_date == cohort_day.c.local_date,
        shift.c.site_id == cohort_day.c.site_id,
        shift.c.kind != REVERSE,
        shift.c.state.not_in(GONE),
    )
    rows = db.execute(
        select(
            cohort_day.c.id,
            func.count(cohort_guest.c.person_id),
            func.count(cohort_guest.c.person_id).filter(has),
        )
        .join(cohort_guest, cohort_guest.c.day_id == cohort_day.c.id)
        .join(person, and_(person.c.id == cohort_guest.c.person_id, person.c.active))
        .where(cohort_day.c.id.in_(tuple(day_ids)))
        .group_by(cohort_day.c.id),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def booked(
    db: Connection, day: Day, *, unit_ids: Collection[UUID] | None = None
) -> tuple[Booked, ...]:
    """List what the day's people have asked for or booked on it, by start.

    Args:
        db: In a transaction.
        day: Which.
        unit_ids: On these units alone.
    """
    wanted = (
        _booked(day)
        .join(HOST, HOST.c.id == shift.c.host_id)
        .join(unit, unit.c.id == shift.c.unit_id)
        .join(
            cohort_guest,
            and_(cohort_guest.c.person_id == shift.c.observer_id, cohort_guest.c.day_id == day.id),
        )
        .outerjoin(debrief, debrief.c.shift_id == shift.c.id)
        .where(
            shift.c.local_date == day.local_date,
            shift.c.site_id == day.site_id,
            shift.c.kind != REVERSE,
            shift.c.state.not_in(GONE),
        )
        .order_by(shift.c.starts_at, shift.c.id)
    )
    if unit_ids is not None:
        wanted = wanted.where(shift.c.unit_id.in_(tuple(unit_ids)))
    return tuple(record(Booked, row) for row in db.execute(wanted))


def _booked(day: Day) -> Query:
    joint = func.coalesce(debrief.c.cohort_day_id == day.id, False)
    return select(
        shift.c.id,
        shift.c.observer_id,
        shift.c.host_id,
        HOST.c.name,
        shift.c.unit_id,
        unit.c.name,
        shift.c.starts_at,
        shift.c.ends_at,
        shift.c.state,
        shift.c.mode,
        joint,
        debrief.c.starts_at,
    )


def unsettled(db: Connection, *, at: datetime, day_id: UUID | None = None) -> tuple[UUID, ...]:
    """List the shifts whose talk points elsewhere than their day says.

    It should be the joint one and is not; or it is, and the day has moved, was called off, or is
    theirs no more. What is past stays as it was.
    """
    wanted = [_stale(at), _joining(at)]
    if day_id is not None:
        wanted = [each.where(cohort_day.c.id == day_id) for each in wanted]
    return tuple(sorted({row for each in wanted for row in db.scalars(each)}))


def _stale(at: datetime) -> Query:
    """Select shifts whose talk points to a day that has changed, or is theirs no more."""
    here = and_(
        cohort_day.c.local_date == shift.c.local_date,
        cohort_day.c.site_id == shift.c.site_id,
        _planned(),
        _invites(shift.c.observer_id),
    )
    return (
        select(shift.c.id)
        .select_from(cohort_day)
        .join(debrief, debrief.c.cohort_day_id == cohort_day.c.id)
        .join(shift, shift.c.id == debrief.c.shift_id)
        .where(
            *_ahead(),
            debrief.c.starts_at > at,
            or_(~here, debrief.c.cohort_version != cohort_day.c.version),
        )
    )


def _joining(at: datetime) -> Query:
    """Select shifts that are of a day and keep a talk of their own, from the few days on."""
    theirs = and_(
        shift.c.observer_id == cohort_guest.c.person_id,
        shift.c.local_date == cohort_day.c.local_date,
        shift.c.site_id == cohort_day.c.site_id,
    )
    return (
        select(shift.c.id)
        .select_from(cohort_day)
        .join(cohort_guest, cohort_guest.c.day_id == cohort_day.c.id)
        .join(shift, theirs)
        .join(debrief, debrief.c.shift_id == shift.c.id)
        .where(
            *_ahead(),
            _planned(),
            cohort_day.c.talk_starts_at > at,
            debrief.c.cohort_day_id.is_(None),
            shift.c.kind != REVERSE,
            shift.c.ends_at <= cohort_day.c.talk_starts_at,
        )
    )


def _ahead() -> tuple[ColumnElement[bool], ...]:
    return shift.c.state.in_(FOLLOWS), debrief.c.state.in_(WAITS)


def joint_of(db: Connection, *, shift_id: UUID) -> tuple[str, str]:
    """Name the day and the room of a shift's joint talk; nothing where its talk is its own."""
    row = db.execute(
        select(cohort_day.c.name, cohort_day.c.room)
        .join(debrief, debrief.c.cohort_day_id == cohort_day.c.id)
        .where(debrief.c.shift_id == shift_id),
    ).first()
    return (row.name, row.room) if row else ("", "")
