"""The host's side of one shift on a phone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.followup.problems import BadAnswers
from shadowing.services.followup import desk, writing
from shadowing.services.followup.desk import Desk
from shadowing.services.phone import Opened
from shadowing.web.followup.questions import Questions, parts, ticks
from shadowing.web.session import now, work


def page(opened: Opened, token: str) -> ResponseReturnValue:
    """Show the host's side, keep it, or send it."""
    if opened.shift_id is None:
        raise NotFound(subject="phone link")
    own = desk.show(work(), opened.actor, shift_id=opened.shift_id)
    asked = Questions(
        [field for field in own.asked if field.key not in own.locked],
        other=own.other,
        pickers=own.pickers,
        typed=own.typed,
        opened=own.opened,
    )
    if asked.form.submitted():
        try:
            said = _keep(opened, own, asked)
        except BadAnswers as bad:
            asked.mend(bad.problems, fine=ticks(request.form))
        except Refusal as refusal:
            asked.form.refuse(refusal)
        else:
            flash(said, "success")
            return redirect(url_for("phone.link", token=token), 303)
    needed, more, last = parts(asked.asked)
    return render_template(
        "phone/side.html",
        own=own,
        form=asked.form,
        token=token,
        needed=needed,
        more=more,
        last=last,
        now=now(),
    ), asked.form.status


def _keep(opened: Opened, own: Desk, asked: Questions) -> str:
    if request.form.get("do") == "leave":
        given = asked.given({})
        saved = writing.save_draft(work(), opened.actor, shift_id=own.shift.id, given=given)
        lost = tuple(one for one in saved.problems if one.code != "too_long")
        if lost:
            raise BadAnswers(lost)
        return "Saved. Open the link again to go on."
    given = asked.given(ticks(request.form))
    writing.send(work(), opened.actor, shift_id=own.shift.id, given=given)
    if own.other_at:
        return "Your side is in. Both sides are open now, for you two only."
    return f"Your side is in. It stays sealed until {own.other.first} sends theirs."
