"""Ten minutes to undo a way out: nobody is told before they are over (0082).

The seat is free at once. Undone, the shift is where it was, with all that was said yes to.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.states import By, NothingToUndo, State, check_undo
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, gate, moves, places, scenes, waiting
from shadowing.services.bookings.asking import last_guard
from shadowing.services.bookings.waiting import Mover
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, journal, people
from shadowing.store.bookings import Shift

MINUTES: Final = timedelta(minutes=10)
AT_ONCE: Final = timedelta(hours=24)
"""So close to the start everybody has to know at once, and nothing is undone."""
STANDS_IN_THE_WAY: Final = gate.AGAIN | {"slot_gone", "slot_full", "overlap"}


def leave(
    tx: Tx, shift: Shift, *, to: State, mover: Mover, code: str = "", **values: object
) -> Shift:
    """Take a way out; tell of it now, or when it cannot be undone any more."""
    if shift.starts_at - tx.now <= AT_ONCE:
        left = moves.step(tx, shift, to=to, mover=mover, code=code, **values)
        moves.announce(tx, left, before=shift.state, mover=mover)
        return left
    later = {"undo_until": tx.now + MINUTES, "undo_to": shift.state.value}
    return moves.step(tx, shift, to=to, mover=mover, code=code, **values, **later)


def may_undo(tx: Tx, shift: Shift, actor: Actor) -> bool:
    """Say whether *actor* could still undo the way this shift ended."""
    if shift.undo_until is None or shift.undo_until <= tx.now:
        return False
    return _mover_of(tx, shift).person_id == (actor.hand_id or actor.person_id)


@repeated
def undo(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Put a shift back where it was, if its seat is still free.

    Raises:
        NotFound: The person has no part in it.
        NothingToUndo: The minutes are over, or somebody else ended it.
        Refusal: Something has come between; the first reason found.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_SEE)
        if not may_undo(tx, shift, actor):
            raise NothingToUndo(shift_id=shift_id)
        back = State(shift.undo_to)
        check_undo(shift.state, to=back)
        _check(tx, shift)
        waiting.note(tx, shift, mover=mover, event="shift.undone", code=shift.undo_to)
        cleared: dict[str, object] = {"undo_until": None, "undo_to": ""}
        offer = places.as_offer(tx, shift)
        with last_guard(offer or shift):
            return bookings.move(tx.db, shift, to=back, late=False, note="", **cleared)


def _check(tx: Tx, shift: Shift) -> None:
    offer = places.as_offer(tx, shift)
    if offer is None:
        return
    observer = people.find(tx.db, person_id=shift.observer_id)
    seen = scenes.view(tx, observer, offers=(offer,), without=shift.id)
    for reason in seen.reasons(offer):
        if reason.code in STANDS_IN_THE_WAY:
            raise reason


def due(tx: Tx, after: UUID | None) -> tuple[UUID, ...]:
    """List a batch of shifts whose end cannot be undone any more, and that nobody was told of."""
    return bookings.untold(tx.db, at=tx.now, after=after)


@repeated
def tell(work: Work, *, shift_id: UUID) -> int:
    """Tell everybody of a way out that was not undone. Returns how many there were."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if shift.undo_until is None or shift.undo_until > tx.now:
            return 0
        before = State(shift.undo_to)
        told = bookings.change(tx.db, shift, undo_until=None, undo_to="")
        moves.announce(tx, told, before=before, mover=_mover_of(tx, shift))
        return 1


def _mover_of(tx: Tx, shift: Shift) -> Mover:
    """Say who ended a shift, from the audit log."""
    for _, entry in reversed(journal.history(tx.db, subject_id=shift.id)):
        if entry.event == f"shift.{shift.state}":
            return Mover(entry.person_id, By(entry.acting_as))
    return moves.CLOCK
