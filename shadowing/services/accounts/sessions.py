"""Being signed in: who a session belongs to, how long it lasts, in which role, how it ends."""

from __future__ import annotations

from dataclasses import dataclass

from shadowing.adapters.credentials import digest
from shadowing.domain.accounts import SEEN_AGAIN_AFTER, Lasting, RoleNotHeld
from shadowing.domain.errors import NotFound, NotSignedIn
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.work import Work
from shadowing.store.accounts import sessions
from shadowing.store.journal import Entry, record


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, with what every page shows of them.

    Attributes:
        session: The digest of the session's token; no secret.
        name: With credentials, as people write it.
        zone: Of the building they work in.
    """

    actor: Actor
    session: str
    name: str
    title: str
    level: str
    theme: str
    organization: str
    site: str
    zone: str


def resume(work: Work, token: str, *, lasting: Lasting) -> SignedIn:
    """Find out who shows *token*; note once a minute that they are still there.

    Raises:
        NotSignedIn: The session never was, has been ended, or has ended by itself.
    """
    with work.read() as tx:
        now = tx.now
        try:
            found = sessions.find_session(tx.db, digest=digest(token))
        except NotFound:
            raise NotSignedIn from None
    if lasting.over(began=found.created_at, seen=found.seen_at, now=now) or not found.roles:
        _remove(work, found)
        raise NotSignedIn
    if now - found.seen_at >= SEEN_AGAIN_AFTER:
        with work.write() as tx:
            sessions.mark_seen(tx.db, digest=found.digest, at=now)
    return _signed_in(found)


def _remove(work: Work, found: sessions.Session) -> None:
    """Forget a session that is over, so that no clock set back revives it."""
    with work.write() as tx:
        sessions.remove(tx.db, digest=found.digest)


def _signed_in(found: sessions.Session) -> SignedIn:
    # A role that was taken away since it was chosen is not acted in (rule P1).
    role = found.role if found.role in found.roles else min(found.roles, key=list(Role).index)
    actor = Actor(
        person_id=found.person_id,
        organization_id=found.organization_id,
        role=role,
        roles=found.roles,
        name=found.name,
    )
    return SignedIn(
        actor=actor,
        session=found.digest,
        name=found.name,
        title=found.title,
        level=found.level,
        theme=found.theme,
        organization=found.organization,
        site=found.site,
        zone=found.zone,
    )


def sign_out(work: Work, actor: Actor, *, session: str) -> None:
    """End one of the person's sessions, on every process at once.

    Raises:
        NotFound: They have no such session.
    """
    authorise(actor, Action.ACCOUNT_CHANGE)
    with work.write() as tx:
        sessions.end_session(tx.db, digest=session, person_id=actor.person_id)
        record(tx.db, _entry(actor, "session-ended"), at=tx.now)


def sign_out_elsewhere(work: Work, actor: Actor, *, session: str) -> int:
    """End every session of the person but *session*; return how many that were."""
    authorise(actor, Action.ACCOUNT_CHANGE)
    with work.write() as tx:
        ended = sessions.end_sessions(tx.db, person_id=actor.person_id, but=session)
        record(tx.db, _entry(actor, "other-sessions-ended"), at=tx.now)
    return ended


def choose_role(work: Work, actor: Actor, *, session: str, role: Role) -> None:
    """Act in another of one's roles from now on.

    Raises:
        RoleNotHeld: The person does not have it.
    """
    authorise(actor, Action.ACCOUNT_CHANGE)
    if role not in actor.roles:
        raise RoleNotHeld(role=role)
    with work.write() as tx:
        sessions.choose_role(tx.db, digest=session, role=role)
        record(tx.db, _entry(actor, "role-chosen", code=role), at=tx.now)


def _entry(actor: Actor, event: str, *, code: str = "") -> Entry:
    return Entry(
        event=event,
        subject="person",
        subject_id=actor.person_id,
        person_id=actor.person_id,
        acting_as=actor.role,
        code=code,
    )
