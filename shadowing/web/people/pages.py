"""People: a list, one person, and the roster kept: invited, changed, gone, back."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import reference
from shadowing.domain.errors import NotFound
from shadowing.domain.people import PersonKind, Role, initials
from shadowing.domain.policy import Action
from shadowing.domain.roster import KINDS, LEVELS
from shadowing.services.availability import horizon, leavers
from shadowing.services.bookings import leavers as shift_leavers
from shadowing.services.clearance import desk as clearance
from shadowing.services.people import changing, looking
from shadowing.services.people.looking import PAGE, SHIFTS, Seen, Visit, Wanted
from shadowing.web.pages import ROLE_WORDS, Pages, page_number, side
from shadowing.web.people.forms import PersonForm
from shadowing.web.session import actor, needs, work

bp = Blueprint("people", __name__)

LONGEST: Final = 100
IN_ORDER: Final = (Role.OBSERVER, Role.HOST)


@bp.get("/people")
@needs(Action.PERSON_SEE)
def index() -> ResponseReturnValue:
    """List the people of one's organization, narrowed as asked."""
    wanted, number = _wanted(), page_number()
    found = looking.listed(work(), actor(), wanted, number=number)
    pages = Pages(number, found.total, PAGE)
    kept: dict[str, Any] = _kept(wanted)
    return render_template(
        "people/index.html",
        found=found,
        wanted=wanted,
        rows=[_row(each) for each in found.rows],
        coordinates=actor().role is Role.COORDINATOR,
        narrowed=wanted != Wanted(left=wanted.left),
        kinds=[(kind.value, words) for kind, words in KINDS.items()],
        roles=[(role.value, words) for role, words in ROLE_WORDS.items()],
        text=f"{pages.offset + 1} to {pages.offset + len(found.rows)} of {found.total}",
        before=url_for(".index", **{**kept, "page": pages.before}) if pages.before else "",
        after=url_for(".index", **{**kept, "page": pages.after}) if pages.after else "",
    )


def _kept(wanted: Wanted) -> dict[str, str]:
    """Say what the list is narrowed to, as its address does."""
    said = {
        "name": wanted.name,
        "kind": wanted.kind,
        "role": wanted.role,
        "unit": str(wanted.unit_id or ""),
        "show": "left" if wanted.left else "",
    }
    return {key: value for key, value in said.items() if value}


def _wanted() -> Wanted:
    """Read what the list is narrowed to; what is not known narrows nothing."""
    asked = {key: value.strip()[:LONGEST] for key, value in request.args.items()}
    name = "".join(letter for letter in asked.get("name", "") if letter.isprintable())
    try:
        unit_id = UUID(asked.get("unit", ""))
    except ValueError:
        unit_id = None
    kind, role = asked.get("kind", ""), asked.get("role", "")
    return Wanted(
        name=name,
        kind=kind if kind in {each.value for each in PersonKind} else "",
        role=role if role in {each.value for each in Role} else "",
        unit_id=unit_id,
        left=asked.get("show") == "left",
    )


def _row(line: looking.Row) -> dict[str, Any]:
    name = f"{line.name}, {line.post_nominal}" if line.post_nominal else line.name
    job = reference.load().roles.get(line.host_role)
    return {
        "url": url_for(".show", person_id=line.id),
        "face": {
            "name": name,
            "title": line.title or (job.label if job else ""),
            "initials": initials(line.name),
            "side": _side(line.roles),
        },
        "roles": _roles(line.roles),
        "kind": KINDS[PersonKind(line.kind)],
        "unit": line.unit or "–",
    }


def _side(roles: frozenset[Role]) -> str:
    return side(next((role for role in IN_ORDER if role in roles), Role.COORDINATOR))


def _roles(roles: frozenset[Role]) -> str:
    return ", ".join(words for role, words in ROLE_WORDS.items() if role in roles)


