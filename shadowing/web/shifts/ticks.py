"""What is ticked for a shift before or at check-in, and what has to be kept to on the unit."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, flash
from flask.typing import ResponseReturnValue

from shadowing.domain.clearance.evidence import Effect
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import readiness
from shadowing.services.bookings.readiness import Limit
from shadowing.web.fields import ManyField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, work
from shadowing.web.shifts.said import back, refused

bp = Blueprint("ticks", __name__)

FIT: Final = "FIT"


class TicksForm(HouseForm):
    """Whatever is ticked for a shift."""

    tick = ManyField("Done", needed="Tick what is done.")


@bp.post("/shifts/<uuid:shift_id>/ticks")
@needs(Action.CREDENTIAL_TICK)
def tick(shift_id: UUID) -> ResponseReturnValue:
    """Put on record what was ticked for a shift (C7)."""
    form = TicksForm()
    chosen = [text for text in form.tick.raw_data or () if isinstance(text, str)]
    form.tick.choices = offered((text, text) for text in chosen)
    codes = tuple(form.tick.data or ()) if form.submitted() else ()
    if not codes:
        flash("Tick what is done, then keep it.", "warning")
        return back(shift_id)
    try:
        kept = readiness.tick(work(), actor(), shift_id=shift_id, codes=codes)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    flash("Kept." if kept else "Nothing to keep: that was ticked already.", "success")
    return back(shift_id)


def limit_words(limit: Limit) -> str:
    """Say what has to be kept to on the unit, never why (C4, 8.1)."""
    if limit.effect is Effect.MASK:
        return "Wears a mask in patient areas."
    if limit.code == FIT:
        return "Not into airborne isolation rooms."
    return f"Not into the rooms for which “{limit.label}” is asked."
