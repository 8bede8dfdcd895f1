"""A host's hours, and the slots they become: rules, changed days, visits, and writing a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, case, delete, insert, select, update

from shadowing.domain.availability.renewal import Face, Plan, Standing, Visit
from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE, State
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.store.base import record
from shadowing.store.tables.availability import day_change, hold, slot, weekly_hours
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.people import person

NOT_YET_TOLD: Final = "A request that has not reached you yet"
FACE: Final = tuple(Face.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Rule:
    """Hours of every week, as the host gave them; times are wall clock at the site."""

    id: UUID
    weekday: int
    span: str
    local_start: str
    local_end: str
    mode: str
    audience: str
    handover: bool
    kind: str
    seats: int
    join_at: str
    sensitivity: str
    valid_from: date | None
    valid_to: date | None

    def falls_on(self, day: date) -> bool:
        """Say whether they hold on a date."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_to is not None and self.valid_to < day
        return self.weekday == day.weekday() and begun and not ended


@dataclass(frozen=True, slots=True)
class Change:
    """One part of what takes the place of all weekly hours of a span on one date."""

    local_date: date
    span: str
    local_start: str
    local_end: str
    mode: str
    audience: str
    handover: bool
    kind: str
    seats: int
    join_at: str
    sensitivity: str


def rules(db: Connection, *, host_id: UUID) -> tuple[Rule, ...]:
    """List the weekly hours of a host, by day and start."""
    rows = db.execute(
        select(*(weekly_hours.c[name] for name in Rule.__slots__))
        .where(weekly_hours.c.host_id == host_id)
        .order_by(weekly_hours.c.weekday, weekly_hours.c.local_start, weekly_hours.c.id),
    )
    return tuple(record(Rule, row) for row in rows)


def changes(
    db: Connection, *, host_id: UUID, first: date, last: date | None = None
) -> tuple[Change, ...]:
    """List the changed days of a host from *first* to *last*, both included."""
    wanted = select(*(day_change.c[name] for name in Change.__slots__)).where(
        day_change.c.host_id == host_id,
        day_change.c.local_date >= first,
    )
    if last is not None:
        wanted = wanted.where(day_change.c.local_date <= last)
    in_order = (day_change.c.local_date, day_change.c.span, day_change.c.local_start)
    rows = db.execute(wanted.order_by(*in_order))
    return tuple(record(Change, row) for row in rows)


def add_rule(db: Connection, *, host_id: UUID, weekday: int, given: Mapping[str, object]) -> UUID:
    """Write new weekly hours; gives their id."""
    rule_id = uuid4()
    db.execute(
        insert(weekly_hours).values(id=rule_id, host_id=host_id, weekday=weekday, **given),
    )
    return rule_id


def change_rule(
    db: Connection, *, host_id: UUID, rule_id: UUID, given: Mapping[str, object]
) -> None:
    """Write other hours in place of a host's own.

    Raises:
        NotFound: The host has none by that id.
    """
    mine = (weekly_hours.c.id == rule_id, weekly_hours.c.host_id == host_id)
    if not db.execute(update(weekly_hours).where(*mine).values(**given)).rowcount:
        raise NotFound(rule_id=rule_id)


def remove_rules(db: Connection, *, host_id: UUID, ids: Collection[UUID]) -> None:
    """Take weekly hours of a host away."""
    mine = (weekly_hours.c.host_id == host_id, weekly_hours.c.id.in_(tuple(ids)))
    db.execute(delete(weekly_hours).where(*mine))


def set_day(
    db: Connection,
    *,
    host_id: UUID,
    local_date: date,
    span: str,
    parts: Iterable[Mapping[str, object]],
) -> None:
    """Write what one span is on one date, part by part, in place of what was said before."""
    remove_days(db, host_id=host_id, span=span, dates=(local_date,))
    rows = [
        {"id": uuid4(), "host_id": host_id, "local_date": local_date, "span": span, **part}
        for part in parts
    ]
    db.execute(insert(day_change), rows)


