"""Promises after the talk: one to three, or a reason for none that the host reads (F6 to F8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import Stale
from shadowing.domain.followup.answers import Answers, to_plain
from shadowing.domain.followup.commitments import Promise, check_form_open
from shadowing.domain.followup.moves import Commitment as Standing
from shadowing.domain.followup.moves import Debrief, Reflection
from shadowing.domain.followup.questions import Field, Kind, Phase, Side
from shadowing.domain.followup.templates import promise_fields
from shadowing.domain.policy import Action, Actor
from shadowing.services.followup import pickers, sheets, wishes, writing
from shadowing.services.followup.pickers import Pickers
from shadowing.services.followup.sheets import Face, OneSide
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import commitments, debriefs, journal, people
from shadowing.store.bookings import Shift
from shadowing.store.commitments import Commitment
from shadowing.store.journal import Entry, Telling
from shadowing.store.reflections import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form for promises, ready to be filled in.

    Attributes:
        promise: The question that is answered by promises.
        reason: The question why there is none.
        others: What else is asked after the talk, ``phi_ok`` last.
        room: How many promises may still be made.
        heard: What the observer wrote to be checked with the host, prompt and words.
        given: The reason that stands, if one does.
    """

    shift: Shift
    me: Face
    host: Face
    unit_name: str
    zone: str
    promise: Field
    reason: Field
    others: tuple[Field, ...]
    typed: Mapping[str, object]
    made: tuple[Commitment, ...]
    room: int
    given: str
    heard: tuple[tuple[str, str], ...]
    notice: str
    pickers: Pickers


def prepare(work: Work, actor: Actor, *, shift_id: UUID) -> Sheet:
    """Lay out the form for promises.

    Raises:
        NotFound: The person was not the observer.
        DebriefFirst: The debrief is neither held nor waived (F6).
        FormClosed: The shift is closed, or all promises are made.
    """
    with work.read() as tx:
        shift = sheets.find(tx, shift_id=shift_id)
        own, promise, reason, others = _questions(tx, shift, actor)
        made = commitments.of_shift(tx.db, shift_id=shift.id)
        held = debriefs.find(tx.db, shift_id=shift.id)
        known = people.find_many(tx.db, ids=(shift.observer_id, shift.host_id))
        faces = sheets.faces(shift, known)
        return Sheet(
            shift=shift,
            me=faces[Side.OBSERVER],
            host=faces[Side.HOST],
            unit_name=sheets.where(tx, shift),
            zone=people.zone_of(tx.db, site_id=shift.site_id),
            promise=promise,
            reason=reason,
            others=others,
            typed=own.text.answers,
            made=made,
            room=_room(promise, made),
            given=held.no_commitment_reason if held else "",
            heard=tuple(
                (each.prompt, str(own.answers[each.key]))
                for each in own.fields
                if each.read_back and each.key in own.answers
            ),
            notice=sheets.notice(tx, shift),
            pickers=pickers.read(tx, shift),
        )


@repeated
def make(work: Work, actor: Actor, *, shift_id: UUID, wish: wishes.Wish) -> tuple[Commitment, ...]:
    """Promise, or say why not; the host is told.

    Raises:
        NotFound: The person was not the observer.
        DebriefFirst: The debrief is neither held nor waived (F6).
        FormClosed: The shift is closed, or all promises are made.
        Stale: Promises were made since the form was opened.
        BadAnswers: With every part that is missing or cannot be, by row.

    Source: docs/rules.md, rules F6 to F8.
    """
    with work.write() as tx:
        shift = sheets.keep(tx, shift_id=shift_id)
        own, promise, reason, others = _questions(tx, shift, actor)
        standing = commitments.of_shift(tx.db, shift_id=shift.id)
        if len(standing) != wish.made:
            raise Stale(shift_id=shift.id)
        rows = wishes.filled(wish.rows)
        asked = wishes.Asked(tx, shift, promise, reason, others, room=_room(promise, standing))
        answers, code = asked.check(wish, rows, standing=len(standing))
        made = _promised(tx, shift, answers.get(promise.key), rows, code=code)
        if made:
            debriefs.change(tx.db, shift_id=shift.id, no_commitment_reason="")
        else:
            _give_reason(tx, shift, str(answers[reason.key]), code=code)
        _keep_others(tx, own, others, answers)
        return made


