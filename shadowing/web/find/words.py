"""What the pages say of a slot: its card, what to know beforehand, what is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from flask import url_for

from shadowing.adapters import plain_time
from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.clearance.evidence import Due, Effect, Missing, Reason
from shadowing.domain.clearance.wording import text_version
from shadowing.domain.errors import Refusal
from shadowing.domain.people import initials
from shadowing.domain.ways import REMOTE
from shadowing.services.bookings.cards import OWN_DIARY, Card, Face
from shadowing.services.bookings.choosing import Choice, Item
from shadowing.services.bookings.offers import Place
from shadowing.web.find import ways
from shadowing.web.sentences import sentence
from shadowing.web.session import now, today, zone

BY_VIDEO: Final = "By video or phone"
JOIN: Final = (
    "By video or phone. The way in shows on the page of the shift and in your calendar once it is "
    "confirmed."
)
NOTHING_KEPT: Final = "Not by you either: no video, no sound, no pictures."
RAISED: Final = "More sensitive than usual on this unit. The unit lead says yes each time."
HIDDEN_HOST: Final = "Host named when confirmed"
SHIFTS: Final = "/shifts/"
WARNINGS: Final = {OWN_DIARY: "You have something in your diary then."}
MANNER_ICONS: Final = {"watch": "eye", "step_out": "door-open", "no_phone": "file-x-2"}
AN_HOUR: Final = timedelta(hours=1)
Tag = tuple[str, str]

# The same few hundred times stand on every page; to word one takes longer than to find its slot.
_range = lru_cache(4096)(plain_time.time_range)
_moment = lru_cache(4096)(plain_time.moment)
_length = lru_cache(256)(plain_time.length)
_zone_line = lru_cache(64)(plain_time.zone_line)


@dataclass(frozen=True, slots=True)
class Chip:
    """A host as a chip shows one."""

    name: str
    title: str
    initials: str
    side: str = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card in the words of ``parts/slots.html``."""

    state: str
    time: str
    day: str
    start: str
    host: Chip
    unit: str
    tags: tuple[Tag, ...]
    held_until: str
    url: str
    url_text: str
    aside: str
    blocks: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    pros: tuple[str, ...] = ()
    cons: tuple[str, ...] = ()


def moment(card: Card) -> str:
    """Say by when a request for it is answered, on the clock of the site."""
    return _moment(card.answer_by, card.zone, today=today())


def host(card: Card) -> Chip:
    """Show the host, or that the name comes later (A10)."""
    if not card.host_name:
        return Chip(HIDDEN_HOST, card.role_label, "?")
    return Chip(card.host_name, card.role_label, initials(card.host_name))


def shown(card: Card, *, main_site: str, dated: str = "") -> Shown:
    """Word a card; *dated* is a day for lists that have no heading for it."""
    state, url, url_text = _way_on(card)
    return Shown(
        state=state,
        time=_time(card, dated=bool(dated)),
        day=" · ".join(filter(None, (dated, *_lengths(card)))),
        start=card.starts_at.isoformat(),
        host=host(card),
        unit=card.unit_name,
        tags=tuple(_tags(card, main_site=main_site)),
        held_until=held_until(card),
        url=url,
        url_text=url_text,
        aside=_aside(card),
        blocks=blocks(card),
        warnings=warnings(card),
    )


def held_until(card: Card) -> str:
    """Say until when a seat is held; on which day, where that is not today. Nothing for no hold."""
    if card.held_until is None:
        return ""
    ends = card.held_until.astimezone(ZoneInfo(card.zone)).date()
    if ends == now().astimezone(ZoneInfo(card.zone)).date():
        return plain_time.time_of_day(card.held_until, card.zone)
    return _moment(card.held_until, card.zone, today=today())


def runs_out_soon(card: Card) -> bool:
    """Say whether holding a seat on makes sense: one that is offered is kept for hours anyway."""
    return card.held_until is None or card.held_until < now() + AN_HOUR


def warnings(card: Card) -> tuple[str, ...]:
    """Say what speaks against it; one can still ask (B7)."""
    return tuple(WARNINGS[code] for code in card.warnings)


def _time(card: Card, *, dated: bool) -> str:
    """Say when; the small hours under the heading of the day before are named by their own (A5)."""
    said = _range(card.starts_at, card.ends_at, card.zone)
    if dated or card.starts_at.astimezone(ZoneInfo(card.zone)).date() == card.local_date:
        return said
    return (
        f"{said} {plain_time.day_long(card.starts_at, card.zone, today=today()).partition(',')[0]}"
    )


