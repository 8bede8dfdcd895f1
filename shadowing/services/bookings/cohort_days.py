"""Cohort days as each may see them: coordinators all, a unit its own shifts, a guest their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from shadowing.domain.bookings.cohort import Standing, check_ready
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotAllowed, NotFound, Refusal
from shadowing.domain.notifications import host_is_named
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, authorise, may
from shadowing.services.work import Tx, Work
from shadowing.store import cohort, cohort_guests, meetings, people, programs
from shadowing.store.cohort import Booked, Day
from shadowing.store.cohort_guests import Candidate, Guest
from shadowing.store.meetings import Meeting

__all__ = [
    "Booked",
    "Candidate",
    "Day",
    "Guest",
    "Line",
    "Meeting",
    "Page",
    "People",
    "Seen",
    "candidates",
    "lacking",
    "listed",
    "show",
    "soon",
]

PAGE = 50
A_FEW = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One day in a list; how many it invites, and how many of them have a shift."""

    day: Day
    guests: int
    booked: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the days; ``page`` from 1. ``plans`` says that the reader plans days."""

    lines: tuple[Line, ...]
    total: int
    page: int
    plans: bool


@dataclass(frozen=True, slots=True)
class People:
    """Some of those who could be invited to a day."""

    day: Day
    found: tuple[Candidate, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A day as one person may see it.

    Attributes:
        plans: They may change it.
        ahead: It can still change.
        guests: Whom it invites; to a guest nobody but themselves is named.
        invited: How many are.
        booked: All shifts on it; for a unit its own, for a guest their own.
        meetings: What is on offer that day; to a unit nothing.
        lacks: Why it cannot be planned yet, or what has gone since.
    """

    day: Day
    plans: bool
    ahead: bool
    guests: tuple[Guest, ...]
    invited: int
    booked: tuple[Booked, ...]
    meetings: tuple[Meeting, ...]
    lacks: Refusal | None


def listed(work: Work, actor: Actor, *, past: bool = False, page: int = 1) -> Page:
    """List the days somebody may see: those ahead, soonest first, or what is over.

    Raises:
        NotAllowed: In this role they have none.
    """
    part = _part(actor)
    with work.read() as tx:
        today = tx.now.date()
        if part is Relation.SELF:
            me = actor.person_id
            total = cohort.count_of_guest(tx.db, person_id=me, on=today, past=past)
            page = _within(page, total)
            days = cohort.of_guest(
                tx.db, person_id=me, on=today, past=past, limit=PAGE, offset=PAGE * (page - 1)
            )
            return Page(tuple(Line(day, 0, 0) for day in days), total, page, plans=False)
        sites = _sites(tx, actor) if part is Relation.UNIT else None
        whose = actor.organization_id
        total = cohort.count_in_house(
            tx.db, organization_id=whose, on=today, past=past, site_ids=sites
        )
        page = _within(page, total)
        days = cohort.in_house(
            tx.db,
            organization_id=whose,
            on=today,
            past=past,
            site_ids=sites,
            limit=PAGE,
            offset=PAGE * (page - 1),
        )
        counts = cohort.counts(tx.db, day_ids=[day.id for day in days])
        lines = tuple(Line(day, *counts.get(day.id, (0, 0))) for day in days)
        plans = part is Relation.PROGRAM and bool(
            programs.of_organization(tx.db, organization_id=whose, on=today)
        )
        return Page(lines, total, page, plans=plans)


def _part(actor: Actor) -> Relation:
    """Say how somebody stands to cohort days in the role they act in.

    Raises:
        NotAllowed: In none.
    """
    parts = {
        Role.COORDINATOR: Relation.PROGRAM,
        Role.UNIT_MANAGER: Relation.UNIT,
        Role.OBSERVER: Relation.SELF,
    }
    part = parts.get(actor.role)
    if part is None or not may(actor, Action.COHORT_SEE, part):
        raise NotAllowed(action=Action.COHORT_SEE)
    return part


