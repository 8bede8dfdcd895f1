"""Private addresses for a calendar: of one's own events, of a unit one leads, of one's program.

Source: docs/rules.md, rule N1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shadowing.adapters.credentials import digest, new_token
from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.work import Tx, Work
from shadowing.store import people
from shadowing.store.accounts import tokens
from shadowing.store.accounts.tokens import FeedOf
from shadowing.store.journal import Entry, record

OWN = FeedOf()


@dataclass(frozen=True, slots=True)
class Address:
    """A feed that a person may have: of what, and since when they have it.

    Attributes:
        name: Of the unit or program; empty for one's own.
    """

    of: FeedOf
    name: str
    since: datetime | None


def mine(work: Work, actor: Actor) -> tuple[Address, ...]:
    """List the feeds that *actor* may have in the role they act in, their own first."""
    authorise(actor, Action.ACCOUNT_SEE)
    with work.read() as tx:
        since = tokens.feeds_since(tx.db, person_id=actor.person_id)
        allowed = ((OWN, ""), *_allowed(tx, actor))
    return tuple(Address(of, name, since.get(of)) for of, name in allowed)


def open_feed(
    work: Work, actor: Actor, *, unit_id: UUID | None = None, program_id: UUID | None = None
) -> str:
    """Make a private address for a calendar; return its token, which is shown this once.

    It shows one's own events unless a unit or a program is named.

    The address there was of the same before ends at once.

    Raises:
        NotFound: It is a unit or a program that is not theirs to look after.
    """
    authorise(actor, Action.ACCOUNT_CHANGE)
    of, token = FeedOf(unit_id, program_id), new_token()
    with work.write() as tx:
        _check(tx, actor, of)
        tokens.add_feed(tx.db, digest=digest(token), person_id=actor.person_id, of=of, at=tx.now)
        record(tx.db, _entry(actor, "feed-opened", of), at=tx.now)
    return token


def close_feed(
    work: Work, actor: Actor, *, unit_id: UUID | None = None, program_id: UUID | None = None
) -> None:
    """End a private address, if there is one."""
    authorise(actor, Action.ACCOUNT_CHANGE)
    of = FeedOf(unit_id, program_id)
    with work.write() as tx:
        tokens.end_feed(tx.db, person_id=actor.person_id, of=of, at=tx.now)
        record(tx.db, _entry(actor, "feed-closed", of), at=tx.now)


def _check(tx: Tx, actor: Actor, of: FeedOf) -> None:
    if of not in {OWN, *(each for each, _ in _allowed(tx, actor))}:
        raise NotFound(subject="feed")


def _allowed(tx: Tx, actor: Actor) -> tuple[tuple[FeedOf, str], ...]:
    if actor.role is Role.UNIT_MANAGER:
        led = people.units_of_manager(tx.db, person_id=actor.person_id)
        return tuple((FeedOf(unit_id=unit.id), unit.name) for unit in led)
    if actor.role is Role.COORDINATOR:
        own = people.program_of(tx.db, organization_id=actor.organization_id)
        return ((FeedOf(program_id=own.id), own.name),)
    return ()


def _entry(actor: Actor, event: str, of: FeedOf) -> Entry:
    return Entry(
        event=event,
        subject="unit" if of.unit_id else "program" if of.program_id else "person",
        subject_id=of.unit_id or of.program_id or actor.person_id,
        person_id=actor.person_id,
        acting_as=actor.role,
    )
