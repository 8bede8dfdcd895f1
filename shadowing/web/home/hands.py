"""What needs a coordinator's hand today, in words; to add a kind, add it here and to the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import url_for

from shadowing.adapters import reference
from shadowing.adapters.plain_time import day_short, moment
from shadowing.services.bookings.cohort_days import Day
from shadowing.services.oversight import Program, Unled
from shadowing.web.session import today
from shadowing.web.shifts.words import day_of


@dataclass(frozen=True, slots=True)
class Hand:
    """Something that needs a coordinator today."""

    text: str
    url: str
    meta: str
    pill: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Ending:
    """A waiver or an agreement that ends, and on which day."""

    text: str
    day: str


HANDS: Final[Mapping[str, tuple[str, str, tuple[str, str, str]]]] = {
    "held_back": (
        "A request waits for you first",
        "{observer} asks {host}, {unit}, {day}. The host is told when you let it go on.",
        ("warn", "clock-alert", "Look first"),
    ),
    "final_check": (
        "A last look is due",
        "{observer} with {host}, {unit}, {day}. All have agreed, and all checks are done.",
        ("info", "shield-check", "Last look"),
    ),
    "objected": (
        "{observer} says they were there",
        "Recorded as “did not happen”: {host}, {unit}, {day}",
        ("warn", "user-round-x", "To settle"),
    ),
    "undelivered": (
        "An invite was not delivered",
        "{observer} with {host}, {unit}, {day}",
        ("bad", "circle-x", "Not delivered"),
    ),
    "unanswered": (
        "A request lapses {at}",
        "{observer} asks {host}, {unit}, {day}",
        ("warn", "clock-alert", "Unanswered"),
    ),
    "unit_unanswered": (
        "The unit has not answered, and it lapses {at}",
        "{observer} with {host}, {unit}, {day}",
        ("warn", "clock-alert", "Unit’s yes"),
    ),
    "clearance": (
        "{observer} is not cleared yet",
        "With {host}, {unit}, {day}",
        ("warn", "shield-alert", "Clearance"),
    ),
    "not_recorded": (
        "Nobody checked in",
        "{observer} with {host}, {unit}, {day}",
        ("warn", "user-round-x", "Not recorded"),
    ),
    "talk": (
        "No talk is recorded",
        "{observer} with {host}, {unit}, {day}. It holds back the visitor’s next request.",
        ("warn", "messages-square", "Talk open"),
    ),
}


NOBODY_ACTS: Final = "Nobody says yes for the unit or hears who comes. Name somebody."
DEPUTY_ACTS: Final = "The deputy stands in. Name a lead."


def hands(told: Program) -> list[Hand]:
    found = []
    for each in told.open:
        text, meta, said = HANDS[each.kind]
        words = {
            "observer": each.observer,
            "host": each.host,
            "unit": each.unit,
            "at": moment(each.at, each.zone, today=today()),
            "day": day_short(each.starts_at, each.zone, today=today()),
        }
        url = url_for("shifts.show", shift_id=each.shift_id)
        found.append(Hand(text.format_map(words), url, meta.format_map(words), said))
    return [*found, *(_unled(each) for each in told.unled)]


def _unled(each: Unled) -> Hand:
    meta = DEPUTY_ACTS if each.deputy else NOBODY_ACTS
    url = url_for("units.settings", unit_id=each.unit_id)
    return Hand(f"{each.name} has no lead", url, meta, ("warn", "user-round-x", "No lead"))


def without_meeting(days: Iterable[Day]) -> list[Hand]:
    """Say which cohort days have no reverse shadow on offer any more (B14)."""
    return [
        Hand(
            f"{day.name} has no reverse shadow",
            url_for("cohort.show", day_id=day.id),
            f"{day_short(day.talk_starts_at, day.zone, today=today())}. The last meeting on offer "
            "was taken back.",
            ("warn", "users-round", "One is needed"),
        )
        for day in days
    ]


def endings(told: Program) -> list[Ending]:
    """Say what ends soon."""
    known = reference.load().requirements
    found = []
    for each in told.endings:
        day = day_of(each.ends_on, today=today())
        if each.kind == "waiver":
            label = known[each.code].label if each.code in known else each.code
            found.append(Ending(f"{each.name}: waived “{label}”", day))
        else:
            found.append(Ending(f"Agreement with {each.name}", day))
    return found
