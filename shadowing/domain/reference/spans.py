"""Named recurring hours, and how a block of them is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

WEEKDAYS: Final[Mapping[str, int]] = MappingProxyType(
    {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Named recurring hours of one shift; times are wall clock at the site.

    Attributes:
        code: Stable code; availability points here.
        pattern: Code of the shift pattern it is a variant of.
        label: Of that pattern.
        start: "HH:MM" on the date the shift belongs to (A5).
        end: "HH:MM"; on the next date where `end_day` is 1.
        end_day: 0 = same day, 1 = next day.
        minutes: Length on a day without a clock change.
        band: Code of ``shift_bands``.
        days: Weekdays it may fall on, Monday = 0.
        term_days: Only on days of the site's school calendar.
        off_site: The work is not at the site.
    """

    code: str
    pattern: str
    label: str
    start: str
    end: str
    end_day: int
    minutes: int
    band: str
    days: frozenset[int]
    term_days: bool
    off_site: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A shift pattern: one name, one or more spans."""

    code: str
    label: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverBand:
    """When teams change; minutes from midnight, half-open. No block starts inside (A6)."""

    code: str
    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRules:
    """How a block is counted: its band, and whether it lies off hours.

    Attributes:
        handovers: Bands that are closed unless chosen.
        band_by_start: For a block without a span of its own: band code, and the minutes from
            midnight between which it starts (the second may be the smaller: over midnight).
        off_days: Weekdays that are off hours whatever the time, Monday = 0.
        off_from: Off hours from this minute of the day …
        off_before: … and before this one.
    """

    handovers: tuple[HandoverBand, ...]
    band_by_start: tuple[tuple[str, int, int], ...]
    off_days: frozenset[int]
    off_from: int
    off_before: int
