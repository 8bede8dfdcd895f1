"""One's own account: what is kept about me, where I am signed in, my password."""

from __future__ import annotations

from dataclasses import dataclass

from shadowing.adapters import reference
from shadowing.adapters.credentials import hash_password, password_fits
from shadowing.domain.accounts import (
    CurrentPasswordWrong,
    Lasting,
    TooManyTries,
    check_password,
    minutes_left,
    window,
)
from shadowing.domain.errors import BadValue, Stale
from shadowing.domain.pacing import Pace, Wish
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.work import Work, repeated
from shadowing.store import hosting, people
from shadowing.store.accounts import entrance, sessions, tries
from shadowing.store.accounts.sessions import Open
from shadowing.store.journal import Entry, record

THEMES = ("", "light", "dark")
CHANGE_TRIES = 10
"""Wrong guesses at one's own password in a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the account page shows of its own person, and to nobody else."""

    name: str
    title: str
    email: str
    roles: frozenset[Role]
    has_password: bool
    sessions: tuple[Open, ...]
    phone: str
    pace: str
    channel: str
    says: str
    visits: bool


def account(work: Work, actor: Actor, *, lasting: Lasting) -> Account:
    """Read one's own account, with the sessions that have not ended by themselves."""
    authorise(actor, Action.ACCOUNT_SEE)
    with work.read() as tx:
        person = people.find(tx.db, person_id=actor.person_id)
        secret = entrance.secret_of(tx.db, person_id=actor.person_id)
        return Account(
            name=person.full_name,
            title=person.title,
            email=secret.email,
            roles=person.roles,
            has_password=bool(secret.password_hash),
            sessions=tuple(
                one
                for one in sessions.sessions_of(tx.db, person_id=actor.person_id)
                if not lasting.over(began=one.created_at, seen=one.seen_at, now=tx.now)
            ),
            phone=person.phone,
            pace=person.pace,
            channel=person.channel,
            says=hosting.says(tx.db, person_id=actor.person_id),
            visits=Role.OBSERVER in person.roles,
        )


def change_password(work: Work, actor: Actor, *, current: str, new: str, session: str) -> None:
    """Change one's own password, or choose the first; every other session ends.

    Raises:
        CurrentPasswordWrong: *current* is not the password there is.
        TooManyTries: Guessed wrong too often.
        PasswordTooShort, PasswordTooCommon: *new* will not do.
        Stale: The password was changed elsewhere meanwhile.
    """
    authorise(actor, Action.ACCOUNT_CHANGE)
    subject = f"own password {actor.person_id}"
    with work.write() as tx:
        guesses = tries.count(tx.db, subject=subject, window=window(tx.now))
        secret = entrance.secret_of(tx.db, person_id=actor.person_id)
        began = tx.now
    if guesses > CHANGE_TRIES:
        raise TooManyTries(minutes=minutes_left(began))
    if secret.password_hash and not password_fits(secret.password_hash, current):
        raise CurrentPasswordWrong
    check_password(new, name=secret.name, email=secret.email)
    kept = hash_password(new)
    with work.write() as tx:
        changed = entrance.set_password(
            tx.db,
            person_id=actor.person_id,
            kept=kept,
            was=secret.password_hash,
        )
        if not changed:
            raise Stale
        tries.uncount(tx.db, subject=subject, window=window(began))
        entrance.end_links(tx.db, person_id=actor.person_id, at=tx.now)
        sessions.end_sessions(tx.db, person_id=actor.person_id, but=session)
        record(tx.db, _entry(actor, "password-changed"), at=tx.now)


def choose_theme(work: Work, actor: Actor, *, theme: str) -> None:
    """Keep how the person likes pages: ``light``, ``dark``, or as the device says (empty).

    Raises:
        BadValue: It is none of these.
    """
    authorise(actor, Action.ACCOUNT_CHANGE)
    if theme not in THEMES:
        raise BadValue(field="theme", problem="unknown")
    with work.write() as tx:
        entrance.set_theme(tx.db, person_id=actor.person_id, theme=theme)


def choose_reach(work: Work, actor: Actor, *, pace: str, channel: str) -> None:
    """Keep how the person wants to hear of news: at once or once a day, by email or as a text.

    Raises:
        BadValue: ``pace`` or ``channel``: none of these, or a text to who has no phone number.
    """
    authorise(actor, Action.ACCOUNT_CHANGE)
    if pace not in {one.value for one in Pace}:
        raise BadValue(field="pace", problem="unknown_choice")
    if channel not in {one.value for one in Wish}:
        raise BadValue(field="channel", problem="unknown_choice")
    with work.write() as tx:
        person = people.find(tx.db, person_id=actor.person_id)
        if channel == Wish.TEXT and not person.phone:
            raise BadValue(field="channel", problem="no_phone")
        entrance.set_reach(tx.db, person_id=actor.person_id, pace=pace, channel=channel)
        record(tx.db, _entry(actor, "reach-changed"), at=tx.now)


@repeated
def describe(work: Work, actor: Actor, *, says: str) -> None:
    """Say, or no longer say (empty), how one describes oneself for hosts' preferences (A2).

    It serves that alone: it is shown to nobody else, stands in no export, and not in the audit log.

    Raises:
        BadValue: Field ``says``.
    """
    authorise(actor, Action.ACCOUNT_CHANGE)
    if says and says not in reference.load().lists["self_descriptions"]:
        raise BadValue(field="says", problem="unknown_choice", value=says)
    with work.write() as tx:
        person = people.lock(tx.db, person_id=actor.person_id)
        hosting.describe(tx.db, person_id=person.id, says=says)
        record(tx.db, _entry(actor, "described"), at=tx.now)


def _entry(actor: Actor, event: str) -> Entry:
    return Entry(
        event=event,
        subject="person",
        subject_id=actor.person_id,
        person_id=actor.person_id,
        acting_as=actor.role,
    )
