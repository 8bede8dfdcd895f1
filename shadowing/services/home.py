"""What each role sees first: what is next, what is owed, and what came of it all.

Every figure is counted from what is stored; who may see which is section 8.1.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.availability.bands import off_hours
from shadowing.domain.bookings.states import State
from shadowing.domain.followup.closing import (
    Missing,
    Sides,
    Talk,
    missing_to_close,
    reflection_due,
)
from shadowing.domain.followup.commitments import PromiseDates, flags
from shadowing.domain.followup.moves import Commitment, Debrief
from shadowing.domain.followup.settings import FollowUpSettings
from shadowing.domain.participation import counts_as_shift
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.work import Tx, Work
from shadowing.store import (
    bookings,
    commitments,
    counted,
    home,
    people,
    programs,
    proposals,
)
from shadowing.store.home import After, Loops, Said, Visit
from shadowing.store.people import Cycle

TWO_WEEKS: Final = timedelta(days=14)
PROPOSED: Final = (Commitment.PROPOSED.value,)
UNDER_WAY: Final = (Commitment.AGREED.value, Commitment.IN_PROGRESS.value)
TO_BE_SEEN: Final = (Commitment.DONE.value, Commitment.DECLINED.value)
HEARD: Final = (*TO_BE_SEEN, *UNDER_WAY, Commitment.SEEN.value)
A_FEW: Final = 3


class Kind(StrEnum):
    """What is owed."""

    SIDE = "side"
    TALK = "talk"
    PROMISE = "promise"
    UPDATE = "update"
    WORDS = "words"
    OUTCOME = "outcome"
    HAPPENED = "happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing for somebody to do.

    Attributes:
        other: The other person of the shift.
        waits: The other side is in, and waits for this one (L4).
        text: Of the promise it concerns.
        due: By when; nothing where there is no date.
        zone: Of the site.
    """

    kind: Kind
    shift_id: UUID
    commitment_id: UUID | None = None
    unit: str
    other: str = ""
    waits: bool = False
    text: str = ""
    due: date | None = None
    late: bool = False
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a visitor has seen so far, and what they kept.

    Attributes:
        this_cycle: Shifts in the cycle that runs now that were long enough to count as one (D5);
            ``cycle`` names it, empty where none does.
        too_short: Those of it that were not; their hours are recorded all the same.
        counted: Late cancels and absences of the cycle (D3); from ``counted_limit`` on new requests
            wait for the coordinator, never where that is nothing.
        off_hours: How many of all were at night or on a weekend; ``goal_percent`` is asked for.
    """

    visits: int
    this_cycle: int
    too_short: int
    counted: int
    counted_limit: int | None
    cycle: str
    cycle_ends: date | None
    units: int
    all_units: int
    newest_unit: str
    off_hours: int
    goal_percent: int
    seen_units: frozenset[UUID]
    promises: commitments.PromiseRecord


@dataclass(frozen=True, slots=True)
class Visitor:
    """The start page of somebody who shadows."""

    owed: tuple[Owed, ...]
    progress: Progress
    loops: Loops


@dataclass(frozen=True, slots=True)
class Host:
    """The start page of somebody who is shadowed; ``heard`` is what became of what they said."""

    owed: tuple[Owed, ...]
    heard: tuple[Said, ...]
    loops: Loops


def visitor(work: Work, actor: Actor) -> Visitor:
    """Read the start page of an observer."""
    authorise(actor, Action.SLOT_FIND)
    with work.read() as tx:
        me = actor.person_id
        promised = home.said_by(tx.db, owner_id=me, states=UNDER_WAY)
        return Visitor(
            owed=(*_after(tx, actor), *_updates(tx, actor, promised)),
            progress=_progress(tx, actor),
            loops=home.loops(tx.db, of="owner", key=me),
        )


def host(work: Work, actor: Actor) -> Host:
    """Read the start page of a host."""
    authorise(actor, Action.AVAILABILITY_SEE)
    with work.read() as tx:
        me = actor.person_id
        asked = home.said_to(tx.db, host_id=me, states=PROPOSED)
        unseen = home.said_to(tx.db, host_id=me, states=TO_BE_SEEN)
        return Host(
            owed=(
                *_after(tx, actor),
                *(_promise(Kind.WORDS, each) for each in asked),
                *(_promise(Kind.OUTCOME, each) for each in unseen),
            ),
            heard=home.said_to(tx.db, host_id=me, states=HEARD)[:A_FEW],
            loops=home.loops(tx.db, of="host", key=me),
        )


def waiting(work: Work, actor: Actor) -> dict[str, int]:
    """Count what waits for somebody in the role they act in, by the page on which they do it."""
    if actor.role not in {Role.OBSERVER, Role.HOST, Role.UNIT_MANAGER}:
        return {}
    with work.read() as tx:
        if actor.role is Role.UNIT_MANAGER:
            me = actor.person_id
            asked = home.asked_of_units(tx.db, manager_id=me, now=tx.now)
            return {"/requests": asked + proposals.count_for_units(tx.db, manager_id=me)}
        owed = _after(tx, actor)
        sides = sum(each.kind is Kind.SIDE for each in owed)
        if actor.role is Role.OBSERVER:
            hours = proposals.count_hours(tx.db, observer_id=actor.person_id)
            return {"/reflections": sides, "/shifts/mine": hours}
        asked = bookings.count_of_person(
            tx.db, person_id=actor.person_id, states=(State.REQUESTED,), part="host"
        )
        changed = proposals.count_for_host(tx.db, host_id=actor.person_id)
        return {"/reflections": sides, "/requests": asked + changed}


def _pace(tx: Tx, actor: Actor) -> FollowUpSettings:
    """Read how long what follows a shift may take in the program of somebody's organization."""
    own = actor.organization_id
    return programs.rules_for(tx.db, organization_id=own, known=reference.load()).pace


