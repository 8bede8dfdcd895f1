"""Shifts as lists: one's own, and what waits for one's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shadowing.adapters.plain_time import day_short, moment, time_range, zone_line
from shadowing.domain.bookings.states import WAITING, By, State
from shadowing.domain.people import Role
from shadowing.domain.policy import Action
from shadowing.services.bookings import changes, listing
from shadowing.services.bookings.listing import PAGE, InProgram, Line, Past, Wanted
from shadowing.web.fields import DayField, LineField, MenuField, offered, trouble_with
from shadowing.web.forms import HouseForm
from shadowing.web.pages import ROLE_WORDS, Pages, page_number
from shadowing.web.session import actor, needs, now, today, work, zone
from shadowing.web.shifts import changed
from shadowing.web.shifts.words import Chip, Pill, away, chip, pill, promises

bp = Blueprint("requests", __name__)

A_WEEK: Final = timedelta(days=7)
LONGEST_NAME: Final = 120
NARROWS: Final = ("name", "unit", "week")
NOTHING: Final[Mapping[str, Any]] = {}
SHOWS: Final = ("waiting", "booked", "past")
SPANS: Final = {
    "day": "Part of your day shift",
    "evening": "Part of your evening shift",
    "night": "Part of your night shift",
    "around_clock": "Part of your shift",
}
NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


class NarrowForm(HouseForm):
    """Which shifts to look for. What cannot be is left out."""

    class Meta(HouseForm.Meta):
        """Sent by GET: it changes nothing, so nothing can be forged."""

        csrf = False

    name = LineField("Visitor or host")
    unit = MenuField("Unit")
    week = DayField("Week of")

    def __init__(self, given: Any) -> None:  # noqa: ANN401 - what a GET brings
        """Read what can be read."""
        super().__init__(given)
        self.unit_id = _id(given.get("unit", ""))
        said = self.name.data or ""
        self.name.data = "" if trouble_with(said, most=LONGEST_NAME) else said.strip()

    def offer(self, listed: InProgram) -> None:
        """Fill the menu of units, and show what was understood."""
        rows = [(str(unit_id), name) for unit_id, name in listed.units]
        self.unit.choices = offered((("", "Any unit"), *rows))
        self.unit.data = str(self.unit_id) if self.unit_id else ""
        self.unit.errors = self.week.errors = self.name.errors = []


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One shift in the words of a list.

    Attributes:
        pros: What speaks for the visitor who asks; ``cons`` what against.
        yes: The move that a press of yes makes: ``accept``, ``approve``, or none.
    """

    line: Line
    url: str
    day: str
    time: str
    start: str
    away: str
    pill: Pill
    chip: Chip
    host: Chip
    unit: str
    zone: str
    answer_by: str
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    yes: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at requests."""

    text: str
    url: str
    current: bool
    count: str


@bp.get("/shifts/mine")
@needs(Action.SHIFT_SEE)
def mine() -> ResponseReturnValue:
    """Show one's own shifts: what is coming, what waits, and page by page what is over."""
    ahead = _rows(listing.ahead(work(), actor()))
    past = listing.past(work(), actor(), page=page_number())
    return render_template(
        "shifts/mine.html",
        coming=[row for row in ahead if row.line.face not in WAITING],
        waiting=[row for row in ahead if row.line.face in WAITING],
        past=_rows(past.lines),
        pages=_pages(past),
        number=past.page,
        finds=Role.OBSERVER in actor().roles,
        changes=_changes(),
    )


@bp.get("/requests")
@needs(Action.SHIFT_DECLINE)
def waiting() -> ResponseReturnValue:
    """Show what waits for one's word: a host's requests, a unit's, or all of a program's."""
    views = {
        Role.HOST: _for_host,
        Role.UNIT_MANAGER: _for_unit,
        Role.COORDINATOR: _for_program,
    }
    role = actor().role
    if role not in views:
        # Somebody who holds one of the three but acts as something else has nothing waiting here.
        held = [(each, ROLE_WORDS[each]) for each in views if each in actor().roles]
        return render_template("shifts/other_role.html", roles=held)
    return views[role]()


def _for_host() -> ResponseReturnValue:
    show = _shown()
    asked = listing.waiting(work(), actor())
    booked = listing.coming(work(), actor())
    past = listing.hosted(work(), actor(), page=page_number())
    load = listing.load(work(), actor())
    waits = _changes()
    lines = {"waiting": asked, "booked": booked, "past": past.lines}[show]
    counts = {"waiting": len(asked) + len(waits), "booked": len(booked), "past": past.total}
    return render_template(
        "shifts/requests.html",
        show=show,
        changes=waits if show == "waiting" else (),
        rows=[_row(line, load=load) for line in lines],
        lead=_lead(len(asked), changes=len(waits)),
        tabs=_tabs(counts, show),
        pages=_pages(past, show="past") if show == "past" else None,
        hours=SPANS,
        agreed=load.in_month(today()),
        most=load.most,
    )


