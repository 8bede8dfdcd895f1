"""What to do with a letter that waits: send it, send it otherwise, or let it go; and when again.

Decided when it is sent, from what is true then, not from what was true when it was queued.

Source: docs/rules.md, rules N2 and N5; RFC 5546.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shadowing.domain.bookings.invitations import CANCELLED, Event
from shadowing.domain.bookings.states import AHEAD, DID_NOT_TAKE_PLACE, WAITING, State
from shadowing.domain.bookings.telling import ONLY_WITH_EVENT
from shadowing.domain.reminders import COUNTED

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))
GIVE_UP_AFTER: Final = timedelta(hours=72)

INVITATION: Final = "invitation"
SIGN_IN_LINK: Final = "sign-in-link"

TRUE_IN: Final[Mapping[str, frozenset[State]]] = {
    "other-hours": frozenset({State.REQUESTED}),
    "hours-not-chosen": frozenset({State.REQUESTED}),
    "request-received": frozenset({State.REQUESTED}),
    "host-said-yes": frozenset({State.HOST_ACCEPTED}),
    "unit-asked": frozenset({State.HOST_ACCEPTED}),
    "waiting-for-clearance": frozenset({State.UNIT_APPROVED}),
    "unit-moved": frozenset({State.UNIT_APPROVED, State.CLEARED, State.CONFIRMED}),
    "unit-told": frozenset({State.CONFIRMED, State.CHECKED_IN}),
    "backup-told": frozenset({State.CONFIRMED, State.CHECKED_IN}),
    "backup-free": AHEAD,
    "checked-in": frozenset({State.CHECKED_IN}),
    "clearance-lapsed": frozenset({State.CONFIRMED}),
    "requirement-coming": AHEAD,
    "calendar-proposed": AHEAD,
    "calendar-said-no": AHEAD,
    "shift-done": frozenset({State.COMPLETED}),
    "ended-early": frozenset({State.ENDED_EARLY}),
    "promises": frozenset({State.CLOSED}),
    "not-available": frozenset({State.DECLINED, State.EXPIRED, State.CANCELLED_BY_HOST}),
    "released": frozenset({State.EXPIRED, State.CANCELLED_BY_HOST, State.CLINICAL_OVERRIDE}),
    "withdrawn": frozenset({State.WITHDRAWN}),
    "cancelled-by-visitor": frozenset({State.CANCELLED_BY_OBSERVER}),
    "stopped-for-care": frozenset({State.CLINICAL_OVERRIDE}),
    "did-not-happen": frozenset({State.NO_SHOW}),
    "absence-recorded": frozenset({State.NO_SHOW}),
    "objection": frozenset({State.NO_SHOW}),
    "objection-answered": frozenset({State.NO_SHOW}),
    "did-it-happen": frozenset({State.CONFIRMED}),
    "request-held": frozenset({State.REQUESTED}),
    **{kind: states for kind, (_, states) in COUNTED.items()},
}
"""Where the shift must still be for a letter to be true; those not listed are true anywhere."""


ASKS: Final = frozenset({"move-asked", "unit-move-asked", "swap-asked"})
"""Letters that ask about a change; true while it is open."""
ASKED_AFTERWARDS: Final = frozenset({"did-it-happen"})
"""What is asked when a shift is over, although nothing says that it began."""
NAMED_FROM: Final = frozenset(State) - WAITING - DID_NOT_TAKE_PLACE
JOINED: Final = "joined"
"""Marks a letter about a shift that is joined elsewhere now (B17)."""
BLIND: Final = "blind"


def host_is_named(mode: str, *, state: State) -> bool:
    """Say whether the observer may read who the host is: in a blind slot from ``confirmed`` (A10).

    What did not take place tells no more than it told before.
    """
    return mode != BLIND or state in NAMED_FROM


class LetGo(StrEnum):
    """Why a letter is not sent after all."""

    NEWER = "a newer message replaces it"
    OVER = "what it was about is over"
    NEVER_TOLD = "its recipient was never told of the event"
    NO_LONGER_TRUE = "it is no longer true"
    LINK_RAN_OUT = "its link ran out before it could be sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A letter that waits, with what is true now.

    Attributes:
        kind: Which letter it was queued as.
        sequence: Of the event, when it was queued; ``None`` without an event.
        event: As it is now.
        state: Where its shift is now; ``None`` if it is about none.
        ends_at: When that shift ends.
        received: Whether any earlier message about the event may have reached its recipient.
        answered: The change it asks about was answered, taken back or has lapsed.
        about_own_request: It tells the observer what became of what they asked for.
        until: From when it is of no more use, if it has such a moment.
        stale: What it calls to mind was moved, or is done.
    """

    kind: str
    sequence: int | None = None
    event: Event | None = None
    state: State | None = None
    ends_at: datetime | None = None
    received: bool = True
    about_own_request: bool = False
    until: datetime | None = None
    stale: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter to be sent: as which kind, and with the event (as it is now) or without."""

    kind: str
    event: Event | None


def decide(waiting: Waiting, *, now: datetime) -> Sending | LetGo:
    """Say what becomes of a letter when its turn has come.

    A cancellation is sent to everybody who may have received anything about the event, and to
    nobody else. Of two messages about one event only the newest is sent.
    """
    true_here = TRUE_IN.get(waiting.kind)
    is_true = true_here is None or waiting.state is None or waiting.state in true_here
    is_true = is_true and not (waiting.answered and waiting.kind in ASKS)
    event = waiting.event
    if event is None:
        return _plain(waiting, is_true=is_true and not waiting.stale, now=now)
    if waiting.sequence is not None and waiting.sequence < event.sequence:
        return LetGo.NEWER
    if event.status == CANCELLED:
        return _cancellation(waiting, event)
    if event.ends_at <= now:
        return LetGo.OVER
    return Sending(waiting.kind if is_true else INVITATION, event)


def _plain(waiting: Waiting, *, is_true: bool, now: datetime) -> Sending | LetGo:
    """Decide on a letter without an event."""
    if not is_true:
        return LetGo.NO_LONGER_TRUE
    if not waiting.received:
        return LetGo.NEVER_TOLD
    over = waiting.ends_at is not None and waiting.ends_at <= now
    missed = waiting.state in AHEAD and over and waiting.kind not in ASKED_AFTERWARDS
    if missed or (waiting.until is not None and waiting.until <= now):
        return LetGo.OVER
    return Sending(waiting.kind, None)


def _cancellation(waiting: Waiting, event: Event) -> Sending | LetGo:
    if waiting.received:
        return Sending(waiting.kind, event)
    if waiting.about_own_request and waiting.kind not in ONLY_WITH_EVENT:
        return Sending(waiting.kind, None)
    return LetGo.NEVER_TOLD


def next_try(*, attempts: int, queued_at: datetime, now: datetime) -> datetime | None:
    """Say when to try again after so many attempts; ``None`` when it is time to give up.

    After 1, 2, 5, 15 and 60 minutes, then every hour, for three days in all (rule N5).
    """
    again = now + WAITS[min(attempts, len(WAITS)) - 1]
    return again if again <= queued_at + GIVE_UP_AFTER else None
