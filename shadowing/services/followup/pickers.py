"""What the pickers of a form may pick from, as code and words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.followup.questions import Field, Kind
from shadowing.domain.followup.values import Known, Points, RoleAt, Value
from shadowing.services.work import Tx
from shadowing.store import reflections
from shadowing.store.bookings import Shift

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pickers:
    """Codes and their words, in the order to be shown."""

    roles: Choices
    organizations: Choices
    portfolios: Choices
    people: Choices

    def known(self) -> Known:
        """Hand the codes to the rules on answers."""
        return Known(
            roles=_codes(self.roles),
            organizations=_codes(self.organizations),
            portfolios=_codes(self.portfolios),
            people=_codes(self.people),
        )

    def of(self, kind: Kind) -> Choices:
        """Return what a question of this kind picks from."""
        return {
            Kind.ROLE: self.roles,
            Kind.PORTFOLIO: self.portfolios,
            Kind.PERSON: self.people,
        }.get(kind, ())


def read(tx: Tx, shift: Shift) -> Pickers:
    """Read what can be picked on the forms of one shift."""
    known = reference.load()
    near = reflections.colleagues(tx.db, unit_id=shift.unit_id, and_these=pair(shift))
    return Pickers(
        roles=_sorted((code, role.label) for code, role in known.roles.items()),
        organizations=reflections.organizations(tx.db),
        portfolios=tuple((code, each.label) for code, each in known.portfolios.items()),
        people=tuple((str(person_id), name) for person_id, name in near),
    )


def names_near(tx: Tx, shift: Shift) -> tuple[str, ...]:
    """List the names that do not belong into a text: of the pair, and of the unit's people (L3)."""
    return tuple(
        name
        for _, name in reflections.colleagues(tx.db, unit_id=shift.unit_id, and_these=pair(shift))
    )


def pair(shift: Shift) -> Collection[UUID]:
    """Name the people of a shift, the backup among them."""
    listed = (shift.observer_id, shift.host_id, shift.backup_id)
    return [person_id for person_id in listed if person_id]


def said(field: Field, value: Value, pickers: Pickers) -> tuple[str, ...]:
    """Put an answer into words: one line, or one for each thing that was chosen."""
    labels = {option.code: option.label for option in field.options}
    if isinstance(value, Points):
        return tuple(f"{labels[code]}: {points}" for code, points in value.parts)
    if isinstance(value, RoleAt):
        where = _word(pickers.organizations, value.organization)
        return (f"{_word(pickers.roles, value.role)}, {where}",)
    if isinstance(value, tuple):
        return tuple(labels.get(str(code), str(code)) for code in value)
    return (_one(field, value, labels, pickers),)


def _one(field: Field, value: object, labels: Mapping[str, str], pickers: Pickers) -> str:
    if isinstance(value, bool):
        return "Yes"
    if field.kind is Kind.SCALE:
        return _scale(field, value) if isinstance(value, int) else "I could not tell"
    if field.kind in {Kind.ROLE, Kind.PORTFOLIO, Kind.PERSON}:
        return _word(pickers.of(field.kind), str(value))
    return labels.get(str(value), str(value))


def _scale(field: Field, place: int) -> str:
    ends: Mapping[int, str] = {int(field.minimum): field.low, int(field.maximum): field.high}
    end = ends.get(place)
    words = f"{place} of {int(field.maximum)}"
    return f"{words}, {end[:1].lower()}{end[1:]}" if end else words


def _word(choices: Choices, code: str) -> str:
    return dict(choices).get(code, code.replace("_", " "))


def _codes(choices: Choices) -> frozenset[str]:
    return frozenset(code for code, _ in choices)


def _sorted(choices: Iterable[tuple[str, str]]) -> Choices:
    return tuple(sorted(choices, key=lambda choice: choice[1].casefold()))
