"""Signing in: by password, by a one-time link, and in the demo by one press.

Whoever asks learns nothing of whether somebody is known: same answer, same work, same time. A
password is compared outside any transaction. Tries are counted before they are compared, so that
many at once count as many.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from shadowing.adapters.credentials import (
    digest,
    hash_password,
    needs_rehash,
    new_token,
    password_fits,
    waste_a_hash,
)
from shadowing.domain.accounts import (
    MOST_PASSWORD,
    LinkEnded,
    NotRecognized,
    TooManyTries,
    first_role,
    minutes_left,
    window,
)
from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.services.work import Tx, Work
from shadowing.store import people
from shadowing.store.accounts import entrance, sessions, tries
from shadowing.store.journal import Entry, Telling, record, tell

NOBODY: Final = UUID(int=0)
PASSWORD_TRIES: Final = (10, 100, 200)
"""In a quarter of an hour: for one account from one address, for the account, from the address."""
LINK_TRIES: Final = (5, 50)
"""In a quarter of an hour: for one account, from one address."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from.

    Attributes:
        address: The network address; tries are counted by it.
        agent: What the browser says it is, so that a person knows their sessions apart.
    """

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """A session has begun.

    Attributes:
        token: For the browser alone; only its digest is kept.
        target: The path that was asked for, of a link.
    """

    token: str
    target: str = "/"


def sign_in(work: Work, *, email: str, password: str, caller: Caller) -> Entered:
    """Begin a session for whoever knows the password.

    Raises:
        TooManyTries: Wrong too often; the one-time link works all the same.
        NotRecognized: Nobody has this address and password.
        NotInProgram: The person holds no role.
    """
    subjects = _password_subjects(email, caller)
    with work.write() as tx:
        counted = [tries.count(tx.db, subject=s, window=window(tx.now)) for s in subjects]
        known = entrance.find_secret(tx.db, email=email)
        began = tx.now
    if any(n > most for n, most in zip(counted, PASSWORD_TRIES, strict=True)):
        raise TooManyTries(minutes=minutes_left(began))
    kept = known.password_hash if known else ""
    fits = len(password) <= MOST_PASSWORD and password_fits(kept, password)
    if len(password) > MOST_PASSWORD:
        waste_a_hash("")
    newer = hash_password(password) if fits and needs_rehash(kept) else ""
    with work.write() as tx:
        entered = None
        if known is not None and fits and _still(tx, known, newer=newer):
            for subject in subjects:
                tries.uncount(tx.db, subject=subject, window=window(began))
            entered = _begin(tx, known.person_id, caller=caller, how="password")
        else:
            _refused(tx, known.person_id if known else None)
    if entered is None:
        raise NotRecognized
    return entered


def _password_subjects(email: str, caller: Caller) -> tuple[str, str, str]:
    account = _account(email)
    return (
        f"password {account} {caller.address[:45]}",
        f"password {account}",
        f"password from {caller.address[:45]}",
    )


def _account(email: str) -> str:
    """Name an account in the counts without keeping an address that nobody may have."""
    return digest(email.strip().lower())[:32]


def _still(tx: Tx, known: entrance.Secret, *, newer: str) -> bool:
    """Say whether the password is still the one compared; keep it with today's costs."""
    kept, was = newer or known.password_hash, known.password_hash
    return entrance.set_password(tx.db, person_id=known.person_id, kept=kept, was=was)


def _refused(tx: Tx, person_id: UUID | None) -> None:
    entry = Entry(
        event="sign-in-refused",
        subject="person",
        subject_id=person_id or NOBODY,
        acting_as="",
        code="password",
    )
    record(tx.db, entry, at=tx.now)


def _begin(
    tx: Tx, person_id: UUID, *, caller: Caller, how: str, role: Role | None = None
) -> Entered:
    person = people.find(tx.db, person_id=person_id)
    chosen = role if role in person.roles else first_role(person.roles)
    token = new_token()
    sessions.add_session(
        tx.db,
        digest=digest(token),
        person_id=person_id,
        role=chosen,
        agent=caller.agent,
        at=tx.now,
    )
    entry = Entry(
        event="signed-in",
        subject="person",
        subject_id=person_id,
        person_id=person_id,
        acting_as=chosen,
        code=how,
    )
    record(tx.db, entry, at=tx.now)
    return Entered(token)


def ask_link(work: Work, *, email: str, target: str, caller: Caller) -> None:
    """Queue a letter with a one-time link, if somebody has this address; never say whether.

    The link itself is made when the letter is written, so that it waits nowhere.

    Raises:
        TooManyTries: Too many letters were asked for from this address.
    """
    with work.write() as tx:
        mine = tries.count(tx.db, subject=f"link {_account(email)}", window=window(tx.now))
        here = tries.count(tx.db, subject=f"link from {caller.address[:45]}", window=window(tx.now))
        known = entrance.find_secret(tx.db, email=email)
        if known and max(mine - LINK_TRIES[0], here - LINK_TRIES[1]) <= 0:
            _queue_link(tx, known.person_id, target=target)
        began = tx.now
    if here > LINK_TRIES[1]:
        raise TooManyTries(minutes=minutes_left(began))


def _queue_link(tx: Tx, person_id: UUID, *, target: str) -> None:
    telling = Telling(
        key=f"sign-in-link-{uuid4()}",
        kind="sign-in-link",
        recipient_id=person_id,
        facts={"target": target},
    )
    tell(tx.db, telling, at=tx.now, domain=tx.domain)
    entry = Entry(event="link-asked", subject="person", subject_id=person_id, acting_as="")
    record(tx.db, entry, at=tx.now)


def look_at_link(work: Work, token: str) -> None:
    """See whether a link can still be used; looking does not use it up.

    Raises:
        LinkEnded: It was used, is too old, or never was.
    """
    with work.read() as tx:
        link = _found(tx, token)
    if link.used_at is not None or link.expires_at <= tx.now:
        raise LinkEnded


def enter_by_link(work: Work, token: str, *, caller: Caller) -> Entered:
    """Begin a session by a one-time link, and use the link up.

    Raises:
        LinkEnded: It was used, is too old, or never was.
        NotInProgram: The person holds no role.
    """
    with work.write() as tx:
        if not entrance.use_link(tx.db, digest=digest(token), at=tx.now):
            raise LinkEnded
        link = _found(tx, token)
        entered = _begin(tx, link.person_id, caller=caller, how="link")
    return Entered(entered.token, target=link.target)


def _found(tx: Tx, token: str) -> entrance.Link:
    try:
        return entrance.find_link(tx.db, digest=digest(token))
    except NotFound:
        raise LinkEnded from None


def known_among(work: Work, emails: Iterable[str]) -> frozenset[str]:
    """Say which of these addresses somebody active has; for the demo's own list alone."""
    with work.read() as tx:
        return entrance.known_among(tx.db, emails=tuple(emails))


def enter_as(work: Work, *, email: str, role: Role, caller: Caller) -> Entered:
    """Begin a session as somebody of the demo; the page offers it in the demo alone.

    Raises:
        NotFound: Nobody has the address.
    """
    with work.write() as tx:
        person = people.find_by_email(tx.db, email=email)
        return _begin(tx, person.id, caller=caller, how="demo", role=role)
