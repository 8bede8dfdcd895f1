"""A person's own diary: connected by address or file, read for times alone, and only theirs to see.

It takes time away from what they offer and warns them of a clash. What is offered follows it in the
worker (see ``services.availability.horizon``), or at once where a page asks for that.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.guarded import read_guarded
from shadowing.adapters.busy.notes import Unreadable
from shadowing.adapters.busy.reading import Reading
from shadowing.adapters.fetch import Fetched, NotChanged, NotFetched, checked_address, fetch
from shadowing.domain.diary import Kind, is_old, next_look, to_be_told, window
from shadowing.domain.errors import BadValue
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import diary, journal, people
from shadowing.store.diary import Diary
from shadowing.store.journal import Entry, Telling

LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A person's diary as they see it.

    Attributes:
        host: Of its address; the rest of it opens the calendar and is not shown again.
        old: It has not been read for a day (an address), or never.
        stretches: How many stretches of busy time are kept.
    """

    kind: Kind
    host: str
    good_at: datetime | None
    old: bool
    failures: int
    problem: str
    events: int
    skipped: int
    stretches: int
    warnings: tuple[str, ...]


def show(work: Work, actor: Actor) -> Shown:
    """Show a person their own diary.

    Raises:
        NotAllowed: *actor* neither hosts nor asks for shifts.

    Source: docs/rules.md, rules A1 and B7.
    """
    authorise(actor, Action.DIARY_SEE)
    with work.read() as tx:
        kept = diary.of(tx.db, person_id=actor.person_id)
        by_address = kept.kind is Kind.ADDRESS
        return Shown(
            kind=kept.kind,
            host=(urlsplit(kept.address).hostname or "") if by_address else "",
            good_at=kept.good_at,
            old=by_address and is_old(kept.good_at, at=tx.now),
            failures=kept.failures,
            problem=kept.problem,
            events=kept.events,
            skipped=kept.skipped,
            stretches=diary.busy_hours(tx.db, person_id=actor.person_id),
            warnings=kept.warnings,
        )


@repeated
def connect(work: Work, actor: Actor, *, address: str, allowed: Collection[str] = ()) -> None:
    """Connect a diary by its address; the worker reads it within a minute.

    Raises:
        NotAllowed: *actor* neither hosts nor asks for shifts.
        BadValue: Field ``address``.
    """
    authorise(actor, Action.DIARY_CHANGE)
    try:
        checked = checked_address(address.strip(), allowed=allowed)
    except NotFetched:
        raise BadValue(field="address", problem="not_a_calendar_address") from None
    with work.write() as tx:
        people.lock(tx.db, person_id=actor.person_id)
        new = Diary(person_id=actor.person_id, kind=Kind.ADDRESS, address=checked, due_at=tx.now)
        diary.write(tx.db, new)
        _record(tx, actor, "connected")


def upload(work: Work, actor: Actor, *, data: bytes) -> None:
    """Read a calendar file in place of whatever diary was connected before.

    Raises:
        NotAllowed: *actor* neither hosts nor asks for shifts.
        BadValue: Field ``file``: it cannot be read; nothing is changed.
    """
    authorise(actor, Action.DIARY_CHANGE)
    if not data:
        raise BadValue(field="file", problem="no_file")
    try:
        found = _read(work, actor.person_id, data)
    except Unreadable as refused:
        raise BadValue(field="file", problem="unreadable_file", why=str(refused)) from None
    _keep_upload(work, actor, found)


@repeated
def _keep_upload(work: Work, actor: Actor, found: Reading) -> None:
    with work.write() as tx:
        people.lock(tx.db, person_id=actor.person_id)
        _keep(tx, Diary(person_id=actor.person_id, kind=Kind.UPLOAD), found)
        _record(tx, actor, "uploaded")


@repeated
def disconnect(work: Work, actor: Actor) -> None:
    """Forget a diary and all that was read of it.

    Raises:
        NotAllowed: *actor* neither hosts nor asks for shifts.
    """
    authorise(actor, Action.DIARY_CHANGE)
    with work.write() as tx:
        people.lock(tx.db, person_id=actor.person_id)
        diary.write(tx.db, Diary(person_id=actor.person_id))
        diary.replace_busy(tx.db, person_id=actor.person_id, spans=())
        diary.unsettle(tx.db, person_id=actor.person_id)
        _record(tx, actor, "disconnected")


