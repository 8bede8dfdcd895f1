"""What the start pages say: a greeting, the next shift, things to do, shifts that would fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from flask import url_for

from shadowing.adapters.plain_time import day_long, day_short, moment, time_range
from shadowing.domain.bookings.states import By, State
from shadowing.domain.ways import REMOTE
from shadowing.services.bookings import looking, offers
from shadowing.services.bookings.cards import Card
from shadowing.services.bookings.listing import Line
from shadowing.services.bookings.looking import View
from shadowing.services.bookings.offers import Query
from shadowing.services.home import Kind, Owed, Progress
from shadowing.web.find.words import Shown, main_site, shown
from shadowing.web.session import actor, now, signed_in, today, work, zone
from shadowing.web.shifts.words import Chip, Pill, away, chip, day_of, due, pill, short

A_FEW: Final = 3
NOON, EVENING = 12, 18
LATE: Final = ("warn", "clock-alert")
SOON: Final = ("info", "calendar")


@dataclass(frozen=True, slots=True)
class Next:
    """The next shift: when as a sheet of a calendar, with whom, where, what is open."""

    url: str
    weekday: str
    day: int
    month: str
    away: str
    time: str
    start: str
    other: str
    where: str
    pill: Pill
    open_items: tuple[str, ...]
    open_by: str
    calls_you: bool


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: sign and its color, words, where, and by when as a pill."""

    icon: str
    tone: str
    text: str
    url: str
    meta: str
    pill: tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class Idea:
    """One shift that could be asked for, and one reason from facts."""

    shown: Shown
    day: str
    reason: str


ACTS: Final[Mapping[Kind, tuple[str, str, str, str, str]]] = {
    Kind.SIDE: (
        "notebook-pen",
        "plum",
        "Write your side of {unit}",
        "/reflections/{shift}",
        "With {other}. You both see the answers when both are in.",
    ),
    Kind.HAPPENED: (
        "message-circle-question-mark",
        "pine",
        "Did it happen? Your shift on {unit}",
        "/shifts/{shift}/did-it-happen",
        "With {other}. Nobody checked in. One tap is enough.",
    ),
    Kind.TALK: (
        "messages-square",
        "pine",
        "Record the talk about {unit}",
        "/shifts/{shift}",
        "With {other}. Promises can be written down after it.",
    ),
    Kind.PROMISE: (
        "handshake",
        "pine",
        "Say what you promise {unit}",
        "/commitments/new/{shift}",
        "One to three things, or why there is none. {other} reads it.",
    ),
    Kind.UPDATE: (
        "handshake",
        "pine",
        "Say how it is going: {text}",
        "/commitments",
        "You promised this to {unit} by {due}.",
    ),
    Kind.WORDS: (
        "pencil",
        "pine",
        "Look at the words of a promise",
        "/commitments",
        "{other} proposes: {text}",
    ),
    Kind.OUTCOME: (
        "eye",
        "pine",
        "See what became of it: {text}",
        "/commitments",
        "{other} has answered. A loop is closed when you have seen it.",
    ),
}
WAITS: Final = "{other} sent theirs. You both see the answers when yours is in."


def hello() -> str:
    hour = now().astimezone(ZoneInfo(zone())).hour
    part = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
    return f"Good {part}, {signed_in().name.split()[0]}"


def lead(shifts: int, todo: int) -> str:
    day = day_long(now(), zone(), today=today())
    coming = {0: "No shift coming up", 1: "One shift coming up"}.get(
        shifts, f"{shifts} shifts coming up"
    )
    open_ = {0: "nothing to do", 1: "one thing to do"}.get(todo, f"{todo} things to do")
    return f"{day}. {coming} and {open_}."


def host_lead(coming: int, asked: int) -> str:
    """Say what a host has before them."""
    day = day_long(now(), zone(), today=today())
    visitors = {0: "Nobody is coming", 1: "One visitor is coming"}.get(
        coming, f"{coming} visitors are coming"
    )
    waiting = {0: "nobody waits for an answer", 1: "one request waits for you"}.get(
        asked, f"{asked} requests wait for you"
    )
    return f"{day}. {visitors}, and {waiting}."


def share(percent: int) -> str:
    """Say a share as people do: "1 in 5"."""
    return f"1 in {100 // percent}" if percent and not 100 % percent else f"{percent} in 100"


