"""The talk after a shift: put to another time, "not yet", or dropped (6.3, F1, F2, F5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.cohort import TalkIsJoint
from shadowing.domain.bookings.states import By, MoveNotAllowed, State
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.followup import moves as followup_moves
from shadowing.domain.followup.debrief import (
    DebriefTooSoon,
    check_debrief_time,
    check_drop,
)
from shadowing.domain.followup.moves import Debrief as Talk
from shadowing.domain.interval import Interval
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, moves, talks
from shadowing.services.bookings.debriefing import MARKS, NoDebrief
from shadowing.services.bookings.pace import follow_up
from shadowing.services.bookings.waiting import Mover
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, debriefs, journal
from shadowing.store.bookings import Shift
from shadowing.store.debriefs import Debrief
from shadowing.store.journal import Entry

MOVABLE: Final = frozenset(
    {
        State.UNIT_APPROVED,
        State.CLEARED,
        State.CONFIRMED,
        State.CHECKED_IN,
        State.COMPLETED,
        State.ENDED_EARLY,
    }
)


class TalkClash(Refusal):
    """One of the two has something else then (B7); who, and what, is not told."""

    code = "talk_clash"
    field = "debrief"


class MarkedItYourself(Refusal):
    """Only the other person may say "not yet" (6.2)."""

    code = "marked_it_yourself"


@dataclass(frozen=True, slots=True)
class Times:
    """When a talk is, and three times that both have free."""

    now: Interval
    free: tuple[Interval, ...]


def times(work: Work, actor: Actor, *, shift_id: UUID) -> Times:
    """Propose three times that both have free, the nearest first.

    Raises:
        NotFound: The person has no part in the talk.
        NoDebrief: None is held for this shift, or it was recorded already.
        TalkIsJoint: It is the joint one of a cohort day (B14).
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        answering.as_one_of(tx, shift, actor, Action.DEBRIEF_MOVE)
        held = _movable(tx, shift)
        return Times(held.interval, talks.free(tx, shift, besides=held.interval))


