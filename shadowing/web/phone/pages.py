"""Pages behind links that work on any phone: one purpose each, no sign-in, no script (N8, P17).

Opening a link shows what it is for; only a press does it. Nothing leads on from here but help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from shadowing.domain.phone import ABOUT_NO_SHIFT, LABELS, PhoneLinkEnded, Purpose
from shadowing.services import phone
from shadowing.services.phone import Opened
from shadowing.web.fields import ChoiceField, LineField
from shadowing.web.forms import HouseForm
from shadowing.web.phone import hours, promises, side, visits
from shadowing.web.session import caller, public, work

bp = Blueprint("phone", __name__)

LINK: Final = "/phone/<string(length=22):token>"
PAGES: Final[Mapping[Purpose, Callable[[Opened, str], ResponseReturnValue]]] = {
    Purpose.ANSWER: visits.page,
    Purpose.SHIFT: visits.page,
    Purpose.DAY: visits.page,
    Purpose.TALK: visits.page,
    Purpose.WRITE: side.page,
    Purpose.PROMISES: promises.page,
    Purpose.HOURS: hours.add,
    Purpose.BREAK: hours.take_break,
}


class AskForm(HouseForm):
    """What one wants to do, and where to send the link."""

    number = LineField("Your phone number", needed="Enter your phone number.", most=40)
    purpose = ChoiceField(
        "What do you want to do?",
        choices=[(each.value, LABELS[each]) for each in Purpose if each in ABOUT_NO_SHIFT],
        needed="Choose what you want to do.",
    )


@bp.route("/phone", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    """Send a link to a phone; say the same whether the number is known or not."""
    form = AskForm()
    if form.submitted():
        given = {"number": form.number.data or "", "purpose": form.purpose.data or ""}
        with form.mending():
            phone.ask_link(work(), **given, address=caller().address)
            return render_template("phone/sent.html")
    return render_template("phone/ask.html", form=form), form.status


@bp.route(LINK, methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Show what a link is for, or do it."""
    try:
        opened = phone.open_link(work(), token)
    except PhoneLinkEnded:
        return render_template("phone/ended.html"), 410
    return PAGES[opened.purpose](opened, token)
