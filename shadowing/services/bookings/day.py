"""The day itself: check-in and check-out, by whoever of the five is at hand (D1, D2, D4, D5)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shadowing.domain.bookings.day import EndCode, ends_in
from shadowing.domain.bookings.states import By, MoveNotAllowed, State
from shadowing.domain.bookings.timing import check_in_window
from shadowing.domain.errors import BadValue, Refusal
from shadowing.domain.participation import minutes_between
from shadowing.domain.policy import Action, Actor
from shadowing.domain.ways import REMOTE
from shadowing.services.bookings import answering, moves, readiness, telling, ticking
from shadowing.services.bookings.moves import Mover
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import days
from shadowing.store.bookings import Shift

UNWELL: Final = "unwell"
ID: Final = "ID"


class TooEarly(Refusal):
    """Check-in has not opened (D1). Facts: ``opens``."""

    code = "check_in_too_early"


class TooLate(Refusal):
    """The planned end has passed (D1)."""

    code = "check_in_too_late"


class NotWell(Refusal):
    """Nobody has said that the observer is well today (D2)."""

    code = "well_needed"
    field = "well"


@repeated
def check_in(
    work: Work, actor: Actor, *, shift_id: UUID, well: str, id_seen: bool = False
) -> Shift:
    """Somebody taps "here"; the first tap counts and the other person is told.

    *well* is ``yes`` when the observer ticks it, or whoever asked them (rule D2). *id_seen*, of a
    photo ID, is for somebody else than its owner to say; without it nobody is stopped. Who joins
    from elsewhere is asked neither (B17).

    Raises:
        NotFound: The person has no part in this shift.
        MoveNotAllowed: It is not confirmed, or has begun already.
        TooEarly, TooLate: Outside the time for it.
        NotWell: The tick is missing.
        NotReady, NotClearedNow: Clearance forbids it (C6).
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_CHECK_IN)
        if shift.state is State.CONFIRMED:
            _check_time(tx, shift)
            if well != "yes" and shift.kind != REMOTE:
                raise NotWell
            readiness.check_ready(tx, shift, part=mover.by)
            if shift.kind != REMOTE:
                ticking.well(tx, shift, by_id=actor.person_id)
        present = moves.step(
            tx,
            shift,
            to=State.CHECKED_IN,
            mover=mover,
            code=_said(shift, mover),
            checked_in_at=tx.now,
            checked_in_by_id=actor.person_id,
        )
        if id_seen and mover.by is not By.OBSERVER:
            ticking.tick(tx, shift, codes=(ID,), by_id=actor.person_id)
        moves.announce(tx, present, before=shift.state, mover=mover)
        return present


def _said(shift: Shift, mover: Mover) -> str:
    """Say what was said with a check-in: of who joins from elsewhere nobody asks how they are."""
    if shift.kind == REMOTE:
        return "joined"
    return "well" if mover.by is By.OBSERVER else "asked_well"


def _check_time(tx: Tx, shift: Shift) -> None:
    window = check_in_window(shift.starts_at, shift.ends_at, settings=timing(tx, shift))
    if tx.now < window.start:
        raise TooEarly(opens=window.start)
    if tx.now >= window.end:
        raise TooLate


@repeated
def id_was_seen(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Somebody sees the photo ID of a visitor who checked in alone (D2: it warns, no more).

    Raises:
        NotFound: The person has no part in this shift, or is the visitor.
        MoveNotAllowed: It is not under way.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_CHECK_IN)
        if shift.state is not State.CHECKED_IN or mover.by is By.OBSERVER:
            raise MoveNotAllowed(state=shift.state, wanted=State.CHECKED_IN)
        ticking.tick(tx, shift, codes=(ID,), by_id=actor.person_id)
        return shift


@repeated
def not_well(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The visitor is not well: nobody is checked in, and the shift does not take place (D2).

    Said by the visitor it is their cancel, never counted as late. Said by who asked them it is a
    stop for care, which is never counted either. Both sides and the coordinator are told that it
    does not take place, and not why.

    Raises:
        NotFound: The person has no part in this shift.
        MoveNotAllowed: It is not confirmed, or is over.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_CANCEL)
        own = mover.by in {By.OBSERVER, By.DELEGATE}
        to = State.CANCELLED_BY_OBSERVER if own else State.CLINICAL_OVERRIDE
        if shift.state is not State.CONFIRMED or tx.now >= shift.ends_at:
            raise MoveNotAllowed(state=shift.state, wanted=to)
        left = moves.step(tx, shift, to=to, mover=mover, code=UNWELL, reason=UNWELL, late=False)
        moves.announce(tx, left, before=shift.state, mover=mover)
        telling.tell_program(tx, left, kind="called-off", apart=actor.person_id)
        return left


@repeated
def check_out(work: Work, actor: Actor, *, shift_id: UUID, code: str = "") -> Shift:
    """Somebody taps "done"; well before the planned end it is "ended early", held against nobody.

    Args:
        work: The database.
        actor: Any of the five.
        shift_id: Of the shift.
        code: Why it ended early, for whoever likes to say; ``care`` stops it for care. Of an end
            in time nothing is kept.

    Raises:
        NotFound: The person has no part in this shift.
        MoveNotAllowed: It is not under way.
        BadValue: The code is none.
    """
    if code and code not in set(EndCode):
        raise BadValue(field="code", problem="unknown_code", value=code)
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_CHECK_OUT)
        return end(tx, shift, mover=mover, code=code)


def end(tx: Tx, shift: Shift, *, mover: Mover, code: str = "") -> Shift:
    """End a shift that is under way, now; with the code ``care`` it is a stop for care (6.2).

    Raises:
        MoveNotAllowed: It is not under way.
    """
    # The table has other ways to these states ("not yet", "did it happen?"), which are no taps.
    if shift.state is not State.CHECKED_IN:
        raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED)
    to = ends_in(tx.now, planned_end=shift.ends_at, code=code, settings=timing(tx, shift))
    kept = code if to is State.ENDED_EARLY else ""
    started = shift.checked_in_at or shift.starts_at
    over = moves.step(
        tx,
        shift,
        to=to,
        mover=mover,
        code=kept,
        reason=kept,
        checked_out_at=tx.now,
        minutes=minutes_between(started, tx.now),
    )
    days.change(tx.db, shift_id=shift.id, outside=False)
    moves.announce(tx, over, before=shift.state, mover=mover)
    return over