@repeated
def move(work: Work, actor: Actor, *, shift_id: UUID, start: datetime) -> Shift:
    """Put the talk to another time that both have free; both calendars are updated.

    Raises:
        NotFound: The person has no part in the talk.
        NoDebrief: None is held for this shift, or it was recorded already.
        DebriefTooSoon, DebriefTooLate: Outside the time for it (F1, F2).
        TalkClash: One of the two is not free (B7).
        TalkIsJoint: It is the joint one of a cohort day, which moves for all (B14).

    Source: docs/rules.md, section 6.3; rules B14, F1, F2.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.DEBRIEF_MOVE)
        held = _movable(tx, shift)
        by = MARKS[mover.by]
        followup_moves.check_debrief_move(Talk(held.state), to=Talk.MOVED, by=by)
        span = check_debrief_time(
            start,
            shift_end=shift.ends_at,
            band=shift.band,
            by=by,
            settings=follow_up(tx, shift),
        )
        if span.start <= tx.now:
            raise DebriefTooSoon(earliest=tx.now)
        if talks.clashes(tx, shift, span):
            raise TalkClash(shift_id=shift_id)
        debriefs.change(
            tx.db,
            shift_id=shift_id,
            starts_at=span.start,
            ends_at=span.end,
            state=Talk.MOVED,
            cohort_day_id=None,
        )
        _record(tx, shift, mover, before=held.state, after=Talk.MOVED)
        moves.announce_changed(tx, shift, mover=mover)
        return shift


def _movable(tx: Tx, shift: Shift) -> Debrief:
    """Give a talk that the two can put elsewhere: a joint one once it is over without a record."""
    held = _held(tx, shift)
    if _is_joint(tx, held):
        raise TalkIsJoint(shift_id=shift.id)
    return held


def _is_joint(tx: Tx, held: Debrief) -> bool:
    return held.cohort_day_id is not None and held.ends_at > tx.now


def _held(tx: Tx, shift: Shift) -> Debrief:
    held = debriefs.find(tx.db, shift_id=shift.id)
    waits = held is not None and held.state in {Talk.HELD_SLOT, Talk.MOVED}
    if held is None or not waits or shift.state not in MOVABLE:
        raise NoDebrief(shift_id=shift.id)
    return held


@repeated
def not_yet(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The other person says that they have not talked: back to where it was, until it closes.

    Raises:
        NotFound: The person is neither of the two.
        MoveNotAllowed: It is not marked as held, or closed already.
        MarkedItYourself: It was this person who marked it.

    Source: docs/rules.md, sections 6.2 and 6.3.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.DEBRIEF_MARK)
        held = debriefs.find(tx.db, shift_id=shift_id)
        if held is None or held.state != Talk.HELD or shift.state is not State.DEBRIEFED:
            raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED)
        if debriefs.marked_by(tx.db, shift_id=shift_id) == actor.person_id:
            raise MarkedItYourself(shift_id=shift_id)
        followup_moves.check_debrief_move(Talk.HELD, to=Talk.HELD_SLOT, by=MARKS[mover.by])
        debriefs.change(
            tx.db, shift_id=shift_id, state=Talk.HELD_SLOT, marked_by_id=None, marked_at=None
        )
        _record(tx, shift, mover, before=Talk.HELD, after=Talk.HELD_SLOT)
        return moves.step(tx, shift, to=_before(tx, shift), mover=mover, code="not_yet")


def _before(tx: Tx, shift: Shift) -> State:
    for _, entry in reversed(journal.history(tx.db, subject_id=shift.id)):
        if entry.event == "shift.debriefed":
            return State(entry.from_state)
    return State.COMPLETED


@repeated
def drop(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Either drops the talk of a shift of which too little was seen; no reason is asked (F5).

    Raises:
        NotFound: The person is neither of the two.
        NoDebrief: None is held for this shift, or it was recorded already.
        FollowUpMoveNotAllowed: Enough was seen to talk about.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.DEBRIEF_MARK)
        held = _held(tx, shift)
        _check_drop(shift, held, mover.by)
        dropped = moves.step(tx, shift, to=State.DEBRIEFED, mover=mover, code=Talk.WAIVED)
        debriefs.change(
            tx.db,
            shift_id=shift_id,
            state=Talk.WAIVED,
            marked_by_id=actor.person_id,
            marked_at=tx.now,
        )
        _record(tx, dropped, mover, before=held.state, after=Talk.WAIVED)
        return dropped


def can(tx: Tx, shift: Shift, actor: Actor) -> tuple[str, ...]:
    """Name what somebody can do about the talk now."""
    found = []
    try:
        by = answering.as_one_of(tx, shift, actor, Action.DEBRIEF_MOVE).by
    except NotFound:
        return ()
    held = debriefs.find(tx.db, shift_id=shift.id)
    if held is None:
        return ()
    waits = held.state in {Talk.HELD_SLOT, Talk.MOVED} and shift.state in MOVABLE
    if waits and not _is_joint(tx, held):
        found.append("move-talk")
    if waits and shift.state is State.ENDED_EARLY and _may_drop(shift, held, by):
        found.append("drop-talk")
    others = debriefs.marked_by(tx.db, shift_id=shift.id) not in {None, actor.person_id}
    is_one = by in {By.OBSERVER, By.HOST}
    if shift.state is State.DEBRIEFED and held.state == Talk.HELD and others and is_one:
        found.append("not-yet")
    return tuple(found)


def _may_drop(shift: Shift, held: Debrief, by: By) -> bool:
    try:
        _check_drop(shift, held, by)
    except Refusal:
        return False
    return True


def _check_drop(shift: Shift, held: Debrief, by: By) -> None:
    check_drop(
        Talk(held.state),
        by=MARKS[by],
        seen_minutes=shift.minutes or 0,
        planned_minutes=shift.interval.minutes,
    )


def _record(tx: Tx, shift: Shift, mover: Mover, *, before: str, after: Talk) -> None:
    entry = Entry(
        event=f"debrief.{after}",
        subject="shift",
        subject_id=shift.id,
        person_id=mover.person_id,
        acting_as=mover.by,
        from_state=before,
        to_state=after,
    )
    journal.record(tx.db, entry, at=tx.now)
