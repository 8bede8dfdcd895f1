"""Messages that did not reach anybody: seen by who looks after the program or the system (N5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, may
from shadowing.services.work import Work, repeated
from shadowing.store import deliveries, journal
from shadowing.store.deliveries import Failure
from shadowing.store.journal import Entry

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One page of what was given up, or of what is tried again.

    Attributes:
        failed: How many were given up in all.
        tried: How many are tried again in all.
        names_shift: Whether the viewer may go to the shift a message is about.
    """

    rows: tuple[Failure, ...]
    failed: int
    tried: int
    names_shift: bool


def failed(work: Work, actor: Actor, *, page: int) -> Undelivered:
    """List what was given up, the latest first.

    Raises:
        NotFound: The person looks after neither the program nor the system.
    """
    return _list(work, actor, page=page, of="failed")


def tried(work: Work, actor: Actor, *, page: int) -> Undelivered:
    """List what was tried in vain so far.

    Raises:
        NotFound: The person looks after neither the program nor the system.
    """
    return _list(work, actor, page=page, of="tried")


def count(work: Work, actor: Actor) -> int:
    """Count what was given up.

    Raises:
        NotFound: The person looks after neither the program nor the system.
    """
    return counts(work, actor)[0]


def counts(work: Work, actor: Actor) -> tuple[int, int]:
    """Count what was given up, and what is tried again.

    Raises:
        NotFound: The person looks after neither the program nor the system.
    """
    _check(actor, Action.MESSAGE_SEE)
    with work.read() as tx:
        return deliveries.counts(tx.db, organization_id=actor.organization_id)


def _list(work: Work, actor: Actor, *, page: int, of: str) -> Undelivered:
    _check(actor, Action.MESSAGE_SEE)
    find = {"failed": deliveries.failed, "tried": deliveries.tried}[of]
    house = actor.organization_id
    with work.read() as tx:
        total, going_on = deliveries.counts(tx.db, organization_id=house)
        rows = find(tx.db, organization_id=house, limit=PAGE, offset=(page - 1) * PAGE)
    return Undelivered(rows, total, going_on, names_shift=actor.role is Role.COORDINATOR)


@repeated
def send_again(work: Work, actor: Actor, *, code: str) -> Failure:
    """Let one message have its turn again, with the Message-ID it always had.

    Raises:
        NotFound: There is none of that name, it was not given up, or it is another house's.
    """
    _check(actor, Action.MESSAGE_RESEND)
    with work.write() as tx:
        found = deliveries.find(tx.db, code=code, organization_id=actor.organization_id)
        if found is None or not deliveries.send_again(tx.db, code=code, at=tx.now):
            raise NotFound(subject="message")
        entry = Entry(
            event="message.sent_again",
            subject="person",
            subject_id=found.recipient_id,
            person_id=actor.person_id,
            acting_as=actor.role,
            from_state=found.state,
            to_state="waiting",
            code=found.kind,
        )
        journal.record(tx.db, entry, at=tx.now)
    return found


def _check(actor: Actor, action: Action) -> None:
    relations = {Role.COORDINATOR: Relation.PROGRAM, Role.SYSADMIN: Relation.ORGANIZATION}
    relation = relations.get(actor.role)
    if relation is None or not may(actor, action, relation):
        raise NotFound(subject="message")
