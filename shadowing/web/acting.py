"""Booking for somebody: whom one has named, for whom one acts now."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services import delegates
from shadowing.web.fields import EmailField, IdField
from shadowing.web.forms import HouseForm
from shadowing.web.session import FOR, actor, needs, work

bp = Blueprint("acting", __name__)


class NameForm(HouseForm):
    """Who may book for me."""

    email = EmailField("Their email address", needed="Enter their email address.")


class ForForm(HouseForm):
    """For whom I book now: somebody who named me, or as a coordinator anybody who shadows."""

    person = IdField()
    email = EmailField("Email of the visitor", needed="Enter their email address.")


@bp.route("/book-for", methods=["GET", "POST"])
@needs(Action.ACCOUNT_SEE)
def book_for() -> ResponseReturnValue:
    """Show who books for whom; choose for whom to act from now on."""
    form = ForForm()
    if not form.is_submitted():
        return _page(ForForm(formdata=None), NameForm(formdata=None))
    with form.mending():
        if form.person.data:
            chosen = form.person.data
        elif form.validate():
            chosen = delegates.find(work(), actor(), email=form.email.data or "")
        else:
            return _page(form, NameForm(formdata=None))
        found = delegates.acting(work(), actor(), person_id=UUID(str(chosen)))
        session[FOR] = str(found.person_id)
        flash(f"You book for {found.name} now. It is recorded as done by you.", "info")
        return redirect(url_for("find.search"), 303)
    return _page(form, NameForm(formdata=None))


@bp.post("/book-for/stop")
@needs(Action.ACCOUNT_SEE)
def stop() -> ResponseReturnValue:
    """Act for oneself again."""
    session.pop(FOR, None)
    flash("You act for yourself again.", "info")
    return redirect(url_for(".book_for"), 303)


@bp.post("/book-for/name")
@needs(Action.DELEGATE_NAME)
def name() -> ResponseReturnValue:
    """Let somebody book in my name."""
    form = NameForm()
    if not form.submitted():
        return _page(ForForm(formdata=None), form)
    with form.mending():
        delegates.name(work(), actor(), email=form.email.data or "")
        flash("Named. They can find, ask, move and cancel for you, and nothing else.", "success")
        return redirect(url_for(".book_for"), 303)
    return _page(ForForm(formdata=None), form)


@bp.post("/book-for/<uuid:person_id>/end")
@needs(Action.DELEGATE_NAME)
def end(person_id: UUID) -> ResponseReturnValue:
    """Let somebody book in my name no more."""
    delegates.end(work(), actor(), delegate_id=person_id)
    flash("Ended. They can do nothing in your name any more.", "success")
    return redirect(url_for(".book_for"), 303)


def _page(form: ForForm, naming: NameForm) -> ResponseReturnValue:
    page = render_template(
        "accounts/book_for.html",
        form=form,
        naming=naming,
        helpers=delegates.listed(work(), actor()),
        visits=Role.OBSERVER in actor().roles,
        coordinates=Role.COORDINATOR in actor().roles,
        acts=FOR in session,
    )
    return page, form.status if form.errors else naming.status
