"""One's own requirements: how one stands, and doing one of them at a time."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from shadowing.domain.clearance.pointers import LONGEST_POINTER
from shadowing.domain.clearance.wording import text_version
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services.bookings import lapsing
from shadowing.services.clearance import checking, own
from shadowing.services.clearance.own import Line, Partner, Said
from shadowing.web.clearance import words
from shadowing.web.fields import DayField, LineField, MenuField, TickField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, today, work

bp = Blueprint("requirements", __name__)

LISTS = {
    Role.COORDINATOR: "requirement_people.listed",
    Role.HR: "requirement_people.listed",
    Role.PARTNER_COORDINATOR: "requirement_people.listed",
}


class ReadForm(HouseForm):
    """The words were read, in this very version."""

    agree = TickField("I have read this and agree", needed="Tick that you agree, or leave.")
    version = HiddenField("")


class DoneForm(HouseForm):
    """When it was done and where the proof is; never what it showed (C2)."""

    done_on = DayField("When was it done?", needed="Enter the day it was done.")
    evidence = LineField(
        "Where is the proof kept?",
        most=LONGEST_POINTER,
        description="A short pointer, like “LMS certificate 123”. No results, no scans.",
    )
    partner = MenuField("Whose proof is it?")

    def offer(self, partners: tuple[Partner, ...]) -> None:
        """Fill in whose proof may count."""
        known = [(str(each.id), each.name) for each in partners]
        self.partner.choices = offered([("", "Of this program’s own organization"), *known])


@bp.get("/requirements")
@needs(Action.CREDENTIAL_VERIFY)
def show() -> ResponseReturnValue:
    """Show how one stands; others than visitors are led to what is theirs."""
    role = actor().role
    if role in LISTS:
        return redirect(url_for(LISTS[role]), 303)
    if role is not Role.OBSERVER:
        return redirect(url_for("requirement_queue.queue"), 303)
    told = own.show(work(), actor())
    return render_template(
        "requirements/own.html",
        told=told,
        title=words.title(told),
        groups=words.groups(told),
        to_check=checking.waiting(work(), actor()),
    )


@bp.route("/requirements/<string:code>", methods=["GET", "POST"])
@needs(Action.CREDENTIAL_CLAIM)
def one(code: str) -> ResponseReturnValue:
    """Show one requirement, and do one's own part of it."""
    line, partners = own.one(work(), actor(), code=code)
    if line.ticked:
        return _read(line)
    if not line.shown:
        return _page(line, None)
    return _say(line, partners)


def _read(line: Line) -> ResponseReturnValue:
    form = ReadForm(version=text_version(line.requirement.text))
    if form.submitted():
        with form.mending():
            own.tick(
                work(),
                actor(),
                code=line.requirement.code,
                version=form.version.data or "",
            )
            return _done("Kept on record, with today’s date and these words.")
    return _page(line, form)


def _say(line: Line, partners: tuple[Partner, ...]) -> ResponseReturnValue:
    form = DoneForm()
    form.offer(partners if line.requirement.partner_equivalent else ())
    if form.submitted():
        said = Said(
            done_on=form.done_on.data or today(),
            evidence=form.evidence.data or "",
            partner_id=UUID(form.partner.data) if form.partner.data else None,
        )
        with form.mending():
            own.claim(work(), actor(), code=line.requirement.code, said=said)
            return _done("Sent to be checked. You need do nothing more.")
    return _page(line, form, partners=bool(partners) and line.requirement.partner_equivalent)


def _done(text: str) -> ResponseReturnValue:
    """Let shifts that waited move on at once, so that their visitor sees it."""
    lapsing.look_again(work(), person_id=actor().person_id)
    flash(text, "success")
    return redirect(url_for(".show"), 303)


def _page(line: Line, form: HouseForm | None, *, partners: bool = False) -> ResponseReturnValue:
    page = render_template(
        "requirements/one.html",
        line=line,
        asked=line.requirement,
        form=form,
        partners=partners,
        by_whom=words.by_whom(line),
        back_why=words.WHY_BACK.get(line.held.rejected, "") if line.held else "",
        claim=line.held.claim if line.held else None,
        longest=LONGEST_POINTER,
    )
    return page, form.status if form else 200
