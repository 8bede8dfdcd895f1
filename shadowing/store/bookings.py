"""Shadow shifts: reading, adding, moving along their states, and who is where when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing_sqlite

from shadowing.domain.bookings.asking import Hosted, Load
from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE, State
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.store.base import Query, record
from shadowing.store.tables.bookings import shift, unit_day
from shadowing.store.tables.followup import debrief
from shadowing.store.tables.people import person

BATCH = 200
AROUND = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Shift:
    """One shadow shift as it stands."""

    id: UUID
    program_id: UUID
    slot_id: UUID | None
    observer_id: UUID
    host_id: UUID
    backup_id: UUID | None
    unit_id: UUID | None
    site_id: UUID
    kind: str
    what: str
    starts_at: datetime
    ends_at: datetime
    local_date: date
    band: str
    mode: str
    host_role: str
    template: str
    state: State
    reason: str
    version: int
    goal: str
    access_needs: str
    requested_at: datetime
    answer_by: datetime
    late: bool
    automatic: bool
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    minutes: int | None
    rebooked_from_id: UUID | None
    overridden_by_id: UUID | None

    @property
    def interval(self) -> Interval:
        """The planned time."""
        return Interval(self.starts_at, self.ends_at)


def _shifts() -> Query:
    return select(*(shift.c[name] for name in Shift.__slots__))


def _read(db: Connection, statement: Query) -> tuple[Shift, ...]:
    place = Shift.__slots__.index("state")
    return tuple(
        record(Shift, (*row[:place], State(row[place]), *row[place + 1 :]))
        for row in db.execute(statement)
    )


def find(db: Connection, *, shift_id: UUID) -> Shift:
    """Read one shift.

    Raises:
        NotFound: There is none by that id.
    """
    found = _read(db, _shifts().where(shift.c.id == shift_id))
    if not found:
        raise NotFound(shift_id=shift_id)
    return found[0]


def lock(db: Connection, *, shift_id: UUID) -> Shift:
    """Read one shift and keep its row until the transaction ends."""
    db.execute(select(shift.c.id).where(shift.c.id == shift_id).with_for_update())
    return find(db, shift_id=shift_id)


def lock_unit_days(db: Connection, *, unit_id: UUID, days: Iterable[date]) -> None:
    """Keep a unit's days: the third and last lock, in order of date (A9 counts across hosts)."""
    make = insert_or_nothing_sqlite if db.dialect.name == "sqlite" else insert_or_nothing
    for day in sorted(set(days)):
        db.execute(make(unit_day).values(unit_id=unit_id, day=day).on_conflict_do_nothing())
        db.execute(
            select(unit_day.c.day)
            .where(unit_day.c.unit_id == unit_id, unit_day.c.day == day)
            .with_for_update(),
        )


def add(db: Connection, values: Mapping[str, object]) -> Shift:
    """Write a new shift; the schema refuses a seat too many and two places at once."""
    db.execute(insert(shift).values(**values))
    return find(db, shift_id=UUID(str(values["id"])))


def move(db: Connection, current: Shift, *, to: State, **values: object) -> Shift:
    """Set a new state, if the shift is still as it was read (compare and set).

    Raises:
        NotFound: It changed meanwhile; nothing was written.
    """
    done = db.execute(
        update(shift)
        .where(shift.c.id == current.id, shift.c.version == current.version)
        .values(state=to, version=current.version + 1, **values),
    )
    if done.rowcount != 1:
        raise NotFound(shift_id=current.id)
    return find(db, shift_id=current.id)


def change(db: Connection, current: Shift, **values: object) -> Shift:
    """Set values that are not the state, likewise guarded by the version."""
    return move(db, current, to=current.state, **values)


def _standing(without: UUID | None) -> ColumnElement[bool]:
    standing = shift.c.state.not_in([str(state) for state in DID_NOT_TAKE_PLACE])
    return and_(standing, shift.c.id != without) if without else standing


def of_person(
    db: Connection,
    *,
    person_id: UUID,
    states: Collection[State],
    part: str = "",
    limit: int = 200,
    offset: int = 0,
) -> tuple[Shift, ...]:
    """List the shifts of a person, as ``observer`` or ``host`` or both, latest start first."""
    return _read(
        db,
        _shifts()
        .where(_has(person_id, part), shift.c.state.in_([str(state) for state in states]))
        .order_by(shift.c.starts_at.desc(), shift.c.id)
        .limit(limit)
        .offset(offset),
    )


def count_of_person(
    db: Connection, *, person_id: UUID, states: Collection[State], part: str = ""
) -> int:
    """Count what :func:`of_person` lists, without end."""
    wanted = shift.c.state.in_([str(state) for state in states])
    found: int = db.execute(
        select(func.count()).where(_has(person_id, part), wanted),
    ).scalar_one()
    return found


def _has(person_id: UUID, part: str) -> ColumnElement[bool]:
    columns = {"observer": shift.c.observer_id, "host": shift.c.host_id}
    return or_(*(column == person_id for name, column in columns.items() if part in {"", name}))


def of_units(
    db: Connection,
    *,
    unit_ids: Collection[UUID],
    states: Collection[State],
    since: datetime,
) -> tuple[Shift, ...]:
    """List the shifts on some units that end after *since*, soonest first."""
    return _read(
        db,
        _shifts()
        .where(
            shift.c.unit_id.in_(tuple(unit_ids)),
            shift.c.state.in_([str(state) for state in states]),
            shift.c.ends_at > since,
        )
        .order_by(shift.c.starts_at),
    )


