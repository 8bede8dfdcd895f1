"""All reference tables together; ``adapters/reference`` reads them from their files.

Codes are stable and stored; labels are for people and never stored. Tables that another room gives
its own shape (reflection templates, the pathway, the card) stay the read-only mappings they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from shadowing.domain.errors import BadValue
from shadowing.domain.reference.requirements import Requirement, SiteChoices
from shadowing.domain.reference.roles import Family, HostRole, Portfolio
from shadowing.domain.reference.settings import Keeping, Setting
from shadowing.domain.reference.spans import Pattern, Span, TimeRules
from shadowing.domain.reference.units import (
    Attire,
    Consent,
    Sensitivity,
    UnitKind,
    UnitRule,
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """All reference tables, checked and read-only.

    Attributes:
        patterns: Shift patterns by code.
        spans: All spans of all patterns by code.
        time_rules: Handover bands, bands by start, off hours.
        unit_kinds: By code.
        sensitivities: By code, S0 to S3.
        consents: By code.
        attires: By code.
        unit_rules: By code.
        microsystem_fields: What a unit page keeps about its small team.
        families: By code.
        roles: Host roles by code.
        portfolios: By code.
        weights: Label of a link's weight.
        match_reason: Sentence for "why this suggestion".
        requirements: By code, in the order people meet them.
        site_choices: What a site may pick, by the code of the requirement.
        settings: By name.
        retention: What is kept how long.
        lists: The closed lists of codes: list, code, row with ``label`` and more.
        reflections: ``reflection_templates`` as it stands.
        pathway: ``development_pathway`` as it stands.
        card: ``preparation_card`` as it stands.
    """

    patterns: Mapping[str, Pattern]
    spans: Mapping[str, Span]
    time_rules: TimeRules
    unit_kinds: Mapping[str, UnitKind]
    sensitivities: Mapping[str, Sensitivity]
    consents: Mapping[str, Consent]
    attires: Mapping[str, Attire]
    unit_rules: Mapping[str, UnitRule]
    microsystem_fields: tuple[Mapping[str, Any], ...]
    families: Mapping[str, Family]
    roles: Mapping[str, HostRole]
    portfolios: Mapping[str, Portfolio]
    weights: Mapping[int, str]
    match_reason: str
    requirements: Mapping[str, Requirement]
    site_choices: Mapping[str, SiteChoices]
    settings: Mapping[str, Setting]
    retention: tuple[Keeping, ...]
    lists: Mapping[str, Mapping[str, Mapping[str, Any]]]
    reflections: Mapping[str, Any]
    pathway: Mapping[str, Any]
    card: Mapping[str, Any]

    def span(self, code: str) -> Span:
        """The span of that code; a code nobody lists is refused, here and below."""
        return known(self.spans, code, field="span")

    def unit_kind(self, code: str) -> UnitKind:
        """The kind of unit of that code."""
        return known(self.unit_kinds, code, field="unit_kind")

    def role(self, code: str) -> HostRole:
        """The host role of that code."""
        return known(self.roles, code, field="role")

    def portfolio(self, code: str) -> Portfolio:
        """The portfolio of that code."""
        return known(self.portfolios, code, field="portfolio")

    def requirement(self, code: str) -> Requirement:
        """The requirement of that code."""
        return known(self.requirements, code, field="requirement")

    def label(self, of: str, code: str) -> str:
        """What people read for a code of a closed list: ``label("slot_modes", "ask")``."""
        row = known(known(self.lists, of, field="list"), code, field=of)
        return str(row["label"])

    def setting(self, name: str) -> Setting:
        """The setting of that name."""
        return known(self.settings, name, field="setting")

    def number(self, name: str) -> int:
        """The value of a setting that is one whole number.

        Raises:
            BadValue: ``not_a_whole_number``: it is off, or of another kind.
        """
        value = self.setting(name).value
        if type(value) is not int:
            raise BadValue(field=name, problem="not_a_whole_number", value=value)
        return value

    def numbers(self, name: str) -> tuple[int, ...]:
        """The value of a setting that is a list of whole numbers, as ``card_hours``.

        Raises:
            BadValue: ``not_whole_numbers``.
        """
        value = self.setting(name).value
        if not (isinstance(value, tuple) and all(type(each) is int for each in value)):
            raise BadValue(field=name, problem="not_whole_numbers", value=value)
        return value


def known(rows: Mapping[str, Row], code: str, *, field: str) -> Row:
    """The row of *code*.

    Raises:
        BadValue: ``unknown_code``: nothing of that code is listed.
    """
    if code not in rows:
        raise BadValue(field=field, problem="unknown_code", value=code)
    return rows[code]
