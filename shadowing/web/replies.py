"""Answers from calendars that did not fit: a coordinator looks, takes one, or puts it away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import moment
from shadowing.domain.policy import Action
from shadowing.domain.replies import PartStat, Why
from shadowing.services.bookings import replying
from shadowing.services.notifications import undelivered
from shadowing.services.replies import looking
from shadowing.services.replies.looking import PAGE, Listed
from shadowing.web.fields import TickField
from shadowing.web.forms import HouseForm
from shadowing.web.pages import Pages, page_number
from shadowing.web.session import actor, needs, today, work, zone

bp = Blueprint("replies", __name__)

WHY: Final[Mapping[str, str]] = {
    Why.HUMAN: "Somebody wrote a letter; there is no answer from a calendar in it.",
    Why.UNREADABLE: "Its calendar can’t be read.",
    Why.METHOD_DIFFERS: "The letter and its calendar say different things.",
    Why.NO_ONE_ATTENDEE: "It does not speak for one person.",
    Why.NOT_ASKED: "It speaks for somebody who was not asked.",
    Why.DELEGATED: "It names somebody else to come.",
    Why.OLD_VERSION: "It answers an earlier time.",
    Why.FORGED: "Your mail relay doubts its sender.",
    Why.OTHER_SENDER: "It came from an address that we do not know as theirs.",
    Why.NO_TIMES: "It proposes another time that can’t be read.",
    Why.REFUSED: "The shift could not be accepted: something has come between.",
}
SAYS: Final[Mapping[str, str]] = {
    PartStat.ACCEPTED: "yes",
    PartStat.TENTATIVE: "maybe",
    PartStat.DECLINED: "no",
}
EML: Final = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Row:
    """One letter in the words of the list."""

    url: str
    sender: str
    subject: str
    why: str
    when: str


class TakeForm(HouseForm):
    """Whose answer it is, we know; whether its address is theirs, the coordinator says."""

    remember = TickField("This address is theirs: take answers from it from now on")


@bp.get("/replies")
@needs(Action.REPLY_SEE)
def index() -> ResponseReturnValue:
    """List the letters that somebody has yet to look at."""
    found = looking.listed(work(), actor(), page=page_number())
    pages = Pages(page=page_number(), total=found.total, size=PAGE)
    failed, tried = undelivered.counts(work(), actor())
    return render_template(
        "replies/index.html", rows=_rows(found), pages=pages, failed=failed, tried=tried
    )


@bp.get("/replies/<uuid:reply_id>")
@needs(Action.REPLY_SEE)
def show(reply_id: UUID) -> ResponseReturnValue:
    """Show one letter, and what can be done about it."""
    return _page(reply_id, TakeForm(formdata=None))


@bp.get("/replies/<uuid:reply_id>/letter.eml")
@needs(Action.REPLY_SEE)
def letter(reply_id: UUID) -> ResponseReturnValue:
    """Hand over one letter as it arrived, to be opened in a mail program and never here."""
    raw = looking.letter(work(), actor(), reply_id=reply_id)
    answer = Response(raw, mimetype=EML)
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.eml"'
    return answer


@bp.post("/replies/<uuid:reply_id>/take")
@needs(Action.REPLY_HANDLE)
def take(reply_id: UUID) -> ResponseReturnValue:
    """Take it as the answer of whoever was asked."""
    form = TakeForm()
    if form.submitted():
        with form.mending():
            looking.take(work(), actor(), reply_id=reply_id, remember=bool(form.remember.data))
            replying.run(work())
            flash("Taken as their answer. It stands in the story of the shift.", "success")
            return redirect(url_for(".index"), 303)
    return _page(reply_id, form)


@bp.post("/replies/<uuid:reply_id>/put-away")
@needs(Action.REPLY_HANDLE)
def put_away(reply_id: UUID) -> ResponseReturnValue:
    """Put it away."""
    looking.put_away(work(), actor(), reply_id=reply_id)
    flash("Put away.", "success")
    return redirect(url_for(".index"), 303)


def _page(reply_id: UUID, form: TakeForm) -> ResponseReturnValue:
    found, answers = looking.one(work(), actor(), reply_id=reply_id)
    said = found.reply
    page = render_template(
        "replies/show.html",
        form=form,
        reply=said,
        name=found.person_name,
        shift_id=found.shift_id,
        answers=answers,
        says=SAYS.get(said.partstat, ""),
        why=WHY.get(said.why, ""),
        when=moment(said.received_at, zone(), today=today()),
    )
    return page, form.status


def _rows(found: Listed) -> tuple[Row, ...]:
    return tuple(
        Row(
            url=url_for("replies.show", reply_id=each.reply.id),
            sender=each.reply.sender or "An unknown sender",
            subject=each.reply.subject or "A letter without a subject",
            why=WHY.get(each.reply.why, ""),
            when=moment(each.reply.received_at, zone(), today=today()),
        )
        for each in found.rows
    )
