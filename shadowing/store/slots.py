"""Slots: what can be asked for, who holds a seat while choosing, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.store.base import AnyRow, Query, record
from shadowing.store.hosting import turning_away
from shadowing.store.tables.availability import hold, slot
from shadowing.store.tables.people import person, site, unit

Counts = Mapping[tuple[Any, ...], int]


@dataclass(frozen=True, slots=True)
class Offer:
    """One slot with the name of its host; a blind slot's host is for the service's eyes only."""

    id: UUID
    host_id: UUID
    unit_id: UUID
    starts_at: datetime
    ends_at: datetime
    local_date: date
    span: str
    band: str
    kind: str
    mode: str
    audience: str
    handover: bool
    host_role: str
    seats: int
    taken: int
    state: str
    join_at: str
    sensitivity: str
    host_name: str
    host_post_nominal: str

    @property
    def interval(self) -> Interval:
        """The time of the slot."""
        return Interval(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for.

    Attributes:
        first: First local day; ``last`` is the last one, inclusive.
        after: Where the last page ended: start and id of its last slot.
        audiences: Those the person belongs to (A2 filters silently).
        mine: Slots that are listed even when every seat is taken, because this person has one.
        says: How the person describes themselves, for the hosts who have a preference (A2).
    """

    first: date
    last: date
    not_before: datetime
    audiences: tuple[str, ...]
    unit_ids: tuple[UUID, ...] = ()
    roles: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    host_ids: tuple[UUID, ...] = ()
    not_host: UUID | None = None
    mine: tuple[UUID, ...] = ()
    after: tuple[datetime, UUID] | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A seat kept for somebody who is choosing (B5)."""

    slot_id: UUID
    person_id: UUID
    goal: str
    access_needs: str
    expires_at: datetime


def search(
    db: Connection,
    wanted: Search,
    *,
    limit: int,
    offset: int = 0,
) -> tuple[Offer, ...]:
    """List open slots by start, at most *limit*; ids are random, so none is first among equals."""
    statement = _offers().where(*_conditions(wanted))
    if wanted.after:
        starts_at, slot_id = wanted.after
        later = and_(slot.c.starts_at == starts_at, slot.c.id > slot_id)
        statement = statement.where(or_(slot.c.starts_at > starts_at, later))
    in_order = statement.order_by(slot.c.starts_at, slot.c.id)
    rows = db.execute(in_order.limit(limit).offset(offset))
    return tuple(record(Offer, row) for row in rows)


def search_days(db: Connection, wanted: Search, *, limit: int, offset: int) -> tuple[Offer, ...]:
    """List open slots day by day, each day's by start: the order of the index by day."""
    in_order = (slot.c.local_date, slot.c.starts_at, slot.c.id)
    page = _offers().where(*_conditions(wanted)).order_by(*in_order)
    rows = db.execute(page.limit(limit).offset(offset))
    return tuple(record(Offer, row) for row in rows)


def count_by(db: Connection, wanted: Search, *, by: tuple[str, ...], most: int) -> Counts:
    """Count open slots by several of their columns at once: one look serves every filter's count.

    Of each day no more than *most* are looked at, so that a hospital a hundred times as large
    waits no longer for its numbers.

    Returns:
        For each combination of values, in the order of *by*, how many there are.
    """
    columns = [slot.c[name] for name in by]
    days = [
        select(*columns).where(*_conditions(replace(wanted, first=day, last=day))).limit(most)
        for day in _days(wanted.first, wanted.last)
    ]
    looked_at = union_all(*(select(day.subquery()) for day in days)).subquery()
    counted = [looked_at.c[name] for name in by]
    rows = db.execute(select(*counted, func.count()).group_by(*counted))
    return {tuple(row[:-1]): row[-1] for row in rows}


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=nth) for nth in range((last - first).days + 1))


def nearest_day(db: Connection, wanted: Search, *, to: date) -> date | None:
    """Name the day nearest to another with an open slot; of two equally near, the later."""
    day = slot.c.local_date
    later, earlier = db.execute(
        select(
            func.min(case((day > to, day))),
            func.max(case((day < to, day))),
        ).where(*_conditions(wanted)),
    ).one()
    if later is None or earlier is None:
        return cast("date | None", later or earlier)
    return cast(date, later if later - to <= to - earlier else earlier)


def _conditions(wanted: Search) -> Iterable[ColumnElement[bool]]:
    yield slot.c.state == "open"
    yield slot.c.unit_id.is_not(None)  # a meeting has none, and is found elsewhere (B16)
    yield slot.c.starts_at >= wanted.not_before
    yield slot.c.local_date.between(wanted.first, wanted.last)
    yield slot.c.audience.in_(wanted.audiences)
    yield or_(slot.c.taken < slot.c.seats, slot.c.id.in_(wanted.mine))
    # A unit's pause hides what lies in it (A7); most units have none.
    paused = and_(unit.c.paused_from < slot.c.ends_at, unit.c.paused_until > slot.c.starts_at)
    yield or_(
        slot.c.unit_id.not_in(select(unit.c.id).where(unit.c.paused_until > wanted.not_before)),
        ~exists().where(unit.c.id == slot.c.unit_id, paused).correlate(slot),
    )
    yield slot.c.host_id.not_in(turning_away(says=wanted.says))
    narrowed = (
        (slot.c.host_id, wanted.host_ids),
        (slot.c.unit_id, wanted.unit_ids),
        (slot.c.host_role, wanted.roles),
        (slot.c.band, wanted.bands),
        (slot.c.mode, wanted.modes),
        (slot.c.kind, wanted.kinds),
    )
    for column, values in narrowed:
        if values:
            yield column.in_(values)
    if wanted.not_host:
        yield slot.c.host_id != wanted.not_host


