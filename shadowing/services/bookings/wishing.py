"""The waiting list: a wish is kept, a seat that opens is held for whoever is next, one at a time.

An offer bypasses nothing: only who could ask for the slot this minute is offered it, and taking it
is the ordinary request, with every check. Locks: the person, the wish, the slot.

Source: docs/rules.md, rules B1, B5; section 6.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, TypeAlias
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.asking import SlotFull, SlotGone
from shadowing.domain.bookings.goal import check_access_needs, check_goal
from shadowing.domain.bookings.timing import Standing, notice
from shadowing.domain.bookings.wishing import (
    Queued,
    TooManyWishes,
    WishedAlready,
    check_days,
    in_turn,
    kept_until,
)
from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.ways import IN_PERSON
from shadowing.services.bookings import choosing, clearing, offers, scenes
from shadowing.services.bookings.asking import last_guard
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, journal, people, slots, wishes
from shadowing.store.journal import Entry, Telling
from shadowing.store.people import Person
from shadowing.store.slots import Hold, Offer
from shadowing.store.wishes import Waited as WaitedFor
from shadowing.store.wishes import Wish

Waited: TypeAlias = WaitedFor
LOOKED_AT: Final = 12
SEAT_OFFERED: Final = "seat-offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody would like to be told of: a seat of one slot, or a kind of shift in some days.

    Attributes:
        first: From this local day on; of a slot, its own day.
        last: The last day.
    """

    goal: str
    access_needs: str = ""
    slot_id: UUID | None = None
    unit_id: UUID | None = None
    host_role: str = ""
    band: str = ""
    first: date | None = None
    last: date | None = None


@repeated
def wish(work: Work, actor: Actor, wanted: Wanted) -> UUID:
    """Put somebody on the waiting list; gives the id of the wish.

    Raises:
        NotAllowed: *actor* may not look for slots.
        NotFound: There is no such slot, or none this person may know of.
        SlotGone: It has begun or was withdrawn.
        BadValue: A unit, role or band is not known.
        WishOver, TooManyWishes, WishedAlready: See there.
        GoalMissing, GoalTooLong, PatientDetail: About the goal (B1).
    """
    authorise(actor, Action.SLOT_FIND)
    goal, needs = check_goal(wanted.goal), check_access_needs(wanted.access_needs)
    with work.write() as tx:
        people.lock(tx.db, person_id=actor.person_id)
        seeker = offers.viewer(tx, actor)
        what = _of_slot(tx, seeker, wanted) if wanted.slot_id else _of_kind(tx, seeker, wanted)
        most = seeker.rules.number("wishes_open")
        if wishes.same(tx.db, person_id=actor.person_id, values=what):
            raise WishedAlready
        if wishes.count_open(tx.db, person_id=actor.person_id) >= most:
            raise TooManyWishes(most=most)
        said = {"goal": goal, "access_needs": needs, "made_at": tx.now}
        made = wishes.add(tx.db, {"person_id": actor.person_id, **what, **said})
        _record(tx, made, event="wish.waiting", person_id=actor.person_id)
        return made


def _of_slot(tx: Tx, seeker: offers.Viewer, wanted: Wanted) -> dict[str, object]:
    found = choosing.known_to(tx, seeker, wanted.slot_id) if wanted.slot_id else None
    if found is None or found.starts_at <= tx.now or found.state == "withdrawn":
        raise SlotGone(slot_id=wanted.slot_id)
    return {"slot_id": found.id, "first_on": found.local_date, "last_on": found.local_date}


def _of_kind(tx: Tx, seeker: offers.Viewer, wanted: Wanted) -> dict[str, object]:
    known = reference.load()
    first, last = wanted.first or seeker.today, wanted.last or wanted.first or seeker.today
    check_days(first, last, today=seeker.today)
    if wanted.host_role and wanted.host_role not in known.roles:
        raise BadValue(field="role", problem="unknown_choice", value=wanted.host_role)
    if wanted.band and wanted.band not in known.lists["shift_bands"]:
        raise BadValue(field="band", problem="unknown_choice", value=wanted.band)
    if wanted.unit_id and wanted.unit_id not in {row[0] for row in slots.choices(tx.db)}:
        raise BadValue(field="unit", problem="unknown_choice", value=str(wanted.unit_id))
    return {
        "unit_id": wanted.unit_id,
        "host_role": wanted.host_role,
        "band": wanted.band,
        "first_on": first,
        "last_on": last,
    }


def mine(work: Work, actor: Actor) -> tuple[Waited, ...]:
    """List what somebody waits for, offers first.

    Raises:
        NotAllowed: *actor* may not look for slots.
    """
    authorise(actor, Action.SLOT_FIND)
    with work.read() as tx:
        return wishes.of_person(tx.db, person_id=actor.person_id)


@repeated
def stop(work: Work, actor: Actor, *, wish_id: UUID) -> None:
    """End a wish; a seat that is offered goes to the next.

    Raises:
        NotFound: It is not theirs, or it has ended.
    """
    authorise(actor, Action.SLOT_FIND)
    with work.write() as tx:
        found = _own(tx, actor, wish_id)
        _let_go(tx, found, said="declined")
        wishes.end(tx.db, wish_id=found.id, state="ended", at=tx.now)
        _record(tx, found.id, event="wish.ended", person_id=actor.person_id)


@repeated
def pass_on(work: Work, actor: Actor, *, wish_id: UUID) -> None:
    """Say no to the seat that is offered, and go on waiting.

    Raises:
        NotFound: It is not theirs, or nothing is offered.
    """
    authorise(actor, Action.SLOT_FIND)
    with work.write() as tx:
        found = _own(tx, actor, wish_id)
        if not _let_go(tx, found, said="declined"):
            raise NotFound(wish_id=wish_id)
        wishes.wait_again(tx.db, wish_id=found.id)
        _record(tx, found.id, event="wish.waiting", person_id=actor.person_id)


