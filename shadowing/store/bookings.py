"""Shadow shifts: reading, adding, moving along their states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing_sqlite

from shadowing.domain.bookings.states import AHEAD, DID_NOT_TAKE_PLACE, State
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.store.base import Query, record
from shadowing.store.hosting import left_with_shifts
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import shift, unit_day
from shadowing.store.tables.people import person, unit

BATCH = 200
NEXT = 20


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
    note: str
    undo_until: datetime | None
    undo_to: str
    priority_since: datetime | None
    swapped_at: datetime | None
    held_back: bool
    join_at: str
    sensitivity: str

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


def find_many(db: Connection, *, ids: Collection[UUID]) -> Mapping[UUID, Shift]:
    """Read several shifts at once."""
    return {each.id: each for each in _read(db, _shifts().where(shift.c.id.in_(tuple(ids))))}


def lock(db: Connection, *, shift_id: UUID) -> Shift:
    """Read one shift and keep its row until the transaction ends."""
    db.execute(select(shift.c.id).where(shift.c.id == shift_id).with_for_update(key_share=True))
    return find(db, shift_id=shift_id)


def lock_unit_days(db: Connection, *, unit_id: UUID, days: Iterable[date]) -> None:
    """Keep a unit's days in order of date, for A9 counts across hosts; last of all its settings.

    Its settings are shared by all who book: whoever changes them waits until they are done, and
    they until it is written.
    """
    make = insert_or_nothing_sqlite if db.dialect.name == "sqlite" else insert_or_nothing
    for day in sorted(set(days)):
        db.execute(make(unit_day).values(unit_id=unit_id, day=day).on_conflict_do_nothing())
        db.execute(
            select(unit_day.c.day)
            .where(unit_day.c.unit_id == unit_id, unit_day.c.day == day)
            .with_for_update(),
        )
    db.execute(select(unit.c.id).where(unit.c.id == unit_id).with_for_update(read=True))


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


def priorities(db: Connection, *, person_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Say since when some visitors have priority: their shift was called off, or stopped for care.

    It ends with the next shift they ask for that stands (6.2, 6.4).
    """
    later = shift.alias("later")
    gone = [str(state) for state in DID_NOT_TAKE_PLACE]
    asked_again = select(later.c.id).where(
        later.c.observer_id == shift.c.observer_id,
        later.c.requested_at > shift.c.priority_since,
        later.c.state.not_in(gone),
    )
    rows = db.execute(
        select(shift.c.observer_id, func.min(shift.c.priority_since))
        .where(
            shift.c.observer_id.in_(tuple(person_ids)),
            shift.c.priority_since.is_not(None),
            ~asked_again.exists(),
        )
        .group_by(shift.c.observer_id),
    )
    return {row[0]: row[1] for row in rows}


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
    # A request that waits for the coordinator has not come to its host yet (D3).
    parts = {
        "observer": shift.c.observer_id == person_id,
        "host": and_(shift.c.host_id == person_id, shift.c.held_back.is_(False)),
    }
    return or_(*(mine for name, mine in parts.items() if part in {"", name}))


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


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which shifts of a program are wanted; what is empty narrows nothing.

    Attributes:
        name: Part of the name of the visitor or the host.
        first: The first local day; ``last`` is the last one, inclusive.
        latest_first: By start, the latest first; else the soonest.
    """

    states: tuple[State, ...]
    unit_id: UUID | None = None
    name: str = ""
    first: date | None = None
    last: date | None = None
    latest_first: bool = False


def narrowed(
    db: Connection, wanted: Narrow, *, program_id: UUID, limit: int, offset: int = 0
) -> tuple[Shift, ...]:
    """List one page of a program's shifts."""
    start = shift.c.starts_at.desc() if wanted.latest_first else shift.c.starts_at
    found = _shifts().where(*_narrow(wanted, program_id)).order_by(start, shift.c.id)
    return _read(db, found.limit(limit).offset(offset))


def count_narrowed(db: Connection, wanted: Narrow, *, program_id: UUID) -> int:
    """Count what :func:`narrowed` lists, without end."""
    found: int = db.execute(
        select(func.count()).select_from(shift).where(*_narrow(wanted, program_id)),
    ).scalar_one()
    return found


