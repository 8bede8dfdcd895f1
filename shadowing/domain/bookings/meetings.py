"""A meeting that an administrator lets clinicians come along to: what can be offered.

Source: docs/rules.md, rule B16: a reverse shadow, roles exchanged; confidential ones never.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from unicodedata import normalize

from shadowing.domain.bookings.goal import PatientDetail
from shadowing.domain.errors import Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.patient_detail import lint

LONGEST: Final = 120
SHORTEST_MINUTES: Final = 15
LONGEST_MINUTES: Final = 480
MOST_SEATS: Final = 6
FARTHEST_DAYS: Final = 366


class MeetingConfidential(Refusal):
    """What is said there is for those who are in it alone (B16)."""

    code = "meeting_confidential"
    field = "open_to_visitors"


class MeetingTextMissing(Refusal):
    """A meeting has a name and a place. Facts: ``field``."""

    code = "meeting_text_missing"
    field = "what"


class MeetingTextTooLong(Refusal):
    """Facts: ``longest``, ``length``."""

    code = "meeting_text_too_long"
    field = "what"


class PatientDetailInMeeting(PatientDetail):
    """The same of the name of a meeting."""

    code = "patient_detail_in_meeting"
    field = "what"


class MeetingHours(Refusal):
    """It ends before it begins, or is too short or too long. Facts: ``least``, ``most``."""

    code = "meeting_hours"
    field = "end"


class MeetingTooSoon(Refusal):
    """Nobody could ask for it in time any more (B4), or it is too far off. Facts: ``earliest``."""

    code = "meeting_too_soon"
    field = "day"


class MeetingSeats(Refusal):
    """Facts: ``most``."""

    code = "meeting_seats"
    field = "seats"


class MeetingClash(Refusal):
    """Who offers it has a shift, or another meeting on offer, then (B7)."""

    code = "meeting_clash"
    field = "start"


@dataclass(frozen=True, slots=True)
class Draft:
    """A meeting as it is written down, on the clock of its building.

    Attributes:
        open_to_visitors: That nothing in it is confidential.
    """

    what: str
    room: str
    day: date
    start: str
    end: str
    seats: int
    open_to_visitors: bool


def tidy(text: str) -> str:
    """Put a text on one line, without what cannot be shown."""
    line = " ".join(normalize("NFC", text).split())
    return "".join(letter for letter in line if letter.isprintable())


def check_words(draft: Draft) -> tuple[str, str]:
    """Give name and place of a meeting as they are kept.

    Raises:
        MeetingConfidential: It is not said that nothing in it is confidential.
        MeetingTextMissing, MeetingTextTooLong, PatientDetailInMeeting: About the words.
        MeetingSeats: There are too few or too many.
    """
    if not draft.open_to_visitors:
        raise MeetingConfidential
    texts = (tidy(draft.what), tidy(draft.room))
    if not all(texts):
        raise MeetingTextMissing
    longest = max(len(text) for text in texts)
    if longest > LONGEST:
        raise MeetingTextTooLong(longest=LONGEST, length=longest)
    found = lint(texts[0])
    if found:
        raise PatientDetailInMeeting(found=tuple(hit.text for hit in found))
    if not 1 <= draft.seats <= MOST_SEATS:
        raise MeetingSeats(most=MOST_SEATS)
    return texts


def check_time(starts_at: datetime, ends_at: datetime, *, earliest: datetime) -> Interval:
    """Give the time of a meeting.

    Raises:
        MeetingHours: It is no time a meeting takes.
        MeetingTooSoon: It begins before *earliest*, or more than a year after.
    """
    minutes = (ends_at - starts_at).total_seconds() / 60
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise MeetingHours(least=SHORTEST_MINUTES, most=LONGEST_MINUTES // 60)
    if starts_at < earliest or (starts_at - earliest).days > FARTHEST_DAYS:
        raise MeetingTooSoon(earliest=earliest)
    return Interval(starts_at, ends_at)
