"""What people wait for, in which order, and the seats they were offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select, update

from shadowing.domain.bookings.wishing import Queued
from shadowing.domain.errors import NotFound
from shadowing.store.base import AnyRow, Query, record
from shadowing.store.tables.availability import hold, slot
from shadowing.store.tables.people import unit
from shadowing.store.tables.wishes import wish, wish_offer

OPEN = ("waiting", "offered")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person waits for: a seat of one slot, or any shift of a kind."""

    id: UUID
    person_id: UUID
    slot_id: UUID | None
    unit_id: UUID | None
    host_role: str
    band: str
    first_on: date
    last_on: date
    goal: str
    access_needs: str
    made_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Waited:
    """A wish as its person sees it, with the seat that is offered now, if one is.

    Attributes:
        unit: Of the seat that is offered, else of the slot or the unit that is waited for.
    """

    wish: Wish
    unit: str
    slot_starts_at: datetime | None
    offered_slot_id: UUID | None
    offered_starts_at: datetime | None
    offered_ends_at: datetime | None
    until: datetime | None


def add(db: Connection, values: Mapping[str, object]) -> UUID:
    """Write a new wish; gives its id."""
    made = uuid4()
    db.execute(insert(wish).values(id=made, **values))
    return made


def _wishes() -> Query:
    return select(*(wish.c[name] for name in Wish.__slots__))


