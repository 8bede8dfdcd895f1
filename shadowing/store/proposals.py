"""Changes of shifts that wait for somebody's yes (B9, B12): another time, host, or hours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, func, insert, or_, select, update

from shadowing.domain.bookings.proposals import Kind, Standing
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.store.base import AnyRow, Query
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.changes import shift_proposal
from shadowing.store.tables.people import unit, unit_deputy

OPEN = shift_proposal.c.state == Standing.OPEN.value
BATCH = 200
Columns = Any
Condition = Callable[[Columns], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change that was proposed.

    Attributes:
        slot_id: Of a move: where it would go.
        host_id: Who has to say yes: the host of the new time, or the new host.
        unit_id: Where it would be.
        host_yes_at: When the host said yes, if the unit is still to be asked.
    """

    id: UUID
    shift_id: UUID
    kind: Kind
    state: Standing
    made_by_id: UUID
    acting_as: str
    made_at: datetime
    answer_by: datetime
    slot_id: UUID | None
    host_id: UUID
    unit_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    local_date: date
    note: str
    host_yes_at: datetime | None
    ended_at: datetime | None

    @property
    def interval(self) -> Interval:
        """The time it would be."""
        return Interval(self.starts_at, self.ends_at)


def _proposals() -> Query:
    return select(*(shift_proposal.c[name] for name in Proposal.__slots__))


def _read(db: Connection, statement: Query) -> tuple[Proposal, ...]:
    return tuple(_proposal(row) for row in db.execute(statement))


def _proposal(row: AnyRow) -> Proposal:
    values = dict(zip(Proposal.__slots__, row, strict=True))
    values |= {"kind": Kind(values["kind"]), "state": Standing(values["state"])}
    return Proposal(**values)


def add(db: Connection, values: Mapping[str, object]) -> None:
    """Write a proposal; of a move, the database counts the seat it would take."""
    db.execute(insert(shift_proposal).values(**values))


def find(db: Connection, *, proposal_id: UUID) -> Proposal:
    """Read one, whatever became of it.

    Raises:
        NotFound: There is none by that id.
    """
    found = _read(db, _proposals().where(shift_proposal.c.id == proposal_id))
    if not found:
        raise NotFound(proposal_id=proposal_id)
    return found[0]


def latest(db: Connection, *, shift_id: UUID, kind: Kind) -> Proposal | None:
    """Read the latest of a kind for a shift, open or not; the open one first."""
    wanted = (shift_proposal.c.shift_id == shift_id, shift_proposal.c.kind == kind.value)
    newest = (
        _proposals()
        .where(*wanted)
        .order_by(shift_proposal.c.made_at.desc(), case((OPEN, 0), else_=1))
    )
    found = _read(db, newest.limit(1))
    return found[0] if found else None


def open_of(db: Connection, *, shift_id: UUID) -> tuple[Proposal, ...]:
    """List what is open for a shift, by start."""
    return _read(
        db,
        _proposals()
        .where(shift_proposal.c.shift_id == shift_id, OPEN)
        .order_by(shift_proposal.c.starts_at),
    )


def end(db: Connection, proposal: Proposal, *, state: Standing, at: datetime) -> None:
    """Close a proposal; a seat it kept is given back."""
    db.execute(
        update(shift_proposal)
        .where(shift_proposal.c.id == proposal.id, OPEN)
        .values(state=state.value, ended_at=at),
    )


def host_said_yes(db: Connection, proposal: Proposal, *, at: datetime) -> None:
    """Note the host's yes, while the unit is still to be asked."""
    db.execute(
        update(shift_proposal).where(shift_proposal.c.id == proposal.id).values(host_yes_at=at),
    )


def unanswered(db: Connection, *, at: datetime, after: UUID | None = None) -> tuple[UUID, ...]:
    """List a batch of the shifts that have a proposal whose time to answer is over."""
    found = select(shift_proposal.c.shift_id).where(OPEN, shift_proposal.c.answer_by <= at)
    if after is not None:
        found = found.where(shift_proposal.c.shift_id > after)
    in_order = found.distinct().order_by(shift_proposal.c.shift_id).limit(BATCH)
    return tuple(db.scalars(in_order))


def waiting_for(
    db: Connection, *, host_id: UUID, unit_ids: Collection[UUID], observer_id: UUID
) -> tuple[Proposal, ...]:
    """List what waits for somebody as host, on their units, or as the one who asked."""
    hours = shift_proposal.c.kind == Kind.HOURS.value
    unasked = shift_proposal.c.host_yes_at.is_(None)
    rows = (
        _proposals()
        .join(shift, shift.c.id == shift_proposal.c.shift_id)
        .where(
            OPEN,
            or_(
                (shift_proposal.c.host_id == host_id) & ~hours & unasked,
                shift_proposal.c.unit_id.in_(tuple(unit_ids)) & ~unasked & ~hours,
                (shift.c.observer_id == observer_id) & hours,
            ),
        )
        .order_by(shift_proposal.c.answer_by, shift_proposal.c.starts_at)
        .limit(BATCH)
    )
    return _read(db, rows)


def count_for_host(db: Connection, *, host_id: UUID) -> int:
    """Count the moves and swaps that wait for somebody as the host who is asked."""
    asked = (shift_proposal.c.host_id == host_id, shift_proposal.c.host_yes_at.is_(None))
    return _count(db, *asked, shift_proposal.c.kind != Kind.HOURS.value)


def count_for_units(db: Connection, *, manager_id: UUID) -> int:
    """Count the moves that wait for the yes of units that somebody leads, or is deputy of."""
    deputy_of = select(unit_deputy.c.unit_id).where(unit_deputy.c.person_id == manager_id)
    led = select(unit.c.id).where(or_(unit.c.manager_id == manager_id, unit.c.id.in_(deputy_of)))
    asked = (shift_proposal.c.unit_id.in_(led), shift_proposal.c.host_yes_at.is_not(None))
    return _count(db, *asked, shift_proposal.c.kind != Kind.HOURS.value)


def count_hours(db: Connection, *, observer_id: UUID) -> int:
    """Count the requests for which a visitor has other hours to choose from."""
    mine = select(shift.c.id).where(shift.c.observer_id == observer_id)
    return _count(
        db, shift_proposal.c.shift_id.in_(mine), shift_proposal.c.kind == Kind.HOURS.value
    )


def _count(db: Connection, *wanted: ColumnElement[bool]) -> int:
    several = select(func.count(shift_proposal.c.shift_id.distinct())).where(OPEN, *wanted)
    found: int = db.execute(several).scalar_one()
    return found


def kept(names: Iterable[str], condition: Condition, *, without: UUID | None) -> Query:
    """Select the times that moves keep while they wait, as columns of a shift.

    Args:
        names: Columns that a shift has.
        condition: Asked of those columns.
        without: Leave out what is proposed for this shift.
    """
    held = (
        select(
            *(
                shift_proposal.c[name]
                for name in ("host_id", "unit_id", "slot_id", "local_date", "starts_at", "ends_at")
            ),
            shift.c.observer_id,
        )
        .join(shift, shift.c.id == shift_proposal.c.shift_id)
        .where(OPEN, shift_proposal.c.kind == Kind.MOVE.value)
    )
    if without:
        held = held.where(shift_proposal.c.shift_id != without)
    places = held.subquery()
    return select(*(places.c[name] for name in names)).where(condition(places.c))
