"""Waiting for a shift: what is waited for, what is offered, and asking to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.adapters import reference
from shadowing.adapters.plain_time import day_short, moment, time_range
from shadowing.domain.bookings.goal import LONGEST
from shadowing.domain.policy import Action
from shadowing.services.bookings import choosing, offers, wishing
from shadowing.services.bookings.wishing import Waited, Wanted
from shadowing.web.fields import AreaField, DayField, MenuField
from shadowing.web.find import words
from shadowing.web.forms import HouseForm
from shadowing.web.session import actor, needs, today, work, zone
from shadowing.web.typed import read_day

bp = Blueprint("wishes", __name__)

ANY: Final = "any"


class WishForm(HouseForm):
    """What to be told of: days, and if it matters a unit, a role, a time of day."""

    first = DayField("From", needed="Choose the first day.")
    last = DayField("To", needed="Choose the last day.")
    unit = MenuField("Unit")
    role = MenuField("Who you would join")
    band = MenuField("Time of day")
    goal = AreaField("What do you want to understand?", needed="Enter what you want to understand.")
    access_needs = AreaField("Anything you need to take part?")

    def offer(self) -> None:
        """Fill the menus."""
        known = reference.load()
        roles = sorted(known.roles.values(), key=lambda each: each.label)
        bands = known.lists["shift_bands"].items()
        self.unit.choices = _menu(
            "Any unit", [(str(row[0]), row[1]) for row in offers.places(work(), actor())]
        )
        self.role.choices = _menu("Anybody", [(each.code, each.label) for each in roles])
        self.band.choices = _menu("Any time", [(code, str(row["label"])) for code, row in bands])
        if not self.is_submitted():
            self._suggest()

    def _suggest(self) -> None:
        """Take what was looked for."""
        day = _day(request.args.get("day", "")) or today()
        self.first.data, self.last.data = day, _day(request.args.get("last", "")) or day
        for name in ("unit", "role", "band"):
            self[name].data = request.args.get(name) or ANY

    @property
    def wanted(self) -> Wanted:
        """What was filled in."""
        unit = _chosen(self.unit.data)
        return Wanted(
            goal=self.goal.data or "",
            access_needs=self.access_needs.data or "",
            unit_id=UUID(unit) if unit else None,
            host_role=_chosen(self.role.data),
            band=_chosen(self.band.data),
            first=self.first.data,
            last=self.last.data,
        )


class SeatForm(HouseForm):
    """A seat of one slot: only why."""

    goal = AreaField("What do you want to understand?", needed="Enter what you want to understand.")
    access_needs = AreaField("Anything you need to take part?")


@dataclass(frozen=True, slots=True)
class Row:
    """One wish in the words of a list; ``seat`` leads to what is offered, which is ``when``."""

    id: UUID
    title: str
    meta: str
    seat: str
    when: str
    until: str


@bp.get("/wishes")
@needs(Action.SLOT_FIND)
def index() -> ResponseReturnValue:
    """Show what somebody waits for, offers first."""
    return render_template("find/wishes.html", rows=rows(wishing.mine(work(), actor())))


@bp.route("/wishes/new", methods=["GET", "POST"])
@needs(Action.SLOT_FIND)
def new() -> ResponseReturnValue:
    """Ask to be told of a kind of shift."""
    form = WishForm()
    form.offer()
    if form.submitted():
        with form.mending():
            wishing.wish(work(), actor(), form.wanted)
            return _waits()
    return render_template("find/wish.html", form=form, card=None, longest=LONGEST), form.status


@bp.route("/slots/<uuid:slot_id>/wish", methods=["GET", "POST"])
@needs(Action.SLOT_FIND)
def seat(slot_id: UUID) -> ResponseReturnValue:
    """Ask to be told when a seat of a slot comes free."""
    choice = choosing.offer(work(), actor(), slot_id=slot_id)
    form = SeatForm()
    if form.submitted():
        goal, needs = form.goal.data or "", form.access_needs.data or ""
        with form.mending():
            wishing.wish(work(), actor(), Wanted(slot_id=slot_id, goal=goal, access_needs=needs))
            return _waits()
    return render_template(
        "find/wish.html", form=form, card=choice.card, host=words.host(choice.card), longest=LONGEST
    ), form.status


@bp.post("/wishes/<uuid:wish_id>/end")
@needs(Action.SLOT_FIND)
def end(wish_id: UUID) -> ResponseReturnValue:
    """Wait no more."""
    wishing.stop(work(), actor(), wish_id=wish_id)
    flash("Ended. You are not told of it any more.", "success")
    return redirect(url_for(".index"), 303)


@bp.post("/wishes/<uuid:wish_id>/pass")
@needs(Action.SLOT_FIND)
def pass_on(wish_id: UUID) -> ResponseReturnValue:
    """Let the seat go that is offered, and go on waiting."""
    wishing.pass_on(work(), actor(), wish_id=wish_id)
    flash("Let go. The seat goes to the next, and you go on waiting.", "success")
    return redirect(url_for(".index"), 303)


def _waits() -> ResponseReturnValue:
    flash("You are on the list. A seat that opens is kept for you, and you are told.", "success")
    return redirect(url_for(".index"), 303)


def rows(waited: tuple[Waited, ...]) -> list[Row]:
    """Put wishes into the words of a list."""
    return [
        Row(
            id=each.wish.id,
            title=_title(each),
            meta=each.wish.goal,
            seat=url_for("asking.goal", slot_id=each.offered_slot_id)
            if each.offered_slot_id
            else "",
            when=_when(each),
            until=moment(each.until, zone(), today=today()) if each.until else "",
        )
        for each in waited
    ]


def _when(each: Waited) -> str:
    starts, ends = each.offered_starts_at, each.offered_ends_at
    if starts is None or ends is None:
        return ""
    day = day_short(starts, zone(), today=today())
    return f"{day}, {time_range(starts, ends, zone())}, {each.unit}"


def _title(each: Waited) -> str:
    known = reference.load()
    if each.slot_starts_at:
        return f"A seat on {each.unit}, {moment(each.slot_starts_at, zone(), today=today())}"
    role = known.roles.get(each.wish.host_role)
    who = role.label if role else "Any shift"
    where = f" on {each.unit}" if each.unit else ""
    band = f", {known.label('shift_bands', each.wish.band).lower()}" if each.wish.band else ""
    first, last = (words.day_of(day) for day in (each.wish.first_on, each.wish.last_on))
    days = first if each.wish.first_on == each.wish.last_on else f"{first} to {last}"
    return f"{who}{where}{band}: {days}"


def _menu(first: str, rows: list[tuple[str, str]]) -> list[Any]:
    return [SelectChoice(ANY, first), *(SelectChoice(*row) for row in rows)]


def _chosen(data: object) -> str:
    return "" if data in {None, ANY} else str(data)


def _day(text: str) -> date | None:
    try:
        return read_day(text, today=today()) if text else None
    except ValueError:
        return None
