"""What somebody sees of a shift: only what their part in it allows (section 8.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import AHEAD, DID_NOT_TAKE_PLACE, MOVES, By, State
from shadowing.domain.bookings.timing import check_in_window
from shadowing.domain.clearance.evidence import Missing
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, Relation, may
from shadowing.services.bookings import answering, clearing, gate
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, calendar, commitments, debriefs, journal, people, reflections
from shadowing.store.bookings import Shift
from shadowing.store.debriefs import Debrief
from shadowing.store.people import Person, Unit

NAMED_FROM: Final = frozenset(State) - (AHEAD - {State.CONFIRMED}) - DID_NOT_TAKE_PLACE
SILENT: Final = frozenset({State.DECLINED, State.EXPIRED, State.CANCELLED_BY_HOST})

POSSIBLE: Final = (
    ("accept", Action.SHIFT_ACCEPT, (State.HOST_ACCEPTED,)),
    ("approve", Action.SHIFT_APPROVE, (State.UNIT_APPROVED,)),
    ("decline", Action.SHIFT_DECLINE, (State.DECLINED,)),
    (
        "cancel",
        Action.SHIFT_CANCEL,
        (
            State.WITHDRAWN,
            State.CANCELLED_BY_OBSERVER,
            State.CANCELLED_BY_HOST,
            State.CLINICAL_OVERRIDE,
        ),
    ),
    ("check-in", Action.SHIFT_CHECK_IN, (State.CHECKED_IN,)),
    ("check-out", Action.SHIFT_CHECK_OUT, (State.ENDED_EARLY,)),
    ("mark-held", Action.DEBRIEF_MARK, (State.DEBRIEFED,)),
    ("waive", Action.DEBRIEF_WAIVE, (State.DEBRIEFED,)),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One person as another sees them; a blind slot's host has no name yet (A2, A10)."""

    name: str
    words: str
    side: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One calendar event as it went out (N5): to whom, which version, and how that went."""

    name: str
    side: str
    kind: str
    status: str
    sequence: int
    delivery: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline: what, by whom as this viewer may know it, when."""

    event: str
    by: str
    at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class View:
    """A shift as one person sees it.

    Attributes:
        part: In which part they see it.
        moves: What they can do now: ``accept``, ``decline``, ``approve``, ``cancel``,
            ``check-in``, ``check-out``, ``mark-held``, ``waive``.
        goal: Empty where it is not theirs to read.
        record: Kept, late and open promises of the observer, for the host who is asked (B1).
    """

    shift: Shift
    part: By
    observer: Seen
    host: Seen
    unit: Unit | None
    zone: str
    goal: str
    access_needs: str
    moves: tuple[str, ...]
    missing: tuple[Missing, ...]
    clearance_by: datetime
    debrief: Debrief | None
    sent: tuple[Sent, ...]
    timeline: tuple[Happening, ...]
    record: commitments.PromiseRecord | None
    written: tuple[str, ...]


def show(work: Work, actor: Actor, *, shift_id: UUID) -> View:
    """Read a shift as *actor* may see it.

    Raises:
        NotFound: They have no part in it, or there is none.
    """
    with work.read() as tx:
        return view(tx, actor, shift_id=shift_id)


def view(tx: Tx, actor: Actor, *, shift_id: UUID) -> View:
    """Read a shift as *actor* may see it, within a transaction that is open already.

    Raises:
        NotFound: They have no part in it, or there is none.
    """
    shift = bookings.find(tx.db, shift_id=shift_id)
    part = answering.as_one_of(tx, shift, actor, Action.SHIFT_SEE).by
    known = people.find_many(tx.db, ids=(shift.observer_id, shift.host_id))
    unit = people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None
    observer = _seen(known[shift.observer_id], side="a")
    host = _host(shift, known[shift.host_id], part=part)
    reads_goal = may(actor, Action.GOAL_SEE, answering.RELATION_OF[part])
    return View(
        shift=shift,
        part=part,
        observer=observer,
        host=host,
        unit=unit,
        zone=people.zone_of(tx.db, site_id=shift.site_id),
        goal=shift.goal if reads_goal else "",
        access_needs=shift.access_needs if part is not By.COORDINATOR else "",
        moves=_moves(tx, shift, actor),
        missing=_missing(tx, shift, known[shift.observer_id], part=part),
        clearance_by=clearing.deadline(shift.starts_at, booked_at=shift.requested_at),
        debrief=debriefs.find(tx.db, shift_id=shift.id),
        sent=_sent(tx, shift, part=part, names=(observer.name, host.name)),
        timeline=_timeline(tx, shift, part=part, names=(observer.name, host.name)),
        record=_record(tx, shift, part=part),
        written=tuple(reflections.sent_at(tx.db, shift_id=shift.id)),
    )


def _seen(person: Person, *, side: str) -> Seen:
    role = reference.load().roles.get(person.host_role)
    name = f"{person.name}, {person.post_nominal}" if person.post_nominal else person.name
    return Seen(name, role.label if role and side == "c" else person.title, side)


def _host(shift: Shift, person: Person, *, part: By) -> Seen:
    named = shift.mode != "blind" or part is not By.OBSERVER or shift.state in NAMED_FROM
    seen = _seen(person, side="c")
    return seen if named else Seen("", seen.words, seen.side)


def _missing(tx: Tx, shift: Shift, observer: Person, *, part: By) -> tuple[Missing, ...]:
    # Host and unit read "waiting for clearance" and never the items (6.2, 8.1).
    if (
        shift.unit_id is None
        or shift.state not in AHEAD
        or part not in {By.OBSERVER, By.COORDINATOR}
    ):
        return ()
    unit = people.find_unit(tx.db, unit_id=shift.unit_id)
    return clearing.missing(clearing.record(tx, observer), unit=unit, span=shift.interval)


