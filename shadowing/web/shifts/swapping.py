"""Another host for a shift: its host or unit asks a colleague, who answers for themselves (B12)."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.bookings.proposals import Kind
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import changes, looking, swapping
from shadowing.web.fields import ChoiceField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, work
from shadowing.web.shifts import asked
from shadowing.web.shifts.said import back, refused
from shadowing.web.shifts.words import chip, promises, short

bp = Blueprint("swapping", __name__)


class SwapForm(HouseForm):
    """Who hosts instead."""

    host = ChoiceField("Who could host instead?", needed="Choose somebody.")


@bp.route("/shifts/<uuid:shift_id>/swap", methods=["GET", "POST"])
@needs(Action.SHIFT_SWAP)
def swap(shift_id: UUID) -> ResponseReturnValue:
    """Choose a colleague to ask; nothing changes before they accept."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    found = swapping.colleagues(work(), actor(), shift_id=shift_id)
    form = SwapForm()
    form.host.choices = offered((str(each.id), f"{each.name}, {each.role}") for each in found)
    if "swap" in view.moves and found and form.submitted():
        try:
            chosen = UUID(str(form.host.data))
            swapping.propose(work(), actor(), shift_id=shift_id, host_id=chosen)
        except NotFound:
            raise
        except Refusal as refusal:
            return refused(shift_id, refusal)
        flash("Asked. Everything stays as it is until they accept.", "success")
        return redirect(url_for("shifts.show", shift_id=shift_id), 303)
    page = render_template(
        "shifts/swap.html",
        form=form,
        may="swap" in view.moves,
        found=found,
        **asked.around(view),
    )
    return page, form.status if form.is_submitted() else 200


@bp.get("/shifts/<uuid:shift_id>/swap/answer")
@needs(Action.SHIFT_SEE)
def answer(shift_id: UUID) -> ResponseReturnValue:
    """Show who is asked to host; opened, ask once more."""
    change = changes.look(work(), actor(), shift_id=shift_id, kind=Kind.SWAP)
    names = {"observer": short(change.observer), "host": short(change.host)}
    return render_template(
        "shifts/answer.html",
        change=change,
        title=asked.question(change).format_map(names),
        lines=list(asked.what_if_yes(change)),
        observer=chip(change.observer, part=change.part),
        host=chip(change.host, part=change.part),
        room="swapping",
        record=promises(change.record) if change.record else None,
        known=asked.knows_shift(change),
    )


@bp.post("/shifts/<uuid:shift_id>/swap/accept")
@needs(Action.SHIFT_ACCEPT)
def accept(shift_id: UUID) -> ResponseReturnValue:
    """Host it, as the one who is asked."""
    return asked.answered(shift_id, swapping.accept, "You host this shift now.", room="swapping")


@bp.post("/shifts/<uuid:shift_id>/swap/decline")
@needs(Action.SHIFT_DECLINE)
def decline(shift_id: UUID) -> ResponseReturnValue:
    """Say no, as the one who is asked."""
    return asked.answered(shift_id, swapping.decline, "Not this time.", room="swapping")


@bp.post("/shifts/<uuid:shift_id>/swap/withdraw")
@needs(Action.SHIFT_SWAP)
def withdraw(shift_id: UUID) -> ResponseReturnValue:
    """Take the question back, as host or unit."""
    try:
        swapping.withdraw(work(), actor(), shift_id=shift_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(shift_id, refusal)
    flash("Taken back. Everything stays as it is.", "success")
    return back(shift_id)
