"""Letters from templates: one pair of files each, text and HTML, in ``templates/mail``.

A letter is told facts that are already words ("Wed, Mar 10"); what it says around them stands in
the templates, and nowhere else. No letter holds a reflection or the words of a promise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shadowing.adapters.plain_text import one_line

_SUBJECT: Final = "Subject: "

_WHEN: Final = frozenset({"unit", "day_long", "times", "zone_words"})
_ASKED: Final = _WHEN | {
    "other_name",
    "other_role",
    "goal",
    "answer_by",
    "yes_url",
    "no_url",
}
_DAY: Final = _WHEN | {"meeting_point"}
_ABOUT: Final = _WHEN | {"other_name", "host_name", "url"}
KINDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "absence-recorded": _ABOUT,
        "backup-asked": frozenset({"other_name", "url"}),
        "backup-free": _WHEN | {"other_name", "url"},
        "backup-left": frozenset({"other_name", "url"}),
        "backup-told": _WHEN | {"other_name", "other_role", "host_name", "url"},
        "both-sides-in": frozenset({"unit", "day_long", "url"}),
        "called-off": _ABOUT,
        "calendar-proposed": _WHEN | {"url"},
        "calendar-said-no": _WHEN | {"url"},
        "cancelled": _WHEN | {"url"},
        "cancelled-by-visitor": _WHEN | {"url"},
        "change-withdrawn": _WHEN | {"url"},
        "clearance-lapsed": _WHEN | {"url"},
        "checked-in": frozenset({"unit", "at", "url"}),
        "cohort-day-invited": _DAY | {"url"},
        "cohort-day-moved": _DAY | {"url"},
        "cohort-day-off": _DAY | {"url"},
        "commitment-told": frozenset({"unit", "url"}),
        "daily-news": frozenset({"news", "url"}),
        "did-it-happen": _WHEN | {"url"},
        "diary-unread": frozenset({"url"}),
        "did-not-happen": _WHEN | {"url"},
        "ended-early": frozenset({"unit", "day_long", "url"}),
        "host-reminder": _WHEN | {"other_name", "other_role", "url"},
        "host-swapped": _WHEN | {"url"},
        "host-said-yes": _WHEN | {"url"},
        "hours-not-chosen": _WHEN | {"other_name", "url"},
        "hours-wanted": frozenset({"why", "url"}),
        "invited": frozenset({"other_name", "why", "alternatives", "deadline", "url"}),
        "invitation": _WHEN | {"url"},
        "invite-answered": frozenset({"other_name", "alternatives", "url"}),
        "load-paused": frozenset({"url"}),
        "meeting-wanted": frozenset({"unit", "day_long", "url"}),
        "move-asked": _WHEN | {"other_name", "other_role", "before", "answer_by", "url"},
        "move-not-available": _WHEN | {"before", "url"},
        "moved-away": _WHEN | {"other_name", "url"},
        "not-available": _WHEN | {"url"},
        "notice-withdrawn": _WHEN | {"other_name", "url"},
        "other-hours": _WHEN | {"answer_by", "url"},
        "objection": _ABOUT,
        "objection-answered": _WHEN | {"url"},
        "phone-link": frozenset({"url"}),
        "preparation-card": _WHEN | {"why", "rules", "questions", "acts", "url"},
        "promises": frozenset({"unit", "day_long", "url"}),
        "reflection-reminder": frozenset({"unit", "day_long", "url"}),
        "released": _WHEN | {"url"},
        "request-held": _ABOUT,
        "request-lapsing": _ASKED,
        "request-received": _ASKED,
        "requirement-answered": frozenset({"missing", "changed", "url"}),
        "requirement-coming": _WHEN | {"missing", "changed", "deadline", "url"},
        "requirement-reminder": frozenset({"missing", "deadline", "url"}),
        "seat-offered": frozenset({"alternatives", "deadline", "url"}),
        "sheet-waiting": frozenset({"host_name", "unit", "url"}),
        "shift-done": frozenset({"unit", "day_long", "url"}),
        "sign-in-link": frozenset({"url", "deadline"}),
        "stopped-for-care": _WHEN | {"url"},
        "talk-reminder": frozenset({"unit", "day_long", "url"}),
        "times-corrected": frozenset({"unit", "day_long", "stayed", "url"}),
        "unit-notice": _WHEN | {"other_name", "other_role", "purpose", "url"},
        "swap-asked": _WHEN | {"other_name", "other_role", "answer_by", "url"},
        "swap-not-available": _WHEN | {"url"},
        "unit-asked": _WHEN | {"other_name", "other_role", "host_name", "url"},
        "unit-move-asked": _WHEN | {"other_name", "other_role", "before", "answer_by", "url"},
        "unit-moved": _WHEN | {"other_name", "other_role", "host_name", "url"},
        "unit-told": _WHEN | {"other_name", "other_role", "host_name", "url"},
        "waiting-for-clearance": _WHEN | {"url"},
        "withdrawn": _WHEN | {"url"},
    }
)
"""Every kind of letter, and the facts it cannot do without."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one message says: a subject of one line, and the same words as text and as HTML."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTime:
    """A shift offered instead. ``who`` stays empty where the host's name is not told yet (A10)."""

    day: str
    times: str
    url: str
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One piece of news in a day's message, and the page where it stands."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a letter may be told, in words. What is left out is not mentioned.

    Attributes:
        recipient_name: Who reads it.
        organization: Of the reader.
        other_name: The other person; left out for a host in a blind slot until ``confirmed``.
        other_role: "Chief Operating Officer", "Charge nurse".
        host_name: Told to the unit, besides the visitor in ``other_name``.
        event: What the calendar event is.
        standing: ``tentative`` while all have agreed but clearance is open.
        changed: One sentence on what is new in an update: "The time has changed."
        unit: "4 West Medical-Surgical".
        day_long: "Wednesday, March 10".
        day_short: "Wed, Mar 10".
        times: "7:15 – 11:00 pm".
        zone_words: "Central Standard Time (UTC−6)".
        clock_change: "Clocks go forward at 2:00 am", on such days.
        own_times: The same in the reader's zone where it is another: "8:15 – 11:59 pm Eastern
            Time".
        length: "3 hours 45 minutes".
        how: That it is joined by video or phone, where it is (B17).
        join_at: Where it is joined, once it is confirmed.
        meeting_point: Where the visitor is met; where a joint talk is.
        joint: The cohort day whose joint talk it is.
        unit_phone: Of the unit, never of a person (N3).
        attire: What to wear.
        bring: What to bring.
        parking: Where to park.
        goal: The visitor's own words; told to the host who is asked, and to nobody else (N3).
        note: What the visitor adds when something changes late; told to the host alone.
        before: When it is as it stands, where a change is asked for: "Wed, Mar 10, 7:15 – 11:00
            pm".
        promise_record: "Kept 5 of 6 promises after earlier shifts."
        load: "This would be your 2nd of 2 in March."
        answer_by: "Friday, March 5, 6:00 pm".
        deadline: By when something must be there, or until when a link works.
        missing: Labels of requirements; told to the visitor alone.
        at: When somebody checked in: "7:12 pm".
        stayed: From when to when, as it now stands: "7:12 – 10:40 am".
        debrief_day: "Thursday, March 11".
        debrief_times: "3:00 – 3:30 pm".
        alternatives: Other times, three at most.
        purpose: Why the program sends people: "Those who decide about your work see it first."
        why: The first line of the preparation card; so are those below up to *consent*.
        rules: What visitors keep to.
        ask_note: When to ask.
        questions: What to ask.
        acts: Three small acts (S2.6).
        leave_with: What there is when one leaves.
        consent: How patients are asked.
        moved_to: "Tuesday, March 16, 7:15 – 11:00 pm", where a visit was moved.
        news: What else there is to read, in a day's message.
        url: Of the page where all this stands; opening it changes nothing.
        yes_url: Opens the page that asks once more; so do the two below.
        hours_url: Offers other hours, where there can be others.
        no_url: Says no.
    """

    recipient_name: str
    organization: str
    other_name: str = ""
    other_role: str = ""
    host_name: str = ""
    event: Literal["shift", "debrief"] = "shift"
    standing: Literal["firm", "tentative"] = "firm"
    changed: str = ""
    unit: str = ""
    day_long: str = ""
    day_short: str = ""
    times: str = ""
    zone_words: str = ""
    clock_change: str = ""
    own_times: str = ""
    length: str = ""
    how: str = ""
    join_at: str = ""
    meeting_point: str = ""
    joint: str = ""
    unit_phone: str = ""
    attire: str = ""
    bring: str = ""
    parking: str = ""
    goal: str = ""
    note: str = ""
    before: str = ""
    promise_record: str = ""
    load: str = ""
    answer_by: str = ""
    deadline: str = ""
    missing: tuple[str, ...] = ()
    at: str = ""
    stayed: str = ""
    debrief_day: str = ""
    debrief_times: str = ""
    alternatives: tuple[OtherTime, ...] = ()
    purpose: str = ""
    why: str = ""
    rules: tuple[str, ...] = ()
    ask_note: str = ""
    questions: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    leave_with: tuple[str, ...] = ()
    consent: str = ""
    moved_to: str = ""
    news: tuple[News, ...] = ()
    url: str = ""
    yes_url: str = ""
    hours_url: str = ""
    no_url: str = ""


def open_letters(templates: Path, *, brand: str) -> Environment:
    """Open the letters under ``templates/mail``; one environment serves for good.

    Args:
        templates: The folder of all templates.
        brand: What the product is called.
    """
    environment = Environment(
        loader=FileSystemLoader(templates / "mail"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals["brand"] = brand
    return environment


def write(letters: Environment, kind: str, facts: Facts) -> Letter:
    """Write one letter; every fact is put on one line first.

    Raises:
        KeyError: There is no such *kind*.
        ValueError: A fact is left out that this kind cannot do without.
    """
    said = {name: _clean(value) for name, value in asdict(facts).items()}
    if lacking := sorted(name for name in KINDS[kind] if not said[name]):
        raise ValueError(f"the letter {kind} lacks {', '.join(lacking)}")
    head, _, text = letters.get_template(f"{kind}.txt").render(said).partition("\n")
    if not head.startswith(_SUBJECT):
        raise ValueError(f"{kind}.txt does not begin with its subject")
    subject = one_line(head.removeprefix(_SUBJECT))
    html = letters.get_template(f"{kind}.html").render(said, subject=subject)
    return Letter(subject=subject, text=_spaced(text), html=_spaced(html))


def _clean(value: object) -> object:
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    return one_line(str(value))


def _spaced(text: str) -> str:
    """Leave one empty line at most where a fact was left out."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"
