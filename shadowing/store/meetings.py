"""Meetings that administrators let clinicians come along to: slots without a unit (B16)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select, update

from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.domain.policy import REVERSE
from shadowing.store.base import Query, record
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.people import person, site

MOST = 200


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with who offers it and the building it is in."""

    id: UUID
    host_id: UUID
    site_id: UUID
    what: str
    room: str
    starts_at: datetime
    ends_at: datetime
    local_date: date
    band: str
    seats: int
    taken: int
    state: str
    host_name: str
    host_title: str
    site_name: str
    zone: str

    @property
    def interval(self) -> Interval:
        """The time of it."""
        return Interval(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Site:
    """A building to choose."""

    id: UUID
    name: str
    zone: str


def sites(db: Connection, *, organization_id: UUID) -> tuple[Site, ...]:
    """List the buildings of an organization, by name."""
    wanted = select(site.c.id, site.c.name, site.c.zone)
    found = wanted.where(site.c.organization_id == organization_id).order_by(site.c.name)
    return tuple(record(Site, row) for row in db.execute(found))


def _meetings() -> Query:
    columns = [slot.c[name] for name in Meeting.__slots__ if name in slot.c]
    return (
        select(
            *columns,
            person.c.name.label("host_name"),
            person.c.title.label("host_title"),
            site.c.name.label("site_name"),
            site.c.zone,
        )
        .join(person, person.c.id == slot.c.host_id)
        .join(site, site.c.id == slot.c.site_id)
        .where(slot.c.kind == REVERSE)
    )


def find(db: Connection, *, meeting_id: UUID) -> Meeting:
    """Read one meeting, whatever its state.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_meetings().where(slot.c.id == meeting_id)).first()
    if row is None:
        raise NotFound(meeting_id=meeting_id)
    return record(Meeting, row)


def lock(db: Connection, *, meeting_id: UUID) -> Meeting:
    """Read one meeting and keep its row: the second lock, after the person's."""
    db.execute(select(slot.c.id).where(slot.c.id == meeting_id).with_for_update(key_share=True))
    return find(db, meeting_id=meeting_id)


def offered(
    db: Connection, *, organization_id: UUID, after: datetime, limit: int = MOST, offset: int = 0
) -> tuple[Meeting, ...]:
    """List what the people of an organization offer, soonest first."""
    theirs = (
        site.c.organization_id == organization_id,
        slot.c.state == "open",
        slot.c.starts_at > after,
    )
    wanted = _meetings().where(*theirs).order_by(slot.c.starts_at, slot.c.id)
    rows = db.execute(wanted.limit(limit).offset(offset))
    return tuple(record(Meeting, row) for row in rows)


def listed(
    db: Connection,
    *,
    organization_id: UUID,
    after: datetime,
    until: datetime | None,
    bands: Collection[str],
    past: tuple[datetime, UUID] | None,
    limit: int,
) -> tuple[Meeting, ...]:
    """List what is offered between two instants, from where a page before ended."""
    wanted = _meetings().where(
        site.c.organization_id == organization_id,
        slot.c.state == "open",
        slot.c.starts_at >= after,
    )
    if until:
        wanted = wanted.where(slot.c.starts_at < until)
    if bands:
        wanted = wanted.where(slot.c.band.in_(tuple(bands)))
    if past:
        later = (slot.c.starts_at == past[0]) & (slot.c.id > past[1])
        wanted = wanted.where((slot.c.starts_at > past[0]) | later)
    rows = db.execute(wanted.order_by(slot.c.starts_at, slot.c.id).limit(limit))
    return tuple(record(Meeting, row) for row in rows)


def is_one(db: Connection, *, slot_id: UUID) -> bool:
    """Say whether a slot is a meeting."""
    return db.scalar(select(slot.c.kind).where(slot.c.id == slot_id)) == REVERSE


def count_offered(db: Connection, *, organization_id: UUID, after: datetime) -> int:
    """Count what :func:`offered` lists, without end."""
    found: int = db.execute(
        select(func.count())
        .select_from(slot.join(site, site.c.id == slot.c.site_id))
        .where(
            slot.c.kind == REVERSE,
            site.c.organization_id == organization_id,
            slot.c.state == "open",
            slot.c.starts_at > after,
        ),
    ).scalar_one()
    return found


def of_host(db: Connection, *, host_id: UUID, after: datetime) -> tuple[Meeting, ...]:
    """List what one person offers, soonest first; what they took back too, if somebody comes."""
    wanted = _meetings().where(
        slot.c.host_id == host_id,
        slot.c.ends_at > after,
        (slot.c.state == "open") | (slot.c.taken > 0),
    )
    in_order = wanted.order_by(slot.c.starts_at, slot.c.id).limit(MOST)
    return tuple(record(Meeting, row) for row in db.execute(in_order))


def comers(
    db: Connection, *, meeting_ids: Collection[UUID]
) -> Mapping[UUID, tuple[tuple[UUID, str, str], ...]]:
    """Say who asked to come or comes: shift, name and state, by meeting."""
    rows = db.execute(
        select(shift.c.slot_id, shift.c.id, person.c.name, shift.c.state)
        .join(person, person.c.id == shift.c.observer_id)
        .where(
            shift.c.slot_id.in_(tuple(meeting_ids)),
            shift.c.state.not_in([str(state) for state in DID_NOT_TAKE_PLACE]),
        )
        .order_by(shift.c.requested_at, shift.c.id),
    )
    found: dict[UUID, tuple[tuple[UUID, str, str], ...]] = {}
    for row in rows:
        found[row.slot_id] = (*found.get(row.slot_id, ()), (row.id, row.name, row.state))
    return found


def add(db: Connection, values: Mapping[str, object]) -> UUID:
    """Write a new meeting; nobody is asked but who offers it, so every seat waits for a yes."""
    made = uuid4()
    plain = {"id": made, "kind": REVERSE, "unit_id": None, "mode": "ask", "span": ""}
    db.execute(insert(slot).values(**plain, host_role="", **values))
    return made


def take_back(db: Connection, *, meeting_id: UUID) -> None:
    """Offer a meeting no longer; what was agreed stands."""
    db.execute(update(slot).where(slot.c.id == meeting_id).values(state="withdrawn"))


def room_of(db: Connection, *, slot_id: UUID | None) -> str:
    """Say where a meeting is; nothing for a shift that is at none."""
    found = db.scalar(select(slot.c.room).where(slot.c.id == slot_id)) if slot_id else ""
    return str(found or "")


def on_day(db: Connection, *, organization_id: UUID, day: date) -> tuple[Meeting, ...]:
    """List the meetings of an organization on a day: on offer, or with somebody who comes (B14)."""
    wanted = _meetings().where(
        site.c.organization_id == organization_id,
        slot.c.local_date == day,
        (slot.c.state == "open") | (slot.c.taken > 0),
    )
    in_order = wanted.order_by(slot.c.starts_at, slot.c.id).limit(MOST)
    return tuple(record(Meeting, row) for row in db.execute(in_order))
