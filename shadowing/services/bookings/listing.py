"""Shifts as lists: one's own, what waits for one's word, who comes to one's unit.

The number of statements does not depend on how many shifts there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import AHEAD, DID_NOT_TAKE_PLACE, TOOK_PLACE, By, State
from shadowing.domain.limits import limits
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, authorise, may
from shadowing.services.bookings import gate, seeing
from shadowing.services.bookings.answering import relation
from shadowing.services.bookings.seeing import Seen
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, commitments, people, programs, units
from shadowing.store.bookings import Narrow, Shift

PAGE: Final = 50
STANDING: Final = AHEAD | {State.CHECKED_IN}
OVER: Final = TOOK_PLACE | DID_NOT_TAKE_PLACE
COMING: Final = (State.CONFIRMED, State.CHECKED_IN)
AGREED: Final = (STANDING | TOOK_PLACE) - {State.REQUESTED}
SHOWN: Final = {
    "waiting": tuple(gate.WAITS),
    "booked": COMING,
    "past": tuple(OVER),
}
"""How a coordinator looks at shifts, and the states of each."""
ROLE_OF_PART: Final = {Role.UNIT_MANAGER: By.UNIT, Role.COORDINATOR: By.COORDINATOR}


@dataclass(frozen=True, slots=True)
class Line:
    """One shift in a list, as one person may see it.

    Attributes:
        face: Its state as they may know it; see :class:`looking.View`.
        record: Kept, late and open promises of the observer, for the host who is asked (B1).
    """

    shift: Shift
    face: str
    part: By
    observer: Seen
    host: Seen
    unit_name: str
    zone: str
    record: commitments.PromiseRecord | None

    @property
    def other(self) -> Seen:
        """The other person, seen from one of the two; for everybody else the visitor."""
        return self.host if self.part is By.OBSERVER else self.observer


@dataclass(frozen=True, slots=True)
class Past:
    """One page of what is over, the latest first; ``total`` counts all pages.

    Attributes:
        page: From 1; the last one where more was asked for than there is.
    """

    lines: tuple[Line, ...]
    total: int
    page: int


@dataclass(frozen=True, slots=True)
class Load:
    """What a host has agreed to, against how many a month they allow (A4)."""

    most: int
    days: tuple[date, ...]

    def in_month(self, day: date) -> int:
        """Count what is agreed in the calendar month of *day*."""
        return sum((each.year, each.month) == (day.year, day.month) for each in self.days)


def mine(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List a person's latest shifts, as observer and as host, the latest first."""
    with work.read() as tx:
        return _lines(tx, _own(tx, actor, frozenset(State)), actor)


