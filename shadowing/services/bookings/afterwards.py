"""Did it happen? Asked of both; times put right; what stands on a paper sheet (D4, D10)."""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.day import (
    Absence,
    Mark,
    Outcome,
    Word,
    may_correct,
    outcome,
)
from shadowing.domain.bookings.states import TOOK_PLACE, By, MoveNotAllowed, State
from shadowing.domain.participation import minutes_between
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import absence, answering, moves, recording, telling
from shadowing.services.bookings.moves import Mover
from shadowing.services.bookings.pace import timing
from shadowing.services.bookings.recording import Times
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, days, journal
from shadowing.store.bookings import Shift
from shadowing.store.days import Day
from shadowing.store.journal import Entry

ASK = "did-it-happen"
SIDES = {By.OBSERVER: "observer", By.HOST: "host"}


@repeated
def say(work: Work, actor: Actor, *, shift_id: UUID, happened: bool) -> Shift:
    """One of the two says whether it took place, in one tap; until it is settled they may differ.

    Raises:
        NotFound: The person is neither host nor visitor.
        MoveNotAllowed: It is recorded already, not over, or too long ago.

    Source: docs/rules.md, rule D10.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_HAPPENED)
        if shift.state is not State.CONFIRMED or not recording.within(shift, tx=tx):
            raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED)
        side = SIDES[mover.by]
        said = {f"{side}_says": happened, f"{side}_said_at": tx.now}
        days.change(tx.db, shift_id=shift.id, **said)
        code = f"{side}_yes" if happened else f"{side}_no"
        _note(tx, shift, mover, event="day.said", code=code)
        return _settled(tx, shift, mover=mover) or shift


def _settled(tx: Tx, shift: Shift, *, mover: Mover) -> Shift | None:
    """Move a shift to what the two answers come to, or leave it open."""
    found = comes_to(tx, shift)
    if found is Outcome.TOOK_PLACE:
        mark = Mark.AFTERWARDS
        return recording.done(tx, shift, mover=mover, mark=mark, stayed=shift.interval)
    if found is Outcome.ABSENT:
        return absence.absent(tx, shift, mover=mover)
    if found is Outcome.NOT_RECORDED:
        code = Absence.NOT_RECORDED
        gone = moves.step(tx, shift, to=State.NO_SHOW, mover=moves.CLOCK, code=code, reason=code)
        moves.announce(tx, gone, before=shift.state, mover=moves.CLOCK)
        return gone
    return None


def comes_to(tx: Tx, shift: Shift) -> Outcome | None:
    """Say what the two answers, or silence, have come to by now; nothing while it is open."""
    kept = days.find(tx.db, shift_id=shift.id)
    if kept is None or shift.state is not State.CONFIRMED or tx.now < shift.ends_at:
        return None
    settings = timing(tx, shift)
    return outcome(*_words(kept), ends_at=shift.ends_at, now=tx.now, settings=settings)


def _words(kept: Day) -> tuple[Word, Word]:
    return (
        Word(kept.observer_says, kept.observer_said_at),
        Word(kept.host_says, kept.host_said_at),
    )


@repeated
def enter(work: Work, actor: Actor, *, shift_id: UUID, times: Times) -> Shift:
    """Unit or coordinator puts on record what stands on the paper sheet, within 14 days.

    Raises:
        NotFound: The person is neither.
        MoveNotAllowed: It is recorded already, not over, or too long ago.
        BadValue: The times cannot be those of this shift.

    Source: docs/rules.md, rule D10.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_ENTER)
        if shift.state is not State.CONFIRMED or not recording.within(shift, tx=tx):
            raise MoveNotAllowed(state=shift.state, wanted=State.COMPLETED)
        stayed = recording.stayed(tx, shift, times)
        return recording.done(tx, shift, mover=mover, mark=Mark.PAPER, stayed=stayed)


@repeated
def correct(work: Work, actor: Actor, *, shift_id: UUID, times: Times) -> Shift:
    """Put right when somebody came and left, within 7 days; the other is told.

    Raises:
        NotFound: The person is neither of the two, nor the coordinator.
        MoveNotAllowed: It did not take place, or that is too long ago.
        BadValue: The times cannot be those of this shift.

    Source: docs/rules.md, rule D4.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_CORRECT)
        if not can_correct(tx, shift):
            raise MoveNotAllowed(state=shift.state, wanted=shift.state)
        stayed = recording.stayed(tx, shift, times)
        minutes = minutes_between(stayed.start, stayed.end)
        right = bookings.change(
            tx.db,
            shift,
            checked_in_at=stayed.start,
            checked_out_at=stayed.end,
            minutes=minutes,
            automatic=False,
        )
        was, now = f"{shift.minutes or 0} min", f"{minutes} min"
        _note(tx, shift, mover, event="shift.times_corrected", was=was, now=now)
        for person_id in (shift.observer_id, shift.host_id):
            if person_id != actor.person_id:
                telling.tell_now(tx, right, kind="times-corrected", to=person_id)
        return right


def can_correct(tx: Tx, shift: Shift) -> bool:
    """Say whether the times of a shift may still be put right."""
    return shift.state in TOOK_PLACE and may_correct(
        shift.ends_at, now=tx.now, settings=timing(tx, shift)
    )


def must_ask(tx: Tx, shift: Shift) -> bool:
    """Say whether it is time to ask: two hours after the end, with nobody checked in (D10)."""
    due = shift.ends_at + timing(tx, shift).asked_after
    return shift.state is State.CONFIRMED and due <= tx.now


def ask(tx: Tx, shift: Shift) -> bool:
    """Ask both whether it took place, once; who has said so already is not asked (D10)."""
    kept = days.find(tx.db, shift_id=shift.id)
    if kept is None or kept.asked_at or not must_ask(tx, shift):
        return False
    days.change(tx.db, shift_id=shift.id, asked_at=tx.now)
    said = {shift.observer_id: kept.observer_says, shift.host_id: kept.host_says}
    for person_id, word in said.items():
        if word is None:
            telling.tell_now(tx, shift, kind=ASK, to=person_id)
    return True


def by_the_clock(tx: Tx, shift: Shift) -> Shift | None:
    """Settle what silence and time have settled (D10)."""
    return _settled(tx, shift, mover=moves.CLOCK)


def _note(
    tx: Tx, shift: Shift, mover: Mover, *, event: str, code: str = "", was: str = "", now: str = ""
) -> None:
    entry = Entry(
        event=event,
        subject="shift",
        subject_id=shift.id,
        person_id=mover.person_id,
        acting_as=mover.by,
        from_state=was,
        to_state=now,
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)
