"""Requirements that an organization, a program or a unit has made its own, laid over the table.

A requirement may have several versions. For each visit one of them holds: the newest that is in
force for it. A new one binds new bookings at once, and shifts that were agreed before it only from
``binding_on`` on (C9). What is retired is asked of nobody.

Source: docs/rules.md, rules C3 and C9, section 6.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from shadowing.domain.clearance.evidence import Visit
from shadowing.domain.clearance.states import Life
from shadowing.domain.reference.requirements import Requirement
from shadowing.domain.reference.tables import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One version of a requirement that somebody made their own.

    Attributes:
        owner: Id of the organization.
        unit: Id of the one unit it is for, or empty.
        program: Id of the one program it is for, or empty; it then holds wherever people go.
        version: Counts from 1; version 0 is what the table has under this code, if anything.
        since: When it was made active; ``None`` for a draft.
        binding_on: First local day on which shifts agreed before are held to it.
    """

    requirement: Requirement
    owner: str
    unit: str = ""
    program: str = ""
    version: int = 1
    state: Life = Life.ACTIVE
    since: datetime | None = None
    binding_on: date | None = None


def book(reference: Reference, own: Sequence[Own], visit: Visit, *, on: date) -> Reference:
    """Give the tables as they hold for one visit, as of the local day *on*."""
    held: dict[str, Requirement | None] = {}
    for each in sorted(own, key=lambda one: one.version):
        if concerns(each, visit) and in_force(each, visit, on=on):
            held[each.requirement.code] = None if each.state is Life.RETIRED else each.requirement
    if not held:
        return reference
    every = dict(reference.requirements) | held
    return replace(
        reference, requirements={code: each for code, each in every.items() if each is not None}
    )


def concerns(own: Own, visit: Visit) -> bool:
    """Say whether it is made for where this visit goes, or for the program it is part of."""
    if own.program:
        return own.program == visit.program
    return own.owner == visit.organization and own.unit in {"", visit.unit}


def in_force(own: Own, visit: Visit, *, on: date) -> bool:
    """Say whether a version binds a visit yet (C9); what is retired is gone at once."""
    if own.state is Life.DRAFT or own.since is None:
        return False
    if own.state is Life.RETIRED or visit.agreed_at is None or visit.agreed_at >= own.since:
        return True
    return own.binding_on is None or on >= own.binding_on


def coming(own: Iterable[Own], visit: Visit, *, on: date) -> tuple[Own, ...]:
    """List what binds an agreed shift later: made already, and not in force for it yet (C9)."""
    return tuple(
        each
        for each in own
        if each.state in {Life.ACTIVE, Life.OFF_SEASON}
        and concerns(each, visit)
        and not in_force(each, visit, on=on)
        and each.binding_on is not None
        and each.binding_on <= visit.ends_on
    )
