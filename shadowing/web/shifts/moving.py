"""Another time for a shift: choose it, look at it once more, answer it, take it back (B9)."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import plain_time
from shadowing.domain.bookings.goal import LONGEST
from shadowing.domain.bookings.proposals import Kind
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import changes, elsewhere, looking, moving
from shadowing.services.bookings.elsewhere import Time
from shadowing.web.fields import AreaField, IdField
from shadowing.web.find.words import Shown, shown
from shadowing.web.forms import HouseForm
from shadowing.web.sentences import field_of
from shadowing.web.session import actor, needs, now, today, work
from shadowing.web.shifts import asked
from shadowing.web.shifts.said import back, refused
from shadowing.web.shifts.words import chip, promises, short

bp = Blueprint("moving", __name__)

CLOSE: Final = 24 * 3600
MOVED: Final = "Moved. Both calendars are up to date, and the talk afterwards moved along."
WAITS: Final = "Asked. Until there is an answer your shift stays as it is."
CHOOSE: Final = "Choose a time first."


class MoveForm(HouseForm):
    """Where the shift would go."""

    slot = IdField(needed=CHOOSE)
    note = AreaField("A note to your host", most=LONGEST)


@bp.route("/shifts/<uuid:shift_id>/move", methods=["GET", "POST"])
@needs(Action.SHIFT_MOVE)
def move(shift_id: UUID) -> ResponseReturnValue:
    """List other times; with one chosen, say whose yes it needs and ask once more; then move."""
    form = MoveForm()
    if request.method == "GET":
        chosen = MoveForm(formdata=request.args)
        return _check(shift_id, chosen) if chosen.slot.data else _choose(shift_id)
    if not form.submitted():
        return _check(shift_id, form) if form.slot.data else _choose(shift_id, form)
    note = form.note.data or ""
    try:
        moved = moving.ask(work(), actor(), shift_id=shift_id, slot_id=form.slot.data, note=note)
    except NotFound:
        raise
    except Refusal as refusal:
        if field_of(refusal) in form:
            form.refuse(refusal)
            return _check(shift_id, form)
        return refused(shift_id, refusal)
    flash(MOVED if moved.slot_id == form.slot.data else WAITS, "success")
    return redirect(url_for("shifts.show", shift_id=shift_id), 303)


def _choose(shift_id: UUID, form: MoveForm | None = None) -> ResponseReturnValue:
    view = looking.show(work(), actor(), shift_id=shift_id)
    times = elsewhere.times(work(), actor(), shift_id=shift_id)
    page = render_template(
        "shifts/move.html",
        form=form,
        may="move" in view.moves,
        same_host=[_shown(each, shift_id) for each in times.same_host],
        others=[_shown(each, shift_id) for each in times.others],
        **asked.around(view),
    )
    return page, form.status if form else HTTPStatus.OK


def _shown(each: Time, shift_id: UUID) -> Shown:
    """Word a card that leads to a last look, with what speaks for it and against."""
    day = plain_time.day_short(each.card.starts_at, each.card.zone, today=today())
    return replace(
        shown(each.card, main_site=each.card.site_name, dated=day),
        url=url_for("moving.move", shift_id=shift_id, slot=each.card.slot_id),
        url_text="Move here",
        pros=tuple(asked.speaks_for(each)),
        cons=tuple(asked.speaks_against(each)),
        aside="",
    )


def _check(shift_id: UUID, form: MoveForm) -> ResponseReturnValue:
    view = looking.show(work(), actor(), shift_id=shift_id)
    time = elsewhere.one(work(), actor(), shift_id=shift_id, slot_id=form.slot.data)
    soon = (view.shift.starts_at - now()).total_seconds() < CLOSE
    page = render_template(
        "shifts/move_check.html",
        form=form,
        card=time.card,
        may="move" in view.moves and time.card.bookable,
        blocks=asked.blocks(time.card),
        then=asked.what_then(view, time),
        soon=soon,
        longest=LONGEST,
        **asked.around(view),
    )
    return page, form.status if form.is_submitted() else HTTPStatus.OK


@bp.get("/shifts/<uuid:shift_id>/move/answer")
@needs(Action.SHIFT_SEE)
def answer(shift_id: UUID) -> ResponseReturnValue:
    """Show a new time that waits for a yes; opened, ask once more."""
    change = changes.look(work(), actor(), shift_id=shift_id, kind=Kind.MOVE)
    names = {"observer": short(change.observer), "host": short(change.host)}
    return render_template(
        "shifts/answer.html",
        change=change,
        title=asked.question(change).format_map(names),
        lines=[line.format_map(names) for line in asked.what_if_yes(change)],
        observer=chip(change.observer, part=change.part),
        host=chip(change.host, part=change.part),
        room="moving",
        record=promises(change.record) if change.record else None,
        known=asked.knows_shift(change),
    )


@bp.post("/shifts/<uuid:shift_id>/move/accept")
@needs(Action.SHIFT_ACCEPT)
def accept(shift_id: UUID) -> ResponseReturnValue:
    """Say yes to a new time, as its host."""
    return asked.answered(shift_id, moving.accept, "You said yes to the new time.")


@bp.post("/shifts/<uuid:shift_id>/move/approve")
@needs(Action.SHIFT_APPROVE)
def approve(shift_id: UUID) -> ResponseReturnValue:
    """Say yes to a new time, as its unit."""
    return asked.answered(shift_id, moving.approve, "You said yes to the new time.")


@bp.post("/shifts/<uuid:shift_id>/move/decline")
@needs(Action.SHIFT_DECLINE)
def decline(shift_id: UUID) -> ResponseReturnValue:
    """Say no to a new time; the old one stands."""
    return asked.answered(shift_id, moving.decline, "Not this time. The earlier time stands.")


@bp.post("/shifts/<uuid:shift_id>/move/withdraw")
@needs(Action.SHIFT_MOVE)
def withdraw(shift_id: UUID) -> ResponseReturnValue:
    """Take a move back; the old time stands."""
    try:
        moving.withdraw(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    flash("Taken back. Your shift stays as it is.", "success")
    return back(shift_id)
