"""A visitor cancels, and is offered three dates in the same step (B10)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.goal import check_note
from shadowing.domain.bookings.states import By, State, exit_for_cancel
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, asking, elsewhere, gate, moves, undoing
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.elsewhere import Time
from shadowing.services.bookings.waiting import Mover
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, programs
from shadowing.store.bookings import Shift


@dataclass(frozen=True, slots=True)
class Leaving:
    """What somebody should know before they cancel.

    Attributes:
        times: Up to three other dates: same host, else unit, else role.
        counts: A cancel now is counted; ``hours`` says from how long before.
    """

    times: tuple[Time, ...]
    counts: bool
    hours: int


def look(work: Work, actor: Actor, *, shift_id: UUID) -> Leaving:
    """Read what somebody should know before they cancel.

    Raises:
        NotFound: It is not this person's shift to cancel as its visitor.
    """
    times = elsewhere.three(work, actor, shift_id=shift_id)
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        rules = programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
        confirmed = shift.state is State.CONFIRMED
        return Leaving(
            times, confirmed and gate.is_late(tx, shift), rules.number("late_cancel_hours")
        )


@repeated
def cancel(work: Work, actor: Actor, *, shift_id: UUID, note: str = "") -> Shift:
    """Withdraw or cancel as the visitor, with a note to the host if they like.

    Where nobody needs to know at once, the others are told when it cannot be undone any more.

    Raises:
        NotFound: It is not this person's shift.
        MoveNotAllowed: It is under way or over.
        NoteTooLong, PatientDetailInNote: About the note.

    Source: docs/rules.md, section 6.2; rule B10.
    """
    kept = check_note(note)
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = _visitor(tx, shift, actor)
        late = shift.state is State.CONFIRMED and gate.is_late(tx, shift)
        way_out = exit_for_cancel(shift.state, by=mover.by)
        code = "late" if late else ""
        return undoing.leave(tx, shift, to=way_out, mover=mover, code=code, late=late, note=kept)


@repeated
def withdraw(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Take a request back before it is confirmed; told when it cannot be undone any more.

    Raises:
        NotFound: It is not this person's request.
        MoveNotAllowed: It is confirmed or over.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        return undoing.leave(tx, shift, to=State.WITHDRAWN, mover=mover)


@repeated
def decline(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Say not this time, as host, unit or coordinator; told when it cannot be undone any more.

    Raises:
        NotFound: It is nothing this person may answer.
        MoveNotAllowed: It no longer waits.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_DECLINE)
        return undoing.leave(tx, shift, to=State.DECLINED, mover=mover)


@repeated
def rebook(work: Work, actor: Actor, *, shift_id: UUID, slot_id: UUID, note: str = "") -> Shift:
    """Cancel and ask for another time in the same step; then it is not counted (B10).

    Returns:
        The new request, linked to the old one.

    Raises:
        NotFound: It is not this person's shift.
        MoveNotAllowed: It is under way or over.
        Refusal: Any reason of ``reasons_against`` the new time; then nothing is cancelled.
    """
    kept = check_note(note)
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id, also=slot_id)
        mover = _visitor(tx, shift, actor)
        way_out = exit_for_cancel(shift.state, by=mover.by)
        left = moves.step(tx, shift, to=way_out, mover=mover, code="rebooked", note=kept)
        ask = Ask(slot_id, shift.goal, shift.access_needs, rebooked_from=shift.id)
        asked = asking.request_in(tx, actor, ask)
        moves.announce(tx, left, before=shift.state, mover=mover)
        return asked


def _visitor(tx: Tx, shift: Shift, actor: Actor) -> Mover:
    mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_CANCEL)
    if mover.by not in {By.OBSERVER, By.DELEGATE}:
        raise NotFound(shift_id=shift.id)
    return mover
