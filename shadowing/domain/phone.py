"""Links that work on any phone: one purpose each, for one person, until a moment; never a sign-in.

A link lets its holder do what its purpose needs and nothing else: whoever opens it acts as the
host, narrowed to a few actions, on the one shift that the link was made for. Opening it does
nothing.

Source: docs/rules.md, rules N8 and P17.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shadowing.domain.errors import Refusal
from shadowing.domain.policy import Action
from shadowing.domain.reminders import (
    HOST_REMINDER,
    REFLECTION_REMINDER,
    REQUEST_LAPSING,
    TALK_REMINDER,
)


class PhoneLinkEnded(Refusal):
    """The link ran out, was ended, or never was."""

    code = "phone_link_ended"


class Purpose(StrEnum):
    """What a link is for."""

    ANSWER = "answer"
    SHIFT = "shift"
    DAY = "day"
    TALK = "talk"
    WRITE = "write"
    PROMISES = "promises"
    HOURS = "hours"
    BREAK = "break"


SCOPES: Final[Mapping[Purpose, frozenset[Action]]] = {
    Purpose.ANSWER: frozenset(
        {Action.SHIFT_SEE, Action.GOAL_SEE, Action.SHIFT_ACCEPT, Action.SHIFT_DECLINE}
    ),
    Purpose.SHIFT: frozenset({Action.SHIFT_SEE, Action.SHIFT_CANCEL}),
    Purpose.DAY: frozenset(
        {
            Action.SHIFT_SEE,
            Action.SHIFT_CHECK_IN,
            Action.SHIFT_CHECK_OUT,
            Action.SHIFT_PAUSE,
            Action.SHIFT_NO_SHOW,
            Action.SHIFT_HAPPENED,
            Action.PATIENTS_RECORD,
        }
    ),
    Purpose.TALK: frozenset({Action.SHIFT_SEE, Action.DEBRIEF_MARK}),
    Purpose.WRITE: frozenset({Action.REFLECTION_WRITE}),
    Purpose.PROMISES: frozenset({Action.COMMITMENT_SEE, Action.COMMITMENT_AGREE}),
    Purpose.HOURS: frozenset({Action.AVAILABILITY_SEE, Action.AVAILABILITY_CHANGE}),
    Purpose.BREAK: frozenset({Action.AVAILABILITY_SEE, Action.AVAILABILITY_CHANGE}),
}
"""All that a link of a purpose allows; which shift is in the link."""

ABOUT_NO_SHIFT: Final = frozenset({Purpose.HOURS, Purpose.BREAK})

LABELS: Final[Mapping[Purpose, str]] = {
    Purpose.ANSWER: "Answer",
    Purpose.SHIFT: "See it, or call it off",
    Purpose.DAY: "On the day",
    Purpose.TALK: "Say that you talked",
    Purpose.WRITE: "Write your side",
    Purpose.PROMISES: "Read it, and answer",
    Purpose.HOURS: "Open hours",
    Purpose.BREAK: "Take a break",
}
"""What a text message says before a link."""

IN_A_TEXT: Final[Mapping[str, tuple[Purpose, ...]]] = {
    "request-received": (Purpose.ANSWER, Purpose.HOURS),
    REQUEST_LAPSING: (Purpose.ANSWER,),
    "waiting-for-clearance": (Purpose.SHIFT,),
    "invitation": (Purpose.SHIFT,),
    HOST_REMINDER: (Purpose.DAY, Purpose.SHIFT),
    "checked-in": (Purpose.DAY,),
    "did-it-happen": (Purpose.DAY,),
    "move-asked": (Purpose.ANSWER,),
    "shift-done": (Purpose.WRITE, Purpose.TALK),
    "ended-early": (Purpose.WRITE, Purpose.TALK),
    TALK_REMINDER: (Purpose.TALK,),
    REFLECTION_REMINDER: (Purpose.WRITE,),
    "both-sides-in": (Purpose.TALK,),
    "commitment-told": (Purpose.PROMISES,),
    "promises": (Purpose.PROMISES,),
}
"""Which links a letter carries when it goes to a phone; the others only tell."""

ASKED_FOR: Final = "phone-link"
"""The letter with a link that somebody asked for on the page of the phone."""

FOR_HOURS: Final = timedelta(hours=72)
AFTER_A_DAY: Final = timedelta(hours=12)
AFTER_A_SHIFT: Final = timedelta(days=14)
FOR_PROMISES: Final = timedelta(days=60)


def expires(
    purpose: Purpose,
    *,
    now: datetime,
    answer_by: datetime | None = None,
    ends_at: datetime | None = None,
) -> datetime:
    """Say when a link made now ends.

    Args:
        purpose: What it is for.
        now: The instant it is made.
        answer_by: Of the request it is about.
        ends_at: Of the shift it is about.
    """
    if purpose is Purpose.PROMISES:
        return now + FOR_PROMISES
    if purpose is Purpose.ANSWER and answer_by is not None:
        return answer_by if answer_by > now else now + FOR_HOURS
    if ends_at is None or purpose in ABOUT_NO_SHIFT:
        return now + FOR_HOURS
    after = AFTER_A_SHIFT if purpose in {Purpose.TALK, Purpose.WRITE} else AFTER_A_DAY
    return max(ends_at + after, now + FOR_HOURS)
