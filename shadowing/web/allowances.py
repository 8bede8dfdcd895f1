"""A coordinator's exceptions, each with its reason: listed, given, ended."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.allowances import LONGEST, Kind
from shadowing.domain.policy import Action
from shadowing.services import allowances
from shadowing.services.allowances import Wanted
from shadowing.web.fields import AreaField, ChoiceField, DayField, EmailField, LineField
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, work

bp = Blueprint("allowances", __name__)

KINDS: Final = {
    Kind.NOTICE: "Shorter notice, for one day",
    Kind.LINE: "A host in their reporting line",
    Kind.PROMISE: "Ask for a shift although a promise is late",
}


class AllowanceForm(HouseForm):
    """What is allowed, to whom, and why."""

    kind = ChoiceField(
        "What do you allow?",
        needed="Choose what you allow.",
        choices=tuple((kind.value, words) for kind, words in KINDS.items()),
    )
    person = EmailField("Email of the visitor", needed="Enter the visitor’s email address.")
    host = LineField("Email of the host", most=254)
    day = DayField("The day of the shift")
    until = DayField("Until")
    reason = AreaField("Why", most=LONGEST, needed="Enter a reason.")


@bp.route("/exceptions", methods=["GET", "POST"])
@needs(Action.ALLOWANCE_GIVE)
def exceptions() -> ResponseReturnValue:
    """List the exceptions that stand; give one more."""
    form = AllowanceForm()
    if form.submitted():
        wanted = Wanted(
            kind=Kind(str(form.kind.data)),
            person=form.person.data or "",
            host=form.host.data or "",
            day=form.day.data,
            until=form.until.data,
            reason=form.reason.data or "",
        )
        with form.mending():
            allowances.give(work(), actor(), wanted)
            flash("Allowed. The log keeps who allowed it, and when.", "success")
            return redirect(url_for(".exceptions"), 303)
    page = render_template(
        "allowances/index.html",
        form=form,
        kinds=KINDS,
        longest=LONGEST,
        standing=allowances.listed(work(), actor()),
    )
    return page, form.status


@bp.post("/exceptions/<uuid:allowance_id>/end")
@needs(Action.ALLOWANCE_GIVE)
def end(allowance_id: UUID) -> ResponseReturnValue:
    """End one before its time."""
    allowances.end(work(), actor(), allowance_id=allowance_id)
    flash("Ended. From now on the rule holds again.", "success")
    return redirect(url_for(".exceptions"), 303)
