"""When something happens to a credential by itself: its reminders, and the day after its last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from shadowing.domain.clearance.credentials import Held
from shadowing.domain.clearance.evidence import State

A_DAY = timedelta(days=1)
NEVER = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The end of a credential, and how long before it its person is reminded.

    Attributes:
        last: Its last local day; ``None`` where it never ends.
        days: Days before the last day on which a reminder goes out.
        again: When to look again where nothing is known; ``None`` otherwise.
    """

    last: date | None
    days: tuple[int, ...]
    again: date | None = None

    def noted(self, held: Held, *, reminded: int | None, next_on: date) -> Held:
        """Note on a credential what went out, and when something happens next."""
        kept = held.reminded if reminded is None else reminded
        return replace(held, reminded=kept, next_on=next_on)


def reminder_due(turn: Turn, held: Held, *, today: date) -> int | None:
    """Say which reminder is due, in days before the end; each goes out once.

    Of several that were missed only the nearest to the end is sent. While a renewal is being
    checked there is nothing to remind of.
    """
    holds = held.state in {State.VALID, State.EXPIRING, State.WAIVED}
    if turn.last is None or not holds or held.claim is not None or turn.last < today:
        return None
    left = (turn.last - today).days
    due = min((days for days in turn.days if left <= days), default=None)
    sent = held.reminded is not None and due is not None and held.reminded <= due
    return None if sent else due


def next_day(turn: Turn, *, today: date) -> date:
    """Name the next local day on which something happens by itself, or the last of all days."""
    if turn.last is None:
        return turn.again or NEVER
    days = [turn.last - timedelta(days=each) for each in turn.days]
    return min((day for day in (*days, turn.last + A_DAY) if day > today), default=NEVER)
