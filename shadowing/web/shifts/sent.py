"""What was sent and whether it arrived, in words: for the timeline of a shift (N5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from shadowing.adapters.plain_time import moment
from shadowing.services.bookings.messages import Message

KINDS: Final[Mapping[str, str]] = {
    "both-sides-in": "“Both sides are in”",
    "cancelled": "Calendar entry taken back",
    "cancelled-by-visitor": "“Cancelled by the visitor”",
    "change-withdrawn": "“The change is taken back”",
    "absence-recorded": "“Did not come”",
    "called-off": "“Called off”",
    "calendar-proposed": "Question about another time in the calendar",
    "calendar-said-no": "Question about a “no” in the calendar",
    "did-it-happen": "“Did it happen?”",
    "hours-not-chosen": "“The other hours were not chosen”",
    "other-hours": "Other hours to choose from",
    "times-corrected": "“Times corrected”",
    "checked-in": "“Checked in”",
    "cohort-day-invited": "Invite to a cohort day",
    "cohort-day-moved": "“The joint debrief has a new time or place”",
    "cohort-day-off": "“The joint debrief is off”",
    "commitment-told": "News about a promise",
    "did-not-happen": "“Did not happen”",
    "ended-early": "“Ended early”",
    "host-reminder": "The host’s reminder",
    "host-said-yes": "“Your host said yes”",
    "invitation": "Invite",
    "meeting-wanted": "Question for a meeting to offer",
    "move-asked": "Question about a move",
    "move-not-available": "“The other time is not available”",
    "moved-away": "“Moved to another unit”",
    "not-available": "“Not available”",
    "notice-withdrawn": "Notice to the team taken back",
    "preparation-card": "Preparation card",
    "promises": "What was promised",
    "reflection-reminder": "Reminder to write",
    "released": "“Released”",
    "request-lapsing": "“The request lapses soon”",
    "request-received": "The request",
    "seat-offered": "“A seat is kept for you”",
    "invited": "“You are invited along”",
    "sheet-waiting": "“A printed sheet is ready”",
    "shift-done": "Thanks, and the talk’s time",
    "stopped-for-care": "“Stopped for care”",
    "talk-reminder": "“Did you talk?”",
    "unit-asked": "Question to the unit",
    "unit-move-asked": "Question to the unit about a move",
    "unit-moved": "“The shift is moved”",
    "unit-notice": "Notice to the team",
    "unit-told": "“A visitor is coming”",
    "waiting-for-clearance": "“Waiting for clearance”",
    "withdrawn": "“Withdrawn”",
}
STATES: Final[Mapping[str, str]] = {
    "sent": "delivered",
    "failed": "not delivered",
    "no_address": "not delivered: no address",
    "on_sheet": "on a printed sheet",
    "collected": "goes with the news of the day",
    "superseded": "not needed any more",
}
BY_TEXT: Final = " by text"
A_FEW: Final = 3


def words(kind: str) -> str:
    """Name a message by what it tells."""
    return KINDS.get(kind, kind.replace("-", " ").capitalize())


def lines(messages: Iterable[Message], *, zone: str, today: date) -> tuple[str, ...]:
    """Say for each message what it was, to whom, and whether it arrived; many of a kind as one."""
    kinds: dict[str, dict[str, list[Message]]] = {}
    for each in messages:
        kinds.setdefault(each.kind, {}).setdefault(each.to, []).append(each)
    found: list[str] = []
    for kind, people in kinds.items():
        if len(people) > A_FEW:
            every = [each for same in people.values() for each in same]
            fared = _counted(every, zone=zone, today=today)
            found.append(f"{words(kind)} to {len(people)} people: {fared}")
            continue
        for to, same in people.items():
            whom = f" to {to}" if to else ""
            by = BY_TEXT if all(each.channel == "text" for each in same) else ""
            states = {_fared(each, zone, today) for each in same}
            fared = states.pop() if len(states) == 1 else _counted(same, zone=zone, today=today)
            found.append(f"{words(kind)}{whom}{by}: {fared}")
    return tuple(found)


def _counted(same: list[Message], *, zone: str, today: date) -> str:
    fared: dict[str, int] = {}
    for each in same:
        state = _fared(each, zone, today)
        fared[state] = fared.get(state, 0) + 1
    return ", ".join(f"{count} {state}" for state, count in fared.items())


def _fared(each: Message, zone: str, today: date) -> str:
    if each.state != "waiting":
        return STATES.get(each.state, each.state)
    if each.waits_until > each.at:
        return f"waits until {moment(each.waits_until, zone, today=today)}"
    return "on its way"
