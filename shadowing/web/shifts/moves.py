"""Answers and ways out: each move a form that works without a script.

Opening an address never moves anything: mail scanners follow links. What a letter links to is a
page that asks once more and says who will be told.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.bookings.states import By
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import answering, leaving, looking, undoing
from shadowing.web.session import actor, needs, work
from shadowing.web.shifts import cancelling, questions
from shadowing.web.shifts.said import Answer, back, done, refused
from shadowing.web.shifts.words import chip, pill, short

bp = Blueprint("moves", __name__)


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


@bp.route("/shifts/<uuid:shift_id>/confirm", methods=["GET", "POST"])
@needs(Action.SHIFT_CONFIRM)
def confirm(shift_id: UUID) -> ResponseReturnValue:
    """Confirm after a last look, as the coordinator; opened, ask once more."""
    return _move(shift_id, "confirm", answering.confirm)


@bp.route("/shifts/<uuid:shift_id>/decline", methods=["GET", "POST"])
@needs(Action.SHIFT_DECLINE)
def decline(shift_id: UUID) -> ResponseReturnValue:
    """Say not this time; opened, ask once more."""
    return _move(shift_id, "decline", leaving.decline)


@bp.route("/shifts/<uuid:shift_id>/cancel", methods=["GET", "POST"])
@needs(Action.SHIFT_CANCEL)
def cancel(shift_id: UUID) -> ResponseReturnValue:
    """Take back, cancel, call off or stop for care; opened, ask once more."""
    if looking.show(work(), actor(), shift_id=shift_id).part is By.OBSERVER:
        return cancelling.page(shift_id)
    return _move(shift_id, "cancel", answering.cancel)


@bp.post("/shifts/<uuid:shift_id>/undo")
@needs(Action.SHIFT_SEE)
def undo(shift_id: UUID) -> ResponseReturnValue:
    """Put a shift back where it was, within minutes of a way out."""
    try:
        undoing.undo(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    flash("Undone. Nobody was told, and everything is as it was.", "success")
    return back(shift_id)


@bp.route("/shifts/<uuid:shift_id>/withdraw", methods=["GET", "POST"])
@needs(Action.SHIFT_MOVE)
def withdraw(shift_id: UUID) -> ResponseReturnValue:
    """Take a request back; opened, ask once more."""
    if request.method != "POST":
        return redirect(url_for(".cancel", shift_id=shift_id), 303)
    return done(shift_id, leaving.cancel)


def _move(shift_id: UUID, name: str, answer: Answer) -> ResponseReturnValue:
    return done(shift_id, answer) if request.method == "POST" else _ask(shift_id, name)


def _ask(shift_id: UUID, name: str) -> ResponseReturnValue:
    """Ask once more, or say that it cannot be done any more; nothing is changed."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    question = questions.question(view, name) if name in view.moves else None
    names = {"observer": short(view.observer), "host": short(view.host)}
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
        address=url_for(f".{name}", shift_id=shift_id),
    )