def read_due(work: Work, *, allowed: Collection[str], stopped: Callable[[], bool]) -> int:
    """Read the diaries that are due, one after the other; many workers may.

    Nothing is fetched or read inside a transaction. Of a worker that is killed the diary it had
    taken is due again minutes later.

    Returns:
        How many were looked at.
    """
    for count in range(AT_ONCE):
        taken = None if stopped() else _claim(work)
        if taken is None:
            return count
        _look(work, taken, allowed=allowed)
    return AT_ONCE


@repeated
def _claim(work: Work) -> Diary | None:
    with work.write() as tx:
        taken = diary.claim(tx.db, at=tx.now, until=tx.now + LEASE)
        if taken and taken.good_at and taken.good_at.date() != tx.now.date():
            # Once a day it is read anew, changed or not: a series without an end goes on.
            return replace(taken, etag="", modified="")
        return taken


def _look(work: Work, taken: Diary, *, allowed: Collection[str]) -> None:
    try:
        got = fetch(taken.address, etag=taken.etag, modified=taken.modified, allowed=allowed)
        _done(work, taken, got, _read(work, taken.person_id, got.data))
    except NotChanged:
        _unchanged(work, taken)
    except NotFetched as failed:
        _failed(work, taken, failed.code)
    except Unreadable as refused:
        _failed(work, taken, str(refused))


def _read(work: Work, person_id: UUID, data: bytes) -> Reading:
    """Read a file in a process of its own; times of our own events are no reason to be busy."""
    with work.read() as tx:
        owner = people.find(tx.db, person_id=person_id)
        _, zone = people.home(tx.db, person_id=person_id)
        now, domain = tx.now, tx.domain
    return read_guarded(
        data, window=window(now), zone=ZoneInfo(zone), owner=owner.email or "", ours=domain
    )


@repeated
def _done(work: Work, taken: Diary, got: Fetched, found: Reading) -> None:
    with work.write() as tx:
        if _still(tx, taken):
            kept = replace(taken, etag=got.etag, modified=got.modified, due_at=_soon(tx.now))
            _keep(tx, kept, found)


@repeated
def _unchanged(work: Work, taken: Diary) -> None:
    """Note that it is as it was; what was read then holds, for a day longer."""
    with work.write() as tx:
        if _still(tx, taken):
            fine = replace(taken, good_at=tx.now, failures=0, problem="", due_at=_soon(tx.now))
            diary.write(tx.db, fine)


@repeated
def _failed(work: Work, taken: Diary, why: str) -> None:
    """Note a failure; what was read before stays. Its owner is told once it goes on (N5)."""
    with work.write() as tx:
        if not _still(tx, taken):
            return
        failures = taken.failures + 1
        again = next_look(tx.now, failures=failures, chance=random.random())  # noqa: S311 - no secret
        diary.write(tx.db, replace(taken, failures=failures, problem=why[:120], due_at=again))
        if to_be_told(failures):
            key = f"diary-{taken.person_id}-{tx.now.isoformat()}"
            telling = Telling(key=key, kind="diary-unread", recipient_id=taken.person_id)
            journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def _still(tx: Tx, taken: Diary) -> bool:
    """Say whether the diary that was taken is still the one its owner wants read."""
    people.lock(tx.db, person_id=taken.person_id)
    now = diary.of(tx.db, person_id=taken.person_id)
    return now.kind is Kind.ADDRESS and now.address == taken.address


def _keep(tx: Tx, kept: Diary, found: Reading) -> None:
    fine = replace(
        kept,
        good_at=tx.now,
        failures=0,
        problem="",
        events=found.events,
        skipped=found.skipped,
        warnings=found.warnings,
    )
    diary.write(tx.db, fine)
    if diary.replace_busy(tx.db, person_id=kept.person_id, spans=found.busy):
        diary.unsettle(tx.db, person_id=kept.person_id)


def _soon(now: datetime) -> datetime:
    return next_look(now, failures=0, chance=random.random())  # noqa: S311 - no secret


def _record(tx: Tx, actor: Actor, what: str) -> None:
    own = actor.person_id
    entry = Entry(f"diary.{what}", "person", own, own, actor.role)
    journal.record(tx.db, entry, at=tx.now)
