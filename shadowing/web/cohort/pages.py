"""Cohort days: a list, one day as each may see it, and what its coordinator does with it (B14)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services.bookings import cohort, cohort_days, cohort_guests, cohort_promises
from shadowing.services.bookings.cohort_days import PAGE, Seen
from shadowing.web.cohort import rows
from shadowing.web.cohort.forms import AskForm, CallOffForm, DayForm, PeopleForm
from shadowing.web.pages import Pages, page_number
from shadowing.web.sentences import sentence, status_of
from shadowing.web.session import actor, needs, now, today, work

bp = Blueprint("cohort", __name__)

LONGEST: Final = 100
NO_MEETING: Final = "no_reverse_shadow"


@bp.get("/cohort-days")
@needs(Action.COHORT_SEE)
def index() -> ResponseReturnValue:
    """List the days somebody may see: those ahead, or those that are over."""
    past = request.args.get("show") == "past"
    found = cohort_days.listed(work(), actor(), past=past, page=page_number())
    pages = Pages(found.page, found.total, PAGE)
    kept: dict[str, Any] = {"show": "past"} if past else {}
    return render_template(
        "cohort/index.html",
        found=found,
        past=past,
        lines=[rows.line(each, today=today()) for each in found.lines],
        counted=actor().role is not Role.OBSERVER,
        text=f"{pages.offset + 1} to {pages.offset + len(found.lines)} of {found.total}",
        before=url_for(".index", page=pages.before, **kept) if pages.before else "",
        after=url_for(".index", page=pages.after, **kept) if pages.after else "",
    )


@bp.route("/cohort-days/new", methods=["GET", "POST"])
@needs(Action.COHORT_PLAN)
def new() -> ResponseReturnValue:
    """Draft a day."""
    desk = cohort.desk(work(), actor())
    if not desk.programs:
        raise NotFound(subject="programs")
    form = DayForm()
    form.offer(desk)
    if form.submitted():
        with form.mending():
            made = cohort.draft(
                work(),
                actor(),
                form.draft(),
                program_id=UUID(form.program.data),
                site_id=UUID(form.site.data),
            )
            flash("Drafted. Nobody is told yet: choose whom to invite.", "success")
            return redirect(url_for(".people", day_id=made), 303)
    page = render_template("cohort/new.html", form=form, first=rows.day_of(desk.first, today()))
    return page, form.status


@bp.get("/cohort-days/<uuid:day_id>")
@needs(Action.COHORT_SEE)
def show(day_id: UUID) -> ResponseReturnValue:
    """Show one day as this person may see it."""
    return _show(cohort_days.show(work(), actor(), day_id=day_id))


def _show(seen: Seen, *, refusal: Refusal | None = None) -> ResponseReturnValue:
    day = seen.day
    common = {
        "seen": seen,
        "day": day,
        "said": rows.said(seen, today=today()),
        "meetings": [rows.meeting(each) for each in seen.meetings],
        "find": url_for("find.search", day=day.local_date.isoformat()),
    }
    if not seen.plans:
        part = "cohort/guest.html" if actor().role is Role.OBSERVER else "cohort/unit.html"
        return render_template(part, **common, booked=rows.booked(seen))
    ask = AskForm(formdata=None)
    ask.offer(seen.guests)
    return render_template(
        "cohort/show.html",
        **common,
        people=rows.people(seen),
        checks=rows.checks(seen),
        promises=rows.promises(
            cohort_promises.listed(work(), actor(), day_id=day.id), today=today()
        ),
        ask=ask,
        refused=sentence(refusal, day.zone, at=now()) if refusal else "",
        wants_meeting=refusal is not None and refusal.code == NO_MEETING,
    ), status_of(refusal) if refusal else 200


@bp.route("/cohort-days/<uuid:day_id>/change", methods=["GET", "POST"])
@needs(Action.COHORT_PLAN)
def change(day_id: UUID) -> ResponseReturnValue:
    """Change what a day says, or when and where its joint debrief is."""
    seen = _planned_by_me(day_id)
    desk = cohort.desk(work(), actor())
    form = DayForm()
    form.offer(desk)
    form.stand(seen.day)
    if form.submitted():
        with form.mending():
            cohort.change(work(), actor(), form.draft(seen.day), day_id=day_id)
            flash("Saved. Calendars follow where the debrief moved.", "success")
            return redirect(url_for(".show", day_id=day_id), 303)
    page = render_template(
        "cohort/change.html", form=form, day=seen.day, first=rows.day_of(desk.first, today())
    )
    return page, form.status


def _planned_by_me(day_id: UUID) -> Seen:
    seen = cohort_days.show(work(), actor(), day_id=day_id)
    if not seen.plans:
        raise NotFound(day_id=day_id)
    return seen


@bp.route("/cohort-days/<uuid:day_id>/people", methods=["GET", "POST"])
@needs(Action.COHORT_PLAN)
def people(day_id: UUID) -> ResponseReturnValue:
    """Find administrators by name, and invite those that are ticked."""
    name = _name()
    found = cohort_days.candidates(work(), actor(), day_id=day_id, name=name, page=page_number())
    form = PeopleForm()
    form.offer(found.found)
    if form.submitted():
        with form.mending():
            ticked = [UUID(each) for each in form.people.data or ()]
            new = cohort_guests.invite(work(), actor(), day_id=day_id, person_ids=ticked)
            flash("1 person added." if new == 1 else f"{new} people added.", "success")
            return redirect(url_for(".people", day_id=day_id, **_kept(name)), 303)
    pages = Pages(found.page, found.total, PAGE)
    page = render_template(
        "cohort/people.html",
        form=form,
        day=found.day,
        name=name,
        invited=[each for each in found.found if each.invited],
        kept=_kept(name),
        total=found.total,
        text=f"{pages.offset + 1} to {pages.offset + len(found.found)} of {found.total}",
        before=_page(day_id, name, pages.before),
        after=_page(day_id, name, pages.after),
    )
    return page, form.status


def _name() -> str:
    text = request.args.get("name", "").strip()[:LONGEST]
    return "".join(letter for letter in text if letter.isprintable())


def _kept(name: str) -> dict[str, Any]:
    return {"name": name} if name else {}


def _page(day_id: UUID, name: str, number: int) -> str:
    return url_for(".people", day_id=day_id, page=number, **_kept(name)) if number else ""


@bp.post("/cohort-days/<uuid:day_id>/people/<uuid:person_id>/remove")
@needs(Action.COHORT_PLAN)
def remove(day_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Invite somebody no longer."""
    try:
        cohort_guests.uninvite(work(), actor(), day_id=day_id, person_id=person_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(_planned_by_me(day_id), refusal=refusal)
    flash("Taken off the day. Their shifts stay as they are.", "success")
    return redirect(url_for(".show", day_id=day_id), 303)


@bp.post("/cohort-days/<uuid:day_id>/plan")
@needs(Action.COHORT_PLAN)
def plan(day_id: UUID) -> ResponseReturnValue:
    """Open a draft to those it invites."""
    try:
        cohort.plan(work(), actor(), day_id=day_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(_planned_by_me(day_id), refusal=refusal)
    flash("Open. Everybody who is invited gets a message, and can book now.", "success")
    return redirect(url_for(".show", day_id=day_id), 303)


@bp.post("/cohort-days/<uuid:day_id>/meeting")
@needs(Action.COHORT_PLAN)
def ask_for_meeting(day_id: UUID) -> ResponseReturnValue:
    """Ask somebody who is invited to offer a meeting that day."""
    seen = _planned_by_me(day_id)
    form = AskForm()
    form.offer(seen.guests)
    if not form.submitted():
        flash("Choose who could offer a meeting.", "error")
        return redirect(url_for(".show", day_id=day_id, _anchor="meetings"), 303)
    try:
        new = cohort_guests.ask_for_meeting(
            work(), actor(), day_id=day_id, person_id=UUID(form.person.data)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _show(seen, refusal=refusal)
    flash("Asked. They get a link to offer one." if new else "They were asked before.", "info")
    return redirect(url_for(".show", day_id=day_id), 303)


@bp.post("/cohort-days/<uuid:day_id>/promises/<uuid:commitment_id>/<any(up,down):way>")
@needs(Action.COHORT_PLAN)
def rank(day_id: UUID, commitment_id: UUID, way: str) -> ResponseReturnValue:
    """Put a promise one place further up the list, or down."""
    cohort_promises.move(
        work(), actor(), day_id=day_id, commitment_id=commitment_id, up=way == "up"
    )
    return redirect(url_for(".show", day_id=day_id, _anchor="list"), 303)


@bp.route("/cohort-days/<uuid:day_id>/call-off", methods=["GET", "POST"])
@needs(Action.COHORT_PLAN)
def call_off(day_id: UUID) -> ResponseReturnValue:
    """Ask once more, then call a day off."""
    seen = _planned_by_me(day_id)
    form = CallOffForm()
    if form.submitted():
        with form.mending():
            cohort.call_off(work(), actor(), day_id=day_id)
            flash("Called off. The shifts stay; each has a talk of its own again.", "success")
            return redirect(url_for(".show", day_id=day_id), 303)
    page = render_template(
        "cohort/call_off.html", form=form, day=seen.day, lines=rows.effects(seen)
    )
    return page, form.status
