"""What waits to be checked: one by one, or several at once."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.clearance.evidence import State
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action
from shadowing.services.bookings import lapsing
from shadowing.services.clearance import checking
from shadowing.services.clearance.checking import PAGE, Row
from shadowing.web.clearance.words import SEND_BACK, TAKE_BACK
from shadowing.web.fields import ChoiceField, DayField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.pages import Pages, page_number
from shadowing.web.sentences import sentence
from shadowing.web.session import actor, needs, now, work, zone

bp = Blueprint("requirement_queue", __name__)

MOST = 100


class BatchForm(HouseForm):
    """Several at once; which, stands in the boxes that were ticked."""


class AcceptForm(HouseForm):
    """Until when it counts, where that is sooner than the requirement's own end."""

    valid_to = DayField("Counts until")


class BackForm(HouseForm):
    """Why it is sent back, or taken back."""

    code = ChoiceField("Why?", needed="Choose why.")


@bp.get("/requirements/queue")
@needs(Action.CREDENTIAL_VERIFY)
def queue() -> ResponseReturnValue:
    """List what waits to be checked, the oldest first."""
    number = page_number()
    found = checking.queue(work(), actor(), number=number)
    pages = Pages(number, found.total, PAGE)
    first = pages.offset + 1
    return render_template(
        "requirements/queue.html",
        found=found,
        text=f"{first} to {pages.offset + len(found.rows)} of {found.total}",
        before=url_for(".queue", page=pages.before) if pages.before else "",
        after=url_for(".queue", page=pages.after) if pages.after else "",
    )


@bp.post("/requirements/queue")
@needs(Action.CREDENTIAL_VERIFY)
def accept_all() -> ResponseReturnValue:
    """Take all that was ticked as proven."""
    form = BatchForm()
    chosen = _ids(request.form.getlist("credential")[:MOST]) if form.submitted() else ()
    if not chosen:
        flash("Tick what you have checked first.", "warning")
        return redirect(url_for(".queue"), 303)
    whose, missed = checking.accept_all(work(), actor(), credential_ids=chosen)
    for person_id in whose:
        lapsing.look_again(work(), person_id=person_id)
    done = len(chosen) - missed
    said = f"{done} marked as proven." if done else "Nothing was changed."
    more = f" {missed} had been answered meanwhile." if missed else ""
    flash(said + more, "success" if done else "warning")
    return redirect(url_for(".queue"), 303)


@bp.get("/requirements/queue/<uuid:credential_id>")
@needs(Action.CREDENTIAL_VERIFY)
def one(credential_id: UUID) -> ResponseReturnValue:
    """Show one claim, with what can be answered."""
    return _page(credential_id)


@bp.post("/requirements/queue/<uuid:credential_id>/accept")
@needs(Action.CREDENTIAL_VERIFY)
def accept(credential_id: UUID) -> ResponseReturnValue:
    """Take one claim as proven."""
    form = AcceptForm()
    if not form.submitted():
        return _page(credential_id, accept=form)
    try:
        whose = checking.accept(
            work(), actor(), credential_id=credential_id, valid_to=form.valid_to.data
        )
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.field in form:
            form.refuse(refusal)
            return _page(credential_id, accept=form)
        return _moved(refusal)
    return _done(whose, "Marked as proven.")


@bp.post("/requirements/queue/<uuid:credential_id>/back")
@needs(Action.CREDENTIAL_VERIFY)
def back(credential_id: UUID) -> ResponseReturnValue:
    """Send one claim back, or take back what was proven."""
    row = checking.one(work(), actor(), credential_id=credential_id)
    form = _back_form(row)
    if not form.submitted():
        return _page(credential_id, back=form)
    act = checking.send_back if row.held.claim else checking.take_back
    try:
        whose = act(work(), actor(), credential_id=credential_id, code=form.code.data or "")
    except NotFound:
        raise
    except Refusal as refusal:
        return _moved(refusal)
    return _done(whose, "Sent back. The person is told what to do.")


def _back_form(row: Row, *, shown: bool = False) -> BackForm:
    form = BackForm(formdata=None) if shown else BackForm()
    form.code.choices = offered(SEND_BACK if row.held.claim else TAKE_BACK)
    return form


def _ids(texts: list[str]) -> tuple[UUID, ...]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)


def _moved(refusal: Refusal) -> ResponseReturnValue:
    flash(sentence(refusal, zone(), at=now()), "warning")
    return redirect(url_for(".queue"), 303)


def _done(whose: UUID, text: str) -> ResponseReturnValue:
    """Let the person's shifts move at once (C6)."""
    lapsing.look_again(work(), person_id=whose)
    flash(text, "success")
    return redirect(url_for(".queue"), 303)


def _page(
    credential_id: UUID,
    *,
    accept: AcceptForm | None = None,
    back: BackForm | None = None,
) -> ResponseReturnValue:
    row = checking.one(work(), actor(), credential_id=credential_id)
    accept = accept or AcceptForm(formdata=None)
    back = back or _back_form(row, shown=True)
    page = render_template(
        "requirements/claim.html",
        row=row,
        claim=row.held.claim,
        holds=row.held.state in {State.VALID, State.EXPIRING},
        accept=accept,
        back=back,
        form=back if back.errors else accept,
    )
    return page, back.status if back.errors else accept.status
