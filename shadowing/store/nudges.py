"""Hosts whom somebody waits for, and when each was last reminded of anything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from shadowing.domain.people import Role
from shadowing.store.base import record
from shadowing.store.tables.availability import slot
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.people import person, person_role, unit
from shadowing.store.tables.wishes import wish


@dataclass(frozen=True, slots=True)
class WantedHost:
    """A host without open hours, and how many wait for hours on their unit or beside their role."""

    host_id: UUID
    waiting: int


def wanted(
    db: Connection,
    *,
    kinds: Collection[str],
    now: datetime,
    since: datetime,
    until: datetime,
    host_id: UUID | None = None,
) -> tuple[WantedHost, ...]:
    """List hosts who have opened nothing, whom somebody waits for and who may hear of it.

    Nobody who takes a break, was paused for their load, has stopped hosting or works on a unit that
    is paused; and nobody who was reminded of anything by a letter of *kinds* after *since*.

    Args:
        db: In any transaction.
        kinds: Letters that remind.
        now: Open hours and breaks are those of now …
        until: … to this instant.
        since: When a reminder lies far enough back.
        host_id: Of this one alone.
    """
    fits = or_(
        wish.c.unit_id == person.c.host_unit_id,
        and_(wish.c.unit_id.is_(None), wish.c.host_role == person.c.host_role),
    )
    waits = and_(fits, wish.c.state == "waiting", wish.c.slot_id.is_(None))
    hosts = and_(person_role.c.person_id == person.c.id, person_role.c.role == Role.HOST.value)
    rows = db.execute(
        select(person.c.id, func.count(wish.c.person_id.distinct()))
        .join(person_role, hosts)
        .join(unit, unit.c.id == person.c.host_unit_id)
        .join(wish, waits)
        .where(*_may_be(now), ~_opened(now, until), ~_reminded(kinds, since))
        .where(*([person.c.id == host_id] if host_id else []))
        .group_by(person.c.id)
        .order_by(person.c.id)
    )
    return tuple(record(WantedHost, row) for row in rows)


def _may_be(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        person.c.active,
        person.c.left_hosting_at.is_(None),
        person.c.load_paused_at.is_(None),
        or_(person.c.paused_until.is_(None), person.c.paused_until <= now),
        or_(unit.c.paused_until.is_(None), unit.c.paused_until <= now),
    )


def _opened(now: datetime, until: datetime) -> ColumnElement[bool]:
    mine = (slot.c.host_id == person.c.id, slot.c.state == "open")
    ahead = (slot.c.starts_at > now, slot.c.starts_at < until)
    return select(slot.c.id).where(*mine, *ahead).exists()


def _reminded(kinds: Collection[str], since: datetime) -> ColumnElement[bool]:
    theirs = (outbox.c.recipient_id == person.c.id, outbox.c.kind.in_(kinds))
    return select(outbox.c.id).where(*theirs, outbox.c.queued_at > since).exists()
