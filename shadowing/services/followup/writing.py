"""Writing one's own side of a shift: drafts, sending, changing, deleting (rules L2 to L7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.errors import Refusal
from shadowing.domain.followup.answers import to_plain
from shadowing.domain.followup.closing import may_change, open_phases
from shadowing.domain.followup.lint import lint_answers
from shadowing.domain.followup.moves import Mover, Need, Reflection, check_reflection_move
from shadowing.domain.followup.problems import Problem
from shadowing.domain.followup.questions import Field, Kind, Phase, Side
from shadowing.domain.policy import Action, Actor
from shadowing.services.followup import checking, pickers, sheets
from shadowing.services.followup.sheets import OneSide
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, reflections
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry, Telling
from shadowing.store.reflections import Text

CLOSING: Final = "phi_ok"
COST: Final = "cost"
PAIR: Final = (Side.OBSERVER, Side.HOST)


class FormClosed(Refusal):
    """Nothing can be written here now: it is too early, or the shift is closed (L5, L6)."""

    code = "form_closed"


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft was saved; ``doubts`` are the keys of texts that may hold patient detail."""

    at: datetime
    doubts: tuple[str, ...]
    problems: tuple[Problem, ...]


def phase_of(shift: Shift) -> Phase | None:
    """Say which questions are open on the form now; those of the debrief have a form apart (F6)."""
    opened = open_phases(shift.state)
    return next((phase for phase in (Phase.POST, Phase.PRE) if phase in opened), None)


@repeated
def save_draft(work: Work, actor: Actor, *, shift_id: UUID, given: checking.Given) -> Saved:
    """Keep what is written so far, as far as it can be kept; nothing is checked but its shape.

    Raises:
        NotFound: It is not this person's to write.
        FormClosed: Nothing is open now.
        FollowUpMoveNotAllowed: It was sent already; a change is sent, not saved.

    Source: docs/rules.md, rule L7.
    """
    with work.write() as tx:
        shift, own, phase = _open(tx, actor, shift_id)
        check_reflection_move(_state(own), to=Reflection.DRAFT, by=Mover.AUTHOR)
        asked = own.asked(phase)
        raw = _only(asked, given.raw)
        plain, problems = checking.keepable(asked, raw, known=pickers.read(tx, shift).known())
        answers = {**_others(own, asked), **plain}
        begin(tx, own)
        keep_words(
            tx,
            own,
            Text(answers, _opened(own, asked, given)),
            state=Reflection.DRAFT,
            saved_at=tx.now,
        )
        hits = lint_answers(
            asked,
            sheets.read_stored(asked, plain),
            names=pickers.names_near(tx, shift),
        )
        return Saved(tx.now, tuple(hits), problems)


@repeated
def send(work: Work, actor: Actor, *, shift_id: UUID, given: checking.Given) -> Shift:
    """Send one's side, or a change of it; before the shift, keep what was asked for then.

    When the other side is in as well, both people are told, once.

    Raises:
        NotFound: It is not this person's to write.
        FormClosed: Nothing is open now.
        FollowUpMoveNotAllowed: It was deleted.
        BadAnswers: With everything that is missing or cannot be, patient detail included.

    Source: docs/rules.md, rules L3 to L6 and section 6.7.
    """
    with work.write() as tx:
        shift, own, phase = _open(tx, actor, shift_id)
        asked = own.asked(phase)
        raw = {**_only(asked, given.raw), **_locked(tx, shift, own, asked)}
        fired, answers = checking.checked(tx, shift, asked, raw, fine=given.fine)
        if _state(own) is Reflection.EXPECTED:
            check_reflection_move(Reflection.EXPECTED, to=Reflection.DRAFT, by=Mover.AUTHOR)
        text = Text(
            {**_others(own, asked), **to_plain(answers)},
            _opened(own, asked, given),
        )
        begin(tx, own)
        if phase is Phase.PRE:
            keep_words(tx, own, text, state=Reflection.DRAFT, saved_at=tx.now)
        else:
            _submit(tx, shift, own, text, fired=fired)
        return shift


