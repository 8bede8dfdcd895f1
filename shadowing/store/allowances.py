"""What coordinators allow single people: shorter notice, a reporting line, a late promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select, update

from shadowing.domain.allowances import Allowed, Kind
from shadowing.domain.errors import NotFound
from shadowing.store.tables.changes import allowance
from shadowing.store.tables.people import cycle, person


@dataclass(frozen=True, slots=True)
class Allowance:
    """One exception as it stands; ``host`` and ``cycle`` are empty where it has none."""

    id: UUID
    kind: Kind
    person_id: UUID
    person: str
    host: str
    cycle: str
    local_date: date | None
    ends_on: date | None
    reason: str
    given_by: str
    given_at: datetime


def add(db: Connection, values: Mapping[str, object]) -> None:
    """Write an exception."""
    db.execute(insert(allowance).values(**values))


def end(db: Connection, *, allowance_id: UUID, at: datetime) -> None:
    """End one before its time.

    Raises:
        NotFound: There is none that stands by that id.
    """
    mine = (allowance.c.id == allowance_id, allowance.c.ended_at.is_(None))
    if not db.execute(update(allowance).where(*mine).values(ended_at=at)).rowcount:
        raise NotFound(allowance_id=allowance_id)


def person_of(db: Connection, *, allowance_id: UUID) -> UUID:
    """Say whom an exception is for.

    Raises:
        NotFound: There is none by that id.
    """
    found: UUID | None = db.scalar(
        select(allowance.c.person_id).where(allowance.c.id == allowance_id)
    )
    if found is None:
        raise NotFound(allowance_id=allowance_id)
    return found


def allowed(db: Connection, *, person_id: UUID, on: date) -> Allowed:
    """Read what stands for one person *on* a day."""
    rows = db.execute(
        select(allowance, cycle.c.starts_on.label("first"), cycle.c.ends_on.label("last"))
        .outerjoin(cycle, allowance.c.cycle_id == cycle.c.id)
        .where(
            allowance.c.person_id == person_id,
            allowance.c.ended_at.is_(None),
            or_(allowance.c.ends_on.is_(None), allowance.c.ends_on >= on),
        ),
    ).all()
    of = {kind: [row for row in rows if row.kind == kind] for kind in Kind}
    return Allowed(
        slots=frozenset(row.slot_id for row in of[Kind.NOTICE] if row.slot_id),
        days=frozenset(row.local_date for row in of[Kind.NOTICE] if row.local_date),
        hosts=frozenset(row.host_id for row in of[Kind.LINE] if row.host_id),
        cycles=tuple((row.first, row.last) for row in of[Kind.LINE] if row.cycle_id),
        promise=bool(of[Kind.PROMISE]),
    )


def override(
    db: Connection, *, person_id: UUID, host_id: UUID, day: date
) -> tuple[UUID, str] | None:
    """Say who allowed these two across their reporting line on a day, and why (P6)."""
    row = db.execute(
        select(allowance.c.given_by_id, allowance.c.reason)
        .outerjoin(cycle, allowance.c.cycle_id == cycle.c.id)
        .where(
            allowance.c.person_id == person_id,
            allowance.c.kind == Kind.LINE.value,
            allowance.c.ended_at.is_(None),
            or_(
                allowance.c.host_id == host_id,
                (cycle.c.starts_on <= day) & (cycle.c.ends_on >= day),
            ),
        )
        .order_by(allowance.c.given_at)
        .limit(1),
    ).first()
    return (row.given_by_id, row.reason) if row else None


def standing(
    db: Connection, *, organization_id: UUID, on: date, limit: int
) -> tuple[Allowance, ...]:
    """List what stands in an organization, the latest first."""
    host, giver = person.alias("host"), person.alias("giver")
    rows = db.execute(
        select(
            allowance.c.id,
            allowance.c.kind,
            allowance.c.person_id,
            person.c.name,
            host.c.name,
            cycle.c.label,
            allowance.c.local_date,
            allowance.c.ends_on,
            allowance.c.reason,
            giver.c.name,
            allowance.c.given_at,
        )
        .join(person, allowance.c.person_id == person.c.id)
        .join(giver, allowance.c.given_by_id == giver.c.id)
        .outerjoin(host, allowance.c.host_id == host.c.id)
        .outerjoin(cycle, allowance.c.cycle_id == cycle.c.id)
        .where(
            giver.c.organization_id == organization_id,
            allowance.c.ended_at.is_(None),
            or_(allowance.c.ends_on.is_(None), allowance.c.ends_on >= on),
            or_(allowance.c.local_date.is_(None), allowance.c.local_date >= on),
        )
        .order_by(allowance.c.given_at.desc(), allowance.c.id)
        .limit(limit),
    )
    return tuple(
        Allowance(row[0], Kind(row[1]), row[2], row[3], row[4] or "", row[5] or "", *row[6:])
        for row in rows
    )
