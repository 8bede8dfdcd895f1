"""One's own side of a shift, written and sent; both sides, read together."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import time_of_day
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.followup.moves import Reflection
from shadowing.domain.followup.problems import BadAnswers
from shadowing.domain.followup.questions import Phase, Side
from shadowing.domain.policy import Action
from shadowing.services.followup import desk, reading, writing
from shadowing.services.followup.desk import Desk
from shadowing.services.followup.reading import Line
from shadowing.web.followup.questions import Questions, parts, ticks
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, now, work

bp = Blueprint("reflections", __name__)


@bp.get("/reflections")
@needs(Action.REFLECTION_WRITE)
def mine() -> ResponseReturnValue:
    """List what one has to write, and what one has written."""
    lines = reading.mine(work(), actor())
    return render_template(
        "reflections/mine.html",
        waiting=sorted((line for line in lines if line.waits_for), key=_urgent),
        rest=[line for line in lines if not line.waits_for],
        now=now(),
    )


@bp.route("/reflections/<uuid:shift_id>", methods=["GET", "POST"])
@needs(Action.REFLECTION_WRITE)
def write(shift_id: UUID) -> ResponseReturnValue:
    """Show one's own side; save it, or send it."""
    try:
        own = desk.show(work(), actor(), shift_id=shift_id)
    except NotFound:
        about = reading.shift_of(work(), actor(), reflection_id=shift_id)
        return redirect(url_for(".write", shift_id=about), 303)
    asked = _questions(own)
    if not asked.form.submitted():
        return _page(own, asked)
    leave = request.form.get("do") == "leave"
    try:
        done = _leave(own, asked) if leave else _send(own, asked)
    except BadAnswers as bad:
        asked.mend(bad.problems, fine=ticks(request.form))
    except Refusal as refusal:
        asked.form.refuse(refusal)
    else:
        return done
    return _page(own, asked)


@bp.post("/reflections/<uuid:shift_id>/draft")
@needs(Action.REFLECTION_WRITE)
def draft(shift_id: UUID) -> ResponseReturnValue:
    """Keep what is written so far, while it is being written (L7)."""
    own = desk.show(work(), actor(), shift_id=shift_id)
    saved = writing.save_draft(
        work(),
        actor(),
        shift_id=shift_id,
        given=_questions(own).given({}),
    )
    words = f"Saved {time_of_day(saved.at, own.zone)}"
    if saved.doubts:
        words += ". Check for details of a patient or colleague"
    elif saved.problems:
        words += ". Not all of it can be sent yet"
    return jsonify(saved=words)


@bp.route("/reflections/<uuid:shift_id>/delete", methods=["GET", "POST"])
@needs(Action.REFLECTION_WRITE)
def delete(shift_id: UUID) -> ResponseReturnValue:
    """Ask once, for it cannot be undone, and take one's words away (L5)."""
    own = desk.show(work(), actor(), shift_id=shift_id)
    form = HouseForm()
    if form.submitted():
        writing.delete(work(), actor(), shift_id=shift_id)
        flash("Your words are deleted, for both of you.", "success")
        return redirect(url_for(".mine"), 303)
    if own.state in {Reflection.EXPECTED, Reflection.DELETED}:
        raise NotFound(shift_id=shift_id)
    return render_template("reflections/delete.html", form=form, own=own), form.status


@bp.get("/reflections/<uuid:shift_id>/both")
@needs(Action.REFLECTION_READ_BOTH)
def both(shift_id: UUID) -> ResponseReturnValue:
    """Show both sides next to each other, or that they are sealed."""
    opened = reading.both(work(), actor(), shift_id=shift_id)
    return render_template(
        "reflections/both.html",
        both=opened,
        observer=opened.faces[Side.OBSERVER],
        host=opened.faces[Side.HOST],
        other=opened.faces[opened.part.other],
        mine_in=opened.part in opened.sent,
        now=now(),
    )


def _urgent(line: Line) -> tuple[bool, datetime]:
    """Put what is due first; what one expects of a shift to come can wait."""
    return "before" in line.waits_for, line.due


def _questions(own: Desk) -> Questions:
    return Questions(
        [field for field in own.asked if field.key not in own.locked],
        other=own.other,
        pickers=own.pickers,
        typed=own.typed,
        opened=own.opened,
    )


def _leave(own: Desk, asked: Questions) -> ResponseReturnValue:
    """Save and go; what could not be kept holds one back, so that nothing typed is lost."""
    saved = writing.save_draft(work(), actor(), shift_id=own.shift.id, given=asked.given({}))
    lost = tuple(one for one in saved.problems if one.code != "too_long")
    if lost:
        raise BadAnswers(lost)
    flash("Saved. You can go on with it here.", "success")
    return redirect(url_for(".mine"), 303)


def _send(own: Desk, asked: Questions) -> ResponseReturnValue:
    given = asked.given(ticks(request.form))
    writing.send(work(), actor(), shift_id=own.shift.id, given=given)
    if own.phase is Phase.PRE:
        flash(f"Saved. You see it again after the shift with {own.other.first}.", "success")
        return redirect(url_for(".mine"), 303)
    if own.other_at:
        flash("Your side is in. Both sides are open now, for you two only.", "success")
    else:
        flash(f"Your side is in. It stays sealed until {own.other.first} sends theirs.", "success")
    return redirect(url_for(".both", shift_id=own.shift.id), 303)


def _page(own: Desk, asked: Questions) -> ResponseReturnValue:
    form: Any = asked.form
    needed, more, last = parts(asked.asked)
    page = render_template(
        "reflections/write.html",
        own=own,
        form=form,
        needed=needed,
        more=more,
        last=last,
        now=now(),
    )
    return page, form.status
