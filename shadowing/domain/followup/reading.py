"""Reads one question of a reflection template out of plain data, and refuses what it does not know.

What a question may say, and which parts each kind of answer needs, is the schema at the head of the
reference table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeVar

from shadowing.domain.errors import Refusal
from shadowing.domain.followup.conditions import (
    AllOf,
    AnyOf,
    ChoiceIn,
    ChoiceNotIn,
    Condition,
    Empty,
    Filled,
    LayersDone,
    ModeIs,
)
from shadowing.domain.followup.questions import (
    Act,
    Field,
    Kind,
    Option,
    Phase,
    Question,
    Readers,
    Release,
)

Code = TypeVar("Code", bound=StrEnum)
Value = TypeVar("Value")

NEEDS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.TEXT: frozenset({"max"}),
    Kind.NUMBER: frozenset({"min", "max"}),
    Kind.SCALE: frozenset({"min", "max", "low", "high"}),
    Kind.CHOICE: frozenset({"options"}),
    Kind.MULTI: frozenset({"options"}),
    Kind.POINTS: frozenset({"options", "total"}),
    Kind.COMMITMENTS: frozenset({"min_items", "max_items"}),
}
ASKED: Final = frozenset({"key", "prompt", "help", "type", "required", "required_if", "step"})
SHAPE: Final = ASKED.union({"unsure", "exclusive"}, *NEEDS.values())
PLACE: Final = frozenset(
    {
        "row",
        "vis",
        "release",
        "never_to",
        "deliver",
        "check_at",
        "layer",
        "filled_by",
        "phase",
        "sealed_with",
        "creates",
        "beyond",
        "show_if",
    },
)
FILLERS: Final = frozenset({"observer", "host", "preceptor", "coordinator", "author"})
KEPT_FROM: Final = frozenset(
    {"observer", "host", "preceptor", "coordinator", "hr", "unit_manager"},
)


class BadTemplate(Refusal):
    """The table of templates cannot be read.

    Facts: ``where`` (template and question) and ``problem``.
    """

    code = "bad_template"


@dataclass(frozen=True, slots=True)
class Row:
    """Plain data that is asked for by name and type."""

    mapping: Mapping[str, object]
    where: str

    def refuse(self, problem: str) -> BadTemplate:
        """Make the refusal that says where the fault is."""
        return BadTemplate(where=self.where, problem=problem)

    def text(self, key: str) -> str:
        """Return the text under *key*."""
        return self._typed(key, str)

    def number(self, key: str) -> int:
        """Return the whole number under *key*."""
        return self._typed(key, int)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under *key*."""
        listed = self._typed(key, list)
        if not all(isinstance(one, str) for one in listed):
            raise self.refuse(f"{key} holds more than texts")
        return tuple(listed)

    def maps(self, key: str) -> tuple[Mapping[str, object], ...]:
        """Return the list of mappings under *key*."""
        listed = self._typed(key, list)
        if not all(isinstance(one, dict) for one in listed):
            raise self.refuse(f"{key} holds more than mappings")
        return tuple(listed)

    def part(self, key: str) -> Row:
        """Return the mapping under *key*, as a row of its own."""
        return Row(self._typed(key, dict), where=f"{self.where}.{key}")

    def code(self, key: str, known: type[Code]) -> Code:
        """Return the code under *key*, one of those *known*."""
        return self.known(self.text(key), known)

    def known(self, code: str, known: type[Code]) -> Code:
        """Return *code* as one of those *known*."""
        try:
            return known(code)
        except ValueError as error:
            raise self.refuse(f"unknown {known.__name__.lower()} {code}") from error

    def listed(self, key: str, known: frozenset[str]) -> frozenset[str]:
        """Return the codes under *key*, none if it is absent, each one of those *known*."""
        codes = frozenset(self.texts(key)) if key in self.mapping else frozenset[str]()
        if codes - known:
            raise self.refuse(f"unknown in {key}: {', '.join(sorted(codes - known))}")
        return codes

    def only(self, allowed: frozenset[str]) -> None:
        """Refuse keys that mean nothing here."""
        more = sorted(str(key) for key in self.mapping.keys() - allowed)
        if more:
            raise self.refuse(f"unknown: {', '.join(more)}")

    def _typed(self, key: str, kind: type[Value]) -> Value:
        value = self.mapping.get(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refuse(f"{key} is not {kind.__name__}")
        return value

    def flag(self, key: str) -> bool:
        """Return the yes or no under *key*; no if it is absent."""
        return key in self.mapping and self._typed(key, bool)

    def decimal(self, key: str, default: int) -> Decimal:
        """Return the number under *key*, exactly as it was written."""
        value = self.mapping.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.refuse(f"{key} is not a number")
        return Decimal(str(value))


def read_question(mapping: Mapping[str, object], *, where: str) -> Question:
    """Read one part of a commitment.

    Raises:
        BadTemplate: It is not complete, or says something unknown.
    """
    row = Row(mapping, where=where)
    row.only(SHAPE)
    return Question(**_shape(row))


def read_field(mapping: Mapping[str, object], *, where: str) -> Field:
    """Read one question of a template.

    Raises:
        BadTemplate: It is not complete, or says something unknown.
    """
    row = Row(mapping, where=f"{where}.{mapping.get('key')}")
    row.only(SHAPE | PLACE)
    return Field(**_shape(row), **_place(row))


def _shape(row: Row) -> dict[str, Any]:
    """Read what is asked and what an answer may be."""
    kind = row.code("type", Kind)
    missing = NEEDS.get(kind, frozenset()) - row.mapping.keys()
    if missing:
        raise row.refuse(f"{kind} needs {', '.join(sorted(missing))}")
    shape: dict[str, Any] = {
        "key": row.text("key"),
        "kind": kind,
        "prompt": row.text("prompt"),
        "help": row.text("help") if "help" in row.mapping else "",
        "required": row.flag("required"),
        "required_if": _condition(row, "required_if"),
        "unsure": row.flag("unsure"),
    }
    if kind is Kind.TEXT:
        shape |= {"max_length": row.number("max")}
    elif kind in {Kind.SCALE, Kind.NUMBER}:
        shape |= _range(row, kind)
    elif kind is Kind.COMMITMENTS:
        shape |= {name: row.number(name) for name in ("min_items", "max_items")}
    elif kind in {Kind.CHOICE, Kind.MULTI, Kind.POINTS}:
        shape |= _options(row)
        shape["total"] = row.number("total") if kind is Kind.POINTS else 0
    return shape


def _range(row: Row, kind: Kind) -> dict[str, Any]:
    ends = {"minimum": row.decimal("min", 0), "maximum": row.decimal("max", 0)}
    if ends["minimum"] >= ends["maximum"]:
        raise row.refuse("min is not below max")
    if kind is Kind.NUMBER:
        return {**ends, "step": row.decimal("step", 1)}
    return {**ends, "low": row.text("low"), "high": row.text("high")}


def _options(row: Row) -> dict[str, Any]:
    labels = row.part("options")
    options = tuple(Option(code=str(code), label=labels.text(code)) for code in labels.mapping)
    if not options:
        raise row.refuse("nothing to choose from")
    codes = frozenset(option.code for option in options)
    return {"options": options, "exclusive": row.listed("exclusive", codes)}


def _place(row: Row) -> dict[str, Any]:
    """Read who answers, when, and who may read the answer."""
    here = row.mapping
    filled_by = row.text("filled_by")
    if filled_by not in FILLERS:
        raise row.refuse(f"unknown filled_by {filled_by}")
    readers = frozenset(row.known(code, Readers) for code in row.texts("vis"))
    if not readers:
        raise row.refuse("nobody reads it")
    check_at = here.get("check_at")
    if check_at not in {None, Phase.DEBRIEF}:
        raise row.refuse(f"unknown check_at {check_at}")
    is_number = here.get("type") == Kind.NUMBER
    return {
        "row": row.text("row") if "row" in here else row.text("key"),
        "filled_by": filled_by,
        "phase": row.code("phase", Phase),
        "readers": readers,
        "release": _release(row),
        "never_to": row.listed("never_to", KEPT_FROM),
        "deliver_to": row.part("deliver").code("to", Readers) if "deliver" in here else None,
        "sealed_with": row.text("sealed_with") if "sealed_with" in here else "",
        "read_back": check_at is not None,
        "creates": row.text("creates") if "creates" in here else "",
        "layer": row.text("layer") if "layer" in here else "",
        "step_of_four": row.number("step") if "step" in here and not is_number else 0,
        "show_if": _condition(row, "show_if"),
    }


def _release(row: Row) -> Release | None:
    if "release" not in row.mapping:
        return None
    part = row.part("release")
    return Release(to=part.code("to", Readers), by=part.code("by", Act))


def _condition(row: Row, key: str) -> Condition | None:
    return _read_condition(row.part(key)) if key in row.mapping else None


def _read_condition(row: Row) -> Condition:
    make = CONDITIONS.get(frozenset(row.mapping))
    if make is None:
        raise row.refuse("unknown condition")
    return make(row)


def _emptiness(row: Row) -> Condition:
    wanted = row.text("is")
    if wanted not in {"empty", "filled"}:
        raise row.refuse(f"unknown condition {wanted}")
    return Empty(row.text("field")) if wanted == "empty" else Filled(row.text("field"))


def _parts(row: Row, key: str) -> tuple[Condition, ...]:
    return tuple(_read_condition(Row(part, where=row.where)) for part in row.maps(key))


CONDITIONS: Final[Mapping[frozenset[str], Callable[[Row], Condition]]] = {
    frozenset({"field", "in"}): lambda row: ChoiceIn(row.text("field"), frozenset(row.texts("in"))),
    frozenset({"field", "not_in"}): lambda row: ChoiceNotIn(
        row.text("field"),
        frozenset(row.texts("not_in")),
    ),
    frozenset({"field", "is"}): _emptiness,
    frozenset({"mode"}): lambda row: ModeIs(frozenset(row.texts("mode"))),
    frozenset({"layers_done"}): lambda row: LayersDone(frozenset(row.texts("layers_done"))),
    frozenset({"all"}): lambda row: AllOf(_parts(row, "all")),
    frozenset({"any"}): lambda row: AnyOf(_parts(row, "any")),
}
