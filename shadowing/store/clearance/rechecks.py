"""Whose shifts are to be looked at again, because something about their clearance changed (C6).

Written in the transaction of the change, read by the worker: one row a person, however much
changed. Somebody whose turn fails waits a little longer each time and holds up nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

from shadowing.domain.bookings.states import AHEAD
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.clearance import recheck

LONGEST_WAIT: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody whose turn it is."""

    person_id: UUID
    queued_at: datetime
    tries: int


def add(db: Connection, *, person_ids: Iterable[UUID], at: datetime) -> None:
    """Queue some people; those who wait already wait once, and from now on afresh."""
    rows = [
        {"person_id": each, "queued_at": at, "due_at": at, "tries": 0} for each in set(person_ids)
    ]
    if not rows:
        return
    if db.dialect.name == "sqlite":
        lite = upsert_sqlite(recheck)
        afresh = {name: lite.excluded[name] for name in ("queued_at", "due_at", "tries")}
        db.execute(lite.on_conflict_do_update(index_elements=["person_id"], set_=afresh), rows)
        return
    full = upsert(recheck)
    afresh = {name: full.excluded[name] for name in ("queued_at", "due_at", "tries")}
    db.execute(full.on_conflict_do_update(index_elements=["person_id"], set_=afresh), rows)


def add_everybody(db: Connection, *, at: datetime) -> int:
    """Queue everybody who has a shift ahead: the rules changed, or the night has come."""
    waiting = select(recheck.c.person_id)
    states = [state.value for state in AHEAD]
    found = (
        select(shift.c.observer_id)
        .where(
            shift.c.state.in_(states),
            shift.c.ends_at > at,
            shift.c.observer_id.not_in(waiting),
        )
        .distinct()
    )
    ids = tuple(db.scalars(found))
    rows = [{"person_id": each, "queued_at": at, "due_at": at} for each in ids]
    if rows:
        db.execute(insert(recheck), rows)
    return len(ids)


def due(db: Connection, *, at: datetime, limit: int) -> tuple[Turn, ...]:
    """List whose turn has come, those who wait longest first."""
    rows = db.execute(
        select(recheck.c.person_id, recheck.c.queued_at, recheck.c.tries)
        .where(recheck.c.due_at <= at)
        .order_by(recheck.c.due_at, recheck.c.person_id)
        .limit(limit),
    )
    return tuple(Turn(row.person_id, row.queued_at, row.tries) for row in rows)


def end(db: Connection, turn: Turn) -> None:
    """Take somebody off the list, unless something changed again meanwhile."""
    db.execute(
        delete(recheck).where(
            recheck.c.person_id == turn.person_id, recheck.c.queued_at == turn.queued_at
        ),
    )


def put_off(db: Connection, turn: Turn, *, at: datetime) -> None:
    """Let somebody wait a little longer: 1, 2, 4 … minutes, an hour at most."""
    wait = min(timedelta(minutes=2 ** min(turn.tries, 6)), LONGEST_WAIT)
    db.execute(
        update(recheck)
        .where(recheck.c.person_id == turn.person_id, recheck.c.queued_at == turn.queued_at)
        .values(due_at=at + wait, tries=turn.tries + 1),
    )
