"""A person's private feed: their shifts and debriefs, for any calendar that can subscribe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.adapters.credentials import digest
from shadowing.adapters.entries import DEBRIEF, Entry, words
from shadowing.adapters.ical import PRODUCT, CalendarEvent, etag, feed_bytes
from shadowing.domain.accounts import TooManyTries
from shadowing.domain.bookings.invitations import CANCELLED, CONFIRMED
from shadowing.domain.bookings.joining import told
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotFound
from shadowing.domain.notifications import host_is_named
from shadowing.domain.policy import Actor
from shadowing.domain.ways import REMOTE
from shadowing.services.work import Work
from shadowing.store import messages
from shadowing.store.accounts import tokens, tries
from shadowing.store.messages import FeedRow

BACK: Final = timedelta(days=90)
AHEAD: Final = timedelta(days=400)
CANCELLED_STAY: Final = timedelta(days=30)
FETCHES_AN_HOUR: Final = 60
BRING: Final = "A photo ID"
NEVER_CHANGED: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """What is published.

    Attributes:
        data: The file.
        etag: Strong, with its quotes.
        changed_at: When the newest of its events changed.
    """

    data: bytes
    etag: str
    changed_at: datetime


def feed(work: Work, *, token: str, base_url: str) -> Feed:
    """Publish the calendar of whoever this address was given to.

    Raises:
        NotFound: Nobody has it, it was ended, or its person has left: all look the same.
        TooManyTries: It was fetched more than 60 times within the hour.
    """
    kept = digest(token)
    with work.read() as tx:
        owner = tokens.feed_owner(tx.db, digest=kept)
    with work.write() as tx:
        hour = tx.now.replace(minute=0, second=0, microsecond=0)
        fetched = tries.count(tx.db, subject=f"feed {kept}", window=hour)
    if fetched > FETCHES_AN_HOUR:
        raise TooManyTries(minutes=60 - tx.now.minute)
    with work.read() as tx:
        rows = messages.rows(
            tx.db,
            person_id=owner,
            since=tx.now - BACK,
            until=tx.now + AHEAD,
            cancelled_since=tx.now - CANCELLED_STAY,
        )
    return _published(rows, owner, base_url)


def of_shift(work: Work, actor: Actor, *, shift_id: UUID, base_url: str) -> bytes:
    """Write one's own events of one shift as a file, for a calendar that missed the invite.

    Raises:
        NotFound: Nothing of this shift stands in this person's calendar.
    """
    with work.read() as tx:
        rows = messages.rows(
            tx.db,
            person_id=actor.person_id,
            since=tx.now - AHEAD,
            until=tx.now + AHEAD,
            cancelled_since=tx.now,
        )
    own = [row for row in rows if row.shift_id == shift_id and row.status != CANCELLED]
    if not own:
        raise NotFound(shift_id=shift_id)
    events = (_event(row, owner=actor.person_id, base_url=base_url) for row in own)
    return feed_bytes(events, PRODUCT)


@lru_cache(maxsize=256)
def _published(rows: tuple[FeedRow, ...], owner: UUID, base_url: str) -> Feed:
    """Write the file; the same rows give the same bytes, so they are written once."""
    data = feed_bytes((_event(row, owner=owner, base_url=base_url) for row in rows), PRODUCT)
    changed = max((row.stamp for row in rows), default=NEVER_CHANGED)
    return Feed(data, etag(data), changed)


def _event(row: FeedRow, *, owner: UUID, base_url: str) -> CalendarEvent:
    url = f"{base_url}/shifts/{row.shift_id}"
    said = words(_entry(row, observer=row.observer_id == owner, url=url))
    return CalendarEvent(
        uid=row.uid,
        sequence=row.sequence,
        stamp=row.stamp,
        created=row.created_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=said.summary,
        location=said.location,
        description=said.description,
        url=url,
        status=row.status,  # type: ignore[arg-type] # one of the three, checked by the schema
    )


def _entry(row: FeedRow, *, observer: bool, url: str) -> Entry:
    name, role = _other(row, observer=observer)
    to_visitor = observer and row.kind != DEBRIEF
    known = reference.load().attires
    attire = "; ".join(known[code].label for code in row.attire if code in known)
    return Entry(
        kind=row.kind,
        status=row.status,
        other_name=name,
        other_role=role,
        place=row.unit_name or row.what,
        site=row.site_name,
        url=url,
        meeting_point=row.meeting_point or "",
        phone=row.phone or "",
        attire=attire if to_visitor else "",
        bring=BRING if to_visitor else "",
        parking=row.parking if to_visitor else "",
        joint=row.joint or "" if row.kind == DEBRIEF else "",
        room=row.joint_room or "" if row.kind == DEBRIEF else "",
        remote=row.shift_kind == REMOTE,
        join_at=told(
            row.shift_kind,
            row.join_at,
            state=State(row.state),
            in_it=row.status == CONFIRMED,
        ),
    )


def _other(row: FeedRow, *, observer: bool) -> tuple[str, str]:
    """Name the other person; a blind slot's host not before it is confirmed (rules A10, N3)."""
    if not observer:
        return _with_post(row.observer_name, row.observer_post_nominal), row.observer_title
    if not host_is_named(row.mode, state=State(row.state)):
        return "", ""
    roles = reference.load().roles
    hosts = row.unit_name is not None and row.host_role in roles
    role = roles[row.host_role].label if hosts else row.host_title
    return _with_post(row.host_name, row.host_post_nominal), role


def _with_post(name: str, post_nominal: str) -> str:
    return f"{name}, {post_nominal}" if post_nominal else name