def find(db: Connection, *, slot_id: UUID) -> Offer:
    """Read one slot, whatever its state.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_offers().where(slot.c.id == slot_id)).first()
    if row is None:
        raise NotFound(slot_id=slot_id)
    return record(Offer, row)


def state_of(db: Connection, *, slot_id: UUID) -> str:
    """Say whether hours are open, hidden or withdrawn; of a meeting too."""
    return str(db.scalar(select(slot.c.state).where(slot.c.id == slot_id)) or "")


def lock(db: Connection, *, slot_id: UUID) -> Offer:
    """Read one slot and keep its row: the second lock, after the people's."""
    mine = select(slot.c.id).where(slot.c.id == slot_id)
    db.execute(mine.with_for_update(key_share=True))
    return find(db, slot_id=slot_id)


def host_ids(db: Connection, *, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Say whose some slots are."""
    return frozenset(db.scalars(select(slot.c.host_id).where(slot.c.id.in_(tuple(ids)))))


def modes(db: Connection, *, ids: Iterable[UUID | None]) -> Mapping[UUID | None, str]:
    """Say who says yes to some slots, by slot."""
    wanted = slot.c.id.in_(tuple({slot_id for slot_id in ids if slot_id}))
    return {row[0]: row[1] for row in db.execute(select(slot.c.id, slot.c.mode).where(wanted))}


def _offers() -> Query:
    columns = [slot.c[name] for name in Offer.__slots__ if name in slot.c]
    return select(
        *columns,
        person.c.name.label("host_name"),
        person.c.post_nominal.label("host_post_nominal"),
    ).join(person, and_(slot.c.host_id == person.c.id, slot.c.unit_id.is_not(None)))


def hold_seat(db: Connection, kept: Hold, *, offered: bool = False) -> None:
    """Keep a seat, or keep it longer, never shorter; the slot's check refuses one too many.

    One that is *offered* to who waited for it stays when they look at other slots.
    """
    longest = case((hold.c.expires_at > kept.expires_at, hold.c.expires_at), else_=kept.expires_at)
    waited = {"offered": True} if offered else {}
    longer = (
        update(hold)
        .where(hold.c.slot_id == kept.slot_id, hold.c.person_id == kept.person_id)
        .values(goal=kept.goal, access_needs=kept.access_needs, expires_at=longest, **waited)
    )
    if not db.execute(longer).rowcount:
        db.execute(
            insert(hold).values(
                id=uuid4(),
                slot_id=kept.slot_id,
                person_id=kept.person_id,
                goal=kept.goal,
                access_needs=kept.access_needs,
                expires_at=kept.expires_at,
                offered=offered,
            ),
        )


def holds_of(db: Connection, *, person_id: UUID, at: datetime) -> tuple[Hold, ...]:
    """List the seats a person holds now."""
    rows = db.execute(
        _holds().where(hold.c.person_id == person_id, hold.c.expires_at > at),
    )
    return tuple(_hold(row) for row in rows)


def _holds() -> Query:
    return select(*(hold.c[name] for name in Hold.__slots__))


def _hold(row: AnyRow) -> Hold:
    return record(Hold, row)


def kept_by(db: Connection, *, person_id: UUID) -> frozenset[UUID]:
    """List the slots that count a seat for this person's holds, run out or not (B5).

    A hold that has run out counts until it is cleared away; against its own holder it never does.
    """
    return frozenset(db.scalars(select(hold.c.slot_id).where(hold.c.person_id == person_id)))


def leave_holds(db: Connection, *, person_id: UUID, slot_id: UUID | None = None) -> None:
    """Give back the seats a person holds: one choice at a time.

    A seat that is offered to them stays; only the one of the slot they ask for now goes too.
    """
    going = or_(~hold.c.offered, hold.c.slot_id == slot_id) if slot_id else ~hold.c.offered
    db.execute(delete(hold).where(hold.c.person_id == person_id, going))


def end_holds(db: Connection, *, at: datetime, slot_id: UUID | None = None) -> int:
    """Give back the seats whose time is over; of one slot, or of all. Returns how many."""
    over = delete(hold).where(hold.c.expires_at <= at)
    if slot_id:
        over = over.where(hold.c.slot_id == slot_id)
    return db.execute(over).rowcount


def choices(db: Connection) -> tuple[tuple[UUID, str, str], ...]:
    """List the units that can be filtered by: id, name, site."""
    rows = db.execute(
        select(unit.c.id, unit.c.name, site.c.name)
        .join(site, unit.c.site_id == site.c.id)
        .order_by(unit.c.name),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)
