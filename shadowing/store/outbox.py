"""Letters that wait: taken by one worker at a time, kept byte for byte before the first attempt.

A worker that is killed leaves its lease behind; when that runs out another worker sends the same
bytes with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from shadowing.domain.pacing import DIGEST
from shadowing.domain.replies import Bounce
from shadowing.store.base import record
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.people import person

LEASE: Final = timedelta(seconds=60)
WAITING: Final = "waiting"
SENT: Final = "sent"
FAILED: Final = "failed"
SUPERSEDED: Final = "superseded"
NO_ADDRESS: Final = "no_address"
ON_SHEET: Final = "on_sheet"
COLLECTED: Final = "collected"
"""It waits for the day's message of its reader."""
TROUBLE_MAX: Final = 200
AGAIN: Final = "again_at"
"""The fact that says since when a letter that was given up is tried anew."""

BEGUN: Final = or_(outbox.c.state == SENT, outbox.c.message.is_not(None))
"""Its bytes were kept, so they may have gone out, whatever came of it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One letter that a worker has taken.

    Attributes:
        attempts: How often sending was begun before now.
        message: The bytes of the first attempt, if there was one.
        channel: By which way those go.
        lease: Until when it is this worker's; also the proof that it is.
    """

    id: int
    kind: str
    recipient_id: UUID
    shift_id: UUID | None
    event_id: UUID | None
    sequence: int | None
    facts: Mapping[str, Any]
    message_id: str
    queued_at: datetime
    attempts: int
    message: bytes | None
    channel: str
    lease: datetime

    @property
    def tried_since(self) -> datetime:
        """Say since when it is tried: since it was queued, or since somebody sent it again."""
        again = self.facts.get(AGAIN)
        return datetime.fromisoformat(str(again)) if again else self.queued_at


def claim(db: Connection, *, at: datetime, limit: int) -> tuple[Parcel, ...]:
    """Take letters that are due, oldest first, one for each recipient.

    A later letter waits until the earlier one to the same person is sent or put off, so that
    what they read, and their calendar, comes in order.
    """
    earlier = outbox.alias("earlier")
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= at)
    in_the_way = exists().where(
        earlier.c.recipient_id == outbox.c.recipient_id,
        earlier.c.id < outbox.c.id,
        earlier.c.state == WAITING,
        or_(earlier.c.due_at <= at, earlier.c.leased_until > at),
    )
    due = (
        select(outbox.c.id)
        .where(outbox.c.state == WAITING, outbox.c.due_at <= at, free, ~in_the_way)
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = tuple(db.scalars(due))
    if not ids:
        return ()
    lease = at + LEASE
    db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(leased_until=lease))
    columns = [outbox.c[name] for name in Parcel.__slots__ if name != "lease"]
    rows = db.execute(select(*columns).where(outbox.c.id.in_(ids)).order_by(outbox.c.id))
    return tuple(record(Parcel, (*row, lease)) for row in rows)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept before the first attempt.

    Attributes:
        message: What will be sent, now and at every later attempt.
        channel: By which way.
        told: What the next letter about the event is compared with.
    """

    message: bytes
    channel: str
    told: Mapping[str, object]


def begin(db: Connection, parcel: Parcel, kept: Kept, *, at: datetime) -> bool:
    """Keep the bytes, count the attempt and lengthen the lease, if the letter is still ours.

    Args:
        db: In a transaction of its own, ended before anything is sent.
        parcel: As it was claimed.
        kept: The bytes and what belongs to them.
        at: Now.

    Returns:
        Whether it is ours; if not, another worker has it.
    """
    done = db.execute(
        update(outbox)
        .where(
            outbox.c.id == parcel.id,
            outbox.c.state == WAITING,
            outbox.c.leased_until == parcel.lease,
        )
        .values(
            message=kept.message,
            channel=kept.channel,
            facts={**parcel.facts, **kept.told},
            attempts=outbox.c.attempts + 1,
            leased_until=at + LEASE,
        ),
    )
    return done.rowcount == 1


def end(db: Connection, parcel: Parcel, *, state: str, at: datetime, trouble: str = "") -> None:
    """Note what became of a letter, for good, and of those that went in it."""
    values = {"state": state, "ended_at": at, "trouble": trouble[:TROUBLE_MAX]}
    mine = and_(outbox.c.id == parcel.id, outbox.c.state == WAITING)
    db.execute(update(outbox).where(mine).values(leased_until=None, **values))
    if parcel.kind == DIGEST:
        held = and_(outbox.c.bundle_id == parcel.id, outbox.c.state == COLLECTED)
        db.execute(update(outbox).where(_of(parcel), held).values(**values))


def collect(db: Connection, parcel: Parcel) -> None:
    """Lay a letter aside for the day's message of its reader."""
    db.execute(
        update(outbox)
        .where(outbox.c.id == parcel.id, outbox.c.state == WAITING)
        .values(state=COLLECTED, leased_until=None),
    )