def lock(db: Connection, *, wish_id: UUID) -> Wish:
    """Read one wish and keep its row, after its person's.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(_wishes().where(wish.c.id == wish_id).with_for_update()).first()
    if row is None:
        raise NotFound(wish_id=wish_id)
    return record(Wish, row)


def count_open(db: Connection, *, person_id: UUID) -> int:
    """Count what a person waits for now."""
    found: int = db.execute(
        select(func.count()).where(wish.c.person_id == person_id, wish.c.state.in_(OPEN))
    ).scalar_one()
    return found


def same(db: Connection, *, person_id: UUID, values: Mapping[str, object]) -> bool:
    """Say whether a person waits for the very same already."""
    names = ("slot_id", "unit_id", "first_on", "last_on")
    alike = [wish.c[name].is_not_distinct_from(values.get(name)) for name in names]
    alike += [wish.c[name] == values.get(name, "") for name in ("host_role", "band")]
    mine = (wish.c.person_id == person_id, wish.c.state.in_(OPEN))
    return db.execute(select(wish.c.id).where(*mine, *alike)).first() is not None


def of_person(db: Connection, *, person_id: UUID) -> tuple[Waited, ...]:
    """List what a person waits for, what is offered first, then the newest."""
    live = and_(wish_offer.c.wish_id == wish.c.id, wish_offer.c.answer == "")
    seat = slot.alias("seat")
    rows = db.execute(
        _wishes()
        .add_columns(
            unit.c.name,
            slot.c.starts_at,
            wish_offer.c.slot_id,
            seat.c.starts_at,
            seat.c.ends_at,
            wish_offer.c.until,
        )
        .outerjoin(slot, slot.c.id == wish.c.slot_id)
        .outerjoin(wish_offer, live)
        .outerjoin(seat, seat.c.id == wish_offer.c.slot_id)
        .outerjoin(unit, unit.c.id == func.coalesce(seat.c.unit_id, wish.c.unit_id, slot.c.unit_id))
        .where(wish.c.person_id == person_id, wish.c.state.in_(OPEN))
        .order_by(wish.c.state, wish.c.made_at.desc(), wish.c.id)
    )
    return tuple(_waited(row) for row in rows)


def _waited(row: AnyRow) -> Waited:
    size = len(Wish.__slots__)
    name, *rest = row[size:]
    return Waited(record(Wish, row[:size]), name or "", *rest)


def queue(db: Connection, *, at: datetime) -> tuple[Queued, ...]:
    """List all that waits and has no offer, the longest first, where a seat of its kind is free.

    Who waits for what nobody offers holds up nobody behind them.
    """
    rows = db.execute(
        select(wish.c.id, wish.c.person_id, wish.c.made_at)
        .where(wish.c.state == "waiting", _free(at))
        .order_by(wish.c.made_at, wish.c.id)
    )
    return tuple(record(Queued, row) for row in rows)


def _free(at: datetime) -> ColumnElement[bool]:
    """Say that some slot with a free seat is what a wish is for; whether it fits is asked later."""
    of_kind = and_(
        wish.c.slot_id.is_(None),
        or_(wish.c.unit_id.is_(None), slot.c.unit_id == wish.c.unit_id),
        wish.c.host_role.in_(("", slot.c.host_role)),
        wish.c.band.in_(("", slot.c.band)),
        slot.c.local_date.between(wish.c.first_on, wish.c.last_on),
    )
    gives_way = or_(hold.c.expires_at <= at, hold.c.person_id == wish.c.person_id)
    kept = exists().where(hold.c.slot_id == slot.c.id, gives_way).correlate(slot, wish)
    return exists().where(
        slot.c.state == "open",
        or_(slot.c.taken < slot.c.seats, kept),
        slot.c.starts_at > at,
        or_(slot.c.id == wish.c.slot_id, of_kind),
    )


def end(db: Connection, *, wish_id: UUID, state: str, at: datetime) -> bool:
    """End an open wish as ``taken`` or ``ended``; say whether it was open."""
    mine = (wish.c.id == wish_id, wish.c.state.in_(OPEN))
    return db.execute(update(wish).where(*mine).values(state=state, ended_at=at)).rowcount == 1


def end_over(db: Connection, *, today: date, at: datetime) -> int:
    """End what waits for days that are over, or for a slot that has begun or is gone."""
    past = select(slot.c.id).where(or_(slot.c.starts_at <= at, slot.c.state == "withdrawn"))
    over = or_(wish.c.last_on < today, wish.c.slot_id.in_(past))
    ended = update(wish).where(wish.c.state == "waiting", over)
    return db.execute(ended.values(state="ended", ended_at=at)).rowcount


def offer(db: Connection, *, wish_id: UUID, slot_id: UUID, at: datetime, until: datetime) -> None:
    """Note that a seat is offered to who waits; the seat itself is a hold."""
    db.execute(insert(wish_offer).values(wish_id=wish_id, slot_id=slot_id, made_at=at, until=until))
    db.execute(update(wish).where(wish.c.id == wish_id).values(state="offered"))


def offered_before(db: Connection, *, wish_id: UUID) -> frozenset[UUID]:
    """List the slots somebody was offered for a wish already."""
    rows = db.scalars(select(wish_offer.c.slot_id).where(wish_offer.c.wish_id == wish_id))
    return frozenset(rows)


def offered_now(db: Connection, *, person_id: UUID) -> frozenset[UUID]:
    """List the slots of which a seat is offered to somebody, whatever they waited for."""
    rows = db.scalars(
        select(wish_offer.c.slot_id)
        .join(wish, wish.c.id == wish_offer.c.wish_id)
        .where(wish.c.person_id == person_id, wish_offer.c.answer == "")
    )
    return frozenset(rows)


def answer(db: Connection, *, wish_id: UUID, slot_id: UUID, said: str) -> bool:
    """Note what became of an open offer; say whether it was open."""
    mine = (wish_offer.c.wish_id == wish_id, wish_offer.c.slot_id == slot_id)
    noted = update(wish_offer).where(*mine, wish_offer.c.answer == "")
    return db.execute(noted.values(answer=said)).rowcount == 1


def wait_again(db: Connection, *, wish_id: UUID) -> None:
    """Let a wish wait for the next seat."""
    mine = (wish.c.id == wish_id, wish.c.state == "offered")
    db.execute(update(wish).where(*mine).values(state="waiting"))


def run_out(db: Connection, *, at: datetime) -> tuple[tuple[UUID, UUID, UUID], ...]:
    """List the offers whose time is over: wish, its person, slot."""
    rows = db.execute(
        select(wish_offer.c.wish_id, wish.c.person_id, wish_offer.c.slot_id)
        .join(wish, wish.c.id == wish_offer.c.wish_id)
        .where(wish_offer.c.answer == "", wish_offer.c.until <= at)
        .order_by(wish_offer.c.until)
        .limit(BATCH)
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def taken(db: Connection, *, person_id: UUID, slot_id: UUID, at: datetime) -> None:
    """End the wishes that a request for a slot fulfils: those it was offered for, or asked for."""
    offered = select(wish_offer.c.wish_id).where(
        wish_offer.c.slot_id == slot_id, wish_offer.c.answer == ""
    )
    mine = and_(wish.c.person_id == person_id, wish.c.state.in_(OPEN))
    fits = or_(wish.c.id.in_(offered), wish.c.slot_id == slot_id)
    ids = tuple(db.scalars(select(wish.c.id).where(mine, fits)))
    if not ids:
        return
    open_offer = and_(wish_offer.c.wish_id.in_(ids), wish_offer.c.answer == "")
    db.execute(update(wish_offer).where(open_offer).values(answer="taken"))
    db.execute(update(wish).where(wish.c.id.in_(ids)).values(state="taken", ended_at=at))


def count_for_unit(db: Connection, *, unit_id: UUID) -> int:
    """Count who waits for a unit, or for a slot of it; never who they are."""
    found: int = db.execute(
        select(func.count(wish.c.person_id.distinct()))
        .outerjoin(slot, slot.c.id == wish.c.slot_id)
        .where(wish.c.state.in_(OPEN), func.coalesce(wish.c.unit_id, slot.c.unit_id) == unit_id)
    ).scalar_one()
    return found


def release_seat(db: Connection, *, person_id: UUID, slot_id: UUID) -> None:
    """Give an offered seat back."""
    mine = (hold.c.person_id == person_id, hold.c.slot_id == slot_id, hold.c.offered)
    db.execute(hold.delete().where(*mine))