def _for_unit() -> ResponseReturnValue:
    coming = listing.coming(work(), actor())
    soon = now() + A_WEEK
    return render_template(
        "shifts/unit.html",
        changes=_changes(),
        asked=_rows(listing.waiting(work(), actor())),
        week=_rows(line for line in coming if line.shift.starts_at < soon),
        later=_rows(line for line in coming if line.shift.starts_at >= soon),
    )


def _for_program() -> ResponseReturnValue:
    form = NarrowForm(request.args)
    show = _shown()
    wanted = Wanted(
        show=show,
        unit_id=form.unit_id,
        name=form.name.data or "",
        week=form.week.data,
        page=page_number(),
    )
    listed = listing.in_program(work(), actor(), wanted)
    form.offer(listed)
    kept = {name: form[name].data for name in NARROWS if form[name].data}
    return render_template(
        "shifts/program.html",
        show=show,
        form=form,
        narrowed=bool(kept),
        rows=_rows(listed.found.lines),
        tabs=_tabs(dict(listed.counts), show, kept=kept),
        pages=_pages(listed.found, show=show, kept=kept),
    )


def _changes() -> list[changed.Row]:
    return [changed.row(each) for each in changes.waiting(work(), actor())]


def _shown() -> str:
    wanted = request.args.get("show", "")
    return wanted if wanted in SHOWS else "waiting"


def _lead(count: int, *, changes: int) -> str:
    if not count and not changes:
        return "Nobody waits for an answer."
    if not count:
        return "Nobody new asks. You can always say no to a change: all stays as it is then."
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    people = "person would" if count == 1 else "people would"
    return (
        f"{number} {people} like to join you. You can always say no. They only see “not available”."
    )


def _tabs(
    counts: dict[str, int], show: str, *, kept: Mapping[str, Any] = NOTHING
) -> tuple[Tab, ...]:
    return tuple(
        Tab(
            text=name.capitalize() if name == "waiting" else f"{name.capitalize()} {count}",
            url=url_for(".waiting", show=name, **kept),
            current=name == show,
            count=str(count) if name == "waiting" and count else "",
        )
        for name, count in counts.items()
    )


def _pages(past: Past, *, show: str = "", kept: Mapping[str, Any] = NOTHING) -> dict[str, str]:
    """Say where this page stands among the pages, and lead to those beside it."""
    pages = Pages(page=past.page, total=past.total, size=PAGE)
    last = pages.offset + len(past.lines)
    return {
        "text": f"{pages.offset + 1} to {last} of {past.total}",
        "before": _page(pages.before, show, kept) if pages.before else "",
        "after": _page(pages.after, show, kept) if pages.after else "",
    }


def _page(number: int, show: str, kept: Mapping[str, Any]) -> str:
    return url_for(f"{request.endpoint}", page=number, show=show or None, **kept)


def _rows(lines: Iterable[Line]) -> list[Row]:
    return [_row(line) for line in lines]


def _row(line: Line, *, load: listing.Load | None = None) -> Row:
    shift = line.shift
    pros, cons = promises(line.record) if line.record else ((), ())
    if load and line.face == State.REQUESTED:
        fits, over = _limit(load, shift.local_date)
        pros, cons = (*pros, *fits), (*cons, *over)
    yes = {(By.HOST, State.REQUESTED): "accept", (By.UNIT, State.HOST_ACCEPTED): "approve"}
    return Row(
        line=line,
        url=url_for("shifts.show", shift_id=shift.id),
        day=day_short(shift.starts_at, line.zone, today=today()),
        time=time_range(shift.starts_at, shift.ends_at, line.zone),
        start=shift.starts_at.isoformat(),
        away=away(shift.starts_at, now=now(), zone=line.zone),
        pill=pill(line.face, part=line.part),
        chip=chip(line.other, part=line.part),
        host=chip(line.host, part=line.part),
        unit=line.unit_name,
        zone="" if line.zone == zone() else zone_line(line.zone),
        answer_by=moment(shift.answer_by, line.zone, today=today()),
        pros=pros,
        cons=cons,
        yes=yes.get((line.part, State(shift.state)), ""),
    )


def _limit(load: listing.Load, day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say how a request stands against the host's own limit of a month (A4)."""
    would_be = load.in_month(day) + 1
    if would_be <= load.most:
        return (f"Fits your limit: this would be {would_be} of {load.most} that month.",), ()
    return (), (f"Would go over your limit of {load.most} that month.",)