def remove_days(db: Connection, *, host_id: UUID, span: str, dates: Collection[date]) -> None:
    """Forget what was said of a span on some dates: they are as every week again."""
    db.execute(
        delete(day_change).where(
            day_change.c.host_id == host_id,
            day_change.c.span == span,
            day_change.c.local_date.in_(tuple(dates)),
        ),
    )


def keep_slots(db: Connection, *, host_id: UUID, after: datetime) -> tuple[Standing, ...]:
    """Lock and read every slot of a host that starts after an instant, withdrawn ones too.

    Seats of holds that have run out are given back first, so that they count as free.
    """
    mine = (slot.c.host_id == host_id, slot.c.starts_at > after, slot.c.unit_id.is_not(None))
    db.execute(select(slot.c.id).where(*mine).order_by(slot.c.id).with_for_update(key_share=True))
    over = select(slot.c.id).where(*mine, slot.c.taken > 0)
    db.execute(delete(hold).where(hold.c.expires_at <= after, hold.c.slot_id.in_(over)))
    rows = db.execute(
        select(slot.c.id, slot.c.taken, slot.c.state, *(slot.c[name] for name in FACE)).where(
            *mine
        ),
    )
    return tuple(
        Standing(row.id, Face(**dict(zip(FACE, row[3:], strict=True))), row.taken, row.state)
        for row in rows
    )


def write_plan(db: Connection, plan: Plan, *, host_id: UUID) -> None:
    """Write what a plan says; of taken slots only seats and address change, never their face."""
    for slot_id, face in plan.changed.items():
        db.execute(update(slot).where(slot.c.id == slot_id).values(**asdict(face)))
    for slot_id, kept in plan.details.items():
        seats, join_at = kept
        db.execute(
            update(slot).where(slot.c.id == slot_id).values(seats=seats, join_at=join_at),
        )
    for state in sorted(set(plan.states.values())):
        ids = [slot_id for slot_id, to in plan.states.items() if to == state]
        db.execute(update(slot).where(slot.c.id.in_(ids)).values(state=state))
    rows = [
        {"id": uuid4(), "host_id": host_id, "state": state} | asdict(face)
        for face, state in plan.new
    ]
    if rows:
        db.execute(insert(slot), rows)


def visits(db: Connection, *, host_id: UUID, span: Interval) -> tuple[Visit, ...]:
    """List the shifts that stand with a host during *span*, by start.

    A request that waits for the coordinator is none of theirs yet (D3).
    """
    return _visits(
        db,
        shift.c.host_id == host_id,
        shift.c.held_back.is_(False),
        shift.c.starts_at < span.end,
        shift.c.ends_at > span.start,
    )


def visits_of(db: Connection, *, slot_ids: Collection[UUID]) -> tuple[Visit, ...]:
    """List the shifts that stand on some slots, by start; seats only held are none."""
    return _visits(db, shift.c.slot_id.in_(tuple(slot_ids)))


def _visits(db: Connection, *conditions: object) -> tuple[Visit, ...]:
    rows = db.execute(
        select(
            shift.c.id,
            shift.c.slot_id,
            shift.c.starts_at,
            shift.c.ends_at,
            shift.c.local_date,
            shift.c.state,
            case((shift.c.held_back, NOT_YET_TOLD), else_=person.c.name),
            case((shift.c.held_back, ""), else_=person.c.title),
        )
        .join(person, shift.c.observer_id == person.c.id)
        .where(shift.c.state.not_in([str(state) for state in DID_NOT_TAKE_PLACE]), *conditions)  # type: ignore[arg-type] # conditions of SQLAlchemy
        .order_by(shift.c.starts_at, shift.c.id),
    )
    return tuple(Visit(*row[:5], State(row[5]), *row[6:]) for row in rows)


def go_on_break(db: Connection, *, host_id: UUID, until: datetime | None) -> None:
    """Hide a host's slots until an instant, or no longer."""
    db.execute(update(person).where(person.c.id == host_id).values(paused_until=until))
