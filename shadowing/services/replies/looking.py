"""Letters put aside: what they say, taking one as an answer after all, putting one away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import Refusal
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.domain.replies import ANSWERS
from shadowing.services.replies.receiving import note_answer
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, calendar, journal, replies
from shadowing.store.journal import Entry
from shadowing.store.replies import BY_OFFICE, Answer, Waiting

PAGE: Final = 25


class NoAnswerInIt(Refusal):
    """The letter names no event of ours that still stands, or no yes, maybe or no."""

    code = "no_answer_in_it"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of what waits, and how much waits in all."""

    rows: tuple[Waiting, ...]
    total: int


def listed(work: Work, actor: Actor, *, page: int) -> Listed:
    """List the letters that somebody has yet to look at, newest first.

    Raises:
        NotFound: The person does not look after a program.
    """
    authorise(actor, Action.REPLY_SEE, Relation.PROGRAM)
    house = actor.organization_id
    with work.read() as tx:
        rows = replies.aside(tx.db, organization_id=house, limit=PAGE, offset=(page - 1) * PAGE)
        return Listed(rows, replies.count_aside(tx.db, organization_id=house))


def count(work: Work, actor: Actor) -> int:
    """Count the letters that somebody has yet to look at.

    Raises:
        NotFound: The person does not look after a program.
    """
    authorise(actor, Action.REPLY_SEE, Relation.PROGRAM)
    with work.read() as tx:
        return replies.count_aside(tx.db, organization_id=actor.organization_id)


def one(work: Work, actor: Actor, *, reply_id: UUID) -> tuple[Waiting, bool]:
    """Show one letter, and whether it can be taken as an answer.

    Raises:
        NotFound: There is none of that id that waits, or it is another house's.
    """
    authorise(actor, Action.REPLY_SEE, Relation.PROGRAM)
    with work.read() as tx:
        found = _find(tx, actor, reply_id)
        return found, _answers(tx, found)


def letter(work: Work, actor: Actor, *, reply_id: UUID) -> bytes:
    """Give one letter as it arrived; that it was read is on record (P16).

    Raises:
        NotFound: There is none of that id that waits, or it is another house's.
    """
    authorise(actor, Action.REPLY_SEE, Relation.PROGRAM)
    with work.write() as tx:
        found = _find(tx, actor, reply_id)
        _record(tx, actor, found, event="reply.read")
        return replies.raw_of(tx.db, reply_id=found.reply.id)


@repeated
def take(work: Work, actor: Actor, *, reply_id: UUID, remember: bool) -> Waiting:
    """Take a letter as the answer of whoever was asked.

    A request that waits for this very host is then moved by ``bookings.replying``.

    Args:
        work: Opens transactions.
        actor: Who looked at it.
        reply_id: Which letter.
        remember: Whether its sender is from now on known as an address of that person.

    Raises:
        NotFound: There is none of that id that waits, or it is another house's.
        NoAnswerInIt: It answers nothing that still stands.
    """
    authorise(actor, Action.REPLY_HANDLE, Relation.PROGRAM)
    with work.write() as tx:
        found = _find(tx, actor, reply_id)
        said, event_id = found.reply, found.reply.event_id
        if event_id is None or not _answers(tx, found):
            raise NoAnswerInIt
        event = calendar.find(tx.db, event_id=event_id)
        shift = bookings.find(tx.db, shift_id=event.shift_id)
        given = Answer(
            event_id=event.id,
            partstat=said.partstat,
            sequence=event.sequence,
            stamp=said.stamp or tx.now,
            answered_at=tx.now,
            starts_at=event.starts_at,
            channel=BY_OFFICE,
        )
        note_answer(tx, event, given, by=actor.person_id, acting_as="coordinator")
        if remember and said.sender:
            _remember(tx, actor, said.sender, event.person_id)
        waits = shift.state is State.REQUESTED and event.person_id == shift.host_id
        replies.settle(tx.db, reply_id=said.id, at=tx.now, by=actor.person_id, as_answer=waits)
        _record(tx, actor, found, event="reply.taken")
        return found


@repeated
def put_away(work: Work, actor: Actor, *, reply_id: UUID) -> None:
    """Put a letter away that asks for nothing more.

    Raises:
        NotFound: There is none of that id that waits, or it is another house's.
    """
    authorise(actor, Action.REPLY_HANDLE, Relation.PROGRAM)
    with work.write() as tx:
        found = _find(tx, actor, reply_id)
        replies.settle(tx.db, reply_id=found.reply.id, at=tx.now, by=actor.person_id)
        _record(tx, actor, found, event="reply.put_away")


def _find(tx: Tx, actor: Actor, reply_id: UUID) -> Waiting:
    return replies.find_aside(tx.db, organization_id=actor.organization_id, reply_id=reply_id)


def _remember(tx: Tx, actor: Actor, email: str, person_id: UUID) -> None:
    replies.add_address(tx.db, email=email, person_id=person_id, at=tx.now, by=actor.person_id)


def _answers(tx: Tx, found: Waiting) -> bool:
    if found.reply.event_id is None or found.reply.partstat not in ANSWERS:
        return False
    event = calendar.find(tx.db, event_id=found.reply.event_id)
    return event.status != "CANCELLED" and event.ends_at > tx.now


def _record(tx: Tx, actor: Actor, found: Waiting, *, event: str) -> None:
    entry = Entry(
        event=event,
        subject="reply",
        subject_id=found.reply.id,
        person_id=actor.person_id,
        acting_as="coordinator",
        code=found.reply.why,
    )
    journal.record(tx.db, entry, at=tx.now)