def of_program(
    db: Connection,
    *,
    program_id: UUID,
    states: Collection[State],
    since: datetime,
    limit: int = 200,
) -> tuple[Shift, ...]:
    """List a program's shifts that end after *since*, soonest first."""
    return _read(
        db,
        _shifts()
        .where(
            shift.c.program_id == program_id,
            shift.c.state.in_([str(state) for state in states]),
            shift.c.ends_at > since,
        )
        .order_by(shift.c.starts_at)
        .limit(limit),
    )


def unanswered(db: Connection, *, at: datetime) -> tuple[Shift, ...]:
    """List the requests whose time to answer is over (B6)."""
    waits = shift.c.state.in_((State.REQUESTED, State.HOST_ACCEPTED))
    return _read(db, _shifts().where(waits, shift.c.answer_by <= at).limit(BATCH))


def starting_before(
    db: Connection,
    *,
    states: Collection[State],
    instant: datetime,
) -> tuple[Shift, ...]:
    """List the shifts in some states that start before an instant."""
    wanted = shift.c.state.in_([str(state) for state in states])
    return _read(db, _shifts().where(wanted, shift.c.starts_at < instant).limit(BATCH))


def ending_before(
    db: Connection,
    *,
    states: Collection[State],
    instant: datetime,
) -> tuple[Shift, ...]:
    """List the shifts in some states whose planned end is before an instant."""
    wanted = shift.c.state.in_([str(state) for state in states])
    return _read(db, _shifts().where(wanted, shift.c.ends_at < instant).limit(BATCH))


def busy(
    db: Connection,
    *,
    person_id: UUID,
    span: Interval,
    without: UUID | None = None,
) -> tuple[Interval, ...]:
    """List when a person is on a shift or in a debrief around *span*, hosting included (B7)."""
    mine = or_(shift.c.observer_id == person_id, shift.c.host_id == person_id)
    shifts = select(shift.c.starts_at, shift.c.ends_at).where(
        mine,
        _standing(without),
        shift.c.starts_at < span.end,
        shift.c.ends_at > span.start,
    )
    talks = (
        select(debrief.c.starts_at, debrief.c.ends_at)
        .join(shift, debrief.c.shift_id == shift.c.id)
        .where(
            mine, _standing(without), debrief.c.starts_at < span.end, debrief.c.ends_at > span.start
        )
    )
    rows = db.execute(shifts.union_all(talks))
    return tuple(Interval(row[0], row[1]) for row in rows)


def asked(
    db: Connection,
    *,
    person_id: UUID,
    since: datetime,
    without: UUID | None = None,
) -> frozenset[UUID]:
    """List the slots a person has a standing request or shift for."""
    found = db.scalars(
        select(shift.c.slot_id).where(
            shift.c.observer_id == person_id,
            _standing(without),
            shift.c.ends_at > since,
            shift.c.slot_id.is_not(None),
        ),
    )
    return frozenset(slot_id for slot_id in found if slot_id)


def present(
    db: Connection,
    *,
    unit_ids: Collection[UUID],
    span: Interval,
    without: UUID | None = None,
) -> Mapping[UUID, tuple[Interval, ...]]:
    """Say when observers are on some units during *span*, one interval for each (A9)."""
    rows = db.execute(
        select(shift.c.unit_id, shift.c.starts_at, shift.c.ends_at).where(
            shift.c.unit_id.in_(tuple(unit_ids)),
            _standing(without),
            shift.c.starts_at < span.end,
            shift.c.ends_at > span.start,
        ),
    )
    found: dict[UUID, list[Interval]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(Interval(row.starts_at, row.ends_at))
    return {unit_id: tuple(spans) for unit_id, spans in found.items()}


def loads(
    db: Connection,
    *,
    host_ids: Collection[UUID],
    span: Interval,
    max_per_month: int,
    cool_down_days: int,
    without: UUID | None = None,
) -> Mapping[UUID, Load]:
    """Say what some hosts have hosted around *span*, with their own limits (A4)."""
    ids = tuple(set(host_ids))
    hosted: dict[UUID, list[Hosted]] = {}
    elsewhere: dict[UUID, list[Interval]] = {}
    for row in _spent(db, ids, span=span, without=without):
        time = Interval(row.starts_at, row.ends_at)
        hosted.setdefault(row.host_id, []).append(Hosted(row.slot_id, row.local_date, time))
        elsewhere.setdefault(row.observer_id, []).append(time)
    return {
        row.id: Load(
            max_per_month=max_per_month if row.max_per_month is None else row.max_per_month,
            cool_down_days=cool_down_days if row.cool_down_days is None else row.cool_down_days,
            hosted=tuple(hosted.get(row.id, ())),
            elsewhere=tuple(elsewhere.get(row.id, ())),
            paused_until=row.paused_until,
        )
        for row in _limits(db, ids)
    }


def _limits(db: Connection, ids: tuple[UUID, ...]) -> Iterable[Any]:
    columns = (person.c.id, person.c.max_per_month, person.c.cool_down_days, person.c.paused_until)
    return db.execute(select(*columns).where(person.c.id.in_(ids))).all()


def _spent(
    db: Connection,
    ids: tuple[UUID, ...],
    *,
    span: Interval,
    without: UUID | None,
) -> Iterable[Any]:
    first, last = span.start - AROUND, span.end + AROUND
    columns = ("host_id", "observer_id", "slot_id", "local_date", "starts_at", "ends_at")
    return db.execute(
        select(*(shift.c[name] for name in columns)).where(
            or_(shift.c.host_id.in_(ids), shift.c.observer_id.in_(ids)),
            and_(_standing(without), shift.c.starts_at < last, shift.c.ends_at > first),
        ),
    ).all()