def _questions(
    tx: Tx,
    shift: Shift,
    actor: Actor,
) -> tuple[OneSide, Field, Field, tuple[Field, ...]]:
    """Find the questions of the debrief, if they are open and this person's."""
    side = sheets.side_of(shift, actor, Action.COMMITMENT_MAKE)
    held = debriefs.find(tx.db, shift_id=shift.id)
    check_form_open(Debrief(held.state) if held else Debrief.HELD_SLOT)
    own = sheets.one_side(tx, shift, side)
    asked = own.asked(Phase.DEBRIEF)
    found = promise_fields(asked)
    if shift.state is not State.DEBRIEFED or found is None:
        raise writing.FormClosed
    promise, reason = found
    if not _room(promise, commitments.of_shift(tx.db, shift_id=shift.id)):
        raise writing.FormClosed
    return own, promise, reason, tuple(each for each in asked if each not in found)


def _room(promise: Field, made: Sequence[Commitment]) -> int:
    return max(promise.max_items - len(made), 0)


def _promised(
    tx: Tx,
    shift: Shift,
    value: object,
    rows: Sequence[Mapping[str, str]],
    *,
    code: str,
) -> tuple[Commitment, ...]:
    promises = value if isinstance(value, tuple) else ()
    made = tuple(
        _commitment(tx, shift, promise, saw=wishes.saw(row))
        for promise, row in zip(promises, rows, strict=True)
        if isinstance(promise, Promise)
    )
    for each in made:
        commitments.add(tx.db, each)
        entry = Entry(
            event=f"commitment.{Standing.PROPOSED}",
            subject="commitment",
            subject_id=each.id,
            person_id=each.owner_id,
            acting_as=Side.OBSERVER,
            to_state=Standing.PROPOSED,
            code=code,
        )
        journal.record(tx.db, entry, at=tx.now)
    if made:
        _tell_host(tx, shift, key=f"commitment:{made[0].id}:{Standing.PROPOSED}")
    return made


def _commitment(tx: Tx, shift: Shift, promise: Promise, *, saw: str) -> Commitment:
    due = promise.due or sheets.day(tx, shift)
    return Commitment(
        id=uuid4(),
        shift_id=shift.id,
        owner_id=shift.observer_id,
        host_id=shift.host_id,
        unit_id=shift.unit_id,
        kind=promise.kind,
        team=promise.team,
        saw=saw,
        action=promise.action,
        tell=promise.tell,
        due_on=due,
        first_due_on=due,
        state=Standing.PROPOSED,
        kept_between=0,
        created_at=tx.now,
        changed_at=tx.now,
    )


def _give_reason(tx: Tx, shift: Shift, reason: str, *, code: str) -> None:
    debriefs.change(tx.db, shift_id=shift.id, no_commitment_reason=reason)
    entry = Entry(
        event="commitment.reason_for_none",
        subject="shift",
        subject_id=shift.id,
        person_id=shift.observer_id,
        acting_as=Side.OBSERVER,
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)
    _tell_host(tx, shift, key=f"commitment:none:{uuid4()}")


def _tell_host(tx: Tx, shift: Shift, *, key: str) -> None:
    telling = Telling(
        key=key, kind="commitment-told", recipient_id=shift.host_id, shift_id=shift.id
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def _keep_others(tx: Tx, own: OneSide, others: Sequence[Field], answers: Answers) -> None:
    """Keep what else was answered with the observer's side; it has the same readers."""
    asked = {each.key for each in others if each.kind is not Kind.TICK}
    state = Reflection(own.fact.state)
    if not asked or state is Reflection.DELETED:
        return
    given = to_plain({key: value for key, value in answers.items() if key in asked})
    rest = {key: value for key, value in own.text.answers.items() if key not in asked}
    writing.begin(tx, own)
    begun = Reflection.DRAFT if state is Reflection.EXPECTED else state
    writing.keep_words(tx, own, Text({**rest, **given}, own.text.releases), state=begun)
