"""What somebody can do with a shift now: by the policy, the table of moves and the clock."""

from __future__ import annotations

from typing import Final

from shadowing.domain.bookings.proposals import check_movable
from shadowing.domain.bookings.states import MOVES, State
from shadowing.domain.bookings.timing import check_in_window
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.followup import closing
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import answering, swapping, talking, undoing, waiting
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx
from shadowing.store.bookings import Shift

POSSIBLE: Final = (
    ("accept", Action.SHIFT_ACCEPT, (State.HOST_ACCEPTED,)),
    ("approve", Action.SHIFT_APPROVE, (State.UNIT_APPROVED,)),
    ("decline", Action.SHIFT_DECLINE, (State.DECLINED,)),
    (
        "cancel",
        Action.SHIFT_CANCEL,
        (
            State.WITHDRAWN,
            State.CANCELLED_BY_OBSERVER,
            State.CANCELLED_BY_HOST,
            State.CLINICAL_OVERRIDE,
        ),
    ),
    ("confirm", Action.SHIFT_CONFIRM, (State.CONFIRMED,)),
    ("check-in", Action.SHIFT_CHECK_IN, (State.CHECKED_IN,)),
    ("check-out", Action.SHIFT_CHECK_OUT, (State.ENDED_EARLY,)),
    ("mark-held", Action.DEBRIEF_MARK, (State.DEBRIEFED,)),
    ("waive", Action.DEBRIEF_WAIVE, (State.DEBRIEFED,)),
)


def possible(
    tx: Tx, shift: Shift, actor: Actor, open_items: tuple[closing.Missing, ...]
) -> tuple[str, ...]:
    """Name what *actor* can do with a shift now, as the table and the clock allow."""
    found = []
    for name, action, to in POSSIBLE:
        try:
            mover = answering.as_one_of(tx, shift, actor, action)
        except NotFound:
            continue
        if any(mover.by in MOVES[shift.state].get(state, ()) for state in to):
            found.append(name)
    window = check_in_window(shift.starts_at, shift.ends_at, settings=timing(tx, shift))
    untimely = set() if window.start <= tx.now < window.end else {"check-in"}
    if shift.state is not State.CHECKED_IN:
        untimely.add("check-out")
    if closing.Missing.DEBRIEF not in open_items:
        untimely |= {"mark-held", "waive"}
    found += talking.can(tx, shift, actor)
    found += ["undo"] if undoing.may_undo(tx, shift, actor) else []
    found += ["swap"] if _may_be_swapped(tx, shift, actor) else []
    found += ["move"] if _may_be_moved(tx, shift, actor) else []
    return tuple(name for name in found if name not in untimely)


def _may_be_moved(tx: Tx, shift: Shift, actor: Actor) -> bool:
    """Say whether this person may move it now: what is ahead, one change at a time (B9)."""
    try:
        answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        check_movable(shift.state, starts_at=shift.starts_at, now=tx.now)
        waiting.check_none(tx, shift)
    except Refusal:
        return False
    return shift.slot_id is not None and shift.unit_id is not None


def _may_be_swapped(tx: Tx, shift: Shift, actor: Actor) -> bool:
    """Say whether this person may ask somebody else to host it now (B12)."""
    try:
        answering.as_one_of(tx, shift, actor, Action.SHIFT_SWAP)
        check_movable(shift.state, starts_at=shift.starts_at, now=tx.now)
        waiting.check_none(tx, shift)
    except Refusal:
        return False
    return shift.unit_id is not None and shift.state in swapping.SWAPPABLE
