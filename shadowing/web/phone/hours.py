"""Opening hours and taking a break on a phone."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import day_short
from shadowing.domain.errors import Refusal
from shadowing.services.availability import breaks, changing
from shadowing.services.availability import week as weeks
from shadowing.services.availability.acts import BookedStay
from shadowing.services.phone import Opened
from shadowing.web.availability.forms import UNTIL_SAID, AddForm, BreakForm
from shadowing.web.forms import HouseForm
from shadowing.web.session import work


def add(opened: Opened, token: str) -> ResponseReturnValue:
    """Ask for hours, or open them."""
    shown = weeks.week(work(), opened.actor)
    form = AddForm()
    form.offer(shown)
    if form.submitted():
        try:
            changing.change(work(), opened.actor, form.acts())
        except BookedStay:
            form.form_errors.append(
                "Ask your coordinator to change this: somebody is booked or waits in these hours."
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash("Your hours are open. Close the page, or add more.", "success")
            return redirect(url_for("phone.link", token=token), 303)
    return render_template("phone/hours.html", form=form, token=token, week=shown), form.status


def take_break(opened: Opened, token: str) -> ResponseReturnValue:
    """Ask how long, or take a break, or end it."""
    form = BreakForm()
    if request.method == "POST" and request.form.get("do") == "end":
        if HouseForm().submitted():
            breaks.end(work(), opened.actor)
            flash("Your break is over. Your hours are offered again.", "success")
            return redirect(url_for("phone.link", token=token), 303)
    elif form.submitted():
        chosen = form.weeks.data.replace(UNTIL_SAID, "")
        breaks.take(work(), opened.actor, weeks=chosen)
        flash("You are on a break. Booked shifts stay.", "success")
        return redirect(url_for("phone.link", token=token), 303)
    shown = weeks.week(work(), opened.actor)
    until = shown.paused_until
    words = ""
    if until is not None:
        endless = until == breaks.UNTIL_SAID
        words = "until you end it" if endless else f"until {day_short(until, shown.zone)}"
    return render_template("phone/break.html", form=form, token=token, words=words), form.status
