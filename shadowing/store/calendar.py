"""Each person's calendar events of a shift: UID for life, sequence and stamp that only rise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from shadowing.domain.bookings.invitations import Event
from shadowing.domain.errors import NotFound
from shadowing.store.base import AnyRow, Query, record
from shadowing.store.tables.bookings import calendar_event
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.replies import calendar_answer


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event's latest version, how its message fared, and what its calendar says to its time.

    Attributes:
        delivery: Waiting, sent or failed.
        answer: As an ATTENDEE says it; empty where nothing came back.
    """

    person_id: UUID
    kind: str
    status: str
    sequence: int
    delivery: str
    answer: str


def _events() -> Query:
    return select(*(calendar_event.c[name] for name in Event.__slots__))


def _event(row: AnyRow) -> Event:
    return record(Event, row)


def of_shift(db: Connection, *, shift_id: UUID) -> tuple[Event, ...]:
    """List all events of a shift, those of people who left it included."""
    rows = db.execute(_events().where(calendar_event.c.shift_id == shift_id))
    return tuple(_event(row) for row in rows)


def find(db: Connection, *, event_id: UUID) -> Event:
    """Read one event.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_events().where(calendar_event.c.id == event_id)).first()
    if row is None:
        raise NotFound(event_id=event_id)
    return _event(row)


def of_person(
    db: Connection,
    *,
    person_id: UUID,
    since: datetime,
    until: datetime,
    cancelled_since: datetime,
) -> tuple[Event, ...]:
    """List a person's events for a feed; cancelled ones only while they were so recently."""
    rows = db.execute(
        _events()
        .where(
            calendar_event.c.person_id == person_id,
            calendar_event.c.ends_at > since,
            calendar_event.c.starts_at < until,
            or_(
                calendar_event.c.status != "CANCELLED",
                calendar_event.c.stamp > cancelled_since,
            ),
        )
        .order_by(calendar_event.c.starts_at, calendar_event.c.id),
    )
    return tuple(_event(row) for row in rows)


def add(db: Connection, event: Event) -> None:
    """Write an event that has never been sent."""
    db.execute(
        insert(calendar_event).values({name: getattr(event, name) for name in Event.__slots__}),
    )


def change(db: Connection, event: Event) -> None:
    """Write the next version of an event; only ever upwards.

    Raises:
        NotFound: A later version is there already.
    """
    done = db.execute(
        update(calendar_event)
        .where(calendar_event.c.id == event.id, calendar_event.c.sequence < event.sequence)
        .values(
            sequence=event.sequence,
            stamp=event.stamp,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            status=event.status,
        ),
    )
    if done.rowcount != 1:
        raise NotFound(event_id=event.id)


def deliveries(db: Connection, *, shift_id: UUID) -> tuple[Delivery, ...]:
    """Say for each event of a shift how the message about its latest version fared (N5).

    An event no message was ever queued for, as history has it, has an empty delivery.
    """
    latest = and_(
        outbox.c.event_id == calendar_event.c.id,
        outbox.c.sequence == calendar_event.c.sequence,
    )
    to_this_time = and_(
        calendar_answer.c.event_id == calendar_event.c.id,
        calendar_answer.c.starts_at == calendar_event.c.starts_at,
    )
    rows = db.execute(
        select(
            calendar_event.c.person_id,
            calendar_event.c.kind,
            calendar_event.c.status,
            calendar_event.c.sequence,
            func.coalesce(outbox.c.state, ""),
            func.coalesce(calendar_answer.c.partstat, ""),
        )
        .outerjoin(outbox, latest)
        .outerjoin(calendar_answer, to_this_time)
        .where(calendar_event.c.shift_id == shift_id)
        .order_by(calendar_event.c.kind.desc(), calendar_event.c.created_at),
    )
    return tuple(record(Delivery, row) for row in rows)