def _after(tx: Tx, actor: Actor) -> tuple[Owed, ...]:
    me, pace = actor.person_id, _pace(tx, actor)
    asked = home.not_recorded(tx.db, person_id=me, now=tx.now)
    rows = home.after(tx.db, person_id=me)
    return (
        *(_owed(Kind.HAPPENED, row, due=None, now=tx.now) for row in asked),
        *(owed for row in rows for owed in _of_shift(row, me=me, now=tx.now, pace=pace)),
    )


def _of_shift(row: After, *, me: UUID, now: datetime, pace: FollowUpSettings) -> tuple[Owed, ...]:
    sides = Sides(shift_end=row.ends_at, observer_at=row.observer_at, host_at=row.host_at)
    talk = Talk(
        debrief=Debrief(row.debrief_state or Debrief.HELD_SLOT),
        promises=row.promises,
        reason=row.no_promise_reason or "",
    )
    missing = missing_to_close(sides, talk, now=now)
    is_visitor = row.observer_id == me
    own_side = Missing.OBSERVER_SIDE if is_visitor else Missing.HOST_SIDE
    other_at = row.host_at if is_visitor else row.observer_at
    starts = row.debrief_at or row.ends_at + pace.debrief_within
    found = []
    if own_side in missing:
        due = reflection_due(row.ends_at, debrief_start=starts, settings=pace)
        found.append(_owed(Kind.SIDE, row, due=due, now=now, waits=other_at is not None))
    if Missing.DEBRIEF in missing and starts <= now:
        due = row.ends_at + pace.debrief_limit
        found.append(_owed(Kind.TALK, row, due=due, now=now))
    elif is_visitor and Missing.DEBRIEF not in missing and Missing.PROMISE_OR_REASON in missing:
        found.append(_owed(Kind.PROMISE, row, due=None, now=now))
    return tuple(found)


def _owed(
    kind: Kind, row: After, *, due: datetime | None, now: datetime, waits: bool = False
) -> Owed:
    day = due.astimezone(ZoneInfo(row.zone)).date() if due else None
    return Owed(
        kind=kind,
        shift_id=row.shift_id,
        unit=row.unit,
        other=row.other,
        waits=waits,
        due=day,
        late=due is not None and due < now,
        zone=row.zone,
    )


def _updates(tx: Tx, actor: Actor, promised: tuple[Said, ...]) -> tuple[Owed, ...]:
    """List the promises of which their host should hear soon (F10), or should have."""
    pace = _pace(tx, actor)
    today = tx.now.date()
    found = []
    for each in promised:
        updated = each.state == Commitment.IN_PROGRESS
        dates = PromiseDates(
            state=Commitment(each.state),
            first_due=each.first_due_on,
            debriefed_on=each.created_at.astimezone(UTC).date(),
            updated_on=each.changed_at.astimezone(UTC).date() if updated else None,
        )
        flag = flags(dates, today=today, settings=pace)
        if flag.overdue or flag.update_due or each.due_on <= today + TWO_WEEKS:
            found.append(_promise(Kind.UPDATE, each, late=flag.overdue))
    return tuple(found)


def _promise(kind: Kind, each: Said, *, late: bool = False) -> Owed:
    return Owed(
        kind=kind,
        shift_id=each.shift_id,
        commitment_id=each.id,
        unit=each.unit,
        other=each.owner,
        text=each.action,
        due=each.due_on if kind is Kind.UPDATE else None,
        late=late,
    )


def _progress(tx: Tx, actor: Actor) -> Progress:
    known = reference.load()
    seen = home.visits(tx.db, observer_id=actor.person_id)
    today = tx.now.date()
    cycle = next(
        (each for each in people.cycles(tx.db) if each.starts_on <= today <= each.ends_on), None
    )
    at_odd_hours = Counter(
        off_hours(each.starts_at.astimezone(ZoneInfo(each.zone)), known.time_rules) for each in seen
    )
    units = frozenset(each.unit_id for each in seen if each.unit_id)
    in_cycle = [each for each in seen if cycle and each.local_date >= cycle.starts_on]
    long_enough = sum(map(_counts, in_cycle))
    missed, limit = _counted(tx, actor.person_id, cycle) if cycle else (0, None)
    return Progress(
        visits=len(seen),
        this_cycle=long_enough,
        too_short=len(in_cycle) - long_enough,
        counted=missed,
        counted_limit=limit,
        cycle=cycle.label if cycle else "",
        cycle_ends=cycle.ends_on if cycle else None,
        units=len(units),
        all_units=max(len(units), home.units_of(tx.db, organization_id=actor.organization_id)),
        newest_unit=seen[0].unit if seen else "",
        off_hours=at_odd_hours[True],
        goal_percent=known.number("off_hours_min_pct"),
        seen_units=units,
        promises=commitments.promise_record(tx.db, owner_id=actor.person_id, on=today),
    )


def _counts(visit: Visit) -> bool:
    planned = (visit.ends_at - visit.starts_at) // timedelta(minutes=1)
    return counts_as_shift(visit.minutes, planned_minutes=planned)


def _counted(tx: Tx, observer_id: UUID, cycle: Cycle) -> tuple[int, int | None]:
    rules = programs.rules(tx.db, program_id=cycle.program_id, known=reference.load())
    first, last = cycle.starts_on, cycle.ends_on
    number = counted.number(tx.db, observer_id=observer_id, first=first, last=last)
    return number, rules.limit("counted_limit")
