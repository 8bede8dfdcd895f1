"""What letters about one's own requirements tell: never a result, never why one was waived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from shadowing.adapters import plain_time
from shadowing.services.notifications.reading import Matter, Visit

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
}
"""What to say, by the code of what became of it."""

LAPSED: Final = "clearance-lapsed"
OF_A_SHIFT: Final = frozenset({LAPSED, "requirement-coming"})
FROM_A_DAY: Final = "It was not asked for like this when you booked. From {day} on it is."
FROM_NOW: Final = "It was not asked for like this when you booked. From now on it is."
RELEASES: Final = "Finish it by {until}, or the shift is released."
GOOD_TO_HAVE: Final = "Finish it by {until}. Without it the shift takes place all the same."


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


def of_shift(matter: Matter, visit: Visit, *, kind: str, path: str) -> dict[str, Any]:
    """Say what is newly asked of an agreed shift (C9), or why a confirmed one cannot begin (C6)."""
    told = matter.parcel.facts
    if kind == LAPSED:
        return {"path": path, "missing": tuple(str(each) for each in told.get("labels", ()))}
    zone = visit.place.zone
    today = matter.now.astimezone(ZoneInfo(zone)).date()
    since = _day(told["since"], today=today)
    until = plain_time.moment(datetime.fromisoformat(str(told["by"])), zone, today=today)
    return {
        "path": f"/requirements/{told['requirement']}",
        "missing": (str(told["label"]),),
        "changed": FROM_A_DAY.format(day=since) if since else FROM_NOW,
        "deadline": (RELEASES if told["releases"] else GOOD_TO_HAVE).format(until=until),
    }


def _day(told: object, *, today: date) -> str:
    if not isinstance(told, str) or not told:
        return ""
    noon = datetime.combine(date.fromisoformat(told), time(12), tzinfo=UTC)
    return plain_time.day_long(noon, "UTC", today=today)