def _own(tx: Tx, actor: Actor, wish_id: UUID) -> Wish:
    people.lock(tx.db, person_id=actor.person_id)
    found = wishes.lock(tx.db, wish_id=wish_id)
    if found.person_id != actor.person_id or found.state not in wishes.OPEN:
        raise NotFound(wish_id=wish_id)
    return found


def _let_go(tx: Tx, found: Wish, *, said: str) -> bool:
    """Give back the seat that is offered for a wish; say whether there was one."""
    given = False
    for slot_id in sorted(wishes.offered_before(tx.db, wish_id=found.id)):
        if wishes.answer(tx.db, wish_id=found.id, slot_id=slot_id, said=said):
            slots.lock(tx.db, slot_id=slot_id)
            wishes.release_seat(tx.db, person_id=found.person_id, slot_id=slot_id)
            given = True
    return given


def run(work: Work) -> int:
    """Take back offers whose time is over, end what is past, and offer every seat that is free.

    Safe to run as often and as many times at once as one likes.

    Returns:
        How many seats were offered.
    """
    with work.read() as tx:
        over = wishes.run_out(tx.db, at=tx.now)
    for wish_id, person_id, slot_id in over:
        _lapse(work, wish_id=wish_id, person_id=person_id, slot_id=slot_id)
    with work.write() as tx:
        wishes.end_over(tx.db, today=tx.now.date(), at=tx.now)
    with work.read() as tx:
        queue = wishes.queue(tx.db, at=tx.now)
        ids = {each.person_id for each in queue}
        lost = bookings.priorities(tx.db, person_ids=ids) if ids else {}
    return sum(_serve(work, each) for each in in_turn(queue, lost=lost))


@repeated
def _lapse(work: Work, *, wish_id: UUID, person_id: UUID, slot_id: UUID) -> None:
    with work.write() as tx:
        people.lock(tx.db, person_id=person_id)
        wishes.lock(tx.db, wish_id=wish_id)
        slots.lock(tx.db, slot_id=slot_id)
        if wishes.answer(tx.db, wish_id=wish_id, slot_id=slot_id, said="lapsed"):
            wishes.release_seat(tx.db, person_id=person_id, slot_id=slot_id)
            wishes.wait_again(tx.db, wish_id=wish_id)
            _record(tx, wish_id, event="wish.waiting", code="lapsed")


@repeated
def _serve(work: Work, queued: Queued) -> int:
    """Offer one wish the first seat that fits, if there is one."""
    with work.write() as tx:
        person = people.lock(tx.db, person_id=queued.person_id)
        found = wishes.lock(tx.db, wish_id=queued.wish_id)
        if found.state != "waiting" or not person.active:
            return 0
        before = wishes.offered_before(tx.db, wish_id=found.id)
        before |= wishes.offered_now(tx.db, person_id=person.id)
        for each in _candidates(tx, found, person):
            if each.id not in before and _offer(tx, found, person, each):
                return 1
        return 0


def _candidates(tx: Tx, found: Wish, person: Person) -> Iterable[Offer]:
    if found.slot_id:
        return (slots.find(tx.db, slot_id=found.slot_id),)
    seeker = offers.viewer_of(tx, person.id)
    first = max(seeker.earliest, found.first_on)
    narrow = replace(
        seeker.search(first=first, last=found.last_on, now=tx.now),
        unit_ids=(found.unit_id,) if found.unit_id else (),
        roles=(found.host_role,) if found.host_role else (),
        bands=(found.band,) if found.band else (),
        kinds=(IN_PERSON,),
    )
    return slots.search(tx.db, narrow, limit=LOOKED_AT)


def _offer(tx: Tx, found: Wish, person: Person, seen: Offer) -> bool:
    """Hold a seat for who waits, if they could ask for it this minute."""
    offer = slots.lock(tx.db, slot_id=seen.id)
    if slots.end_holds(tx.db, at=tx.now, slot_id=offer.id):
        offer = slots.find(tx.db, slot_id=offer.id)
    view = scenes.view(tx, person, offers=(offer,))
    if view.reasons(offer):
        return False
    until = _until(tx, view, offer)
    if until is None:
        return False
    kept = Hold(offer.id, person.id, found.goal, found.access_needs, until)
    try:
        with tx.db.begin_nested(), last_guard(offer):
            slots.hold_seat(tx.db, kept, offered=True)
    except SlotFull:
        return False
    wishes.offer(tx.db, wish_id=found.id, slot_id=offer.id, at=tx.now, until=until)
    _record(tx, found.id, event="wish.offered")
    telling = Telling(
        key=f"{SEAT_OFFERED}:{found.id}:{offer.id}",
        kind=SEAT_OFFERED,
        recipient_id=person.id,
        facts={"slot": str(offer.id), "until": until.isoformat()},
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)
    return True


def _until(tx: Tx, view: scenes.View, offer: Offer) -> datetime | None:
    outside = clearing.outside(view.person, view.units[offer.unit_id])
    standing = Standing.EXTERNAL if outside else Standing.EMPLOYEE
    return kept_until(
        tx.now,
        starts_at=offer.starts_at,
        notice=notice(standing, settings=view.rules.timing),
        hours=view.rules.number("offer_hours"),
    )


def _record(
    tx: Tx, wish_id: UUID, *, event: str, person_id: UUID | None = None, code: str = ""
) -> None:
    entry = Entry(
        event=event,
        subject="wish",
        subject_id=wish_id,
        person_id=person_id,
        acting_as="observer" if person_id else "clock",
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)
