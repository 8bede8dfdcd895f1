"""Other hours for a request: the host ticks up to three, the visitor takes one or none."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import day_short, moment, time_range
from shadowing.domain.availability.other_hours import MOST
from shadowing.domain.bookings.states import By, State
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import looking, other_hours
from shadowing.services.bookings.looking import View
from shadowing.services.bookings.other_hours import Desk, Offered, Window
from shadowing.web.fields import ChoiceField, ManyField, TimeField, offered
from shadowing.web.find.words import said as reasons_said
from shadowing.web.forms import HouseForm
from shadowing.web.sentences import field_of, wall_clock
from shadowing.web.session import actor, needs, today, work
from shadowing.web.shifts import asked
from shadowing.web.shifts.said import refused
from shadowing.web.shifts.words import short

bp = Blueprint("other_hours", __name__)

NONE: Final = "none"
OFFERED: Final = "Sent. They choose one, or keep the first time. You need do nothing more."
KEPT: Final = "You keep the first time. Your host still has to answer it."
FIELDS: Final = {"start": "start", "end": "end", "span": "start"}


class OfferForm(HouseForm):
    """Which hours would do."""

    windows = ManyField("Hours that would do")
    start = TimeField("Or from")
    end = TimeField("To")


class ChooseForm(HouseForm):
    """One of the hours, or none."""

    hours = ChoiceField("Which hours?", needed="Choose one of these.")


@bp.route("/shifts/<uuid:shift_id>/hours", methods=["GET", "POST"])
@needs(Action.SHIFT_ACCEPT, Action.SHIFT_MOVE)
def hours(shift_id: UUID) -> ResponseReturnValue:
    """Offer other hours as the host; choose among them as the visitor."""
    view = looking.show(work(), actor(), shift_id=shift_id)
    if view.part is By.OBSERVER:
        return _choose(view)
    if view.part is not By.HOST:
        raise NotFound(shift_id=shift_id)
    if view.face != State.REQUESTED:
        return _over(view)
    desk = other_hours.desk(work(), actor(), shift_id=shift_id)
    return _offer(view, desk)


def _offer(view: View, desk: Desk) -> ResponseReturnValue:
    form = OfferForm()
    form.windows.choices = offered((f"{a}-{b}", _words(a, b)) for a, b in desk.suggestions)
    if not form.is_submitted():
        return _offer_page(view, desk, form)
    if not form.windows.raw_data:
        form.windows.validators, form.windows.raw_data = (), [NONE]
        form.windows.choices = [*form.windows.choices, *offered([(NONE, "")])]
        fine = form.validate()
        form.windows.choices = form.windows.choices[:-1]
    else:
        fine = form.validate()
    if not fine:
        return _offer_page(view, desk, form)
    try:
        other_hours.offer(work(), actor(), shift_id=view.shift.id, windows=_windows(form))
    except NotFound:
        raise
    except Refusal as refusal:
        if field_of(refusal) not in form:
            return refused(view.shift.id, refusal)
        form.refuse(refusal)
        return _offer_page(view, desk, form)
    flash(OFFERED, "success")
    return redirect(url_for("requests.waiting"), 303)


def _windows(form: OfferForm) -> list[Window]:
    found = [str(each).split("-") for each in form.windows.data or () if each != NONE]
    windows: list[Window] = [(each[0], each[1]) for each in found]
    if form.start.data and form.end.data:
        windows.append((f"{form.start.data:%H:%M}", f"{form.end.data:%H:%M}"))
    return windows


def _words(start: str, end: str) -> str:
    return f"{wall_clock(start)} – {wall_clock(end)}"


def _offer_page(view: View, desk: Desk, form: OfferForm) -> ResponseReturnValue:
    page = render_template(
        "shifts/hours_offer.html",
        form=form,
        most=MOST,
        own=_words(*desk.span),
        label=desk.label,
        offered=[time_range(each.starts_at, each.ends_at, view.zone) for each in desk.offered],
        visitor=short(view.observer),
        **asked.around(view),
    )
    return page, form.status if form.is_submitted() else 200


def _choose(view: View) -> ResponseReturnValue:
    found = other_hours.offered(work(), actor(), shift_id=view.shift.id)
    if not found:
        return _over(view)
    form = ChooseForm()
    form.hours.choices = offered(_choices(found, view))
    if not form.submitted():
        return _choose_page(view, found, form)
    try:
        if form.hours.data == NONE:
            other_hours.refuse(work(), actor(), shift_id=view.shift.id)
            flash(KEPT, "success")
        else:
            chosen = UUID(str(form.hours.data))
            other_hours.choose(work(), actor(), shift_id=view.shift.id, proposal_id=chosen)
            flash("Done. Your host has said yes to these hours.", "success")
    except NotFound:
        raise
    except Refusal as refusal:
        return refused(view.shift.id, refusal)
    return redirect(url_for("shifts.show", shift_id=view.shift.id), 303)


def _choices(found: tuple[Offered, ...], view: View) -> list[tuple[object, str]]:
    fine = [each.proposal for each in found if not each.reasons]
    hours: list[tuple[object, str]] = [
        (str(each.id), time_range(each.starts_at, each.ends_at, view.zone)) for each in fine
    ]
    first = time_range(view.shift.starts_at, view.shift.ends_at, view.zone)
    return [*hours, (NONE, f"None of these. I keep asking for {first}")]


def _choose_page(view: View, found: tuple[Offered, ...], form: ChooseForm) -> ResponseReturnValue:
    blocked = [
        (time_range(each.proposal.starts_at, each.proposal.ends_at, view.zone), text)
        for each in found
        for text in reasons_said(each.reasons, view.zone)
    ]
    until = moment(found[0].proposal.answer_by, view.zone, today=today())
    page = render_template(
        "shifts/hours_choose.html",
        form=form,
        blocked=blocked,
        until=until,
        day=day_short(view.shift.starts_at, view.zone, today=today()),
        **asked.around(view),
    )
    return page, form.status if form.is_submitted() else 200


def _over(view: View) -> ResponseReturnValue:
    if request.method == "POST":
        flash("Look at the shift again. It has moved on, so this can’t be done now.", "warning")
        return redirect(url_for("shifts.show", shift_id=view.shift.id), 303)
    return render_template(
        "shifts/ask.html",
        question=None,
        title="This has moved on",
        lines=[],
        address="",
        **asked.around(view),
    )