def blocks(card: Card) -> tuple[str, ...]:
    """Say why it cannot be asked for; of one's own requests there is nothing to say."""
    if card.face in {Face.ASKED, Face.BOOKED}:
        return ()
    return said(card.reasons, card.zone)


def said(reasons: Iterable[Refusal], at: str) -> tuple[str, ...]:
    """Word some reasons on the clock of the zone *at*.

    That it is "not available" besides a cause of one's own adds nothing.
    """
    every = tuple(reasons)
    own = [reason for reason in every if not isinstance(reason, NotAvailable)]
    return tuple(sentence(reason, at, at=now()) for reason in own or every)


def _way_on(card: Card) -> tuple[str, str, str]:
    if card.face in {Face.ASKED, Face.BOOKED}:
        return card.face, f"{SHIFTS}{card.shift_id}", ""
    if card.face is Face.HELD:
        return card.face, url_for("asking.check", slot_id=card.slot_id), ""
    if card.bookable:
        return card.face, url_for("asking.goal", slot_id=card.slot_id), ""
    text, url = ways.best(card)
    return card.face, url, text


def _lengths(card: Card) -> Iterable[str]:
    yield _length(card.minutes)
    site = ZoneInfo(card.zone)
    starts, ends = card.starts_at.astimezone(site), card.ends_at.astimezone(site)
    if starts.utcoffset() != ends.utcoffset():
        yield "the clocks change during it"
    if card.zone != zone():
        yield _zone_line(card.zone)


def _tags(card: Card, *, main_site: str) -> Iterable[Tag]:
    if card.site_name != main_site:
        yield "building-2", card.site_name
    if card.kind == REMOTE:
        yield "monitor", BY_VIDEO
    if card.band == "night":
        yield "moon", "Night"
    if not card.unit_yes:
        yield "shield-check", "Unit lead approves"
    if card.seats > 1:
        yield "users-round", f"{card.free_seats} of {card.seats} places free"
    if not card.bookable:
        return
    for label in card.room_items:
        yield "shield-alert", f"{label} needed"
    if len(card.open_items) == 1:
        yield "clipboard-list", f"To complete first: {card.open_items[0]}"
    elif card.open_items:
        yield "clipboard-list", f"{len(card.open_items)} requirements to complete first"


def _aside(card: Card) -> str:
    if card.face is Face.OPEN:
        return "Said yes in advance"
    if card.face is Face.ASK:
        who = "Unit lead answers" if card.host_yes else "Answers"
        return f"{who} by {_together(moment(card))}"
    return ""


def _together(at: str) -> str:
    """Keep "11:00 am" on one line."""
    return "\N{NO-BREAK SPACE}".join(at.rsplit(" ", 1))


def main_site(units: Iterable[Place]) -> str:
    """Name the site that most units belong to: cards name theirs only where it is another."""
    most = Counter(place.site_name for place in units).most_common(1)
    return most[0][0] if most else ""


def outcome(choice: Choice) -> str:
    """Say what happens on booking, and by when (section 6.2, B3, B6, C5)."""
    card = choice.card
    who = card.host_name or "Your host"
    done = "once the open items are complete" if card.open_items else "at once"
    if card.host_yes and card.unit_yes:
        return f"{who} has said yes in advance. It is confirmed {done}."
    if card.host_yes:
        return f"{who} has said yes in advance. The unit lead answers by {moment(card)}."
    then = "" if card.unit_yes else ", then the unit lead,"
    return f"{who} answers{then} by {moment(card)}. No answer means “not this time”."


def facts(choice: Choice) -> tuple[tuple[str, str, str], ...]:
    """List what to know beforehand: sign, term, words."""
    cancel_by = _moment(choice.cancel_by, choice.card.zone, today=today())
    talk = _length(choice.debrief_minutes)
    within = f"within {choice.debrief_within_hours} hours"
    away = choice.card.kind == REMOTE
    every = (
        ("monitor", "Join", JOIN if away else ""),
        ("map-pin", "Meet", "" if away else choice.meeting_point),
        ("building-2", "Site", choice.card.site_name),
        ("zap", "When you book" if choice.card.host_yes else "When you ask", outcome(choice)),
        (
            "calendar-plus",
            "Calendars",
            "An invite goes to both of you. Moves and cancellations update it.",
        ),
        ("undo-2", "Change your mind", f"Move or cancel with no questions until {cancel_by}."),
        (
            "messages-square",
            "Afterwards",
            f"A talk of {talk} {within}, then 6 minutes to write up.",
        ),
        ("shield-alert", "These hours", RAISED if choice.card.raised else ""),
        ("map", "Parking", "" if away else choice.parking),
    )
    return tuple(fact for fact in every if fact[2])


