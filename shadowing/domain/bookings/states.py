"""The life of a shadow shift: its states, who may move it, and what stands for a seat.

Source: docs/rules.md, section 6.2.
"""

from __future__ import annotations

from enum import StrEnum

from shadowing.domain.errors import Refusal


class State(StrEnum):
    """Where a shadow shift is in its life."""

    REQUESTED = "requested"
    HOST_ACCEPTED = "host_accepted"
    UNIT_APPROVED = "unit_approved"
    CLEARED = "cleared"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    DEBRIEFED = "debriefed"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED_BY_OBSERVER = "cancelled_by_observer"
    CANCELLED_BY_HOST = "cancelled_by_host"
    CLINICAL_OVERRIDE = "clinical_override"
    NO_SHOW = "no_show"


class By(StrEnum):
    """In which part somebody moves a shift."""

    OBSERVER = "observer"
    DELEGATE = "delegate"
    HOST = "host"
    BACKUP = "backup"
    UNIT = "unit_manager"
    COORDINATOR = "coordinator"
    CLOCK = "clock"


class MoveNotAllowed(Refusal):
    """The shift is not in a state from which this person may make this move.

    Facts: ``state`` (where it is), ``wanted``.
    """

    code = "move_not_allowed"


OBS, DEL, HST, BKP = By.OBSERVER, By.DELEGATE, By.HOST, By.BACKUP
UNIT, CRD, CLOCK = By.UNIT, By.COORDINATOR, By.CLOCK

WITHDRAW = {State.WITHDRAWN: frozenset({OBS, DEL})}
LAPSE = {State.EXPIRED: frozenset({CLOCK})}
STOP_FOR_CARE = {State.CLINICAL_OVERRIDE: frozenset({HST, UNIT, CRD})}
HOST_CANCELS = {State.CANCELLED_BY_HOST: frozenset({HST})}
ON_THE_DAY = frozenset({OBS, HST, BKP, UNIT, CRD})

MOVES: dict[State, dict[State, frozenset[By]]] = {
    State.REQUESTED: {
        State.HOST_ACCEPTED: frozenset({HST, CLOCK}),
        State.DECLINED: frozenset({HST, CRD}),
        **WITHDRAW,
        **LAPSE,
        **STOP_FOR_CARE,
    },
    State.HOST_ACCEPTED: {
        State.UNIT_APPROVED: frozenset({UNIT, CLOCK}),
        State.DECLINED: frozenset({UNIT, CRD}),
        **WITHDRAW,
        **LAPSE,
        **HOST_CANCELS,
        **STOP_FOR_CARE,
    },
    State.UNIT_APPROVED: {
        State.CLEARED: frozenset({CLOCK}),
        **WITHDRAW,
        **LAPSE,
        **HOST_CANCELS,
        **STOP_FOR_CARE,
    },
    State.CLEARED: {
        State.CONFIRMED: frozenset({CLOCK, CRD}),
        **WITHDRAW,
        **LAPSE,
        **HOST_CANCELS,
        **STOP_FOR_CARE,
    },
    State.CONFIRMED: {
        State.CHECKED_IN: ON_THE_DAY,
        State.UNIT_APPROVED: frozenset({CLOCK}),
        State.CANCELLED_BY_OBSERVER: frozenset({OBS, DEL}),
        State.NO_SHOW: frozenset({HST, BKP, CRD, CLOCK}),
        State.COMPLETED: ON_THE_DAY | {CLOCK},
        **LAPSE,
        **HOST_CANCELS,
        **STOP_FOR_CARE,
    },
    State.CHECKED_IN: {
        State.COMPLETED: ON_THE_DAY | {CLOCK},
        State.ENDED_EARLY: ON_THE_DAY,
    },
    State.COMPLETED: {State.DEBRIEFED: frozenset({OBS, HST, CRD})},
    State.ENDED_EARLY: {State.DEBRIEFED: frozenset({OBS, HST, CRD})},
    State.DEBRIEFED: {
        State.CLOSED: frozenset({CLOCK}),
        State.COMPLETED: frozenset({OBS, HST}),
        State.ENDED_EARLY: frozenset({OBS, HST}),
    },
    State.CLOSED: {},
    State.DECLINED: {},
    State.WITHDRAWN: {},
    State.EXPIRED: {},
    State.CANCELLED_BY_OBSERVER: {},
    State.CANCELLED_BY_HOST: {},
    State.CLINICAL_OVERRIDE: {},
    State.NO_SHOW: {State.COMPLETED: frozenset({CRD})},
}

