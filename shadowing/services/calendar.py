"""Private feeds, for any calendar that can subscribe: one's own events, a unit's, a program's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.adapters.credentials import digest
from shadowing.adapters.entries import DEBRIEF, Entry, words
from shadowing.adapters.ical import PRODUCT, CalendarEvent, etag, feed_bytes, new_uid
from shadowing.domain.accounts import TooManyTries
from shadowing.domain.bookings.invitations import CANCELLED, CONFIRMED
from shadowing.domain.bookings.joining import told
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotFound
from shadowing.domain.notifications import host_is_named
from shadowing.domain.people import Role
from shadowing.domain.policy import Actor
from shadowing.domain.ways import REMOTE
from shadowing.services.work import Tx, Work
from shadowing.store import messages, people
from shadowing.store.accounts import tokens, tries
from shadowing.store.accounts.tokens import FeedOf
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

    One of a unit or a program shows its shifts from when they are confirmed, for as long as its
    owner looks after it.

    Raises:
        NotFound: Nobody has it, it was ended, its person has left, or looks after it no more: all
            look the same.
        TooManyTries: It was fetched more than 60 times within the hour.
    """
    kept = digest(token)
    with work.read() as tx:
        found = tokens.find_feed(tx.db, digest=kept)
        _check_theirs(tx, found)
    with work.write() as tx:
        hour = tx.now.replace(minute=0, second=0, microsecond=0)
        fetched = tries.count(tx.db, subject=f"feed {kept}", window=hour)
    if fetched > FETCHES_AN_HOUR:
        raise TooManyTries(minutes=60 - tx.now.minute)
    with work.read() as tx:
        span = {
            "since": tx.now - BACK,
            "until": tx.now + AHEAD,
            "cancelled_since": tx.now - CANCELLED_STAY,
        }
        if found.of != FeedOf():
            shared = messages.shared_rows(tx.db, of=found.of, **span)
            return _published(shared, None, base_url)
        rows = messages.rows(tx.db, person_id=found.person_id, **span)
    return _published(rows, found.person_id, base_url)


def _check_theirs(tx: Tx, found: tokens.Feed) -> None:
    """Let nobody read on who leads the unit, or coordinates the program, no more."""
    owner = people.find(tx.db, person_id=found.person_id)
    if found.of.unit_id:
        unit = people.find_unit(tx.db, unit_id=found.of.unit_id)
        theirs = unit.led_by(owner.id) and Role.UNIT_MANAGER in owner.roles
    elif found.of.program_id:
        program = people.program(tx.db, program_id=found.of.program_id)
        ours = program.organization_id == owner.organization_id
        theirs = ours and Role.COORDINATOR in owner.roles
    else:
        theirs = True
    if not theirs:
        raise NotFound(subject="feed")


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
def _published(rows: tuple[FeedRow, ...], owner: UUID | None, base_url: str) -> Feed:
    """Write the file; the same rows give the same bytes, so they are written once.

    Args:
        rows: What it shows.
        owner: Whose events they are; nobody's where it shows a unit or a program.
        base_url: Where our pages are.
    """
    data = feed_bytes((_event(row, owner=owner, base_url=base_url) for row in rows), PRODUCT)
    changed = max((row.stamp for row in rows), default=NEVER_CHANGED)
    return Feed(data, etag(data), changed)


def _event(row: FeedRow, *, owner: UUID | None, base_url: str) -> CalendarEvent:
    url = f"{base_url}/shifts/{row.shift_id}"
    own = owner is not None
    entry = _entry(row, observer=row.observer_id == owner, url=url) if own else _both(row, url=url)
    said = words(entry)
    return CalendarEvent(
        uid=row.uid if own else _shared_uid(row.uid),
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


def _shared_uid(uid: str) -> str:
    """Name the event of a unit's calendar: another than the visitor's own, and always the same."""
    _, _, host = uid.partition("@")
    return new_uid(hashlib.sha256(uid.encode()).hexdigest()[:32], host)


def _both(row: FeedRow, *, url: str) -> Entry:
    """Say who comes to whom, as the unit and the coordinator may read it."""
    visitor = _with_post(row.observer_name, row.observer_post_nominal)
    host, role = _host(row)
    return Entry(
        kind=row.kind,
        status=row.status,
        other_name=f"{visitor} and {host}",
        other_role=f"visitor: {row.observer_title}, host: {role}",
        place=row.unit_name or row.what,
        site=row.site_name,
        url=url,
        meeting_point=row.meeting_point or "",
        remote=row.shift_kind == REMOTE,
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
    return _host(row)


def _host(row: FeedRow) -> tuple[str, str]:
    roles = reference.load().roles
    hosts = row.unit_name is not None and row.host_role in roles
    role = roles[row.host_role].label if hosts else row.host_title
    return _with_post(row.host_name, row.host_post_nominal), role


def _with_post(name: str, post_nominal: str) -> str:
    return f"{name}, {post_nominal}" if post_nominal else name
