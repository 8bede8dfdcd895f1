"""A change of a shift that waits for somebody's yes: another time, another host, other hours.

Until it is agreed the shift stands as it was; a change that nobody answers lapses like a request.

Source: docs/rules.md, rules B9 and B12.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.bookings.timing import answer_by
from shadowing.domain.errors import Refusal


class Kind(StrEnum):
    """What would change."""

    MOVE = "move"
    SWAP = "swap"
    HOURS = "hours"


class Standing(StrEnum):
    """What became of the proposal."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ChangeWaits(Refusal):
    """Another change of this shift waits for an answer; one at a time."""

    code = "change_waits"


class NothingProposed(Refusal):
    """It was answered, taken back or has lapsed meanwhile."""

    code = "nothing_proposed"


class NotMovable(Refusal):
    """The shift is under way, over, or never took place."""

    code = "not_movable"


IN_ADVANCE: Final = frozenset({"auto", "blind"})
ASKED_EACH_TIME: Final = frozenset({"S2", "S3"})
UNIT_SAID_YES: Final = frozenset({State.UNIT_APPROVED, State.CLEARED, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Target:
    """What decides whose yes a new time needs.

    Attributes:
        mode: Of the slot it lies in.
        sensitivity: Of its unit.
        personal: The host's yes must be to this person (P6).
        unit_changes: It is on another unit, and that one has not said yes in advance.
    """

    mode: str
    sensitivity: str
    personal: bool = False
    unit_changes: bool = False


def host_is_asked(state: State, *, target: Target) -> bool:
    """Say whether the host has to say yes to a new time.

    What nobody has said yes to yet is asked for anew in any case, so nothing waits.

    Source: docs/rules.md, rule B9.
    """
    return state is not State.REQUESTED and (target.personal or target.mode not in IN_ADVANCE)


def unit_is_asked(state: State, *, target: Target) -> bool:
    """Say whether the unit has to say yes to a new time: at S2 and S3, and where it is another.

    A unit that has not said yes yet is asked for its yes to the shift in any case.

    Source: docs/rules.md, rules A8 and B9.
    """
    each_time = target.sensitivity in ASKED_EACH_TIME
    return state in UNIT_SAID_YES and (each_time or target.unit_changes)


def check_movable(state: State, *, starts_at: datetime, now: datetime) -> None:
    """Refuse to change what has begun or is over.

    Raises:
        NotMovable: It is not ahead of everybody any more.
    """
    if state not in AHEAD or starts_at <= now:
        raise NotMovable(state=state)


def lapses_at(now: datetime, *, starts_at: datetime, stands_until: datetime) -> datetime:
    """Say when a proposal lapses: like a request, and never after the time that stands now.

    Source: docs/rules.md, rules B6 and B9.
    """
    return min(answer_by(now, starts_at), stands_until)
