"""Participation: hours, who took part, and what HR may see of it.

A record says when, how long, where and beside what kind of role; never who the other person was,
and nothing that would let two records be laid side by side (section 8.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from shadowing.domain.bookings.states import TOOK_PLACE, State
from shadowing.domain.errors import Refusal

MIN_COUNTED: Final = timedelta(minutes=60)
NAME_MAX: Final = 100
BANDS: Final = frozenset({"day", "evening", "night", "around_clock"})
RECORDED: Final[frozenset[State]] = TOOK_PLACE


class Part(StrEnum):
    """In which part a person took part."""

    OBSERVER = "observer"
    HOST = "host"


class Label(StrEnum):
    """How a person stands in a cycle (H2)."""

    DONE = "done"
    BOOKED = "booked"
    NOTHING_BOOKED = "nothing_booked"
    REQUIREMENT_MISSING = "requirement_missing"
    FOLLOW_UP_DUE = "follow_up_due"
    ON_LEAVE = "on_leave"


class BadFilter(Refusal):
    """A filter of the list cannot be. Facts: ``field`` and ``problem``."""

    code = "bad_filter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One person's part in one shift that took place.

    Attributes:
        date: At the site, of the start; a night belongs to it (A5).
        minutes: As they were, whether or not it counts as a shift (D5).
        role_kind: Of the host's work, for both records of a shift.
        counts: It was long enough to count as a shift (D5).
    """

    person_id: str
    person: str
    part: Part
    date: date
    minutes: int
    unit_id: str
    unit: str
    role_kind: str
    family: str
    band: str
    cycle: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What a label rests on.

    Attributes:
        missing: Codes of requirements, never why they are missing.
        follow_up_due: A debrief, reflection or promise of this person is late.
    """

    done: int
    target: int
    booked: int
    missing: tuple[str, ...] = ()
    follow_up_due: bool = False
    on_leave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a list of records adds up to."""

    people: int
    shifts: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationFilter:
    """What part of the list is asked for; empty means all.

    Attributes:
        first: First date, included.
        last: Last date, included.
        name: Part of a person's name, in any case.
    """

    first: date | None = None
    last: date | None = None
    cycle: str = ""
    part: Part | None = None
    unit: str = ""
    role_kind: str = ""
    family: str = ""
    band: str = ""
    name: str = ""

    def matches(self, record: Record) -> bool:
        """Say whether the record is asked for."""
        equal = (
            (self.cycle, record.cycle),
            (self.part or "", record.part),
            (self.unit, record.unit_id),
            (self.role_kind, record.role_kind),
            (self.family, record.family),
            (self.band, record.band),
        )
        return (
            (self.first is None or self.first <= record.date)
            and (self.last is None or record.date <= self.last)
            and all(not wanted or wanted == found for wanted, found in equal)
            and self.name.casefold() in record.person.casefold()
        )


def minutes_between(started: datetime, ended: datetime) -> int:
    """Count whole minutes of elapsed time, never below none (A5, D5)."""
    return max(0, (ended - started) // timedelta(minutes=1))


def counts_as_shift(minutes: int, *, planned_minutes: int) -> bool:
    """Say whether so many minutes count as a shift: an hour, or half of a shorter plan.

    Source: docs/rules.md, rule D5.
    """
    return timedelta(minutes=minutes) >= min(MIN_COUNTED, timedelta(minutes=planned_minutes) / 2)


def label(facts: PersonFacts) -> Label:
    """Say how a person stands; of several that hold, the one that most needs a hand.

    Source: docs/rules.md, rule H2.
    """
    if facts.on_leave:
        return Label.ON_LEAVE
    if facts.follow_up_due:
        return Label.FOLLOW_UP_DUE
    if facts.done >= facts.target:
        return Label.DONE
    if facts.missing:
        return Label.REQUIREMENT_MISSING
    return Label.BOOKED if facts.booked else Label.NOTHING_BOOKED


def totals(records: Iterable[Record]) -> Totals:
    """Add up: distinct people, records that count as a shift, and all minutes."""
    listed = tuple(records)
    return Totals(
        people=len({record.person_id for record in listed}),
        shifts=sum(record.counts for record in listed),
        minutes=sum(record.minutes for record in listed),
    )


def read_filter(raw: Mapping[str, str]) -> ParticipationFilter:
    """Read a filter as it stands in an address; what is empty is not asked for.

    Args:
        raw: ``from``, ``to`` (dates, both included), ``cycle``, ``part``, ``unit``, ``role_kind``,
            ``family``, ``band``, ``name``; other names are not looked at.

    Raises:
        BadFilter: With the field and ``bad_date``, ``unknown_choice``, ``too_long`` or
            ``ends_before_start``.
    """
    given = {key: value.strip() for key, value in raw.items() if value.strip()}
    first, last = _date(given, "from"), _date(given, "to")
    if first and last and last < first:
        raise BadFilter(field="to", problem="ends_before_start")
    if given.get("part", Part.HOST) not in set(Part):
        raise BadFilter(field="part", problem="unknown_choice")
    if given.get("band", "day") not in BANDS:
        raise BadFilter(field="band", problem="unknown_choice")
    texts = {key: given.get(key, "") for key in ("cycle", "unit", "role_kind", "family", "name")}
    for key, text in texts.items():
        if len(text) > NAME_MAX:
            raise BadFilter(field=key, problem="too_long")
    return ParticipationFilter(
        first=first,
        last=last,
        part=Part(given["part"]) if "part" in given else None,
        band=given.get("band", ""),
        **texts,
    )


def _date(given: Mapping[str, str], key: str) -> date | None:
    if key not in given:
        return None
    try:
        return date.fromisoformat(given[key])
    except ValueError as error:
        raise BadFilter(field=key, problem="bad_date") from error
