"""Where a program needs a hand: what lapses, what did not arrive, what nobody recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select, union_all

from shadowing.domain.bookings.states import State
from shadowing.store.base import Query, record
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.followup import commitment, debrief
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.people import person, site, unit

MOST: Final = 50
A_WEEK: Final = timedelta(days=7)
Waits = tuple[str, ColumnElement[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Open:
    """A shift in which something waits for a coordinator; ``at`` is when it came to that."""

    kind: str
    shift_id: UUID
    at: datetime
    starts_at: datetime
    zone: str
    observer: str
    host: str
    unit: str


def open_in_program(
    db: Connection, *, program_id: UUID, now: datetime, soon: timedelta
) -> tuple[Open, ...]:
    """List where something of a program waits for a hand, the most pressing first.

    ``undelivered``: a letter about it was given up. ``unanswered``: it lapses *soon*.
    ``clearance``: it starts within three times *soon* and is not cleared. ``not_recorded``: its end
    is past and nobody checked in. ``talk``: nobody recorded the talk a week after its end (F4).
    """
    kinds = enumerate(_kinds(now, soon))
    found = union_all(*(_open(rank, waits, program_id) for rank, waits in kinds)).subquery()
    rows = db.execute(select(found).order_by(found.c.rank, found.c.at, found.c.id).limit(MOST))
    return tuple(record(Open, row[1:]) for row in rows)


def _kinds(now: datetime, soon: timedelta) -> Iterable[Waits]:
    """Name each kind with when it came, or comes, to that, and which shifts are in it."""
    starts, ends, answer_by = shift.c.starts_at, shift.c.ends_at, shift.c.answer_by
    lost = select(outbox.c.shift_id).where(outbox.c.state == "failed")
    asked = _in(State.REQUESTED, State.HOST_ACCEPTED)
    over = _in(State.COMPLETED, State.ENDED_EARLY)
    unrecorded = debrief.c.state.in_(("held_slot", "moved"))
    yield "undelivered", starts, and_(shift.c.id.in_(lost), ends > now)
    yield "unanswered", answer_by, and_(asked, answer_by <= now + soon)
    yield "clearance", starts, and_(_in(State.UNIT_APPROVED), starts <= now + soon * 3)
    yield "not_recorded", ends, and_(_in(State.CONFIRMED), ends <= now)
    yield "talk", ends, and_(over, ends <= now - A_WEEK, unrecorded)


def _open(rank: int, waits: Waits, program_id: UUID) -> Query:
    kind, at, wanted = waits
    observer, host = person.alias("observer"), person.alias("host")
    return (
        select(
            literal(rank).label("rank"),
            literal(kind).label("kind"),
            shift.c.id,
            at.label("at"),
            shift.c.starts_at,
            site.c.zone,
            observer.c.name.label("observer"),
            host.c.name.label("host"),
            func.coalesce(unit.c.name, shift.c.what).label("unit"),
        )
        .join(site, site.c.id == shift.c.site_id)
        .join(observer, observer.c.id == shift.c.observer_id)
        .join(host, host.c.id == shift.c.host_id)
        .outerjoin(unit, unit.c.id == shift.c.unit_id)
        .outerjoin(debrief, debrief.c.shift_id == shift.c.id)
        .where(shift.c.program_id == program_id, wanted)
    )


def _in(*states: State) -> ColumnElement[bool]:
    return shift.c.state.in_([state.value for state in states])


def late_in_program(db: Connection, *, program_id: UUID, on: date) -> int:
    """Count the open promises of a program whose first date is past."""
    found: int = db.execute(
        select(func.count())
        .select_from(commitment.join(shift, shift.c.id == commitment.c.shift_id))
        .where(
            shift.c.program_id == program_id,
            commitment.c.state.in_(("agreed_with_host", "in_progress")),
            commitment.c.first_due_on < on,
        ),
    ).scalar_one()
    return found
