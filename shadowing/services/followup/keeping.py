"""What becomes of a promise: the host's word, its owner's updates, and that the host has seen it.

Append-only: nobody can take a promise back, only add to it (section 6.5).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from shadowing.domain.errors import NotFound
from shadowing.domain.followup.commitments import ACTION_MAX
from shadowing.domain.followup.moves import (
    Commitment as State,
)
from shadowing.domain.followup.moves import (
    Mover,
    Need,
    check_commitment_move,
)
from shadowing.domain.followup.problems import BadAnswers, Problem
from shadowing.domain.followup.questions import Kind, Question
from shadowing.domain.followup.values import Known, Unfit, read_value
from shadowing.domain.patient_detail import lint
from shadowing.domain.policy import Action, Actor, Relation
from shadowing.services.followup import checking, pickers, sheets
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import commitments, journal
from shadowing.store.bookings import Shift
from shadowing.store.commitments import Commitment, Step
from shadowing.store.journal import Entry, Telling

NOTE_MAX: Final = 350
BEFORE: Final = "Before: "
SPOKEN: Final = {State.DONE: Need.EVIDENCE, State.DECLINED: Need.REASON}


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What somebody adds to a promise.

    Attributes:
        state: Where it stands now.
        note: One line: what was done, why not, or how far it is.
        due: Another date, if it has one; the first stays what lateness is counted from.
        fine: Mark of what was found in the note and is "not about a patient".
    """

    state: State
    note: str = ""
    due: date | None = None
    fine: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """A promise in the hands of somebody who may change it."""

    tx: Tx
    shift: Shift
    promise: Commitment
    mover: Mover
    person_id: UUID
    names: tuple[str, ...] = field(default=())


@repeated
def agree(work: Work, actor: Actor, *, commitment_id: UUID, between: str = "") -> None:
    """The host says that these words are fine; *between* "yes" keeps it between the two (F14).

    Raises:
        NotFound: It was not promised to this host.
        FollowUpMoveNotAllowed: It is agreed already.
    """
    with work.write() as tx:
        held = _as_host(tx, actor, commitment_id)
        _move(held, to=State.AGREED, kept_between=int(between == "yes"))


@repeated
def suggest(work: Work, actor: Actor, *, commitment_id: UUID, words: str, fine: str = "") -> None:
    """The host asks for other words; the promise stays proposed, its owner is told.

    Raises:
        NotFound: It was not promised to this host.
        FollowUpMoveNotAllowed: Its words are agreed.
        BadAnswers: There are no words, or they cannot be.
    """
    with work.write() as tx:
        held = _as_host(tx, actor, commitment_id)
        note = _note(held, words, key="words", fine=fine, most=NOTE_MAX)
        _move(held, to=State.PROPOSED, note=note)


@repeated
def reword(work: Work, actor: Actor, *, commitment_id: UUID, words: str, fine: str = "") -> None:
    """The owner puts a promise into other words before they are agreed; the old stay readable.

    Raises:
        NotFound: It is not this person's promise.
        FollowUpMoveNotAllowed: Its words are agreed.
        BadAnswers: There are no words, or they cannot be.

    Source: docs/rules.md, rule F9.
    """
    with work.write() as tx:
        held = _as_owner(tx, actor, commitment_id)
        action = _note(held, words, key="words", fine=fine, most=ACTION_MAX)
        before = f"{BEFORE}{held.promise.action}"
        _move(held, to=State.PROPOSED, note=before, action=action)


@repeated
def update(work: Work, actor: Actor, *, commitment_id: UUID, news: News) -> None:
    """The owner says how far it is: under way, done, or why it cannot be; the host is told (F10).

    Raises:
        NotFound: It is not this person's promise.
        FollowUpMoveNotAllowed: Its words are not agreed, or it was seen already.
        BadAnswers: Evidence, a reason or a line is missing, or the date is not ahead.

    Source: docs/rules.md, rules F9, F10, F12 and section 6.5.
    """
    with work.write() as tx:
        held = _as_owner(tx, actor, commitment_id)
        note = _note(held, news.note, key="note", fine=news.fine, most=NOTE_MAX)
        due = news.due if news.state is State.IN_PROGRESS else None
        if due and due <= sheets.day(tx, held.shift):
            raise BadAnswers((Problem("due", "date_not_ahead"),))
        changed = {"due_on": due} if due else {}
        _move(held, to=news.state, note=note, due=due, **changed)


