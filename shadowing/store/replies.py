"""Letters that came back: kept once each, the answers they gave, and those to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing_sqlite

from shadowing.domain.bookings.invitations import Event
from shadowing.domain.errors import NotFound
from shadowing.domain.replies import Decision, Letter, Outcome, Why, plain_address
from shadowing.store.base import AnyRow, Query, record
from shadowing.store.tables.bookings import calendar_event, shift
from shadowing.store.tables.people import person
from shadowing.store.tables.replies import calendar_answer, other_address, reply

BY_MAIL: Final = "mail"
BY_OFFICE: Final = "office"
LONGEST_SENDER: Final = 254


@dataclass(frozen=True, slots=True)
class Invited:
    """The event a letter names, and whom it was sent to."""

    event: Event
    organization_id: UUID
    host_id: UUID
    state: str
    addresses: frozenset[str]
    answered: tuple[int, datetime] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A letter that came, and what becomes of it.

    Attributes:
        raw: As it arrived, where somebody is to look at it.
        handled: Whether nothing is left to be done about it.
    """

    letter: Letter
    decision: Decision
    event_id: UUID | None
    organization_id: UUID | None
    raw: bytes | None
    handled: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody's calendar says to one event; of the times it had then."""

    event_id: UUID
    partstat: str
    sequence: int
    stamp: datetime | None
    answered_at: datetime
    starts_at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One letter as it is kept; ``raw`` only while somebody has yet to look at it."""

    id: UUID
    received_at: datetime
    sender: str
    subject: str
    outcome: str
    why: str
    event_id: UUID | None
    partstat: str
    sequence: int
    stamp: datetime | None
    comment: str
    proposed_start: datetime | None
    proposed_end: datetime | None
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter to be looked at, with the shift it names and who was asked, if it names one."""

    reply: Reply
    shift_id: UUID | None
    person_id: UUID | None
    person_name: str


def find_event(db: Connection, *, uid: str) -> Invited | None:
    """Find the event of a UID, and the addresses its person answers from."""
    row = db.execute(
        select(
            *(calendar_event.c[name] for name in Event.__slots__),
            person.c.email,
            person.c.organization_id,
            shift.c.host_id,
            shift.c.state,
            calendar_answer.c.sequence.label("answer_sequence"),
            calendar_answer.c.stamp.label("answer_stamp"),
        )
        .join(person, person.c.id == calendar_event.c.person_id)
        .join(shift, shift.c.id == calendar_event.c.shift_id)
        .outerjoin(calendar_answer, calendar_answer.c.event_id == calendar_event.c.id)
        .where(calendar_event.c.uid == uid),
    ).first()
    if row is None:
        return None
    others = db.scalars(
        select(other_address.c.email).where(other_address.c.person_id == row.person_id)
    )
    return Invited(
        event=record(Event, row[: len(Event.__slots__)]),
        organization_id=row.organization_id,
        host_id=row.host_id,
        state=row.state,
        addresses=frozenset({plain_address(row.email or ""), *others} - {""}),
        answered=(row.answer_sequence, row.answer_stamp) if row.answer_stamp else None,
    )


def organization_of(db: Connection, *, emails: frozenset[str]) -> UUID | None:
    """Say whose people write from these addresses, if anybody's do."""
    found: UUID | None = db.scalar(
        select(person.c.organization_id).where(func.lower(person.c.email).in_(emails)).limit(1)
    )
    return found


def keep(db: Connection, came: Incoming, *, at: datetime) -> UUID | None:
    """Keep a letter; ``None`` if it was kept before: the same letter may be handed over twice."""
    make = insert_or_nothing_sqlite if db.dialect.name == "sqlite" else insert_or_nothing
    letter, said = came.letter, came.letter.said
    values = {
        "id": uuid4(),
        "message_id": letter.message_id,
        "received_at": at,
        "sender": min(letter.senders, default="")[:LONGEST_SENDER],
        "subject": letter.subject,
        "outcome": came.decision.outcome,
        "why": came.decision.why,
        "organization_id": came.organization_id,
        "event_id": came.event_id,
        "partstat": came.decision.partstat,
        "sequence": said.sequence if said else 0,
        "stamp": said.stamp if said else None,
        "comment": said.comment if said else "",
        "proposed_start": said.times.start if said and said.times else None,
        "proposed_end": said.times.end if said and said.times else None,
        "raw": came.raw,
        "handled_at": at if came.handled else None,
    }
    ours = make(reply).values(**values).on_conflict_do_nothing().returning(reply.c.id)
    kept: UUID | None = db.scalar(ours)
    return kept


def answer(db: Connection, given: Answer) -> None:
    """Write what a calendar says to an event, in place of what it said before."""
    db.execute(delete(calendar_answer).where(calendar_answer.c.event_id == given.event_id))
    db.execute(
        insert(calendar_answer).values({name: getattr(given, name) for name in Answer.__slots__})
    )


