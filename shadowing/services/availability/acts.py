"""What a host can say about hours: one act each, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shadowing.domain.availability.hours import Audience
from shadowing.domain.availability.renewal import Visit
from shadowing.domain.errors import Refusal
from shadowing.domain.ways import BESIDE, Way


class BookedStay(Refusal):
    """Somebody counts on hours that change; the host has to see who first.

    Facts: ``stay``, the shifts and requests that stay as they are, and ``ends``, the requests that
    end with their hours (6.4).
    """

    code = "booked_stay"


class NoUnit(Refusal):
    """The host has no unit or no role yet, so nothing can be offered."""

    code = "no_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Hours of one shift as the host gives them, in codes and "HH:MM"; closed ones need no times.

    Attributes:
        handover: The host shows the handover too, so the hours may start in it (A6).
        way: Beside the host or from elsewhere, and how sensitive (A8, B17).
    """

    span: str
    start: str = ""
    end: str = ""
    mode: str
    audience: str = Audience.ANYONE.value
    handover: bool = False
    way: Way = BESIDE


@dataclass(frozen=True, slots=True)
class EveryWeek:
    """The same hours on some weekdays (Monday = 0), or in place of other weekly hours."""

    given: Given
    weekdays: tuple[int, ...] = ()
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class OneDay:
    """What one shift is on one date, in place of every week.

    Attributes:
        part: Start ("HH:MM") of the part it takes the place of, the others stay; of all of them
            where none is named.
    """

    given: Given
    local_date: date
    part: str = ""


@dataclass(frozen=True, slots=True)
class OneMore:
    """One more part of a shift on one date, beside those there are."""

    given: Given
    local_date: date


@dataclass(frozen=True, slots=True)
class AsEveryWeek:
    """One shift on one date is as every week again."""

    span: str
    local_date: date


@dataclass(frozen=True, slots=True)
class AsTheWeekBefore:
    """Each day of a week is as the same day of the week before, changed and closed ones too.

    Attributes:
        first: The Monday; days that are over stay as they are.
    """

    first: date


@dataclass(frozen=True, slots=True)
class NoLonger:
    """Some weekly hours are no longer worked."""

    rule_id: UUID


Act = EveryWeek | OneDay | OneMore | AsEveryWeek | AsTheWeekBefore | NoLonger


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change.

    Attributes:
        stay: Shifts and requests that stay as they are.
        ends: Requests whose hours are closed: they are to be declined.
    """

    stay: tuple[Visit, ...]
    ends: tuple[Visit, ...]
