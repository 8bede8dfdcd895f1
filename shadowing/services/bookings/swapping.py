"""Another host for a shift (B12): proposed by its host or unit, accepted by the new host alone.

The visitor is told once it is so, and may leave without its being counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.asking import NotAvailable, free, over_limit
from shadowing.domain.bookings.proposals import Kind, Standing, check_movable, lapses_at
from shadowing.domain.bookings.states import By, MoveNotAllowed, State
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor
from shadowing.services.bookings import (
    answering,
    backups,
    gate,
    joint,
    moves,
    parties,
    places,
    scenes,
    talks,
    waiting,
)
from shadowing.services.bookings.asking import last_guard, overridden
from shadowing.services.bookings.telling import tell_of
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, debriefs, hosting, people, whereabouts
from shadowing.store.bookings import Shift
from shadowing.store.colleagues import hosts_of_unit
from shadowing.store.people import Person
from shadowing.store.proposals import Proposal

SWAPPABLE: Final = gate.AGREED | {State.HOST_ACCEPTED}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the unit who could host instead."""

    id: UUID
    name: str
    role: str


def colleagues(work: Work, actor: Actor, *, shift_id: UUID) -> tuple[Colleague, ...]:
    """List who of the unit could host instead, by name.

    Who may not, or has no room for it, is left out, and nothing says why (A4, P6, P7).

    Raises:
        NotFound: It is not a shift this person hosts, or of a unit they lead.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        answering.as_one_of(tx, shift, actor, Action.SHIFT_SWAP)
        known = reference.load().roles
        return tuple(
            Colleague(each.id, each.full_name, known[each.host_role].label)
            for each in _able(tx, shift)
            if each.host_role in known
        )


def _able(tx: Tx, shift: Shift) -> tuple[Person, ...]:
    if shift.unit_id is None:
        return ()
    found = hosts_of_unit(tx.db, unit_id=shift.unit_id)
    others = [each for each in found if each.id not in {shift.host_id, shift.observer_id}]
    ids = [each.id for each in others]
    observer = people.find(tx.db, person_id=shift.observer_id)
    apart = people.line(tx.db, person_id=observer.id)
    apart |= people.barred(tx.db, person_id=observer.id, on=shift.local_date)
    apart |= hosting.turned_away_by(tx.db, person_id=observer.id, host_ids=ids)
    loads = whereabouts.loads(
        tx.db,
        host_ids=ids,
        span=shift.interval,
        rules=scenes.rules(tx, observer),
        without=shift.id,
    )
    return tuple(
        each
        for each in others
        if each.id not in apart
        and not over_limit(loads[each.id], slot_id=None, day=shift.local_date)
        and free(loads[each.id], slot_id=None, span=shift.interval)
        and not (each.paused_until and each.paused_until > shift.starts_at)
    )


@repeated
def propose(work: Work, actor: Actor, *, shift_id: UUID, host_id: UUID) -> Shift:
    """Ask somebody of the unit to host instead; until they accept everything stays as it is.

    Raises:
        NotFound: It is not a shift this person hosts, or of a unit they lead.
        MoveNotAllowed, NotMovable: Its host has not said yes yet, or it has begun.
        ChangeWaits: Another change of it waits for an answer.
        NotAvailable: They may not host it, or have no room for it.

    Source: docs/rules.md, rules A4, B12, P6 and P7.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_SWAP)
        if shift.state not in SWAPPABLE:
            raise MoveNotAllowed(state=shift.state, wanted=shift.state)
        check_movable(shift.state, starts_at=shift.starts_at, now=tx.now)
        waiting.check_none(tx, shift)
        if host_id not in {each.id for each in _able(tx, shift)}:
            raise NotAvailable(shift_id=shift_id)
        until = lapses_at(tx.now, starts_at=shift.starts_at, stands_until=shift.starts_at)
        asked = waiting.propose(
            tx,
            shift,
            kind=Kind.SWAP,
            mover=mover,
            host_id=host_id,
            unit_id=shift.unit_id,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            local_date=shift.local_date,
            answer_by=until,
        )
        tell_of(tx, shift, asked, kind="swap-asked", recipient=host_id)
        return shift


