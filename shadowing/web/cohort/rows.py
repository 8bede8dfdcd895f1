"""A cohort day in words: its line in a list, who has what, what is still missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from flask import url_for

from shadowing.adapters.plain_time import (
    day_long,
    day_short,
    length,
    time_of_day,
    time_range,
    zone_line,
)
from shadowing.domain.bookings.states import By
from shadowing.domain.people import initials
from shadowing.services.bookings.cohort_days import Booked, Day, Line, Meeting, Seen
from shadowing.services.bookings.cohort_promises import Promise
from shadowing.web.session import now, zone
from shadowing.web.shifts.words import Chip, Pill, due, pill

STATES: Final = {
    "draft": ("line", "pencil", "Draft"),
    "planned": ("ok", "circle-check", "Open"),
    "cancelled": ("bad", "circle-x", "Called off"),
}
UNDER_WAY: Final = frozenset({"agreed_with_host", "in_progress"})
OVER: Final = ("line", "check", "Over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day in the words of a list."""

    url: str
    name: str
    day: str
    site: str
    talk: str
    booked: str
    pill: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One day in the words of its page."""

    day: str
    begins: str
    talk: str
    room: str
    zone: str
    pill: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One shift of a day; ``note`` says why its talk is its own, where it is."""

    url: str
    time: str
    start: str
    unit: str
    host: str
    pill: Pill
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is invited, and what they have on the day."""

    id: UUID
    chip: Chip
    visits: tuple[Visit, ...]


def day_of(on: date, today: date) -> str:
    """Word a date that needs no zone."""
    return day_short(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), "UTC", today=today)


def line(each: Line, *, today: date) -> Row:
    """Word one day of a list."""
    return row(each.day, today=today, guests=each.guests, booked=each.booked)


def row(day: Day, *, today: date, guests: int = 0, booked: int = 0) -> Row:
    """Word one day, with how many it invites and have a shift, where that is told."""
    return Row(
        url=url_for("cohort.show", day_id=day.id),
        name=day.name,
        day=day_short(day.talk_starts_at, day.zone, today=today),
        site=day.site_name,
        talk=_times(day),
        booked=f"{booked} of {guests}",
        pill=_pill(day),
    )


def _pill(day: Day) -> tuple[str, str, str]:
    if day.state != "cancelled" and day.talk_ends_at <= now():
        return OVER
    return STATES[day.state]


def _times(day: Day) -> str:
    return time_range(day.talk_starts_at, day.talk_ends_at, day.zone)


def said(seen: Seen, *, today: date) -> Said:
    """Word the day itself."""
    day = seen.day
    return Said(
        day=day_long(day.talk_starts_at, day.zone, today=today),
        begins=time_of_day(day.talk_starts_at, day.zone),
        talk=f"{_times(day)} ({length(day.talk.minutes)})",
        room=f"{day.room}, {day.site_name}",
        zone="" if day.zone == zone() else zone_line(day.zone),
        pill=_pill(day),
    )


def people(seen: Seen) -> tuple[Person, ...]:
    """List who is invited, with what each has on the day."""
    theirs: dict[UUID, list[Visit]] = {}
    for each in seen.booked:
        theirs.setdefault(each.observer_id, []).append(_visit(each, seen.day, part=By.COORDINATOR))
    return tuple(
        Person(
            id=each.id,
            chip=Chip(each.name, each.title, initials(each.name), "a"),
            visits=tuple(theirs.get(each.id, ())),
        )
        for each in seen.guests
    )


def booked(seen: Seen) -> tuple[tuple[str, Visit], ...]:
    """List shifts of a day with the name of who comes: a unit's, or a guest's own."""
    names = {each.id: each.name for each in seen.guests}
    own = len(seen.guests) == 1 and not seen.plans
    part = By.OBSERVER if own else By.UNIT
    return tuple(
        (names.get(each.observer_id, ""), _visit(each, seen.day, part=part)) for each in seen.booked
    )


def _visit(each: Booked, day: Day, *, part: By) -> Visit:
    return Visit(
        url=url_for("shifts.show", shift_id=each.shift_id),
        time=time_range(each.starts_at, each.ends_at, day.zone),
        start=each.starts_at.isoformat(),
        unit=each.unit_name,
        host=each.host_name,
        pill=pill(each.state, part=part),
        note=_note(each, day),
    )


def _note(each: Booked, day: Day) -> str:
    if each.joint or day.state != "planned":
        return ""
    if each.ends_at > day.talk_starts_at:
        return "Ends after the joint debrief begins: the two talk on their own."
    if each.talk_at is None:
        return ""
    return "One of the two has something else then: they talk on their own."


def meeting(each: Meeting) -> dict[str, Any]:
    """Word a meeting on offer."""
    free = each.seats - each.taken
    return {
        "what": each.what,
        "time": time_range(each.starts_at, each.ends_at, each.zone),
        "place": f"{each.room}, {each.site_name}",
        "host": Chip(each.host_name, each.host_title, initials(each.host_name), "a"),
        "seats": "1 seat free" if free == 1 else f"{free or 'No'} seats free",
    }


def checks(seen: Seen) -> list[dict[str, str]]:
    """List what a day needs, and whether it is there."""
    come = {each.observer_id for each in seen.booked}
    open_checks = sum(each.state == "unit_approved" for each in seen.booked)
    without = seen.invited - len(come)
    offered = len(seen.meetings)
    return [
        {
            "state": "ok" if seen.invited else "bad",
            "text": "People invited",
            "meta": str(seen.invited) if seen.invited else "Nobody yet",
        },
        {
            "state": "ok" if offered else "bad",
            "text": "At least one reverse shadow",
            "meta": f"{offered} on offer that day" if offered else "No meeting on offer that day",
        },
        {
            "state": "warn" if without or not seen.invited else "ok",
            "text": "Everybody has a shift",
            "meta": f"{len(come)} of {seen.invited}" if seen.invited else "Nobody yet",
        },
        {
            "state": "warn" if open_checks else "ok",
            "text": "Checks before the day",
            "meta": _open(open_checks),
        },
    ]


def _open(count: int) -> str:
    if not count:
        return "Nothing open"
    return f"{count} {'shift waits' if count == 1 else 'shifts wait'} for something to be finished"


def promises(listed: tuple[Promise, ...], *, today: date) -> list[dict[str, Any]]:
    """Word the promises of a day, in their order."""
    return [
        {
            "id": each.id,
            "text": each.action,
            "url": url_for("commitments.show", commitment_id=each.id),
            "meta": ", ".join(filter(None, (each.owner_name, each.unit_name))),
            "due": due(each.due_on, today=today) if each.state in UNDER_WAY else "",
            "state": _standing(each, today),
        }
        for each in listed
    ]


def _standing(each: Promise, today: date) -> str:
    return "late" if each.state in UNDER_WAY and each.due_on < today else each.state


def effects(seen: Seen) -> tuple[str, ...]:
    """Say what calling a day off does."""
    joint = sum(each.joint for each in seen.booked)
    if seen.day.state == "draft":
        return ("Nobody was told of it, and nobody is told now.",)
    stay = "1 shift stays" if joint == 1 else f"{joint} shifts stay"
    people_are = "1 person is" if seen.invited == 1 else f"{seen.invited} people are"
    return (
        f"{people_are} told that the joint debrief is off.",
        f"{stay} as booked, with a talk of its own again. Both calendars get an update."
        if joint
        else "No shift is booked for it yet.",
        "Meetings on offer stay on offer.",
    )
