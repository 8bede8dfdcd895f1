"""API tokens: made by an operator, shown once, narrowed by scopes."""

from __future__ import annotations

from collections.abc import Sequence

from shadowing.adapters.credentials import digest, new_token
from shadowing.domain.accounts import (
    SCOPES,
    SEEN_AGAIN_AFTER,
    RoleNotHeld,
    actions_of,
    first_role,
)
from shadowing.domain.errors import NotFound, NotSignedIn
from shadowing.domain.people import Role
from shadowing.domain.policy import Actor
from shadowing.services.work import Work
from shadowing.store import people
from shadowing.store.accounts import tokens
from shadowing.store.journal import Entry, record


def create_token(
    work: Work, *, email: str, scopes: Sequence[str] = (), role: Role | None = None
) -> str:
    """Make an API token for the person with this address; return it, which is done this once.

    Args:
        work: Where.
        email: Of the person whose permissions it has.
        scopes: Names of ``domain.accounts.SCOPES``; none means every one of them.
        role: In which the token acts; the person's first unless said otherwise.

    Raises:
        NotFound: Nobody active has this address.
        UnknownScope: One of *scopes* is none.
        RoleNotHeld: The person does not have *role*.
        NotInProgram: The person has no role at all.
    """
    wanted = tuple(dict.fromkeys(scopes)) or tuple(SCOPES)
    actions_of(wanted)
    token = new_token()
    with work.write() as tx:
        person = people.find_by_email(tx.db, email=email)
        chosen = role or first_role(person.roles)
        if chosen not in person.roles:
            raise RoleNotHeld(role=chosen)
        token_id = tokens.add_token(
            tx.db,
            digest=digest(token),
            person_id=person.id,
            role=chosen,
            scopes=wanted,
            at=tx.now,
        )
        entry = Entry(
            event="token-made", subject="token", subject_id=token_id, acting_as="operator"
        )
        record(tx.db, entry, at=tx.now)
    return token


def actor_of_token(work: Work, *, token: str) -> Actor:
    """Find out for whom a token speaks, and for which actions.

    Raises:
        NotSignedIn: It never was, was revoked, or its person has left or lost the role.
    """
    with work.read() as tx:
        now = tx.now
        try:
            found = tokens.find_token(tx.db, digest=digest(token))
        except NotFound:
            raise NotSignedIn from None
    if found.role not in found.roles:
        raise NotSignedIn
    if found.seen_at is None or abs(now - found.seen_at) >= SEEN_AGAIN_AFTER:
        with work.write() as tx:
            tokens.mark_used(tx.db, token_id=found.id, at=now)
    return Actor(
        person_id=found.person_id,
        organization_id=found.organization_id,
        role=found.role,
        roles=found.roles,
        name=found.name,
        scopes=actions_of(found.scopes),
    )
