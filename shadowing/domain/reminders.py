"""What the clock tells: notices, cards and reminders; each moment once, and never late.

A moment is counted from an anchor: the start of a shift, its end, the time to answer by, the end of
the talk. When a moment has come it stands until the next of its kind comes; whoever was away for
both is told the later one alone. A shift that moves has another anchor, and all its moments anew.

Source: docs/rules.md, rules N6, N7, L8, B6, F4; section 2.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shadowing.domain.bookings.states import State

UNIT_NOTICE: Final = "unit-notice"
NOTICE_WITHDRAWN: Final = "notice-withdrawn"
PREPARATION_CARD: Final = "preparation-card"
HOST_REMINDER: Final = "host-reminder"
REQUEST_LAPSING: Final = "request-lapsing"
TALK_REMINDER: Final = "talk-reminder"
REFLECTION_REMINDER: Final = "reflection-reminder"

AN_HOUR: Final = timedelta(hours=1)
A_DAY: Final = timedelta(days=1)
BEFORE_HOSTING: Final = (-A_DAY,)
BEFORE_LAPSING: Final = (-A_DAY,)
AFTER_TALK: Final = (A_DAY, 3 * A_DAY)
ENOUGH_BETWEEN: Final = timedelta(hours=12)
"""A request is not called back to mind sooner than this after it was made."""

WRITES: Final = frozenset({State.COMPLETED, State.ENDED_EARLY, State.DEBRIEFED})
TALKS: Final = frozenset({State.COMPLETED, State.ENDED_EARLY})


class Anchor(StrEnum):
    """What moments are counted from."""

    START = "start"
    END = "end"
    ANSWER = "answer"
    TALK = "talk"


CONFIRMED: Final = frozenset({State.CONFIRMED})
COUNTED: Final[Mapping[str, tuple[Anchor, frozenset[State]]]] = {
    UNIT_NOTICE: (Anchor.START, CONFIRMED),
    PREPARATION_CARD: (Anchor.START, CONFIRMED),
    HOST_REMINDER: (Anchor.START, CONFIRMED),
    REQUEST_LAPSING: (Anchor.ANSWER, frozenset({State.REQUESTED})),
    TALK_REMINDER: (Anchor.TALK, TALKS),
    REFLECTION_REMINDER: (Anchor.END, WRITES),
}
"""From what each is counted, and where a shift is while it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One kind of letter that the clock sends.

    Attributes:
        moments: From the anchor, the earliest first; negative ones lie before it.
        last: From the anchor: when the last of them is of no more use.
        states: Where a shift is while it is told.
    """

    kind: str
    anchor: Anchor
    moments: tuple[timedelta, ...]
    last: timedelta
    states: frozenset[State]


@dataclass(frozen=True, slots=True)
class Window:
    """One moment of a round as it stands now: the anchors for which it is the one to tell.

    Attributes:
        hours: The moment, in hours from the anchor; also its name.
        after: Anchors later than this ...
        until: ... and not later than that.
        lasts: From the anchor to the end of the moment.
    """

    round: Round
    hours: int
    after: datetime
    until: datetime
    lasts: timedelta

    def ends(self, anchor: datetime) -> datetime:
        """Say from when a letter of this moment is of no more use."""
        return anchor + self.lasts


def rounds(
    *,
    unit_notice_days: Iterable[int],
    card_hours: Iterable[int],
    reflection_hours: Iterable[int],
) -> tuple[Round, ...]:
    """List every round, with the settings of section 2.5."""
    moments = {
        UNIT_NOTICE: _before(timedelta(days=days) for days in unit_notice_days),
        PREPARATION_CARD: _before(timedelta(hours=hours) for hours in card_hours),
        HOST_REMINDER: BEFORE_HOSTING,
        REQUEST_LAPSING: BEFORE_LAPSING,
        TALK_REMINDER: AFTER_TALK,
        REFLECTION_REMINDER: tuple(sorted(timedelta(hours=hours) for hours in reflection_hours)),
    }
    return tuple(
        Round(
            kind=kind,
            anchor=anchor,
            moments=moments[kind],
            last=_last(moments[kind]),
            states=states,
        )
        for kind, (anchor, states) in COUNTED.items()
    )


def _last(moments: tuple[timedelta, ...]) -> timedelta:
    """Say when the last moment ends: those before the anchor with it, those after in a day."""
    latest = max(moments, default=-A_DAY)
    return timedelta(0) if latest < timedelta(0) else latest + A_DAY


def _before(spans: Iterable[timedelta]) -> tuple[timedelta, ...]:
    return tuple(sorted(-span for span in spans))


def windows(each: Round, *, now: datetime) -> tuple[Window, ...]:
    """Say for which anchors each moment of a round is the one to tell now."""
    following = (*each.moments[1:], each.last)
    return tuple(
        Window(each, moment // AN_HOUR, now - nxt, now - moment, nxt)
        for moment, nxt in zip(each.moments, following, strict=False)
    )


def worth_recalling(*, requested_at: datetime, answer_by: datetime) -> bool:
    """Say whether a request is called back to mind before it lapses: not just after it was made."""
    return answer_by - A_DAY - requested_at >= ENOUGH_BETWEEN
