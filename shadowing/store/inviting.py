"""Whom hosts have invited to come along (B15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.store.base import Query, record
from shadowing.store.tables.availability import slot
from shadowing.store.tables.inviting import leader_invite
from shadowing.store.tables.people import person, person_role, site, unit

OPEN = "open"
MOST = 100
FEW = 12
HOST = person.alias("host")
INVITED = person.alias("invited")


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation with both people, and the hours it is for."""

    id: UUID
    host_id: UUID
    person_id: UUID
    slot_id: UUID
    why: str
    made_at: datetime
    until: datetime
    state: str
    shift_id: UUID | None
    host_name: str
    host_role: str
    person_name: str
    person_title: str
    unit_name: str
    zone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody who may be invited."""

    id: UUID
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Open hours of a host with a free seat."""

    slot_id: UUID
    starts_at: datetime
    ends_at: datetime
    local_date: date
    kind: str
    zone: str


def _invites() -> Query:
    own = (leader_invite.c[name] for name in Invite.__slots__ if name in leader_invite.c)
    return (
        select(
            *own,
            HOST.c.name.label("host_name"),
            slot.c.host_role,
            INVITED.c.name.label("person_name"),
            INVITED.c.title.label("person_title"),
            unit.c.name.label("unit_name"),
            site.c.zone,
            slot.c.starts_at,
            slot.c.ends_at,
        )
        .join(HOST, HOST.c.id == leader_invite.c.host_id)
        .join(INVITED, INVITED.c.id == leader_invite.c.person_id)
        .join(slot, slot.c.id == leader_invite.c.slot_id)
        .join(unit, unit.c.id == slot.c.unit_id)
        .join(site, site.c.id == unit.c.site_id)
    )


def find(db: Connection, *, invite_id: UUID) -> Invite:
    """Read one invitation.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_invites().where(leader_invite.c.id == invite_id)).first()
    if row is None:
        raise NotFound(invite_id=invite_id)
    return record(Invite, row)


def lock(db: Connection, *, invite_id: UUID) -> Invite:
    """Read one invitation and keep its row, after its person's and before its slot's."""
    mine = leader_invite.c.id == invite_id
    db.execute(select(leader_invite.c.id).where(mine).with_for_update())
    return find(db, invite_id=invite_id)


def of_host(db: Connection, *, host_id: UUID) -> tuple[Invite, ...]:
    """List whom a host has invited, the latest first."""
    latest = _invites().where(leader_invite.c.host_id == host_id)
    in_order = latest.order_by(leader_invite.c.made_at.desc(), leader_invite.c.id).limit(MOST)
    return tuple(record(Invite, row) for row in db.execute(in_order))


def open_to(db: Connection, *, person_id: UUID, at: datetime) -> tuple[Invite, ...]:
    """List the invitations somebody may answer, the first to lapse first."""
    mine = (
        leader_invite.c.person_id == person_id,
        leader_invite.c.state == OPEN,
        leader_invite.c.until > at,
    )
    in_order = _invites().where(*mine).order_by(leader_invite.c.until, leader_invite.c.id)
    return tuple(record(Invite, row) for row in db.execute(in_order.limit(MOST)))


def count_open(db: Connection, *, host_id: UUID, at: datetime) -> int:
    """Count what a host waits to hear about."""
    found: int = db.execute(
        select(func.count()).where(
            leader_invite.c.host_id == host_id,
            leader_invite.c.state == OPEN,
            leader_invite.c.until > at,
        ),
    ).scalar_one()
    return found


def add(db: Connection, values: Mapping[str, object]) -> UUID:
    """Write a new invitation."""
    made = uuid4()
    db.execute(insert(leader_invite).values(id=made, **values))
    return made


def end(
    db: Connection, *, invite_id: UUID, state: str, at: datetime, shift_id: UUID | None = None
) -> None:
    """Set how an invitation ended."""
    mine = update(leader_invite).where(leader_invite.c.id == invite_id)
    db.execute(mine.values(state=state, ended_at=at, shift_id=shift_id))


def lapse(db: Connection, *, at: datetime) -> int:
    """End every invitation whose time is over; gives how many."""
    over = (leader_invite.c.state == OPEN, leader_invite.c.until <= at)
    done = db.execute(update(leader_invite).where(*over).values(state="lapsed", ended_at=at))
    return done.rowcount


def leaders(db: Connection, *, organization_id: UUID, name: str) -> tuple[Leader, ...]:
    """Find a few administrators of an organization by a part of their name."""
    wanted = (
        person.c.organization_id == organization_id,
        person.c.active,
        person_role.c.role == Role.OBSERVER,
        func.lower(person.c.name).contains(name.lower(), autoescape=True),
    )
    found = (
        select(person.c.id, person.c.name, person.c.title)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(*wanted)
        .order_by(person.c.name, person.c.id)
        .limit(FEW)
    )
    return tuple(record(Leader, row) for row in db.execute(found))


def hours_of(db: Connection, *, host_id: UUID, after: datetime) -> tuple[Hours, ...]:
    """List the open hours of a host that have a seat, soonest first."""
    free = (
        slot.c.host_id == host_id,
        slot.c.state == "open",
        slot.c.starts_at > after,
        slot.c.taken < slot.c.seats,
    )
    found = (
        select(
            slot.c.id,
            slot.c.starts_at,
            slot.c.ends_at,
            slot.c.local_date,
            slot.c.kind,
            site.c.zone,
        )
        .join(unit, unit.c.id == slot.c.unit_id)
        .join(site, site.c.id == unit.c.site_id)
        .where(*free)
        .order_by(slot.c.starts_at)
        .limit(MOST)
    )
    return tuple(record(Hours, row) for row in db.execute(found))