DID_NOT_TAKE_PLACE = frozenset(
    {
        State.DECLINED,
        State.WITHDRAWN,
        State.EXPIRED,
        State.CANCELLED_BY_OBSERVER,
        State.CANCELLED_BY_HOST,
        State.CLINICAL_OVERRIDE,
        State.NO_SHOW,
    },
)
WAITING = frozenset(
    {State.REQUESTED, State.HOST_ACCEPTED, State.UNIT_APPROVED, State.CLEARED},
)
AHEAD = WAITING | {State.CONFIRMED}
TOOK_PLACE = frozenset(
    {State.COMPLETED, State.ENDED_EARLY, State.DEBRIEFED, State.CLOSED},
)


def check_move(state: State, *, to: State, by: By) -> None:
    """Refuse a move that the table does not list.

    Raises:
        MoveNotAllowed: With the state it is in and the one wanted.

    Source: docs/rules.md, section 6.2 ("any move not listed is refused").
    """
    if by not in MOVES[state].get(to, frozenset()):
        raise MoveNotAllowed(state=state, wanted=to)


UNDOABLE: dict[State, frozenset[State]] = {
    State.DECLINED: frozenset({State.REQUESTED, State.HOST_ACCEPTED}),
    State.WITHDRAWN: WAITING,
    State.CANCELLED_BY_OBSERVER: frozenset({State.CONFIRMED}),
}
"""Ways out that whoever took them may undo within minutes, before anybody is told (0082)."""


class NothingToUndo(Refusal):
    """The minutes are over, or it was not this person who did it."""

    code = "nothing_to_undo"


def check_undo(state: State, *, to: State) -> None:
    """Refuse to undo what has no way back.

    Raises:
        NothingToUndo: It is no way out that can be undone, or not to there.
    """
    if to not in UNDOABLE.get(state, frozenset()):
        raise NothingToUndo(state=state, wanted=to)


def exit_for_cancel(state: State, *, by: By) -> State:
    """Name the way out that "cancel" means for this person at this point.

    Before it is confirmed an observer withdraws and a host declines; afterwards both cancel
    (B10, B11). A unit or coordinator declines what waits for them and stops for care what stands.

    Raises:
        MoveNotAllowed: There is no way out for this person from here.
    """
    if by in {OBS, DEL}:
        wanted = State.CANCELLED_BY_OBSERVER if state is State.CONFIRMED else State.WITHDRAWN
    elif by is HST:
        wanted = State.DECLINED if state is State.REQUESTED else State.CANCELLED_BY_HOST
    elif state is State.HOST_ACCEPTED:
        wanted = State.DECLINED
    else:
        wanted = State.CLINICAL_OVERRIDE
    check_move(state, to=wanted, by=by)
    return wanted


def calendar_status(state: State, *, side: By) -> str:
    """Say what stands in this person's calendar while the shift is in *state* (rule N2).

    Returns:
        ``TENTATIVE``, ``CONFIRMED``, ``CANCELLED``, or an empty string where nothing was ever sent.
    """
    if state in DID_NOT_TAKE_PLACE:
        return "CANCELLED"
    if state in {State.REQUESTED, State.HOST_ACCEPTED}:
        return "TENTATIVE" if side is HST else ""
    if state in {State.UNIT_APPROVED, State.CLEARED}:
        return "TENTATIVE"
    return "CONFIRMED"
