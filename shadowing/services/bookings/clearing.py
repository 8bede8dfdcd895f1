"""Clearance of one observer for one visit, from what is on record (C1 to C5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.clearance import dossier, rules
from shadowing.domain.clearance.dossier import NEW, About, Dossier
from shadowing.domain.clearance.evidence import UP_TO_CHECK_IN, Due, Missing, Visit
from shadowing.domain.clearance.rulebook import book
from shadowing.domain.interval import Interval
from shadowing.domain.people import PersonKind, external
from shadowing.domain.programs import Rules
from shadowing.domain.reference.tables import Reference
from shadowing.services.work import Tx
from shadowing.store import people, programs
from shadowing.store.bookings import Shift
from shadowing.store.clearance import dossiers
from shadowing.store.people import Person, Unit
from shadowing.store.slots import Offer

DEADLINE: Final = "clearance_deadline_hours"


@dataclass(frozen=True, slots=True)
class Record:
    """All that is on record about a person's clearance, and the cycles it counts in.

    Attributes:
        answered: What was missing for visits asked about before: many slots are one kind of visit.
    """

    person: Person
    dossier: Dossier
    on: datetime
    answered: dict[tuple[Visit, date], tuple[Missing, ...]] = field(
        default_factory=dict, compare=False
    )


def record(tx: Tx, person: Person) -> Record:
    """Read what is on record about *person*."""
    return Record(person=person, dossier=dossiers.read(tx.db, person), on=tx.now)


def of_shift(tx: Tx, shift: Shift) -> tuple[Missing, ...]:
    """List all that is not met for a shift, up to check-in, whatever it does."""
    if shift.unit_id is None:
        return ()
    observer = people.find(tx.db, person_id=shift.observer_id)
    unit = people.find_unit(tx.db, unit_id=shift.unit_id)
    return missing(record(tx, observer), unit=unit, span=shift.interval, about=booked(shift))


def missing(
    known: Record, *, unit: Unit, span: Interval, about: About = NEW
) -> tuple[Missing, ...]:
    """List all that is not met through the end of a visit, up to check-in, whatever it does."""
    wanted = visit(known, unit=unit, span=span, about=about)
    on = today(known, unit)
    if (wanted, on) not in known.answered:
        known.answered[wanted, on] = rules.missing(
            rulebook(known, wanted, on=on),
            known.dossier.evidence,
            wanted,
            on=on,
            due=UP_TO_CHECK_IN,
        )
    return known.answered[wanted, on]


def before_the_day(lacks: tuple[Missing, ...]) -> tuple[Missing, ...]:
    """Leave out what is only asked for on the day itself."""
    return tuple(each for each in lacks if each.due is not Due.AT_CHECK_IN)


def gaps(known: Record, *, unit: Unit, span: Interval, about: About = NEW) -> tuple[Missing, ...]:
    """List what holds back confirmation; nothing means cleared (C1, C5)."""
    return rules.holding_back(missing(known, unit=unit, span=span, about=about))


def to_tick(lacks: tuple[Missing, ...]) -> tuple[Missing, ...]:
    """Pick what holds back and is done by ticking its words while booking (C7)."""
    return tuple(each for each in rules.holding_back(lacks) if each.by == TICKED_BY)


def to_do_first(lacks: tuple[Missing, ...]) -> tuple[Missing, ...]:
    """Pick what holds back and needs more than a tick on the way."""
    return tuple(each for each in rules.holding_back(lacks) if each.by != TICKED_BY)


TICKED_BY: Final = "observer"


def deadline(starts_at: datetime, *, booked_at: datetime, settings: Rules) -> datetime:
    """Say until when clearance can be completed (C5)."""
    return rules.deadline(starts_at, booked_at=booked_at, hours=settings.number(DEADLINE))


def release_at(tx: Tx, shift: Shift) -> datetime:
    """Say when a shift is released that is not cleared (C5)."""
    settings = programs.rules(tx.db, program_id=shift.program_id, known=reference.load())
    return deadline(shift.starts_at, booked_at=shift.requested_at, settings=settings)


def outside(person: Person, unit: Unit) -> bool:
    """Say whether the person comes from outside, seen from the unit (C3)."""
    return external(
        PersonKind(person.kind),
        person_org=person.organization_id,
        unit_org=unit.organization_id,
    )


def visit(known: Record, *, unit: Unit, span: Interval, about: About = NEW) -> Visit:
    """Describe a visit as far as clearance asks; its days are those of the site (A5)."""
    return dossier.visit(known.dossier, reference.load(), unit, span, about=about)


def rulebook(known: Record, wanted: Visit, *, on: date) -> Reference:
    """Give the tables with what organizations made their own, as they hold for a visit (C9)."""
    return book(reference.load(), known.dossier.own, wanted, on=on)


def today(known: Record, unit: Unit) -> date:
    """Give the local day at the unit."""
    return known.on.astimezone(ZoneInfo(unit.zone)).date()


def booked(shift: Shift) -> About:
    """Describe a shift that exists, as far as clearance asks."""
    return About(
        kind=shift.kind,
        sensitivity=shift.sensitivity,
        band=shift.band,
        shift=str(shift.id),
        program=str(shift.program_id),
        agreed_at=shift.requested_at,
    )


def offered(offer: Offer) -> About:
    """Describe a slot, as far as clearance asks."""
    return About(kind=offer.kind, sensitivity=offer.sensitivity, band=offer.band)
