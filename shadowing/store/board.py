"""The board of promises: which of them somebody may see, counted and in order (F14)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from shadowing.store.base import Query, record
from shadowing.store.commitments import FIELDS, Commitment
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.followup import commitment, commitment_entry, reflection
from shadowing.store.tables.people import person, unit

WAIT: Final = timedelta(days=7)
BOTH: Final = 2
OPEN: Final = ("proposed", "agreed_with_host", "in_progress")
PUBLIC: Final = (
    "agreed_with_host",
    "in_progress",
    "done",
    "declined_with_reason",
    "seen_by_host",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whose board it is.

    Attributes:
        person_id: Sees all promises of their own shifts.
        program_id: Whose public promises they see.
        overseen: A program of which they see every promise.
        unit_ids: Units they lead: all promises but those kept between two.
        now: When.
        today: The day it is for them.
    """

    person_id: UUID
    program_id: UUID
    overseen: UUID | None
    unit_ids: Collection[UUID]
    now: datetime
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of it is asked for; what is left out does not narrow."""

    mine: UUID | None = None
    unit_id: UUID | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises there are, by what became of them."""

    total: int
    done: int
    in_time: int
    late: int
    declined: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One promise with those whom the board names: its owner, never the host."""

    promise: Commitment
    owner_name: str
    owner_title: str
    unit_name: str
    band: str
    local_date: date
    outcome: str


def tally(db: Connection, reach: Reach, part: Part) -> Tally:
    """Count what one may see of a part of the board."""
    late, done, declined = _late(reach), _became("done"), _became("declined_with_reason")
    in_time = and_(commitment.c.state.in_(OPEN), ~late)
    row = db.execute(
        _joined(
            func.count(),
            *(_sum(condition) for condition in (done, in_time, late, declined)),
        ).where(_seen(reach), *_narrowed(reach, part)),
    ).one()
    return record(Tally, (int(number or 0) for number in row))


def totals(db: Connection, *, organization_id: UUID, today: date) -> Tally:
    """Count the promises of an organization's people: totals, nobody singly (8.1, HR)."""
    late = and_(commitment.c.state.in_(OPEN), commitment.c.first_due_on < today)
    in_time = and_(commitment.c.state.in_(OPEN), commitment.c.first_due_on >= today)
    done, declined = _became("done"), _became("declined_with_reason")
    row = db.execute(
        _joined(
            func.count(),
            *(_sum(condition) for condition in (done, in_time, late, declined)),
        ).where(person.c.organization_id == organization_id, commitment.c.state != "void"),
    ).one()
    return record(Tally, (int(number or 0) for number in row))


def page(
    db: Connection,
    reach: Reach,
    part: Part,
    *,
    offset: int,
    limit: int,
) -> tuple[Shown, ...]:
    """Read one page: late ones on top, lateness from the first date; then open; then the rest."""
    late = _late(reach)
    order = case((late, 0), (commitment.c.state.in_(OPEN), 1), else_=2)
    rows = db.execute(
        _board()
        .where(_seen(reach), *_narrowed(reach, part))
        .order_by(
            order,
            case((order == BOTH, None), else_=commitment.c.first_due_on),
            commitment.c.changed_at.desc(),
            commitment.c.id,
        )
        .offset(offset)
        .limit(limit),
    )
    return tuple(_shown(row) for row in rows)


def one(db: Connection, reach: Reach, *, commitment_id: UUID) -> Shown | None:
    """Read one promise, if it may be seen."""
    row = db.execute(_board().where(_seen(reach), commitment.c.id == commitment_id)).first()
    return _shown(row) if row else None


def _board() -> Query:
    return _joined(
        *FIELDS,
        person.c.name,
        person.c.title,
        func.coalesce(unit.c.name, shift.c.what),
        shift.c.band,
        shift.c.local_date,
        _outcome(),
    )


def _shown(row: Any) -> Shown:  # noqa: ANN401 - a row of FIELDS and six columns more
    return Shown(record(Commitment, row[: len(FIELDS)]), *row[len(FIELDS) :])


def _joined(*columns: Any) -> Query:  # noqa: ANN401 - any column
    return (
        select(*columns)
        .select_from(commitment)
        .join(shift, shift.c.id == commitment.c.shift_id)
        .join(person, person.c.id == commitment.c.owner_id)
        .outerjoin(unit, unit.c.id == commitment.c.unit_id)
    )


def _seen(reach: Reach) -> ColumnElement[bool]:
    both_in = (
        select(func.count())
        .where(reflection.c.shift_id == shift.c.id, reflection.c.submitted_at.is_not(None))
        .scalar_subquery()
    ) == BOTH
    public = and_(
        commitment.c.state.in_(PUBLIC),
        commitment.c.kept_between == 0,
        or_(both_in, shift.c.ends_at <= reach.now - WAIT),
    )
    seen = [_own(reach.person_id), and_(public, shift.c.program_id == reach.program_id)]
    if reach.overseen:
        seen.append(shift.c.program_id == reach.overseen)
    if reach.unit_ids:
        led = commitment.c.unit_id.in_(tuple(reach.unit_ids))
        seen.append(and_(led, commitment.c.kept_between == 0))
    return and_(commitment.c.state != "void", or_(*seen))


def _own(person_id: UUID) -> ColumnElement[bool]:
    return or_(commitment.c.owner_id == person_id, commitment.c.host_id == person_id)


def _narrowed(reach: Reach, part: Part) -> tuple[ColumnElement[bool], ...]:
    wanted: list[ColumnElement[bool]] = []
    if part.mine:
        wanted.append(_own(part.mine))
    if part.unit_id:
        wanted.append(commitment.c.unit_id == part.unit_id)
    states = {
        "late": _late(reach),
        "in-time": and_(commitment.c.state.in_(OPEN), ~_late(reach)),
        "done": _became("done"),
        "declined": _became("declined_with_reason"),
    }
    if part.state in states:
        wanted.append(states[part.state])
    return tuple(wanted)


def _late(reach: Reach) -> ColumnElement[bool]:
    return and_(commitment.c.state.in_(OPEN), commitment.c.first_due_on < reach.today)


def _became(state: str) -> ColumnElement[bool]:
    seen = and_(commitment.c.state == "seen_by_host", _outcome() == state)
    return or_(commitment.c.state == state, seen)


def _outcome() -> ColumnElement[Any]:
    """What a promise that was seen had become before."""
    return func.coalesce(
        select(commitment_entry.c.state)
        .where(
            commitment_entry.c.commitment_id == commitment.c.id,
            commitment_entry.c.state.in_(("done", "declined_with_reason")),
        )
        .order_by(commitment_entry.c.at.desc(), commitment_entry.c.id.desc())
        .limit(1)
        .correlate(commitment)
        .scalar_subquery(),
        "",
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
