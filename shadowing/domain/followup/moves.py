"""What may become of a debrief, a reflection and a commitment, and by whom: three tables.

Any move that is not listed is refused. Source: docs/rules.md, sections 6.3, 6.5 and 6.7.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from shadowing.domain.errors import NotAllowed, Refusal


class Debrief(StrEnum):
    """Where a debrief stands."""

    HELD_SLOT = "held_slot"
    MOVED = "moved"
    HELD = "held"
    WAIVED = "waived"


class Reflection(StrEnum):
    """Where one side's reflection stands."""

    EXPECTED = "expected"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVISE = "revise"
    ACCEPTED = "accepted"
    NOT_NEEDED = "not_needed"
    DELETED = "deleted"


class Commitment(StrEnum):
    """Where a promise stands."""

    PROPOSED = "proposed"
    AGREED = "agreed_with_host"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DECLINED = "declined_with_reason"
    SEEN = "seen_by_host"
    VOID = "void"


class Mover(StrEnum):
    """In which part somebody moves it."""

    OBSERVER = "observer"
    HOST = "host"
    AUTHOR = "author"
    OWNER = "owner"
    COORDINATOR = "coordinator"
    PRECEPTOR = "preceptor"
    CLOCK = "clock"


class Need(StrEnum):
    """What has to be given with a move."""

    REASON = "reason"
    EVIDENCE = "evidence"
    PHI_OK = "phi_ok"


class FollowUpMoveNotAllowed(Refusal):
    """It is not in a state from which this move exists. Facts: ``state``, ``wanted``."""

    code = "follow_up_move_not_allowed"


class NotYours(NotAllowed):
    """The move exists, but this person may not make it. Facts: ``state``, ``wanted``."""

    code = "not_yours"


class MoveNeeds(Refusal):
    """The move needs something that was not given. Facts: ``needs`` (codes of ``Need``)."""

    code = "move_needs"


@dataclass(frozen=True, slots=True)
class Move:
    """Who may make a move, and what has to be given with it."""

    by: frozenset[Mover]
    needs: frozenset[Need] = frozenset()


OBS, HST, AUTHOR, OWNER = Mover.OBSERVER, Mover.HOST, Mover.AUTHOR, Mover.OWNER
CRD, PRE, CLOCK = Mover.COORDINATOR, Mover.PRECEPTOR, Mover.CLOCK

PAIR: Final = Move(frozenset({OBS, HST}))
PAIR_OR_LATER: Final = Move(frozenset({OBS, HST, CRD, CLOCK}))
WAIVE: Final = Move(frozenset({CRD}), frozenset({Need.REASON}))

DEBRIEF: Final[Mapping[Debrief, Mapping[Debrief, Move]]] = {
    Debrief.HELD_SLOT: {
        Debrief.MOVED: PAIR_OR_LATER,
        Debrief.HELD: PAIR,
        Debrief.WAIVED: WAIVE,
    },
    Debrief.MOVED: {
        Debrief.MOVED: PAIR_OR_LATER,
        Debrief.HELD: PAIR,
        Debrief.WAIVED: WAIVE,
    },
    # Until the shift closes the other person may say "not yet" (6.2).
    Debrief.HELD: {Debrief.HELD_SLOT: PAIR, Debrief.MOVED: PAIR},
    Debrief.WAIVED: {},
}

DELETE: Final = Move(frozenset({AUTHOR, CLOCK}))
SEND: Final = Move(frozenset({AUTHOR}), frozenset({Need.PHI_OK}))
NOT_NEEDED: Final = Move(frozenset({CLOCK}))

REFLECTION: Final[Mapping[Reflection, Mapping[Reflection, Move]]] = {
    Reflection.EXPECTED: {
        Reflection.DRAFT: Move(frozenset({AUTHOR})),
        Reflection.NOT_NEEDED: NOT_NEEDED,
    },
    Reflection.DRAFT: {
        Reflection.DRAFT: Move(frozenset({AUTHOR})),
        Reflection.SUBMITTED: SEND,
        Reflection.DELETED: DELETE,
        Reflection.NOT_NEEDED: NOT_NEEDED,
    },
    Reflection.SUBMITTED: {
        Reflection.SUBMITTED: SEND,
        Reflection.REVISE: Move(frozenset({PRE}), frozenset({Need.REASON})),
        Reflection.ACCEPTED: Move(frozenset({PRE})),
        Reflection.DELETED: DELETE,
    },
    Reflection.REVISE: {Reflection.SUBMITTED: SEND, Reflection.DELETED: DELETE},
    # Final, but for L5: the author may delete at any time, and L6 and retention do.
    Reflection.ACCEPTED: {Reflection.DELETED: DELETE},
    Reflection.NOT_NEEDED: {Reflection.DELETED: DELETE},
    Reflection.DELETED: {},
}

