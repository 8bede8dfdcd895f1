"""Which hosts' slots were made on which day: where a renewal of everybody stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, delete, insert, or_, select

from shadowing.store.tables.availability import day_change, slots_made, weekly_hours
from shadowing.store.tables.people import person, site, unit


def due(db: Connection, *, zone: str, today: date, since: date) -> tuple[UUID, ...]:
    """List the hosts in a time zone whose slots were not made today, in the order of locks.

    Hosts are those who gave hours, of every week or of a day since.
    """
    gave = select(weekly_hours.c.host_id).union(
        select(day_change.c.host_id).where(day_change.c.local_date >= since),
    )
    rows = db.scalars(
        select(person.c.id)
        .join(unit, person.c.host_unit_id == unit.c.id)
        .join(site, unit.c.site_id == site.c.id)
        .outerjoin(slots_made, slots_made.c.host_id == person.c.id)
        .where(site.c.zone == zone, person.c.id.in_(gave))
        .where(or_(slots_made.c.day.is_(None), slots_made.c.day < today))
        .order_by(person.c.id),
    )
    return tuple(rows)


def take(db: Connection, *, host_ids: Collection[UUID], today: date) -> tuple[UUID, ...]:
    """Lock those of some hosts whom nobody else has locked and nobody else has made slots for.

    Who is left out is due still, or done.
    """
    made = select(slots_made.c.host_id).where(
        slots_made.c.host_id.in_(host_ids), slots_made.c.day >= today
    )
    free = (
        select(person.c.id)
        .where(person.c.id.in_(host_ids))
        .order_by(person.c.id)
        .with_for_update(skip_locked=True)
    )
    locked = tuple(db.scalars(free))
    # Read after the lock: another worker may have been done with them a moment ago.
    done = frozenset(db.scalars(made))
    return tuple(each for each in locked if each not in done)


def mark(db: Connection, *, host_ids: Iterable[UUID], today: date) -> None:
    """Note that the slots of some hosts were made."""
    ids = tuple(host_ids)
    if ids:
        db.execute(delete(slots_made).where(slots_made.c.host_id.in_(ids)))
        db.execute(insert(slots_made), [{"host_id": each, "day": today} for each in ids])
