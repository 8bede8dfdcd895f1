"""What a host says of their own: limits, a backup, a preference; and what paused or ended it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.store.base import record
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.followup import reflection
from shadowing.store.tables.hosting import backup_host, host_preference, self_description
from shadowing.store.tables.people import cycle, person, person_role

STANDING = ("asked", "agreed")


@dataclass(frozen=True, slots=True)
class Backup:
    """Who stands in for a host, or was asked to (D7)."""

    id: UUID
    host_id: UUID
    backup_id: UUID
    state: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Strain:
    """How often a host's shift cost much in one cycle since the host last opened (A4)."""

    host_id: UUID
    organization_id: UUID
    times: int


def change(db: Connection, *, host_id: UUID, **values: object) -> None:
    """Set limits or pauses of a host."""
    db.execute(update(person).where(person.c.id == host_id).values(**values))


def strains(db: Connection, *, host_id: UUID | None = None) -> tuple[Strain, ...]:
    """Count the costly shifts of hosts who are not paused, by cycle; of one host, or of all."""
    in_cycle = (
        cycle.c.program_id == shift.c.program_id,
        shift.c.local_date.between(cycle.c.starts_on, cycle.c.ends_on),
    )
    since = func.coalesce(person.c.load_reopened_at, person.c.created_at)
    wanted = (
        select(person.c.id, person.c.organization_id, func.count())
        .select_from(reflection)
        .join(shift, reflection.c.shift_id == shift.c.id)
        .join(cycle, in_cycle[0] & in_cycle[1])
        .join(person, reflection.c.author_id == person.c.id)
        .where(
            reflection.c.costly,
            reflection.c.side == "host",
            person.c.load_paused_at.is_(None),
            reflection.c.submitted_at > since,
        )
        .group_by(person.c.id, person.c.organization_id, cycle.c.id)
    )
    if host_id:
        wanted = wanted.where(person.c.id == host_id)
    return tuple(record(Strain, row) for row in db.execute(wanted))


def prefers(db: Connection, *, host_id: UUID) -> str:
    """Read whom a host prefers beside them; empty where anybody may come."""
    found = select(host_preference.c.prefers).where(host_preference.c.person_id == host_id)
    return db.execute(found).scalar() or ""


def prefer(db: Connection, *, host_id: UUID, prefers: str) -> None:
    """Keep whom a host prefers, or that anybody may come."""
    db.execute(delete(host_preference).where(host_preference.c.person_id == host_id))
    if prefers:
        db.execute(insert(host_preference).values(person_id=host_id, prefers=prefers))


def says(db: Connection, *, person_id: UUID) -> str:
    """Read how a person describes themselves for hosts' preferences; empty if they have not."""
    found = select(self_description.c.says).where(self_description.c.person_id == person_id)
    return db.execute(found).scalar() or ""


def describe(db: Connection, *, person_id: UUID, says: str) -> None:
    """Keep how a person describes themselves, or forget it."""
    db.execute(delete(self_description).where(self_description.c.person_id == person_id))
    if says:
        db.execute(insert(self_description).values(person_id=person_id, says=says))


def turning_away(*, says: str) -> ColumnElement[UUID]:
    """Select the hosts who prefer somebody other than who says this; nobody fits an empty word."""
    return (
        select(host_preference.c.person_id)
        .where(host_preference.c.prefers != says)
        .scalar_subquery()
    )


def turned_away_by(
    db: Connection, *, person_id: UUID, host_ids: Collection[UUID]
) -> frozenset[UUID]:
    """List those of some hosts who prefer somebody else beside them than this person (A2)."""
    mine = select(self_description.c.says).where(self_description.c.person_id == person_id)
    rows = db.scalars(
        select(host_preference.c.person_id).where(
            host_preference.c.person_id.in_(tuple(set(host_ids))),
            host_preference.c.prefers != func.coalesce(mine.scalar_subquery(), ""),
        ),
    )
    return frozenset(rows)


def backup_of(db: Connection, *, host_id: UUID) -> Backup | None:
    """Read who stands in for a host or is asked to; nothing where nobody is."""
    found = _backups(db, backup_host.c.host_id == host_id)
    return found[0] if found else None


def keep_backup_of(db: Connection, *, host_id: UUID) -> Backup | None:
    """Read who stands in for a host, and keep the naming until the transaction ends."""
    db.execute(select(backup_host.c.id).where(backup_host.c.host_id == host_id).with_for_update())
    return backup_of(db, host_id=host_id)


def backing(db: Connection, *, person_id: UUID) -> tuple[Backup, ...]:
    """List for whom somebody stands in, or is asked to."""
    return _backups(db, backup_host.c.backup_id == person_id)


def find_backup(db: Connection, *, backup_id: UUID) -> Backup:
    """Read one naming that stands.

    Raises:
        NotFound: There is none by that id, or it has ended.
    """
    found = _backups(db, backup_host.c.id == backup_id)
    if not found:
        raise NotFound(backup_id=backup_id)
    return found[0]


def _backups(db: Connection, which: ColumnElement[bool]) -> tuple[Backup, ...]:
    rows = db.execute(
        select(*(backup_host.c[name] for name in Backup.__slots__))
        .where(which, backup_host.c.state.in_(STANDING))
        .order_by(backup_host.c.asked_at, backup_host.c.id),
    )
    return tuple(record(Backup, row) for row in rows)


def ask_backup(db: Connection, *, host_id: UUID, backup_id: UUID, at: datetime) -> UUID:
    """Write that a host asks somebody to stand in; gives the id of the naming."""
    made = uuid4()
    both = {"host_id": host_id, "backup_id": backup_id}
    db.execute(insert(backup_host).values(id=made, state="asked", asked_at=at, **both))
    return made


def move_backup(db: Connection, *, backup_id: UUID, to: str, at: datetime | None = None) -> None:
    """Set how a naming stands; *at* is when it ended."""
    where = backup_host.c.id == backup_id
    db.execute(update(backup_host).where(where).values(state=to, ended_at=at))


def colleagues(db: Connection, *, host_id: UUID, unit_id: UUID) -> tuple[tuple[UUID, str], ...]:
    """List who else hosts on a unit: id and name, by name."""
    rows = db.execute(
        select(person.c.id, person.c.name)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(
            person_role.c.role == Role.HOST,
            person.c.host_unit_id == unit_id,
            person.c.id != host_id,
            person.c.active,
            person.c.left_hosting_at.is_(None),
        )
        .order_by(person.c.name, person.c.id),
    )
    return tuple((row.id, row.name) for row in rows)


def left_with_shifts(states: Collection[str]) -> ColumnElement[bool]:
    """Say of a shift that its host has stopped hosting while it was still ahead (P8)."""
    left = select(person.c.id).where(person.c.left_hosting_at.is_not(None))
    return shift.c.state.in_(tuple(states)) & shift.c.host_id.in_(left)
