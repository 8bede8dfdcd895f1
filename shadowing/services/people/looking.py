"""The roster as each role may read it: a list, and one person.

What is read of another person's detail is on record (P16). HR reads what kind of host somebody met
and never whom; system administrators read who has which access and nothing of any shift.

Source: docs/rules.md, section 8.1; rules P1 and P16.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.domain.bookings.states import TOOK_PLACE, State
from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, authorise, may
from shadowing.domain.roster import KEPT_BY_SYSTEM
from shadowing.services.work import Tx, Work
from shadowing.store import counted, directory, journal, people
from shadowing.store.directory import Line
from shadowing.store.directory import Wanted as Filters
from shadowing.store.journal import Entry
from shadowing.store.people import Person

Row: TypeAlias = Line
Wanted: TypeAlias = Filters
PAGE: Final = 50
SHIFTS: Final = 10
Choice = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of people."""

    rows: tuple[Line, ...]
    total: int
    units: tuple[Choice, ...]
    changes: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """One shift in somebody's history.

    Attributes:
        with_whom: The other one's name, or what kind of host it was where no name may be read.
        state: Empty for whoever may not read how it stands.
    """

    id: UUID
    starts_at: datetime
    ends_at: datetime
    zone: str
    as_host: bool
    with_whom: str
    host_role: str
    unit: str
    state: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One person, as far as whoever asks may read.

    Attributes:
        visits: One page of the history; nothing for system administrators and partners.
        counted: Late cancels and absences of the cycle; ``None`` for whoever may not know.
        opens: Shifts may be opened from here.
    """

    person: Person
    manager: str
    unit: str
    leads: tuple[str, ...]
    visits: tuple[Visit, ...]
    visits_in_all: int
    counted: int | None
    ahead: int
    changes: bool
    kept_by_system: bool
    history: bool
    opens: bool


def relation_of(actor: Actor) -> Relation:
    """Say in which relation somebody stands to the roster: by the role they act in."""
    return Relation.PROGRAM if actor.role is Role.COORDINATOR else Relation.ORGANIZATION


def check(actor: Actor, action: Action) -> None:
    """Refuse whoever does not act in a role that has this.

    Raises:
        NotAllowed: They do not.
    """
    authorise(actor, action, relation_of(actor))


def theirs(tx: Tx, actor: Actor, person_id: UUID) -> Person:
    """Read a person of the own organization.

    Raises:
        NotFound: There is nobody there by that id.
    """
    found = people.find(tx.db, person_id=person_id)
    if found.organization_id != actor.organization_id:
        raise NotFound(person_id=person_id)
    return found


def listed(work: Work, actor: Actor, wanted: Wanted, *, number: int) -> Listing:
    """List one page of the people of one's organization.

    Raises:
        NotAllowed: *actor* keeps no roster.
    """
    check(actor, Action.PERSON_SEE)
    own = actor.organization_id
    with work.read() as tx:
        first = PAGE * (number - 1)
        total, rows = directory.listed(tx.db, wanted, organization_id=own, first=first, most=PAGE)
        units = directory.unit_names(tx.db, organization_id=own)
    return Listing(rows, total, units, may(actor, Action.PERSON_CHANGE, relation_of(actor)))


def one(work: Work, actor: Actor, *, person_id: UUID, number: int = 1) -> Seen:
    """Read one person; that it was read is on record (P16).

    Raises:
        NotFound: There is nobody by that id in their organization.
    """
    check(actor, Action.PERSON_SEE)
    with work.write() as tx:
        person = theirs(tx, actor, person_id)
        history = actor.role in {Role.COORDINATOR, Role.HR}
        total, visits = _visits(tx, actor, person, number=number) if history else (0, ())
        changes = may(actor, Action.PERSON_CHANGE, relation_of(actor))
        by_system = bool(KEPT_BY_SYSTEM & person.roles) and actor.role is not Role.SYSADMIN
        _note(tx, actor, person)
        return Seen(
            person=person,
            manager=_name(tx, person.manager_id),
            unit=_unit(tx, person.host_unit_id),
            leads=directory.leads(tx.db, person_id=person.id),
            visits=visits,
            visits_in_all=total,
            counted=_counted(tx, person) if actor.role is Role.COORDINATOR else None,
            ahead=directory.count_ahead(tx.db, person_id=person.id) if changes else 0,
            changes=changes and not by_system,
            kept_by_system=changes and by_system,
            history=history,
            opens=actor.role is Role.COORDINATOR,
        )


def _visits(tx: Tx, actor: Actor, person: Person, *, number: int) -> tuple[int, tuple[Visit, ...]]:
    names = actor.role is Role.COORDINATOR
    total, found = directory.history(
        tx.db,
        person_id=person.id,
        states=tuple(State) if names else tuple(TOOK_PLACE),
        first=SHIFTS * (number - 1),
        most=SHIFTS,
    )
    visits = []
    for each in found:
        as_host = each.observer_id != person.id
        visits.append(
            Visit(
                id=each.id,
                starts_at=each.starts_at,
                ends_at=each.ends_at,
                zone=each.zone,
                as_host=as_host,
                with_whom=(each.observer if as_host else each.host) if names else "",
                host_role=each.host_role,
                unit=each.unit or "",
                state=str(each.state) if names else "",
            )
        )
    return total, tuple(visits)


def _counted(tx: Tx, person: Person) -> int | None:
    """Count late cancels and absences of a visitor in the cycle that runs (B10, D3)."""
    if Role.OBSERVER not in person.roles:
        return None
    program = people.program_of(tx.db, organization_id=person.organization_id)
    zone = people.home(tx.db, person_id=person.id)[1]
    today = tx.now.astimezone(ZoneInfo(zone)).date()
    for cycle in people.cycles(tx.db):
        if cycle.program_id == program.id and cycle.starts_on <= today <= cycle.ends_on:
            return counted.number(
                tx.db, observer_id=person.id, first=cycle.starts_on, last=cycle.ends_on
            )
    return 0


def _name(tx: Tx, person_id: UUID | None) -> str:
    return people.find(tx.db, person_id=person_id).full_name if person_id else ""


def _unit(tx: Tx, unit_id: UUID | None) -> str:
    return people.find_unit(tx.db, unit_id=unit_id).name if unit_id else ""


def _note(tx: Tx, actor: Actor, person: Person) -> None:
    if person.id != actor.person_id:
        entry = Entry("person.read", "person", person.id, actor.person_id, actor.role)
        journal.record(tx.db, entry, at=tx.now)
