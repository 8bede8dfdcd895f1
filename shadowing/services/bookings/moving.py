"""A shift goes to another time (B9): asked for, answered, taken back, and made true.

Until everybody asked has said yes the old time stands, and both seats are kept. A move is never a
late cancel. Everything is checked as if the old booking were not there (B8).
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.asking import AlreadyAsked, NotAvailable, NotCleared, in_audience
from shadowing.domain.bookings.goal import check_note
from shadowing.domain.bookings.proposals import (
    Kind,
    NotMovable,
    Standing,
    Target,
    check_movable,
    host_is_asked,
    lapses_at,
    unit_is_asked,
)
from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.timing import answer_by
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import (
    answering,
    backups,
    clearing,
    gate,
    joint,
    moves,
    parties,
    scenes,
    waiting,
)
from shadowing.services.bookings.asking import last_guard, overridden
from shadowing.services.bookings.telling import manager_of, tell, tell_of
from shadowing.services.bookings.waiting import Mover
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, debriefs, people, programs, proposals, slots
from shadowing.store.bookings import Shift
from shadowing.store.people import Person, Unit
from shadowing.store.proposals import Proposal
from shadowing.store.slots import Offer


@repeated
def ask(work: Work, actor: Actor, *, shift_id: UUID, slot_id: UUID, note: str = "") -> Shift:
    """Move a shift to another slot, or ask those whose yes it needs.

    Returns:
        The shift: at its new time, or still at its old one while somebody is asked.

    Raises:
        NotFound: It is not this person's shift, or no slot they may know of.
        NotMovable: It is under way or over.
        ChangeWaits: Another change of it waits for an answer.
        NoteTooLong, PatientDetail: About the note to the host.
        Refusal: Any reason of ``reasons_against``; the first one found.

    Source: docs/rules.md, rules B4, B7, B8 and B9.
    """
    kept_note = check_note(note)
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id, also=slot_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_MOVE)
        check_movable(shift.state, starts_at=shift.starts_at, now=tx.now)
        if shift.unit_id is None:
            raise NotMovable(state=shift.state)  # a meeting is when it is (B16)
        waiting.check_none(tx, shift)
        slots.end_holds(tx.db, at=tx.now, slot_id=slot_id)
        offer = slots.find(tx.db, slot_id=slot_id)
        _check_asked(tx, shift, offer)
        target = target_of(tx, shift, offer)
        if host_is_asked(shift.state, target=target):
            _propose(tx, shift, offer, mover=mover, note=kept_note)
            return shift
        if unit_is_asked(shift.state, target=target):
            waits = _propose(tx, shift, offer, mover=mover, note=kept_note)
            _ask_unit(tx, shift, waits)
            return shift
        return _go(tx, shift, offer, mover=mover)


def _check_asked(tx: Tx, shift: Shift, offer: Offer) -> None:
    observer = people.find(tx.db, person_id=shift.observer_id)
    seen = scenes.view(tx, observer, offers=(offer,), without=shift.id)
    if offer.host_id == observer.id or not in_audience(offer.audience, level=observer.level):
        raise NotFound(slot_id=offer.id)
    if offer.id == shift.slot_id:
        raise AlreadyAsked(slot_id=offer.id)
    reasons = seen.reasons(offer)
    if reasons:
        raise reasons[0]
    _check_clearance(tx, shift, observer, offer)


def _check_clearance(tx: Tx, shift: Shift, observer: Person, offer: Offer) -> None:
    """Refuse a time before which clearance could not be completed any more (C5)."""
    unit = people.find_unit(tx.db, unit_id=offer.unit_id)
    there = clearing.offered(offer)
    about = replace(
        clearing.booked(shift), kind=there.kind, sensitivity=there.sensitivity, band=there.band
    )
    gaps = clearing.gaps(clearing.record(tx, observer), unit=unit, span=offer.interval, about=about)
    settings = programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
    by = clearing.deadline(offer.starts_at, booked_at=shift.requested_at, settings=settings)
    if gaps and tx.now >= by:
        raise NotCleared(missing=tuple(gap.label for gap in gaps), by=by)


def target_of(tx: Tx, shift: Shift, offer: Offer) -> Target:
    """Say what decides whose yes a new time needs."""
    unit = people.find_unit(tx.db, unit_id=offer.unit_id)
    in_line = offer.host_id in people.line(tx.db, person_id=shift.observer_id)
    return target_for(shift, offer, unit, personal=in_line)


def target_for(shift: Shift, offer: Offer, unit: Unit, *, personal: bool) -> Target:
    """Say the same, where the unit is known already."""
    unit = unit.raised(offer.sensitivity)
    in_advance = unit.auto_approve and unit.sensitivity in gate.MAY_BE_AUTOMATIC
    return Target(
        mode=offer.mode,
        sensitivity=unit.sensitivity,
        personal=personal,
        unit_changes=offer.unit_id != shift.unit_id and not in_advance,
    )


def _propose(tx: Tx, shift: Shift, offer: Offer, *, mover: Mover, note: str) -> Proposal:
    said_yes = not host_is_asked(shift.state, target=target_of(tx, shift, offer))
    with last_guard(offer):
        made = waiting.propose(
            tx,
            shift,
            kind=Kind.MOVE,
            mover=mover,
            slot_id=offer.id,
            host_id=offer.host_id,
            unit_id=offer.unit_id,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            local_date=offer.local_date,
            note=note,
            host_yes_at=tx.now if said_yes else None,
            answer_by=lapses_at(tx.now, starts_at=offer.starts_at, stands_until=shift.starts_at),
        )
    if not said_yes:
        tell_of(tx, shift, made, kind="move-asked", recipient=offer.host_id)
    return made


def _ask_unit(tx: Tx, shift: Shift, proposal: Proposal) -> None:
    manager_id = manager_of(tx, proposal.unit_id)
    if manager_id:
        tell_of(tx, shift, proposal, kind="unit-move-asked", recipient=manager_id)


@repeated
def accept(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The host of the new time says yes; the unit is asked next, where it has to be.

    Raises:
        NotFound: It is not a time of this host.
        NothingProposed: It was answered, taken back or has lapsed.
        NotAvailable: Something has come between (B8).
    """
    with work.write() as tx:
        shift, waits, mover = _open(tx, actor, shift_id, Action.SHIFT_ACCEPT)
        offer = _still_possible(tx, shift, waits)
        if unit_is_asked(shift.state, target=target_of(tx, shift, offer)):
            proposals.host_said_yes(tx.db, waits, at=tx.now)
            waiting.note(tx, shift, mover=mover, event="move.host_yes")
            _ask_unit(tx, shift, waits)
            return shift
        return _agreed(tx, shift, waits, offer, mover=mover)