def manners(choice: Choice) -> tuple[tuple[str, str, str], ...]:
    """List how to be a good shadow here: sign, what matters, the rest (B17, N7, D8, D9)."""
    if choice.card.kind == REMOTE:
        return (
            *((MANNER_ICONS[key], text, "") for key, text in choice.manners),
            ("eye-off", "Nothing is recorded.", NOTHING_KEPT),
            ("user-round-check", "Patients come first.", choice.consent),
        )
    return (
        *((MANNER_ICONS[key], text, "") for key, text in choice.manners),
        ("user-round-check", "Patients come first.", choice.consent),
        *(("shirt", "Wear:", f"{words}.") for words in choice.attire),
        *(("info", "On this unit:", words) for words in choice.house_rules),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement in the words of ``progress.checklist``."""

    state: str
    text: str
    meta: str
    url: str = ""
    url_text: str = ""


def checklist(choice: Choice) -> tuple[Line, ...]:
    """Word the requirements; each that the visitor can do leads there."""
    return tuple(Line(*_line(item), *_do(item)) for item in choice.items)


def _do(item: Item) -> tuple[str, str]:
    lack = item.missing
    open_now = lack is not None and lack.reason is not Reason.PENDING and not item.on_the_day
    if lack is None or not open_now or item.ticked_here or lack.by not in {"", "observer"}:
        return "", ""
    return url_for("requirements.one", code=item.code), "Say it is done"


def _line(item: Item) -> tuple[str, str, str]:
    lack = item.missing
    if lack is None:
        ends = item.standing.valid_to
        return "ok", item.label, f"Valid to {day_of(ends)}." if ends else "On file."
    if item.on_the_day:
        return "todo", item.label, _help(item) or "Asked on the day, at check-in."
    if item.ticked_here:
        return "todo", item.label, "You tick this below, before you book."
    if lack.by == "unit_manager":
        return "todo", item.label, "The unit does this with you before the shift."
    if lack.reason is Reason.PENDING:
        return "todo", item.label, "Being checked. Nothing to do for you."
    blocks_it = lack.effect is Effect.BLOCK and lack.due is not Due.BEFORE_SHIFT
    more = "" if blocks_it or lack.effect is Effect.BLOCK_ROOM else " Does not hold up the booking."
    help_words = _help(item) or "Ask your program coordinator how to do this."
    return "warn", item.label, f"{_why(lack)}{help_words}{more}"


def to_agree(choice: Choice) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """List the texts that the tick puts on record: title and lines (C7)."""
    return tuple((item.label, item.text) for item in choice.items if item.ticked_here)


def versions(choice: Choice) -> str:
    """Say which version of each of those texts is shown."""
    shown = (item for item in choice.items if item.ticked_here)
    return " ".join(f"{item.code}:{text_version(item.text)}" for item in shown)


def _help(item: Item) -> str:
    """Give the line of help; a unit's own rules have none beyond their words."""
    return item.help if item.help != item.label else ""


def _why(lack: Missing) -> str:
    if lack.valid_to is None:
        return ""
    verb = "Ran out" if lack.reason is Reason.EXPIRED else "Runs out before the shift ends, on"
    return f"{verb} {day_of(lack.valid_to)}. "


def day_of(day: date) -> str:
    """Word a day that needs no zone."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return plain_time.day_short(noon, "UTC", today=today())


def starters(choice: Choice) -> tuple[str, ...]:
    """Give three goals to begin from: what one decides, what is worked around, who waits."""
    every = [
        *(f"See how our decisions on {each} land on this unit." for each in choice.decisions[:1]),
        "See what people here have to work around to get through a usual shift.",
        "Find out who and what people here wait for, and for how long.",
        "Learn who really makes this unit run.",
    ]
    return tuple(every[:3])