@repeated
def see(work: Work, actor: Actor, *, commitment_id: UUID) -> None:
    """The host has seen what became of it: the loop is closed (F13).

    Raises:
        NotFound: It was not promised to this host.
        FollowUpMoveNotAllowed: Nothing has come of it yet, or it was seen already.
    """
    with work.write() as tx:
        _move(_as_host(tx, actor, commitment_id), to=State.SEEN)


def _as_host(tx: Tx, actor: Actor, commitment_id: UUID) -> _Held:
    promise = _found(tx, commitment_id)
    mine = promise.host_id == actor.person_id
    if not mine or not sheets.may_as(actor, Action.COMMITMENT_AGREE, Relation.HOST):
        raise NotFound(commitment_id=commitment_id)
    return _held(tx, promise, Mover.HOST, actor)


def _as_owner(tx: Tx, actor: Actor, commitment_id: UUID) -> _Held:
    promise = _found(tx, commitment_id)
    mine = promise.owner_id == actor.person_id
    if not mine or not sheets.may_as(actor, Action.COMMITMENT_UPDATE, Relation.OBSERVER):
        raise NotFound(commitment_id=commitment_id)
    return _held(tx, promise, Mover.OWNER, actor)


def _found(tx: Tx, commitment_id: UUID) -> Commitment:
    seen = commitments.find(tx.db, commitment_id=commitment_id)
    sheets.keep(tx, shift_id=seen.shift_id)
    return commitments.lock(tx.db, commitment_id=commitment_id)


def _held(tx: Tx, promise: Commitment, mover: Mover, actor: Actor) -> _Held:
    shift = sheets.find(tx, shift_id=promise.shift_id)
    return _Held(tx, shift, promise, mover, actor.person_id, pickers.names_near(tx, shift))


def _note(held: _Held, text: str, *, key: str, fine: str, most: int) -> str:
    """Read one line that is added to a promise; nothing in it may point to a patient (P3)."""
    question = Question(key=key, kind=Kind.TEXT, prompt="", max_length=most)
    try:
        note = read_value(question, text, known=Known())
    except Unfit as unfit:
        raise BadAnswers((Problem(key, unfit.code, unfit.facts),)) from unfit
    if note is None:
        raise BadAnswers((Problem(key, "answer_missing"),))
    words = unicodedata.normalize("NFC", str(note))
    hits = lint(words, names=held.names)
    doubts = checking.in_doubt({key: hits} if hits else {}, fine={key: fine})
    if doubts:
        raise BadAnswers(doubts)
    return words


def _move(
    held: _Held,
    *,
    to: State,
    note: str = "",
    due: date | None = None,
    **values: object,
) -> None:
    state = State(held.promise.state)
    given = (SPOKEN[to],) if to in SPOKEN and note else ()
    check_commitment_move(state, to=to, by=held.mover, given=given)
    step = Step(
        id=0,
        commitment_id=held.promise.id,
        at=held.tx.now,
        by_id=held.person_id,
        state=to,
        note=note,
        due_on=due,
    )
    number = commitments.move(held.tx.db, held.promise, step=step, **values)
    entry = Entry(
        event=f"commitment.{to}",
        subject="commitment",
        subject_id=held.promise.id,
        person_id=held.person_id,
        acting_as="host" if held.mover is Mover.HOST else "observer",
        from_state=state,
        to_state=to,
    )
    journal.record(held.tx.db, entry, at=held.tx.now)
    if to is not State.SEEN:
        _tell_other(held, number)


def _tell_other(held: _Held, number: int) -> None:
    """Tell whoever did not make the change (F10)."""
    by_host = held.mover is Mover.HOST
    telling = Telling(
        key=f"commitment:{held.promise.id}:{number}",
        kind="commitment-told",
        recipient_id=held.promise.owner_id if by_host else held.promise.host_id,
        shift_id=held.shift.id,
    )
    journal.tell(held.tx.db, telling, at=held.tx.now, domain=held.tx.domain)
