"""Moving a shift along its states: one step, the steps that need nobody, and who is told.

Every change of a shift runs through here, whoever makes it: page, API, letter or clock.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

from shadowing.adapters.credentials import new_pass_code
from shadowing.adapters.ical import new_uid
from shadowing.domain.bookings.invitations import (
    DEBRIEF,
    SHIFT,
    Event,
    Wish,
    outdated,
    raised,
    wishes,
)
from shadowing.domain.bookings.states import By, State, check_move
from shadowing.domain.bookings.telling import ONLY_WITH_EVENT, letters
from shadowing.services.bookings import gate, talks
from shadowing.services.work import Tx
from shadowing.store import bookings, calendar, days, debriefs, journal, people, slots
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry, Telling


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves a shift, and in which part."""

    person_id: UUID | None
    by: By


CLOCK = Mover(None, By.CLOCK)


def keep(tx: Tx, *, shift_id: UUID) -> Shift:
    """Lock all that a change of this shift may touch, in the fixed order, and read it afresh.

    Raises:
        NotFound: There is no such shift.
    """
    seen = bookings.find(tx.db, shift_id=shift_id)
    people.lock(tx.db, person_id=seen.observer_id)
    if seen.slot_id:
        slots.lock(tx.db, slot_id=seen.slot_id)
    current = bookings.lock(tx.db, shift_id=shift_id)
    if current.unit_id:
        days = (current.starts_at.date(), current.ends_at.date())
        bookings.lock_unit_days(tx.db, unit_id=current.unit_id, days=days)
    return current


def step(
    tx: Tx,
    shift: Shift,
    *,
    to: State,
    mover: Mover,
    code: str = "",
    **values: object,
) -> Shift:
    """Make one move of the table and write it into the audit log.

    Raises:
        MoveNotAllowed: The table does not list it.
    """
    check_move(shift.state, to=to, by=mover.by)
    moved = bookings.move(tx.db, shift, to=to, **values)
    journal.record(
        tx.db,
        Entry(
            event=f"shift.{to}",
            subject="shift",
            subject_id=shift.id,
            person_id=mover.person_id,
            acting_as=mover.by,
            from_state=shift.state,
            to_state=to,
            code=code,
        ),
        at=tx.now,
    )
    return moved


def advance(tx: Tx, shift: Shift) -> Shift:
    """Make every step that needs nobody's word, each in the name of the policy that allows it.

    Source: docs/rules.md, section 6.2 "Without stops"; rules A2, A8, C5, P6.
    """
    while True:
        following = gate.next_step(tx, shift)
        if following is None:
            return shift
        to, policy = following
        reason = policy if to is State.EXPIRED else shift.reason
        shift = step(tx, shift, to=to, mover=CLOCK, code=policy, reason=reason)


def announce(tx: Tx, shift: Shift, *, before: State | None, mover: Mover) -> None:
    """Bring both calendars up to date and queue a letter to everybody who is told.

    One message for each change: where a person's event for the shift changes, the letter carries
    it; a change of the debrief's event travels in a letter of its own.
    """
    if shift.state is State.CONFIRMED:
        days.begin(tx.db, shift_id=shift.id, pass_code=new_pass_code())
    if shift.state in gate.AGREED and debriefs.find(tx.db, shift_id=shift.id) is None:
        debriefs.add(tx.db, shift_id=shift.id, span=talks.propose(tx, shift))
    changed = _change_events(tx, shift)
    told: set[tuple[UUID, str]] = set()
    for letter in letters(before, after=shift.state, mover=mover.by):
        recipient = _recipient(tx, shift, letter.to)
        event = changed.get((recipient, SHIFT)) if recipient else None
        if recipient is None or (event is None and letter.kind in ONLY_WITH_EVENT):
            continue
        if event is None and recipient == mover.person_id:
            continue
        _tell(tx, shift, kind=letter.kind, recipient=recipient, event=event)
        told.add((recipient, SHIFT))
    for (person_id, kind), event in changed.items():
        if kind == DEBRIEF or (person_id, kind) not in told:
            letter_kind = "cancelled" if event.status == "CANCELLED" else "invitation"
            _tell(tx, shift, kind=letter_kind, recipient=person_id, event=event)


def _change_events(tx: Tx, shift: Shift) -> dict[tuple[UUID, str], Event]:
    held = debriefs.find(tx.db, shift_id=shift.id)
    wanted = wishes(
        shift.state,
        observer_id=shift.observer_id,
        host_id=shift.host_id,
        span=shift.interval,
        debrief=held.interval if held else None,
    )
    existing = calendar.of_shift(tx.db, shift_id=shift.id)
    changed: dict[tuple[UUID, str], Event] = {}
    for event, wish in outdated(wanted, existing=existing, at=tx.now):
        following = (
            _new_event(tx, shift, wish) if event is None else raised(event, to=wish, at=tx.now)
        )
        if event is None:
            calendar.add(tx.db, following)
        else:
            calendar.change(tx.db, following)
            journal.supersede(
                tx.db,
                event_id=event.id,
                before=following.sequence,
                at=tx.now,
            )
        changed[(wish.person_id, wish.kind)] = following
    return changed


def _new_event(tx: Tx, shift: Shift, wish: Wish) -> Event:
    stamp = tx.now.replace(microsecond=0)
    return Event(
        id=uuid4(),
        shift_id=shift.id,
        person_id=wish.person_id,
        kind=wish.kind,
        uid=new_uid(secrets.token_hex(16), tx.domain),
        sequence=0,
        stamp=stamp,
        created_at=stamp,
        starts_at=wish.span.start,
        ends_at=wish.span.end,
        status=wish.status,
    )


def _recipient(tx: Tx, shift: Shift, side: By) -> UUID | None:
    if side is By.OBSERVER:
        return shift.observer_id
    if side is By.HOST:
        return shift.host_id
    if shift.unit_id is None:
        return None
    return people.find_unit(tx.db, unit_id=shift.unit_id).manager_id


def _tell(tx: Tx, shift: Shift, *, kind: str, recipient: UUID, event: Event | None) -> None:
    key = (
        f"event:{event.id}:{event.sequence}"
        if event
        else f"{kind}:{shift.id}:{shift.version}:{recipient}"
    )
    telling = Telling(
        key=key,
        kind=kind,
        recipient_id=recipient,
        shift_id=shift.id,
        event_id=event.id if event else None,
        sequence=event.sequence if event else None,
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def part_of(
    tx: Tx,
    shift: Shift,
    *,
    person_id: UUID,
    organization_id: UUID,
) -> tuple[By, ...]:
    """List in which parts a person may stand to a shift, the nearest first.

    Somebody of the organization that runs the program stands to it as its coordinator would; that
    they hold the role is the policy's to check.
    """
    found = []
    if person_id == shift.observer_id:
        found.append(By.OBSERVER)
    if person_id == shift.host_id:
        found.append(By.HOST)
    unit = people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None
    if unit and unit.manager_id == person_id:
        found.append(By.UNIT)
    if people.program(tx.db, program_id=shift.program_id).organization_id == organization_id:
        found.append(By.COORDINATOR)
    return tuple(found)