def collected(db: Connection, parcel: Parcel) -> tuple[Parcel, ...]:
    """List what goes in a day's message: all that was laid aside and is in no other."""
    free = or_(outbox.c.bundle_id.is_(None), outbox.c.bundle_id == parcel.id)
    columns = [outbox.c[name] for name in Parcel.__slots__ if name != "lease"]
    rows = db.execute(
        select(*columns)
        .where(_of(parcel), outbox.c.state == COLLECTED, free)
        .order_by(outbox.c.id),
    )
    return tuple(record(Parcel, (*row, parcel.lease)) for row in rows)


def put_in(db: Connection, parcel: Parcel, *, ids: tuple[int, ...]) -> None:
    """Keep which letters go in a day's message; what came after its bytes were kept does not."""
    db.execute(
        update(outbox)
        .where(_of(parcel), outbox.c.id.in_(ids), outbox.c.state == COLLECTED)
        .values(bundle_id=parcel.id),
    )


def let_go(db: Connection, *, ids: tuple[int, ...], at: datetime, trouble: str) -> None:
    """End letters that were laid aside and are no longer true."""
    db.execute(
        update(outbox)
        .where(outbox.c.id.in_(ids), outbox.c.state == COLLECTED)
        .values(state=SUPERSEDED, ended_at=at, trouble=trouble[:TROUBLE_MAX]),
    )


def _of(parcel: Parcel) -> ColumnElement[bool]:
    return outbox.c.recipient_id == parcel.recipient_id


def put_off(
    db: Connection,
    parcel: Parcel,
    *,
    until: datetime,
    attempts: int,
    trouble: str,
) -> None:
    """Let a letter wait for its next attempt; its bytes stay as they are."""
    db.execute(
        update(outbox)
        .where(outbox.c.id == parcel.id, outbox.c.state == WAITING)
        .values(
            due_at=until,
            leased_until=None,
            attempts=attempts,
            trouble=trouble[:TROUBLE_MAX],
        ),
    )


def wait(db: Connection, parcel: Parcel, *, until: datetime) -> None:
    """Let a letter wait because of its reader; that is no attempt and no trouble."""
    db.execute(
        update(outbox)
        .where(outbox.c.id == parcel.id, outbox.c.state == WAITING)
        .values(due_at=until, leased_until=None),
    )


def forget_message(db: Connection, parcel: Parcel) -> None:
    """Remove the bytes of a letter that is done with, because they hold a secret."""
    db.execute(update(outbox).where(outbox.c.id == parcel.id).values(message=None))


def received(db: Connection, *, event_id: UUID, before: int) -> bool:
    """Say whether an earlier message about an event may have reached its recipient.

    Whatever was begun may have arrived. Where the first message is not on record (it was told
    before the record began), it is taken to have arrived.
    """
    earlier = and_(outbox.c.event_id == event_id, outbox.c.id < before)
    begun = select(exists().where(earlier, BEGUN))
    first = select(exists().where(earlier, outbox.c.sequence == 0))
    return bool(db.scalar(begun)) or not db.scalar(first)


def last_told(db: Connection, *, event_id: UUID, before: int) -> Mapping[str, Any]:
    """Give the facts kept with the latest earlier message about an event that was begun."""
    found: Mapping[str, Any] | None = db.scalar(
        select(outbox.c.facts)
        .where(outbox.c.event_id == event_id, outbox.c.id < before, BEGUN)
        .order_by(outbox.c.id.desc())
        .limit(1),
    )
    return found or {}


def bounced(db: Connection, bounce: Bounce, *, at: datetime) -> bool:
    """Mark a letter as not delivered that a mail server took and then sent back (N5).

    Only where the report names the letter and the very person it went to.
    """
    reader = select(person.c.id).where(func.lower(person.c.email) == bounce.recipient)
    done = db.execute(
        update(outbox)
        .where(
            outbox.c.message_id == bounce.message_id,
            outbox.c.state == SENT,
            outbox.c.recipient_id.in_(reader),
        )
        .values(state=FAILED, ended_at=at, trouble=f"sent back: {bounce.status}"[:200]),
    )
    return done.rowcount == 1


def forget_bodies(db: Connection, *, ended_before: datetime) -> int:
    """Remove the bytes of letters that ended long ago; that they were sent stays on record."""
    done = db.execute(
        update(outbox)
        .where(outbox.c.ended_at < ended_before, outbox.c.message.is_not(None))
        .values(message=None),
    )
    return done.rowcount
