"""When a letter reaches somebody: at once, not at night, or once a day with the other news.

Source: docs/rules.md, rules N8, F10 and H9.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.domain.availability.clock import instant
from shadowing.domain.reminders import (
    NOTICE_WITHDRAWN,
    REFLECTION_REMINDER,
    TALK_REMINDER,
    UNIT_NOTICE,
)

DIGEST: Final = "daily-news"
EVENING: Final = 21
MORNING: Final = 7
WAKES: Final = "07:00"
DIGEST_AT: Final = "07:30"
NEAR: Final = timedelta(hours=24)
COLLECTED_BY: Final = timedelta(minutes=5)
"""What comes later than this before the day's message goes with the next day's."""

ALWAYS_AT_ONCE: Final = frozenset({"sign-in-link", "phone-link"})
"""Somebody waits for them in front of a screen."""

NEWS: Final = frozenset(
    {
        "both-sides-in",
        "commitment-told",
        "did-not-happen",
        "ended-early",
        "host-said-yes",
        "hours-wanted",
        "invite-answered",
        "promises",
        "released",
        "requirement-answered",
        "shift-done",
        "unit-told",
        "withdrawn",
        UNIT_NOTICE,
        NOTICE_WITHDRAWN,
        REFLECTION_REMINDER,
        TALK_REMINDER,
    }
)
"""What asks for no answer by a time: it may wait for the day's message of who chose that."""


NUDGES: Final = frozenset({"hours-wanted"})
"""What nobody waits for: said to bring something to mind, and seldom (H9)."""
NUDGED_EVERY: Final = timedelta(days=14)


class Pace(StrEnum):
    """How often somebody wants to hear of news."""

    AT_ONCE = ""
    DAILY = "daily"


class Wish(StrEnum):
    """By which way somebody wants to hear of what no calendar needs."""

    EMAIL = ""
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A letter whose turn has come, and who is to read it.

    Attributes:
        kind: Which letter.
        zone: Of the reader.
        own_act: It answers what the reader just did.
        carries_event: It changes the reader's calendar.
        starts_at: Of the shift it is about.
        ends_at: Of that shift.
    """

    kind: str
    zone: ZoneInfo
    pace: Pace = Pace.AT_ONCE
    own_act: bool = False
    carries_event: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def near(self, now: datetime) -> bool:
        """Say whether its shift starts within a day, or is going on."""
        if self.starts_at is None or self.ends_at is None:
            return False
        return self.starts_at - NEAR <= now < self.ends_at


def sleeps_until(turn: Turn, *, now: datetime) -> datetime | None:
    """Say when the reader may be reached, if that is not now (N8: quiet hours 21 to 07 local).

    What happens within a day of the start is told at any hour, and so is the answer to one's own
    act.
    """
    if turn.kind in ALWAYS_AT_ONCE or turn.own_act or turn.near(now):
        return None
    local = now.astimezone(turn.zone)
    if MORNING <= local.hour < EVENING:
        return None
    day = local.date() + timedelta(days=local.hour >= EVENING)
    return instant(day, WAKES, turn.zone)


def collected_until(turn: Turn, *, now: datetime) -> datetime | None:
    """Say with which day's message a letter goes, if the reader wants one a day (F10).

    Never what a calendar needs, what asks for an answer, or what happens within a day of the start.
    """
    waits = turn.pace is Pace.DAILY and turn.kind in NEWS
    if not waits or turn.carries_event or turn.near(now):
        return None
    day = now.astimezone(turn.zone).date()
    today = instant(day, DIGEST_AT, turn.zone)
    if now < today - COLLECTED_BY:
        return today
    return instant(day + timedelta(days=1), DIGEST_AT, turn.zone)
