"""What notices, cards and reminders say besides who and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from shadowing.adapters import plain_time, reference
from shadowing.domain.bookings.states import AHEAD
from shadowing.domain.reminders import NOTICE_WITHDRAWN, PREPARATION_CARD, UNIT_NOTICE
from shadowing.services.notifications.reading import Matter, Visit

PURPOSE: Final = "They come to see the work, not the person."
"""Of a program that gives none of its own; the goal of one visitor is never told (N6)."""


def facts(matter: Matter, visit: Visit, *, kind: str) -> dict[str, Any]:
    """Put together what only letters of the clock say."""
    if kind == UNIT_NOTICE:
        return _notice(matter, visit)
    if kind == NOTICE_WITHDRAWN:
        return _withdrawn(matter, visit)
    if kind == PREPARATION_CARD:
        return card(visit)
    return {}


def _notice(matter: Matter, visit: Visit) -> dict[str, Any]:
    """Say who comes and why the program sends them; with whom is told to those in it (8.1)."""
    said: dict[str, Any] = {"purpose": visit.program.purpose or PURPOSE}
    if not visit.is_theirs(matter.recipient.id):
        said["host_name"] = ""
    return said


def _withdrawn(matter: Matter, visit: Visit) -> dict[str, Any]:
    """Name the time that the notice gave, and the new one if there is one."""
    zone = visit.place.zone
    start = datetime.fromisoformat(str(matter.parcel.facts["withdrawn"]))
    end = start + timedelta(minutes=visit.shift.interval.minutes)
    today = matter.now.astimezone(ZoneInfo(zone)).date()
    said: dict[str, Any] = {
        "host_name": "",
        "day_long": plain_time.day_long(start, zone, today=today),
        "day_short": plain_time.day_short(start, zone, today=today),
        "times": plain_time.time_range(start, end, zone),
        "zone_words": plain_time.zone_words(zone, start),
        "clock_change": "",
        "own_times": "",
    }
    if visit.shift.state in AHEAD and visit.shift.starts_at != start:
        moved = visit.shift.interval
        day = plain_time.day_long(moved.start, zone, today=today)
        said["moved_to"] = f"{day}, {plain_time.time_range(moved.start, moved.end, zone)}"
    return said


def card(visit: Visit) -> dict[str, Any]:
    """Lay out the preparation card (N7, S2.6), with what the unit says about the place."""
    known = reference.load()
    told: Mapping[str, Any] = known.card
    said: dict[str, Any] = {
        "why": told["why"],
        "rules": tuple(each["text"] for each in told["rules"]),
        "ask_note": told["ask_note"],
        "questions": tuple(each["text"] for each in told["questions"]),
        "acts": tuple(each["text"] for each in told["acts"]),
        "leave_with": tuple(told["leave_with"]),
    }
    if visit.unit:
        said["consent"] = known.consents[visit.unit.consent].note
    return said
