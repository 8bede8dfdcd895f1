"""A slot as one person sees it: who, where and when, and how they stand to it.

What a card says of being bookable comes from the same rules as the booking (B8). The name of a
blind slot's host never leaves this module (A10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.asking import AlreadyAsked, Overlap, SlotFull, SlotGone
from shadowing.domain.bookings.states import AHEAD, WAITING
from shadowing.domain.bookings.timing import answer_by
from shadowing.domain.clearance.evidence import Effect
from shadowing.domain.diary import clashes, window
from shadowing.domain.errors import Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.people import random_stable_order
from shadowing.services.bookings import clearing, gate
from shadowing.services.bookings.scenes import View
from shadowing.services.work import Tx
from shadowing.store import bookings, diary, slots
from shadowing.store.bookings import Shift
from shadowing.store.people import Unit
from shadowing.store.slots import Hold, Offer

OWN_DIARY: Final = "own_diary"


class Face(StrEnum):
    """How a slot stands to the person who looks."""

    OPEN = "open"
    ASK = "ask"
    HELD = "held"
    ASKED = "asked"
    BOOKED = "booked"
    GONE = "gone"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One slot, for one person.

    Attributes:
        raised: Its host made it more sensitive than its unit is (A8).
        zone: Of the site; the slot's days and times are told in it.
        host_name: With credentials; empty where the name shows on confirmation only (A10).
        host_yes: The host said yes in advance.
        unit_yes: The unit did.
        reasons: Why it cannot be asked for, one of a kind; empty when it can.
        open_items: Requirements still to be met by ``clearance_by``, or the shift is released;
            without what is ticked on the way.
        room_items: Requirements without which some rooms stay closed.
        answer_by: Until when a request made now waits for its answers.
        held_until: For a seat this person holds.
        shift_id: Of this person's own request or shift.
        warnings: Codes of what speaks against it without standing in the way (B7).
        clash_id: Of another shift of theirs that lies in the way (B7).
    """

    slot_id: UUID
    starts_at: datetime
    ends_at: datetime
    local_date: date
    zone: str
    host_name: str
    host_role: str
    role_label: str
    unit_id: UUID
    unit_name: str
    site_name: str
    kind: str
    band: str
    mode: str
    sensitivity: str
    raised: bool
    free_seats: int
    seats: int
    host_yes: bool
    unit_yes: bool
    face: Face
    reasons: tuple[Refusal, ...]
    open_items: tuple[str, ...]
    room_items: tuple[str, ...]
    clearance_by: datetime
    answer_by: datetime
    held_until: datetime | None
    shift_id: UUID | None
    warnings: tuple[str, ...] = ()
    clash_id: UUID | None = None

    @property
    def bookable(self) -> bool:
        """Say whether it can be asked for."""
        return not self.reasons

    @property
    def span(self) -> Interval:
        """Its time."""
        return Interval(self.starts_at, self.ends_at)

    @property
    def minutes(self) -> int:
        """Its length, whatever the clocks do meanwhile (A5)."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Own:
    """What a person has to do with slots already, by slot: seats held, shifts asked for.

    Attributes:
        diary: When they are busy by their own diary.
    """

    holds: Mapping[UUID, Hold]
    shifts: Mapping[UUID, Shift]
    diary: tuple[Interval, ...] = ()

    @property
    def slot_ids(self) -> tuple[UUID, ...]:
        """The slots concerned."""
        return (*self.holds, *self.shifts)


def own(tx: Tx, *, person_id: UUID) -> Own:
    """Read what a person has to do with slots already."""
    ahead = bookings.of_person(tx.db, person_id=person_id, states=AHEAD)
    return Own(
        holds={
            hold.slot_id: hold for hold in slots.holds_of(tx.db, person_id=person_id, at=tx.now)
        },
        shifts={
            shift.slot_id: shift
            for shift in ahead
            if shift.slot_id and shift.observer_id == person_id
        },
        diary=diary.busy(tx.db, person_id=person_id, within=window(tx.now)),
    )


def make(seen: View, offer: Offer, *, mine: Own) -> Card:
    """Make the card of one slot."""
    unit = seen.units[offer.unit_id].raised(offer.sensitivity)
    about = clearing.offered(offer)
    missing = clearing.missing(seen.record, unit=unit, span=offer.interval, about=about)
    reasons = _one_of_a_kind(seen.reasons(offer))
    hold, shift = mine.holds.get(offer.id), mine.shifts.get(offer.id)
    host_yes, unit_yes = offer.mode in gate.YES_IN_ADVANCE, _unit_yes(unit)
    return Card(
        slot_id=offer.id,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        local_date=offer.local_date,
        zone=unit.zone,
        host_name=_host_name(offer),
        host_role=offer.host_role,
        role_label=reference.load().role(offer.host_role).label,
        unit_id=unit.id,
        unit_name=unit.name,
        site_name=unit.site_name,
        kind=offer.kind,
        band=offer.band,
        mode=offer.mode,
        sensitivity=unit.sensitivity,
        raised=unit.sensitivity != seen.units[offer.unit_id].sensitivity,
        free_seats=offer.seats - offer.taken,
        seats=offer.seats,
        host_yes=host_yes,
        unit_yes=unit_yes,
        face=_face(reasons, hold, shift, Face.OPEN if host_yes and unit_yes else Face.ASK),
        reasons=reasons,
        open_items=tuple(gap.label for gap in clearing.to_do_first(missing)),
        room_items=tuple(gap.label for gap in missing if gap.effect is Effect.BLOCK_ROOM),
        clearance_by=clearing.deadline(offer.starts_at, booked_at=seen.now, settings=seen.rules),
        answer_by=answer_by(seen.now, offer.starts_at, settings=seen.rules.timing),
        held_until=hold.expires_at if hold else None,
        shift_id=shift.id if shift else None,
        warnings=_warnings(offer, mine),
        clash_id=_clash(reasons, mine),
    )


def _warnings(offer: Offer, mine: Own) -> tuple[str, ...]:
    clash = offer.id not in mine.shifts and clashes(offer.interval, mine.diary)
    return (OWN_DIARY,) if clash else ()


def _clash(reasons: Iterable[Refusal], mine: Own) -> UUID | None:
    """Find the own shift that an overlap is about; a debrief or the diary is none."""
    spans = [
        (reason.facts["starts_at"], reason.facts["ends_at"])
        for reason in reasons
        if isinstance(reason, Overlap)
    ]
    found = (one.id for one in mine.shifts.values() if (one.starts_at, one.ends_at) in spans)
    return next(found, None)


def _unit_yes(unit: Unit) -> bool:
    return unit.auto_approve and unit.sensitivity in gate.MAY_BE_AUTOMATIC


def _host_name(offer: Offer) -> str:
    if offer.mode == "blind":
        return ""
    credentials = f", {offer.host_post_nominal}" if offer.host_post_nominal else ""
    return offer.host_name + credentials


def _one_of_a_kind(reasons: Iterable[Refusal]) -> tuple[Refusal, ...]:
    return tuple({reason.code: reason for reason in reversed(tuple(reasons))}.values())[::-1]


def _face(
    reasons: tuple[Refusal, ...],
    hold: Hold | None,
    shift: Shift | None,
    free: Face,
) -> Face:
    if any(isinstance(reason, AlreadyAsked) for reason in reasons):
        waits = shift is not None and shift.state in WAITING
        return Face.ASKED if waits else Face.BOOKED
    if any(isinstance(reason, SlotFull | SlotGone) for reason in reasons):
        return Face.GONE
    if reasons:
        return Face.NOT_ALLOWED
    return Face.HELD if hold else free


def in_order(cards: Iterable[Card], *, viewer: UUID, day: date) -> tuple[Card, ...]:
    """Order by start; among equals by chance, the same for one viewer on one day (M8)."""
    by_start = groupby(sorted(cards, key=_start), key=_start)
    return tuple(
        card
        for _, equals in by_start
        for card in random_stable_order(
            equals, viewer=str(viewer), day=day, key=lambda each: str(each.slot_id)
        )
    )


def _start(card: Card) -> datetime:
    return card.starts_at
