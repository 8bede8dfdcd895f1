"""Choosing a slot, holding its seat, asking for it.

One transaction each. Person and slot are locked before anything is decided, so of two people who
ask for the last seat one is given it and one is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from shadowing.domain.bookings.asking import Overlap, SlotFull
from shadowing.domain.bookings.goal import check_access_needs, check_goal
from shadowing.domain.bookings.states import By, State
from shadowing.domain.bookings.timing import answer_by
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.programs import Rules
from shadowing.services.bookings import counting, moves, scenes, ticking
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import allowances, bookings, hosting, journal, people, slots, wishes
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry
from shadowing.store.meetings import Meeting
from shadowing.store.people import Person
from shadowing.store.slots import Hold, Offer


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks for: a slot, why, and what they need to take part.

    Attributes:
        agreed: What was ticked on the way: version of the words that were shown, by requirement.
        host_yes: On what the host said yes before it was asked for (B15).
    """

    slot_id: UUID
    goal: str
    access_needs: str = ""
    agreed: Mapping[str, str] = field(default_factory=dict)
    rebooked_from: UUID | None = None
    host_yes: str = ""


@repeated
def hold(work: Work, actor: Actor, ask: Ask) -> Hold:
    """Keep a seat while somebody reads and agrees; holding again keeps it longer.

    One choice at a time: other seats this person held are given back.

    Raises:
        NotAllowed: *actor* may not ask for slots.
        Refusal: Any reason of ``reasons_against``; the first one found.
        GoalMissing, GoalTooLong, PatientDetail: About the goal (B1).

    Source: docs/rules.md, rule B5.
    """
    authorise(actor, Action.SLOT_HOLD)
    goal = check_goal(ask.goal)
    needs = check_access_needs(ask.access_needs)
    with work.write() as tx:
        person, offer = _keep(tx, actor, ask.slot_id)
        rules = _check(tx, person, offer)
        until = tx.now + timedelta(minutes=rules.number("hold_minutes"))
        kept = Hold(offer.id, person.id, goal, needs, until)
        others = slots.holds_of(tx.db, person_id=person.id, at=tx.now)
        if any(other.slot_id != offer.id for other in others):
            slots.leave_holds(tx.db, person_id=person.id)
        with last_guard(offer):
            slots.hold_seat(tx.db, kept)
    return kept


@repeated
def request(work: Work, actor: Actor, ask: Ask) -> Shift:
    """Ask for one seat of a slot; where everybody said yes in advance it is confirmed at once.

    Raises:
        NotAllowed: *actor* may not ask for slots.
        Refusal: Any reason of ``reasons_against``; the first one found.
        GoalMissing, GoalTooLong, PatientDetail: About the goal (B1).

    Source: docs/rules.md, rules B1 to B8; section 6.2 "Without stops".
    """
    with work.write() as tx:
        return request_in(tx, actor, ask)


def request_in(tx: Tx, actor: Actor, ask: Ask) -> Shift:
    """Ask within a transaction that is open already; see :func:`request`."""
    authorise(actor, Action.SHIFT_REQUEST)
    goal = check_goal(ask.goal)
    needs = check_access_needs(ask.access_needs)
    person, offer = _keep(tx, actor, ask.slot_id)
    rules = _check(tx, person, offer)
    slots.leave_holds(tx.db, person_id=person.id, slot_id=offer.id)
    wishes.taken(tx.db, person_id=person.id, slot_id=offer.id, at=tx.now)
    with last_guard(offer):
        values = _values(tx, person, offer, rules=rules, goal=goal, needs=needs)
        values |= {"rebooked_from_id": ask.rebooked_from} | overridden(tx, person, offer)
        asked = bookings.add(tx.db, values)
    ticking.agree(tx, asked, agreed=ask.agreed)
    return begin(tx, asked, actor, host_yes=ask.host_yes)


def leave(work: Work, actor: Actor) -> None:
    """Give back the seat somebody held while choosing."""
    authorise(actor, Action.SLOT_HOLD)
    with work.write() as tx:
        slots.leave_holds(tx.db, person_id=actor.person_id)


