"""Somebody's own diary: how often it is read, and when what was read is too old to go by.

Source: docs/rules.md, rules A1 and B7; docs/decisions/0062-a-diary-takes-time-away.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final

from shadowing.domain.interval import Interval

EVERY: Final = timedelta(hours=1)
SELDOM: Final = timedelta(days=1)
PATIENCE: Final = 5
OLD: Final = timedelta(hours=24)
BACK: Final = timedelta(days=7)
AHEAD: Final = timedelta(days=400)
SPREAD: Final = 0.2


class Kind(StrEnum):
    """How a diary is connected."""

    NONE = ""
    UPLOAD = "upload"
    ADDRESS = "address"


def window(at: datetime) -> Interval:
    """The stretch of a diary that is kept."""
    return Interval(at - BACK, at + AHEAD)


def next_look(at: datetime, *, failures: int, chance: float) -> datetime:
    """When to look again: hourly, or daily once it has failed too often; never all at once.

    Args:
        at: Now.
        failures: In a row.
        chance: From 0 to 1; spreads the many who connected at the same time.
    """
    wait = EVERY if failures < PATIENCE else SELDOM
    return at + wait * (1 + SPREAD * (chance - 0.5))


def to_be_told(failures: int) -> bool:
    """Say whether this failure is the one its owner hears of."""
    return failures == PATIENCE


def is_old(good_at: datetime | None, *, at: datetime) -> bool:
    """Say whether what was read last is too old to go by."""
    return good_at is None or at - good_at > OLD


def clashes(span: Interval, busy: Sequence[Interval]) -> bool:
    """Say whether somebody has something in their diary then; *busy* is merged and by start."""
    before = bisect_left(busy, span.end, key=attrgetter("start"))
    return before > 0 and busy[before - 1].end > span.start
