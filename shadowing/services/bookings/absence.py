"""Did not come: said by host, backup or coordinator; the visitor may object (D3)."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from shadowing.domain.bookings.day import Absence, Mark, may_object
from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.bookings.timing import no_show_from
from shadowing.domain.errors import Refusal
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, moves, recording, telling
from shadowing.services.bookings.moves import Mover
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import days, journal
from shadowing.store.bookings import Shift
from shadowing.store.days import Day
from shadowing.store.journal import Entry

LONGEST_REASON: Final = 300


class TooSoonToSay(Refusal):
    """Whether somebody did not come is not known yet (D3). Facts: ``from_then``."""

    code = "no_show_too_soon"


class SettleNeedsReason(Refusal):
    """What was recorded is settled with a reason, or not at all (6.2). Facts: ``longest``."""

    code = "settle_needs_reason"
    field = "reason"


@repeated
def did_not_come(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Host, backup or coordinator says that the visitor did not come; the clock never does.

    Raises:
        NotFound: The person is none of these.
        MoveNotAllowed: The shift is not confirmed.
        TooSoonToSay: Half an hour after the start has not passed.

    Source: docs/rules.md, rule D3.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_NO_SHOW)
        known_from = no_show_from(shift.starts_at, settings=timing(tx, shift))
        if shift.state is State.CONFIRMED and tx.now < known_from:
            raise TooSoonToSay(from_then=known_from)
        return absent(tx, shift, mover=mover)


def absent(tx: Tx, shift: Shift, *, mover: Mover) -> Shift:
    """Record that the visitor did not come, in somebody's name."""
    code = Absence.ABSENT
    gone = moves.step(tx, shift, to=State.NO_SHOW, mover=mover, code=code, reason=code)
    moves.announce(tx, gone, before=shift.state, mover=mover)
    return gone


@repeated
def object_to(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The visitor says that "did not happen" is wrong; the coordinator looks at it.

    Raises:
        NotFound: The person is not the visitor.
        MoveNotAllowed: It is not recorded as "did not happen", that is seven days ago, or was
            objected to.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_OBJECT)
        kept = days.find(tx.db, shift_id=shift.id)
        if kept is None or not can_object(tx, shift, kept):
            raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED)
        days.change(tx.db, shift_id=shift.id, objected_at=tx.now)
        _note(tx, shift, mover, event="day.objected")
        telling.tell_program(tx, shift, kind="objection", apart=actor.person_id)
        return shift


def can_object(tx: Tx, shift: Shift, kept: Day) -> bool:
    """Say whether the visitor may object now: within seven days, once."""
    if shift.state is not State.NO_SHOW or kept.objected_at:
        return False
    return may_object(recorded_at(tx, shift), now=tx.now, settings=timing(tx, shift))


def recorded_at(tx: Tx, shift: Shift) -> datetime:
    """Say when it was recorded that the visitor did not come."""
    return journal.came_at(tx.db, subject_id=shift.id, state=State.NO_SHOW) or shift.ends_at


def can_settle(tx: Tx, shift: Shift) -> bool:
    """Say whether the coordinator may still make "did not happen" into "took place" (6.2)."""
    recent = tx.now < recorded_at(tx, shift) + timing(tx, shift).record_within
    return shift.state is State.NO_SHOW and recent and tx.now >= shift.ends_at


@repeated
def took_place(work: Work, actor: Actor, *, shift_id: UUID, reason: str) -> Shift:
    """The coordinator settles that it took place after all, with planned times, and says why.

    Raises:
        NotFound: It is no shift of this person's program.
        SettleNeedsReason: There is none, or it is too long.
        MoveNotAllowed: It is not recorded as "did not happen", or that is too long ago.
    """
    given = _given(reason)
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_SETTLE)
        if not can_settle(tx, shift):
            raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED)
        days.change(tx.db, shift_id=shift.id, settled_at=tx.now, settled_reason=given)
        try:
            with tx.db.begin_nested():
                return recording.done(
                    tx, shift, mover=mover, mark=Mark.SETTLED, stayed=shift.interval
                )
        except IntegrityError as error:
            # The seat, or the visitor's time, went to something else that took place.
            raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED) from error


@repeated
def let_stand(work: Work, actor: Actor, *, shift_id: UUID, reason: str) -> Shift:
    """The coordinator looks at an objection and leaves what is recorded as it is.

    Raises:
        NotFound: It is no shift of this person's program.
        SettleNeedsReason: There is none, or it is too long.
        MoveNotAllowed: Nobody objected, or it is settled.
    """
    given = _given(reason)
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_SETTLE)
        kept = days.find(tx.db, shift_id=shift.id)
        if kept is None or not is_open(shift, kept):
            raise MoveNotAllowed(state=shift.state, wanted=State.NO_SHOW)
        days.change(tx.db, shift_id=shift.id, settled_at=tx.now, settled_reason=given)
        _note(tx, shift, mover, event="day.let_stand")
        telling.tell_now(tx, shift, kind="objection-answered", to=shift.observer_id)
        return shift


def is_open(shift: Shift, kept: Day) -> bool:
    """Say whether an objection waits for the coordinator."""
    return shift.state is State.NO_SHOW and bool(kept.objected_at) and not kept.settled_at


def _given(reason: str) -> str:
    given = " ".join(reason.split())
    if not given or len(given) > LONGEST_REASON:
        raise SettleNeedsReason(longest=LONGEST_REASON)
    return given


def _note(tx: Tx, shift: Shift, mover: Mover, *, event: str) -> None:
    entry = Entry(
        event=event,
        subject="shift",
        subject_id=shift.id,
        person_id=mover.person_id,
        acting_as=mover.by,
    )
    journal.record(tx.db, entry, at=tx.now)