def _narrow(wanted: Narrow, program_id: UUID) -> Iterable[ColumnElement[bool]]:
    yield shift.c.program_id == program_id
    yield shift.c.state.in_([str(state) for state in wanted.states])
    if wanted.unit_id:
        yield shift.c.unit_id == wanted.unit_id
    if wanted.first:
        yield shift.c.local_date >= wanted.first
    if wanted.last:
        yield shift.c.local_date <= wanted.last
    if wanted.name:
        like = func.lower(person.c.name).contains(wanted.name.lower(), autoescape=True)
        named = select(person.c.id).where(like)
        yield or_(shift.c.observer_id.in_(named), shift.c.host_id.in_(named))


def unanswered(db: Connection, *, at: datetime, after: UUID | None = None) -> tuple[UUID, ...]:
    """List a batch of the requests whose time to answer is over (B6)."""
    waits = shift.c.state.in_((State.REQUESTED, State.HOST_ACCEPTED))
    return _batch(db, waits, shift.c.answer_by <= at, after=after)


def _batch(db: Connection, *wanted: ColumnElement[bool], after: UUID | None) -> tuple[UUID, ...]:
    """Name shifts in the order of their ids, beginning after one: so that all have their turn."""
    found = select(shift.c.id).where(*wanted)
    if after is not None:
        found = found.where(shift.c.id > after)
    return tuple(db.scalars(found.order_by(shift.c.id).limit(BATCH)))


def closed_requests(
    db: Connection, *, host_id: UUID | None = None, after: UUID | None = None
) -> tuple[UUID, ...]:
    """List a batch of requests whose hours their host has closed; one host's, or all (6.4)."""
    closed = select(slot.c.id).where(slot.c.state == "withdrawn")
    waits = (shift.c.state == State.REQUESTED, shift.c.slot_id.in_(closed))
    return _batch(db, *waits, *_hosted_by(host_id), after=after)


def of_hosts_who_left(
    db: Connection, *, host_id: UUID | None = None, after: UUID | None = None
) -> tuple[UUID, ...]:
    """List a batch of what is ahead with hosts who have stopped; with one of them, or all (P8)."""
    left = left_with_shifts([str(state) for state in AHEAD])
    return _batch(db, left, *_hosted_by(host_id), after=after)


def _hosted_by(host_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return (shift.c.host_id == host_id,) if host_id else ()


def backed_up_ahead(
    db: Connection, *, host_id: UUID, backup_id: UUID, states: Collection[State]
) -> tuple[Shift, ...]:
    """List the shifts of a host, in some states, on which somebody stands in."""
    both = (shift.c.host_id == host_id, shift.c.backup_id == backup_id)
    wanted = shift.c.state.in_([str(state) for state in states])
    return _read(db, _shifts().where(*both, wanted).order_by(shift.c.id))


def stood_in(db: Connection, *, person_id: UUID, since: datetime) -> tuple[Shift, ...]:
    """List the next shifts on which somebody stands in, confirmed or under way (D7)."""
    on = shift.c.state.in_((State.CONFIRMED, State.CHECKED_IN))
    mine = (shift.c.backup_id == person_id, shift.c.ends_at > since)
    return _read(db, _shifts().where(on, *mine).order_by(shift.c.starts_at).limit(NEXT))


def untold(db: Connection, *, at: datetime, after: UUID | None = None) -> tuple[UUID, ...]:
    """List a batch of shifts whose end can not be undone any more, and that nobody was told of."""
    return _batch(db, shift.c.undo_until <= at, after=after)


def ids_starting_by(
    db: Connection,
    *,
    states: Collection[State],
    instant: datetime,
) -> tuple[UUID, ...]:
    """Name every shift in some states that starts by an instant, soonest first."""
    wanted = shift.c.state.in_([str(state) for state in states])
    found = select(shift.c.id).where(wanted, shift.c.starts_at <= instant)
    return tuple(db.scalars(found.order_by(shift.c.starts_at, shift.c.id)))


def ending_before(
    db: Connection,
    *,
    states: Collection[State],
    instant: datetime,
    after: UUID | None = None,
) -> tuple[UUID, ...]:
    """List a batch of the shifts in some states whose planned end is before an instant."""
    wanted = shift.c.state.in_([str(state) for state in states])
    return _batch(db, wanted, shift.c.ends_at < instant, after=after)
