"""When a question is needed, or shown at all.

A condition is data out of a template. It looks at the answers of the same form, of which there is
none for what was left empty, and at how far the person is on the development pathway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Pathway:
    """How far the person is: the program's mode and the layers already done (S3.1)."""

    mode: str = "in_order"
    layers_done: frozenset[str] = frozenset()


START: Final = Pathway()


@dataclass(frozen=True, slots=True)
class ChoiceIn:
    """One of these codes was chosen."""

    field: str
    codes: frozenset[str]

    def holds(self, answers: Mapping[str, object], _pathway: Pathway) -> bool:
        """Say whether it is so."""
        return bool(_chosen(answers, self.field) & self.codes)

    def fields(self) -> frozenset[str]:
        """Name the fields it looks at."""
        return frozenset({self.field})


@dataclass(frozen=True, slots=True)
class ChoiceNotIn:
    """Something was chosen, and it is none of these codes."""

    field: str
    codes: frozenset[str]

    def holds(self, answers: Mapping[str, object], _pathway: Pathway) -> bool:
        """Say whether it is so."""
        chosen = _chosen(answers, self.field)
        return bool(chosen) and not chosen & self.codes

    def fields(self) -> frozenset[str]:
        """Name the fields it looks at."""
        return frozenset({self.field})


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing was answered."""

    field: str

    def holds(self, answers: Mapping[str, object], _pathway: Pathway) -> bool:
        """Say whether it is so."""
        return self.field not in answers

    def fields(self) -> frozenset[str]:
        """Name the fields it looks at."""
        return frozenset({self.field})


@dataclass(frozen=True, slots=True)
class Filled:
    """Something was answered."""

    field: str

    def holds(self, answers: Mapping[str, object], _pathway: Pathway) -> bool:
        """Say whether it is so."""
        return self.field in answers

    def fields(self) -> frozenset[str]:
        """Name the fields it looks at."""
        return frozenset({self.field})


@dataclass(frozen=True, slots=True)
class ModeIs:
    """The program shows the pathway in one of these modes."""

    modes: frozenset[str]

    def holds(self, _answers: Mapping[str, object], pathway: Pathway) -> bool:
        """Say whether it is so."""
        return pathway.mode in self.modes

    def fields(self) -> frozenset[str]:
        """Name the fields it looks at: none."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class LayersDone:
    """All of these layers of the pathway are done."""

    layers: frozenset[str]

    def holds(self, _answers: Mapping[str, object], pathway: Pathway) -> bool:
        """Say whether it is so."""
        return self.layers <= pathway.layers_done

    def fields(self) -> frozenset[str]:
        """Name the fields it looks at: none."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, object], pathway: Pathway) -> bool:
        """Say whether it is so."""
        return all(part.holds(answers, pathway) for part in self.parts)

    def fields(self) -> frozenset[str]:
        """Name the fields its parts look at."""
        return frozenset().union(*(part.fields() for part in self.parts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, object], pathway: Pathway) -> bool:
        """Say whether it is so."""
        return any(part.holds(answers, pathway) for part in self.parts)

    def fields(self) -> frozenset[str]:
        """Name the fields its parts look at."""
        return frozenset().union(*(part.fields() for part in self.parts))


Condition = ChoiceIn | ChoiceNotIn | Empty | Filled | ModeIs | LayersDone | AllOf | AnyOf


def _chosen(answers: Mapping[str, object], field: str) -> frozenset[str]:
    answer = answers.get(field)
    if isinstance(answer, str):
        return frozenset({answer})
    if isinstance(answer, tuple):
        return frozenset(one for one in answer if isinstance(one, str))
    return frozenset()
