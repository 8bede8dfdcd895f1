"""The reference tables, read once from the files that ship with the package.

A row of an unexpected shape is a fault of the product, not of a user, and stops the start.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

import yaml

from shadowing.domain.availability.clock import minute_of
from shadowing.domain.reference.requirements import Requirement, SiteChoices, Validity
from shadowing.domain.reference.roles import Decision, DecisionLink, Family, HostRole, Portfolio
from shadowing.domain.reference.settings import Keeping, Setting
from shadowing.domain.reference.spans import WEEKDAYS, HandoverBand, Pattern, Span, TimeRules
from shadowing.domain.reference.tables import Reference
from shadowing.domain.reference.units import Attire, Consent, Sensitivity, UnitKind, UnitRule

Raw = Mapping[str, Any]
Row = TypeVar("Row")
CodedRow = TypeVar("CodedRow", bound="Coded")


class Coded(Protocol):
    """A row that knows its own code."""

    @property
    def code(self) -> str:
        """Stable; stored."""


FOLDER: Final = "shadowing.reference"
LOADER: Final = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
TABLES: Final = (
    "defaults",
    "development_pathway",
    "enumerations",
    "portfolios",
    "preparation_card",
    "reflection_templates",
    "requirements",
    "roles",
    "shift_patterns",
    "units",
)


@cache
def load() -> Reference:
    """All reference tables."""
    plain = {name: _read(name) for name in TABLES}
    read = {name: _frozen(table) for name, table in plain.items()}
    roles = read["roles"]
    portfolios = read["portfolios"]
    units = read["units"]
    patterns = _by_code(_pattern(row) for row in read["shift_patterns"]["patterns"])
    return Reference(
        patterns=patterns,
        spans=_by_code(span for pattern in patterns.values() for span in pattern.spans),
        time_rules=_time_rules(read["shift_patterns"]),
        unit_kinds=_by_code(_unit_kind(row) for row in units["units"]),
        sensitivities=_coded(units["sensitivity"], _sensitivity),
        consents=_coded(units["consents"], _consent),
        attires=_coded(units["attires"], _attire),
        unit_rules=_coded(units["unit_rules"], _unit_rule),
        microsystem_fields=units["microsystem_fields"],
        families=_coded(roles["families"], _family),
        roles=_by_code(_role(row) for row in roles["roles"]),
        portfolios=_by_code(_portfolio(row, portfolios) for row in portfolios["portfolios"]),
        weights=MappingProxyType({n: row["label"] for n, row in portfolios["weights"].items()}),
        match_reason=portfolios["reason"],
        requirements=_by_code(_requirement(row) for row in read["requirements"]["requirements"]),
        site_choices=MappingProxyType(
            {row["code"]: _site_choices(row) for row in read["requirements"]["requirements"]}
        ),
        settings=_settings(read["defaults"]),
        retention=tuple(_keeping(row) for row in read["defaults"]["retention"]),
        lists=_lists(read["enumerations"]),
        reflections=plain["reflection_templates"],
        pathway=plain["development_pathway"],
        card=plain["preparation_card"],
    )


def demo_hospital() -> Raw:
    """The fictional hospital of the demo, as its file has it."""
    return _read("demo_hospital")


def _read(name: str) -> dict[str, Any]:
    text = files(FOLDER).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, LOADER)  # noqa: S506 - both loaders are safe
    return table


def _frozen(value: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """The same value, read-only at any depth."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(each) for key, each in value.items()})
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return value


def _by_code(rows: Iterable[CodedRow]) -> Mapping[str, CodedRow]:
    return MappingProxyType({row.code: row for row in rows})


def _coded(rows: Raw, made: Callable[[str, Raw], Row]) -> Mapping[str, Row]:
    return MappingProxyType({code: made(code, row) for code, row in rows.items()})


def _lists(table: Raw) -> Mapping[str, Mapping[str, Raw]]:
    """The closed lists; a bare label becomes a row with that label."""
    return MappingProxyType(
        {
            name: MappingProxyType(
                {
                    code: row if isinstance(row, Mapping) else MappingProxyType({"label": row})
                    for code, row in rows.items()
                }
            )
            for name, rows in table.items()
            if isinstance(rows, Mapping)
        }
    )


def _pattern(row: Raw) -> Pattern:
    days = frozenset(WEEKDAYS[day] for day in row.get("days", WEEKDAYS))
    spans = tuple(
        Span(
            code=span["span"],
            pattern=row["code"],
            label=row["label"],
            start=span["start"],
            end=span["end"],
            end_day=span["end_day"],
            minutes=span["minutes"],
            band=span["band"],
            days=days,
            term_days=row.get("calendar") == "term_days",
            off_site=row.get("location") == "off_site",
        )
        for span in row["spans"]
    )
    return Pattern(code=row["code"], label=row["label"], spans=spans)


