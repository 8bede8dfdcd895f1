"""What letters and feeds name: a person's whole calendar in one statement, a site, a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from shadowing.domain.errors import NotFound
from shadowing.store.accounts.tokens import FeedOf
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import calendar_event, shift
from shadowing.store.tables.cohort import cohort_day
from shadowing.store.tables.followup import debrief
from shadowing.store.tables.journal import audit
from shadowing.store.tables.people import person, site, unit


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One event of one person, with all that is said in it."""

    uid: str
    kind: str
    status: str
    sequence: int
    stamp: datetime
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    shift_id: UUID
    observer_id: UUID
    state: str
    mode: str
    shift_kind: str
    join_at: str
    what: str
    host_role: str
    observer_name: str
    observer_post_nominal: str
    observer_title: str
    host_name: str
    host_post_nominal: str
    host_title: str
    unit_name: str | None
    meeting_point: str | None
    phone: str | None
    attire: tuple[str, ...]
    site_name: str
    parking: str
    joint: str | None
    joint_room: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A site, as a message names it."""

    name: str
    zone: str
    parking: str


OBSERVER: Final = person.alias("observer")
HOST: Final = person.alias("host")
IN_A_FEED: Final = (
    calendar_event.c.uid,
    calendar_event.c.kind,
    calendar_event.c.status,
    calendar_event.c.sequence,
    calendar_event.c.stamp,
    calendar_event.c.created_at,
    calendar_event.c.starts_at,
    calendar_event.c.ends_at,
    calendar_event.c.shift_id,
    shift.c.observer_id,
    shift.c.state,
    shift.c.mode,
    shift.c.kind.label("shift_kind"),
    shift.c.join_at,
    shift.c.what,
    shift.c.host_role,
    OBSERVER.c.name.label("observer_name"),
    OBSERVER.c.post_nominal.label("observer_post_nominal"),
    OBSERVER.c.title.label("observer_title"),
    HOST.c.name.label("host_name"),
    HOST.c.post_nominal.label("host_post_nominal"),
    HOST.c.title.label("host_title"),
    unit.c.name.label("unit_name"),
    func.coalesce(unit.c.meeting_point, slot.c.room).label("meeting_point"),
    unit.c.phone,
    unit.c.attire,
    site.c.name.label("site_name"),
    site.c.parking,
    cohort_day.c.name.label("joint"),
    cohort_day.c.room.label("joint_room"),
)


def rows(
    db: Connection,
    *,
    person_id: UUID,
    since: datetime,
    until: datetime,
    cancelled_since: datetime,
) -> tuple[FeedRow, ...]:
    """List a person's events by start; cancelled ones only while they were so recently."""
    own = calendar_event.c.person_id == person_id
    return _rows(db, (own, _near(since, until), _shown(cancelled_since)))


def shared_rows(
    db: Connection,
    *,
    of: FeedOf,
    since: datetime,
    until: datetime,
    cancelled_since: datetime,
) -> tuple[FeedRow, ...]:
    """List the shifts of a unit or a program that were ever confirmed, one event each (6.2).

    It is the visitor's event of the shift: it has the time, the version and the status.
    """
    confirmed = exists().where(audit.c.subject_id == shift.c.id, audit.c.to_state == "confirmed")
    theirs = shift.c.unit_id == of.unit_id if of.unit_id else shift.c.program_id == of.program_id
    of_visitor = and_(
        calendar_event.c.person_id == shift.c.observer_id, calendar_event.c.kind == "shift"
    )
    firm = calendar_event.c.status != "TENTATIVE"
    asked = (theirs, of_visitor, firm, confirmed, _near(since, until), _shown(cancelled_since))
    return _rows(db, asked)


def _near(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(calendar_event.c.ends_at > since, calendar_event.c.starts_at < until)


def _shown(cancelled_since: datetime) -> ColumnElement[bool]:
    stands = calendar_event.c.status != "CANCELLED"
    return or_(stands, calendar_event.c.stamp > cancelled_since)


def _rows(db: Connection, asked: Iterable[ColumnElement[bool]]) -> tuple[FeedRow, ...]:
    found = db.execute(
        select(*IN_A_FEED)
        .join(shift, calendar_event.c.shift_id == shift.c.id)
        .join(OBSERVER, shift.c.observer_id == OBSERVER.c.id)
        .join(HOST, shift.c.host_id == HOST.c.id)
        .join(site, shift.c.site_id == site.c.id)
        .outerjoin(unit, shift.c.unit_id == unit.c.id)
        .outerjoin(slot, shift.c.slot_id == slot.c.id)
        .outerjoin(debrief, debrief.c.shift_id == shift.c.id)
        .outerjoin(cohort_day, cohort_day.c.id == debrief.c.cohort_day_id)
        .where(*asked)
        .order_by(calendar_event.c.starts_at, calendar_event.c.uid),
    )
    return tuple(FeedRow(**{**row._mapping, "attire": tuple(row.attire or ())}) for row in found)  # noqa: SLF001 (public by name in SQLAlchemy)


def place(db: Connection, *, site_id: UUID) -> Place:
    """Read a site.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(
        select(site.c.name, site.c.zone, site.c.parking).where(site.c.id == site_id),
    ).first()
    if row is None:
        raise NotFound(site_id=site_id)
    return Place(*row)
