"""A host's page: a week of their shifts, and which hours of them are open to whom."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import day_short
from shadowing.domain.availability.hours import Mode
from shadowing.domain.errors import Refusal, Stale
from shadowing.domain.policy import Action
from shadowing.services import diary
from shadowing.services.availability import breaks, changing, limits, load
from shadowing.services.availability.acts import (
    Act,
    AsEveryWeek,
    AsTheWeekBefore,
    BookedStay,
    Changed,
    NoLonger,
)
from shadowing.services.availability.week import Stretch, Week, week
from shadowing.services.bookings import closing_hours, joining
from shadowing.web.availability import grid
from shadowing.web.availability.forms import (
    UNTIL_SAID,
    AddForm,
    BreakForm,
    LimitsForm,
    RestForm,
    WeekForm,
    acts_of,
    clock_words,
    limits_form,
    name_of,
    week_form,
)
from shadowing.web.availability.grid import Sheet
from shadowing.web.fields import trouble_with
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, today, work
from shadowing.web.typed import read_day

bp = Blueprint("availability", __name__)

AGREED: Final = "agreed"
MOST_AGREED: Final = 400


@bp.get("/availability")
@needs(Action.AVAILABILITY_SEE)
def show() -> ResponseReturnValue:
    """Show a week, and one shift of it in full where one was picked."""
    shown, picked = _asked(request.args.get("week", ""), request.args.get("shift", ""))
    return _page(shown, picked)


@bp.post("/availability")
@needs(Action.AVAILABILITY_CHANGE)
def save() -> ResponseReturnValue:
    """Save what differs from how the week stood."""
    shown, picked = _asked(request.form.get("week", ""), request.form.get("shift", ""))
    if request.form.get("shift") and picked is None:
        raise Stale
    form = week_form(shown, picked)
    if form.submitted():
        acts = acts_of(form, shown, picked)
        if not acts:
            flash("Nothing to save: the week is as it was.", "info")
            return _back(shown)
        try:
            return _changed(form, acts, shown)
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(shown, picked, form=form)


@bp.post("/availability/hours")
@needs(Action.AVAILABILITY_CHANGE)
def add() -> ResponseReturnValue:
    """Add hours that were not in the schedule."""
    shown, _ = _asked(request.form.get("week", ""), "")
    form = AddForm(prefix="add-")
    form.offer(shown)
    if form.submitted():
        try:
            return _changed(form, form.acts(), shown)
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(shown, None, add=form)


@bp.post("/availability/hours/<uuid:rule_id>/remove")
@needs(Action.AVAILABILITY_CHANGE)
def remove(rule_id: UUID) -> ResponseReturnValue:
    """Take weekly hours out of the schedule."""
    shown, _ = _asked(request.form.get("week", ""), "")
    return _changed(HouseForm(), (NoLonger(rule_id),), shown)


@bp.post("/availability/days/<string(length=10):day>/<string(maxlength=20):span>/undo")
@needs(Action.AVAILABILITY_CHANGE)
def undo_day(day: str, span: str) -> ResponseReturnValue:
    """Let one shift on one day be as every week again."""
    shown, _ = _asked(request.form.get("week", ""), "")
    local_date = _day(day)
    if local_date is None:
        raise Stale
    return _changed(HouseForm(), (AsEveryWeek(span, local_date),), shown)


@bp.post("/availability/repeat")
@needs(Action.AVAILABILITY_CHANGE)
def repeat() -> ResponseReturnValue:
    """Make the week as the one before, closed and changed days too."""
    shown, _ = _asked(request.form.get("week", ""), "")
    words = "This week is as the one before."
    return _changed(HouseForm(), (AsTheWeekBefore(shown.first),), shown, said=words)


@bp.post("/availability/break")
@needs(Action.AVAILABILITY_CHANGE)
def take_break() -> ResponseReturnValue:
    """Hide all open shifts for a while."""
    form = BreakForm()
    if not form.submitted():
        flash("Choose how long your break lasts.", "error")
        return _back(None)
    return _on_break(breaks.take(work(), actor(), weeks=form.weeks.data.replace(UNTIL_SAID, "")))


def _on_break(until: datetime) -> ResponseReturnValue:
    shown, _ = _asked("", "")
    words = (
        "until you end it"
        if until == breaks.UNTIL_SAID
        else f"until {day_short(until, shown.zone)}"
    )
    undo = {"url": url_for(".end_break"), "fields": {}}
    said = {"text": f"You are on a break {words}. Booked shifts stay.", **undo}
    flash(said, "undo")  # type: ignore[arg-type] # the layout's own kind of message
    return _back(shown)


@bp.post("/availability/break/until")
@needs(Action.AVAILABILITY_CHANGE)
def rest_until() -> ResponseReturnValue:
    """Hide all open shifts up to a day."""
    shown, _ = _asked(request.form.get("week", ""), "")
    form = RestForm()
    if form.submitted() and form.back.data:
        with form.mending():
            until = breaks.take_until(work(), actor(), back=form.back.data)
            return _on_break(until)
    return _page(shown, None, rest=form)


@bp.post("/availability/break/end")
@needs(Action.AVAILABILITY_CHANGE)
def end_break() -> ResponseReturnValue:
    """Offer the shifts again."""
    breaks.end(work(), actor())
    flash("Your break is over. Your hours are offered again.", "success")
    return _back(None)


@bp.post("/availability/limits")
@needs(Action.AVAILABILITY_CHANGE)
def set_limits() -> ResponseReturnValue:
    """Set how much one hosts; it holds at once."""
    shown, _ = _asked(request.form.get("week", ""), "")
    form = limits_form(shown)
    if form.submitted():
        with form.mending():
            limits.set_limits(
                work(),
                actor(),
                max_per_month=form.max_per_month.data,
                cool_down_days=form.cool_down_days.data,
            )
            undo = {"url": url_for(".undo_limits"), "fields": {}}
            said = {"text": "Your limit is saved. Booked shifts stay.", **undo}
            flash(said, "undo")  # type: ignore[arg-type] # the layout's own kind of message
            return _back(shown)
    return _page(shown, None, own=form)


@bp.post("/availability/limits/undo")
@needs(Action.AVAILABILITY_CHANGE)
def undo_limits() -> ResponseReturnValue:
    """Take back what was set a moment ago."""
    limits.undo(work(), actor())
    flash("Your limit is as it was.", "success")
    return _back(None)


@bp.post("/availability/reopen")
@needs(Action.AVAILABILITY_CHANGE)
def reopen() -> ResponseReturnValue:
    """Offer the hours again that were hidden because shifts cost much."""
    load.reopen(work(), actor())
    flash("Your hours are offered again.", "success")
    return _back(None)


def _changed(
    form: HouseForm, acts: tuple[Act, ...], shown: Week, *, said: str = "Saved."
) -> ResponseReturnValue:
    """Make a change and go back to the week; where booked shifts stay, show them first."""
    try:
        done = changing.change(work(), actor(), acts, agreed=_agreed())
    except BookedStay as refusal:
        kept = [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name in _names(form) and not trouble_with(value)
        ]
        return render_template(
            "availability/confirm.html",
            stay=refusal.facts["stay"],
            ends=refusal.facts["ends"],
            kept=kept,
            week=shown,
            path=request.path,
        )
    joining.follow_own(work(), actor())
    if done.ends:
        closing_hours.decline_own(work(), actor())
    flash(_said(done, said), "success")
    return _back(shown)


def _names(form: HouseForm) -> frozenset[str]:
    """Name the fields that are sent again, unseen, once the host has agreed."""
    own = [field.name for field in form if field.name != "csrf_token"]
    return frozenset({*own, *(f"{name}-was" for name in own), "week", "shift"})


def _agreed() -> tuple[UUID, ...]:
    found: list[UUID] = []
    for text in request.form.getlist(AGREED)[:MOST_AGREED]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)


def _said(done: Changed, words: str) -> str:
    stay, ends = len(done.stay), len(done.ends)
    if stay:
        words += f" {stay} {'shift stays as it is' if stay == 1 else 'shifts stay as they are'}."
    if ends:
        words += f" {ends} {'request was' if ends == 1 else 'requests were'} told “not available”."
    return words


def _page(
    shown: Week,
    picked: Stretch | None,
    *,
    form: WeekForm | None = None,
    add: AddForm | None = None,
    own: LimitsForm | None = None,
    rest: RestForm | None = None,
) -> ResponseReturnValue:
    form = form or week_form(shown, picked)
    add = add or _add_form(shown)
    own = own or limits_form(shown, blank=True)
    rest = rest or RestForm(formdata=None)
    faulty: HouseForm = next((each for each in (add, own, rest) if each.errors), form)
    sheet = Sheet(shown, form, picked)
    return (
        render_template(
            "availability/show.html",
            week=shown,
            diary=diary.show(work(), actor()),
            picked=picked,
            form=form,
            add=add,
            limits=own,
            rest=rest,
            adding=bool(add.errors or request.args.get("add")),
            faulty=faulty,
            errors=faulty.errors,
            columns=grid.columns(sheet),
            work=grid.work_words(picked, sheet.zone) if picked else "",
            stood=[
                (name_of(each), form[name_of(each)])
                for each in shown.stretches
                if name_of(each) in form
            ],
            until_said=breaks.UNTIL_SAID,
            clock_words=clock_words,
        ),
        faulty.status,
    )


def _add_form(shown: Week) -> AddForm:
    """Make an empty form for more hours, perhaps of one shift on one day."""
    worked = Counter(each.hours.span.code for each in shown.stretches).most_common(1)
    stands = {
        "span": request.args.get("span", worked[0][0] if worked else ""),
        "day": _day(request.args.get("day", "")),
        "mode": Mode.ASK.value,
    }
    add = AddForm(prefix="add-", formdata=None, data=stands)
    add.offer(shown)
    return add


def _asked(week_text: str, key: str) -> tuple[Week, Stretch | None]:
    """Read the week that is meant and the shift picked in it; what is neither is left out."""
    shown = week(work(), actor(), around=_day(week_text))
    found = (
        each for each in shown.stretches if each.ahead and f"{each.key}-".startswith(f"{key}-")
    )
    return shown, next(found, None) if key else None


def _day(text: str) -> date | None:
    try:
        return read_day(text.strip(), today=today())
    except ValueError:
        return None


def _back(shown: Week | None) -> ResponseReturnValue:
    return redirect(url_for(".show", week=shown.first if shown else None), 303)
