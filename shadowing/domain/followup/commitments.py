"""Promises: how many, what each must say, and when they are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shadowing.domain.errors import Refusal
from shadowing.domain.followup.moves import RECORDED, Commitment, Debrief
from shadowing.domain.followup.problems import BadAnswers, Problem
from shadowing.domain.followup.settings import DEFAULTS, FollowUpSettings

ACTION_MAX = 300
TEAM_MAX = 120
TELL_MAX = 200
OPEN = frozenset({Commitment.PROPOSED, Commitment.AGREED, Commitment.IN_PROGRESS})


class PromiseKind(StrEnum):
    """A person removes an obstacle, or a named team redesigns its work (F8)."""

    REMOVE_OBSTACLE = "remove_obstacle"
    REDESIGN_BY_TEAM = "redesign_by_team"


class DebriefFirst(Refusal):
    """Promises are made once the debrief is held or waived, not before (F6)."""

    code = "debrief_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What somebody says will be done.

    Attributes:
        action: What will be done.
        kind: Code of ``PromiseKind``; empty in a draft.
        owner: Id of the person who answers for it.
        due: By when, a date at the site; ``None`` in a draft.
        tell: How the host will know.
        team: Who redesigns, where a team does.
    """

    action: str
    kind: str
    owner: str
    due: date | None
    tell: str
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDates:
    """What lateness is counted from. All are dates at the site.

    Attributes:
        state: Where the promise stands.
        first_due: The first date named, whatever was amended since.
        debriefed_on: When the debrief was held or waived.
        updated_on: Of the last update by its owner, if any.
        waived_until: A coordinator's waiver of the lock, its last day.
    """

    state: Commitment
    first_due: date
    debriefed_on: date
    updated_on: date | None = None
    waived_until: date | None = None


@dataclass(frozen=True, slots=True)
class Flags:
    """What is the matter with a promise today (computed, never stored)."""

    update_due: bool
    overdue: bool
    locking: bool


def check_form_open(debrief: Debrief) -> None:
    """Refuse promises before the debrief is held or waived.

    Raises:
        DebriefFirst: It is neither.

    Source: docs/rules.md, rule F6.
    """
    if debrief not in RECORDED:
        raise DebriefFirst


def check_promises(
    promises: Sequence[Promise],
    *,
    reason: str,
    today: date,
    key: str = "commit",
    settings: FollowUpSettings = DEFAULTS,
) -> tuple[Promise, ...]:
    """Hold the promises of one shift against the rules, and return them.

    Args:
        promises: One to three; none only with a *reason*.
        reason: Why there is none; the host reads it.
        today: Date at the site; a promise is for a later day.
        key: Field the problems are reported at.
        settings: Of the program.

    Raises:
        BadAnswers: With one problem for each part that is missing or cannot be.

    Source: docs/rules.md, rules F7 and F8.
    """
    problems: list[Problem] = []
    if not promises and not reason.strip():
        problems.append(Problem(key, "promise_or_reason"))
    if len(promises) > settings.most_promises:
        problems.append(Problem(key, "too_many", {"max": settings.most_promises}))
    for number, promise in enumerate(promises):
        problems.extend(_problems(promise, key=f"{key}.{number}", today=today))
    if problems:
        raise BadAnswers(tuple(problems))
    return tuple(promises)


def _problems(promise: Promise, *, key: str, today: date) -> list[Problem]:
    texts = {
        "action": (promise.action, ACTION_MAX),
        "owner": (promise.owner, 0),
        "tell": (promise.tell, TELL_MAX),
    }
    if promise.kind == PromiseKind.REDESIGN_BY_TEAM:
        texts["team"] = (promise.team, TEAM_MAX)
    found = []
    for name, (text, most) in texts.items():
        if not text.strip():
            found.append(Problem(f"{key}.{name}", "answer_missing"))
        elif most and len(text) > most:
            facts = {"max": most, "length": len(text)}
            found.append(Problem(f"{key}.{name}", "too_long", facts))
    if not promise.kind:
        found.append(Problem(f"{key}.kind", "answer_missing"))
    elif promise.kind not in set(PromiseKind):
        found.append(Problem(f"{key}.kind", "unknown_choice"))
    if promise.due is None:
        found.append(Problem(f"{key}.due", "answer_missing"))
    elif promise.due <= today:
        found.append(Problem(f"{key}.due", "date_not_ahead"))
    return found


def update_due_on(dates: PromiseDates, *, settings: FollowUpSettings = DEFAULTS) -> date:
    """Say by when the host should next hear of it.

    Source: docs/rules.md, rule F10.
    """
    if dates.updated_on is None:
        return dates.debriefed_on + settings.first_update
    return dates.updated_on + settings.next_update


def flags(dates: PromiseDates, *, today: date, settings: FollowUpSettings = DEFAULTS) -> Flags:
    """Compute what is the matter with a promise.

    Done, declined with a reason (F12), seen and void promises are late for nothing. Only the
    owner's next booking is ever held back; the caller asks for the promises a person owns.

    Source: docs/rules.md, rules F10 to F12.
    """
    if dates.state not in OPEN:
        return Flags(update_due=False, overdue=False, locking=False)
    next_update = update_due_on(dates, settings=settings)
    late_from = dates.first_due + settings.overdue_lock
    unanswered = dates.updated_on is None or dates.updated_on <= late_from
    too_late = today > late_from and unanswered
    too_silent = today > next_update + settings.overdue_lock
    waived = dates.waived_until is not None and today <= dates.waived_until
    return Flags(
        update_due=today >= next_update,
        overdue=today > dates.first_due,
        locking=(too_late or too_silent) and not waived,
    )


def goes_ahead_unanswered(
    *,
    proposed_at: datetime,
    reminders: int,
    now: datetime,
    settings: FollowUpSettings = DEFAULTS,
) -> bool:
    """Say whether a promise its host has not answered goes ahead (7 days and 2 reminders).

    Source: docs/rules.md, section 6.5.
    """
    return now >= proposed_at + settings.host_answer and reminders >= settings.host_reminders
