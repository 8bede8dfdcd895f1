"""Units: what their lead may set, when they take nobody, and how many at once.

Source: docs/rules.md, rules A6 to A9, B4, B13 and B17.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shadowing.domain.errors import BadValue, Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.reference.tables import Reference

LARGEST_CAP: Final = 20
LONGEST_LINE: Final = 120
NEEDS_AUTHORIZATION: Final = "S3"


def higher(one: str, other: str) -> str:
    """Give the higher of two levels of sensitivity; one that is not set is below all (A8)."""
    return max(one, other)


class PauseKind(StrEnum):
    """Why a unit takes nobody for a while; told to nobody outside the unit and the program."""

    INFECTION_CONTROL = "infection_control"
    SHORT_STAFF = "short_staff"
    SURGE = "surge"
    OTHER = "other"


class YesEachTime(Refusal):
    """A unit at this sensitivity says yes each time, never in advance (A8)."""

    code = "yes_each_time"
    field = "auto_approve"


class AuthorizationMissing(Refusal):
    """An authorization is who gave it, under which reference, until when; all three (A8)."""

    code = "authorization_missing"
    field = "authorization"


class PauseTooShort(Refusal):
    """A pause ends after today."""

    code = "pause_too_short"
    field = "until"


class BookedInTheWay(Refusal):
    """A change concerns shifts that are agreed: they are looked at first. Facts: ``count``."""

    code = "booked_in_the_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the lead of a unit sets.

    Attributes:
        cap: Observers the unit takes at any one minute (A9).
        block_minutes: Length of one block (B13).
        notice_days: Its own notice; nothing where the program's is enough (B4).
        handover_open: Handover time may be content, where the host chooses it too (A6).
        own_rules: Codes of rules of units, beyond those of its kind.
    """

    cap: int
    block_minutes: int
    sensitivity: str
    auto_approve: bool
    consent: str
    attire: tuple[str, ...]
    meeting_point: str
    phone: str
    aim: str
    measures: str
    notice_days: int | None = None
    handover_open: bool = False
    remote_allowed: bool = False
    own_rules: tuple[str, ...] = ()
    authorized_by: str = ""
    authorization: str = ""
    authorized_until: date | None = None


def checked(wanted: Settings, *, known: Reference) -> Settings:
    """Give the settings as they are kept.

    Raises:
        BadValue: A number is out of range, or a code is not known.
        YesEachTime: It would say yes in advance at a sensitivity that forbids it.
        AuthorizationMissing: A part of the authorization is given and another is not.
    """
    hours = known.setting("block_hours")
    least, most = 60 * (hours.least or 1), 60 * (hours.most or 12)
    _within("cap", wanted.cap, 1, LARGEST_CAP)
    _within("block_minutes", wanted.block_minutes, least, most)
    if wanted.notice_days is not None:
        _within("notice_days", wanted.notice_days, 0, known.setting("external_days").most or 90)
    _known("sensitivity", (wanted.sensitivity,), known.sensitivities)
    _known("consent", (wanted.consent,), known.consents)
    _known("attire", wanted.attire, known.attires)
    _known("own_rules", wanted.own_rules, known.unit_rules)
    if wanted.auto_approve and not known.sensitivities[wanted.sensitivity].automatic:
        raise YesEachTime(sensitivity=wanted.sensitivity)
    parts = (wanted.authorized_by, wanted.authorization, wanted.authorized_until)
    if any(parts) and not all(parts):
        raise AuthorizationMissing
    return wanted


def _within(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadValue(field=field, problem="out_of_range", least=least, most=most)


def _known(field: str, codes: Iterable[str], rows: Iterable[str]) -> None:
    listed = set(rows)
    for code in codes:
        if code not in listed:
            raise BadValue(field=field, problem="unknown_code", value=code)


def most_at_once(spans: Iterable[Interval]) -> int:
    """Count how many are there at the fullest minute (A9); to touch is not to meet."""
    held = tuple(spans)
    return max((sum(o.start <= one.start < o.end for o in held) for one in held), default=0)


def beyond_cap(spans: Iterable[Interval], *, cap: int) -> tuple[Interval, ...]:
    """List the spans that lie in a minute with more than *cap* of them."""
    held = tuple(spans)
    full = [one.start for one in held if sum(o.start <= one.start < o.end for o in held) > cap]
    return tuple(span for span in held if any(span.start <= at < span.end for at in full))
