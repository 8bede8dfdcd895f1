"""When things about a shift must be done, and when it is too late for them.

All instants are UTC. Lengths are elapsed time, whatever the clocks on the wall do in between (A5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shadowing.domain.interval import Interval


class Standing(StrEnum):
    """How an observer stands to the organization whose unit it is (C3)."""

    EMPLOYEE = "employee"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimingSettings:
    """The settings these rules rest on, with the defaults of section 2.5.

    Attributes:
        request_answer: A request lapses this long after it was made.
        answer_margin: Or this long before the start, whichever comes first.
        answer_least: Never sooner than this after it was made.
        employee_notice: From asking to the start, for people of the house.
        external_notice: The same for everybody else.
        late_cancel: An observer who cancels closer to the start than this is counted (B10).
        check_in_opens: Before the start.
        no_show_after: After the start.
        auto_check_out_after: After the planned end.
        early_end: Checked out longer than this before the planned end is "ended early".
        asked_after: Both are asked "did it happen?" this long after the end (D10).
        silence: One yes and this long without another word is enough.
        record_within: What took place may be put on record this long after the end.
        correct_within: And its times put right.
        object_within: An observer may object to "absent" this long.
    """

    request_answer: timedelta = timedelta(hours=72)
    answer_margin: timedelta = timedelta(hours=48)
    answer_least: timedelta = timedelta(hours=4)
    employee_notice: timedelta = timedelta(days=7)
    external_notice: timedelta = timedelta(days=28)
    late_cancel: timedelta = timedelta(hours=48)
    check_in_opens: timedelta = timedelta(minutes=30)
    no_show_after: timedelta = timedelta(minutes=30)
    auto_check_out_after: timedelta = timedelta(minutes=60)
    early_end: timedelta = timedelta(minutes=15)
    asked_after: timedelta = timedelta(hours=2)
    silence: timedelta = timedelta(hours=72)
    record_within: timedelta = timedelta(days=14)
    correct_within: timedelta = timedelta(days=7)
    object_within: timedelta = timedelta(days=7)


DEFAULTS: Final = TimingSettings()


def answer_by(
    requested_at: datetime,
    starts_at: datetime,
    *,
    settings: TimingSettings = DEFAULTS,
) -> datetime:
    """Say when a request lapses that nobody has answered.

    Source: docs/rules.md, rule B6.
    """
    lapses = min(requested_at + settings.request_answer, starts_at - settings.answer_margin)
    return max(lapses, requested_at + settings.answer_least)


def notice(standing: Standing, *, settings: TimingSettings = DEFAULTS) -> timedelta:
    """Say how long before the start this person has to ask (rule B4)."""
    if standing is Standing.EMPLOYEE:
        return settings.employee_notice
    return settings.external_notice


def notice_ok(
    now: datetime,
    starts_at: datetime,
    *,
    standing: Standing,
    settings: TimingSettings = DEFAULTS,
) -> bool:
    """Say whether there is notice enough to ask for a shift; exactly enough is enough.

    Source: docs/rules.md, rule B4.
    """
    return starts_at - now >= notice(standing, settings=settings)


def late_cancel(
    now: datetime,
    starts_at: datetime,
    *,
    settings: TimingSettings = DEFAULTS,
) -> bool:
    """Say whether an observer who cancels now is counted; hosts and units never are (B11).

    Source: docs/rules.md, rule B10.
    """
    return starts_at - now < settings.late_cancel


def check_in_window(
    starts_at: datetime,
    ends_at: datetime,
    *,
    settings: TimingSettings = DEFAULTS,
) -> Interval:
    """Say from when until when the observer may be checked in; late is allowed.

    Source: docs/rules.md, rule D1.
    """
    return Interval(starts_at - settings.check_in_opens, ends_at)


def no_show_from(starts_at: datetime, *, settings: TimingSettings = DEFAULTS) -> datetime:
    """Say from when somebody may set "did not come"; the clock never does (rule D3)."""
    return starts_at + settings.no_show_after


def auto_check_out_at(ends_at: datetime, *, settings: TimingSettings = DEFAULTS) -> datetime:
    """Say when a shift nobody checked out of is done; it counts to its planned end (rule D4)."""
    return ends_at + settings.auto_check_out_after


def is_ended_early(
    checked_out_at: datetime,
    ends_at: datetime,
    *,
    settings: TimingSettings = DEFAULTS,
) -> bool:
    """Say whether this check-out ends the shift early, which is never held against anyone.

    Source: docs/rules.md, rule D5.
    """
    return checked_out_at < ends_at - settings.early_end
