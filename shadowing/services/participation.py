"""Who took part, when, for how long, where and beside what kind of role; never what was said.

Source: docs/rules.md, rules H1, P16 and section 8.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.adapters.documents import table
from shadowing.domain.participation import (
    BadFilter,
    Part,
    ParticipationFilter,
    Record,
    counts_as_shift,
    minutes_between,
    read_filter,
)
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.services.work import Tx, Work
from shadowing.store import journal, participation, people
from shadowing.store.journal import Entry
from shadowing.store.participation import Row, Wanted
from shadowing.store.people import Cycle

PAGE: Final = 50
MOST_EXPORTED: Final = 200_000
HEADS: Final = (
    "Name",
    "Part",
    "Date",
    "Minutes",
    "Counts as a shift",
    "Unit",
    "Host role",
    "Job family",
    "Band",
    "Cycle",
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by: (value, words) each."""

    cycles: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, str], ...]
    families: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, and what all of it adds up to."""

    records: tuple[Record, ...]
    total: int
    people: int
    minutes: int
    number: int
    wanted: ParticipationFilter
    choices: Choices


def show(work: Work, actor: Actor, *, raw: Mapping[str, str], number: int) -> Page:
    """Read page *number* (from 1) of the records that *raw* asks for.

    Raises:
        NotAllowed: The person is not HR.
        BadFilter: With the field and the problem.
    """
    authorise(actor, Action.PARTICIPATION_SEE, Relation.ORGANIZATION)
    with work.write() as tx:
        wanted, asked = _wanted(tx, actor, raw)
        total, persons, minutes = participation.totals(tx.db, asked)
        rows = participation.find(tx.db, asked, limit=PAGE, offset=PAGE * (number - 1))
        _note(tx, actor, event="participation.read")
        return Page(
            records=_records(tx, rows),
            total=total,
            people=persons,
            minutes=minutes,
            number=number,
            wanted=wanted,
            choices=_choices(tx, actor),
        )


def export(work: Work, actor: Actor, *, raw: Mapping[str, str]) -> bytes:
    """Write the records that *raw* asks for as CSV: UTF-8, safe to open in a spreadsheet.

    Raises:
        NotAllowed: The person is not HR.
        BadFilter: With the field and the problem.
    """
    authorise(actor, Action.PARTICIPATION_EXPORT, Relation.ORGANIZATION)
    with work.write() as tx:
        _, asked = _wanted(tx, actor, raw)
        records = _records(tx, participation.find(tx.db, asked, limit=MOST_EXPORTED))
        _note(tx, actor, event="participation.exported")
    return table(HEADS, (_line(each) for each in records))


def records(work: Work, actor: Actor, *, raw: Mapping[str, str]) -> tuple[Record, ...]:
    """List the records that *raw* asks for, for a program that reads them.

    Raises:
        NotAllowed: The person is not HR.
        BadFilter: With the field and the problem.
    """
    authorise(actor, Action.PARTICIPATION_SEE, Relation.ORGANIZATION)
    with work.write() as tx:
        _, asked = _wanted(tx, actor, raw)
        _note(tx, actor, event="participation.read")
        return _records(tx, participation.find(tx.db, asked, limit=MOST_EXPORTED))


def _wanted(
    tx: Tx,
    actor: Actor,
    raw: Mapping[str, str],
) -> tuple[ParticipationFilter, Wanted]:
    wanted = read_filter(raw)
    cycle = _cycle(tx, wanted.cycle)
    first, last = wanted.first, wanted.last
    if cycle:
        first = max(first, cycle.starts_on) if first else cycle.starts_on
        last = min(last, cycle.ends_on) if last else cycle.ends_on
    return wanted, Wanted(
        organization_id=actor.organization_id,
        first=first,
        last=last,
        part=wanted.part.value if wanted.part else "",
        unit_id=_unit(wanted.unit),
        roles=_roles(wanted),
        band=wanted.band,
        name=wanted.name,
    )


def _cycle(tx: Tx, code: str) -> Cycle | None:
    if not code:
        return None
    for cycle in people.cycles(tx.db):
        if cycle.code == code:
            return cycle
    raise BadFilter(field="cycle", problem="unknown_choice")


def _unit(value: str) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        raise BadFilter(field="unit", problem="unknown_choice") from None


def _roles(wanted: ParticipationFilter) -> tuple[str, ...]:
    known = reference.load()
    if wanted.role_kind and wanted.role_kind not in known.roles:
        raise BadFilter(field="role_kind", problem="unknown_choice")
    if not wanted.family:
        return (wanted.role_kind,) if wanted.role_kind else ()
    if wanted.family not in known.families:
        raise BadFilter(field="family", problem="unknown_choice")
    found = tuple(code for code, role in known.roles.items() if wanted.family in role.families)
    return tuple(code for code in found if wanted.role_kind in {"", code}) or ("-",)


def _records(tx: Tx, rows: tuple[Row, ...]) -> tuple[Record, ...]:
    cycles = people.cycles(tx.db)
    return tuple(_record(row, cycles) for row in rows)


def _record(row: Row, cycles: tuple[Cycle, ...]) -> Record:
    role = reference.load().roles.get(row.host_role)
    planned = minutes_between(row.starts_at, row.ends_at)
    within = (each for each in cycles if each.starts_on <= row.local_date <= each.ends_on)
    cycle = next(within, None)
    families = reference.load().families
    return Record(
        person_id=str(row.person_id),
        person=row.name,
        part=Part(row.part),
        date=row.local_date,
        minutes=row.minutes,
        unit_id=str(row.unit_id or ""),
        unit=row.unit,
        role_kind=role.label if role else "",
        family=", ".join(families[code].label for code in role.families) if role else "",
        band=row.band,
        cycle=cycle.label if cycle else "",
        counts=counts_as_shift(row.minutes, planned_minutes=planned),
    )


def _choices(tx: Tx, actor: Actor) -> Choices:
    known = reference.load()
    units = participation.units(tx.db, organization_id=actor.organization_id)
    return Choices(
        cycles=tuple((each.code, each.label) for each in people.cycles(tx.db)),
        units=tuple((str(unit_id), name) for unit_id, name in units),
        roles=tuple((code, role.label) for code, role in known.roles.items()),
        families=tuple((code, family.label) for code, family in known.families.items()),
    )


def _note(tx: Tx, actor: Actor, *, event: str) -> None:
    entry = Entry(
        event=event,
        subject="organization",
        subject_id=actor.organization_id,
        person_id=actor.person_id,
        acting_as=actor.role,
    )
    journal.record(tx.db, entry, at=tx.now)


def _line(each: Record) -> tuple[str | int, ...]:
    return (
        each.person,
        each.part.value,
        each.date.isoformat(),
        each.minutes,
        "yes" if each.counts else "no",
        each.unit,
        each.role_kind,
        each.family,
        each.band,
        each.cycle,
    )
