"""What is known of people's clearance: what is on record, what is asked, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.clearance import dossier, rules
from shadowing.domain.clearance.credentials import Held
from shadowing.domain.clearance.dossier import About, Dossier
from shadowing.domain.clearance.evidence import BEFORE_THE_DAY, Due, Missing, Visit
from shadowing.domain.clearance.rulebook import book
from shadowing.domain.interval import Interval
from shadowing.domain.reference.requirements import Requirement
from shadowing.services.work import Tx
from shadowing.store import people, programs
from shadowing.store.bookings import Shift
from shadowing.store.clearance import credentials, dossiers
from shadowing.store.people import Person, Unit

A_VISIT: Final = timedelta(hours=1)
FOR_ONE_SHIFT: Final = frozenset({"shift", "day"})
BOOKED: Final = AHEAD - {State.REQUESTED, State.HOST_ACCEPTED}


@dataclass(frozen=True, slots=True)
class Known:
    """One person, all that is on record, and the day it is where they work.

    Attributes:
        owner: Organization of the program that they shadow in.
        units: Where they may go.
    """

    person: Person
    held: tuple[Held, ...]
    dossier: Dossier
    owner: UUID
    units: tuple[Unit, ...]
    now: datetime
    today: date

    def of(self, code: str) -> Held | None:
        """Give what is on record for a requirement, ticks for single shifts left out."""
        found = (one for one in self.held if one.requirement == code and one.shift_id is None)
        return next(found, None)

    @property
    def home(self) -> Visit:
        """A day at the program's own organization: how long things count in general."""
        return dossier.at_home(self.dossier, owner=str(self.owner), today=self.today)

    def at(self, unit: Unit) -> Visit:
        """Describe a visit of today to a unit, with nothing booked."""
        span = Interval(self.now, self.now + A_VISIT)
        return dossier.visit(self.dossier, reference.load(), unit, span)

    def on(self, shift: Shift, unit: Unit) -> Visit:
        """Describe a shift that is booked."""
        about = About(
            kind=shift.kind,
            sensitivity=shift.sensitivity,
            band=shift.band,
            shift=str(shift.id),
            program=str(shift.program_id),
            agreed_at=shift.requested_at,
        )
        return dossier.visit(self.dossier, reference.load(), unit, shift.interval, about=about)

    def asked(self, wanted: Visit) -> tuple[Requirement, ...]:
        """List what applies to a visit before the day itself."""
        known = book(reference.load(), self.dossier.own, wanted, on=self.today)
        return tuple(
            each
            for each in rules.required(known, wanted)
            if Due(each.due) in BEFORE_THE_DAY and not _for_one_shift(each, wanted)
        )

    def missing(self, wanted: Visit) -> tuple[Missing, ...]:
        """List what is not met through the end of a visit, without what is ticked on the day."""
        known = book(reference.load(), self.dossier.own, wanted, on=self.today)
        own = {each.code for each in self.asked(wanted)}
        found = rules.missing(known, self.dossier.evidence, wanted, on=self.today)
        return tuple(lack for lack in found if lack.code in own)


def _for_one_shift(each: Requirement, wanted: Visit) -> bool:
    rule = each.validity_external if wanted.external else each.validity
    return rule.kind in FOR_ONE_SHIFT


def know(tx: Tx, person: Person) -> Known:
    """Read all that is known of one person's clearance."""
    return know_many(tx, (person,))[person.id]


def know_many(tx: Tx, wanted: Iterable[Person]) -> Mapping[UUID, Known]:
    """Read the same for several people, in a constant number of statements."""
    every = tuple(wanted)
    held = credentials.of_people(tx.db, ids=[person.id for person in every])
    made = dossiers.made(tx.db, every, held)
    owners = programs.owners(tx.db)
    units = people.every_unit(tx.db)
    zones = people.home_zones(tx.db)
    found = {}
    for person in every:
        own = made[person.id]
        zone = zones.get(person.organization_id, "UTC")
        owner = owners.get(UUID(own.program)) if own.program else None
        owner = owner or person.organization_id
        found[person.id] = Known(
            person=person,
            held=held.get(person.id, ()),
            dossier=own,
            owner=owner,
            units=tuple(unit for unit in units if _may_go(own, owner, unit)),
            now=tx.now,
            today=tx.now.astimezone(ZoneInfo(zone)).date(),
        )
    return found


def _may_go(own: Dossier, owner: UUID, unit: Unit) -> bool:
    """Say whether a unit is the program's, the person's own, or a partner's with an agreement."""
    there = str(unit.organization_id)
    if there in {str(owner), own.organization}:
        return True
    return any({there, str(owner)} <= each.organizations for each in own.agreements)
