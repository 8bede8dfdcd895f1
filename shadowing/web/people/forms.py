"""What is filled in of a person."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.people import PersonKind, Role
from shadowing.domain.roster import KEPT_BY_SYSTEM, KINDS, LEVELS, Details
from shadowing.services.people.changing import Desk
from shadowing.web.fields import LineField, ManyField, MenuField, offered
from shadowing.web.forms import HouseForm
from shadowing.web.pages import ROLE_WORDS

NONE: Final = "none"
UNKNOWN: Final = "unknown"
NOT_KNOWN: Final = "Not known: a coordinator confirms each shift"
NOBODY: Final = "Nobody here"


class PersonForm(HouseForm):
    """Everything the roster keeps of a person."""

    name = LineField("Name", needed="Enter their name.", most=120)
    post_nominal = LineField("Credentials", most=40)
    title = LineField("Title", most=120)
    email = LineField("Email", most=254)
    phone = LineField("Phone", most=40)
    roles = ManyField("Roles", needed="Choose one role or more.")
    kind = MenuField("Stands to the organization as", needed="Choose how they stand to it.")
    level = MenuField("Level")
    portfolio = MenuField("Area of decisions")
    manager = MenuField("Manager")
    host_role = MenuField("Role on the unit")
    host_unit = MenuField("Unit")

    def offer(self, desk: Desk, *, by: Role) -> None:
        """Fill the menus; where nothing was sent, show what is kept now."""
        known = reference.load()
        held = desk.details.roles if desk.details else frozenset()
        given = [role for role in Role if by is Role.SYSADMIN or role not in KEPT_BY_SYSTEM]
        roles = [role for role in Role if role in given or role in held]
        self.roles.choices = offered((role.value, ROLE_WORDS[role]) for role in roles)
        self.kind.choices = offered((kind.value, words) for kind, words in KINDS.items())
        self.level.choices = offered((code or NONE, words) for code, words in LEVELS.items())
        areas = ((each.code, each.label) for each in known.portfolios.values())
        self.portfolio.choices = offered(((NONE, "None"), *areas))
        jobs = ((each.code, each.label) for each in known.roles.values())
        self.host_role.choices = offered(((NONE, "None"), *jobs))
        units = ((str(unit_id), name) for unit_id, name in desk.units)
        self.host_unit.choices = offered(((NONE, "None"), *units))
        above = ((str(person_id), name) for person_id, name in desk.managers)
        self.manager.choices = offered(((UNKNOWN, NOT_KNOWN), (NONE, NOBODY), *above))
        if not self.is_submitted():
            self._show(desk.details)

    def _show(self, kept: Details | None) -> None:
        for field in (self.level, self.portfolio, self.host_role, self.host_unit, self.manager):
            field.data = NONE
        self.kind.data = PersonKind.WORKFORCE.value
        if kept is None:
            self.manager.data = UNKNOWN
            return
        for name in ("name", "post_nominal", "title", "email", "phone"):
            self[name].data = getattr(kept, name)
        self.kind.data = str(kept.kind)
        self.roles.data = [role.value for role in Role if role in kept.roles]
        self.level.data = kept.level or NONE
        self.portfolio.data = kept.portfolio or NONE
        self.host_role.data = kept.host_role or NONE
        self.host_unit.data = str(kept.host_unit_id or NONE)
        self.manager.data = UNKNOWN if kept.manager_unknown else str(kept.manager_id or NONE)

    @property
    def details(self) -> Details:
        """What was filled in."""
        return Details(
            name=self.name.data or "",
            post_nominal=self.post_nominal.data or "",
            title=self.title.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            kind=PersonKind(self.kind.data),
            roles=frozenset(Role(code) for code in self.roles.data or ()),
            level=_code(self.level),
            portfolio=_code(self.portfolio),
            host_role=_code(self.host_role),
            host_unit_id=_id(self.host_unit),
            manager_id=None if self.manager.data == UNKNOWN else _id(self.manager),
            manager_unknown=self.manager.data == UNKNOWN,
        )


def _code(field: MenuField) -> str:
    return "" if field.data in {None, NONE} else str(field.data)


def _id(field: MenuField) -> UUID | None:
    return UUID(code) if (code := _code(field)) else None
