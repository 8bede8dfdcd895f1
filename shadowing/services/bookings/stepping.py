"""Stepping out, and what patients preferred: numbers alone, never who, when or why (D6, D8).

Nothing of this is written into the audit log or told to anybody: an entry would say when.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shadowing.domain.bookings.day import may_correct
from shadowing.domain.bookings.states import TOOK_PLACE, MoveNotAllowed, State
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, moves
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import days
from shadowing.store.bookings import Shift
from shadowing.store.days import Day

MOST: Final = 99


@repeated
def pause(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The visitor steps out, at a tap of either; tapped twice it is still one pause.

    Raises:
        NotFound: The person is neither host nor visitor.
        MoveNotAllowed: The shift is not under way.

    Source: docs/rules.md, rule D6.
    """
    with work.write() as tx:
        shift, kept = _under_way(tx, actor, shift_id)
        if not kept.outside:
            days.change(tx.db, shift_id=shift.id, outside=True, pauses=kept.pauses + 1)
        return shift


@repeated
def resume(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The visitor is back in.

    Raises:
        NotFound: The person is neither host nor visitor.
        MoveNotAllowed: The shift is not under way.
    """
    with work.write() as tx:
        shift, _ = _under_way(tx, actor, shift_id)
        days.change(tx.db, shift_id=shift.id, outside=False)
        return shift


def _under_way(tx: Tx, actor: Actor, shift_id: UUID) -> tuple[Shift, Day]:
    shift = moves.keep(tx, shift_id=shift_id)
    answering.as_one_of(tx, shift, actor, Action.SHIFT_PAUSE)
    kept = days.find(tx.db, shift_id=shift.id)
    if shift.state is not State.CHECKED_IN or kept is None:
        raise MoveNotAllowed(state=shift.state, wanted=State.CHECKED_IN)
    return shift, kept


@repeated
def asked_each(work: Work, actor: Actor, *, shift_id: UUID, each: str) -> Shift:
    """The host says whether each patient was asked: ``yes`` or ``no`` (D8).

    Raises:
        NotFound: The person is not the host.
        MoveNotAllowed: The shift has not begun, or is long over.
    """
    with work.write() as tx:
        shift, _ = _hosted(tx, actor, shift_id)
        days.change(tx.db, shift_id=shift.id, patients_asked=each == "yes")
        return shift


@repeated
def preferred_not(work: Work, actor: Actor, *, shift_id: UUID, more: int) -> Shift:
    """The host counts one patient *more* who preferred not, or takes one back (D8).

    Raises:
        NotFound: The person is not the host.
        MoveNotAllowed: The shift has not begun, or is long over.
    """
    with work.write() as tx:
        shift, kept = _hosted(tx, actor, shift_id)
        count = min(MOST, max(0, kept.preferred_not + more))
        days.change(tx.db, shift_id=shift.id, preferred_not=count)
        return shift


def _hosted(tx: Tx, actor: Actor, shift_id: UUID) -> tuple[Shift, Day]:
    shift = moves.keep(tx, shift_id=shift_id)
    answering.as_one_of(tx, shift, actor, Action.PATIENTS_RECORD)
    kept = days.find(tx.db, shift_id=shift.id)
    if kept is None or not can_count(shift, tx):
        raise MoveNotAllowed(state=shift.state, wanted=State.CHECKED_IN)
    return shift, kept


def can_count(shift: Shift, tx: Tx) -> bool:
    """Say whether a host may still say how patients were asked."""
    after = shift.state in TOOK_PLACE
    soon = after and may_correct(shift.ends_at, now=tx.now, settings=timing(tx, shift))
    return shift.state is State.CHECKED_IN or soon
