"""Find a shift: a week of slots, narrowed by what is in the address; nothing there breaks it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.adapters import plain_time
from shadowing.domain.policy import Action
from shadowing.services import delegates
from shadowing.services.bookings import offers
from shadowing.services.bookings.cards import Card, Face
from shadowing.services.bookings.offers import MOST_A_DAY, PAGE, Choice, Found, Query
from shadowing.web.fields import ManyField, MenuField
from shadowing.web.find import words
from shadowing.web.find.words import Shown
from shadowing.web.forms import HouseForm
from shadowing.web.pages import page_number
from shadowing.web.session import actor, needs, today, work, zone
from shadowing.web.typed import read_day

bp = Blueprint("find", __name__)

MOST_VALUES: Final = 40
SAID_YES: Final = "yes"
YES_IN_ADVANCE: Final = ("auto", "blind")


class FilterForm(HouseForm):
    """What can be narrowed by. It shows what was understood; what was not is left out."""

    class Meta(HouseForm.Meta):
        """Sent by GET: it changes nothing, so nothing can be forged."""

        csrf = False

    role = ManyField("Who you would join")
    band = ManyField("Time of day")
    mode = ManyField("Show only")
    kind = ManyField("How you join")
    unit = MenuField("Unit")

    def offer(self, found: Found, *, said_yes: bool) -> None:
        """Fill in the choices there are, and those that were made."""
        for field, choices in ((self.role, found.roles), (self.band, found.bands)):
            field.choices = [SelectChoice(each.code, each.label) for each in choices]
            field.data = [each.code for each in choices if each.chosen]
        self.mode.choices = [SelectChoice(SAID_YES, "Host has said yes in advance")]
        self.mode.data = [SAID_YES] if said_yes else []
        kinds = (
            found.kinds if len(found.kinds) > 1 or any(each.chosen for each in found.kinds) else ()
        )
        self.kind.choices = [SelectChoice(each.code, each.label) for each in kinds]
        self.kind.data = [each.code for each in kinds if each.chosen]
        units = [SelectChoice(str(each.unit_id), each.name) for each in found.units]
        self.unit.choices = [SelectChoice("", "Any unit"), *units]
        self.unit.data = str(found.unit_id) if found.unit_id else ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day's slots in the list: first those of some use, then those that must wait."""

    id: str
    day: date
    title: str
    count: str
    clock_change: str
    slots: tuple[Shown, ...]
    not_now: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One day of the week strip."""

    url: str
    dow: str
    num: str
    date: str
    count: int | str
    current: bool


@bp.get("/shifts")
@needs(Action.SLOT_FIND)
def search() -> ResponseReturnValue:
    """Show the slots of a week or a day."""
    query = _query()
    found = offers.find(work(), actor(), query)
    form = FilterForm(formdata=None)
    form.offer(found, said_yes=bool(query.modes))
    kept = _kept(form)
    who = actor()
    return render_template(
        "find/search.html",
        form=form,
        acting=who.name if who.hand_id else "",
        books_for=() if who.hand_id else delegates.listed(work(), who).others,
        found=found,
        kept=kept,
        counts=_counts(found),
        days=_days(found),
        strip=_strip(found, kept),
        before=_week(found.before, kept),
        after=_week(found.after, kept),
        whole_week=_address(kept, week=found.first),
        tell_me=_tell_me(found, kept),
        nearest=_address(kept, day=found.nearest) if found.nearest else "",
        bookable=sum(card.bookable for card in found.cards),
        zones={card.zone for card in found.cards} - {zone()},
        pages=_pages(found, kept),
        today=today(),
    )


def _query() -> Query:
    said_yes = SAID_YES in request.args.getlist("mode")[:MOST_VALUES]
    return Query(
        week=_day(request.args.get("week", "")),
        day=_day(request.args.get("day", "")),
        roles=tuple(request.args.getlist("role")[:MOST_VALUES]),
        bands=tuple(request.args.getlist("band")[:MOST_VALUES]),
        modes=YES_IN_ADVANCE if said_yes else (),
        kinds=tuple(request.args.getlist("kind")[:MOST_VALUES]),
        unit_id=_id(request.args.get("unit", "")),
        page=page_number(),
    )


def _day(text: str) -> date | None:
    try:
        return read_day(text, today=today()) if text else None
    except ValueError:
        return None


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _kept(form: FilterForm) -> dict[str, Any]:
    """Give the filters as they stand, to be carried from week to week."""
    return {field.name: field.data for field in form if field.data}


def _address(kept: Mapping[str, Any], **more: Any) -> str:  # noqa: ANN401 (whatever url_for writes)
    return url_for("find.search", **more, **kept)


def _tell_me(found: Found, kept: Mapping[str, Any]) -> str:
    """Lead to the waiting list, with what was looked for."""
    one = {name: kept[name][0] for name in ("role", "band") if len(kept.get(name, ())) == 1}
    last = found.day or found.first + timedelta(days=6)
    first = max(found.day or found.first, today())
    unit = {"unit": kept["unit"]} if kept.get("unit") else {}
    return url_for("wishes.new", day=first, last=last, **one, **unit)


def _counts(found: Found) -> dict[str, dict[str, int]]:
    def numbers(choices: Iterable[Choice]) -> dict[str, int]:
        return {choice.code: choice.count for choice in choices}

    if found.rough:
        return {"role": {}, "band": {}, "mode": {}, "kind": {}}
    yes = sum(choice.count for choice in found.modes if choice.code in YES_IN_ADVANCE)
    return {
        "role": numbers(found.roles),
        "band": numbers(found.bands),
        "mode": {SAID_YES: yes},
        "kind": numbers(found.kinds),
    }


def _days(found: Found) -> tuple[Day, ...]:
    home = words.main_site(found.units)
    by_day = groupby(sorted(found.cards, key=_local_date), key=_local_date)
    return tuple(_one_day(day, tuple(cards), home, found) for day, cards in by_day)


def _one_day(day: date, cards: tuple[Card, ...], home: str, found: Found) -> Day:
    there = dict(found.days).get(day, 0)
    count = f"{_number(there)} shift{'s' * (there != 1)}"
    shown = [words.shown(card, main_site=home) for card in cards]
    return Day(
        id=f"day-{day.isoformat()}",
        day=day,
        title=plain_time.day_long(_noon(day), "UTC", today=today()),
        count=count if there == len(cards) else f"{len(cards)} of {count}",
        clock_change=plain_time.clock_change(day, cards[0].zone) or "",
        slots=tuple(each for each in shown if each.state != Face.NOT_ALLOWED),
        not_now=tuple(each for each in shown if each.state == Face.NOT_ALLOWED),
    )


def _local_date(card: Card) -> date:
    return card.local_date


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _strip(found: Found, kept: Mapping[str, Any]) -> tuple[Link, ...]:
    return tuple(
        Link(
            url=_address(kept, day=day),
            dow=plain_time.day_short(_noon(day), "UTC").partition(",")[0],
            num=str(day.day),
            date=day.isoformat(),
            count=_number(count),
            current=day == found.day,
        )
        for day, count in found.days
    )


def _number(count: int) -> int | str:
    """Say how many, or that there are at least so many."""
    return f"{count}+" if count >= MOST_A_DAY else count


def _week(day: date | None, kept: Mapping[str, Any]) -> tuple[str, str] | None:
    if day is None:
        return None
    monday = day - timedelta(days=day.weekday())
    return _address(kept, week=monday), plain_time.week_title(monday)


def _pages(found: Found, kept: Mapping[str, Any]) -> dict[str, str]:
    """Say where this page stands among the pages, and lead to those beside it."""
    first = PAGE * (found.page - 1)
    here = {"day": found.day} if found.day else {"week": found.first}
    last = first + len(found.cards)
    return {
        "text": f"{first + 1} to {last} of {found.total}{'+' * found.more}",
        "before": _address(kept, page=found.page - 1, **here) if first else "",
        "after": _address(kept, page=found.page + 1, **here) if last < found.total else "",
    }
