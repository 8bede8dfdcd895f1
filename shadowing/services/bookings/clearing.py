"""Clearance of one observer for one visit, from what is on record (C1 to C5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.clearance import rules
from shadowing.domain.clearance.evidence import Evidence, Missing, State, Visit
from shadowing.domain.interval import Interval
from shadowing.domain.people import PersonKind, external
from shadowing.services.work import Tx
from shadowing.store import people
from shadowing.store.people import Cycle, Person, Unit

DEADLINE_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Record:
    """All that is on record about a person's clearance, and the cycles it counts in.

    Attributes:
        answered: What was missing for visits asked about before: many slots are one kind of visit.
    """

    person: Person
    evidence: tuple[Evidence, ...]
    cycles: tuple[Cycle, ...]
    on: datetime
    answered: dict[tuple[Visit, date], tuple[Missing, ...]] = field(
        default_factory=dict, compare=False
    )


def record(tx: Tx, person: Person) -> Record:
    """Read what is on record about *person*."""
    return Record(
        person=person,
        evidence=tuple(
            Evidence(
                requirement=held.requirement,
                state=State(held.state),
                done_on=held.done_on,
                valid_to=held.valid_to,
                waived_until=held.waived_until,
            )
            for held in people.credentials(tx.db, person_id=person.id)
        ),
        cycles=people.cycles(tx.db),
        on=tx.now,
    )


def missing(known: Record, *, unit: Unit, span: Interval) -> tuple[Missing, ...]:
    """List all that is not met through the end of a visit, whatever it does."""
    wanted = visit(known, unit=unit, span=span)
    on = known.on.astimezone(ZoneInfo(unit.zone)).date()
    if (wanted, on) not in known.answered:
        found = rules.missing(reference.load(), known.evidence, wanted, on=on)
        known.answered[wanted, on] = found
    return known.answered[wanted, on]


def gaps(known: Record, *, unit: Unit, span: Interval) -> tuple[Missing, ...]:
    """List what holds back confirmation; nothing means cleared (C1, C5)."""
    return rules.holding_back(missing(known, unit=unit, span=span))


def deadline(starts_at: datetime, *, booked_at: datetime) -> datetime:
    """Say until when clearance can be completed (C5)."""
    return rules.deadline(starts_at, booked_at=booked_at, hours=DEADLINE_HOURS)


def outside(person: Person, unit: Unit) -> bool:
    """Say whether the person comes from outside, seen from the unit (C3)."""
    return external(
        PersonKind(person.kind),
        person_org=person.organization_id,
        unit_org=unit.organization_id,
    )


def visit(known: Record, *, unit: Unit, span: Interval) -> Visit:
    """Describe a visit as far as clearance asks; its days are those of the site (A5)."""
    kind = reference.load().unit_kinds[unit.kind]
    zone = ZoneInfo(unit.zone)
    starts_on, ends_on = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
    return Visit(
        starts_on=starts_on,
        ends_on=ends_on,
        external=outside(known.person, unit),
        unit_kind=unit.kind,
        patient_area=kind.patient_area,
        children=kind.children,
        airborne_rooms=kind.airborne_rooms,
        rules=(*kind.rules, *(code for code in unit.own_rules if code not in kind.rules)),
        cycle=_cycle_on(known.cycles, starts_on),
    )


def _cycle_on(cycles: Iterable[Cycle], day: date) -> tuple[date, date] | None:
    for cycle in cycles:
        if cycle.starts_on <= day <= cycle.ends_on:
            return (cycle.starts_on, cycle.ends_on)
    return None
