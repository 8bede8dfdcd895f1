"""What every page has: who looks and where they may go, times in plain words, ways on and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from shadowing.adapters import plain_time
from shadowing.domain.people import Role, initials
from shadowing.services import home
from shadowing.services.accounts.sessions import SignedIn
from shadowing.web.session import found, now, today, work, zone

BRAND: Final = "Shadowing"
LANG: Final = "en-US"
PAGE_SIZE: Final = 50
MOST_PAGES: Final = 10_000
LONGEST_PATH: Final = 300

ROLE_WORDS: Final = {
    Role.OBSERVER: "Administrator",
    Role.HOST: "Clinician",
    Role.UNIT_MANAGER: "Unit manager",
    Role.COORDINATOR: "Coordinator",
    Role.HR: "HR",
    Role.PRECEPTOR: "Preceptor",
    Role.PARTNER_COORDINATOR: "Partner coordinator",
    Role.SYSADMIN: "System administrator",
}

Way = tuple[str, str, str]
HOME: Final[Way] = ("Home", "/", "house")
PROMISES: Final[Way] = ("You saw, we did", "/commitments", "handshake")
REFLECT: Final[Way] = ("Reflect", "/reflections", "notebook-pen")
REQUESTS: Final[Way] = ("Requests", "/requests", "inbox")
SHIFTS: Final[Way] = ("My shifts", "/shifts/mine", "calendar-check")
UNITS: Final[Way] = ("Units", "/units", "map-pin")
PEOPLE: Final[Way] = ("People", "/people", "users-round")

WAYS: Final[dict[Role, tuple[Way, ...]]] = {
    Role.OBSERVER: (HOME, ("Find a shift", "/shifts", "search"), SHIFTS, REFLECT, PROMISES),
    Role.HOST: (
        HOME,
        ("Availability", "/availability", "calendar-clock"),
        REQUESTS,
        REFLECT,
        PROMISES,
    ),
    Role.UNIT_MANAGER: (HOME, REQUESTS, UNITS, ("Paper", "/sheets", "printer"), PROMISES),
    Role.COORDINATOR: (
        ("Overview", "/", "house"),
        ("Rounds", "/rounds", "shuffle"),
        ("Shifts", "/requests", "calendar-check"),
        PEOPLE,
        PROMISES,
    ),
    Role.HR: (
        ("Participation", "/participation", "chart-column"),
        PEOPLE,
        ("Requirements", "/requirements", "shield-check"),
        ("Exports", "/exports", "sheet"),
        PROMISES,
    ),
    Role.PRECEPTOR: (HOME,),
    Role.PARTNER_COORDINATOR: (("Overview", "/", "house"), PEOPLE),
    Role.SYSADMIN: (("Overview", "/", "house"), PEOPLE, ("Messages", "/messages", "mail")),
}
"""Where each role may go, in order; what has no page yet is left out."""
OF_A_SHIFT: Final = frozenset(
    {
        "shifts",
        "moves",
        "moving",
        "other_hours",
        "day",
        "passes",
        "afterwards",
        "talking",
        "swapping",
    },
)
LISTS: Final = frozenset({SHIFTS[1], REQUESTS[1]})


@dataclass(frozen=True, slots=True)
class Face:
    """A person as the corner of a page shows them; *side* gives shape and color."""

    name: str
    title: str
    initials: str
    side: str


@dataclass(frozen=True, slots=True)
class Item:
    """One way on."""

    label: str
    url: str
    icon: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that the person may act in."""

    code: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around every page; without a person where nobody is signed in."""

    brand: str = BRAND
    lang: str = LANG
    theme: str = ""
    site_line: str = ""
    zone_line: str = ""
    person: Face | None = None
    nav: tuple[Item, ...] = ()
    roles: tuple[Hat, ...] = ()
    unread: int = 0
    help_url: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one page of a long list stands, counted from 1."""

    page: int
    total: int
    size: int = PAGE_SIZE

    @property
    def before(self) -> int:
        """The number of the page before, or 0."""
        return self.page - 1

    @property
    def after(self) -> int:
        """The number of the page after, or 0."""
        return self.page + 1 if self.page * self.size < self.total else 0

    @property
    def offset(self) -> int:
        """How many rows lie before this page."""
        return (self.page - 1) * self.size


def page_number() -> int:
    """Read ``?page=``; what is no page is the first."""
    text = request.args.get("page", "1")
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    return min(max(int(text), 1), MOST_PAGES) if plain else 1


