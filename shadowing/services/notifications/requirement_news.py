"""What letters about one's own requirements tell: never a result, never why one was waived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from shadowing.adapters import plain_time
from shadowing.services.notifications.reading import Matter

ANSWERS: Final[Mapping[str, str]] = {
    "not_found": "The proof could not be found where you said it is kept.",
    "another_person": "The proof is about somebody else.",
    "too_old": "What you named is too old to count.",
    "not_accepted": "This kind of proof does not count here.",
    "incomplete": "A part of it is still missing.",
    "by_mistake": "It had been marked as done by mistake.",
    "withdrawn_by_issuer": "Whoever issued the proof has withdrawn it.",
    "waived": "Your coordinator lets you go without it for a time.",
    "waived_other": "A coordinator has waived it for a time. You check it when it is shown.",
    "now_asked": "It is asked for from now on, and one of your shifts needs it.",
}
"""What to say, by the code of what became of it."""


def facts(matter: Matter) -> dict[str, Any]:
    """Put the facts of a letter about a requirement into words; nothing for other letters."""
    told = matter.parcel.facts
    if "requirement" not in told:
        return {}
    return {
        "path": str(told.get("path", "/requirements")),
        "missing": (str(told["requirement"]),),
        "changed": ANSWERS.get(str(told.get("code", "")), ""),
        "deadline": _day(told.get("last_day"), today=matter.now.date()),
    }


def _day(told: object, *, today: date) -> str:
    if not isinstance(told, str) or not told:
        return ""
    noon = datetime.combine(date.fromisoformat(told), time(12), tzinfo=UTC)
    return plain_time.day_long(noon, "UTC", today=today)
