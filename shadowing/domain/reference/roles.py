"""What hosts do, what administrators decide, and which decisions land on whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A group of roles in coverage reports; no hierarchy."""

    code: str
    label: str
    support: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRole:
    """What a host does. Nobody ranks above anybody (M8)."""

    code: str
    label: str
    aka: tuple[str, ...]
    families: tuple[str, ...]
    units: tuple[str, ...]
    patterns: tuple[str, ...]
    partner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision that lands on the floor."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLink:
    """These decisions land on this role; `roles` holds one, or those of a group."""

    roles: tuple[str, ...]
    weight: int
    span: str
    unit: str
    other_service: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """An area of decisions that an administrator owns: links, a mix or a bundle."""

    code: str
    label: str
    decisions: tuple[Decision, ...]
    links: tuple[DecisionLink, ...]
    mix: Mapping[str, Any]
    bundle: tuple[str, ...]
