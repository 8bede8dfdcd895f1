"""Who is where when: shifts that stand, talks, and times that moves keep while they wait.

What decides about asking (B7, A4, A9) is read here, for many people and units at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    exists,
    or_,
    select,
    union_all,
)

from shadowing.domain.bookings.asking import Hosted, Load
from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE
from shadowing.domain.interval import Interval
from shadowing.domain.limits import limits
from shadowing.domain.programs import Rules
from shadowing.domain.ways import REMOTE
from shadowing.store import proposals
from shadowing.store.base import Query
from shadowing.store.proposals import Columns, Condition
from shadowing.store.tables.availability import slot
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.followup import debrief
from shadowing.store.tables.people import person

AROUND = timedelta(days=62)


def _standing(without: UUID | None) -> ColumnElement[bool]:
    standing = shift.c.state.not_in([str(state) for state in DID_NOT_TAKE_PLACE])
    return and_(standing, shift.c.id != without) if without else standing


def busy(
    db: Connection,
    *,
    person_id: UUID,
    span: Interval,
    without: UUID | None = None,
    apart: UUID | None = None,
) -> tuple[Interval, ...]:
    """List when a person is on a shift or in a debrief around *span*, hosting included (B7).

    A time that a move of theirs keeps while it waits counts too (B9). The joint talk of the cohort
    day *apart* is left out (B14).
    """

    def around(one: Columns) -> ColumnElement[bool]:
        mine = or_(one.observer_id == person_id, one.host_id == person_id)
        return and_(mine, one.starts_at < span.end, one.ends_at > span.start)

    mine = or_(shift.c.observer_id == person_id, shift.c.host_id == person_id)
    talks = (
        select(debrief.c.starts_at, debrief.c.ends_at)
        .join(shift, debrief.c.shift_id == shift.c.id)
        .where(
            mine, _standing(without), debrief.c.starts_at < span.end, debrief.c.ends_at > span.start
        )
    )
    if apart:
        talks = talks.where(debrief.c.cohort_day_id.is_distinct_from(apart))
    times: CompoundSelect[Any] = union_all(
        *_times(("starts_at", "ends_at"), around, without=without), talks
    )
    return tuple(Interval(row[0], row[1]) for row in db.execute(times).all())


def _times(
    names: tuple[str, ...], condition: Condition, *, without: UUID | None
) -> tuple[Query, Query]:
    """Select shifts that stand, and times that moves keep while they wait, by one condition."""
    standing = select(*(shift.c[name] for name in names))
    return (
        standing.where(condition(shift.c), _standing(without)),
        proposals.kept(names, condition, without=without),
    )


def standing_in(
    db: Connection, *, person_id: UUID, span: Interval, without: UUID | None = None
) -> tuple[Interval, ...]:
    """List when somebody stands in as a backup around *span*, but for one shift (D7)."""
    rows = db.execute(
        select(shift.c.starts_at, shift.c.ends_at).where(
            shift.c.backup_id == person_id,
            _standing(without),
            shift.c.starts_at < span.end,
            shift.c.ends_at > span.start,
        ),
    )
    return tuple(Interval(row.starts_at, row.ends_at) for row in rows)


def year_minutes(
    db: Connection, *, person_id: UUID, without: UUID | None = None
) -> Mapping[int, int]:
    """Count the minutes somebody shadows by calendar year: as done, or as booked (B13)."""
    rows = db.execute(
        select(shift.c.local_date, shift.c.minutes, shift.c.starts_at, shift.c.ends_at).where(
            shift.c.observer_id == person_id, _standing(without)
        ),
    ).all()
    found: dict[int, int] = {}
    for row in rows:
        planned = Interval(row.starts_at, row.ends_at).minutes
        minutes = planned if row.minutes is None else row.minutes
        found[row.local_date.year] = found.get(row.local_date.year, 0) + minutes
    return found


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
    """Say when observers are on some units during *span*, one interval for each (A9).

    Who watches from elsewhere is not there (B17).
    """

    def around(one: Columns) -> ColumnElement[bool]:
        away = exists().where(slot.c.id == one.slot_id, slot.c.kind == REMOTE)
        there = and_(one.unit_id.in_(tuple(unit_ids)), ~away)
        return and_(there, one.starts_at < span.end, one.ends_at > span.start)

    names = ("unit_id", "starts_at", "ends_at")
    rows = db.execute(union_all(*_times(names, around, without=without))).all()
    found: dict[UUID, list[Interval]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(Interval(row.starts_at, row.ends_at))
    return {unit_id: tuple(spans) for unit_id, spans in found.items()}


def loads(
    db: Connection,
    *,
    host_ids: Collection[UUID],
    span: Interval,
    rules: Rules,
    without: UUID | None = None,
) -> Mapping[UUID, Load]:
    """Say what some hosts have hosted around *span*, with the limits that hold for each (A4)."""
    ids = tuple(set(host_ids))
    hosted: dict[UUID, list[Hosted]] = {}
    elsewhere: dict[UUID, list[Interval]] = {}
    for row in _spent(db, ids, span=span, without=without):
        time = Interval(row.starts_at, row.ends_at)
        hosted.setdefault(row.host_id, []).append(Hosted(row.slot_id, row.local_date, time))
        elsewhere.setdefault(row.observer_id, []).append(time)
    found: dict[UUID, Load] = {}
    for row in _limits(db, ids):
        own = limits(rules, max_per_month=row.max_per_month, cool_down_days=row.cool_down_days)
        found[row.id] = Load(
            max_per_month=own.max_per_month,
            cool_down_days=own.cool_down_days,
            hosted=tuple(hosted.get(row.id, ())),
            elsewhere=tuple(elsewhere.get(row.id, ())),
            paused_until=row.paused_until,
        )
    return found


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
    names = ("host_id", "observer_id", "slot_id", "local_date", "starts_at", "ends_at")

    def around(one: Columns) -> ColumnElement[bool]:
        theirs = or_(one.host_id.in_(ids), one.observer_id.in_(ids))
        return and_(theirs, one.starts_at < last, one.ends_at > first)

    return db.execute(union_all(*_times(names, around, without=without))).all()
