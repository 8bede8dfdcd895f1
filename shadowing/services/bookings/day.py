"""The day itself: check-in and check-out, by whoever of the five is at hand (D1, D2, D4, D5)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.bookings.timing import check_in_window, is_ended_early
from shadowing.domain.errors import Refusal
from shadowing.domain.participation import minutes_between
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, moves, readiness, ticking
from shadowing.services.work import Work, repeated
from shadowing.store.bookings import Shift


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
def check_in(work: Work, actor: Actor, *, shift_id: UUID, well: str) -> Shift:
    """Somebody taps "here"; the first tap counts and the other person is told.

    *well* is ``yes`` when the observer ticks it, or whoever asked them (rule D2).

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
            _check_time(shift, at=tx.now)
            if well != "yes":
                raise NotWell
            readiness.check_ready(tx, shift, part=mover.by)
            ticking.well(tx, shift, by_id=actor.person_id)
        present = moves.step(
            tx,
            shift,
            to=State.CHECKED_IN,
            mover=mover,
            code="well",
            checked_in_at=tx.now,
            checked_in_by_id=actor.person_id,
        )
        moves.announce(tx, present, before=shift.state, mover=mover)
        return present


def _check_time(shift: Shift, *, at: datetime) -> None:
    window = check_in_window(shift.starts_at, shift.ends_at)
    if at < window.start:
        raise TooEarly(opens=window.start)
    if at >= window.end:
        raise TooLate


@repeated
def check_out(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Somebody taps "done"; well before the planned end it is "ended early", held against nobody.

    Raises:
        NotFound: The person has no part in this shift.
        MoveNotAllowed: It is not under way.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_CHECK_OUT)
        # The table has other ways to these states ("not yet", "did it happen?"), which are no taps.
        if shift.state is not State.CHECKED_IN:
            raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED)
        early = is_ended_early(tx.now, shift.ends_at)
        started = shift.checked_in_at or shift.starts_at
        over = moves.step(
            tx,
            shift,
            to=State.ENDED_EARLY if early else State.COMPLETED,
            mover=mover,
            checked_out_at=tx.now,
            minutes=minutes_between(started, tx.now),
        )
        moves.announce(tx, over, before=shift.state, mover=mover)
        return over