def _moves(tx: Tx, shift: Shift, actor: Actor) -> tuple[str, ...]:
    found = []
    for name, action, to in POSSIBLE:
        try:
            mover = answering.as_one_of(tx, shift, actor, action)
        except NotFound:
            continue
        if any(mover.by in MOVES[shift.state].get(state, ()) for state in to):
            found.append(name)
    window = check_in_window(shift.starts_at, shift.ends_at)
    if "check-in" in found and not window.start <= tx.now < window.end:
        found.remove("check-in")
    return tuple(found)


def _sent(tx: Tx, shift: Shift, *, part: By, names: tuple[str, str]) -> tuple[Sent, ...]:
    who = {shift.observer_id: (names[0], "a"), shift.host_id: (names[1], "c")}
    own = {By.OBSERVER: shift.observer_id, By.HOST: shift.host_id}
    if part is By.UNIT:
        return ()
    rows = calendar.deliveries(tx.db, shift_id=shift.id)
    return tuple(
        Sent(*who[row.person_id], row.kind, row.status, row.sequence, row.delivery)
        for row in rows
        if row.person_id in who and own.get(part, row.person_id) == row.person_id
    )


def _timeline(tx: Tx, shift: Shift, *, part: By, names: tuple[str, str]) -> tuple[Happening, ...]:
    spoken = {By.OBSERVER: names[0], By.HOST: names[1], By.UNIT: "unit", By.COORDINATOR: "program"}
    lines = []
    for at, entry in journal.history(tx.db, subject_id=shift.id):
        silent = part is By.OBSERVER and entry.to_state in SILENT
        by = "" if silent or entry.acting_as == By.CLOCK else spoken.get(By(entry.acting_as), "")
        event = "shift.not_available" if silent else entry.event
        lines.append(Happening(event, by, at, "" if silent else entry.code))
    return tuple(lines)


def _record(tx: Tx, shift: Shift, *, part: By) -> commitments.PromiseRecord | None:
    if part is not By.HOST:
        return None
    return commitments.promise_record(tx.db, owner_id=shift.observer_id, on=tx.now.date())


@dataclass(frozen=True, slots=True)
class Line:
    """One shift in a list."""

    shift: Shift
    part: By
    other: Seen
    unit_name: str
    zone: str
    record: commitments.PromiseRecord | None


def mine(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List all of a person's shifts, as observer and as host, the latest first."""
    with work.read() as tx:
        found = bookings.of_person(tx.db, person_id=actor.person_id, states=tuple(State))
        return _lines(tx, found, actor)


def waiting(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List what waits for this person's word, in the role they act in, soonest first.

    A host: requests to them. A unit manager: what waits for a unit they lead. A coordinator: all
    of their program that waits for anybody.
    """
    with work.read() as tx:
        if may(actor, Action.SHIFT_ACCEPT, Relation.HOST) and actor.role == "host":
            found = bookings.of_person(
                tx.db,
                person_id=actor.person_id,
                states=(State.REQUESTED,),
            )
            asked = tuple(shift for shift in reversed(found) if shift.host_id == actor.person_id)
            return _lines(tx, asked, actor)
        if actor.role == "unit_manager":
            units = people.units_of_manager(tx.db, person_id=actor.person_id)
            return _lines(tx, _on_units(tx, units), actor)
        if actor.role == "coordinator":
            program = people.program_of(tx.db, organization_id=actor.organization_id)
            return _lines(
                tx,
                bookings.of_program(
                    tx.db,
                    program_id=program.id,
                    states=tuple(gate.WAITS),
                    since=tx.now,
                ),
                actor,
            )
        return ()


def _on_units(tx: Tx, units: tuple[Unit, ...]) -> tuple[Shift, ...]:
    return bookings.of_units(
        tx.db,
        unit_ids=[unit.id for unit in units],
        states=(State.HOST_ACCEPTED, *gate.ON_THE_UNIT),
        since=tx.now,
    )


def _lines(tx: Tx, shifts: tuple[Shift, ...], actor: Actor) -> tuple[Line, ...]:
    ids = {person_id for shift in shifts for person_id in (shift.observer_id, shift.host_id)}
    known = people.find_many(tx.db, ids=ids)
    units = people.units(tx.db, ids=[shift.unit_id for shift in shifts if shift.unit_id])
    zones = people.zones(tx.db)
    records = commitments.promise_records(
        tx.db,
        owner_ids={shift.observer_id for shift in shifts},
        on=tx.now.date(),
    )
    lines = []
    for shift in shifts:
        part = _part(shift, actor)
        observer = _seen(known[shift.observer_id], side="a")
        host = _host(shift, known[shift.host_id], part=part)
        unit = units.get(shift.unit_id) if shift.unit_id else None
        lines.append(
            Line(
                shift=shift,
                part=part,
                other=host if part is By.OBSERVER else observer,
                unit_name=unit.name if unit else shift.what,
                zone=zones[shift.site_id],
                record=records.get(shift.observer_id) if part is By.HOST else None,
            ),
        )
    return tuple(lines)


def _part(shift: Shift, actor: Actor) -> By:
    if shift.observer_id == actor.person_id:
        return By.OBSERVER
    if shift.host_id == actor.person_id:
        return By.HOST
    return By.UNIT if actor.role == "unit_manager" else By.COORDINATOR
