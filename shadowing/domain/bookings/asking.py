"""May this person ask for this slot? One answer for the list, the page, the API and the service.

What a page lists and what the service accepts rest on the same function, so that every slot shown
can be booked or says why not. Causes on the host's side are told as "not available" (B8, P7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from shadowing.domain.errors import Refusal
from shadowing.domain.interval import Interval


class SlotGone(Refusal):
    """The slot was withdrawn, hidden or has begun."""

    code = "slot_gone"


class SlotFull(Refusal):
    """Every seat is taken (B2, B5)."""

    code = "slot_full"


class NoticeTooShort(Refusal):
    """The shift is too soon (B4). Facts: ``days`` of notice, ``earliest``."""

    code = "notice_too_short"


class Overlap(Refusal):
    """The person has a shift or debrief then (B7). Facts: ``starts_at``, ``ends_at``."""

    code = "overlap"


class AlreadyAsked(Refusal):
    """The person has asked for this very slot already."""

    code = "already_asked"


class ReportingLine(Refusal):
    """One is in the other's management chain (P6)."""

    code = "reporting_line"


class NotAvailable(Refusal):
    """A cause on the host's side; which one is never told (A4, B8, P7)."""

    code = "not_available"


class UnitFull(Refusal):
    """As many observers as the unit takes are there at some minute of it (A9)."""

    code = "unit_full"


class NotCleared(Refusal):
    """A requirement is missing and there is no time left to meet it (C5). Facts: ``missing``."""

    code = "not_cleared"


class YearlyCap(Refusal):
    """With it the person would shadow more hours a year than allowed (B13). Facts: ``hours``."""

    code = "yearly_cap"


class DebriefOwed(Refusal):
    """An earlier shift has no record of its debrief seven days on (F4). Facts: ``shift_id``."""

    code = "debrief_owed"


class PromiseOverdue(Refusal):
    """A promise is more than thirty days late (F11). Facts: ``commitment_id``."""

    code = "promise_overdue"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The slot somebody would like, with what its unit says about it.

    Attributes:
        cap: Observers the unit takes at any one minute.
        blocking: Labels of requirements that would hold back confirmation.
        clearance_by: Until when those can still be met.
        blind: The host's name shows on confirmation only, so nothing may point to it (A10).
        there: Whoever comes is on the unit, so its cap counts them; not so by video (A9, B17).
    """

    slot_id: UUID
    host_id: UUID
    unit_id: UUID
    span: Interval
    local_date: date
    state: str
    audience: str
    seats: int
    taken: int
    cap: int
    notice_days: int
    paused: Interval | None = None
    blocking: tuple[str, ...] = ()
    clearance_by: datetime | None = None
    blind: bool = False
    there: bool = True


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of the person who asks.

    Attributes:
        busy: Own standing shifts, hosting included, and debriefs.
        asked: Slots this person has a standing request or shift for.
        line: Everybody above or below in the management chain, less those an override covers.
        barred: The other halves of do-not-pair entries.
        held: Slots of which this person holds a seat while choosing.
        year_cap: Hours a calendar year, where a program has a cap; ``year_minutes`` are booked and
            done, by year (B13).
    """

    person_id: UUID
    level: str
    busy: tuple[Interval, ...] = ()
    asked: frozenset[UUID] = frozenset()
    held: frozenset[UUID] = frozenset()
    line: frozenset[UUID] = frozenset()
    barred: frozenset[UUID] = frozenset()
    debrief_owed: UUID | None = None
    year_cap: int | None = None
    year_minutes: Mapping[int, int] = field(default_factory=dict)
    promise_overdue: UUID | None = None


@dataclass(frozen=True, slots=True)
class Hosted:
    """A shift a host has hosted or will; several seats of one slot are one shift to the host."""

    slot_id: UUID | None
    day: date
    span: Interval