def missed(progress: Progress) -> str:
    """Say how many late cancels and absences are counted, and what comes of it (D3)."""
    number, limit = progress.counted, progress.counted_limit
    told = "You and your coordinator see this, nobody else"
    if not number:
        return "None in this cycle"
    if limit is None:
        return f"{number} in this cycle. {told}"
    if number >= limit:
        first = "New requests go to your coordinator first"
    else:
        first = f"From {limit} on, your coordinator looks at requests first"
    return f"{number} in this cycle. {first}. {told}"


def next_shift(line: Line) -> Next:
    """Show the next shift; what is still missing is for the visitor alone."""
    view = looking.show(work(), actor(), shift_id=line.shift.id)
    shift, place = view.shift, ZoneInfo(view.zone)
    weekday, _, date_words = day_long(shift.starts_at, place, today=today()).partition(", ")
    visits = view.part is By.OBSERVER
    return Next(
        url=url_for("shifts.show", shift_id=shift.id),
        weekday=weekday[:3],
        day=shift.starts_at.astimezone(place).day,
        month=date_words.split()[0],
        away=away(shift.starts_at, now=now(), zone=view.zone),
        time=time_range(shift.starts_at, shift.ends_at, place),
        start=shift.starts_at.isoformat(),
        other=short(view.host if visits else view.observer, instead="your host"),
        where=_where(view),
        pill=pill(view.face, part=view.part),
        open_items=tuple(item.label for item in view.missing) if visits else (),
        open_by=moment(view.clearance_by, view.zone, today=today()),
        calls_you="check-in" in view.moves or view.face == State.CHECKED_IN,
    )


def _where(view: View) -> str:
    if view.unit is None:
        return view.shift.what
    who = view.host.words if view.part is By.OBSERVER else view.observer.words
    if view.shift.kind == REMOTE:
        return f"{who}, {view.unit.name}. By video or phone."
    meet = f" Meet: {view.unit.meeting_point}." if view.unit.meeting_point else ""
    return f"{who}, {view.unit.name}.{meet}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits, in short."""

    url: str
    when: str
    start: str
    chip: Chip
    answer_by: str


def asked(line: Line) -> Asked:
    shift = line.shift
    day = day_short(shift.starts_at, line.zone, today=today())
    return Asked(
        url=url_for("shifts.show", shift_id=shift.id),
        when=f"{day}, {time_range(shift.starts_at, shift.ends_at, line.zone)}",
        start=shift.starts_at.isoformat(),
        chip=chip(line.observer, part=line.part),
        answer_by=moment(shift.answer_by, line.zone, today=today()),
    )


def todo(owed: Iterable[Owed]) -> list[Todo]:
    """Word what is owed, what is late first."""
    ordered = sorted(owed, key=lambda each: (each.due is None, each.due or today()))
    return [_act(each) for each in ordered]


def _act(each: Owed) -> Todo:
    icon, tone, text, url, meta = ACTS[each.kind]
    words = {
        "unit": each.unit,
        "other": each.other,
        "text": each.text.rstrip("."),
        "shift": each.shift_id,
        "due": day_of(each.due, today=today()) if each.due else "",
    }
    kind, sign = LATE if each.late else SOON
    return Todo(
        icon=icon,
        tone=tone,
        text=text.format_map(words),
        url=url.format_map(words),
        meta=(WAITS if each.waits else meta).format_map(words),
        pill=(kind, sign, due(each.due, today=today())) if each.due else None,
    )


def ideas(progress: Progress) -> list[Idea]:
    """Suggest three shifts that can be asked for: other units first, those not seen before all."""
    found = offers.find(work(), actor(), Query())
    fit = [card for card in found.cards if card.bookable]
    if not fit and found.nearest:
        found = offers.find(work(), actor(), Query(day=found.nearest))
        fit = [card for card in found.cards if card.bookable]
    fit.sort(key=lambda card: card.unit_id in progress.seen_units)
    of_each_unit = {card.unit_id: card for card in reversed(fit)}
    several = {id(card): card for card in (*reversed(of_each_unit.values()), *fit)}
    site = main_site(found.units)
    return [_idea(card, progress, site) for card in several.values()][:A_FEW]


def _idea(card: Card, progress: Progress, home_site: str) -> Idea:
    if card.unit_id not in progress.seen_units:
        reason = f"You have not been on {card.unit_name} yet."
    elif card.band == "night":
        reason = "At night, when few visitors come."
    else:
        reason = "The host opened these hours for visitors."
    return Idea(
        shown=shown(card, main_site=home_site),
        day=day_short(card.starts_at, card.zone, today=today()),
        reason=reason,
    )
