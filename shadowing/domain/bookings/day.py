"""The day of a shift: how it ends, whether it took place, and what may be put right afterwards.

Source: docs/rules.md, rules D1 to D10.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.timing import (
    DEFAULTS,
    TimingSettings,
    check_in_window,
    is_ended_early,
)
from shadowing.domain.errors import BadValue
from shadowing.domain.interval import Interval


class EndCode(StrEnum):
    """Why a visit ended early, if somebody likes to say; never in words (D5)."""

    CARE = "care"
    PATIENT_PREFERENCE = "patient_preference"
    CALLED_AWAY = "called_away"
    UNWELL = "unwell"
    OTHER = "other"


class Absence(StrEnum):
    """What stands behind "did not happen": somebody said so, or nobody said anything."""

    ABSENT = "absent"
    NOT_RECORDED = "not_recorded"


class Mark(StrEnum):
    """How a shift came to be done without a check-in."""

    AFTERWARDS = "afterwards"
    PAPER = "paper"
    SETTLED = "settled"


class Outcome(StrEnum):
    """What two answers to "did it happen?" come to."""

    TOOK_PLACE = "took_place"
    ABSENT = "absent"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class Word:
    """One side's answer to "did it happen?", and when; ``None`` while there is none."""

    yes: bool | None = None
    at: datetime | None = None


def ends_in(at: datetime, *, planned_end: datetime, code: str, settings: TimingSettings) -> State:
    """Name the state that a check-out leads to.

    A stop for care is an early end whatever the clock says, so that hours and debrief survive.

    Source: docs/rules.md, rule D5 and section 6.2 (``clinical_override``).
    """
    early = is_ended_early(at, planned_end, settings=settings)
    return State.ENDED_EARLY if early or code == EndCode.CARE else State.COMPLETED


def outcome(
    observer: Word, host: Word, *, ends_at: datetime, now: datetime, settings: TimingSettings
) -> Outcome | None:
    """Say what came of asking both; nothing while it is open.

    A host's no settles it. An observer's no against a host's silence settles nothing: nobody is
    absent because they say so themselves, and the coordinator looks at it.

    Source: docs/rules.md, rule D10.
    """
    if host.yes is False:
        return Outcome.ABSENT
    if observer.yes and host.yes:
        return Outcome.TOOK_PLACE
    for one, other in ((observer, host), (host, observer)):
        if one.yes and one.at and other.yes is None and now - one.at >= settings.silence:
            return Outcome.TOOK_PLACE
    if now - ends_at >= settings.record_within:
        return Outcome.NOT_RECORDED
    return None


def is_counted(state: State, *, late: bool, reason: str) -> bool:
    """Say whether a shift is counted for its observer: a late cancel, or an absence.

    Source: docs/rules.md, rules B10 and D3.
    """
    if state is State.CANCELLED_BY_OBSERVER:
        return late
    return state is State.NO_SHOW and reason == Absence.ABSENT


def check_actual(
    stayed: Interval, *, planned: Interval, now: datetime, settings: TimingSettings
) -> Interval:
    """Refuse times that cannot be those of a shift; give back what can.

    Raises:
        BadValue: ``outside_shift`` or ``not_yet``, with the field.

    Source: docs/rules.md, rules D1 and D4.
    """
    if not check_in_window(planned.start, planned.end, settings=settings).contains(stayed.start):
        raise BadValue(field="came", problem="outside_shift")
    if stayed.end > planned.end + settings.auto_check_out_after:
        raise BadValue(field="left", problem="outside_shift")
    if stayed.end > now:
        raise BadValue(field="left", problem="not_yet")
    return stayed


def may_object(
    recorded_at: datetime, *, now: datetime, settings: TimingSettings = DEFAULTS
) -> bool:
    """Say whether an observer may still say that "absent" is wrong (D3)."""
    return now < recorded_at + settings.object_within


def may_correct(ends_at: datetime, *, now: datetime, settings: TimingSettings = DEFAULTS) -> bool:
    """Say whether times may still be put right (D4)."""
    return now < ends_at + settings.correct_within


def may_record(ends_at: datetime, *, now: datetime, settings: TimingSettings = DEFAULTS) -> bool:
    """Say whether what took place may still be put on record afterwards (D10, 6.2)."""
    return now < ends_at + settings.record_within