def answers_of(db: Connection, *, shift_id: UUID) -> dict[UUID, Answer]:
    """Give the answers to the events of a shift, by event, as far as the times still hold."""
    rows = db.execute(
        select(*(calendar_answer.c[name] for name in Answer.__slots__))
        .join(calendar_event, calendar_event.c.id == calendar_answer.c.event_id)
        .where(
            calendar_event.c.shift_id == shift_id,
            calendar_event.c.starts_at == calendar_answer.c.starts_at,
        )
    )
    return {row.event_id: record(Answer, row) for row in rows}


def partstat(db: Connection, event: Event) -> str:
    """Give what the person has answered to these very times, as an ATTENDEE says it."""
    found = db.scalar(
        select(calendar_answer.c.partstat).where(
            calendar_answer.c.event_id == event.id,
            calendar_answer.c.starts_at == event.starts_at,
        )
    )
    return found or "NEEDS-ACTION"


def due(db: Connection) -> tuple[tuple[UUID, UUID, UUID, str], ...]:
    """List answers that have yet to move a request: reply, shift, person, answer."""
    rows = db.execute(
        select(reply.c.id, calendar_event.c.shift_id, calendar_event.c.person_id, reply.c.partstat)
        .join(calendar_event, calendar_event.c.id == reply.c.event_id)
        .where(reply.c.outcome == Outcome.ANSWER, reply.c.handled_at.is_(None))
        .order_by(reply.c.received_at, reply.c.id)
    )
    return tuple((row.id, row.shift_id, row.person_id, row.partstat) for row in rows)


def settle(
    db: Connection, *, reply_id: UUID, at: datetime, by: UUID, as_answer: bool = False
) -> None:
    """Note that somebody dealt with a letter; *as_answer*, it has yet to move its request."""
    changes: dict[str, object] = {"handled_at": at, "handled_by": by, "raw": None}
    if as_answer:
        changes = {"outcome": Outcome.ANSWER, "raw": None}
    db.execute(update(reply).where(reply.c.id == reply_id).values(changes))


def put_aside(db: Connection, *, reply_id: UUID, why: Why) -> None:
    """Leave an answer that came to nothing to somebody who looks at it."""
    db.execute(
        update(reply).where(reply.c.id == reply_id).values(outcome=Outcome.ASIDE, why=why),
    )


def count_aside(db: Connection, *, organization_id: UUID) -> int:
    """Count the letters that somebody has yet to look at."""
    return db.scalar(select(func.count()).where(*_waiting(organization_id))) or 0


def aside(db: Connection, *, organization_id: UUID, limit: int, offset: int) -> tuple[Waiting, ...]:
    """List the letters that somebody has yet to look at, newest first."""
    newest = _aside(organization_id).order_by(reply.c.received_at.desc(), reply.c.id)
    return tuple(_row(row) for row in db.execute(newest.limit(limit).offset(offset)))


def find_aside(db: Connection, *, organization_id: UUID, reply_id: UUID) -> Waiting:
    """Find one letter that somebody has yet to look at.

    Raises:
        NotFound: There is none of that id, it was dealt with, or it is another house's.
    """
    row = db.execute(_aside(organization_id).where(reply.c.id == reply_id)).first()
    if row is None:
        raise NotFound(reply_id=reply_id)
    return _row(row)


def raw_of(db: Connection, *, reply_id: UUID) -> bytes:
    """Give a letter as it arrived; empty once it was dealt with."""
    return db.scalar(select(reply.c.raw).where(reply.c.id == reply_id)) or b""


def _waiting(organization_id: UUID) -> tuple[ColumnElement[bool], ...]:
    ours = or_(reply.c.organization_id == organization_id, reply.c.organization_id.is_(None))
    return (reply.c.outcome == Outcome.ASIDE, reply.c.handled_at.is_(None), ours)


def _aside(organization_id: UUID) -> Query:
    return (
        select(
            *(reply.c[name] for name in Reply.__slots__),
            calendar_event.c.shift_id,
            calendar_event.c.person_id,
            person.c.name,
        )
        .outerjoin(calendar_event, calendar_event.c.id == reply.c.event_id)
        .outerjoin(person, person.c.id == calendar_event.c.person_id)
        .where(*_waiting(organization_id))
    )


def _row(row: AnyRow) -> Waiting:
    return Waiting(
        record(Reply, row[: len(Reply.__slots__)]), row.shift_id, row.person_id, row.name or ""
    )


def add_address(db: Connection, *, email: str, person_id: UUID, at: datetime, by: UUID) -> None:
    """Remember that a person also writes from an address; another's stays that other's."""
    make = insert_or_nothing_sqlite if db.dialect.name == "sqlite" else insert_or_nothing
    values = {"email": email, "person_id": person_id, "added_at": at, "added_by": by}
    db.execute(make(other_address).values(**values).on_conflict_do_nothing())


def forget(db: Connection, *, before: datetime) -> int:
    """Remove letters that came long ago; answers stay with their events."""
    return db.execute(delete(reply).where(reply.c.received_at < before)).rowcount
