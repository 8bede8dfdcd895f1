"""A host invites an administrator to some of their hours (B15).

No seat is held meanwhile: hours that others ask for are not kept from them by a letter nobody has
read. Accepting is an ordinary request, with every check, to which the host has said yes already.
Locks: the person, the invitation, the slot.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from shadowing.domain.bookings.asking import SlotFull, SlotGone
from shadowing.domain.bookings.inviting import (
    InvitedAlready,
    InviteOver,
    LeaderNotAvailable,
    TooManyInvites,
    check_why,
    lapses,
)
from shadowing.domain.bookings.timing import Standing, notice
from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.bookings import asking, scenes
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import inviting, journal, people, slots
from shadowing.store.bookings import Shift
from shadowing.store.inviting import Hours as OpenHours
from shadowing.store.inviting import Invite as Kept
from shadowing.store.inviting import Leader as Found
from shadowing.store.journal import Entry, Telling
from shadowing.store.people import Person
from shadowing.store.slots import Offer

Invite: TypeAlias = Kept
Hours: TypeAlias = OpenHours
Leader: TypeAlias = Found
INVITED = "invited"
ANSWERED = "invite-answered"
BY_INVITATION = "invitation"
SHORTEST_NAME = 2


def mine(work: Work, actor: Actor) -> tuple[Invite, ...]:
    """List whom a host has invited, the latest first.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.INVITE_MAKE)
    with work.read() as tx:
        return inviting.of_host(tx.db, host_id=actor.person_id)


