"""How messages fared: those of one shift, and all that did not reach anybody (N5).

Never what a message says: that is for its reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from shadowing.store.base import Query, record
from shadowing.store.outbox import AGAIN, FAILED, NO_ADDRESS, WAITING
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.people import person, program

ENDED_BADLY: Final = (FAILED, NO_ADDRESS)
HEX: Final = 32


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message about a shift: which, to whom, and where it stands."""

    kind: str
    recipient_id: UUID
    recipient_name: str
    queued_at: datetime
    due_at: datetime
    ended_at: datetime | None
    state: str
    channel: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One message that did not reach anybody, or has not yet though it was tried.

    Attributes:
        code: Its name in addresses: the random part of its Message-ID.
    """

    code: str
    kind: str
    recipient_id: UUID
    recipient_name: str
    email: str
    phone: str
    shift_id: UUID | None
    queued_at: datetime
    due_at: datetime
    ended_at: datetime | None
    state: str
    channel: str
    attempts: int
    trouble: str


def of_shift(db: Connection, *, shift_id: UUID) -> tuple[Delivery, ...]:
    """List every message about a shift, in the order they were queued."""
    rows = db.execute(
        select(
            outbox.c.kind,
            outbox.c.recipient_id,
            person.c.name,
            outbox.c.queued_at,
            outbox.c.due_at,
            outbox.c.ended_at,
            outbox.c.state,
            outbox.c.channel,
        )
        .join(person, outbox.c.recipient_id == person.c.id)
        .where(outbox.c.shift_id == shift_id)
        .order_by(outbox.c.id),
    )
    return tuple(Delivery(*row) for row in rows)


def _in_house(organization_id: UUID) -> ColumnElement[bool]:
    """Say which messages concern an organization: its people's, and those about its programs."""
    return or_(
        person.c.organization_id == organization_id, program.c.organization_id == organization_id
    )


def _failures() -> Query:
    code = func.substr(outbox.c.message_id, 2, HEX)
    return (
        select(
            code,
            outbox.c.kind,
            outbox.c.recipient_id,
            person.c.name,
            func.coalesce(person.c.email, ""),
            person.c.phone,
            outbox.c.shift_id,
            outbox.c.queued_at,
            outbox.c.due_at,
            outbox.c.ended_at,
            outbox.c.state,
            outbox.c.channel,
            outbox.c.attempts,
            outbox.c.trouble,
        )
        .join(person, outbox.c.recipient_id == person.c.id)
        .outerjoin(shift, outbox.c.shift_id == shift.c.id)
        .outerjoin(program, shift.c.program_id == program.c.id)
    )


def _bad(*, tried: bool) -> ColumnElement[bool]:
    if tried:
        return and_(outbox.c.state == WAITING, outbox.c.attempts > 0)
    return outbox.c.state.in_(ENDED_BADLY)


def failed(
    db: Connection, *, organization_id: UUID, limit: int, offset: int
) -> tuple[Failure, ...]:
    """List what was given up in an organization, the latest first."""
    return _list(db, _bad(tried=False), organization_id=organization_id, limit=limit, offset=offset)


def tried(db: Connection, *, organization_id: UUID, limit: int, offset: int) -> tuple[Failure, ...]:
    """List what was tried in vain and is tried again."""
    return _list(db, _bad(tried=True), organization_id=organization_id, limit=limit, offset=offset)


def _list(
    db: Connection, bad: ColumnElement[bool], *, organization_id: UUID, limit: int, offset: int
) -> tuple[Failure, ...]:
    rows = db.execute(
        _failures()
        .where(bad, _in_house(organization_id))
        .order_by(outbox.c.id.desc())
        .limit(limit)
        .offset(offset),
    )
    return tuple(record(Failure, row) for row in rows)


def counts(db: Connection, *, organization_id: UUID) -> tuple[int, int]:
    """Count what :func:`failed` and :func:`tried` list, without end."""
    found = _failures().where(_in_house(organization_id))
    given_up, going_on = (
        select(func.count()).select_from(found.where(bad).subquery()).scalar_subquery()
        for bad in (_bad(tried=False), _bad(tried=True))
    )
    row = db.execute(select(given_up, going_on)).one()
    return row[0], row[1]


def find(db: Connection, *, code: str, organization_id: UUID) -> Failure | None:
    """Read one of an organization's messages that did not reach anybody."""
    named = outbox.c.message_id.startswith(f"<{code}@", autoescape=True)
    row = db.execute(
        _failures().where(named, _bad(tried=False), _in_house(organization_id))
    ).first()
    return record(Failure, row) if row else None


def send_again(db: Connection, *, code: str, at: datetime) -> bool:
    """Let a message that was given up have its turn again: the same bytes, the same Message-ID."""
    named = outbox.c.message_id.startswith(f"<{code}@", autoescape=True)
    bad = and_(named, outbox.c.state.in_(ENDED_BADLY))
    facts = db.scalar(select(outbox.c.facts).where(bad).with_for_update())
    if facts is None:
        return False
    done = db.execute(
        update(outbox)
        .where(bad)
        .values(
            state=WAITING,
            facts={**facts, AGAIN: at.isoformat()},
            due_at=at,
            attempts=0,
            leased_until=None,
            bundle_id=None,
            ended_at=None,
            trouble="",
        ),
    )
    return done.rowcount == 1
