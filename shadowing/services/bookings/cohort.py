"""Cohort days: drafted, planned, moved, called off; and whose talks follow (B14).

A day locks its own row alone. The talks of its shifts follow one by one, each in a transaction of
its own with the locks of any other move; what is left over when a process ends the worker takes up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.availability.clock import instant
from shadowing.domain.bookings.cohort import (
    Draft,
    JointTalkClash,
    JointTalkTooSoon,
    Standing,
    check_day,
    check_move,
    check_ready,
    check_words,
    joint_talk,
)
from shadowing.domain.bookings.timing import Standing as Notice
from shadowing.domain.bookings.timing import notice
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.services.bookings import cohort_notes, cohort_talks, talks
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import (
    bookings,
    cohort,
    cohort_guests,
    meetings,
    programs,
)
from shadowing.store.cohort import Day
from shadowing.store.meetings import Site
from shadowing.store.programs import Line


@dataclass(frozen=True, slots=True)
class Desk:
    """What a new day may be chosen from; ``first`` is the first date that leaves notice (B4)."""

    programs: tuple[Line, ...]
    sites: tuple[Site, ...]
    first: date


def desk(work: Work, actor: Actor) -> Desk:
    """Read what a new day may be chosen from.

    Raises:
        NotAllowed: *actor* coordinates no program.
    """
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.read() as tx:
        whose = actor.organization_id
        known = meetings.sites(tx.db, organization_id=whose)
        zone = ZoneInfo(known[0].zone) if known else ZoneInfo("UTC")
        return Desk(
            programs=_programs(tx, actor),
            sites=known,
            first=_first(tx, actor, zone=zone),
        )


def _programs(tx: Tx, actor: Actor) -> tuple[Line, ...]:
    return programs.of_organization(tx.db, organization_id=actor.organization_id, on=tx.now.date())


def _first(tx: Tx, actor: Actor, *, zone: ZoneInfo) -> date:
    """Name the first date whose shifts can still be asked for in time (B4)."""
    rules = programs.rules_for(tx.db, organization_id=actor.organization_id, known=reference.load())
    return (tx.now + notice(Notice.EMPLOYEE, settings=rules.timing)).astimezone(zone).date()


@repeated
def draft(work: Work, actor: Actor, wanted: Draft, *, program_id: UUID, site_id: UUID) -> UUID:
    """Draft a day; nobody is told before it is planned.

    Raises:
        NotAllowed: *actor* coordinates no program.
        NotFound: The program or the building is of another organization.
        Refusal: What it says cannot be kept; see ``domain.bookings.cohort``.

    Source: docs/rules.md, rules B4 and B14.
    """
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    name, purpose, room = check_words(wanted)
    with work.write() as tx:
        zone = _zone(tx, actor, site_id)
        if program_id not in {line.id for line in _programs(tx, actor)}:
            raise NotFound(program_id=program_id)
        check_day(wanted.day, first=_first(tx, actor, zone=zone))
        talk = joint_talk(instant(wanted.day, wanted.start, zone), wanted.minutes, zone=zone)
        values = {
            "program_id": program_id,
            "site_id": site_id,
            "name": name,
            "purpose": purpose,
            "room": room,
            "local_date": wanted.day,
            "talk_starts_at": talk.start,
            "talk_ends_at": talk.end,
            "made_by_id": actor.person_id,
            "made_at": tx.now,
        }
        made = cohort.add(tx.db, values)
        cohort_notes.note(tx, actor, made, event="draft", to=Standing.DRAFT)
        return made


def _zone(tx: Tx, actor: Actor, site_id: UUID) -> ZoneInfo:
    known = meetings.sites(tx.db, organization_id=actor.organization_id)
    found = next((ZoneInfo(each.zone) for each in known if each.id == site_id), None)
    if found is None:
        raise NotFound(site_id=site_id)
    return found


def change(work: Work, actor: Actor, wanted: Draft, *, day_id: UUID) -> None:
    """Write a day anew: a draft all of it; a planned one all but its date.

    Where its joint talk moves, that of every shift moves with it.

    Raises:
        NotFound: It is of no program that *actor* coordinates.
        CohortDayOver: Its talk has begun.
        CohortMoveNotAllowed: It was called off.
        JointTalkTooSoon: A shift of the day ends after the talk would begin (F1).
        JointTalkClash: Some of those who come have something else then (B7).
        Refusal: What it says cannot be kept.

    Source: docs/rules.md, rules B7, B14, F1, F2 and N2.
    """
    _change(work, actor, wanted, day_id=day_id)
    cohort_talks.settle(work, day_id=day_id)


@repeated
def _change(work: Work, actor: Actor, wanted: Draft, *, day_id: UUID) -> None:
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    name, purpose, room = check_words(wanted)
    with work.write() as tx:
        day = cohort_notes.ahead(tx, actor, day_id)
        zone = ZoneInfo(day.zone)
        planned = day.state == Standing.PLANNED
        on = day.local_date if planned else wanted.day
        if not planned:
            check_day(on, first=_first(tx, actor, zone=zone))
        talk = joint_talk(instant(on, wanted.start, zone), wanted.minutes, zone=zone)
        moved = (talk, room) != (day.talk, day.room)
        if planned and talk != day.talk:
            _check_talk(tx, day, talk)
        cohort.change(
            tx.db,
            day_id=day.id,
            name=name,
            purpose=purpose,
            room=room,
            local_date=on,
            talk_starts_at=talk.start,
            talk_ends_at=talk.end,
            version=day.version + (planned and (moved or name != day.name)),
        )
        cohort_notes.note(tx, actor, day.id, event="changed", at=day.state, to=day.state)
        if planned and moved:
            _tell_unbooked(tx, day)


def _check_talk(tx: Tx, day: Day, talk: Interval) -> None:
    """Refuse a time before a shift of the day is over, or at which somebody has something else."""
    if talk.start <= tx.now:
        raise JointTalkTooSoon(ends_at=tx.now)
    booked = cohort.booked(tx.db, day)
    come = [each for each in booked if each.ends_at <= day.talk_starts_at]
    last = max((each.ends_at for each in come), default=talk.start)
    if last > talk.start:
        raise JointTalkTooSoon(ends_at=last)
    names = {each.id: each.name for each in cohort_guests.of_day(tx.db, day_id=day.id)}
    shifts = ((each, bookings.find(tx.db, shift_id=each.shift_id)) for each in come if each.joint)
    busy = [
        names[each.observer_id]
        for each, shift in shifts
        if talks.clashes(tx, shift, talk, apart=day.id)
    ]
    if busy:
        raise JointTalkClash(names=tuple(dict.fromkeys(busy)))


def _tell_unbooked(tx: Tx, day: Day) -> None:
    """Tell those without a calendar entry that the talk moved; the others get an update."""
    booked = {each.observer_id for each in cohort.booked(tx.db, day) if each.joint}
    for guest in cohort_guests.of_day(tx.db, day_id=day.id):
        if guest.id not in booked:
            cohort_notes.tell(tx, day, kind=cohort_notes.TALK_MOVED, to=guest.id)


def plan(work: Work, actor: Actor, *, day_id: UUID) -> None:
    """Open a draft to those it invites; the shifts they have on the day join it.

    Raises:
        NotFound: It is of no program that *actor* coordinates.
        CohortDayOver, CohortMoveNotAllowed: It is over, or no draft any more.
        CohortDayTooSoon: Nobody could book a shift in time any more (B4).
        NobodyInvited: It invites nobody.
        NoReverseShadow: No meeting is on offer that day (B14, B16).

    Source: docs/rules.md, rules B14 and S0.1.
    """
    _plan(work, actor, day_id=day_id)
    cohort_talks.settle(work, day_id=day_id)


@repeated
def _plan(work: Work, actor: Actor, *, day_id: UUID) -> None:
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.write() as tx:
        day = cohort_notes.ahead(tx, actor, day_id)
        check_move(day.state, to=Standing.PLANNED)
        invited = cohort_guests.of_day(tx.db, day_id=day.id)
        offered = meetings.on_day(tx.db, organization_id=day.organization_id, day=day.local_date)
        check_ready(guests=len(invited), meetings=len(offered))
        check_day(day.local_date, first=_first(tx, actor, zone=ZoneInfo(day.zone)))
        cohort.change(tx.db, day_id=day.id, state=Standing.PLANNED.value, planned_at=tx.now)
        cohort_notes.note(tx, actor, day.id, event="planned", at=day.state, to=Standing.PLANNED)
        for guest in invited:
            cohort_notes.tell(tx, day, kind=cohort_notes.INVITED, to=guest.id)


def call_off(work: Work, actor: Actor, *, day_id: UUID) -> None:
    """Call a day off: the shifts stay, their talks are their own again, and people are told.

    Raises:
        NotFound: It is of no program that *actor* coordinates.
        CohortDayOver, CohortMoveNotAllowed: It is over, or was called off already.
    """
    _call_off(work, actor, day_id=day_id)
    cohort_talks.settle(work, day_id=day_id)


@repeated
def _call_off(work: Work, actor: Actor, *, day_id: UUID) -> None:
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.write() as tx:
        day = cohort_notes.ahead(tx, actor, day_id)
        check_move(day.state, to=Standing.CANCELLED)
        cohort.change(tx.db, day_id=day.id, state=Standing.CANCELLED.value, ended_at=tx.now)
        cohort_notes.note(tx, actor, day.id, event="cancelled", at=day.state, to=Standing.CANCELLED)
        if day.state == Standing.PLANNED:
            for guest in cohort_guests.of_day(tx.db, day_id=day.id):
                cohort_notes.tell(tx, day, kind=cohort_notes.CALLED_OFF, to=guest.id)
