"""Whom a cohort day invites, and who could be (B14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, func, insert, select

from shadowing.domain.people import Role
from shadowing.store.base import record
from shadowing.store.tables.cohort import cohort_guest
from shadowing.store.tables.people import agreement, person, person_role


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody whom a day invites."""

    id: UUID
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Who:
    """Whom to look for: who shadows, of an organization or a partner of it *on* a date."""

    organization_id: UUID
    on: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be invited; ``invited`` says that they are."""

    id: UUID
    name: str
    title: str
    invited: bool


def of_day(db: Connection, *, day_id: UUID) -> tuple[Guest, ...]:
    """List whom a day invites, by name; whoever has left is left out."""
    rows = db.execute(
        select(person.c.id, person.c.name, person.c.title)
        .join(cohort_guest, cohort_guest.c.person_id == person.c.id)
        .where(cohort_guest.c.day_id == day_id, person.c.active)
        .order_by(person.c.name, person.c.id),
    )
    return tuple(record(Guest, row) for row in rows)


def invite(db: Connection, *, day_id: UUID, person_ids: Iterable[UUID], at: datetime) -> None:
    """Invite people who are not invited yet."""
    rows = [{"day_id": day_id, "person_id": each, "invited_at": at} for each in person_ids]
    if rows:
        db.execute(insert(cohort_guest), rows)


def uninvite(db: Connection, *, day_id: UUID, person_id: UUID) -> bool:
    """Invite somebody no longer; says whether they were."""
    done = db.execute(
        cohort_guest.delete().where(
            cohort_guest.c.day_id == day_id, cohort_guest.c.person_id == person_id
        ),
    )
    return bool(done.rowcount)


def candidates(
    db: Connection,
    who: Who,
    *,
    day_id: UUID,
    ids: Collection[UUID] | None = None,
    limit: int,
    offset: int = 0,
) -> tuple[Candidate, ...]:
    """List who could be invited to a day, by name; of some *ids* alone where they are given."""
    is_guest = exists().where(
        cohort_guest.c.day_id == day_id, cohort_guest.c.person_id == person.c.id
    )
    wanted = (
        select(person.c.id, person.c.name, person.c.title, is_guest)
        .where(*_administrators(who))
        .order_by(person.c.name, person.c.id)
    )
    if ids is not None:
        wanted = wanted.where(person.c.id.in_(tuple(ids)))
    return tuple(record(Candidate, row) for row in db.execute(wanted.limit(limit).offset(offset)))


def count_candidates(db: Connection, who: Who) -> int:
    """Count what :func:`candidates` lists, without end."""
    wanted = select(func.count()).select_from(person)
    found: int = db.execute(wanted.where(*_administrators(who))).scalar_one()
    return found


def _administrators(who: Who) -> tuple[ColumnElement[bool], ...]:
    holds = exists().where(
        person_role.c.person_id == person.c.id, person_role.c.role == Role.OBSERVER.value
    )
    partner = exists().where(
        agreement.c.organization_id == who.organization_id,
        agreement.c.partner_id == person.c.organization_id,
        agreement.c.starts_on <= who.on,
        agreement.c.ends_on >= who.on,
    )
    enrolled = (person.c.organization_id == who.organization_id) | partner
    named = func.lower(person.c.name).contains(who.name.lower(), autoescape=True)
    return (enrolled, person.c.active, holds, named)
