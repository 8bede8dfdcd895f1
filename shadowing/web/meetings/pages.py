"""Meetings that clinicians may come along to: an administrator offers one, a clinician asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.adapters.plain_time import day_short, length, time_range, zone_line
from shadowing.domain.bookings.goal import LONGEST
from shadowing.domain.bookings.meetings import LONGEST as LONGEST_LINE
from shadowing.domain.bookings.meetings import MOST_SEATS, Draft
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.people import initials
from shadowing.domain.policy import Action, may
from shadowing.services.bookings import meetings
from shadowing.services.bookings.meetings import Card, Offered
from shadowing.web.fields import (
    AreaField,
    DayField,
    LineField,
    MenuField,
    TickField,
    TimeField,
    WholeField,
)
from shadowing.web.forms import HouseForm
from shadowing.web.pages import PAGE_SIZE, Pages, page_number
from shadowing.web.sentences import sentence
from shadowing.web.session import actor, needs, now, today, work, zone
from shadowing.web.shifts.words import Chip, Pill, away
from shadowing.web.typed import read_day

bp = Blueprint("meetings", __name__)

NOON: Final = time(12)


class OfferForm(HouseForm):
    """A meeting, on the clock of its building."""

    what = LineField(
        "What the meeting is called", needed="Enter what it is called.", most=LONGEST_LINE
    )
    room = LineField("Where to meet", needed="Enter where to meet.", most=LONGEST_LINE)
    site = MenuField("Building", needed="Choose the building.")
    day = DayField("Day", needed="Enter the day.")
    start = TimeField("Begins", needed="Enter when it begins.")
    end = TimeField("Ends", needed="Enter when it ends.")
    seats = WholeField(
        "Seats for clinicians", low=1, high=MOST_SEATS, needed="Enter how many may come."
    )
    open_to_visitors = TickField("Nothing in this meeting is confidential")

    def offer(self) -> None:
        """Fill in the buildings there are."""
        self.site.choices = [
            SelectChoice(str(each.id), each.name) for each in meetings.sites(work(), actor())
        ]
        if not self.is_submitted():
            self.seats.data = 1
            self.day.data = _day(request.args.get("day", ""))

    def draft(self) -> Draft:
        """Give what was written."""
        return Draft(
            what=self.what.data or "",
            room=self.room.data or "",
            day=self.day.data or today(),
            start=f"{self.start.data or NOON:%H:%M}",
            end=f"{self.end.data or NOON:%H:%M}",
            seats=self.seats.data or 0,
            open_to_visitors=bool(self.open_to_visitors.data),
        )


class AskForm(HouseForm):
    """Why this meeting?"""

    goal = AreaField("What do you want to understand?", needed="Enter what you want to understand.")
    access_needs = AreaField("Anything you need to take part?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A meeting in the words of a list."""

    id: UUID
    what: str
    room: str
    day: str
    time: str
    start: str
    away: str
    zone: str
    site: str
    length: str
    host: Chip
    seats: str


@dataclass(frozen=True, slots=True)
class Found:
    """A meeting that may be asked for, or why not."""

    row: Row
    blocks: tuple[str, ...]
    shift_url: str


def _row(shown: Card | Offered) -> Row:
    each = shown.meeting
    free = each.seats - each.taken
    return Row(
        id=each.id,
        what=each.what,
        room=each.room,
        day=day_short(each.starts_at, each.zone, today=today()),
        time=time_range(each.starts_at, each.ends_at, each.zone),
        start=each.starts_at.isoformat(),
        away=away(each.starts_at, now=now(), zone=each.zone),
        zone="" if each.zone == zone() else zone_line(each.zone),
        site=each.site_name,
        length=length(each.interval.minutes),
        host=Chip(each.host_name, each.host_title, initials(each.host_name), "a"),
        seats="1 seat free" if free == 1 else f"{free or 'No'} seats free",
    )


@bp.get("/meetings")
@needs(Action.MEETING_OFFER, Action.MEETING_ASK)
def index() -> ResponseReturnValue:
    """Show a clinician what they may come along to, and an administrator what they offer."""
    if may(actor(), Action.MEETING_OFFER):
        return _own()
    if not may(actor(), Action.MEETING_ASK):
        raise NotFound(subject="meetings")
    found = meetings.find(work(), actor(), page=page_number())
    pages = Pages(page=found.page, total=found.total, size=PAGE_SIZE)
    last = pages.offset + len(found.cards)
    return render_template(
        "meetings/find.html",
        found=tuple(_found(each) for each in found.cards),
        text=f"{pages.offset + 1} to {last} of {found.total}",
        before=url_for(".index", page=pages.before) if pages.before else "",
        after=url_for(".index", page=pages.after) if pages.after else "",
    )


def _found(each: Card) -> Found:
    said = () if each.shift_id else _said(each.reasons, each.meeting.zone)
    shift_url = url_for("shifts.show", shift_id=each.shift_id) if each.shift_id else ""
    return Found(_row(each), said, shift_url)


def _said(reasons: Iterable[Refusal], at: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence(reason, at, at=now()) for reason in reasons))


def _own() -> ResponseReturnValue:
    rows = [
        (
            _row(each),
            each.meeting.state == "open",
            [
                (url_for("shifts.show", shift_id=shift_id), name, Pill(state, _word(state)))
                for shift_id, name, state in each.comers
            ],
        )
        for each in meetings.own(work(), actor())
    ]
    return render_template("meetings/own.html", rows=rows)


def _word(state: str) -> str:
    return "Waits for you" if state == "requested" else ""


def _day(text: str) -> date | None:
    """Read the day a link names; none where it names none."""
    try:
        return read_day(text, today=today()) if text else None
    except ValueError:
        return None


@bp.route("/meetings/new", methods=["GET", "POST"])
@needs(Action.MEETING_OFFER)
def new() -> ResponseReturnValue:
    """Offer a meeting."""
    form = OfferForm()
    form.offer()
    if form.submitted():
        with form.mending():
            meetings.offer(work(), actor(), form.draft(), site_id=UUID(form.site.data))
            flash("Offered. Clinicians find it now; you say yes or no each time.", "success")
            return redirect(url_for(".index"), 303)
    return render_template("meetings/new.html", form=form), form.status


@bp.post("/meetings/<uuid:meeting_id>/end")
@needs(Action.MEETING_OFFER)
def take_back(meeting_id: UUID) -> ResponseReturnValue:
    """Offer it no longer."""
    meetings.take_back(work(), actor(), meeting_id=meeting_id)
    flash("Taken back. What you agreed to stands; nobody new can ask.", "success")
    return redirect(url_for(".index"), 303)


@bp.route("/meetings/<uuid:meeting_id>", methods=["GET", "POST"])
@needs(Action.MEETING_ASK)
def ask(meeting_id: UUID) -> ResponseReturnValue:
    """Ask to come along."""
    card = meetings.one(work(), actor(), meeting_id=meeting_id)
    if card.shift_id:
        return redirect(url_for("shifts.show", shift_id=card.shift_id), 303)
    form = AskForm()
    if form.submitted():
        with form.mending():
            shift = meetings.ask(
                work(),
                actor(),
                meeting_id=meeting_id,
                goal=form.goal.data or "",
                access_needs=form.access_needs.data or "",
            )
            return redirect(url_for("shifts.show", shift_id=shift.id, booked=1), 303)
    shown = _found(card)
    status = form.status if request.method == "POST" else (409 if shown.blocks else 200)
    page = render_template(
        "meetings/ask.html", form=form, row=shown.row, blocks=shown.blocks, longest=LONGEST
    )
    return page, status
