"""Units: a list, one unit, its settings, a pause, and the week as a sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters import reference
from shadowing.adapters.plain_time import day_short, time_range
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.people import Role, initials
from shadowing.domain.policy import Action
from shadowing.domain.units import BookedInTheWay, PauseKind
from shadowing.services.availability import horizon
from shadowing.services.bookings import pausing
from shadowing.services.units import changing, looking
from shadowing.services.units.changing import Pause
from shadowing.services.units.looking import Coming
from shadowing.web.session import actor, needs, now, today, work
from shadowing.web.typed import read_day
from shadowing.web.units.forms import KINDS, PauseForm, SettingsForm

bp = Blueprint("units", __name__)

WORDS: Final = dict(KINDS)
MOST_SEEN: Final = 400


@dataclass(frozen=True, slots=True)
class Face:
    """A person as a chip shows one."""

    name: str
    title: str
    initials: str
    side: str


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who comes, in the words of a list."""

    url: str
    day: str
    time: str
    start: str
    state: str
    remote: bool
    visitor: Face
    host: Face


@bp.get("/units")
@needs(Action.UNIT_SEE)
def index() -> ResponseReturnValue:
    """Show the units somebody looks after."""
    lines = looking.mine(work(), actor())
    return render_template(
        "units/index.html",
        lines=lines,
        paused={line.id for line in lines if line.paused_until and line.paused_until > now()},
        all_units=actor().role is Role.COORDINATOR,
    )


@bp.get("/units/<uuid:unit_id>")
@needs(Action.UNIT_SEE)
def show(unit_id: UUID) -> ResponseReturnValue:
    """Show one unit: who comes, what it asks for, whether it takes anybody."""
    seen = looking.show(work(), actor(), unit_id=unit_id)
    unit, known = seen.unit, reference.load()
    paused = unit.paused_until if unit.paused_until and unit.paused_until > now() else None
    return render_template(
        "units/show.html",
        seen=seen,
        unit=unit,
        rows=_rows(seen.comers, unit.zone),
        paused=paused,
        paused_for=WORDS.get(unit.pause_kind, ""),
        attire=[known.attires[code].label for code in unit.attire if code in known.attires],
        consent=known.consents[unit.consent].label,
        level=known.sensitivities[unit.sensitivity].label,
        open_now=unit.authorized_on(seen.today),
        coordinates=seen.role is Role.COORDINATOR,
    )


@bp.route("/units/<uuid:unit_id>/settings", methods=["GET", "POST"])
@needs(Action.UNIT_CHANGE)
def settings(unit_id: UUID) -> ResponseReturnValue:
    """Show the settings, and save them; what is booked and concerned is listed first."""
    desk = looking.desk(work(), actor(), unit_id=unit_id)
    form = SettingsForm()
    form.offer(desk)
    concerned: tuple[Coming, ...] = ()
    if form.submitted():
        wanted = form.settings
        try:
            changing.change(
                work(),
                actor(),
                wanted,
                unit_id=unit_id,
                deputy_id=form.deputy_id,
                lead_id=form.lead_id,
                seen=_seen(),
            )
        except BookedInTheWay:
            concerned = changing.concerned(work(), actor(), wanted, unit_id=unit_id)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            horizon.renew_unit(work(), unit_id=unit_id)
            flash("Saved. Booked shifts stay as they are.", "success")
            return redirect(url_for(".show", unit_id=unit_id), 303)
    return render_template(
        "units/settings.html",
        desk=desk,
        unit=desk.unit,
        form=form,
        rows=_rows(concerned, desk.unit.zone),
    ), form.status


@bp.route("/units/<uuid:unit_id>/pause", methods=["GET", "POST"])
@needs(Action.UNIT_PAUSE)
def pause(unit_id: UUID) -> ResponseReturnValue:
    """Say what a pause concerns, and begin it."""
    seen = looking.show(work(), actor(), unit_id=unit_id)
    form = PauseForm()
    form.begin()
    if form.submitted():
        wanted = Pause(
            until=form.until.data or today(), kind=PauseKind(form.kind.data), stops=form.stops.data
        )
        with form.mending():
            changing.pause(work(), actor(), wanted, unit_id=unit_id)
            _tell_paused(stops=wanted.stops)
            return redirect(url_for(".show", unit_id=unit_id), 303)
    return render_template(
        "units/pause.html",
        unit=seen.unit,
        form=form,
        rows=_rows(_booked(unit_id, form), seen.unit.zone),
    ), form.status


def _booked(unit_id: UUID, form: PauseForm) -> tuple[Coming, ...]:
    """List what lies in the pause as it is filled in; nothing where that is no pause."""
    if form.until.data is None:
        return ()
    try:
        return changing.in_pause(work(), actor(), unit_id=unit_id, until=form.until.data)
    except NotFound:
        raise
    except Refusal:
        return ()


def _tell_paused(*, stops: bool) -> None:
    if not stops:
        flash("Paused. Open times are hidden now, and booked shifts stay.", "success")
        return
    pausing.stop_due(work())
    flash("Paused. What was booked is stopped for care, and everybody is told.", "success")


@bp.post("/units/<uuid:unit_id>/resume")
@needs(Action.UNIT_PAUSE)
def resume(unit_id: UUID) -> ResponseReturnValue:
    """End a pause now."""
    changing.resume(work(), actor(), unit_id=unit_id)
    flash("The pause is over. Open times show again.", "success")
    return redirect(url_for(".show", unit_id=unit_id), 303)


@bp.get("/units/<uuid:unit_id>/week")
@needs(Action.UNIT_SEE)
def week(unit_id: UUID) -> ResponseReturnValue:
    """Show everybody who comes in a week, to be printed."""
    try:
        around = read_day(request.args.get("week", ""), today=today())
    except ValueError:
        around = None
    sheet = looking.week(work(), actor(), unit_id=unit_id, around=around)
    return render_template(
        "units/week.html",
        sheet=sheet,
        unit=sheet.unit,
        days=[(day, _rows(comers, sheet.unit.zone)) for day, comers in sheet.days],
    )


def _seen() -> int:
    """Count the shifts that were listed when the form was sent again."""
    text = request.form.get("seen", "0")
    return min(int(text), MOST_SEEN) if text.isascii() and text.isdigit() and len(text) < 5 else 0  # noqa: PLR2004 (no more shifts than that are listed)


def _rows(comers: Iterable[Coming], zone: str) -> list[Row]:
    roles = reference.load().roles
    return [
        Row(
            url=url_for("shifts.show", shift_id=each.shift_id),
            day=day_short(each.starts_at, zone, today=today()),
            time=time_range(each.starts_at, each.ends_at, zone),
            start=each.starts_at.isoformat(),
            state=each.state,
            remote=not each.there,
            visitor=Face(each.observer, each.observer_title, initials(each.observer), "a"),
            host=Face(
                each.host,
                roles[each.host_role].label if each.host_role in roles else "",
                initials(each.host),
                "c",
            ),
        )
        for each in comers
    ]