@bp.get("/people/<uuid:person_id>")
@needs(Action.PERSON_SEE)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show one person."""
    number = page_number()
    seen = looking.one(work(), actor(), person_id=person_id, number=number)
    pages = Pages(number, seen.visits_in_all, SHIFTS)
    known, person = reference.load(), seen.person
    job = known.roles.get(person.host_role)
    area = known.portfolios.get(person.portfolio)
    here: dict[str, Any] = {"person_id": person_id}
    return render_template(
        "people/show.html",
        seen=seen,
        person=person,
        roles=_roles(person.roles),
        kind=KINDS[PersonKind(person.kind)],
        level=LEVELS.get(person.level, person.level.capitalize()) if person.level else "",
        area=area.label if area else "",
        job=job.label if job else "",
        visits=[_visit(each) for each in seen.visits],
        cleared=_clearance(seen),
        text=f"{pages.offset + 1} to {pages.offset + len(seen.visits)} of {pages.total}",
        before=url_for(".show", page=pages.before, **here) if pages.before else "",
        after=url_for(".show", page=pages.after, **here) if pages.after else "",
    )


def _visit(visit: Visit) -> dict[str, Any]:
    job = reference.load().roles.get(visit.host_role)
    role = job.label if job else ""
    return {
        "url": url_for("shifts.show", shift_id=visit.id),
        "visit": visit,
        "part": "Hosted" if visit.as_host else "Shadowed",
        "whom": visit.with_whom or ("A visitor" if visit.as_host else role or "A host"),
        "role": role,
    }


def _clearance(seen: Seen) -> dict[str, Any] | None:
    """Say how a visitor's clearance stands, to the coordinator alone (8.1)."""
    if not seen.opens or Role.OBSERVER not in seen.person.roles:
        return None
    try:
        _, told = clearance.one(work(), actor(), person_id=seen.person.id)
    except NotFound:
        return None
    missing = [line.requirement.label for line in told.lines if line.missing is not None]
    return {
        "cleared": told.cleared,
        "missing": missing,
        "url": url_for("requirement_people.one", person_id=seen.person.id),
    }


@bp.route("/people/invite", methods=["GET", "POST"])
@needs(Action.PERSON_CHANGE)
def invite() -> ResponseReturnValue:
    """Add somebody, who gets a link by mail."""
    form = PersonForm()
    form.offer(changing.desk(work(), actor()), by=actor().role)
    if form.submitted():
        with form.mending():
            person_id = changing.invite(work(), actor(), form.details)
            sent = (
                "A link to sign in is on its way to them. It works once, for a day."
                if form.details.email
                else ""
            )
            flash(f"Added. {sent}".strip(), "success")
            return redirect(url_for(".show", person_id=person_id), 303)
    return render_template("people/edit.html", form=form, person=None), form.status


@bp.route("/people/<uuid:person_id>/change", methods=["GET", "POST"])
@needs(Action.PERSON_CHANGE)
def change(person_id: UUID) -> ResponseReturnValue:
    """Change what is kept of a person."""
    desk = changing.desk(work(), actor(), person_id=person_id)
    form = PersonForm()
    form.offer(desk, by=actor().role)
    if form.submitted():
        with form.mending():
            changing.change(work(), actor(), form.details, person_id=person_id)
            horizon.renew_host(work(), host_id=person_id)
            flash("Saved. Booked shifts stay as they are.", "success")
            return redirect(url_for(".show", person_id=person_id), 303)
    person = {"id": person_id, "name": desk.details.name if desk.details else ""}
    return render_template("people/edit.html", form=form, person=person), form.status


@bp.route("/people/<uuid:person_id>/leave", methods=["GET", "POST"])
@needs(Action.PERSON_CHANGE)
def leave(person_id: UUID) -> ResponseReturnValue:
    """Say what ends with a leaver, and end it."""
    if request.method == "GET":
        seen = looking.one(work(), actor(), person_id=person_id)
        return render_template("people/leave.html", seen=seen, person=seen.person)
    changing.leave(work(), actor(), person_id=person_id)
    ended = shift_leavers.end_due(work())
    leavers.close_due(work())
    shifts = "1 shift or request" if ended == 1 else f"{ended} shifts or requests"
    more = f" {shifts} ended, and everybody concerned is told." if ended else ""
    flash(f"Their access has ended.{more}", "success")
    return redirect(url_for(".show", person_id=person_id), 303)


@bp.post("/people/<uuid:person_id>/return")
@needs(Action.PERSON_CHANGE)
def come_back(person_id: UUID) -> ResponseReturnValue:
    """Let somebody in again."""
    changing.come_back(work(), actor(), person_id=person_id)
    flash("They are in again. A link to sign in is on its way to them, for a day.", "success")
    return redirect(url_for(".show", person_id=person_id), 303)


@bp.post("/people/<uuid:person_id>/link")
@needs(Action.PERSON_CHANGE)
def link(person_id: UUID) -> ResponseReturnValue:
    """Send a new link to sign in."""
    changing.send_link(work(), actor(), person_id=person_id)
    flash("A link to sign in is on its way to them. It works once, for a day.", "success")
    return redirect(url_for(".show", person_id=person_id), 303)
