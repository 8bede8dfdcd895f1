"""How somebody joins: beside the host, or by video or phone; and how sensitive it is there.

Source: docs/rules.md, rules A8 and B17; docs/decisions/0114-by-video-or-phone.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from shadowing.domain.errors import BadValue
from shadowing.domain.units import higher

IN_PERSON: Final = "in_person"
REMOTE: Final = "remote"
KINDS: Final = (IN_PERSON, REMOTE)
MOST_SEATS: Final = 12
SHORTEST_MINUTES: Final = 15
"""A huddle is short, and nobody travels to it."""
LONGEST_ADDRESS: Final = 300
PHONE: Final = re.compile(
    r"(\+|00)?[0-9][0-9 ()./-]{5,24}[0-9](,? ?(code|pin|ext\.?|x|,,?) ?[0-9]{1,12}#?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What kind of slot some hours make.

    Attributes:
        kind: Code of ``slot_kinds``.
        seats: How many at once; one beside a host.
        join_at: Where a remote one is joined: a web address or a phone number.
        sensitivity: Where it is above the unit's, else empty.
    """

    kind: str = IN_PERSON
    seats: int = 1
    join_at: str = ""
    sensitivity: str = ""

    @property
    def remote(self) -> bool:
        """Whether nobody stands on the unit."""
        return self.kind == REMOTE


BESIDE: Final = Way()


def shortest(kind: str, *, block: int) -> int:
    """Say how many minutes hours of a kind last at least; *block* is the least beside a host."""
    return SHORTEST_MINUTES if kind == REMOTE else block


def like_first(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List the kinds to look for in place of one of *kind*: its own, then all others."""
    same = kind if kind in KINDS else IN_PERSON
    return (same,), tuple(each for each in KINDS if each != same)


def checked(
    given: Way, *, opened: bool, unit_level: str, levels: Collection[str], remote_allowed: bool
) -> Way:
    """Give the way as it is kept.

    Args:
        given: As the host says it.
        opened: Somebody may join now; closed hours need no address yet.
        unit_level: Sensitivity of the unit.
        levels: All there are.
        remote_allowed: Whether the unit lets somebody watch from elsewhere.

    Raises:
        BadValue: ``unknown_choice``, ``remote_is_off``, ``out_of_range``, ``no_address``,
            ``not_an_address`` or ``below_unit``, with the field.
    """
    if given.kind not in KINDS:
        raise BadValue(field="kind", problem="unknown_choice", value=given.kind)
    level = _level(given.sensitivity, unit_level, levels)
    if given.kind == IN_PERSON:
        # One beside one host: seats, not parties.
        return Way(sensitivity=level)
    if opened and not remote_allowed:
        raise BadValue(field="kind", problem="remote_is_off", value=given.kind)
    if not 1 <= given.seats <= MOST_SEATS:
        raise BadValue(field="seats", problem="out_of_range", least=1, most=MOST_SEATS)
    join_at = address(given.join_at)
    if opened and not join_at:
        raise BadValue(field="join_at", problem="no_address")
    return Way(kind=REMOTE, seats=given.seats, join_at=join_at, sensitivity=level)


def _level(given: str, unit_level: str, levels: Collection[str]) -> str:
    if not given or given == unit_level:
        return ""
    if given not in levels:
        raise BadValue(field="sensitivity", problem="unknown_choice", value=given)
    if higher(given, unit_level) != given:
        raise BadValue(field="sensitivity", problem="below_unit", value=given)
    return given


def address(text: str) -> str:
    """Give a joining address as it is kept; nothing stays nothing.

    Raises:
        BadValue: ``not_an_address``: neither a phone number nor an https address of a host by name.
    """
    kept = text.strip()
    if not kept or is_phone(kept) or (len(kept) <= LONGEST_ADDRESS and _is_link(kept)):
        return kept
    # What was given is no part of the refusal: an address may open a room.
    raise BadValue(field="join_at", problem="not_an_address")


def is_phone(text: str) -> bool:
    """Say whether it reads as a phone number, perhaps with a code to enter."""
    return PHONE.fullmatch(text) is not None


def _is_link(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or any(each in text for each in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(text)
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and "." in name.strip(".") and "@" not in parts.netloc
