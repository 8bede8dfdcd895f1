"""What a coordinator allows one person, with a reason: shorter notice, a reporting line, a promise.

Source: docs/rules.md, rules B4, F11 and P6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from shadowing.domain.errors import Refusal

LONGEST: Final = 200
WHOLE_SITE: Final = frozenset({"executive"})
"""Levels whose chain holds nearly everyone: for them one override serves a cycle (P6)."""


class Kind(StrEnum):
    """What is allowed."""

    NOTICE = "notice"
    LINE = "line"
    PROMISE = "promise"


class ReasonMissing(Refusal):
    """An exception has a reason, or is none. Facts: ``longest``."""

    code = "allowance_needs_reason"
    field = "reason"


class NobodyFound(Refusal):
    """Nobody of the program has this address. Facts: ``field``."""

    code = "nobody_found"


class DayMissing(Refusal):
    """Shorter notice is for one day, a waiver until one. Facts: ``field``."""

    code = "allowance_needs_day"


class NotInLine(Refusal):
    """The two are in no reporting line, so there is nothing to allow."""

    code = "not_in_line"
    field = "host"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What stands for one person now.

    Attributes:
        slots: For which shorter notice is allowed; ``days`` likewise.
        hosts: In their reporting line, and allowed.
        cycles: First and last days in which the whole line is allowed (whole-site leaders).
        promise: A late promise does not hold them back.
    """

    slots: frozenset[UUID] = frozenset()
    days: frozenset[date] = frozenset()
    hosts: frozenset[UUID] = frozenset()
    cycles: tuple[tuple[date, date], ...] = ()
    promise: bool = False

    def soon(self, *, slot_id: UUID, day: date) -> bool:
        """Say whether shorter notice is allowed for a slot (B4)."""
        return slot_id in self.slots or day in self.days

    def line(self, above_and_below: Iterable[UUID], *, day: date) -> frozenset[UUID]:
        """Leave out of a reporting line whom an override covers on a day (P6)."""
        if any(first <= day <= last for first, last in self.cycles):
            return frozenset()
        return frozenset(above_and_below) - self.hosts


def check_reason(text: str) -> str:
    """Give a reason as it is kept.

    Raises:
        ReasonMissing: There is none, or it is too long.
    """
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST:
        raise ReasonMissing(longest=LONGEST)
    return reason