def safe_next(target: str | None) -> str:
    """Give a path of our own back as it is, and everything else as the start page.

    Whatever a browser might read as another place is refused: schemes, hosts, backslashes,
    blanks and control characters anywhere.
    """
    text = target or ""
    odd = any(ord(letter) <= 32 or 127 <= ord(letter) <= 159 or letter == "\\" for letter in text)  # noqa: PLR2004
    if odd or not text.startswith("/") or text.startswith("//") or len(text) > LONGEST_PATH:
        return "/"
    parts = urlsplit(text)
    return "/" if parts.scheme or parts.netloc or not text.isprintable() else text


def side(role: Role) -> str:
    """Give the shape and color of a role: plum square, pine circle, or grey."""
    return {Role.OBSERVER: "a", Role.HOST: "c"}.get(role, "o")


def dress(app: Flask) -> None:
    """Give every template of *app* its words, filters and surroundings."""
    app.jinja_env.globals.update(brand=BRAND, span=_span, initials=initials)
    app.jinja_env.filters.update(FILTERS)
    app.context_processor(_around)
    app.extensions["shadowing paths"] = frozenset(rule.rule for rule in app.url_map.iter_rules())


def _around() -> dict[str, object]:
    """Find who looks, unless something broke: an error page asks for nothing that may break."""
    who = None if g.get("broken") else found()
    return {"shell": Shell(help_url=_help()) if who is None else _shell(who)}


def _shell(who: SignedIn) -> Shell:
    role = who.actor.role
    held = [one for one in Role if one in who.actor.roles]
    return Shell(
        theme=who.theme,
        site_line=who.organization,
        zone_line=plain_time.zone_line(who.zone),
        person=Face(who.name, who.title, initials(who.name), side(role)),
        nav=_nav(who),
        roles=tuple(Hat(one, ROLE_WORDS[one], current=one is role) for one in held),
        help_url=_help(),
    )


def _exists(url: str) -> bool:
    return url in current_app.extensions["shadowing paths"]


def _nav(who: SignedIn) -> tuple[Item, ...]:
    """List the ways on, with the one in sight and how much waits at each."""
    ways = [way for way in WAYS[who.actor.role] if _exists(way[1])]
    here = _here([url for _, url, _ in ways])
    waiting = home.waiting(work(), who.actor)
    return tuple(
        Item(label, url, icon, current=url == here, count=waiting.get(url, 0))
        for label, url, icon in ways
    )


def _here(urls: list[str]) -> str:
    """Find the way that leads nearest to the page in sight; a shift belongs to its list."""
    if request.blueprint in OF_A_SHIFT:
        return next((url for url in urls if url in LISTS), "")
    path = request.path
    near = [url for url in urls if path == url or (url != "/" and path.startswith(f"{url}/"))]
    return max(near, key=len, default="")


def _help() -> str:
    return "/help" if _exists("/help") else ""


def _span(start: datetime, end: datetime, at: str | None = None) -> str:
    return plain_time.time_range(start, end, at or zone())


def _day(instant: datetime | date, at: str | None = None) -> str:
    return plain_time.day_short(_instant(instant), _zone(instant, at), today=today())


def _day_long(instant: datetime | date, at: str | None = None) -> str:
    return plain_time.day_long(_instant(instant), _zone(instant, at), today=today())


def _time(instant: datetime, at: str | None = None) -> str:
    return plain_time.time_of_day(instant, at or zone())


def _moment(instant: datetime, at: str | None = None) -> str:
    return plain_time.moment(instant, at or zone(), today=today())


def _clock_change(day: date, at: str | None = None) -> str:
    return plain_time.clock_change(day, at or zone()) or ""


def _zone_words(name: str, at: datetime | None = None) -> str:
    return plain_time.zone_words(name, at or now())


def _iso(instant: datetime | date) -> str:
    if isinstance(instant, datetime):
        return instant.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
    return instant.isoformat()


def _instant(value: datetime | date) -> datetime:
    """Take a day by its noon: a day needs no zone."""
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, 12, tzinfo=UTC)


def _zone(value: datetime | date, at: str | None) -> str:
    return (at or zone()) if isinstance(value, datetime) else "UTC"


FILTERS: Final[dict[str, Callable[..., str]]] = {
    "day": _day,
    "day_long": _day_long,
    "time": _time,
    "moment": _moment,
    "how_long": plain_time.length,
    "clock_change": _clock_change,
    "zone_words": _zone_words,
    "zone_line": plain_time.zone_line,
    "week_title": plain_time.week_title,
    "iso": _iso,
}
