"""What a calendar entry says: the same words in an invitation and in a person's feed (rule N3).

Never the goal, a reason, or a word of a reflection or promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TENTATIVE: Final = "TENTATIVE"
CANCELLED: Final = "CANCELLED"
DEBRIEF: Final = "debrief"
BY_VIDEO: Final = "By video or phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one person's event. What is left empty is not mentioned.

    Attributes:
        kind: ``shift`` or ``debrief``.
        status: ``TENTATIVE``, ``CONFIRMED`` or ``CANCELLED``.
        other_name: The other person; empty for a host whose name is not told yet.
        other_role: Their role or title.
        place: The unit, or the meeting in a reverse shadow.
        phone: Of the unit, never of a person.
        attire: What to wear; so with the two below: for the visitor alone.
        joint: The cohort day whose joint talk it is; ``room`` is where.
        remote: Nobody goes there: it is joined by video or phone (B17).
        join_at: Where, once that is told.
    """

    kind: str
    status: str
    other_name: str
    other_role: str
    place: str
    site: str
    url: str
    meeting_point: str = ""
    phone: str = ""
    attire: str = ""
    bring: str = ""
    parking: str = ""
    joint: str = ""
    room: str = ""
    remote: bool = False
    join_at: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The three texts of an event."""

    summary: str
    location: str
    description: str


def words(entry: Entry) -> Words:
    """Write the texts of one event."""
    return Words(
        summary=_summary(entry),
        location=_location(entry),
        description="\n".join(_lines(entry)),
    )


def _location(entry: Entry) -> str:
    if entry.remote and entry.kind != DEBRIEF:
        return entry.join_at or BY_VIDEO
    return ", ".join(part for part in (entry.room or entry.place, entry.site) if part)


def _summary(entry: Entry) -> str:
    what = "Debrief" if entry.kind == DEBRIEF else "Shadow shift"
    whom = f" with {entry.other_name}" if entry.other_name else ""
    if entry.joint:
        what, whom = "Joint debrief", f": {entry.joint}"
    if entry.status == TENTATIVE:
        return f"On hold: {what[0].lower()}{what[1:]}{whom}"
    return f"{what}{whom}"


def _lines(entry: Entry) -> list[str]:
    away = entry.remote and entry.kind != DEBRIEF
    told = [
        ("With", ", ".join(part for part in (entry.other_name, entry.other_role) if part)),
        ("Unit", entry.place if away else ""),
        ("Join at", entry.join_at if away else ""),
        ("Recording", "None, by anybody" if away else ""),
        ("Meet at", "" if away or entry.kind == DEBRIEF else entry.meeting_point),
        ("Room", entry.room),
        ("Unit phone", "" if entry.joint else entry.phone),
        ("Wear", "" if away else entry.attire),
        ("Bring", "" if away else entry.bring),
        ("Park", "" if away else entry.parking),
    ]
    page = "All about it" if entry.status == CANCELLED else "All about it, or to cancel"
    return [f"{label}: {text}" for label, text in (*told, (page, entry.url)) if text]
