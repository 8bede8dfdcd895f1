"""People and what they lack: a list for coordinator, HR and partner, and one person in detail."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_text import one_line
from shadowing.domain.clearance.pointers import LONGEST_POINTER, LONGEST_REASON
from shadowing.domain.policy import Action
from shadowing.services.bookings import lapsing
from shadowing.services.clearance import checking, desk
from shadowing.services.clearance.desk import PAGE, Waiver
from shadowing.services.clearance.own import Line, Said
from shadowing.web.clearance import words
from shadowing.web.fields import AreaField, DayField, LineField, MenuField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.pages import Pages, page_number
from shadowing.web.session import actor, needs, today, work

bp = Blueprint("requirement_people", __name__)

TABS: Final = (
    ("everybody", "Everybody"),
    ("missing", "Something missing"),
    ("expiring", "Runs out soon"),
    ("waived", "Waived"),
)


class WaiverForm(HouseForm):
    """What is waived, until when and why."""

    code = MenuField("Requirement", needed="Choose what is waived.")
    until = DayField("Last day", needed="Enter the last day of the waiver.")
    reason = AreaField("Reason", needed="Enter a reason.", most=LONGEST_REASON)


class ClaimForm(HouseForm):
    """What one of one's people has done."""

    code = MenuField("Requirement", needed="Choose what was done.")
    done_on = DayField("When was it done?", needed="Enter the day it was done.")
    evidence = LineField("Where is the proof kept?", most=LONGEST_POINTER)


class EnterForm(ClaimForm):
    """The same, entered by whoever has checked it; it may stand beside a waiver."""

    code = MenuField("Requirement", needed="Choose what was done.", id="enter-code")


@bp.get("/requirements/people")
@needs(Action.CREDENTIAL_SEE)
def listed() -> ResponseReturnValue:
    """List people with what they lack."""
    number, name = page_number(), one_line(request.args.get("name", ""))[:100]
    found = desk.listed(
        work(), actor(), kind=request.args.get("show", ""), name=name, number=number
    )
    pages = Pages(number, found.total, PAGE)
    kept: dict[str, Any] = {"show": found.kind, **({"name": name} if name else {})}
    first = pages.offset + 1
    tabs = TABS if found.detail else TABS[:2]
    return render_template(
        "requirements/people.html",
        found=found,
        rules=desk.may_waive(actor()),
        name=name,
        tabs=[
            {
                "text": text,
                "url": url_for(".listed", **{**kept, "show": code}),
                "current": code == found.kind,
                "count": found.counts[code],
            }
            for code, text in tabs
        ],
        text=f"{first} to {pages.offset + len(found.rows)} of {found.total}",
        before=url_for(".listed", page=pages.before, **kept) if pages.before else "",
        after=url_for(".listed", page=pages.after, **kept) if pages.after else "",
    )


@bp.get("/requirements/people/<uuid:person_id>")
@needs(Action.CREDENTIAL_SEE)
def one(person_id: UUID) -> ResponseReturnValue:
    """Show one person's requirements."""
    return _page(person_id)


@bp.post("/requirements/people/<uuid:person_id>/waive")
@needs(Action.CREDENTIAL_WAIVE)
def waive(person_id: UUID) -> ResponseReturnValue:
    """Let somebody go without a requirement for a time."""
    form = WaiverForm()
    _, told = desk.one(work(), actor(), person_id=person_id)
    form.code.choices = offered(_waivable(told.lines))
    if not form.submitted():
        return _page(person_id, waiver=form)
    wanted = Waiver(form.code.data or "", form.until.data or today(), form.reason.data or "")
    with form.mending():
        desk.waive(work(), actor(), person_id=person_id, wanted=wanted)
        return _done(person_id, "Waived. The visitor and whoever checks it are told.")
    return _page(person_id, waiver=form)


@bp.post("/requirements/people/<uuid:person_id>/claim")
@needs(Action.CREDENTIAL_CLAIM)
def claim(person_id: UUID) -> ResponseReturnValue:
    """Say for one of one's own people that something is done."""
    form = ClaimForm()
    _, told = desk.one(work(), actor(), person_id=person_id)
    form.code.choices = offered(_claimable(told.lines))
    if not form.submitted():
        return _page(person_id, claim=form)
    said = Said(form.done_on.data or today(), form.evidence.data or "")
    with form.mending():
        desk.claim(work(), actor(), person_id=person_id, code=form.code.data or "", said=said)
        return _done(person_id, "Sent to be checked.")
    return _page(person_id, claim=form)


@bp.post("/requirements/people/<uuid:person_id>/enter")
@needs(Action.CREDENTIAL_VERIFY)
def enter(person_id: UUID) -> ResponseReturnValue:
    """Put on record what a verifier has checked themselves."""
    form = EnterForm()
    _, told = desk.one(work(), actor(), person_id=person_id)
    form.code.choices = offered(_enterable(told.lines))
    if not form.submitted():
        return _page(person_id, enter=form)
    with form.mending():
        checking.enter(
            work(),
            actor(),
            person_id=person_id,
            code=form.code.data or "",
            said=Said(form.done_on.data or today(), form.evidence.data or ""),
            valid_to=None,
        )
        return _done(person_id, "Kept on record as proven.")
    return _page(person_id, enter=form)


def _done(person_id: UUID, text: str) -> ResponseReturnValue:
    """Let the person's shifts move at once (C6)."""
    lapsing.look_again(work(), person_id=person_id)
    flash(text, "success")
    return redirect(url_for(".one", person_id=person_id), 303)


def _waivable(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [
        (line.requirement.code, line.requirement.label)
        for line in lines
        if line.requirement.waivable and desk.is_open(line)
    ]


def _claimable(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    return [(line.requirement.code, line.requirement.label) for line in lines if line.shown]


def _enterable(lines: tuple[Line, ...]) -> list[tuple[str, str]]:
    """List what the viewer checks themselves, and what does not hold yet."""
    mine = checking.mine(work(), actor())
    return [
        (line.requirement.code, line.requirement.label)
        for line in lines
        if line.requirement.code in mine and desk.is_open(line) and not line.ticked
    ]


def _page(
    person_id: UUID,
    *,
    waiver: WaiverForm | None = None,
    claim: ClaimForm | None = None,
    enter: EnterForm | None = None,
) -> ResponseReturnValue:
    who = actor()
    person, told = desk.one(work(), who, person_id=person_id)
    waiver = waiver or WaiverForm(formdata=None)
    claim = claim or ClaimForm(formdata=None)
    enter = enter or EnterForm(formdata=None)
    can_enter = _enterable(told.lines) if person_id != who.person_id else []
    enter.code.choices = offered(can_enter)
    can_waive, can_claim = _waivable(told.lines), _claimable(told.lines)
    waiver.code.choices = offered(can_waive)
    claim.code.choices = offered(can_claim)
    sent = next((each for each in (claim, enter) if each.errors), waiver)
    page = render_template(
        "requirements/person.html",
        person=person,
        told=told,
        rows=[words.detail(line) for line in told.lines],
        waiver=waiver if desk.may_waive(who) and can_waive else None,
        claim=claim if desk.may_claim(who) and can_claim else None,
        enter=enter if can_enter else None,
        form=sent,
        longest=LONGEST_REASON,
    )
    return page, sent.status
