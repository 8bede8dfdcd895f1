"""After the day: did not come, did it happen, the paper sheet, times put right, what is settled."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.policy import Action
from shadowing.services.bookings import absence, afterwards, counting, looking, today
from shadowing.services.bookings.recording import Times
from shadowing.web.session import actor, needs, now, work
from shadowing.web.shifts.day import filled, tapped
from shadowing.web.shifts.forms import SettleForm, TimesForm
from shadowing.web.shifts.said import Standing
from shadowing.web.shifts.today import told
from shadowing.web.shifts.words import chip, pill

bp = Blueprint("afterwards", __name__)


@bp.post("/shifts/<uuid:shift_id>/did-not-come")
@needs(Action.SHIFT_NO_SHOW)
def did_not_come(shift_id: UUID) -> ResponseReturnValue:
    """Say that the visitor did not come (D3)."""
    return tapped(
        shift_id,
        lambda: absence.did_not_come(work(), actor(), shift_id=shift_id),
        "Recorded as: did not happen. The visitor is told, and may say that it is wrong.",
    )


@bp.get("/shifts/<uuid:shift_id>/did-it-happen")
@needs(Action.SHIFT_HAPPENED)
def ask(shift_id: UUID) -> ResponseReturnValue:
    """Ask whether it took place: where the letter leads (D10). Opening it says nothing."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    day = today.read(work(), actor(), shift_id=shift_id)
    return render_template(
        "shifts/happened.html",
        view=view,
        shift=view.shift,
        day=day,
        told=told(view, day, now=now()),
        pill=pill(view.face, part=view.part),
        observer=chip(view.observer, part=view.part),
        host=chip(view.host, part=view.part),
        here=url_for("shifts.show", shift_id=shift_id),
    )


@bp.post("/shifts/<uuid:shift_id>/did-it-happen")
@needs(Action.SHIFT_HAPPENED)
def happened(shift_id: UUID) -> ResponseReturnValue:
    """Say whether it took place, in one tap (D10)."""
    yes = request.form.get("answer") == "yes"
    return tapped(
        shift_id,
        lambda: afterwards.say(work(), actor(), shift_id=shift_id, happened=yes),
        "Thank you. That is noted." if yes else "Noted: it did not take place.",
    )


@bp.post("/shifts/<uuid:shift_id>/sheet")
@needs(Action.SHIFT_ENTER)
def enter(shift_id: UUID) -> ResponseReturnValue:
    """Enter what stands on the paper sheet (D10)."""
    form = TimesForm()

    def act() -> Standing:
        return afterwards.enter(work(), actor(), shift_id=shift_id, times=_times(form))

    return filled(shift_id, "times", form, act, words="On record, with the times of the sheet.")


@bp.post("/shifts/<uuid:shift_id>/times")
@needs(Action.SHIFT_CORRECT)
def correct(shift_id: UUID) -> ResponseReturnValue:
    """Put right when somebody came and left (D4)."""
    form = TimesForm()

    def act() -> Standing:
        return afterwards.correct(work(), actor(), shift_id=shift_id, times=_times(form))

    return filled(shift_id, "times", form, act, words="Put right. The other person is told.")


def _times(form: TimesForm) -> Times:
    came, left = form.came.data, form.left.data
    return Times(f"{came:%H:%M}" if came else "", f"{left:%H:%M}" if left else "")


@bp.post("/shifts/<uuid:shift_id>/object")
@needs(Action.SHIFT_OBJECT)
def object_to(shift_id: UUID) -> ResponseReturnValue:
    """Say that "did not happen" is wrong (D3)."""
    return tapped(
        shift_id,
        lambda: absence.object_to(work(), actor(), shift_id=shift_id),
        "Your coordinator looks at it, and you hear.",
    )


@bp.post("/shifts/<uuid:shift_id>/settle")
@needs(Action.SHIFT_SETTLE)
def settle(shift_id: UUID) -> ResponseReturnValue:
    """Put on record that it took place after all, or let it stand; with a reason (6.2)."""
    form = SettleForm()
    stands = request.form.get("as") == "stands"

    def act() -> Standing:
        do = absence.let_stand if stands else absence.took_place
        return do(work(), actor(), shift_id=shift_id, reason=form.why.data or "")

    words = "It stands, and the visitor is told." if stands else "On record: it took place."
    return filled(shift_id, "settle", form, act, words=words)


@bp.post("/shifts/<uuid:shift_id>/let-through")
@needs(Action.SHIFT_LET_THROUGH)
def let_through(shift_id: UUID) -> ResponseReturnValue:
    """Let a request through that waited for the coordinator (D3)."""
    return tapped(
        shift_id,
        lambda: counting.let_through(work(), actor(), shift_id=shift_id),
        "Let through. The host is asked now.",
    )
