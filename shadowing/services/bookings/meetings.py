"""Reverse shadows: an administrator offers a meeting, a clinician asks to come along (B16).

What is asked for is a shift like any other, in the same states; the administrator has the host's
part, the clinician the visitor's. There is no unit, so nobody approves but the host, and nothing
needs clearance. Locks are taken in the fixed order: the person, then the slot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from shadowing.adapters import reference
from shadowing.domain.availability.bands import band_of
from shadowing.domain.availability.clock import instant
from shadowing.domain.bookings.asking import Scene, Wanted, reasons_against
from shadowing.domain.bookings.goal import check_access_needs, check_goal
from shadowing.domain.bookings.meetings import Draft, MeetingClash, check_time, check_words
from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.bookings.timing import Standing, answer_by, notice
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.policy import REVERSE, Action, Actor, authorise
from shadowing.domain.programs import Rules
from shadowing.services.bookings import asking, closing_hours, scenes
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import allowances, bookings, meetings, people, whereabouts
from shadowing.store.bookings import Shift
from shadowing.store.meetings import Meeting, Site
from shadowing.store.people import Person

PAGE = 50
ALL_DAY = "OC24"
NO_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Offered:
    """A meeting as who offers it sees it; ``comers`` are shift, name and state."""

    meeting: Meeting
    comers: tuple[tuple[UUID, str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A meeting as a clinician sees it: why it cannot be asked for, or their own shift."""

    meeting: Meeting
    reasons: tuple[Refusal, ...]
    shift_id: UUID | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what is offered; ``page`` from 1."""

    cards: tuple[Card, ...]
    total: int
    page: int


def sites(work: Work, actor: Actor) -> tuple[Site, ...]:
    """List the buildings in which somebody's meetings can be.

    Raises:
        NotAllowed: *actor* offers no meetings.
    """
    authorise(actor, Action.MEETING_OFFER)
    with work.read() as tx:
        return meetings.sites(tx.db, organization_id=actor.organization_id)


def own(work: Work, actor: Actor) -> tuple[Offered, ...]:
    """List the meetings that *actor* offers, soonest first, with who comes.

    Raises:
        NotAllowed: *actor* offers no meetings.
    """
    authorise(actor, Action.MEETING_OFFER)
    with work.read() as tx:
        found = meetings.of_host(tx.db, host_id=actor.person_id, after=tx.now)
        come = meetings.comers(tx.db, meeting_ids=[each.id for each in found])
        return tuple(Offered(each, come.get(each.id, ())) for each in found)


@repeated
def offer(work: Work, actor: Actor, draft: Draft, *, site_id: UUID) -> UUID:
    """Let clinicians ask to come along to a meeting.

    Raises:
        NotAllowed: *actor* offers no meetings.
        NotFound: It is in no building of their organization.
        Refusal: What it says cannot be kept; see ``domain.bookings.meetings``.

    Source: docs/rules.md, rules B4, B7 and B16.
    """
    authorise(actor, Action.MEETING_OFFER)
    what, room = check_words(draft)
    with work.write() as tx:
        person = people.lock(tx.db, person_id=actor.person_id)
        known = meetings.sites(tx.db, organization_id=person.organization_id)
        zone = next((ZoneInfo(each.zone) for each in known if each.id == site_id), None)
        if zone is None:
            raise NotFound(site_id=site_id)
        days = notice(Standing.EMPLOYEE, settings=scenes.rules(tx, person).timing)
        span = check_time(
            instant(draft.day, draft.start, zone),
            instant(draft.day, draft.end, zone),
            earliest=tx.now + days,
        )
        _check_free(tx, person, span)
        values = {
            "host_id": person.id,
            "site_id": site_id,
            "what": what,
            "room": room,
            "starts_at": span.start,
            "ends_at": span.end,
            "local_date": draft.day,
            "band": _band(draft.start),
            "seats": draft.seats,
        }
        try:
            return meetings.add(tx.db, values)
        except IntegrityError as error:
            raise MeetingClash(starts_at=span.start) from error


def _check_free(tx: Tx, person: Person, span: Interval) -> None:
    """Refuse a time at which they are on a shift, or have another meeting on offer (B7)."""
    busy = whereabouts.busy(tx.db, person_id=person.id, span=span)
    others = meetings.of_host(tx.db, host_id=person.id, after=tx.now)
    if any(time.overlaps(span) for time in (*busy, *(each.interval for each in others))):
        raise MeetingClash(starts_at=span.start)


def _band(start: str) -> str:
    known = reference.load()
    hour, minute = (int(part) for part in start.split(":"))
    return band_of(known.span(ALL_DAY), 60 * hour + minute, known.time_rules)


@repeated
def take_back(work: Work, actor: Actor, *, meeting_id: UUID) -> None:
    """Offer a meeting no longer: who asked is told "not available"; what was agreed stands.

    Raises:
        NotAllowed: *actor* offers no meetings.
        NotFound: It is none of theirs.
    """
    authorise(actor, Action.MEETING_OFFER)
    with work.write() as tx:
        people.lock(tx.db, person_id=actor.person_id)
        found = meetings.lock(tx.db, meeting_id=meeting_id)
        if found.host_id != actor.person_id:
            raise NotFound(meeting_id=meeting_id)
        meetings.take_back(tx.db, meeting_id=meeting_id)
    with work.read() as tx:
        waiting = bookings.closed_requests(tx.db, host_id=actor.person_id)
    for shift_id in waiting:
        closing_hours.decline(work, shift_id=shift_id)


def find(work: Work, actor: Actor, *, page: int = 1) -> Page:
    """List the meetings that a clinician may ask to come along to, soonest first.

    Raises:
        NotAllowed: *actor* does not act as a clinician.
    """
    authorise(actor, Action.MEETING_ASK)
    with work.read() as tx:
        whose = actor.organization_id
        total = meetings.count_offered(tx.db, organization_id=whose, after=tx.now)
        page = max(1, min(page, -(-total // PAGE)))
        found = meetings.offered(
            tx.db, organization_id=whose, after=tx.now, limit=PAGE, offset=PAGE * (page - 1)
        )
        return Page(cards_of(tx, actor, found), total, page)


def one(work: Work, actor: Actor, *, meeting_id: UUID) -> Card:
    """Look at one meeting before asking for it.

    Raises:
        NotAllowed: *actor* does not act as a clinician.
        NotFound: There is none, or it is another organization's.
    """
    authorise(actor, Action.MEETING_ASK)
    with work.read() as tx:
        found = meetings.find(tx.db, meeting_id=meeting_id)
        _check_known(tx, actor, found)
        return cards_of(tx, actor, (found,))[0]


def _check_known(tx: Tx, actor: Actor, found: Meeting) -> None:
    known = meetings.sites(tx.db, organization_id=actor.organization_id)
    if found.site_id not in {each.id for each in known}:
        raise NotFound(meeting_id=found.id)


def cards_of(tx: Tx, actor: Actor, found: tuple[Meeting, ...]) -> tuple[Card, ...]:
    """Say of some meetings why they cannot be asked for, or that they can."""
    if not found:
        return ()
    person = people.find(tx.db, person_id=actor.person_id)
    rules = scenes.rules(tx, person)
    seen = _Seen(tx, person, found, rules=rules)
    own_shifts = {
        shift.slot_id: shift.id
        for shift in bookings.of_person(tx.db, person_id=person.id, states=AHEAD, part="observer")
        if shift.slot_id
    }
    return tuple(Card(each, seen.reasons(each), own_shifts.get(each.id)) for each in found)


class _Seen:
    """What decides about some meetings for one person, read at once."""

    def __init__(self, tx: Tx, person: Person, found: tuple[Meeting, ...], *, rules: Rules) -> None:
        self._now = tx.now
        self._days = notice(Standing.EMPLOYEE, settings=rules.timing).days
        starts, ends = min(each.starts_at for each in found), max(each.ends_at for each in found)
        span = Interval(starts, ends)
        hosts = [each.host_id for each in found]
        self._asker = scenes.asker(
            tx,
            person,
            host_ids=hosts,
            span=span,
            allowed=allowances.allowed(tx.db, person_id=person.id, on=tx.now.date()),
            rules=rules,
        )
        loads = whereabouts.loads(tx.db, host_ids=hosts, span=span, rules=rules)
        # Each meeting was offered by its host with its seats: no limit of a month holds (A4).
        self._scene = Scene(
            loads={
                host_id: replace(load, max_per_month=NO_LIMIT, cool_down_days=0)
                for host_id, load in loads.items()
            }
        )

    def reasons(self, each: Meeting) -> tuple[Refusal, ...]:
        wanted = Wanted(
            slot_id=each.id,
            host_id=each.host_id,
            unit_id=each.site_id,
            span=each.interval,
            local_date=each.local_date,
            state=each.state,
            audience="anyone",
            seats=each.seats,
            taken=each.taken,
            cap=each.seats,
            notice_days=self._days,
        )
        return reasons_against(wanted, asker=self._asker, scene=self._scene, now=self._now)


@repeated
def ask(work: Work, actor: Actor, *, meeting_id: UUID, goal: str, access_needs: str = "") -> Shift:
    """Ask to come along to a meeting: one seat is held until its host answers.

    Raises:
        NotAllowed: *actor* does not act as a clinician.
        NotFound: There is none, or it is another organization's.
        Refusal: Any reason of ``reasons_against``; the first one found.
        GoalMissing, GoalTooLong, PatientDetail: About the goal (B1).

    Source: docs/rules.md, rules B1, B2, B4, B7, B16 and P6.
    """
    with work.write() as tx:
        return ask_in(tx, actor, Ask(meeting_id, goal, access_needs))


def ask_in(tx: Tx, actor: Actor, wanted: Ask) -> Shift:
    """Ask within a transaction that is open already; see :func:`ask`."""
    authorise(actor, Action.MEETING_ASK)
    goal, needs = check_goal(wanted.goal), check_access_needs(wanted.access_needs)
    person = people.lock(tx.db, person_id=actor.person_id)
    found = meetings.lock(tx.db, meeting_id=wanted.slot_id)
    _check_known(tx, actor, found)
    rules = scenes.rules(tx, person)
    for reason in _Seen(tx, person, (found,), rules=rules).reasons(found):
        raise reason
    values = _values(tx, person, found, rules=rules) | asking.overridden(tx, person, found)
    with asking.last_guard(found):
        asked = bookings.add(tx.db, {**values, "goal": goal, "access_needs": needs})
    return asking.begin(tx, asked, actor)


def _values(tx: Tx, person: Person, found: Meeting, *, rules: Rules) -> dict[str, object]:
    program = people.program_of(tx.db, organization_id=person.organization_id)
    return {
        "id": uuid4(),
        "program_id": program.id,
        "slot_id": found.id,
        "observer_id": person.id,
        "host_id": found.host_id,
        "site_id": found.site_id,
        "kind": REVERSE,
        "what": found.what,
        "starts_at": found.starts_at,
        "ends_at": found.ends_at,
        "local_date": found.local_date,
        "band": found.band,
        "mode": "ask",
        "host_role": person.host_role,
        "template": program.default_template,
        "state": State.REQUESTED,
        "requested_at": tx.now,
        "answer_by": answer_by(tx.now, found.starts_at, settings=rules.timing),
    }
