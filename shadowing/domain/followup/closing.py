"""When the two sides open to each other, when a reflection is due, and when a shift may close."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from shadowing.domain.bookings.states import State
from shadowing.domain.followup.moves import RECORDED, Debrief
from shadowing.domain.followup.questions import Field, Phase
from shadowing.domain.followup.settings import DEFAULTS, FollowUpSettings


class Seal(StrEnum):
    """Whether the two sides of a shift can be read by the other person.

    ``one_side`` means that the waiting is over: a side that is in can be read although the other
    never came.
    """

    SEALED = "sealed"
    ONE_SIDE = "one_side"
    BOTH_IN = "both_in"


class Missing(StrEnum):
    """What keeps a shift from closing."""

    DEBRIEF = "debrief"
    PROMISE_OR_REASON = "promise_or_reason"
    OBSERVER_SIDE = "observer_side"
    HOST_SIDE = "host_side"


PHASES_OPEN: Final[Mapping[State, frozenset[Phase]]] = {
    State.CONFIRMED: frozenset({Phase.PRE}),
    State.COMPLETED: frozenset({Phase.POST}),
    State.ENDED_EARLY: frozenset({Phase.POST}),
    State.DEBRIEFED: frozenset({Phase.POST, Phase.DEBRIEF}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """When each side was sent, if it was, and when the shift ended."""

    shift_end: datetime
    observer_at: datetime | None = None
    host_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What came of the conversation.

    Attributes:
        promises: How many stand; void ones do not count.
        reason: Why there is none, if there is none.
    """

    debrief: Debrief
    promises: int = 0
    reason: str = ""


def open_phases(state: State) -> frozenset[Phase]:
    """Say which questions can be answered, or changed, while the shift is in *state*.

    Answers from before the shift lock at check-in (L6), everything when it closes (L5).
    """
    return PHASES_OPEN.get(state, frozenset())


def sides_open(
    sides: Sides,
    *,
    now: datetime,
    settings: FollowUpSettings = DEFAULTS,
) -> Seal:
    """Say whether the sides can be read by the other person: both in, or 14 days gone.

    Source: docs/rules.md, rule L4.
    """
    if sides.observer_at is not None and sides.host_at is not None:
        return Seal.BOTH_IN
    if sides.observer_at is None and sides.host_at is None:
        return Seal.SEALED
    return Seal.ONE_SIDE if now >= sides.shift_end + settings.seal else Seal.SEALED


def may_change(field: Field, *, state: State, seal: Seal, sent_at: datetime | None) -> bool:
    """Say whether the author may still give or change this answer.

    What both are asked for comparison stays as it was sent once either side can be read. A side
    that is late may still give its own: the other's stays hidden until it has.

    Args:
        field: The question.
        state: Of the shift.
        seal: Of its two sides.
        sent_at: When this side was sent, if it was.

    Source: docs/rules.md, rules L4 to L6.
    """
    if field.sealed_with and sent_at is not None and seal is not Seal.SEALED:
        return False
    return field.phase in open_phases(state)


def reflection_due(
    shift_end: datetime,
    *,
    debrief_start: datetime,
    settings: FollowUpSettings = DEFAULTS,
) -> datetime:
    """Say when both sides should be in: by the start of the debrief, 72 h at the latest.

    Source: docs/rules.md, rule L8.
    """
    return min(debrief_start, shift_end + settings.reflection_due)


def reminder_times(
    shift_end: datetime,
    *,
    settings: FollowUpSettings = DEFAULTS,
) -> tuple[datetime, ...]:
    """List when somebody whose side is not in is reminded; after that, silence (rule L8)."""
    return tuple(shift_end + after for after in settings.reflection_reminders)


def missing_to_close(
    sides: Sides,
    talk: Talk,
    *,
    now: datetime,
    settings: FollowUpSettings = DEFAULTS,
) -> tuple[Missing, ...]:
    """List what a shift still needs before it may close; nothing means it may.

    Source: docs/rules.md, rule F16.
    """
    waited = now >= sides.shift_end + settings.close_without_reflections
    wanting = {
        Missing.DEBRIEF: talk.debrief not in RECORDED,
        Missing.PROMISE_OR_REASON: talk.promises == 0 and not talk.reason.strip(),
        Missing.OBSERVER_SIDE: sides.observer_at is None and not waited,
        Missing.HOST_SIDE: sides.host_at is None and not waited,
    }
    return tuple(part for part, is_wanting in wanting.items() if is_wanting)