def desk(work: Work, actor: Actor, *, name: str) -> tuple[tuple[Leader, ...], tuple[Hours, ...]]:
    """Find administrators by name, and the host's own hours that leave them notice enough (B4).

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.INVITE_MAKE)
    with work.read() as tx:
        found: tuple[Leader, ...] = ()
        if len(name.strip()) >= SHORTEST_NAME:
            whose = actor.organization_id
            found = inviting.leaders(tx.db, organization_id=whose, name=name.strip())
        others = tuple(each for each in found if each.id != actor.person_id)
        rules = scenes.rules(tx, people.find(tx.db, person_id=actor.person_id))
        in_time = tx.now + notice(Standing.EMPLOYEE, settings=rules.timing)
        return others, inviting.hours_of(tx.db, host_id=actor.person_id, after=in_time)


@repeated
def invite(work: Work, actor: Actor, *, person_id: UUID, slot_id: UUID, why: str) -> UUID:
    """Invite an administrator to hours of one's own.

    Raises:
        NotAllowed: *actor* does not act as a host.
        NotFound: There is no such administrator in the house, or the hours are another's.
        WhyMissing, WhyTooLong, PatientDetailInWhy: About the line that says why.
        TooManyInvites, InvitedAlready: See there.
        SlotGone, SlotFull: The hours are not open any more.
        LeaderNotAvailable: They could not come then, whatever the reason.
    """
    authorise(actor, Action.INVITE_MAKE)
    line = check_why(why)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        offer = slots.find(tx.db, slot_id=slot_id)
        leader = people.find(tx.db, person_id=person_id)
        _check_known(host, offer, leader)
        seen = scenes.view(tx, leader, offers=(offer,))
        most = seen.rules.number("invites_open")
        if inviting.count_open(tx.db, host_id=host.id, at=tx.now) >= most:
            raise TooManyInvites(most=most)
        for reason in seen.reasons(offer):
            raise reason if isinstance(reason, SlotGone | SlotFull) else LeaderNotAvailable
        made, until = _add(tx, seen, offer, leader, why=line)
        _record(tx, made, actor, event="invite.open", acting_as=Role.HOST)
        facts = {"invite": str(made), "slot": str(offer.id), "until": until.isoformat()}
        told = {**facts, "other_name": host.full_name, "why": line}
        telling = Telling(key=f"invite:{made}", kind=INVITED, recipient_id=leader.id, facts=told)
        journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)
        return made


def _check_known(host: Person, offer: Offer, leader: Person) -> None:
    """Refuse hours of somebody else, and whoever is no administrator of the house."""
    known = leader.active and Role.OBSERVER in leader.roles
    same_house = leader.organization_id == host.organization_id
    if offer.host_id != host.id or leader.id == host.id or not known or not same_house:
        raise NotFound(slot_id=offer.id)


def _add(
    tx: Tx, seen: scenes.View, offer: Offer, leader: Person, *, why: str
) -> tuple[UUID, datetime]:
    until = lapses(
        tx.now,
        days=seen.rules.number("invite_days"),
        starts_at=offer.starts_at,
        notice=timedelta(days=seen.wanted(offer).notice_days),
    )
    values = {"host_id": offer.host_id, "person_id": leader.id, "slot_id": offer.id, "why": why}
    try:
        return inviting.add(tx.db, {**values, "made_at": tx.now, "until": until}), until
    except IntegrityError as error:
        raise InvitedAlready from error


@repeated
def take_back(work: Work, actor: Actor, *, invite_id: UUID) -> None:
    """Invite them no longer.

    Raises:
        NotFound: It is none of theirs.
        InviteOver: It was answered or has lapsed.
    """
    authorise(actor, Action.INVITE_MAKE)
    with work.write() as tx:
        found = inviting.find(tx.db, invite_id=invite_id)
        if found.host_id != actor.person_id:
            raise NotFound(invite_id=invite_id)
        people.lock(tx.db, person_id=found.person_id)
        _check_open(tx, inviting.lock(tx.db, invite_id=invite_id))
        inviting.end(tx.db, invite_id=invite_id, state="withdrawn", at=tx.now)
        _record(tx, invite_id, actor, event="invite.withdrawn", acting_as=Role.HOST)


def waiting(work: Work, actor: Actor) -> tuple[Invite, ...]:
    """List the invitations an administrator may answer, the first to lapse first.

    Raises:
        NotAllowed: *actor* does not act as one.
    """
    authorise(actor, Action.INVITE_ANSWER)
    with work.read() as tx:
        return inviting.open_to(tx.db, person_id=actor.person_id, at=tx.now)


def one(work: Work, actor: Actor, *, invite_id: UUID) -> Invite:
    """Read an invitation to answer it.

    Raises:
        NotFound: It is not to them.
        InviteOver: It was answered, taken back or has lapsed.
    """
    authorise(actor, Action.INVITE_ANSWER)
    with work.read() as tx:
        found = inviting.find(tx.db, invite_id=invite_id)
        _check_theirs(found, actor)
        if found.state != "accepted":
            _check_open(tx, found)
        return found


@repeated
def accept(
    work: Work, actor: Actor, *, invite_id: UUID, goal: str, access_needs: str = ""
) -> Shift:
    """Say yes to an invitation: a shift that its host has said yes to.

    Raises:
        NotFound: It is not to them.
        InviteOver: It was answered, taken back or has lapsed.
        Refusal: Any reason of ``reasons_against``; the first one found (B8).
        GoalMissing, GoalTooLong, PatientDetail: About the goal (B1).

    Source: docs/rules.md, rule B15 and section 6.2.
    """
    authorise(actor, Action.INVITE_ANSWER)
    with work.write() as tx:
        found = _opened(tx, actor, invite_id)
        ask = Ask(found.slot_id, goal, access_needs, host_yes=BY_INVITATION)
        shift = asking.request_in(tx, actor, ask)
        inviting.end(tx.db, invite_id=invite_id, state="accepted", at=tx.now, shift_id=shift.id)
        _record(tx, invite_id, actor, event="invite.accepted", acting_as=Role.OBSERVER)
        return shift


@repeated
def decline(work: Work, actor: Actor, *, invite_id: UUID) -> None:
    """Say not this time; no reason is asked, and the host is told.

    Raises:
        NotFound: It is not to them.
        InviteOver: It was answered, taken back or has lapsed.
    """
    authorise(actor, Action.INVITE_ANSWER)
    with work.write() as tx:
        found = _opened(tx, actor, invite_id)
        inviting.end(tx.db, invite_id=invite_id, state="declined", at=tx.now)
        _record(tx, invite_id, actor, event="invite.declined", acting_as=Role.OBSERVER)
        telling = Telling(
            key=f"{ANSWERED}:{invite_id}",
            kind=ANSWERED,
            recipient_id=found.host_id,
            facts={"slot": str(found.slot_id), "other_name": found.person_name},
        )
        journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def run(work: Work) -> int:
    """Let invitations lapse whose time is over; gives how many."""
    with work.write() as tx:
        return inviting.lapse(tx.db, at=tx.now)


def _opened(tx: Tx, actor: Actor, invite_id: UUID) -> Invite:
    people.lock(tx.db, person_id=actor.person_id)
    found = inviting.lock(tx.db, invite_id=invite_id)
    _check_theirs(found, actor)
    _check_open(tx, found)
    return found


def _check_theirs(found: Invite, actor: Actor) -> None:
    if found.person_id != actor.person_id:
        raise NotFound(invite_id=found.id)


def _check_open(tx: Tx, found: Invite) -> None:
    if found.state != inviting.OPEN or found.until <= tx.now:
        raise InviteOver(invite_id=found.id)


def _record(tx: Tx, invite_id: UUID, actor: Actor, *, event: str, acting_as: str) -> None:
    entry = Entry(
        event=event,
        subject="invite",
        subject_id=invite_id,
        person_id=actor.person_id,
        acting_as=acting_as,
    )
    journal.record(tx.db, entry, at=tx.now)