def _time_rules(table: Raw) -> TimeRules:
    rules = table["rules"]
    off = rules["off_hours"]
    return TimeRules(
        handovers=tuple(
            HandoverBand(
                code=band["code"],
                label=band["label"],
                start=minute_of(band["start"]),
                end=minute_of(band["end"]),
            )
            for band in table["handover_bands"]
        ),
        band_by_start=tuple(
            (code, minute_of(start), minute_of(end))
            for code, (start, end) in rules["band_by_start"].items()
        ),
        off_days=frozenset(WEEKDAYS[day] for day in off["days"]),
        off_from=minute_of(off["start_at_or_after"]),
        off_before=minute_of(off["start_before"]),
    )


def _unit_kind(row: Raw) -> UnitKind:
    return UnitKind(**{"areas": MappingProxyType({}), "partner": False, **row})


def _sensitivity(code: str, row: Raw) -> Sensitivity:
    return Sensitivity(
        code=code,
        label=row["label"],
        patient_area=row["patient_area"],
        automatic=row["unit_approval"] == "may_be_automatic",
        written_authorization=row.get("written_authorization", False),
        on_by_default=row["on_by_default"],
    )


def _consent(code: str, row: Raw) -> Consent:
    told = {key: row[key] for key in ("label", "who", "when", "observer_present", "note")}
    return Consent(code=code, **told)


def _attire(code: str, row: Raw) -> Attire:
    return Attire(code=code, label=row["label"], pass_must_show=row.get("pass_must_show", False))


def _unit_rule(code: str, row: Raw) -> UnitRule:
    return UnitRule(
        code=code,
        kind=row["kind"],
        label=row["label"],
        requirement=row.get("requirement", ""),
        by=row.get("by", ""),
        valid=row.get("valid", ""),
        due=row.get("due", ""),
        changes=row.get("set", MappingProxyType({})),
    )


def _family(code: str, row: Raw) -> Family:
    return Family(code=code, **row)


def _role(row: Raw) -> HostRole:
    return HostRole(**{"partner": False, **row})


def _portfolio(row: Raw, table: Raw) -> Portfolio:
    return Portfolio(
        code=row["code"],
        label=row["label"],
        decisions=tuple(Decision(**decision) for decision in row["decisions"]),
        links=tuple(_link(link, table["groups"]) for link in row.get("links", ())),
        mix=row.get("mix", MappingProxyType({})),
        bundle=row.get("bundle", ()),
    )


def _link(row: Raw, groups: Raw) -> DecisionLink:
    return DecisionLink(
        roles=groups[row["role_group"]]["roles"] if "role_group" in row else (row["role"],),
        weight=row["weight"],
        span=row.get("span", ""),
        unit=row.get("unit", ""),
        other_service=row.get("other_service", False),
    )


def _requirement(row: Raw) -> Requirement:
    validity = row["validity"]
    return Requirement(
        code=row["code"],
        label=row["label"],
        help=row["help"],
        group=row["group"],
        applies=row["applies"],
        due=row["due"],
        on_lapse=row["on_lapse"],
        remind_days=row["remind_days"],
        waivable=row["waivable"],
        partner_equivalent=row["partner_equivalent"],
        validity=_validity(validity),
        validity_external=_validity(validity.get("by_kind", {}).get("external", validity)),
        attest=row.get("attest", ""),
        text=row.get("text", ()),
    )


def _site_choices(row: Raw) -> SiteChoices:
    inside = row["validity"]
    outside = inside.get("by_kind", {}).get("external", inside)
    return SiteChoices(
        validities=tuple(map(_validity, (inside, *inside.get("choices", ())))),
        validities_external=tuple(map(_validity, (outside, *outside.get("choices", ())))),
        apart=outside is not inside,
        effects=(row["on_lapse"], *row.get("on_lapse_choices", ())),
    )


def _validity(row: Raw) -> Validity:
    days = {
        key: _day_of_year(row[key])
        for key in ("required_from", "required_to", "evidence_from")
        if key in row
    }
    return Validity(kind=row["kind"], months=row.get("months", 0), **days)


def _day_of_year(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def _settings(table: Raw) -> Mapping[str, Setting]:
    groups = {group: rows for group, rows in table.items() if isinstance(rows, Mapping)}
    return MappingProxyType(
        {
            name: _setting(name, group, row)
            for group, rows in groups.items()
            for name, row in rows.items()
        }
    )


def _setting(name: str, group: str, row: Raw) -> Setting:
    return Setting(
        name=name,
        group=group,
        value=row["value"],
        unit=row.get("unit", ""),
        least=row.get("min"),
        most=row.get("max"),
        why=row.get("why", ""),
        more=_rest(row, "value", "unit", "min", "max", "why"),
    )


def _keeping(row: Raw) -> Keeping:
    return Keeping(
        data=row["data"],
        keep=row["keep"],
        unit=row["unit"],
        since=row["from"],
        then=row["then"],
        more=_rest(row, "data", "keep", "unit", "from", "then"),
    )


def _rest(row: Raw, *told: str) -> Raw:
    return MappingProxyType({key: value for key, value in row.items() if key not in told})
