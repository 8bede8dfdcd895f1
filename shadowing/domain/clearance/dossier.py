"""All that decides about one person's clearance, and the visit it is asked for.

Pure: read once, then asked for as many slots as there are.

Source: docs/rules.md, rules C1, C3, C8, E4.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from shadowing.domain.clearance.evidence import Evidence, Visit
from shadowing.domain.clearance.rulebook import Own
from shadowing.domain.interval import Interval
from shadowing.domain.people import PersonKind, external
from shadowing.domain.reference.tables import Reference
from shadowing.domain.reference.units import UnitKind
from shadowing.domain.units import higher

REMOTE: Final = "remote"


class Ground(Protocol):
    """A unit, as far as clearance asks."""

    @property
    def id(self) -> Hashable:
        """Its id."""

    @property
    def kind(self) -> str:
        """Code of its kind."""

    @property
    def zone(self) -> str:
        """Time zone of its site."""

    @property
    def sensitivity(self) -> str:
        """S0 to S3."""

    @property
    def organization_id(self) -> Hashable:
        """To whom it belongs."""

    @property
    def own_rules(self) -> tuple[str, ...]:
        """Codes of rules that the unit has beside those of its kind."""


@dataclass(frozen=True, slots=True)
class Run:
    """A cycle of a program; both days are part of it."""

    program: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who may come to whom until when.

    Attributes:
        organizations: The two it binds, or the one that signed with an outsider.
        covers: People it names.
    """

    organizations: frozenset[str]
    covers: frozenset[str]
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What is on record about a person, and what is asked where.

    Attributes:
        program: The one they shadow in.
        own: Requirements that organizations made their own.
        settings: Keys that each organization has switched on.
    """

    person: str
    kind: str
    organization: str
    program: str
    evidence: tuple[Evidence, ...] = ()
    runs: tuple[Run, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    own: tuple[Own, ...] = ()
    settings: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a booking beyond its place and time; the defaults mean a new one.

    Attributes:
        sensitivity: Where its host raised it above the unit's (A8).
        shift: Its id, once there is one.
        program: Of the shift, where that is another than the person's usual one.
        agreed_at: When it was asked for (C9).
    """

    kind: str = "in_person"
    sensitivity: str = ""
    band: str = ""
    shift: str = ""
    program: str = ""
    agreed_at: datetime | None = None


NEW: Final = About()


def visit(
    dossier: Dossier,
    reference: Reference,
    ground: Ground,
    span: Interval,
    *,
    about: About = NEW,
) -> Visit:
    """Describe a visit as far as clearance asks; its days are those of the site (A5)."""
    kind = reference.unit_kind(ground.kind)
    zone = ZoneInfo(ground.zone)
    starts_on, ends_on = span.start.astimezone(zone).date(), span.end.astimezone(zone).date()
    there = about.kind != REMOTE
    owner, program = str(ground.organization_id), about.program or dossier.program
    return Visit(
        starts_on=starts_on,
        ends_on=ends_on,
        external=_outside(dossier, owner),
        unit_kind=ground.kind,
        patient_area=kind.patient_area and there,
        children=kind.children and there,
        airborne_rooms=kind.airborne_rooms and there,
        rules=unit_rules(kind, ground.own_rules) if there else (),
        site_settings=dossier.settings.get(owner, frozenset()),
        cycle=_cycle(dossier, program, starts_on),
        agreement_to=_covered_to(dossier, owner, on=starts_on),
        partners=_partners(dossier, owner, on=starts_on),
        shift=about.shift,
        organization=owner,
        unit=str(ground.id),
        program=program,
        slot_kind=about.kind,
        band=about.band,
        sensitivity=higher(about.sensitivity, ground.sensitivity),
        agreed_at=about.agreed_at,
    )


def at_home(dossier: Dossier, *, owner: str, today: date) -> Visit:
    """Describe a day at the program's own organization: how long things count in general."""
    return Visit(
        starts_on=today,
        ends_on=today,
        external=_outside(dossier, owner),
        unit_kind="",
        patient_area=True,
        children=False,
        airborne_rooms=False,
        site_settings=dossier.settings.get(owner, frozenset()),
        cycle=_cycle(dossier, dossier.program, today),
        agreement_to=_covered_to(dossier, owner, on=today),
        partners=_partners(dossier, owner, on=today),
        organization=owner,
        program=dossier.program,
    )


def unit_rules(kind: UnitKind, own: tuple[str, ...]) -> tuple[str, ...]:
    """Name the rules of a unit: those of its kind, then its own; each once."""
    return tuple(dict.fromkeys((*kind.rules, *own)))


def _outside(dossier: Dossier, owner: str) -> bool:
    return external(PersonKind(dossier.kind), person_org=dossier.organization, unit_org=owner)


def _cycle(dossier: Dossier, program: str, day: date) -> tuple[date, date] | None:
    """Find the run of the program that a day falls into; those of other programs do not count."""
    for run in dossier.runs:
        if run.program == program and run.starts_on <= day <= run.ends_on:
            return (run.starts_on, run.ends_on)
    return None


def _covered_to(dossier: Dossier, owner: str, *, on: date) -> date | None:
    """Say until when an agreement covers the person there: the one that lasts longest (E4)."""
    both = frozenset({dossier.organization, owner})
    return max(
        (
            each.ends_on
            for each in dossier.agreements
            if each.starts_on <= on
            and owner in each.organizations
            and (dossier.person in each.covers or (len(both) > 1 and each.organizations == both))
        ),
        default=None,
    )


def _partners(dossier: Dossier, owner: str, *, on: date) -> tuple[tuple[str, date], ...]:
    """List whose proof counts at *owner*'s units, and until when its agreement runs (C8)."""
    ends: dict[str, date] = {owner: date.max}
    for each in dossier.agreements:
        if each.starts_on <= on and owner in each.organizations:
            for other in each.organizations - {owner}:
                ends[other] = max(each.ends_on, ends.get(other, date.min))
    return tuple(sorted(ends.items()))
