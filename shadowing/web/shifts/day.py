"""The day itself and the talk after it: each move a form that works without a script."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import day, debriefing, joining, stepping
from shadowing.web.forms import HouseForm
from shadowing.web.sentences import field_of
from shadowing.web.session import actor, needs, work
from shadowing.web.shifts.forms import CheckInForm, EndForm, JoinForm, WaiveForm
from shadowing.web.shifts.said import Standing, back, done, refused, told
from shadowing.web.shifts.show import page

bp = Blueprint("day", __name__)

Act = Callable[[], Standing]


def filled(
    shift_id: UUID, name: str, form: HouseForm, act: Act, *, words: str = ""
) -> ResponseReturnValue:
    """Do what was filled in, or show the page again with what has to be mended at its field.

    Args:
        shift_id: Of the shift.
        name: Under which the page knows the form.
        form: As it was sent.
        act: What to do with it.
        words: Said when it is done; what its state says unless given.
    """
    if not form.submitted():
        return page(shift_id, **{name: form})
    try:
        moved = act()
    except NotFound:
        raise
    except Refusal as refusal:
        if field_of(refusal) in form:
            form.refuse(refusal)
            return page(shift_id, **{name: form})
        return refused(shift_id, refusal)
    if not words:
        return told(moved)
    flash(words, "success")
    return back(shift_id)


def tapped(shift_id: UUID, act: Act, words: str) -> ResponseReturnValue:
    """Do what one press asks for, and say so."""
    return filled(shift_id, "", HouseForm(), act, words=words)


@bp.post("/shifts/<uuid:shift_id>/check-in")
@needs(Action.SHIFT_CHECK_IN)
def check_in(shift_id: UUID) -> ResponseReturnValue:
    """Say that the visitor is there, and well (D1, D2)."""
    form = CheckInForm()

    def act() -> Standing:
        well, seen = "yes" if form.well.data else "", bool(form.id_seen.data)
        return day.check_in(work(), actor(), shift_id=shift_id, well=well, id_seen=seen)

    return filled(shift_id, "check_in", form, act)


@bp.post("/shifts/<uuid:shift_id>/join-at")
@needs(Action.AVAILABILITY_CHANGE)
def say_where(shift_id: UUID) -> ResponseReturnValue:
    """Say where a remote shift is joined that one took over (B12, B17)."""
    form = JoinForm()

    def act() -> Standing:
        return joining.say(work(), actor(), shift_id=shift_id, join_at=form.join_at.data or "")

    return filled(shift_id, "join_at", form, act, words="Saved. Whoever joins you is told.")


@bp.post("/shifts/<uuid:shift_id>/id-seen")
@needs(Action.SHIFT_CHECK_IN)
def id_seen(shift_id: UUID) -> ResponseReturnValue:
    """Say that a photo ID was seen after all (D2)."""
    return tapped(
        shift_id,
        lambda: day.id_was_seen(work(), actor(), shift_id=shift_id),
        "Noted: a photo ID was seen.",
    )


@bp.post("/shifts/<uuid:shift_id>/not-well")
@needs(Action.SHIFT_CANCEL)
def not_well(shift_id: UUID) -> ResponseReturnValue:
    """Call it off because the visitor is not well; with ``then=move`` look for another time."""
    try:
        day.not_well(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    flash("Called off, and it is not counted. Both are told, and not why.", "success")
    if request.form.get("then") == "move":
        return redirect(url_for("shifts.show", shift_id=shift_id) + "#others", 303)
    return back(shift_id)


@bp.post("/shifts/<uuid:shift_id>/check-out")
@needs(Action.SHIFT_CHECK_OUT)
def check_out(shift_id: UUID) -> ResponseReturnValue:
    """Say that the visitor has left, early or not, and why if somebody likes to (D4, D5)."""
    form = EndForm()

    def act() -> Standing:
        return day.check_out(work(), actor(), shift_id=shift_id, code=form.code.data or "")

    return filled(shift_id, "end", form, act)


@bp.post("/shifts/<uuid:shift_id>/pause")
@needs(Action.SHIFT_PAUSE)
def pause(shift_id: UUID) -> ResponseReturnValue:
    """Step out; a number is kept, and nothing else (D6)."""
    return tapped(
        shift_id,
        lambda: stepping.pause(work(), actor(), shift_id=shift_id),
        "Paused. Only the number of pauses is kept.",
    )


@bp.post("/shifts/<uuid:shift_id>/resume")
@needs(Action.SHIFT_PAUSE)
def resume(shift_id: UUID) -> ResponseReturnValue:
    """Come back in (D6)."""
    return tapped(shift_id, lambda: stepping.resume(work(), actor(), shift_id=shift_id), "Back in.")


@bp.post("/shifts/<uuid:shift_id>/patients")
@needs(Action.PATIENTS_RECORD)
def patients(shift_id: UUID) -> ResponseReturnValue:
    """Say whether each patient was asked, or count one who preferred not (D8)."""
    each, more = request.form.get("asked", ""), request.form.get("preferred", "")

    def act() -> Standing:
        if each in {"yes", "no"}:
            return stepping.asked_each(work(), actor(), shift_id=shift_id, each=each)
        change = {"more": 1, "fewer": -1}.get(more, 0)
        return stepping.preferred_not(work(), actor(), shift_id=shift_id, more=change)

    return tapped(shift_id, act, "Noted: a number, and nothing else.")


@bp.post("/shifts/<uuid:shift_id>/debrief")
@needs(Action.DEBRIEF_MARK)
def debrief(shift_id: UUID) -> ResponseReturnValue:
    """Say that the two have talked."""
    return done(shift_id, debriefing.mark_held)


@bp.post("/shifts/<uuid:shift_id>/waive")
@needs(Action.DEBRIEF_WAIVE)
def waive(shift_id: UUID) -> ResponseReturnValue:
    """Let the talk be, with a reason, as the coordinator."""
    form = WaiveForm()

    def act() -> Standing:
        return debriefing.waive(work(), actor(), shift_id=shift_id, reason=form.reason.data or "")

    words = "Recorded: the talk does not take place. Both can go on without it."
    return filled(shift_id, "waive", form, act, words=words)
