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
from shadowing.store.tables.day import shift_day
from shadowing.store.tables.followup import commitment, debrief
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.people import agreement, credential, person, site, unit

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


@dataclass(frozen=True, slots=True)
class Ending:
    """A waiver or an agreement that ends: whose, of what, and on which day."""

    kind: str
    name: str
    code: str
    ends_on: date


def open_in_program(
    db: Connection, *, program_id: UUID, now: datetime, soon: timedelta
) -> tuple[Open, ...]:
    """List where something of a program waits for a hand, the most pressing first.

    ``held_back``: its host is told only when somebody has looked (D3). ``final_check``: all agreed
    and cleared, and the program looks once more. ``objected``: the visitor says that they were
    there. ``undelivered``: a letter about it was given up. ``unanswered``: the host has not
    answered and it lapses *soon*; ``unit_unanswered``: the unit has not.
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
    soon_over = answer_by <= now + soon
    objected = and_(shift_day.c.objected_at.is_not(None), shift_day.c.settled_at.is_(None))
    over = _in(State.COMPLETED, State.ENDED_EARLY)
    unrecorded = debrief.c.state.in_(("held_slot", "moved"))
    held_back = and_(_in(State.REQUESTED), shift.c.held_back)
    yield "held_back", shift.c.requested_at, and_(held_back, starts > now)
    yield "final_check", starts, and_(_in(State.CLEARED), starts > now)
    yield "objected", ends, and_(_in(State.NO_SHOW), objected)
    yield "undelivered", starts, and_(shift.c.id.in_(lost), ends > now)
    yield "unanswered", answer_by, and_(_in(State.REQUESTED), ~shift.c.held_back, soon_over)
    yield "unit_unanswered", answer_by, and_(_in(State.HOST_ACCEPTED), soon_over)
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
        .outerjoin(shift_day, shift_day.c.shift_id == shift.c.id)
        .where(shift.c.program_id == program_id, wanted)
    )


def _in(*states: State) -> ColumnElement[bool]:
    return shift.c.state.in_([state.value for state in states])


def endings(
    db: Connection, *, organization_id: UUID, on: date, waivers: timedelta, agreements: timedelta
) -> tuple[Ending, ...]:
    """List the waivers and agreements of an organization that end soon, the soonest first."""
    waived = (
        select(
            literal("waiver").label("kind"),
            person.c.name.label("name"),
            credential.c.requirement.label("code"),
            credential.c.waived_until.label("ends_on"),
        )
        .join(person, person.c.id == credential.c.person_id)
        .where(
            person.c.organization_id == organization_id,
            person.c.active,
            credential.c.waived_until.between(on, on + waivers),
        )
    )
    agreed = select(
        literal("agreement"), agreement.c.partner_name, agreement.c.code, agreement.c.ends_on
    ).where(
        agreement.c.organization_id == organization_id,
        agreement.c.ends_on.between(on, on + agreements),
    )
    found = union_all(waived, agreed).subquery()
    rows = db.execute(select(found).order_by(found.c.ends_on, found.c.name).limit(MOST))
    return tuple(record(Ending, row) for row in rows)


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
