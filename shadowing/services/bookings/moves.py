"""Moving a shift along its states: one step, the steps that need nobody, and who is told.

Every change of a shift runs through here, whoever makes it: page, API, letter or clock.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final
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
from shadowing.domain.bookings.telling import (
    ONLY_WITH_EVENT,
    Letter,
    letters,
    moved_letters,
    swapped_letters,
)
from shadowing.domain.interval import Interval
from shadowing.domain.notifications import JOINED
from shadowing.domain.policy import Actor
from shadowing.services.bookings import backups, gate, joint, waiting
from shadowing.services.bookings.telling import recipients, tell
from shadowing.services.bookings.waiting import CLOCK, Mover
from shadowing.services.work import Tx
from shadowing.store import (
    bookings,
    calendar,
    days,
    debriefs,
    journal,
    meetings,
    people,
    proposals,
    slots,
)
from shadowing.store.bookings import Shift
from shadowing.store.journal import Entry

__all__ = [
    "CLOCK",
    "Mover",
    "advance",
    "announce",
    "announce_changed",
    "announce_joined",
    "announce_moved",
    "announce_swapped",
    "keep",
    "mover",
    "part_of",
    "seen_as",
    "step",
]


GIVES_PRIORITY: Final = frozenset({State.CANCELLED_BY_HOST, State.CLINICAL_OVERRIDE})


def keep(tx: Tx, *, shift_id: UUID, also: UUID | None = None) -> Shift:
    """Lock all that a change of this shift may touch, in the fixed order, and read it afresh.

    The observer first, then hosts by id, slots by id, the shift, days of units by unit and date,
    and the units. What it may touch besides is the slot that a move would go to, and its host: of
    a move that waits, or *also*.

    Raises:
        NotFound: There is no such shift.
    """
    people.lock(tx.db, person_id=bookings.find(tx.db, shift_id=shift_id).observer_id)
    # Only now: while somebody else had the observer's lock it may have gone to another slot.
    seen = bookings.find(tx.db, shift_id=shift_id)
    waiting = proposals.open_of(tx.db, shift_id=shift_id)
    wanted = {each for each in (seen.slot_id, also, *(one.slot_id for one in waiting)) if each}
    hosts = {seen.host_id, *(one.host_id for one in waiting)}
    people.lock_hosts(tx.db, ids=hosts | slots.host_ids(tx.db, ids=wanted))
    if seen.unit_id is None and seen.slot_id:
        meetings.lock(tx.db, meeting_id=seen.slot_id)
        wanted -= {seen.slot_id}
    places = [slots.lock(tx.db, slot_id=slot_id) for slot_id in sorted(wanted)]
    current = bookings.lock(tx.db, shift_id=shift_id)
    visits = [(place.unit_id, place.interval) for place in places]
    if current.unit_id:
        visits.append((current.unit_id, current.interval))
    _keep_days(tx, visits)
    return current


def _keep_days(tx: Tx, visits: Iterable[tuple[UUID, Interval]]) -> None:
    days: dict[UUID, set[date]] = {}
    for unit_id, span in visits:
        days.setdefault(unit_id, set()).update((span.start.date(), span.end.date()))
    for unit_id in sorted(days):
        bookings.lock_unit_days(tx.db, unit_id=unit_id, days=days[unit_id])


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
    if to in GIVES_PRIORITY:
        values["priority_since"] = tx.now
    if to is State.CONFIRMED:
        values = {"backup_id": backups.chosen(tx, shift), **values}
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
    if to is not shift.state:
        waiting.drop(tx, moved, to=to, mover=mover)
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
        joint.hold(tx, shift)
    told = letters(before, after=shift.state, mover=mover.by, host_knows=not shift.held_back)
    _send(tx, shift, told, mover=mover)


def announce_joined(tx: Tx, shift: Shift, *, mover: Mover) -> None:
    """Give both the next version of a confirmed shift that is joined elsewhere now (B17)."""
    if shift.state is State.CONFIRMED:
        _send(tx, shift, (), mover=mover, joined=True)


def announce_moved(tx: Tx, shift: Shift, *, mover: Mover, renewed: UUID | None = None) -> None:
    """Bring calendars up to date and tell of a shift that keeps its state at another time or host.

    The event of *renewed* gets its next version even if its time is the same: who they meet is new.
    """
    told = moved_letters(shift.state, mover=mover.by)
    _send(tx, shift, told, mover=mover, renewed=renewed)


def announce_swapped(tx: Tx, shift: Shift, *, mover: Mover) -> None:
    """Bring calendars up to date and tell of a shift that has another host (B12).

    The visitor's own event gets its next version: the time is the same, whom they meet is not.
    """
    told = swapped_letters(shift.state, mover=mover.by)
    _send(tx, shift, told, mover=mover, renewed=shift.observer_id)


def announce_changed(tx: Tx, shift: Shift, *, mover: Mover, renewed_talk: bool = False) -> None:
    """Bring calendars up to date where the talk alone has changed; each change is told with it.

    With *renewed_talk* both get its next version even if its time is the same: where it is, or
    with whom, is new.
    """
    _send(tx, shift, (), mover=mover, renewed_talk=renewed_talk)


def _send(
    tx: Tx,
    shift: Shift,
    wanted: Iterable[Letter],
    *,
    mover: Mover,
    renewed: UUID | None = None,
    renewed_talk: bool = False,
    joined: bool = False,
) -> None:
    pair = (shift.observer_id, shift.host_id)
    anew = [(renewed, SHIFT)] if renewed else []
    anew += [(person_id, DEBRIEF) for person_id in pair if renewed_talk]
    anew += [(person_id, SHIFT) for person_id in pair if joined]
    changed = _change_events(tx, shift, anew=anew)
    told: set[tuple[UUID, str]] = set()
    for letter in wanted:
        for to in recipients(tx, shift, letter.to):
            event = changed.get((to, SHIFT))
            if event is None and (letter.kind in ONLY_WITH_EVENT or to == mover.person_id):
                continue
            tell(tx, shift, kind=letter.kind, recipient=to, event=event, facts=_own(to, mover))
            told.add((to, SHIFT))
    for (person_id, kind), event in changed.items():
        if kind == DEBRIEF or (person_id, kind) not in told:
            letter_kind = "cancelled" if event.status == "CANCELLED" else "invitation"
            own = _own(person_id, mover) | ({JOINED: True} if joined else {})
            tell(tx, shift, kind=letter_kind, recipient=person_id, event=event, facts=own)


def _own(recipient: UUID, mover: Mover) -> dict[str, object]:
    """Mark a letter that answers what its reader just did: it does not wait for the morning."""
    return {"own_act": True} if recipient == mover.person_id else {}


def _change_events(
    tx: Tx, shift: Shift, *, anew: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Event]:
    if shift.held_back:
        return {}
    held = debriefs.find(tx.db, shift_id=shift.id)
    wanted = wishes(
        shift.state,
        observer_id=shift.observer_id,
        host_id=shift.host_id,
        span=shift.interval,
        debrief=held.interval if held else None,
    )
    existing = calendar.of_shift(tx.db, shift_id=shift.id)
    pair = (shift.observer_id, shift.host_id)
    changed: dict[tuple[UUID, str], Event] = {}
    for event, wish in outdated(wanted, existing=existing, at=tx.now, pair=pair, anew=anew):
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


def mover(actor: Actor, part: By) -> Mover:
    """Say who moves a shift in a part: oneself, or somebody for the visitor (B18)."""
    if actor.hand_id is None:
        return Mover(actor.person_id, part)
    return Mover(actor.hand_id, By(actor.hand_as))


def seen_as(by: By) -> By:
    """Say in whose eyes somebody sees a shift: a delegate in the visitor's (8.1)."""
    return By.OBSERVER if by is By.DELEGATE else by


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
    if person_id == shift.backup_id:
        found.append(By.BACKUP)
    unit = people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None
    if unit and unit.led_by(person_id):
        found.append(By.UNIT)
    if people.program(tx.db, program_id=shift.program_id).organization_id == organization_id:
        found.append(By.COORDINATOR)
    return tuple(found)
