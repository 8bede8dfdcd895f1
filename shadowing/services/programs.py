"""Programs and their cycles: what they are set to, within what their organization has.

Source: docs/rules.md, introduction ("a program may be stricter, never looser") and section 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.adapters.plain_text import one_line
from shadowing.domain.errors import BadValue, NotFound, Refusal
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.domain.programs import Rules, checked
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, people, programs
from shadowing.store.journal import Entry
from shadowing.store.people import Cycle, Program
from shadowing.store.programs import Line

LONGEST_NAME: Final = 120
LONGEST_LABEL: Final = 80
LONGEST_PURPOSE: Final = 200
TEMPLATES: Final = ("T1", "T2", "T3", "T4", "T5")


class CyclesMeet(Refusal):
    """Two cycles of one program share days. Facts: ``label`` of the other."""

    code = "cycles_meet"
    field = "starts_on"


class CycleBackwards(Refusal):
    """A cycle ends before it begins."""

    code = "cycle_backwards"
    field = "ends_on"


@dataclass(frozen=True, slots=True)
class Seen:
    """One program as its coordinator sees it."""

    program: Program
    rules: Rules
    cycles: tuple[Cycle, ...]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a program is called, and how it is set; nothing leaves a setting to the organization."""

    name: str
    default_template: str
    final_check: bool
    purpose: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A cycle as it shall be; both days are part of it."""

    label: str
    starts_on: date
    ends_on: date


def mine(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List the programs of a coordinator's organization.

    Raises:
        NotAllowed: *actor* coordinates none.
    """
    authorise(actor, Action.PROGRAM_SEE, Relation.PROGRAM)
    with work.read() as tx:
        return programs.of_organization(
            tx.db, organization_id=actor.organization_id, on=tx.now.date()
        )


def show(work: Work, actor: Actor, *, program_id: UUID) -> Seen:
    """Read one program.

    Raises:
        NotFound: There is none, or it is of another organization.
    """
    authorise(actor, Action.PROGRAM_SEE, Relation.PROGRAM)
    with work.read() as tx:
        return Seen(
            program=_own(tx, actor, program_id),
            rules=programs.rules(tx.db, program_id=program_id, known=reference.load()),
            cycles=programs.cycles(tx.db, program_id=program_id),
            today=tx.now.date(),
        )


def _own(tx: Tx, actor: Actor, program_id: UUID) -> Program:
    lines = programs.of_organization(tx.db, organization_id=actor.organization_id, on=tx.now.date())
    if program_id not in {line.id for line in lines}:
        raise NotFound(program_id=program_id)
    return people.program(tx.db, program_id=program_id)


@repeated
def change(work: Work, actor: Actor, wanted: Wanted, *, program_id: UUID) -> None:
    """Set a program; what is stricter holds for what is asked for from now on.

    Raises:
        NotFound: There is no such program, or it is of another organization.
        BadValue: The name or the template cannot be.
        Looser, OutOfLimits: A setting is looser than the organization's, or beyond all limits.
    """
    authorise(actor, Action.PROGRAM_CHANGE, Relation.PROGRAM)
    name = _line(wanted.name, field="name", most=LONGEST_NAME)
    if wanted.default_template not in TEMPLATES:
        raise BadValue(field="default_template", problem="unknown_choice")
    purpose = one_line(wanted.purpose)
    if len(purpose) > LONGEST_PURPOSE:
        raise BadValue(field="purpose", problem="too_long")
    with work.write() as tx:
        _own(tx, actor, program_id)
        rules = programs.rules(tx.db, program_id=program_id, known=reference.load())
        kept = checked(rules, wanted.settings)
        programs.change(
            tx.db,
            program_id=program_id,
            name=name,
            default_template=wanted.default_template,
            final_check=wanted.final_check,
            purpose=purpose,
            settings=dict(kept),
        )
        names = {**rules.own, **kept}
        changed = [each for each in names if rules.own.get(each) != kept.get(each)]
        _record(tx, actor, program_id, event="program.changed", code=",".join(changed)[:60])


@repeated
def set_cycle(
    work: Work, actor: Actor, run: Run, *, program_id: UUID, cycle_id: UUID | None = None
) -> None:
    """Add a cycle to a program, or give one that is there other dates.

    Raises:
        NotFound: There is no such program or cycle, or it is of another organization.
        BadValue: It has no name, or one too long.
        CycleBackwards, CyclesMeet: About its days.
    """
    authorise(actor, Action.PROGRAM_CHANGE, Relation.PROGRAM)
    label = _line(run.label, field="label", most=LONGEST_LABEL)
    if run.ends_on < run.starts_on:
        raise CycleBackwards
    with work.write() as tx:
        _own(tx, actor, program_id)
        known = programs.cycles(tx.db, program_id=program_id)
        others = [each for each in known if each.id != cycle_id]
        if cycle_id is not None and len(others) == len(known):
            raise NotFound(cycle_id=cycle_id)
        for other in others:
            if other.starts_on <= run.ends_on and run.starts_on <= other.ends_on:
                raise CyclesMeet(label=other.label)
        values = {"label": label, "starts_on": run.starts_on, "ends_on": run.ends_on}
        if cycle_id is None:
            made = {**values, "state": "open"}
            programs.add_cycle(tx.db, program_id=program_id, values=made)
        else:
            programs.change_cycle(tx.db, cycle_id=cycle_id, values=values)
        _record(tx, actor, program_id, event="program.cycle")


def _line(text: str, *, field: str, most: int) -> str:
    line = one_line(text)
    if not line or len(line) > most:
        raise BadValue(field=field, problem="out_of_range", least=1, most=most)
    return line


def _record(tx: Tx, actor: Actor, program_id: UUID, *, event: str, code: str = "") -> None:
    entry = Entry(
        event=event,
        subject="program",
        subject_id=program_id,
        person_id=actor.person_id,
        acting_as="coordinator",
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)