@repeated
def approve(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The unit of the new time says yes (A8).

    Raises:
        NotFound: It is not a time on a unit this person leads.
        NothingProposed: It was answered, taken back or has lapsed.
        NotAvailable: Something has come between (B8).
    """
    with work.write() as tx:
        shift, waits, mover = _open(tx, actor, shift_id, Action.SHIFT_APPROVE)
        return _agreed(tx, shift, waits, _still_possible(tx, shift, waits), mover=mover)


@repeated
def decline(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Host, unit or coordinator says no to the new time; the old one stands.

    Raises:
        NotFound: It is nothing this person may answer.
        NothingProposed: It was answered, taken back or has lapsed.
    """
    with work.write() as tx:
        shift, waits, mover = _open(tx, actor, shift_id, Action.SHIFT_DECLINE)
        waiting.end(tx, shift, waits, state=Standing.DECLINED, mover=mover)
        _tell_stays(tx, shift, waits)
        return shift


@repeated
def withdraw(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The observer takes the move back; the old time stands.

    Raises:
        NotFound: It is not this person's shift.
        NothingProposed: It was answered or has lapsed.
    """
    with work.write() as tx:
        shift, waits, mover = _open(tx, actor, shift_id, Action.SHIFT_MOVE)
        waiting.end(tx, shift, waits, state=Standing.WITHDRAWN, mover=mover)
        asked = waits.host_id
        if waits.host_yes_at:
            asked = manager_of(tx, waits.unit_id) or waits.host_id
        tell_of(tx, shift, waits, kind="change-withdrawn", recipient=asked)
        return shift


def lapse(tx: Tx, shift: Shift, waits: Proposal) -> None:
    """Let a move lapse that nobody answered; silence is a complete answer (B6)."""
    waiting.end(tx, shift, waits, state=Standing.LAPSED, mover=moves.CLOCK)
    _tell_stays(tx, shift, waits)


def _tell_stays(tx: Tx, shift: Shift, waits: Proposal) -> None:
    tell_of(tx, shift, waits, kind="move-not-available", recipient=shift.observer_id)


def _open(tx: Tx, actor: Actor, shift_id: UUID, action: Action) -> tuple[Shift, Proposal, Mover]:
    return parties.opened(tx, actor, shift_id=shift_id, kind=Kind.MOVE, action=action)


def _still_possible(tx: Tx, shift: Shift, waits: Proposal) -> Offer:
    """Ask the rules again, before the yes counts (B8)."""
    check_movable(shift.state, starts_at=shift.starts_at, now=tx.now)
    if waits.slot_id is None:
        raise NotFound(shift_id=shift.id)
    offer = slots.find(tx.db, slot_id=waits.slot_id)
    observer = people.find(tx.db, person_id=shift.observer_id)
    seen = scenes.view(tx, observer, offers=(offer,), without=shift.id)
    if any(reason.code in gate.AGAIN for reason in seen.reasons(offer)):
        raise NotAvailable(shift_id=shift.id)
    return offer


def _agreed(tx: Tx, shift: Shift, waits: Proposal, offer: Offer, *, mover: Mover) -> Shift:
    waiting.end(tx, shift, waits, state=Standing.DONE, mover=mover)
    return _go(tx, shift, offer, mover=mover)


def _go(tx: Tx, shift: Shift, offer: Offer, *, mover: Mover) -> Shift:
    """Put the shift at its new time: seat, debrief, calendars, clearance of the new day."""
    with last_guard(offer):
        moved = bookings.change(tx.db, shift, **_place(tx, shift, offer))
    waiting.note(tx, moved, mover=mover, event="shift.moved")
    _move_talk(tx, moved)
    if moved.state is State.CONFIRMED and gate.blocking(tx, moved):
        moved = moves.step(tx, moved, to=State.UNIT_APPROVED, mover=moves.CLOCK, code="clearance")
    rested = moves.advance(tx, moved)
    if shift.state is State.CONFIRMED or shift.backup_id:
        rested = backups.anew(tx, rested, was=shift.backup_id)
    if rested.state is shift.state:
        moves.announce_moved(tx, rested, mover=mover)
    else:
        # Clearance lapsed by the move: that is told to whoever moved it, too (C6).
        fell_back = shift.state is State.CONFIRMED
        moves.announce(tx, rested, before=shift.state, mover=moves.CLOCK if fell_back else mover)
    _tell_old_unit(tx, shift, rested)
    return rested


def _place(tx: Tx, shift: Shift, offer: Offer) -> dict[str, object]:
    unit = people.find_unit(tx.db, unit_id=offer.unit_id)
    place: dict[str, object] = {
        "slot_id": offer.id,
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
    }
    place |= overridden(tx, people.find(tx.db, person_id=shift.observer_id), offer)
    if shift.state in {State.REQUESTED, State.HOST_ACCEPTED}:
        place["answer_by"] = answer_by(tx.now, offer.starts_at)
    return place


def _move_talk(tx: Tx, shift: Shift) -> None:
    """Move the talk with the shift (F1, 6.3); on another date it leaves its cohort day (B14)."""
    if debriefs.find(tx.db, shift_id=shift.id) is None:
        return
    joint.put_anew(tx, shift)
    waiting.note(tx, shift, mover=moves.CLOCK, event="debrief.moved", code="shift_moved")


def _tell_old_unit(tx: Tx, before: Shift, shift: Shift) -> None:
    """Tell a unit that knew of the visit that it is elsewhere now."""
    if before.unit_id == shift.unit_id or before.state is State.REQUESTED:
        return
    unit = people.find_unit(tx.db, unit_id=before.unit_id) if before.unit_id else None
    if unit and unit.answers:
        told = {"start": before.starts_at.isoformat(), "end": before.ends_at.isoformat()}
        told |= {"unit": unit.name, "zone": unit.zone}
        tell(tx, shift, kind="moved-away", recipient=unit.answers, facts=told)