@dataclass(frozen=True, slots=True)
class Load:
    """What a host has hosted and will host, against the host's limits (A4).

    Attributes:
        elsewhere: Shifts in which the host is the observer; the host is not free then.
    """

    max_per_month: int
    cool_down_days: int
    hosted: tuple[Hosted, ...] = ()
    elsewhere: tuple[Interval, ...] = ()
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everybody else's part: hosts' loads by host, observers present by unit."""

    loads: Mapping[UUID, Load] = field(default_factory=dict)
    present: Mapping[UUID, tuple[Interval, ...]] = field(default_factory=dict)


AUDIENCES = {
    "anyone": None,
    "executives": frozenset({"executive"}),
    "fellows": frozenset({"student"}),
}


def in_audience(audience: str, *, level: str) -> bool:
    """Say whether the host invited people of this level (A2); it filters silently."""
    allowed = AUDIENCES.get(audience)
    return allowed is None or level in allowed


def reasons_against(
    wanted: Wanted,
    *,
    asker: Asker,
    scene: Scene,
    now: datetime,
) -> tuple[Refusal, ...]:
    """List why *asker* cannot ask for *wanted*, one's own causes first; empty when they can.

    Source: docs/rules.md, rules A2 to A4, A9, A10, B2, B4, B5, B7, B8, C5, F4, F11, P6, P7.
    """
    return (
        *_slot_side(wanted, asker=asker, now=now),
        *_own_side(wanted, asker=asker, now=now),
        *_host_side(wanted, asker=asker, scene=scene, now=now),
    )


def _slot_side(wanted: Wanted, *, asker: Asker, now: datetime) -> tuple[Refusal, ...]:
    if wanted.slot_id in asker.asked:
        return (AlreadyAsked(slot_id=wanted.slot_id),)
    held = wanted.slot_id in asker.held
    # Hidden from everybody else, a seat is still kept for who held it before (B5).
    on_offer = wanted.state == "open" or (wanted.state == "hidden" and held)
    if not on_offer or wanted.span.start <= now:
        return (SlotGone(slot_id=wanted.slot_id),)
    if wanted.taken - held >= wanted.seats:
        return (SlotFull(slot_id=wanted.slot_id),)
    return ()


def _own_side(wanted: Wanted, *, asker: Asker, now: datetime) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    earliest = now + timedelta(days=wanted.notice_days)
    if wanted.span.start < earliest:
        found.append(NoticeTooShort(days=wanted.notice_days, earliest=earliest))
    clash = next((busy for busy in asker.busy if busy.overlaps(wanted.span)), None)
    if clash and wanted.slot_id not in asker.asked:
        found.append(Overlap(starts_at=clash.start, ends_at=clash.end))
    if wanted.host_id in asker.line or wanted.host_id == asker.person_id:
        found.append(_line_reason(wanted))
    if wanted.blocking and wanted.clearance_by is not None and now >= wanted.clearance_by:
        found.append(NotCleared(missing=wanted.blocking, by=wanted.clearance_by))
    if _over_the_year(wanted, asker):
        found.append(YearlyCap(hours=asker.year_cap))
    if asker.debrief_owed:
        found.append(DebriefOwed(shift_id=asker.debrief_owed))
    if asker.promise_overdue:
        found.append(PromiseOverdue(commitment_id=asker.promise_overdue))
    return tuple(found)


def _over_the_year(wanted: Wanted, asker: Asker) -> bool:
    """Say whether it would be too many hours in its calendar year (B13)."""
    if asker.year_cap is None:
        return False
    so_far = asker.year_minutes.get(wanted.local_date.year, 0)
    return so_far + wanted.span.minutes > 60 * asker.year_cap


def _line_reason(wanted: Wanted) -> Refusal:
    # A hidden host whom the asker reports to would be known by the reason.
    if wanted.blind:
        return NotAvailable(slot_id=wanted.slot_id)
    return ReportingLine(host_id=wanted.host_id)


def _host_side(
    wanted: Wanted,
    *,
    asker: Asker,
    scene: Scene,
    now: datetime,
) -> tuple[Refusal, ...]:
    load = scene.loads[wanted.host_id]
    unavailable = (
        wanted.host_id in asker.barred
        or not in_audience(wanted.audience, level=asker.level)
        or (wanted.paused is not None and wanted.paused.overlaps(wanted.span))
        or over_limit(load, slot_id=wanted.slot_id, day=wanted.local_date)
        or not free(load, slot_id=wanted.slot_id, span=wanted.span)
        or (load.paused_until is not None and load.paused_until > max(now, wanted.span.start))
    )
    if unavailable:
        return (NotAvailable(slot_id=wanted.slot_id),)
    if wanted.there and over_cap(wanted, present=scene.present.get(wanted.unit_id, ())):
        return (UnitFull(slot_id=wanted.slot_id, cap=wanted.cap),)
    return ()


def over_limit(load: Load, *, slot_id: UUID | None, day: date) -> bool:
    """Say whether a shift on *day* would break the host's limits (A4).

    ``max_per_month`` counts by calendar month; ``cool_down_days`` lie between any two start dates.
    """
    days = {(one.slot_id, one.day) for one in load.hosted if one.slot_id != slot_id or not slot_id}
    same_month = [d for _, d in days if (d.year, d.month) == (day.year, day.month)]
    if len(same_month) >= load.max_per_month:
        return True
    return any(abs((day - other).days) < load.cool_down_days for _, other in days)


def free(load: Load, *, slot_id: UUID | None, span: Interval) -> bool:
    """Say whether the host is nowhere else during *span* (B7)."""
    elsewhere = [one.span for one in load.hosted if one.slot_id != slot_id or not slot_id]
    return not any(other.overlaps(span) for other in (*elsewhere, *load.elsewhere))


def over_cap(wanted: Wanted, *, present: tuple[Interval, ...]) -> bool:
    """Say whether one more observer would be too many at any one minute (A9)."""
    clashing = [other for other in present if other.overlaps(wanted.span)]
    instants = [wanted.span.start, *(o.start for o in clashing if o.start > wanted.span.start)]
    return any(
        sum(other.start <= instant < other.end for other in clashing) >= wanted.cap
        for instant in instants
    )
