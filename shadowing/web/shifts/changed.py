"""A change that waits, on the page of its shift and in the list of what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import url_for

from shadowing.adapters.plain_time import day_short, moment, time_range
from shadowing.domain.bookings.proposals import Kind
from shadowing.domain.bookings.states import By
from shadowing.services.bookings.changes import Change
from shadowing.web.session import today
from shadowing.web.shifts.words import Chip, chip, short

PAGES: Final = {
    Kind.MOVE: "moving.answer",
    Kind.HOURS: "other_hours.hours",
    Kind.SWAP: "swapping.answer",
}
WHO: Final = {By.HOST: "the host", By.UNIT: "the unit lead", By.OBSERVER: "the visitor"}


@dataclass(frozen=True, slots=True)
class Waits:
    """A change that waits, in a sentence with a way on."""

    strong: str
    text: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class Row:
    """A change in the list of what waits for somebody."""

    chip: Chip
    strong: str
    text: str
    url: str


def waits(change: Change) -> Waits:
    """Word a change on the page of the shift it would change."""
    asks = set(change.can) - {"withdraw"}
    by = moment(change.answer_by, change.zone, today=today())
    who = "you" if asks and change.part is change.waits_for else WHO[change.waits_for]
    return Waits(
        strong=_what(change),
        text=f"It waits for {who}, until {by}. Until then everything stays as it is.",
        url=url_for(PAGES[change.kind], shift_id=change.shift.id),
        link="Answer it" if asks else "See it, or take it back" if change.can else "See it",
    )


def row(change: Change) -> Row:
    """Word a change in a list."""
    by = moment(change.answer_by, change.zone, today=today())
    return Row(
        chip=chip(change.host if change.part is By.OBSERVER else change.observer, part=change.part),
        strong=_what(change),
        text=f"{change.unit_name} · Answer by {by}",
        url=url_for(PAGES[change.kind], shift_id=change.shift.id),
    )


def _what(change: Change) -> str:
    new, old = _time(change, new=True), _time(change, new=False)
    if change.kind is Kind.HOURS:
        return f"Other hours are offered: {new}."
    if change.kind is Kind.SWAP:
        return f"{short(change.host)} is asked to host on {old}."
    return f"Another time is asked for: {new}, in place of {old}."


def _time(change: Change, *, new: bool) -> str:
    one, zone = (change, change.zone) if new else (change.shift, change.old_zone)
    day = day_short(one.starts_at, zone, today=today())
    return f"{day}, {time_range(one.starts_at, one.ends_at, zone)}"
