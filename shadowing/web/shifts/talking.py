"""The talk after a shift: another time for it, "not yet", or none where too little was seen."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import day_short, time_range
from shadowing.domain.availability.clock import instant
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.policy import Action
from shadowing.services.bookings import looking, talking
from shadowing.services.bookings.looking import View
from shadowing.services.bookings.talking import Times
from shadowing.web.fields import ChoiceField, DayField, TimeField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.sentences import field_of
from shadowing.web.session import actor, needs, today, work
from shadowing.web.shifts import asked
from shadowing.web.shifts.said import Answer, back, refused

bp = Blueprint("talking", __name__)

OWN: Final = "own"


class TalkForm(HouseForm):
    """When the two talk."""

    debrief = ChoiceField("A time you both have free", needed="Choose a time.")
    day = DayField("Day")
    at = TimeField("From")


@bp.route("/shifts/<uuid:shift_id>/talk", methods=["GET", "POST"])
@needs(Action.DEBRIEF_MOVE)
def talk(shift_id: UUID) -> ResponseReturnValue:
    """Choose another time for the talk: one of three, or one's own."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    try:
        times = talking.times(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    form = TalkForm()
    form.debrief.choices = offered(_choices(times, view))
    if not form.submitted():
        return _page(view, times, form)
    start = _start(form, view)
    if start is None:
        form.day.errors = ["Enter a day and a time, or choose one of those above."]
        return _page(view, times, form)
    try:
        talking.move(work(), actor(), shift_id=shift_id, start=start)
    except NotFound:
        raise
    except Refusal as refusal:
        if field_of(refusal) != "debrief":
            return refused(shift_id, refusal)
        form.refuse(refusal)
        return _page(view, times, form)
    flash("Moved. Both of you get an update for your calendar.", "success")
    return redirect(url_for("shifts.show", shift_id=shift_id), 303)


def _choices(times: Times, view: View) -> list[tuple[object, str]]:
    free: list[tuple[object, str]] = [
        (span.start.isoformat(), _words(span, view)) for span in times.free
    ]
    return [*free, (OWN, "Another time, below")]


def _words(span: Interval, view: View) -> str:
    day = day_short(span.start, view.zone, today=today())
    return f"{day}, {time_range(span.start, span.end, view.zone)}"


def _start(form: TalkForm, view: View) -> datetime | None:
    if form.debrief.data != OWN:
        return datetime.fromisoformat(str(form.debrief.data))
    if form.day.data is None or form.at.data is None:
        return None
    return instant(form.day.data, f"{form.at.data:%H:%M}", ZoneInfo(view.zone))


def _page(view: View, times: Times, form: TalkForm) -> ResponseReturnValue:
    page = render_template(
        "shifts/talk.html",
        form=form,
        stands=_words(times.now, view),
        may_drop="drop-talk" in view.moves,
        **asked.around(view),
    )
    return page, form.status if form.is_submitted() else 200


@bp.post("/shifts/<uuid:shift_id>/talk/not-yet")
@needs(Action.DEBRIEF_MARK)
def not_yet(shift_id: UUID) -> ResponseReturnValue:
    """Say that the two have not talked yet, where the other one said so."""
    return _said(shift_id, talking.not_yet, "Recorded: the talk is still to come.")


@bp.post("/shifts/<uuid:shift_id>/talk/drop")
@needs(Action.DEBRIEF_MARK)
def drop(shift_id: UUID) -> ResponseReturnValue:
    """Let the talk be where too little was seen; nobody is asked why (F5)."""
    return _said(shift_id, talking.drop, "The talk does not take place. Nobody is asked why.")


def _said(shift_id: UUID, answer: Answer, words: str) -> ResponseReturnValue:
    try:
        answer(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    flash(words, "success")
    return back(shift_id)