def _within(page: int, total: int) -> int:
    return max(1, min(page, -(-total // PAGE)))


def _sites(tx: Tx, actor: Actor) -> frozenset[UUID]:
    units = people.units_of_manager(tx.db, person_id=actor.person_id)
    return frozenset(unit.site_id for unit in units)


def soon(work: Work, actor: Actor) -> tuple[Day, ...]:
    """List the next few days that somebody is invited to, for their start page.

    Raises:
        NotAllowed: *actor* does not act as an administrator.
    """
    authorise(actor, Action.COHORT_SEE)
    with work.read() as tx:
        return cohort.of_guest(
            tx.db, person_id=actor.person_id, on=tx.now.date(), past=False, limit=A_FEW
        )


def lacking(work: Work, actor: Actor) -> tuple[tuple[Day, ...], int]:
    """List planned days on which no meeting is on offer any more, and count all that are ahead.

    Raises:
        NotAllowed: *actor* coordinates no program.
    """
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.read() as tx:
        whose, today = actor.organization_id, tx.now.date()
        return (
            cohort.without_meeting(tx.db, organization_id=whose, on=today),
            cohort.count_in_house(tx.db, organization_id=whose, on=today, past=False),
        )


def show(work: Work, actor: Actor, *, day_id: UUID) -> Seen:
    """Read one day.

    Raises:
        NotFound: There is none, or not for them: a draft is for its coordinators alone.
    """
    part = _part(actor)
    with work.read() as tx:
        day = cohort.find(tx.db, day_id=day_id)
        invited = cohort_guests.of_day(tx.db, day_id=day.id)
        if part is Relation.SELF:
            return _for_guest(tx, actor, day, invited)
        if day.organization_id != actor.organization_id:
            raise NotFound(day_id=day_id)
        if part is Relation.UNIT:
            return _for_unit(tx, actor, day, invited)
        offered = meetings.on_day(tx.db, organization_id=day.organization_id, day=day.local_date)
        return Seen(
            day=day,
            plans=True,
            ahead=day.state != Standing.CANCELLED and day.talk_starts_at > tx.now,
            guests=invited,
            invited=len(invited),
            booked=cohort.booked(tx.db, day),
            meetings=offered,
            lacks=_lacks(len(invited), len(offered)),
        )


def _lacks(guests: int, offered: int) -> Refusal | None:
    try:
        check_ready(guests=guests, meetings=offered)
    except Refusal as refusal:
        return refusal
    return None


def _for_guest(tx: Tx, actor: Actor, day: Day, invited: tuple[Guest, ...]) -> Seen:
    me = tuple(each for each in invited if each.id == actor.person_id)
    if not me or day.state == Standing.DRAFT:
        raise NotFound(day_id=day.id)
    booked = cohort.booked(tx.db, day)
    return Seen(
        day=day,
        plans=False,
        ahead=day.state == Standing.PLANNED and day.talk_starts_at > tx.now,
        guests=me,
        invited=len(invited),
        booked=tuple(_as_guest(each) for each in booked if each.observer_id == actor.person_id),
        meetings=meetings.on_day(tx.db, organization_id=day.organization_id, day=day.local_date),
        lacks=None,
    )


def _as_guest(each: Booked) -> Booked:
    """Leave out the name of a host who is not told yet (A10)."""
    named = host_is_named(each.mode, state=State(each.state))
    return each if named else replace(each, host_name="")


def _for_unit(tx: Tx, actor: Actor, day: Day, invited: tuple[Guest, ...]) -> Seen:
    units = people.units_of_manager(tx.db, person_id=actor.person_id)
    own = {unit.id for unit in units if unit.site_id == day.site_id}
    if not own or day.state == Standing.DRAFT:
        raise NotFound(day_id=day.id)
    booked = tuple(
        each
        for each in cohort.booked(tx.db, day, unit_ids=own)
        if each.state != State.REQUESTED  # the unit hears of it after the host's yes (B3)
    )
    come = {each.observer_id for each in booked}
    return Seen(
        day=day,
        plans=False,
        ahead=day.state == Standing.PLANNED and day.talk_starts_at > tx.now,
        guests=tuple(each for each in invited if each.id in come),
        invited=len(invited),
        booked=booked,
        meetings=(),
        lacks=None,
    )


def candidates(work: Work, actor: Actor, *, day_id: UUID, name: str, page: int = 1) -> People:
    """List the administrators who could be invited to a day, by a part of their name.

    Raises:
        NotFound: It is of no program that *actor* coordinates.
    """
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.read() as tx:
        day = cohort.find(tx.db, day_id=day_id)
        whose = day.organization_id
        if whose != actor.organization_id:
            raise NotFound(day_id=day_id)
        part = " ".join(name.split())
        who = cohort_guests.Who(whose, day.local_date, part)
        total = cohort_guests.count_candidates(tx.db, who)
        page = _within(page, total)
        found = cohort_guests.candidates(
            tx.db,
            who,
            day_id=day.id,
            limit=PAGE,
            offset=PAGE * (page - 1),
        )
        return People(day, found, total, page)
