"""Starting values of what a site may set, and how long data is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The starting value of a setting, and the limits a site may move it in.

    Attributes:
        name: As in the rules.
        group: Heading on the settings page.
        value: A number, numbers, or what the setting's own rule says; ``None`` is off.
        unit: Of the value, or empty.
        least: Or ``None`` for no limit.
        most: Or ``None`` for no limit.
        why: One line for the settings page.
        more: Whatever else the row says.
    """

    name: str
    group: str
    value: Any
    unit: str
    least: int | None
    most: int | None
    why: str
    more: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long one kind of data is kept, counted from what, and what happens then."""

    data: str
    keep: int
    unit: str
    since: str
    then: str
    more: Mapping[str, Any]
