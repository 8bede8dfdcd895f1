"""What the page of a shift says: its state, what is next, what happened; in whose eyes is decided.

Words only: what somebody may know was settled by the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from shadowing.adapters.plain_time import day_short
from shadowing.domain.bookings.states import By, State
from shadowing.domain.people import initials
from shadowing.services.bookings.seeing import NOT_AVAILABLE, Seen

YOUR_HOST: Final = "Your host"
OBS, HST, UNIT, CRD = By.OBSERVER, By.HOST, By.UNIT, By.COORDINATOR
BKP: Final = By.BACKUP
OFFICES: Final = {UNIT: "The unit", CRD: "The coordinator", BKP: "The backup host"}

PILLS: Final[Mapping[tuple[By, str], str]] = {
    (HST, State.REQUESTED): "Waits for you",
    (UNIT, State.HOST_ACCEPTED): "Waits for you",
    (HST, State.UNIT_APPROVED): "Waiting for clearance",
    (UNIT, State.UNIT_APPROVED): "Waiting for clearance",
    (UNIT, State.COMPLETED): "Over",
    (CRD, State.COMPLETED): "Over",
    (UNIT, NOT_AVAILABLE): "Released",
    (BKP, NOT_AVAILABLE): "Released",
    (HST, State.DECLINED): "Not this time",
    (CRD, State.DECLINED): "Not this time",
}


class Recorded(Protocol):
    """Promises of a visitor, counted."""

    @property
    def kept(self) -> int:
        """Kept, or answered with a reason."""

    @property
    def late(self) -> int:
        """Past their first date."""

    @property
    def open(self) -> int:
        """Still in time."""


@dataclass(frozen=True, slots=True)
class Pill:
    """A state as ``pills.state`` takes it."""

    code: str
    text: str


def pill(face: str, *, part: By) -> Pill:
    """Word a state for one part."""
    code = State.DECLINED.value if face == NOT_AVAILABLE else face
    return Pill(code, PILLS.get((part, face), ""))


def short(person: Seen, *, instead: str = YOUR_HOST) -> str:
    """Name somebody without credentials, or as what they are."""
    return person.name.partition(",")[0] or instead


def away(start: datetime, *, now: datetime, zone: str) -> str:
    """Say how many days lie between: "in 5 days", "today", "2 days ago"."""
    place = ZoneInfo(zone)
    days = (start.astimezone(place).date() - now.astimezone(place).date()).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days, f"in {days} days" if days > 0 else f"{-days} days ago")


def due(day: date, *, today: date) -> str:
    """Say when something is due: "Due tomorrow", "Due in 8 days", "3 days late"."""
    days = (day - today).days
    near = {0: "Due today", 1: "Due tomorrow", -1: "1 day late"}
    return near.get(days, f"Due in {days} days" if days > 0 else f"{-days} days late")


def promises(record: Recorded) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Word the promises of a visitor: what speaks for them, and what against (B1)."""
    total = record.kept + record.late + record.open
    if not total:
        return ("No promises yet: nothing kept, nothing broken.",), ()
    still = {0: "", 1: " 1 is still in time."}.get(
        record.open, f" {record.open} are still in time."
    )
    noun = "promise" if total == 1 else "promises"
    kept = f"Kept or answered {record.kept} of {total} {noun}.{still}"
    late = (f"{record.late} of {total} {noun} {'is' if record.late == 1 else 'are'} late.",)
    return (kept,), late if record.late else ()


def day_of(day: date, *, today: date) -> str:
    """Word a day that needs no zone."""
    return day_short(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), "UTC", today=today)


@dataclass(frozen=True, slots=True)
class Chip:
    """A person as a chip shows one."""

    name: str
    title: str
    initials: str
    side: str


def chip(person: Seen, *, part: By) -> Chip:
    """Show a person; a host who is not named yet by their role alone (A10)."""
    own = {By.OBSERVER: "a", By.HOST: "c"}.get(part)
    you = {"a": "You", "c": "You"}.get(person.side if person.side == own else "", "")
    theirs = "Your host" if own == "a" and person.side == "c" else ""
    name = person.name or YOUR_HOST
    words = ". ".join(filter(None, (person.words, you or theirs if person.name else "")))
    return Chip(name, words, initials(person.name) if person.name else "?", person.side)
