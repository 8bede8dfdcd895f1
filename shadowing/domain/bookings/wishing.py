"""Waiting for a shift: who is next, until when a seat is kept for them, and what may be wished.

An offer is a seat that is held, never a promise of one. Those who lost a shift come first, then
whoever has waited longest.

Source: docs/rules.md, rules B1, B5; section 6.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.errors import Refusal

LONGEST_WAIT: Final = timedelta(days=366)
LEAST_TIME: Final = timedelta(hours=1)
"""An offer that could be answered for a shorter time than this is not made."""


class TooManyWishes(Refusal):
    """As many wait already as somebody may have. Facts: ``most``."""

    code = "too_many_wishes"


class WishedAlready(Refusal):
    """The same is waited for already."""

    code = "wished_already"


class WishOver(Refusal):
    """A wish is for days to come, within a year."""

    code = "wish_over"
    field = "last"


@dataclass(frozen=True, slots=True)
class Queued:
    """One wish in the queue; ``lost_at`` where its person lost a shift, and since when."""

    wish_id: UUID
    person_id: UUID
    made_at: datetime


def in_turn(queue: Iterable[Queued], *, lost: Mapping[UUID, datetime]) -> tuple[Queued, ...]:
    """Order a queue: who lost a shift, the earliest loss first; then who has waited longest."""

    def turn(each: Queued) -> tuple[bool, datetime, datetime, str]:
        since = lost.get(each.person_id)
        return (since is None, since or each.made_at, each.made_at, str(each.wish_id))

    return tuple(sorted(queue, key=turn))


def kept_until(
    now: datetime, *, starts_at: datetime, notice: timedelta, hours: int
) -> datetime | None:
    """Say until when an offered seat is kept; nothing where there is no time left to answer.

    *hours* from now, and never later than the shift can still be asked for.
    """
    until = min(now + timedelta(hours=hours), starts_at - notice)
    return until if until - now >= LEAST_TIME else None


def check_days(first: date, last: date, *, today: date) -> None:
    """Refuse days that are over, or too far away.

    Raises:
        WishOver: They are.
    """
    if last < max(first, today) or last > today + LONGEST_WAIT:
        raise WishOver