def _keep(tx: Tx, actor: Actor, slot_id: UUID) -> tuple[Person, Offer]:
    person = people.lock(tx.db, person_id=actor.person_id)
    people.lock_hosts(tx.db, ids=slots.host_ids(tx.db, ids=[slot_id]))
    offer = slots.lock(tx.db, slot_id=slot_id)
    if slots.end_holds(tx.db, at=tx.now, slot_id=slot_id):
        offer = slots.find(tx.db, slot_id=slot_id)
    days = (offer.starts_at.date(), offer.ends_at.date())
    bookings.lock_unit_days(tx.db, unit_id=offer.unit_id, days=days)
    return person, offer


def _check(tx: Tx, person: Person, offer: Offer) -> Rules:
    if hosting.turned_away_by(tx.db, person_id=person.id, host_ids=(offer.host_id,)):
        # It is simply not there for them, and nothing tells why (A2).
        raise NotFound(slot_id=offer.id)
    seen = scenes.view(tx, person, offers=(offer,))
    if found := seen.reasons(offer):
        raise found[0]
    return seen.rules


def overridden(tx: Tx, person: Person, offer: Offer | Meeting) -> dict[str, object]:
    """Note who allowed the two across their reporting line: the host's yes is personal (P6)."""
    if offer.host_id not in people.line(tx.db, person_id=person.id):
        return {"overridden_by_id": None, "override_reason": ""}
    by = allowances.override(
        tx.db, person_id=person.id, host_id=offer.host_id, day=offer.local_date
    )
    given_by, reason = by or (None, "")
    return {"overridden_by_id": given_by, "override_reason": reason}


def _values(
    tx: Tx,
    person: Person,
    offer: Offer,
    *,
    rules: Rules,
    goal: str,
    needs: str,
) -> dict[str, object]:
    unit = people.find_unit(tx.db, unit_id=offer.unit_id)
    program = people.program_of(tx.db, organization_id=person.organization_id)
    return {
        "id": uuid4(),
        "program_id": program.id,
        "slot_id": offer.id,
        "observer_id": person.id,
        "host_id": offer.host_id,
        "unit_id": unit.id,
        "site_id": unit.site_id,
        "kind": offer.kind,
        "join_at": offer.join_at,
        "sensitivity": offer.sensitivity,
        "starts_at": offer.starts_at,
        "ends_at": offer.ends_at,
        "local_date": offer.local_date,
        "band": offer.band,
        "mode": offer.mode,
        "host_role": offer.host_role,
        "template": program.default_template,
        "state": State.REQUESTED,
        "goal": goal,
        "access_needs": needs,
        "requested_at": tx.now,
        "answer_by": answer_by(tx.now, offer.starts_at, settings=rules.timing),
        "held_back": counting.of_observer(
            tx, person_id=person.id, program_id=program.id, on=tx.now.date()
        ).holds_back,
    }


def begin(tx: Tx, asked: Shift, actor: Actor, *, host_yes: str = "") -> Shift:
    """Note that something was asked for, make every step that needs nobody, and tell of it."""
    mover = moves.mover(actor, By.OBSERVER)
    entry = Entry(
        event="shift.requested",
        subject="shift",
        subject_id=asked.id,
        person_id=mover.person_id,
        acting_as=mover.by,
        to_state=asked.state,
    )
    journal.record(tx.db, entry, at=tx.now)
    if host_yes:
        host = moves.Mover(asked.host_id, By.HOST)
        asked = moves.step(tx, asked, to=State.HOST_ACCEPTED, mover=host, code=host_yes)
    rested = moves.advance(tx, asked)
    moves.announce(tx, rested, before=None, mover=mover)
    return rested


class Timed(Protocol):
    """What has a seat and a time: a slot, a meeting, a shift."""

    @property
    def id(self) -> UUID:
        """Which one."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""


class last_guard:  # noqa: N801 (reads as the statement it is)
    """Turns the schema's own refusal into the one people understand; code can be wrong."""

    def __init__(self, offer: Timed) -> None:
        self._offer = offer

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, IntegrityError):
            raise _meant(error, self._offer) from error


def _meant(error: IntegrityError, offer: Timed) -> Refusal:
    if "overlap" in str(error.orig):
        return Overlap(starts_at=offer.starts_at, ends_at=offer.ends_at)
    return SlotFull(slot_id=offer.id)
