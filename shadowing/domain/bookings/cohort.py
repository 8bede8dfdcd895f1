"""A cohort day: many shifts on one day, and one talk about all of them (B14).

A day is drafted, then planned: from then on whom it invites see it, and the shifts they book on it
point their talks to the joint one. Every other rule holds for each shift as if there were no day.

Source: docs/rules.md, rules B4, B7, B14, F1 and S0.1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.domain.bookings.goal import PatientDetail
from shadowing.domain.bookings.meetings import tidy
from shadowing.domain.errors import Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.patient_detail import lint

LONGEST_NAME: Final = 120
LONGEST_PURPOSE: Final = 400
SHORTEST_TALK: Final = 15
LONGEST_TALK: Final = 180
FARTHEST_DAYS: Final = 366
MOST_GUESTS: Final = 200


class Standing(StrEnum):
    """Where a day stands; that it is over its date says."""

    DRAFT = "draft"
    PLANNED = "planned"
    CANCELLED = "cancelled"


MOVES: Final = {
    Standing.DRAFT: frozenset({Standing.PLANNED, Standing.CANCELLED}),
    Standing.PLANNED: frozenset({Standing.CANCELLED}),
    Standing.CANCELLED: frozenset[Standing](),
}


class CohortTextMissing(Refusal):
    """A day has a name, and its joint talk a room. Facts: ``field``."""

    code = "cohort_text_missing"


class CohortTextTooLong(Refusal):
    """Facts: ``field``, ``longest``, ``length``."""

    code = "cohort_text_too_long"


class PatientDetailInCohort(PatientDetail):
    """The same of the words about a day. Facts: ``field``, ``found``."""

    code = "patient_detail_in_cohort"
    field = ""


class CohortDayTooSoon(Refusal):
    """Nobody could book a shift in time any more (B4), or it is too far off. Facts: ``first``."""

    code = "cohort_day_too_soon"
    field = "day"


class JointTalkHours(Refusal):
    """The joint talk is too short, too long, or ends on another day. Facts: ``least``, ``most``."""

    code = "joint_talk_hours"
    field = "minutes"


class JointTalkTooSoon(Refusal):
    """It would begin before the last shift of the day is over (F1). Facts: ``ends_at``."""

    code = "joint_talk_too_soon"
    field = "start"


class JointTalkClash(Refusal):
    """Some of those who come have something else then (B7). Facts: ``names``."""

    code = "joint_talk_clash"
    field = "start"


class CohortDayOver(Refusal):
    """Its joint talk has begun: what it was stays as it was."""

    code = "cohort_day_over"


class TalkIsJoint(Refusal):
    """The talk of this shift is the joint one of its day; it moves for all or for none (B14)."""

    code = "talk_is_joint"
    field = "debrief"


class NobodyInvited(Refusal):
    """A day without people is no day."""

    code = "nobody_invited"


class NoReverseShadow(Refusal):
    """At least one reverse shadow is offered on a cohort day, and there is none yet (B14, B16)."""

    code = "no_reverse_shadow"


class TooManyInvited(Refusal):
    """Facts: ``most``."""

    code = "too_many_invited"


class CohortMoveNotAllowed(Refusal):
    """The day is not where this could be done. Facts: ``state``, ``wanted``."""

    code = "cohort_move_not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A day as it is written down, on the clock of its building; ``minutes`` is of the talk."""

    name: str
    purpose: str
    day: date
    start: str
    minutes: int
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What of a day decides whose talk is the joint one.

    Attributes:
        guests: Whom it invites.
        talk: When the joint talk is.
    """

    state: str
    day: date
    site_id: UUID
    guests: Collection[UUID]
    talk: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What of a shift decides whether it is one of a day."""

    observer_id: UUID
    site_id: UUID
    kind: str
    local_date: date
    ends_at: datetime


def check_words(draft: Draft) -> tuple[str, str, str]:
    """Give name, purpose and room as they are kept.

    Raises:
        CohortTextMissing, CohortTextTooLong, PatientDetailInCohort: About one of them.
    """
    return (
        _words("name", draft.name, most=LONGEST_NAME),
        _words("purpose", draft.purpose, most=LONGEST_PURPOSE, needed=False),
        _words("room", draft.room, most=LONGEST_NAME),
    )


def _words(field: str, text: str, *, most: int, needed: bool = True) -> str:
    line = tidy(text)
    if needed and not line:
        raise CohortTextMissing(field=field)
    if len(line) > most:
        raise CohortTextTooLong(field=field, longest=most, length=len(line))
    if found := lint(line):
        raise PatientDetailInCohort(field=field, found=tuple(hit.text for hit in found))
    return line


def check_day(day: date, *, first: date) -> None:
    """Hold a date against the notice that whoever books a shift on it has to give (B4).

    Raises:
        CohortDayTooSoon: It is before *first*, or more than a year after.
    """
    if day < first or (day - first).days > FARTHEST_DAYS:
        raise CohortDayTooSoon(first=first)


def joint_talk(starts_at: datetime, minutes: int, *, zone: ZoneInfo) -> Interval:
    """Give the time of a joint talk: it ends on the day it begins, the same day as the shifts.

    Raises:
        JointTalkHours: It does not, or is no time a talk takes.
    """
    if not SHORTEST_TALK <= minutes <= LONGEST_TALK:
        raise JointTalkHours(least=SHORTEST_TALK, most=LONGEST_TALK)
    span = Interval(starts_at, starts_at + timedelta(minutes=minutes))
    days = {at.astimezone(zone).date() for at in (span.start, span.end)}
    if len(days) > 1:
        raise JointTalkHours(least=SHORTEST_TALK, most=LONGEST_TALK)
    return span


def check_move(state: str, *, to: Standing) -> None:
    """Hold a step of a day against the table.

    Raises:
        CohortMoveNotAllowed: The table does not list it.
    """
    if to not in MOVES[Standing(state)]:
        raise CohortMoveNotAllowed(state=state, wanted=to)


def check_ready(*, guests: int, meetings: int) -> None:
    """Say whether a day can be planned: somebody comes, and a reverse shadow is on offer (B14).

    Raises:
        NobodyInvited: Nobody is invited.
        NoReverseShadow: No administrator offers a meeting on that day.
    """
    if not guests:
        raise NobodyInvited
    if not meetings:
        raise NoReverseShadow


def belongs(visit: Visit, plan: Plan) -> bool:
    """Say whether the talk of a shift is the joint one of a day (B14).

    It is one of the day's people, on the day, in the building, and over before the talk begins.
    """
    same_day = visit.local_date == plan.day and visit.site_id == plan.site_id
    theirs = plan.state == Standing.PLANNED and visit.observer_id in plan.guests
    return theirs and same_day and visit.kind != "reverse" and visit.ends_at <= plan.talk.start


def reordered(ids: Sequence[UUID], moved: UUID, *, up: bool) -> tuple[UUID, ...]:
    """Give a list with one of it a place further *up*, or down; at the end it stays."""
    found = list(ids)
    at = found.index(moved)
    to = max(0, at - 1) if up else min(len(found) - 1, at + 1)
    found.insert(to, found.pop(at))
    return tuple(found)
