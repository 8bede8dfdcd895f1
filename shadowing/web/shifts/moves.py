"""Answers and ways out: each move a form that works without a script.

Opening an address never moves anything: mail scanners follow links. What a letter links to is a
page that asks once more and says who will be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.bookings.states import By, State
from shadowing.domain.bookings.timing import late_cancel
from shadowing.domain.policy import Action
from shadowing.services.bookings import answering, looking
from shadowing.services.bookings.looking import View
from shadowing.web.session import actor, needs, now, work
from shadowing.web.shifts.said import Answer, done
from shadowing.web.shifts.show import chip
from shadowing.web.shifts.words import pill, short

bp = Blueprint("moves", __name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked once more before it is done: what happens, and who is told."""

    title: str
    lines: tuple[str, ...]
    button: str
    kind: str = ""


NO: Final = "{observer} only sees “not available”. Nobody asks why."
QUESTIONS: Final[Mapping[tuple[str, By], Question]] = {
    ("accept", By.HOST): Question(
        "Say yes to {observer}?",
        (
            "{observer} is told that you said yes.",
            "Where nothing else is open it is confirmed at once, and you both get your invites.",
            "You can call it off at any time, and no reason is asked.",
        ),
        "Accept",
    ),
    ("decline", By.HOST): Question(
        "Not this time?",
        (NO, "Your time is open again for others."),
        "Not this time",
    ),
    ("approve", By.UNIT): Question(
        "Say yes for your unit?",
        (
            "{host} has said yes to {observer} already.",
            "Where nothing else is open it is confirmed at once, and both get their invites.",
            "You can stop it for care at any time, and no reason is asked.",
        ),
        "Approve",
    ),
    ("decline", By.UNIT): Question(
        "Not this time?",
        (NO, "{host} is told that it does not take place."),
        "Not this time",
    ),
    ("decline", By.COORDINATOR): Question(
        "Not this time?",
        (NO, "{host} is told that it does not take place."),
        "Not this time",
    ),
}
TAKE_BACK: Final = Question(
    "Take your request back?",
    (
        "Everybody who was asked is told that it is withdrawn.",
        "The time is open again for others.",
        "It does not count against you.",
    ),
    "Withdraw",
    "bad",
)
CANCELS: Final[Mapping[By, Question]] = {
    By.OBSERVER: Question(
        "Cancel this shift?",
        (
            "{host} and the unit are told at once, and it can’t be undone.",
            "Both calendar events, the shift and the talk, are taken back.",
            "You are offered other times on the next page.",
        ),
        "Cancel shift",
        "bad",
    ),
    By.HOST: Question(
        "Call this shift off?",
        (
            "{observer} only sees “not available”, and gets other times offered.",
            "Both calendar events, the shift and the talk, are taken back.",
            "No reason is asked, and it is never counted.",
        ),
        "Call it off",
        "bad",
    ),
    By.UNIT: Question(
        "Stop this shift for care?",
        (
            "{observer} and {host} are told that care comes first.",
            "Both calendar events, the shift and the talk, are taken back.",
            "No reason is asked, and it is never counted.",
        ),
        "Stop for care",
        "bad",
    ),
    By.COORDINATOR: Question(
        "Stop this shift for the unit?",
        (
            "{observer} and {host} are told that care comes first.",
            "Both calendar events, the shift and the talk, are taken back.",
            "It is never counted.",
        ),
        "Stop for care",
        "bad",
    ),
}
LATE: Final = (
    "The shift starts in less than 48 hours. A cancel now is counted: you and your coordinator "
    "see that, nobody else. Not well? Stay home, cancel, and tell your coordinator why."
)


@bp.route("/shifts/<uuid:shift_id>/accept", methods=["GET", "POST"])
@needs(Action.SHIFT_ACCEPT)
def accept(shift_id: UUID) -> ResponseReturnValue:
    """Say yes as the host; opened, ask once more."""
    return _move(shift_id, "accept", answering.accept)


@bp.route("/shifts/<uuid:shift_id>/approve", methods=["GET", "POST"])
@needs(Action.SHIFT_APPROVE)
def approve(shift_id: UUID) -> ResponseReturnValue:
    """Say yes for the unit; opened, ask once more."""
    return _move(shift_id, "approve", answering.approve)


@bp.route("/shifts/<uuid:shift_id>/decline", methods=["GET", "POST"])
@needs(Action.SHIFT_DECLINE)
def decline(shift_id: UUID) -> ResponseReturnValue:
    """Say not this time; opened, ask once more."""
    return _move(shift_id, "decline", answering.decline)


@bp.route("/shifts/<uuid:shift_id>/cancel", methods=["GET", "POST"])
@needs(Action.SHIFT_CANCEL)
def cancel(shift_id: UUID) -> ResponseReturnValue:
    """Take back, cancel, call off or stop for care; opened, ask once more."""
    return _move(shift_id, "cancel", answering.cancel)


@bp.route("/shifts/<uuid:shift_id>/withdraw", methods=["GET", "POST"])
@needs(Action.SHIFT_MOVE)
def withdraw(shift_id: UUID) -> ResponseReturnValue:
    """Take a request back; opened, ask once more."""
    if request.method != "POST":
        return redirect(url_for(".cancel", shift_id=shift_id), 303)
    return done(shift_id, answering.withdraw)


def _move(shift_id: UUID, name: str, answer: Answer) -> ResponseReturnValue:
    return done(shift_id, answer) if request.method == "POST" else _ask(shift_id, name)


def _ask(shift_id: UUID, name: str) -> ResponseReturnValue:
    """Ask once more, or say that it cannot be done any more; nothing is changed."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    question = _question(view, name) if name in view.moves else None
    names = {"observer": short(view.observer), "host": short(view.host)}
    late = view.part is By.OBSERVER and view.face == State.CONFIRMED
    return render_template(
        "shifts/ask.html",
        view=view,
        shift=view.shift,
        pill=pill(view.face, part=view.part),
        observer=chip(view.observer, part=view.part),
        host=chip(view.host, part=view.part),
        question=question,
        title=question.title.format_map(names) if question else "This has moved on",
        lines=[line.format_map(names) for line in question.lines] if question else [],
        warning=LATE if question and late and late_cancel(now(), view.shift.starts_at) else "",
        address=url_for(f".{name}", shift_id=shift_id),
    )


def _question(view: View, name: str) -> Question | None:
    if name != "cancel":
        return QUESTIONS.get((name, view.part))
    if view.part is By.OBSERVER and view.face != State.CONFIRMED:
        return TAKE_BACK
    if "decline" in view.moves:
        return QUESTIONS[("decline", view.part)]
    return CANCELS[view.part]
