"""The debrief of a shift: held, waived, "not yet"; and closing, when all that it needs is there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shadowing.domain.bookings.states import By, State
from shadowing.domain.errors import Refusal
from shadowing.domain.followup import moves as followup_moves
from shadowing.domain.followup.closing import Missing, Sides, Talk, missing_to_close
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, moves
from shadowing.services.bookings.rounds import Round
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, commitments, debriefs, journal, reflections
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry

MARKS = {
    By.OBSERVER: followup_moves.Mover.OBSERVER,
    By.HOST: followup_moves.Mover.HOST,
    By.COORDINATOR: followup_moves.Mover.COORDINATOR,
}
LONGEST_REASON = 300


class WaiverNeedsReason(Refusal):
    """A debrief is waived with a reason, or not at all (6.3). Facts: ``longest``."""

    code = "waiver_needs_reason"
    field = "reason"


class NoDebrief(Refusal):
    """No debrief was ever held open for this shift."""

    code = "no_debrief"


@repeated
def mark_held(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Observer or host says that they have talked; the form for promises opens (F6).

    Raises:
        NotFound: The person is neither.
        MoveNotAllowed: The shift is not over, or the debrief is recorded already.
    """
    with work.write() as tx:
        return _record(
            tx,
            actor,
            shift_id=shift_id,
            to=followup_moves.Debrief.HELD,
            action=Action.DEBRIEF_MARK,
        )


@repeated
def waive(work: Work, actor: Actor, *, shift_id: UUID, reason: str) -> Shift:
    """The coordinator lets it be, and says why.

    Raises:
        NotFound: It is not a shift of this person's program.
        WaiverNeedsReason: There is none, or it is too long.
        MoveNotAllowed: The shift is not over, or the debrief is recorded already.
    """
    given = " ".join(reason.split())
    if not given or len(given) > LONGEST_REASON:
        raise WaiverNeedsReason(longest=LONGEST_REASON)
    with work.write() as tx:
        return _record(
            tx,
            actor,
            shift_id=shift_id,
            to=followup_moves.Debrief.WAIVED,
            action=Action.DEBRIEF_WAIVE,
            reason=given,
        )


def _record(
    tx: Tx,
    actor: Actor,
    *,
    shift_id: UUID,
    to: followup_moves.Debrief,
    action: Action,
    reason: str = "",
) -> Shift:
    shift = moves.keep(tx, shift_id=shift_id)
    mover = answering.as_one_of(tx, shift, actor, action)
    debriefed = moves.step(tx, shift, to=State.DEBRIEFED, mover=mover, code=to)
    held = debriefs.find(tx.db, shift_id=shift.id)
    if held is None:
        raise NoDebrief(shift_id=shift.id)
    given = (followup_moves.Need.REASON,) if reason else ()
    state = followup_moves.Debrief(held.state)
    followup_moves.check_debrief_move(state, to=to, by=MARKS[mover.by], given=given)
    debriefs.change(
        tx.db,
        shift_id=shift.id,
        state=to,
        marked_by_id=actor.person_id,
        marked_at=tx.now,
        waived_reason=reason,
    )
    entry = Entry(
        event=f"debrief.{to}",
        subject="shift",
        subject_id=shift.id,
        person_id=actor.person_id,
        acting_as=mover.by,
        from_state=held.state,
        to_state=to,
    )
    journal.record(tx.db, entry, at=tx.now)
    moves.announce(tx, debriefed, before=shift.state, mover=mover)
    return debriefed


def still_missing(tx: Tx, shift: Shift) -> tuple[Missing, ...]:
    """List what a shift still needs before it may close (F16)."""
    held = debriefs.find(tx.db, shift_id=shift.id)
    sent = reflections.sent_at(tx.db, shift_id=shift.id)
    sides = Sides(
        shift_end=shift.ends_at,
        observer_at=sent.get("observer"),
        host_at=sent.get("host"),
    )
    talk = Talk(
        debrief=followup_moves.Debrief(held.state if held else "held_slot"),
        promises=commitments.count(tx.db, shift_id=shift.id),
        reason=held.no_commitment_reason if held else "",
    )
    return missing_to_close(sides, talk, now=tx.now)


def close_due(work: Work) -> int:
    """Close every shift that has all it needs (F16). Returns how many."""
    every = Round(work)
    every.go(_debriefed, _close, fits=_has_all)
    return every.end()


def _debriefed(tx: Tx, after: UUID | None) -> tuple[UUID, ...]:
    later = tx.now + timedelta(days=1)
    return bookings.ending_before(tx.db, states=(State.DEBRIEFED,), instant=later, after=after)


def _has_all(tx: Tx, shift_id: UUID) -> bool:
    return not still_missing(tx, bookings.find(tx.db, shift_id=shift_id))


@repeated
def _close(work: Work, *, shift_id: UUID) -> int:
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if shift.state is not State.DEBRIEFED or still_missing(tx, shift):
            return 0
        closed = moves.step(tx, shift, to=State.CLOSED, mover=moves.CLOCK, code="all_in")
        moves.announce(tx, closed, before=shift.state, mover=moves.CLOCK)
        return 1
