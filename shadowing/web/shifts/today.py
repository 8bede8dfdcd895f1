"""What the page of a shift says of its day: the next step, and what can be tapped besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.adapters.plain_time import moment, time_range
from shadowing.domain.bookings.states import By, State
from shadowing.services.bookings.looking import View
from shadowing.services.bookings.today import Today
from shadowing.web.shifts.nexts import Next
from shadowing.web.shifts.words import CRD, HST, OBS, UNIT, short

PANELS: Final = ("let-through", "happened", "enter", "object", "settle")
"""What takes the place of the next step, the first that fits."""


@dataclass(frozen=True, slots=True)
class Told:
    """The day in words.

    Attributes:
        next: Said instead of what the state alone would say; nothing where that is enough.
        panel: Which of ``PANELS`` the next step is, if any.
        stayed: From when to when somebody was there, and how that is known.
        counts: Pauses and patients, as sentences.
        counted: What is counted in this cycle, and what comes of it.
    """

    next: Next | None
    panel: str
    stayed: str
    counts: tuple[str, ...]
    counted: str
    end_codes: tuple[tuple[str, str], ...]


def told(view: View, day: Today, *, now: datetime) -> Told:
    """Put the day of a shift into words."""
    codes = reference.load().lists["end_codes"]
    return Told(
        next=_next(view, day, now=now),
        panel=next((panel for panel in PANELS if _fits(panel, view, day)), ""),
        stayed=_stayed(view),
        counts=_counts(day),
        counted=_counted(view, day),
        end_codes=tuple((code, str(row["label"])) for code, row in codes.items()),
    )


def _fits(panel: str, view: View, day: Today) -> bool:
    if panel == "settle":
        return "took-place" in day.moves or "let-stand" in day.moves
    return panel in day.moves or (panel == "object" and day.objected and view.part is OBS)


def _next(view: View, day: Today, *, now: datetime) -> Next | None:
    face = view.face
    if face == State.REQUESTED and view.shift.held_back:
        return _held(view, day)
    if face == State.CONFIRMED and view.shift.ends_at <= now:
        return _after(view, day)
    if face == State.CONFIRMED and view.shift.starts_at <= now:
        return _late(view)
    if face == State.CHECKED_IN and day.outside:
        return _outside(view)
    if face == State.NO_SHOW and view.part in {OBS, CRD}:
        return _gone(view, day)
    return None


def _held(view: View, day: Today) -> Next | None:
    number = day.counted.number if day.counted else 0
    if view.part is CRD:
        return Next(
            "This request waits for you",
            f"{short(view.observer)} has {_times(number)} in this cycle. The host is not told of "
            "the request before you let it through.",
        )
    return Next(
        "Your coordinator looks at it first",
        f"{_times(number).capitalize()} in this cycle are counted. Nobody else is told, and your "
        "place is kept meanwhile.",
    )


def _times(number: int) -> str:
    return "1 late cancel or absence" if number == 1 else f"{number} late cancels or absences"


def _after(view: View, day: Today) -> Next:
    if view.part not in {OBS, HST}:
        by = _moment(view, view.shift.ends_at + view.timing.record_within)
        return Next(
            "Nobody checked in",
            f"Both are asked whether it took place. Is there a paper sheet? Enter it by {by}.",
        )
    other = short(view.host if view.part is OBS else view.observer)
    if day.said is None:
        return Next("Did it happen?", "Nobody checked in. One tap is enough; it counts as planned.")
    said = "You said that it took place" if day.said else "You said that it did not take place"
    return Next(said, f"{other} is asked too. You can still change your answer.")


def _late(view: View) -> Next | None:
    if view.part is OBS:
        return Next("Your shift has begun", "Late is fine: hours run from your check-in.")
    who = short(view.observer)
    return Next(f"{who} is not checked in yet", "Late is fine: hours run from the check-in.")


def _outside(view: View) -> Next:
    if view.part is OBS:
        text = f"Go back in when {short(view.host)} says so. Nobody asks why."
        return Next("You are outside for now", text)
    title = f"{short(view.observer)} is outside for now"
    return Next(title, "They come back in when it suits. Nobody asks why.")


def _gone(view: View, day: Today) -> Next | None:
    if day.settled:
        return Next("Your coordinator looked at it" if view.part is OBS else "Settled", day.settled)
    if view.part is CRD:
        who = short(view.observer)
        title = f"{who} says that this is wrong" if day.objected else "Recorded as: did not happen"
        return Next(title, f"If it did take place, put it on record, and say why. {who} reads it.")
    if day.objected:
        return Next("You said that this is wrong", "Your coordinator looks at it, and you hear.")
    if "object" in day.moves and day.noticed:
        by = _moment(view, day.noticed + view.timing.object_within)
        text = f"If that is wrong, say so by {by}. Your coordinator looks at it."
        return Next("Recorded as: did not happen", text)
    return Next("Recorded as: did not happen", "Nothing for you to do.")


def _moment(view: View, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(view.zone)).date()
    return moment(at, view.zone, today=local)


MARKS: Final = {
    "afterwards": "Said afterwards, with the planned times.",
    "paper": "From a paper sheet.",
    "settled": "Settled by the coordinator, with the planned times.",
}


def _stayed(view: View) -> str:
    came, left = view.shift.checked_in_at, view.shift.checked_out_at
    if came is None or left is None or view.part is By.BACKUP:
        return ""
    marked = MARKS.get(view.shift.reason, "")
    if view.shift.automatic:
        marked = "Nobody checked out, so the planned end was taken."
    return f"{time_range(came, left, view.zone)}. {marked}".strip()


def _counts(day: Today) -> tuple[str, ...]:
    if day.counts is None:
        return ()
    asked = {None: "Not said yet", True: "Yes", False: "No"}[day.counts.patients_asked]
    return (
        f"Pauses: {day.counts.pauses}.",
        f"Each patient was asked: {asked.lower()}.",
        f"Patients who preferred not: {day.counts.preferred_not}.",
    )


def _counted(view: View, day: Today) -> str:
    counted = day.counted
    if counted is None or not counted.number or view.part is UNIT:
        return ""
    after = (
        f" From {counted.limit} on, requests go to the coordinator first." if counted.limit else ""
    )
    return f"{_times(counted.number).capitalize()} in {counted.cycle}.{after}"