def ahead(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List what a person has before them, as observer and as host, soonest first."""
    with work.read() as tx:
        return _lines(tx, reversed(_own(tx, actor, STANDING)), actor)


def past(work: Work, actor: Actor, *, page: int) -> Past:
    """List one page (from 1) of what is over for a person, as observer and as host."""
    with work.read() as tx:
        return _past(tx, actor, page=page, part="")


def hosted(work: Work, actor: Actor, *, page: int) -> Past:
    """List one page (from 1) of what is over for a person as host."""
    with work.read() as tx:
        return _past(tx, actor, page=page, part=By.HOST)


def _past(tx: Tx, actor: Actor, *, page: int, part: str) -> Past:
    me = actor.person_id
    total = bookings.count_of_person(tx.db, person_id=me, states=OVER, part=part)
    page = max(1, min(page, -(-total // PAGE)))
    found = bookings.of_person(
        tx.db, person_id=me, states=OVER, part=part, limit=PAGE, offset=PAGE * (page - 1)
    )
    return Past(_lines(tx, found, actor), total, page)


def _own(tx: Tx, actor: Actor, states: Collection[State], *, part: str = "") -> tuple[Shift, ...]:
    return bookings.of_person(tx.db, person_id=actor.person_id, states=states, part=part)


def waiting(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List what waits for this person's word, in the role they act in, soonest first.

    A host: requests to them. A unit manager: what waits for a unit they lead. A coordinator: all
    of their program that waits for anybody.
    """
    with work.read() as tx:
        if actor.role is Role.HOST and may(actor, Action.SHIFT_ACCEPT, Relation.HOST):
            asked = _own(tx, actor, {State.REQUESTED}, part=By.HOST)
            return _lines(tx, reversed(asked), actor)
        if actor.role is Role.UNIT_MANAGER:
            return _lines(tx, _on_units(tx, actor, (State.HOST_ACCEPTED,)), actor)
        if actor.role is Role.COORDINATOR:
            return _lines(tx, _in_program(tx, actor, tuple(gate.WAITS)), actor)
        return ()


def coming(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List who comes, soonest first: to a host, to a manager's units, or in a program."""
    with work.read() as tx:
        if actor.role is Role.UNIT_MANAGER:
            return _lines(tx, _on_units(tx, actor, gate.ON_THE_UNIT), actor)
        if actor.role is Role.COORDINATOR:
            return _lines(tx, _in_program(tx, actor, COMING), actor)
        agreed = _own(tx, actor, STANDING - {State.REQUESTED}, part=By.HOST)
        return _lines(tx, reversed(agreed), actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which shifts of a program somebody looks for; what is empty narrows nothing.

    Attributes:
        show: ``waiting``, ``booked`` or ``past``.
        name: Part of the name of the visitor or the host.
        week: Any day of the week wanted.
    """

    show: str
    unit_id: UUID | None = None
    name: str = ""
    week: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class InProgram:
    """One page of a program's shifts, how many there are of each kind, and the units there are."""

    found: Past
    counts: Mapping[str, int]
    units: tuple[tuple[UUID, str], ...]


def in_program(work: Work, actor: Actor, wanted: Wanted) -> InProgram:
    """List a program's shifts, narrowed and page by page, for its coordinator.

    Raises:
        NotAllowed: *actor* coordinates no program.
    """
    authorise(actor, Action.SHIFT_SEE, Relation.PROGRAM)
    with work.read() as tx:
        own = people.program_of(tx.db, organization_id=actor.organization_id)
        if own.organization_id != actor.organization_id:
            return InProgram(Past((), 0, 1), dict.fromkeys(SHOWN, 0), ())
        narrow = {show: _narrow(wanted, show) for show in SHOWN}
        counts = {
            show: bookings.count_narrowed(tx.db, each, program_id=own.id)
            for show, each in narrow.items()
        }
        total = counts[wanted.show]
        page = max(1, min(wanted.page, -(-total // PAGE)))
        found = bookings.narrowed(
            tx.db,
            narrow[wanted.show],
            program_id=own.id,
            limit=PAGE,
            offset=PAGE * (page - 1),
        )
        lines = units.of_organization(tx.db, organization_id=own.organization_id, now=tx.now)
        places = tuple((line.id, line.name) for line in lines)
        return InProgram(Past(_lines(tx, found, actor), total, page), counts, places)


def _narrow(wanted: Wanted, show: str) -> Narrow:
    first = wanted.week - timedelta(days=wanted.week.weekday()) if wanted.week else None
    return Narrow(
        states=SHOWN[show],
        unit_id=wanted.unit_id,
        name=wanted.name,
        first=first,
        last=first + timedelta(days=6) if first else None,
        latest_first=show == "past",
    )


def load(work: Work, actor: Actor) -> Load:
    """Say what a host has agreed to, against their limit of a month."""
    with work.read() as tx:
        person = people.find(tx.db, person_id=actor.person_id)
        own = limits(
            programs.rules_for(
                tx.db, organization_id=person.organization_id, known=reference.load()
            ),
            max_per_month=person.max_per_month,
            cool_down_days=person.cool_down_days,
        )
        return Load(
            most=own.max_per_month,
            days=tuple(shift.local_date for shift in _own(tx, actor, AGREED, part=By.HOST)),
        )


def _on_units(tx: Tx, actor: Actor, states: tuple[State, ...]) -> tuple[Shift, ...]:
    ids = [unit.id for unit in people.units_of_manager(tx.db, person_id=actor.person_id)]
    return bookings.of_units(tx.db, unit_ids=ids, states=states, since=tx.now)


def _in_program(tx: Tx, actor: Actor, states: tuple[State, ...]) -> tuple[Shift, ...]:
    program = people.program_of(tx.db, organization_id=actor.organization_id)
    if program.organization_id != actor.organization_id:
        return ()
    return bookings.of_program(tx.db, program_id=program.id, states=states, since=tx.now)


def _lines(tx: Tx, found: Iterable[Shift], actor: Actor) -> tuple[Line, ...]:
    shifts = tuple(found)
    ids = {person_id for shift in shifts for person_id in (shift.observer_id, shift.host_id)}
    known = people.find_many(tx.db, ids=ids)
    places = people.units(tx.db, ids=[shift.unit_id for shift in shifts if shift.unit_id])
    zones = people.zones(tx.db)
    records = commitments.promise_records(
        tx.db,
        owner_ids={shift.observer_id for shift in shifts},
        on=tx.now.date(),
    )
    lines = []
    for shift in shifts:
        part = _part(shift, actor)
        if not may(actor, Action.SHIFT_SEE, relation(shift, part)):
            continue
        unit = places.get(shift.unit_id) if shift.unit_id else None
        lines.append(
            Line(
                shift=seeing.as_told(shift, actor, part=part),
                face=seeing.face(shift, part=part),
                part=part,
                observer=seeing.seen_person(known[shift.observer_id], side="a"),
                host=seeing.seen_host(shift, known[shift.host_id], part=part),
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
    return ROLE_OF_PART.get(actor.role, By.COORDINATOR)
