"""Booking for somebody: a delegate they have named (B18), or the coordinator (6.2).

Whoever acts may search, ask, move and cancel, and nothing else: never attest, check in, debrief,
write, promise, or read what was written. The audit log says who acted, and as what.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import delegates, journal, people
from shadowing.store.delegates import Named
from shadowing.store.journal import Entry
from shadowing.store.people import Person

DELEGATE: Final = "delegate"
COORDINATOR: Final = "coordinator"
ASKS: Final = frozenset({Action.SLOT_FIND, Action.SLOT_HOLD, Action.SHIFT_REQUEST})
BOOKS: Final = ASKS | {Action.SHIFT_SEE, Action.SHIFT_MOVE, Action.SHIFT_CANCEL}
"""What booking needs (8.1, last paragraph)."""


class NobodyThere(Refusal):
    """Nobody else of the program has this address, or they do not shadow."""

    code = "nobody_there"
    field = "email"


@dataclass(frozen=True, slots=True)
class Helpers:
    """Who books for somebody, and for whom they book."""

    mine: tuple[Named, ...]
    others: tuple[Named, ...]


def listed(work: Work, actor: Actor) -> Helpers:
    """List who books for a person, and for whom they book."""
    authorise(actor, Action.ACCOUNT_SEE)
    with work.read() as tx:
        me = actor.person_id
        return Helpers(
            mine=delegates.of_person(tx.db, person_id=me),
            others=delegates.for_whom(tx.db, delegate_id=me),
        )


@repeated
def name(work: Work, actor: Actor, *, email: str) -> None:
    """Let somebody of one's own organization book in one's name.

    Raises:
        NotAllowed: *actor* does not shadow.
        NobodyThere: Nobody else of the organization has this address.

    Source: docs/rules.md, rule B18: off until named.
    """
    authorise(actor, Action.DELEGATE_NAME)
    with work.write() as tx:
        found = _find(tx, email)
        strange = found.organization_id != actor.organization_id
        if strange or found.id == actor.person_id:
            raise NobodyThere(email=email)
        me = actor.person_id
        if delegates.add(tx.db, person_id=me, delegate_id=found.id, at=tx.now):
            _record(tx, actor, "delegate.named")


def end(work: Work, actor: Actor, *, delegate_id: UUID) -> None:
    """Let somebody book in one's name no more.

    Raises:
        NotFound: They could not.
    """
    authorise(actor, Action.DELEGATE_NAME)
    with work.write() as tx:
        me = actor.person_id
        if not delegates.remove(tx.db, person_id=me, delegate_id=delegate_id):
            raise NotFound(person_id=delegate_id)
        _record(tx, actor, "delegate.ended")


def acting(work: Work, actor: Actor, *, person_id: UUID) -> Actor:
    """Give the actor that books for somebody else.

    Raises:
        NotFound: They have not named *actor*, who is no coordinator of their program either.
    """
    with work.read() as tx:
        found = people.find(tx.db, person_id=person_id)
        if Role.OBSERVER not in found.roles or not found.active:
            raise NotFound(person_id=person_id)
        if delegates.stands(tx.db, person_id=person_id, delegate_id=actor.person_id):
            return _hand(found, actor, hand_as=DELEGATE, scopes=BOOKS)
        if _coordinates(tx, actor, found):
            return _hand(found, actor, hand_as=COORDINATOR, scopes=ASKS)
        raise NotFound(person_id=person_id)


def find(work: Work, actor: Actor, *, email: str) -> UUID:
    """Find, as a coordinator, somebody of one's program to book for (6.2).

    Raises:
        NobodyThere: Nobody who shadows in it has this address.
    """
    with work.read() as tx:
        found = _find(tx, email)
        if not _coordinates(tx, actor, found) or Role.OBSERVER not in found.roles:
            raise NobodyThere(email=email)
        return found.id


def _find(tx: Tx, email: str) -> Person:
    try:
        return people.find_by_email(tx.db, email=email)
    except NotFound:
        raise NobodyThere(email=email) from None


def _coordinates(tx: Tx, actor: Actor, person: Person) -> bool:
    program = people.program_of(tx.db, organization_id=person.organization_id)
    ours = program.organization_id == actor.organization_id
    return ours and Role.COORDINATOR in actor.roles


def _hand(person: Person, actor: Actor, *, hand_as: str, scopes: frozenset[Action]) -> Actor:
    return Actor(
        person_id=person.id,
        organization_id=person.organization_id,
        role=Role.OBSERVER,
        roles=frozenset({Role.OBSERVER}),
        name=person.name,
        scopes=scopes,
        hand_id=actor.person_id,
        hand_as=hand_as,
    )


def _record(tx: Tx, actor: Actor, event: str) -> None:
    entry = Entry(
        event=event,
        subject="person",
        subject_id=actor.person_id,
        person_id=actor.person_id,
        acting_as=actor.role,
    )
    journal.record(tx.db, entry, at=tx.now)
