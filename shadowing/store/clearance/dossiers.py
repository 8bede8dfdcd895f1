"""All that decides about people's clearance, in the same few statements for one as for many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from shadowing.domain.clearance.credentials import Held, pieces
from shadowing.domain.clearance.dossier import Agreement, Dossier, Run
from shadowing.store.clearance import credentials, requirements
from shadowing.store.people import Person
from shadowing.store.tables.people import agreement, cycle, organization
from shadowing.store.tables.people import program as programs


def read(db: Connection, person: Person) -> Dossier:
    """Read all that decides about one person's clearance."""
    return read_many(db, (person,))[person.id]


def read_many(db: Connection, people: Iterable[Person]) -> Mapping[UUID, Dossier]:
    """Read the same for several people at once."""
    wanted = tuple(people)
    held = credentials.of_people(db, ids=[person.id for person in wanted])
    return made(db, wanted, held)


def made(
    db: Connection, people: Iterable[Person], held: Mapping[UUID, tuple[Held, ...]]
) -> Mapping[UUID, Dossier]:
    """Make dossiers of credentials that were read already."""
    own = requirements.every(db)
    agreements = _agreements(db)
    house = _house(db)
    return {
        person.id: Dossier(
            person=str(person.id),
            kind=person.kind,
            organization=str(person.organization_id),
            program=house.program_of(str(person.organization_id)),
            evidence=tuple(piece for one in held.get(person.id, ()) for piece in pieces(one)),
            runs=house.runs,
            agreements=agreements,
            own=own,
            settings=house.settings,
        )
        for person in people
    }


def _agreements(db: Connection) -> tuple[Agreement, ...]:
    return tuple(
        Agreement(
            organizations=frozenset(
                str(each) for each in (row.organization_id, row.partner_id) if each
            ),
            covers=frozenset(row.covers),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in db.execute(select(agreement))
    )


@dataclass(frozen=True, slots=True)
class _House:
    """What organizations have switched on, the programs they run, and the runs of those."""

    settings: Mapping[str, frozenset[str]]
    programs: Mapping[str, str]
    runs: tuple[Run, ...]

    def program_of(self, organization_id: str) -> str:
        """Name the program in which an organization's people shadow: its own, else the first."""
        first = next(iter(self.programs.values()), "")
        return self.programs.get(organization_id, first)


def _house(db: Connection) -> _House:
    joined = organization.outerjoin(programs, programs.c.organization_id == organization.c.id)
    joined = joined.outerjoin(cycle, cycle.c.program_id == programs.c.id)
    columns = (
        organization.c.id,
        organization.c.settings,
        programs.c.id.label("program"),
        cycle.c.starts_on,
        cycle.c.ends_on,
    )
    rows = db.execute(
        select(*columns)
        .select_from(joined)
        .order_by(programs.c.code.is_(None), programs.c.code, cycle.c.starts_on.desc()),
    ).all()
    homes: dict[str, str] = {}
    for row in rows:
        if row.program:
            homes.setdefault(str(row.id), str(row.program))
    return _House(
        settings={str(row.id): _switched_on(row.settings) for row in rows},
        programs=homes,
        runs=tuple(
            Run(str(row.program), row.starts_on, row.ends_on) for row in rows if row.starts_on
        ),
    )


def _switched_on(settings: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name, value in (settings or {}).items() if value is True)
