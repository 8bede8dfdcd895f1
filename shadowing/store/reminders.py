"""What the clock has told already, what it has to tell now, and to whom.

One row a moment: whoever writes it first tells it, however many workers look at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Column, Connection, exists, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing_sqlite

from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE
from shadowing.domain.people import Role
from shadowing.domain.reminders import UNIT_NOTICE, Anchor, Window
from shadowing.store.outbox import BEGUN
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.followup import debrief
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.messages import reminder
from shadowing.store.tables.people import person, person_role, unit, unit_deputy

BATCH: Final = 200
ANCHORS: Final[dict[Anchor, Column[datetime]]] = {
    Anchor.START: shift.c.starts_at,
    Anchor.END: shift.c.ends_at,
    Anchor.ANSWER: shift.c.answer_by,
    Anchor.TALK: debrief.c.ends_at,
}
NOT_RECORDED: Final = ("held_slot", "moved")


@dataclass(frozen=True, slots=True)
class Due:
    """One moment of one shift that nobody has told yet."""

    shift_id: UUID
    anchor: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A notice whose shift no longer stands where the notice said."""

    shift_id: UUID
    anchor: datetime


def due(db: Connection, window: Window, *, program_ids: Collection[UUID]) -> tuple[Due, ...]:
    """List the shifts of some programs to which a moment has come and nobody has told yet."""
    anchor = ANCHORS[window.round.anchor]
    known = exists().where(
        reminder.c.shift_id == shift.c.id,
        reminder.c.kind == window.round.kind,
        reminder.c.hours == window.hours,
        reminder.c.anchor == anchor,
    )
    wanted = select(shift.c.id, anchor).where(
        shift.c.state.in_([str(state) for state in window.round.states]),
        shift.c.program_id.in_(tuple(program_ids)),
        anchor > window.after,
        anchor <= window.until,
        # A request that waits for the coordinator has not come to its host yet (D3).
        shift.c.held_back.is_(False),
        ~known,
    )
    if window.round.anchor is Anchor.TALK:
        wanted = wanted.join(debrief, debrief.c.shift_id == shift.c.id).where(
            debrief.c.state.in_(NOT_RECORDED)
        )
    if window.round.kind == UNIT_NOTICE:
        wanted = wanted.where(shift.c.unit_id.is_not(None))
    return tuple(Due(*row) for row in db.execute(wanted.order_by(anchor).limit(BATCH)))


def mark(db: Connection, window: Window, one: Due, *, at: datetime) -> bool:
    """Note that a moment is told; say whether nobody had before."""
    make = insert_or_nothing_sqlite if db.dialect.name == "sqlite" else insert_or_nothing
    values = {
        "shift_id": one.shift_id,
        "kind": window.round.kind,
        "hours": window.hours,
        "anchor": one.anchor,
        "planned_at": at,
    }
    ours = make(reminder).values(**values).on_conflict_do_nothing().returning(reminder.c.hours)
    return db.execute(ours).first() is not None


def notices_gone(db: Connection, *, at: datetime) -> tuple[Told, ...]:
    """List the notices of visits to come that were moved, or do not take place any more."""
    gone = or_(
        shift.c.starts_at != reminder.c.anchor,
        shift.c.state.in_([str(state) for state in DID_NOT_TAKE_PLACE]),
    )
    rows = db.execute(
        select(reminder.c.shift_id, reminder.c.anchor)
        .distinct()
        .join(shift, reminder.c.shift_id == shift.c.id)
        .where(
            reminder.c.kind == UNIT_NOTICE,
            reminder.c.anchor > at,
            reminder.c.withdrawn_at.is_(None),
            gone,
        )
        .order_by(reminder.c.anchor, reminder.c.shift_id)
        .limit(BATCH),
    )
    return tuple(Told(*row) for row in rows)


def take_back(db: Connection, one: Told, *, at: datetime) -> bool:
    """Note that a notice is taken back; say whether nobody had before."""
    done = db.execute(
        update(reminder)
        .where(
            reminder.c.shift_id == one.shift_id,
            reminder.c.kind == UNIT_NOTICE,
            reminder.c.anchor == one.anchor,
            reminder.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=at),
    )
    return done.rowcount > 0


def team(db: Connection, *, unit_id: UUID) -> tuple[UUID, ...]:
    """List a unit's whole team: every active host of it, who leads it, and the deputy (N6)."""
    hosts = (
        select(person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(person.c.host_unit_id == unit_id, person.c.active, person_role.c.role == Role.HOST)
    )
    lead = select(unit.c.manager_id).where(unit.c.id == unit_id, unit.c.manager_id.is_not(None))
    deputy = select(unit_deputy.c.person_id).where(unit_deputy.c.unit_id == unit_id)
    return tuple(sorted(db.scalars(union(hosts, lead, deputy))))


def noticed(db: Connection, *, shift_id: UUID) -> tuple[UUID, ...]:
    """List for whom a notice of a visit was queued."""
    found = db.scalars(
        select(outbox.c.recipient_id)
        .distinct()
        .where(outbox.c.shift_id == shift_id, outbox.c.kind == UNIT_NOTICE),
    )
    return tuple(sorted(found))


def may_have_read(
    db: Connection, *, shift_id: UUID, recipient_id: UUID, before: int
) -> Iterable[dict[str, object]]:
    """Give the facts of the notices of a visit that may have reached somebody, oldest first."""
    return tuple(
        db.scalars(
            select(outbox.c.facts)
            .where(
                outbox.c.shift_id == shift_id,
                outbox.c.recipient_id == recipient_id,
                outbox.c.kind == UNIT_NOTICE,
                outbox.c.id < before,
                BEGUN,
            )
            .order_by(outbox.c.id),
        ),
    )
