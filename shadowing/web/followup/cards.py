"""Promises as cards: You saw, then We will, We did or Why not, then what happened when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from flask import url_for

from shadowing.adapters.plain_time import day_short
from shadowing.domain.followup.moves import Commitment as State
from shadowing.domain.people import initials
from shadowing.services.followup.board import Promised
from shadowing.services.followup.keeping import BEFORE
from shadowing.web.session import today, zone

BANDS: Final = {"day": "day shift", "evening": "evening shift", "night": "night shift"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One promise, as ``promises.card`` takes it."""

    id: str
    owner: dict[str, str]
    state: str
    state_text: str
    saw: str
    kind: str
    text: str
    where: str
    dates: tuple[tuple[str, str, str], ...]
    url: str
    by: str


def card(one: Promised, *, linked: str = "yes") -> Card:
    """Put a promise into words; on its own page it is not *linked*."""
    promise = one.shown.promise
    became = one.shown.outcome if promise.state == State.SEEN else promise.state
    declined = became == State.DECLINED
    last = next((step.note for step in reversed(one.steps) if step.state == became), "")
    band = BANDS.get(one.shown.band, "")
    return Card(
        id=f"promise-{promise.id}",
        owner={
            "name": one.shown.owner_name,
            "title": one.shown.owner_title,
            "initials": initials(one.shown.owner_name),
            "side": "a",
        },
        state="late" if one.days_late else _face(became),
        state_text=_standing(one, became),
        saw=promise.saw or "Nothing was written down for the board.",
        kind="why_not" if declined else ("did" if became == State.DONE else "will"),
        text=last if declined else promise.action,
        where=f"{one.shown.unit_name}, {band}" if band else one.shown.unit_name,
        dates=tuple(filter(None, (_line(one, step) for step in one.steps))),
        url=url_for("commitments.show", commitment_id=promise.id) if linked else "",
        by=f"Promised: {promise.action}" if declined else _by(one),
    )


def _face(became: str) -> str:
    return became or State.SEEN


def _by(one: Promised) -> str:
    promise = one.shown.promise
    who = f"By {promise.team}. " if promise.team else ""
    open_ = promise.state in {State.PROPOSED, State.AGREED, State.IN_PROGRESS}
    return f"{who}By {_day(promise.due_on)}" if open_ else who.strip()


def _standing(one: Promised, became: str) -> str:
    """Say in words how a promise stands, where the pill alone says too little."""
    if one.days_late:
        return f"{one.days_late} day{'s' * (one.days_late != 1)} late"
    if became == State.DONE:
        done = next((step.at for step in reversed(one.steps) if step.state == State.DONE), None)
        days = (done - one.shown.promise.created_at).days if done else 0
        return f"Done in {days} days" if days > 1 else "Done at once"
    return ""


def _line(one: Promised, step: Any) -> tuple[str, str, str] | None:  # noqa: ANN401 - a line of the store
    said = _said(one, step)
    return (_day(step.at), step.at.date().isoformat(), said) if said else None


def _said(one: Promised, step: Any) -> str:  # noqa: ANN401
    note = f"“{step.note}”" if step.note else ""
    if step.state == State.PROPOSED:
        return _proposed(one, step)
    if step.state == State.IN_PROGRESS:
        later = f" New date: {_day(step.due_on)}." if step.due_on else ""
        return f"{note or 'Under way.'}{later}"
    return {
        State.AGREED: "Words agreed with the host",
        State.DONE: f"Done. {note}".strip(),
        State.DECLINED: "Answered",
        State.SEEN: "The host has seen it",
    }.get(State(step.state), "")


def _proposed(one: Promised, step: Any) -> str:  # noqa: ANN401
    """Tell the two how the words came about, and everybody else that it was promised."""
    if not step.note:
        return f"Promised, for {_day(one.shown.promise.first_due_on)}"
    if one.part == "reader":
        return ""
    if step.by_id == one.shown.promise.owner_id:
        return f"Other words. {BEFORE}“{step.note.removeprefix(BEFORE)}”"
    return f"The host suggests: “{step.note}”"


def _day(at: datetime | date) -> str:
    if isinstance(at, datetime):
        return day_short(at, zone(), today=today())
    return day_short(datetime(at.year, at.month, at.day, 12, tzinfo=UTC), "UTC", today=today())