BY_OWNER: Final = Move(frozenset({OWNER}))
DONE: Final = Move(frozenset({OWNER}), frozenset({Need.EVIDENCE}))
DECLINE: Final = Move(frozenset({OWNER}), frozenset({Need.REASON}))
SEE: Final = Move(frozenset({HST}))

COMMITMENT: Final[Mapping[Commitment, Mapping[Commitment, Move]]] = {
    Commitment.PROPOSED: {
        Commitment.PROPOSED: Move(frozenset({HST, OWNER})),
        Commitment.AGREED: Move(frozenset({HST})),
        Commitment.IN_PROGRESS: Move(frozenset({CLOCK})),
        Commitment.VOID: Move(frozenset({CRD, OWNER}), frozenset({Need.REASON})),
    },
    Commitment.AGREED: {
        Commitment.IN_PROGRESS: BY_OWNER,
        Commitment.DONE: DONE,
        Commitment.DECLINED: DECLINE,
    },
    Commitment.IN_PROGRESS: {
        Commitment.IN_PROGRESS: BY_OWNER,
        Commitment.DONE: DONE,
        Commitment.DECLINED: DECLINE,
    },
    Commitment.DONE: {Commitment.SEEN: SEE, Commitment.IN_PROGRESS: BY_OWNER},
    Commitment.DECLINED: {Commitment.SEEN: SEE, Commitment.IN_PROGRESS: BY_OWNER},
    Commitment.SEEN: {},
    Commitment.VOID: {},
}

PROPOSERS: Final = frozenset({OBS, HST})
RECORDED: Final = frozenset({Debrief.HELD, Debrief.WAIVED})

State = TypeVar("State", bound=StrEnum)


def check_debrief_move(
    state: Debrief,
    *,
    to: Debrief,
    by: Mover,
    given: Collection[Need] = (),
) -> None:
    """Refuse a move of a debrief that section 6.3 does not list.

    Raises:
        FollowUpMoveNotAllowed: There is no such move.
        NotYours: There is, for somebody else.
        MoveNeeds: A waiver needs its reason.
    """
    _check(DEBRIEF, state, to=to, by=by, given=given)


def check_reflection_move(
    state: Reflection,
    *,
    to: Reflection,
    by: Mover,
    given: Collection[Need] = (),
) -> None:
    """Refuse a move of a reflection that section 6.7 does not list.

    Raises:
        FollowUpMoveNotAllowed: There is no such move.
        NotYours: There is, for somebody else.
        MoveNeeds: Nothing is sent without ``phi_ok`` (L3).
    """
    _check(REFLECTION, state, to=to, by=by, given=given)


def check_commitment_move(
    state: Commitment,
    *,
    to: Commitment,
    by: Mover,
    given: Collection[Need] = (),
) -> None:
    """Refuse a move of a promise that section 6.5 does not list.

    Raises:
        FollowUpMoveNotAllowed: There is no such move.
        NotYours: There is, for somebody else.
        MoveNeeds: A reason for declining, a line of evidence for done.
    """
    _check(COMMITMENT, state, to=to, by=by, given=given)


def _check(
    table: Mapping[State, Mapping[State, Move]],
    state: State,
    *,
    to: State,
    by: Mover,
    given: Collection[Need],
) -> None:
    move = table[state].get(to)
    if move is None:
        raise FollowUpMoveNotAllowed(state=state, wanted=to)
    if by not in move.by:
        raise NotYours(state=state, wanted=to)
    missing = move.needs.difference(given)
    if missing:
        raise MoveNeeds(needs=tuple(sorted(missing)))