@repeated
def accept(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The new host accepts personally; everybody is told, and both calendars follow.

    Raises:
        NotFound: It is not this person who is asked.
        NothingProposed: It was answered, taken back or has lapsed.
        NotAvailable: Something has come between (A4, P6, P7).
    """
    with work.write() as tx:
        shift, asked = _asked(tx, actor, shift_id, Action.SHIFT_ACCEPT)
        check_movable(shift.state, starts_at=shift.starts_at, now=tx.now)
        if asked.host_id not in {each.id for each in _able(tx, shift)}:
            raise NotAvailable(shift_id=shift_id)
        mover = moves.Mover(actor.person_id, By.HOST)
        waiting.end(tx, shift, asked, state=Standing.DONE, mover=mover)
        swapped = _swap(tx, shift, asked.host_id)
        waiting.note(tx, swapped, mover=mover, event="shift.swapped")
        swapped = backups.anew(tx, swapped, was=shift.backup_id, but=shift.host_id)
        _keep_talk_free(tx, swapped)
        moves.announce_swapped(tx, swapped, mover=mover)
        return swapped


def _swap(tx: Tx, shift: Shift, host_id: UUID) -> Shift:
    place = places.as_offer(tx, shift)
    if place is None:
        raise NotFound(shift_id=shift.id)
    host = people.find(tx.db, person_id=host_id)
    observer = people.find(tx.db, person_id=shift.observer_id)
    values = overridden(tx, observer, replace(place, host_id=host_id))
    with last_guard(place):
        return bookings.change(
            tx.db,
            shift,
            host_id=host_id,
            host_role=host.host_role or shift.host_role,
            swapped_at=tx.now,
            **values,
        )


def _keep_talk_free(tx: Tx, shift: Shift) -> None:
    """Move the talk where the new host has something else then (F1, B7)."""
    held = debriefs.find(tx.db, shift_id=shift.id)
    if held is None or not talks.clashes(tx, shift, held.interval, apart=held.cohort_day_id):
        return
    joint.put_anew(tx, shift)
    waiting.note(tx, shift, mover=moves.CLOCK, event="debrief.moved", code="host_swapped")


@repeated
def decline(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """The host who is asked says no; the shift stays as it is.

    Raises:
        NotFound: It is not this person who is asked.
        NothingProposed: It was taken back or has lapsed.
    """
    with work.write() as tx:
        shift, asked = _asked(tx, actor, shift_id, Action.SHIFT_DECLINE)
        mover = moves.Mover(actor.person_id, By.HOST)
        waiting.end(tx, shift, asked, state=Standing.DECLINED, mover=mover)
        _tell_proposer(tx, shift, asked)
        return shift


def _asked(tx: Tx, actor: Actor, shift_id: UUID, action: Action) -> tuple[Shift, Proposal]:
    shift, asked, _ = parties.opened(tx, actor, shift_id=shift_id, kind=Kind.SWAP, action=action)
    if asked.host_id != actor.person_id:
        raise NotFound(shift_id=shift_id)
    return shift, asked


@repeated
def withdraw(work: Work, actor: Actor, *, shift_id: UUID) -> Shift:
    """Host or unit take the question back.

    Raises:
        NotFound: It is not a shift this person hosts, or of a unit they lead.
        NothingProposed: It was answered or has lapsed.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        mover = answering.as_one_of(tx, shift, actor, Action.SHIFT_SWAP)
        _, asked, _ = parties.opened(
            tx, actor, shift_id=shift_id, kind=Kind.SWAP, action=Action.SHIFT_SWAP
        )
        waiting.end(tx, shift, asked, state=Standing.WITHDRAWN, mover=mover)
        tell_of(tx, shift, asked, kind="change-withdrawn", recipient=asked.host_id)
        return shift


def lapse(tx: Tx, shift: Shift, asked: Proposal) -> None:
    """Let it lapse; silence is a complete answer."""
    waiting.end(tx, shift, asked, state=Standing.LAPSED, mover=moves.CLOCK)
    _tell_proposer(tx, shift, asked)


def _tell_proposer(tx: Tx, shift: Shift, asked: Proposal) -> None:
    tell_of(tx, shift, asked, kind="swap-not-available", recipient=asked.made_by_id)
