"""Hours become slots: over the horizon, whenever the hours change, and once a day.

Locks are taken in the fixed order, person and then slots, so nobody's booking is lost to a renewal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.availability.bands import handovers_at
from shadowing.domain.availability.hours import (
    Audience,
    ChangedDay,
    Hours,
    Mode,
    Place,
    SlotDraft,
    WeeklyHours,
    drafts,
)
from shadowing.domain.availability.renewal import Face, Plan, SlotState, Standing, renewal
from shadowing.domain.diary import window
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.programs import Rules
from shadowing.domain.ways import Way
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import diary, hours, journal, people, programs, renewals, units
from shadowing.store.hours import Change, Rule
from shadowing.store.journal import Entry
from shadowing.store.people import Person, Unit

AT_ONCE: Final = 10
A_DAY: Final = timedelta(days=1)
FOR_GOOD: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Until when slots are hidden that have no end to it; far from the last day that can be."""
TOLD: Final = frozenset({SlotState.HIDDEN, SlotState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Ground:
    """The host and where they work, with all that they said of their hours.

    Attributes:
        unit: Nothing for a host whose unit is not known yet.
        today: At the site.
    """

    host: Person
    unit: Unit | None
    today: date
    rules: tuple[Rule, ...]
    changes: tuple[Change, ...]

    @property
    def until(self) -> date:
        """The first date beyond the horizon (A5)."""
        return self.today + timedelta(days=reference.load().number("horizon_days"))


def ground(tx: Tx, host: Person) -> Ground:
    """Read what decides about a host's slots."""
    unit = people.find_unit(tx.db, unit_id=host.host_unit_id) if host.host_unit_id else None
    today = tx.now.astimezone(ZoneInfo(unit.zone if unit else "UTC")).date()
    # Last night's shift goes on today.
    since = today - A_DAY
    return Ground(
        host=host,
        unit=unit,
        today=today,
        rules=hours.rules(tx.db, host_id=host.id),
        changes=hours.changes(tx.db, host_id=host.id, first=since),
    )


def rules(tx: Tx, host: Person) -> Rules:
    """Read the settings of the program a host takes part in."""
    known = reference.load()
    return programs.rules_for(tx.db, organization_id=host.organization_id, known=known)


def place_of(unit: Unit) -> Place:
    """Say where hours are worked, in the words of the rules."""
    known = reference.load()
    return Place(
        zone=ZoneInfo(unit.zone),
        rules=known.time_rules,
        block_minutes=unit.block_minutes,
        longest_minutes=60 * (known.setting("block_hours").most or 0),
    )


def hours_of(said: Rule | Change) -> Hours:
    """Put what is kept into the words of the rules."""
    return Hours(
        span=reference.load().span(said.span),
        start=said.local_start,
        end=said.local_end,
        mode=Mode(said.mode),
        audience=Audience(said.audience),
        handover=said.handover,
        way=Way(
            kind=said.kind,
            seats=said.seats,
            join_at=said.join_at,
            sensitivity=said.sensitivity,
        ),
    )


def weekly(rule: Rule) -> WeeklyHours:
    """Put a weekly rule into the words of the rules."""
    return WeeklyHours(
        weekday=rule.weekday,
        hours=hours_of(rule),
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
    )


def hosting(on: Ground) -> bool:
    """Say whether slots are made at all: a host with a unit that may be visited (A8)."""
    if on.unit is None or not on.host.host_role or not on.host.active:
        return False
    ready = on.unit.authorized_on(on.today) and on.host.left_hosting_at is None
    return ready and Role.HOST in on.host.roles


def faces(on: Ground) -> tuple[Face, ...]:
    """Make the slots that the hours give from yesterday's shifts to the horizon."""
    if on.unit is None or not hosting(on):
        return ()
    given = drafts(
        [weekly(rule) for rule in on.rules],
        [ChangedDay(local_date=each.local_date, hours=hours_of(each)) for each in on.changes],
        place_of(on.unit),
        first=on.today - A_DAY,
        last=on.until,
    )
    return tuple(
        Face(
            unit_id=on.unit.id,
            starts_at=draft.starts_at,
            ends_at=draft.ends_at,
            local_date=draft.local_date,
            span=draft.span,
            band=draft.band,
            mode=draft.mode.value,
            audience=draft.audience.value,
            handover=draft.handover,
            host_role=on.host.host_role,
            kind=draft.way.kind,
            seats=draft.way.seats,
            join_at=draft.way.join_at,
            sensitivity=draft.way.sensitivity,
        )
        for draft in given
        if _may_be(on.unit, draft)
    )


def _may_be(unit: Unit, draft: SlotDraft) -> bool:
    """Say whether the unit lets it be: by its level there (A8), its kind (B17), its time (A6)."""
    authorized = unit.raised(draft.way.sensitivity).authorized_on(draft.local_date)
    allowed = unit.remote_allowed or not draft.way.remote
    return authorized and allowed and _chosen(unit, draft)


def _chosen(unit: Unit, draft: SlotDraft) -> bool:
    """Say whether a slot that begins in handover time is wanted by the unit too (A6)."""
    local = draft.starts_at.astimezone(ZoneInfo(unit.zone))
    minute = 60 * local.hour + local.minute
    return unit.handover_open or not handovers_at(minute, reference.load().time_rules)


def plan(
    tx: Tx, on: Ground, standing: Iterable[Standing], *, given_up: Collection[UUID] = ()
) -> Plan:
    """Plan how to come from the slots that stand to those the hours give.

    Args:
        tx: Whose instant counts.
        on: The host's hours.
        standing: The slots.
        given_up: Slots whose waiting requests the host lets end.
    """
    ahead = [face for face in faces(on) if face.starts_at > tx.now]
    away = FOR_GOOD if on.host.load_paused_at else on.host.paused_until
    busy = diary.busy(tx.db, person_id=on.host.id, within=window(tx.now))
    return renewal(standing, ahead, away_until=away, given_up=given_up, busy=busy)


def renew(tx: Tx, on: Ground, *, by: Entry, given_up: Collection[UUID] = ()) -> None:
    """Bring the slots of a host, who is locked, to what holds now."""
    standing = hours.keep_slots(tx.db, host_id=on.host.id, after=tx.now)
    write(tx, plan(tx, on, standing, given_up=given_up), host_id=on.host.id, by=by)


def write(tx: Tx, planned: Plan, *, host_id: UUID, by: Entry) -> None:
    """Write a plan; what is taken from sight goes into the audit log.

    Args:
        tx: In which the host and the slots are locked.
        planned: For slots that are still as they were locked.
        host_id: Whose slots they are.
        by: Who or what did it; its code says why.
    """
    hours.write_plan(tx.db, planned, host_id=host_id)
    for slot_id, state in planned.states.items():
        if state in TOLD:
            told = replace(by, event=f"slot.{state}", subject="slot", subject_id=slot_id)
            journal.record(tx.db, replace(told, to_state=state), at=tx.now)


def extend_all(work: Work, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Renew the slots of every host for whom a new day has begun since theirs were made.

    A few hosts a transaction, each marked in it: killed at any point it goes on where it was, and
    of many workers each takes hosts whom no other has. Breaks that ended at midnight end here too.

    Args:
        work: Opens the transactions.
        stopped: Asked before each transaction; the rest is left for the next run.

    Returns:
        How many hosts have other slots than before.

    Source: docs/rules.md, rules A3 and A5; docs/decisions/0063-a-horizon-for-everybody.md.
    """
    changed = 0
    for today, hosts in _due(work):
        for first in range(0, len(hosts), AT_ONCE):
            if stopped():
                return changed
            changed += _extend_some(work, hosts[first : first + AT_ONCE], today=today)
    return changed


def _due(work: Work) -> tuple[tuple[date, tuple[UUID, ...]], ...]:
    """List whose slots are to be made, by the day that it is where they are."""
    with work.read() as tx:
        since = tx.now.date() - 2 * A_DAY
        days = {zone: _day(tx.now, zone) for zone in people.zones(tx.db).values()}
        return tuple(
            (today, renewals.due(tx.db, zone=zone, today=today, since=since))
            for zone, today in days.items()
        )


@repeated
def _extend_some(work: Work, host_ids: tuple[UUID, ...], *, today: date) -> int:
    with work.write() as tx:
        taken = renewals.take(tx.db, host_ids=host_ids, today=today)
        changed = sum(_extend_one(tx, host_id) for host_id in taken)
        renewals.mark(tx.db, host_ids=taken, today=today)
        return changed


@repeated
def _extend(work: Work, host_id: UUID) -> bool:
    with work.write() as tx:
        people.lock(tx.db, person_id=host_id)
        return _extend_one(tx, host_id)


def _extend_one(tx: Tx, host_id: UUID) -> bool:
    """Renew the slots of a host, who is locked; say whether any differs."""
    on = ground(tx, people.find(tx.db, person_id=host_id))
    planned = plan(tx, on, hours.keep_slots(tx.db, host_id=host_id, after=tx.now))
    by = Entry(event="", subject="", subject_id=host_id, code="hours")
    write(tx, planned, host_id=host_id, by=by)
    diary.settle(tx.db, person_id=host_id)
    return not planned.idle


def _day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()


def follow_diaries(work: Work) -> int:
    """Let what is offered follow the diaries that have changed; booked shifts stay.

    Returns:
        How many people have other slots than before.

    Source: docs/rules.md, rule A1; docs/decisions/0062-a-diary-takes-time-away.md.
    """
    with work.read() as tx:
        changed = diary.unsettled(tx.db)
    return sum(_extend(work, person_id) for person_id in changed)


def follow_diary(work: Work, actor: Actor) -> None:
    """Let what somebody offers follow their own diary at once."""
    authorise(actor, Action.DIARY_CHANGE)
    _extend(work, actor.person_id)


def renew_host(work: Work, *, host_id: UUID) -> bool:
    """Renew the slots of one host, because what is kept of them changed; booked ones stay."""
    return _extend(work, host_id)


def renew_unit(work: Work, *, unit_id: UUID) -> int:
    """Renew the slots of every host of a unit, because the unit changed; booked ones stay.

    Returns:
        How many hosts have other slots than before.
    """
    with work.read() as tx:
        hosts = units.hosts_of(tx.db, unit_id=unit_id)
    return sum(_extend(work, host_id) for host_id in hosts)
