"""Messages that did not arrive: why, and sending them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import moment
from shadowing.domain.policy import Action, Relation, may
from shadowing.services.notifications import undelivered
from shadowing.services.notifications.undelivered import PAGE, Undelivered
from shadowing.services.replies import looking
from shadowing.web.forms import HouseForm
from shadowing.web.pages import Pages, page_number
from shadowing.web.session import actor, needs, today, work, zone
from shadowing.web.shifts.sent import words

bp = Blueprint("messages", __name__)

NO_ADDRESS: Final = "There is neither an email address nor a phone number."
OFFICE: Final[Mapping[str, str]] = {
    "sign-in-link": "Link to sign in",
    "phone-link": "Link for the phone",
    "daily-news": "The news of the day",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the words of the list."""

    code: str
    what: str
    name: str
    address: str
    when: str
    why: str
    shift_url: str


class AgainForm(HouseForm):
    """One press."""


@bp.get("/messages")
@needs(Action.MESSAGE_SEE)
def index() -> ResponseReturnValue:
    """Show what did not arrive, or what is tried again."""
    show = "tried" if request.args.get("show") == "tried" else "failed"
    find = undelivered.tried if show == "tried" else undelivered.failed
    found = find(work(), actor(), page=page_number())
    total = found.tried if show == "tried" else found.failed
    return render_template(
        "messages/index.html",
        show=show,
        found=found,
        rows=_rows(found),
        pages=Pages(page=page_number(), total=total, size=PAGE),
        form=AgainForm(formdata=None),
        replies=_replies(),
    )


@bp.post("/messages/<string(length=32):code>/send-again")
@needs(Action.MESSAGE_RESEND)
def send_again(code: str) -> ResponseReturnValue:
    """Send one message again."""
    sent = undelivered.send_again(work(), actor(), code=code)
    flash(f"On its way again to {sent.recipient_name}.", "success")
    return redirect(url_for(".index"), 303)


def _replies() -> int | None:
    """Count the replies to look at, for whom they are there to be looked at."""
    sees = may(actor(), Action.REPLY_SEE, Relation.PROGRAM)
    return looking.count(work(), actor()) if sees else None


def _rows(found: Undelivered) -> tuple[Row, ...]:
    return tuple(
        Row(
            code=each.code,
            what=OFFICE.get(each.kind, words(each.kind)),
            name=each.recipient_name,
            address=(each.phone if each.channel == "text" else each.email) or "None",
            when=moment(each.ended_at or each.queued_at, zone(), today=today()),
            why=each.trouble or NO_ADDRESS,
            shift_url=(
                url_for("shifts.show", shift_id=each.shift_id)
                if found.names_shift and each.shift_id
                else ""
            ),
        )
        for each in found.rows
    )
