"""The day itself and the talk after it: each move a form that works without a script."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import day, debriefing
from shadowing.web.sentences import field_of
from shadowing.web.session import actor, needs, work
from shadowing.web.shifts.forms import CheckInForm, WaiveForm
from shadowing.web.shifts.said import back, done, refused, told
from shadowing.web.shifts.show import page

bp = Blueprint("day", __name__)


@bp.post("/shifts/<uuid:shift_id>/check-in")
@needs(Action.SHIFT_CHECK_IN)
def check_in(shift_id: UUID) -> ResponseReturnValue:
    """Say that the visitor is there, and well (D1, D2)."""
    form = CheckInForm()
    if not form.submitted():
        return page(shift_id, check_in=form)
    well = "yes" if form.well.data else ""
    try:
        there = day.check_in(work(), actor(), shift_id=shift_id, well=well)
    except NotFound:
        raise
    except Refusal as refusal:
        if field_of(refusal) == "well":
            form.refuse(refusal)
            return page(shift_id, check_in=form)
        return refused(shift_id, refusal)
    return told(there)


@bp.post("/shifts/<uuid:shift_id>/check-out")
@needs(Action.SHIFT_CHECK_OUT)
def check_out(shift_id: UUID) -> ResponseReturnValue:
    """Say that the visitor has left, early or not."""
    return done(shift_id, day.check_out)


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
    if not form.submitted():
        return page(shift_id, waive=form)
    try:
        debriefing.waive(work(), actor(), shift_id=shift_id, reason=form.reason.data or "")
    except NotFound:
        raise
    except Refusal as refusal:
        if field_of(refusal) == "reason":
            form.refuse(refusal)
            return page(shift_id, waive=form)
        return refused(shift_id, refusal)
    flash("Recorded: the talk does not take place. Both can go on without it.", "success")
    return back(shift_id)
