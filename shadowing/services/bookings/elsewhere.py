"""Other times for a shift that stands: the same host first, then others like it (B9, B10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.proposals import host_is_asked, unit_is_asked
from shadowing.domain.errors import NotFound
from shadowing.domain.notifications import host_is_named
from shadowing.domain.policy import Action, Actor
from shadowing.domain.ways import like_first
from shadowing.services.bookings import answering, cards, moving, offers, scenes
from shadowing.services.bookings.cards import Card
from shadowing.services.bookings.offers import Viewer
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, people, slots
from shadowing.store.bookings import Shift
from shadowing.store.slots import Offer

OPEN_HOSTS: Final = ("auto", "ask")
BEFORE: Final = timedelta(days=14)
AFTER: Final = timedelta(days=56)
LOOKED_AT: Final = 60
OF_EACH: Final = 6
THREE: Final = 3


@dataclass(frozen=True, slots=True)
class Time:
    """One time that a shift could go to.

    Attributes:
        host_asked: It waits for the host's yes; ``unit_asked`` for the unit's.
    """

    card: Card
    same_kind: bool
    same_host: bool
    same_unit: bool
    same_role: bool
    host_asked: bool
    unit_asked: bool


@dataclass(frozen=True, slots=True)
class Times:
    """Where a shift could go: with the same host, and elsewhere; the nearest in time first."""

    same_host: tuple[Time, ...]
    others: tuple[Time, ...]


def times(work: Work, actor: Actor, *, shift_id: UUID) -> Times:
    """List where a shift could go.

    What is hidden stays so: a blind slot leads to its host's other times only once its host is
    named, and none of a host's other times to a blind one (A10).

    Raises:
        NotFound: It is not this person's shift to move.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        found = _bookable(tx, shift, _likely(tx, shift))
        return Times(
            same_host=tuple(each for each in found if each.same_host)[:OF_EACH],
            others=tuple(each for each in found if not each.same_host)[:OF_EACH],
        )


def three(work: Work, actor: Actor, *, shift_id: UUID) -> tuple[Time, ...]:
    """Offer three dates to somebody who cancels: same host, else unit, else role (B10).

    Raises:
        NotFound: It is not this person's shift to move.
    """
    found = times(work, actor, shift_id=shift_id)
    every = (*found.same_host, *found.others)
    return tuple(sorted(every, key=_unlike))[:THREE]


def _unlike(time: Time) -> tuple[bool, ...]:
    """Order times: of the same kind first, beside a host or by video (B17)."""
    alike = (time.same_kind, time.same_host, time.same_unit, time.same_role)
    return tuple(not each for each in alike)


def one(work: Work, actor: Actor, *, shift_id: UUID, slot_id: UUID) -> Time:
    """Look at one time a shift could go to, before anything is asked.

    Raises:
        NotFound: It is not this person's shift to move, or no slot they may know of.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        offer = slots.find(tx.db, slot_id=slot_id)
        seeker = offers.viewer_of(tx, shift.observer_id)
        if offer.host_id == shift.observer_id or not seeker.invited(offer.audience):
            raise NotFound(slot_id=slot_id)
        return _times(tx, shift, seeker, (offer,))[0]


def _bookable(tx: Tx, shift: Shift, found: Iterable[Offer]) -> tuple[Time, ...]:
    seeker = offers.viewer_of(tx, shift.observer_id)
    every = _times(tx, shift, seeker, tuple(found))
    return tuple(each for each in every if each.card.bookable)


def _times(tx: Tx, shift: Shift, seeker: Viewer, found: tuple[Offer, ...]) -> tuple[Time, ...]:
    seen = scenes.view(tx, seeker.person, offers=found, without=shift.id)
    line = people.line(tx.db, person_id=shift.observer_id)
    made = []
    for offer in found:
        unit = seen.units[offer.unit_id]
        target = moving.target_for(shift, offer, unit, personal=offer.host_id in line)
        known = offer.mode != "blind"
        made.append(
            Time(
                card=cards.make(seen, offer, mine=seeker.mine),
                same_kind=offer.kind == shift.kind,
                same_host=known and offer.host_id == shift.host_id,
                same_unit=offer.unit_id == shift.unit_id,
                same_role=offer.host_role == shift.host_role,
                host_asked=host_is_asked(shift.state, target=target),
                unit_asked=unit_is_asked(shift.state, target=target),
            )
        )
    return tuple(made)


def _likely(tx: Tx, shift: Shift) -> tuple[Offer, ...]:
    if shift.unit_id is None:
        return ()  # a meeting is when it is (B16)
    seeker = offers.viewer_of(tx, shift.observer_id)
    first = max(seeker.today, shift.local_date - BEFORE)
    near = seeker.search(first=first, last=max(shift.local_date, seeker.today) + AFTER, now=tx.now)
    others: list[Offer] = []
    for kinds in like_first(shift.kind):
        others += _of_kind(tx, replace(near, kinds=kinds), shift)
    return tuple({each.id: each for each in others if each.id != shift.slot_id}.values())


def _of_kind(tx: Tx, near: slots.Search, shift: Shift) -> list[Offer]:
    others: list[Offer] = []
    if host_is_named(shift.mode, state=shift.state):
        own = replace(near, host_ids=(shift.host_id,), modes=OPEN_HOSTS)
        others += _nearest(tx, own, shift)
    if shift.unit_id:
        others += _nearest(tx, replace(near, unit_ids=(shift.unit_id,)), shift)
    others += _nearest(tx, replace(near, roles=(shift.host_role,)), shift)
    return others


def _nearest(tx: Tx, wanted: slots.Search, shift: Shift) -> list[Offer]:
    found = slots.search(tx.db, wanted, limit=LOOKED_AT)
    return sorted(found, key=lambda each: abs(each.starts_at - shift.starts_at))
