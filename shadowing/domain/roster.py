"""The roster: what is kept of a person, what of it can be, and who may give which roles.

Source: docs/rules.md, rules P1 and P6; section 8.3 (leavers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shadowing.domain.errors import BadValue, Refusal
from shadowing.domain.people import PersonKind, Role, chain
from shadowing.domain.reference.tables import Reference

LEVELS: Final[Mapping[str, str]] = {
    "": "None",
    "executive": "Executive",
    "director": "Director",
    "manager": "Manager",
    "supervisor": "Supervisor",
    "fellow": "Fellow",
    "student": "Student",
    "trustee": "Trustee",
}
"""How high somebody decides, for whom that matters."""
KINDS: Final[Mapping[PersonKind, str]] = {
    PersonKind.WORKFORCE: "Workforce",
    PersonKind.TRUSTEE: "Trustee",
    PersonKind.STUDENT: "Student",
    PersonKind.PARTNER: "From a partner",
}
KEPT_BY_SYSTEM: Final = frozenset({Role.HR, Role.SYSADMIN})
"""Roles that only a system administrator gives or takes, and whose holders only they change."""


class RoleNotYours(Refusal):
    """These roles are given by a system administrator alone."""

    code = "role_not_yours"
    field = "roles"


class NotYourself(Refusal):
    """Nobody takes their own access or the role they act in from themselves."""

    code = "not_yourself"


class InACircle(Refusal):
    """Somebody would report to themselves, however far up (P6)."""

    code = "in_a_circle"
    field = "manager"


class UnitMissing(Refusal):
    """A host has a unit and a role there."""

    code = "unit_missing"
    field = "host_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All that is kept of a person by whoever keeps the roster.

    Attributes:
        email: Empty where they have none.
        manager_unknown: Nobody knows whom they report to; a coordinator confirms each shift (P6).
        host_role: What they do on a unit; empty for those who host nobody.
    """

    name: str
    post_nominal: str = ""
    title: str = ""
    kind: PersonKind = PersonKind.WORKFORCE
    level: str = ""
    portfolio: str = ""
    email: str = ""
    phone: str = ""
    manager_id: UUID | None = None
    manager_unknown: bool = False
    host_role: str = ""
    host_unit_id: UUID | None = None
    roles: frozenset[Role] = frozenset()


def checked(details: Details, *, known: Reference) -> Details:
    """Refuse what no person can be, whoever asks.

    Raises:
        BadValue: A code that is not listed, no role, no name, or nothing to be reached by.
        UnitMissing: A host without a unit or a role there.
    """
    if not details.name:
        raise BadValue(field="name", problem="missing")
    if not details.roles:
        raise BadValue(field="roles", problem="no_role")
    if details.level not in LEVELS:
        raise BadValue(field="level", problem="unknown_code", value=details.level)
    if details.portfolio:
        known.portfolio(details.portfolio)
    if details.host_role and details.host_role not in known.roles:
        raise BadValue(field="host_role", problem="unknown_code", value=details.host_role)
    if Role.HOST in details.roles and not (details.host_role and details.host_unit_id):
        raise UnitMissing
    if not details.email and details.roles != {Role.HOST}:
        raise BadValue(field="email", problem="not_an_address")
    unknown = details.manager_unknown and details.manager_id is None
    return replace(details, manager_unknown=unknown)


def check_giving(
    by: Role, *, before: frozenset[Role], after: frozenset[Role], own: bool = False
) -> None:
    """Refuse roles that this person may not give or take.

    Raises:
        RoleNotYours: HR and system administrators are entered by a system administrator.
        NotYourself: The role one acts in would be gone.
    """
    if by is not Role.SYSADMIN and KEPT_BY_SYSTEM & (before | after):
        raise RoleNotYours
    if own and by not in after:
        raise NotYourself


def check_line(managers: Mapping[UUID, UUID | None], *, person_id: UUID, manager_id: UUID) -> None:
    """Refuse a manager who reports, however far up, to this very person.

    Raises:
        InACircle: They would.

    Source: docs/rules.md, rule P6.
    """
    if manager_id == person_id or person_id in chain(managers, manager_id):
        raise InACircle
