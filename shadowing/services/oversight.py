"""What those who look after a program, its units or its people see first: counts, and what is open.

Every figure is counted from what is stored; who may see which is section 8.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.errors import NotAllowed
from shadowing.domain.policy import Action, Actor, Relation, authorise, may
from shadowing.services.work import Tx, Work
from shadowing.store import home, operations, oversight, participation, people
from shadowing.store import units as units_store
from shadowing.store.home import Loops
from shadowing.store.oversight import Ending, Open
from shadowing.store.participation import Wanted

A_DAY: Final = timedelta(days=1)
WAIVERS_SOON: Final = timedelta(days=14)
AGREEMENTS_SOON: Final = timedelta(days=90)
MOST_UNLED: Final = 20
NONE_YET: Final = Loops(0, 0)


@dataclass(frozen=True, slots=True)
class Unled:
    """A unit that nobody leads; its deputy stands in, where it has one."""

    unit_id: UUID
    name: str
    deputy: bool


@dataclass(frozen=True, slots=True)
class Program:
    """The start page of a coordinator."""

    name: str
    open: tuple[Open, ...]
    late_promises: int
    loops: Loops
    endings: tuple[Ending, ...]
    unled: tuple[Unled, ...]


@dataclass(frozen=True, slots=True)
class Participation:
    """The start page of HR: counts, and no name."""

    records: int
    people: int
    minutes: int
    loops: Loops


@dataclass(frozen=True, slots=True)
class System:
    """How letters fare: given up, tried in vain so far; and when the worker last ran."""

    failed: int
    stuck: int
    ran_at: datetime | None


def units(work: Work, actor: Actor) -> Loops:
    """Count the promises made to the units that a manager leads."""
    if not may(actor, Action.COMMITMENT_SEE, Relation.UNIT):
        raise NotAllowed(action=Action.COMMITMENT_SEE)
    with work.read() as tx:
        return home.loops(tx.db, of="manager", key=actor.person_id)


def program(work: Work, actor: Actor) -> Program:
    """Read the start page of a coordinator: what needs a hand, the most pressing first."""
    authorise(actor, Action.SHIFT_SEE, Relation.PROGRAM)
    with work.read() as tx:
        own = people.program_of(tx.db, organization_id=actor.organization_id)
        if own.organization_id != actor.organization_id:
            raise NotAllowed(action=Action.SHIFT_SEE)
        return Program(
            name=own.name,
            open=oversight.open_in_program(tx.db, program_id=own.id, now=tx.now, soon=A_DAY),
            late_promises=oversight.late_in_program(tx.db, program_id=own.id, on=tx.now.date()),
            loops=home.loops(tx.db, of="program", key=own.id),
            endings=oversight.endings(
                tx.db,
                organization_id=own.organization_id,
                on=tx.now.date(),
                waivers=WAIVERS_SOON,
                agreements=AGREEMENTS_SOON,
            ),
            unled=_unled(tx, own.organization_id),
        )


def _unled(tx: Tx, organization_id: UUID) -> tuple[Unled, ...]:
    found = units_store.without_lead(tx.db, organization_id=organization_id, limit=MOST_UNLED)
    return tuple(Unled(*row) for row in found)


def taken_part(work: Work, actor: Actor) -> Participation:
    """Count who took part, for HR.

    Source: docs/rules.md, rules H1 and P11 (counts of operation are exempt), section 8.1.
    """
    authorise(actor, Action.PARTICIPATION_SEE, Relation.ORGANIZATION)
    with work.read() as tx:
        own = people.program_of(tx.db, organization_id=actor.organization_id)
        wanted = Wanted(organization_id=actor.organization_id)
        is_own = own.organization_id == actor.organization_id
        records, persons, minutes = participation.totals(tx.db, wanted)
        return Participation(
            records=records,
            people=persons,
            minutes=minutes,
            loops=home.loops(tx.db, of="program", key=own.id) if is_own else NONE_YET,
        )


def system(work: Work, actor: Actor) -> System:
    """Read what a system administrator looks after, beside the checks of readiness."""
    authorise(actor, Action.OPERATIONS_SEE, Relation.ORGANIZATION)
    with work.read() as tx:
        failed, stuck = operations.letters_in_trouble(tx.db)
        runs = operations.runs(tx.db)
        return System(failed, stuck, runs[0].ran_at if runs else None)
