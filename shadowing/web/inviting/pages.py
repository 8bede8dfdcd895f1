"""Invitations by hosts (B15): whom to invite and to which hours; yes, or not this time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.adapters.plain_time import day_short, moment, time_range, zone_line
from shadowing.domain.bookings.goal import LONGEST
from shadowing.domain.bookings.inviting import InviteOver
from shadowing.domain.errors import NotFound
from shadowing.domain.people import initials
from shadowing.domain.policy import Action, may
from shadowing.domain.ways import REMOTE
from shadowing.services.bookings import inviting
from shadowing.services.bookings.inviting import Invite
from shadowing.web.fields import AreaField, ChoiceField, MenuField
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, now, today, work, zone
from shadowing.web.shifts.words import Chip

bp = Blueprint("inviting", __name__)

LONGEST_NAME: Final = 80
WORDS: Final = {
    "open": ("Waits for an answer", "info"),
    "accepted": ("Said yes", "ok"),
    "declined": ("Not this time", "line"),
    "lapsed": ("No answer", "line"),
    "withdrawn": ("Taken back", "line"),
}


class InviteForm(HouseForm):
    """Whom, when and why."""

    person = ChoiceField("Whom", needed="Choose whom you invite.")
    slot = MenuField("To which of your open hours", needed="Choose the hours.")
    why = AreaField("Why them, in one line", needed="Enter a line that says why you invite them.")


class AnswerForm(HouseForm):
    """What somebody writes who says yes."""

    goal = AreaField("What do you want to understand?", needed="Enter what you want to understand.")
    access_needs = AreaField("Anything you need to take part?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An invitation in the words of a page."""

    id: UUID
    host: Chip
    person: Chip
    unit: str
    day: str
    time: str
    start: str
    zone: str
    why: str
    until: str
    word: str
    pill: str
    is_open: bool
    shift_url: str


def row(each: Invite) -> Row:
    """Word an invitation."""
    is_open = each.state == "open" and each.until > now()
    state = "lapsed" if each.state == "open" and not is_open else each.state
    word, pill = WORDS[state]
    return Row(
        id=each.id,
        host=Chip(each.host_name, each.unit_name, initials(each.host_name), "c"),
        person=Chip(each.person_name, each.person_title, initials(each.person_name), "a"),
        unit=each.unit_name,
        day=day_short(each.starts_at, each.zone, today=today()),
        time=time_range(each.starts_at, each.ends_at, each.zone),
        start=each.starts_at.isoformat(),
        zone="" if each.zone == zone() else zone_line(each.zone),
        why=each.why,
        until=moment(each.until, each.zone, today=today()),
        word=word,
        pill=pill,
        is_open=is_open,
        shift_url=url_for("shifts.show", shift_id=each.shift_id) if each.shift_id else "",
    )


@bp.get("/invites")
@needs(Action.INVITE_MAKE, Action.INVITE_ANSWER)
def index() -> ResponseReturnValue:
    """Show a host whom they invited, and an administrator what waits for their answer."""
    if may(actor(), Action.INVITE_MAKE):
        rows = [row(each) for each in inviting.mine(work(), actor())]
        return render_template("inviting/mine.html", rows=rows)
    if not may(actor(), Action.INVITE_ANSWER):
        raise NotFound(subject="invites")
    rows = [row(each) for each in inviting.waiting(work(), actor())]
    return render_template("inviting/waiting.html", rows=rows)


@bp.route("/invites/new", methods=["GET", "POST"])
@needs(Action.INVITE_MAKE)
def new() -> ResponseReturnValue:
    """Find somebody by name, then invite them."""
    name = request.values.get("name", "")[:LONGEST_NAME]
    found, hours = inviting.desk(work(), actor(), name=name)
    form = InviteForm()
    form.person.choices = [
        SelectChoice(str(each.id), ", ".join(filter(None, (each.name, each.title))))
        for each in found
    ]
    form.slot.choices = [
        SelectChoice(
            str(each.slot_id),
            f"{day_short(each.starts_at, each.zone, today=today())}, "
            f"{time_range(each.starts_at, each.ends_at, each.zone)}"
            f"{', by video or phone' if each.kind == REMOTE else ''}",
        )
        for each in hours
    ]
    if form.submitted():
        with form.mending():
            inviting.invite(
                work(),
                actor(),
                person_id=UUID(form.person.data),
                slot_id=UUID(form.slot.data),
                why=form.why.data or "",
            )
            flash("Invited. They have an email, and answer when they can.", "success")
            return redirect(url_for(".index"), 303)
    page = render_template(
        "inviting/new.html", form=form, name=name, found=found, hours=hours, longest=LONGEST
    )
    return page, form.status


@bp.post("/invites/<uuid:invite_id>/end")
@needs(Action.INVITE_MAKE)
def take_back(invite_id: UUID) -> ResponseReturnValue:
    """Invite them no longer."""
    try:
        inviting.take_back(work(), actor(), invite_id=invite_id)
    except InviteOver:
        flash("Nothing to take back: it was answered or has lapsed.", "info")
    else:
        flash("Taken back. They are not told why.", "success")
    return redirect(url_for(".index"), 303)


@bp.route("/invites/<uuid:invite_id>", methods=["GET", "POST"])
@needs(Action.INVITE_ANSWER)
def answer(invite_id: UUID) -> ResponseReturnValue:
    """Show an invitation, and say yes to it."""
    try:
        found = inviting.one(work(), actor(), invite_id=invite_id)
    except InviteOver:
        return render_template("inviting/over.html"), 409
    if found.shift_id:
        return redirect(url_for("shifts.show", shift_id=found.shift_id), 303)
    form = AnswerForm()
    if form.submitted():
        with form.mending():
            shift = inviting.accept(
                work(),
                actor(),
                invite_id=invite_id,
                goal=form.goal.data or "",
                access_needs=form.access_needs.data or "",
            )
            return redirect(url_for("shifts.show", shift_id=shift.id, booked=1), 303)
    page = render_template("inviting/answer.html", form=form, row=row(found), longest=LONGEST)
    return page, form.status


@bp.post("/invites/<uuid:invite_id>/no")
@needs(Action.INVITE_ANSWER)
def decline(invite_id: UUID) -> ResponseReturnValue:
    """Not this time."""
    try:
        inviting.decline(work(), actor(), invite_id=invite_id)
    except InviteOver:
        flash("Nothing to answer: it was taken back or has lapsed.", "info")
    else:
        flash("Answered: not this time. Nobody asks why.", "success")
    return redirect(url_for(".index"), 303)