@repeated
def delete(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Take one's words away everywhere; that a side was sent stays (L5).

    Raises:
        NotFound: It is not this person's.
        FollowUpMoveNotAllowed: There is nothing to delete.
    """
    with work.write() as tx:
        shift = sheets.keep(tx, shift_id=shift_id)
        own = sheets.one_side(tx, shift, sheets.side_of(shift, actor, Action.REFLECTION_WRITE))
        state = _state(own)
        check_reflection_move(state, to=Reflection.DELETED, by=Mover.AUTHOR)
        reflections.forget_text(tx.db, reflection_id=own.fact.id)
        reflections.change(
            tx.db,
            reflection_id=own.fact.id,
            state=Reflection.DELETED,
            deleted_at=tx.now,
        )
        _record(tx, own, to=Reflection.DELETED)
        return shift


def _open(tx: Tx, actor: Actor, shift_id: UUID) -> tuple[Shift, OneSide, Phase]:
    shift = sheets.keep(tx, shift_id=shift_id)
    own = sheets.one_side(tx, shift, sheets.side_of(shift, actor, Action.REFLECTION_WRITE))
    if _state(own) is Reflection.DELETED:
        check_reflection_move(Reflection.DELETED, to=Reflection.DRAFT, by=Mover.AUTHOR)
    phase = phase_of(shift)
    if phase is None or not own.asked(phase):
        raise FormClosed
    return shift, own, phase


def _submit(tx: Tx, shift: Shift, own: OneSide, text: Text, *, fired: int) -> None:
    first = own.fact.submitted_at is None
    before = Reflection.DRAFT if _state(own) is Reflection.EXPECTED else _state(own)
    ticked = (Need.PHI_OK,) if text.answers.get(CLOSING) is True else ()
    check_reflection_move(before, to=Reflection.SUBMITTED, by=Mover.AUTHOR, given=ticked)
    keep_words(
        tx,
        own,
        text,
        state=Reflection.SUBMITTED,
        saved_at=tx.now,
        submitted_at=tx.now if first else own.fact.submitted_at,
        lint_fired=max(fired, own.fact.lint_fired),
        costly=own.side is Side.HOST and text.answers.get(COST) in load_check(),
    )
    _record(tx, own, to=Reflection.SUBMITTED, code="lint_fired" if fired else "lint_quiet")
    if first and len(reflections.sent_at(tx.db, shift_id=shift.id)) == len(PAIR):
        for person_id in (shift.observer_id, shift.host_id):
            telling = Telling(
                key=f"both-sides-in:{shift.id}:{person_id}",
                kind="both-sides-in",
                recipient_id=person_id,
                shift_id=shift.id,
            )
            journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def load_check() -> tuple[object, ...]:
    """Name the answers to what a shift cost its host that count towards a pause (A4)."""
    return (reference.load().setting("cost_pause").more["answer"],)


def begin(tx: Tx, own: OneSide) -> None:
    """Write the row of a side that has none, and keep the templates it is answered under."""
    known = reflections.of_shift(tx.db, shift_id=own.fact.shift_id)
    if own.side not in known:
        reflections.add(tx.db, own.fact, at=tx.now)
    for form in own.forms:
        reflections.keep_template(
            tx.db, code=form.code, version=form.version, source=form.source, at=tx.now
        )


def keep_words(tx: Tx, own: OneSide, text: Text, **values: object) -> None:
    """Write what a side says and how it stands, under the templates it was asked by."""
    reflections.change(
        tx.db,
        reflection_id=own.fact.id,
        template=sheets.JOIN.join(form.code for form in own.forms),
        template_version=sheets.JOIN.join(form.version for form in own.forms),
        **values,
    )
    reflections.keep_text(tx.db, reflection_id=own.fact.id, text=text)


def _record(tx: Tx, own: OneSide, *, to: Reflection, code: str = "") -> None:
    entry = Entry(
        event=f"reflection.{to}",
        subject="reflection",
        subject_id=own.fact.id,
        person_id=own.fact.author_id,
        acting_as=own.side,
        from_state=own.fact.state,
        to_state=to,
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)


def _locked(tx: Tx, shift: Shift, own: OneSide, asked: Sequence[Field]) -> dict[str, object]:
    """Give back as they were the answers that cannot be changed any more (L4)."""
    keys = locked_keys(tx, shift, own, asked)
    return {key: own.text.answers.get(key) for key in keys}


def locked_keys(tx: Tx, shift: Shift, own: OneSide, asked: Sequence[Field]) -> frozenset[str]:
    """Name the answers that both compared and that stay as they were sent."""
    seal = sheets.seal_of(tx, shift)
    return frozenset(
        each.key
        for each in asked
        if each.kind is not Kind.TICK
        and not may_change(each, state=shift.state, seal=seal, sent_at=own.fact.submitted_at)
    )


def _only(asked: Sequence[Field], raw: Mapping[str, object]) -> dict[str, object]:
    keys = {each.key for each in asked}
    return {key: value for key, value in raw.items() if key in keys}


def _others(own: OneSide, asked: Sequence[Field]) -> dict[str, object]:
    keys = {each.key for each in asked}
    return {key: value for key, value in own.text.answers.items() if key not in keys}


def _opened(own: OneSide, asked: Sequence[Field], given: checking.Given) -> frozenset[str]:
    keys = {each.key for each in asked}
    return (own.text.releases - keys) | (given.releases & checking.releasable(asked))


def _state(own: OneSide) -> Reflection:
    return Reflection(own.fact.state)
