"""A way on from every reason why a slot cannot be asked for: what would help, and where (B8).

Causes on the host's side stay "not available"; their way on is another time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import url_for

from shadowing.domain.bookings.asking import (
    AlreadyAsked,
    DebriefOwed,
    NotAvailable,
    NotCleared,
    NoticeTooShort,
    Overlap,
    PromiseOverdue,
    ReportingLine,
    SlotFull,
    SlotGone,
    UnitFull,
    YearlyCap,
)
from shadowing.domain.errors import Refusal
from shadowing.services.bookings.cards import Card
from shadowing.web.sentences import sentence
from shadowing.web.session import now

SHIFTS: Final = "/shifts/"
MINE: Final = "/shifts/mine"
Way = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Help:
    """One reason in a sentence, with the words and the address of what would help."""

    text: str
    link: str
    url: str


def _alike(_reason: Refusal, card: Card) -> Way:
    return "Find one like it", url_for("find.search", role=card.host_role)


def _later(reason: Refusal, card: Card) -> Way:
    earliest = reason.facts["earliest"]
    at = earliest if isinstance(earliest, datetime) else card.starts_at
    return "See later shifts", url_for("find.search", day=at.astimezone(ZoneInfo(card.zone)).date())


def _own_shift(_reason: Refusal, card: Card) -> Way:
    if card.clash_id:
        return "See your shift", f"{SHIFTS}{card.clash_id}"
    return "See your shifts", MINE


def _asked(_reason: Refusal, card: Card) -> Way:
    return "See the shift", f"{SHIFTS}{card.shift_id}" if card.shift_id else MINE


def _elsewhere(_reason: Refusal, card: Card) -> Way:
    return "See other times on this unit", url_for("find.search", unit=card.unit_id)


def _requirements(_reason: Refusal, _card: Card) -> Way:
    return "See what is missing", url_for("requirements.show")


def _talk(reason: Refusal, _card: Card) -> Way:
    return "Record the talk", f"{SHIFTS}{reason.facts['shift_id']}"


def _promise(reason: Refusal, _card: Card) -> Way:
    address = url_for("commitments.show", commitment_id=reason.facts["commitment_id"])
    return "Update your promise", address


def _mine(_reason: Refusal, _card: Card) -> Way:
    return "See your shifts", MINE


def _all(_reason: Refusal, card: Card) -> Way:
    return "See all open shifts", url_for("find.search", day=card.local_date)


WAYS: Final[Mapping[type[Refusal], Callable[[Refusal, Card], Way]]] = {
    SlotGone: _alike,
    SlotFull: _alike,
    NoticeTooShort: _later,
    Overlap: _own_shift,
    AlreadyAsked: _asked,
    ReportingLine: _elsewhere,
    NotAvailable: _elsewhere,
    UnitFull: _elsewhere,
    NotCleared: _requirements,
    DebriefOwed: _talk,
    PromiseOverdue: _promise,
    YearlyCap: _mine,
}
FIRST: Final = (DebriefOwed, PromiseOverdue, NotCleared, Overlap, NoticeTooShort)
"""Which way a card shows where there is room for one: what somebody can do themselves."""


def way(reason: Refusal, card: Card) -> Way:
    """Say what would help against one reason: words and address."""
    return WAYS.get(type(reason), _all)(reason, card)


def best(card: Card) -> Way:
    """Say what would help most where a card has room for one thing."""
    ranked = sorted(card.reasons, key=_rank)
    return way(ranked[0], card) if ranked else ("", "")


def _rank(reason: Refusal) -> int:
    kind = type(reason)
    return FIRST.index(kind) if kind in FIRST else len(FIRST)


def helped(reasons: Iterable[Refusal], card: Card) -> tuple[Help, ...]:
    """Word some reasons, each with what would help.

    That it is "not available" besides a cause of one's own adds nothing.
    """
    every = tuple(reasons)
    own = [reason for reason in every if not isinstance(reason, NotAvailable)]
    return tuple(
        Help(sentence(reason, card.zone, at=now()), *way(reason, card)) for reason in own or every
    )
