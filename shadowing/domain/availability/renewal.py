"""From the slots a host has to those the hours now give: what to add, change and take away.

A slot whose seat is taken is never moved, changed or withdrawn: somebody counts on it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shadowing.domain.availability.hours import Hours, WeeklyHours
from shadowing.domain.bookings.states import State
from shadowing.domain.diary import clashes
from shadowing.domain.interval import Interval


class SlotState(StrEnum):
    """Whether the free seats of a slot are on offer (section 6.4)."""

    OPEN = "open"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a slot is, without its identity and the seats that are taken.

    Attributes:
        seats: How many there are; another number makes no other slot of it.
        join_at: Where a remote one is joined (B17); likewise.
        sensitivity: Where the host raised it; empty is as the unit (A8).
    """

    unit_id: UUID
    starts_at: datetime
    ends_at: datetime
    local_date: date
    span: str
    band: str
    mode: str
    audience: str
    handover: bool
    host_role: str
    kind: str = "in_person"
    sensitivity: str = ""
    seats: int = field(default=1, compare=False)
    join_at: str = field(default="", compare=False)

    @property
    def interval(self) -> Interval:
        """The time of it."""
        return Interval(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """One slot as it stands; ``taken`` counts shifts and seats held while somebody chooses."""

    id: UUID
    face: Face
    taken: int
    state: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write.

    Attributes:
        new: Slots that are not there yet.
        changed: Free slots that get another face, by id.
        states: Slots that go to another state, by id.
        stay: Taken slots that are no longer as the hours say. Their seat stays; once it is free
            it is not offered to others.
        closed: Those of them at whose time nothing is open any more.
        details: Seats and address of slots that stay as they are otherwise, taken or not.
    """

    new: tuple[tuple[Face, SlotState], ...]
    changed: Mapping[UUID, Face]
    states: Mapping[UUID, SlotState]
    stay: frozenset[UUID]
    closed: frozenset[UUID]
    details: Mapping[UUID, tuple[int, str]] = field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.new or self.changed or self.states or self.details)


@dataclass(frozen=True, slots=True)
class Visit:
    """A shadow shift that stands, as its host sees it (B1: name and job of who joins)."""

    shift_id: UUID
    slot_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    local_date: date
    state: State
    name: str
    title: str

    @property
    def interval(self) -> Interval:
        """The planned time."""
        return Interval(self.starts_at, self.ends_at)


def renewal(
    standing: Iterable[Standing],
    wanted: Iterable[Face],
    *,
    away_until: datetime | None = None,
    given_up: Collection[UUID] = (),
    busy: Sequence[Interval] = (),
) -> Plan:
    """Plan how to come from the slots a host has to those the hours give.

    Args:
        standing: Every slot of the host that has not begun, withdrawn ones too.
        wanted: As the hours give them; no two overlap.
        away_until: The host's break: what starts before is hidden (A3).
        given_up: Slots on which nothing but requests wait, and the host lets those end (6.4).
        busy: When the host has something else by their own diary: what overlaps is hidden (A1).

    Source: docs/rules.md, rules A1, A3, A5 and section 6.4.
    """
    known, offered = tuple(standing), tuple(wanted)
    kept = _kept(known, offered, given_up)
    taken = {span.start: span for span in kept.values()}
    left = {face.starts_at: face for face in offered if _room_for(face, taken)}
    changed: dict[UUID, Face] = {}
    states: dict[UUID, SlotState] = {}
    stay: dict[UUID, bool] = {}  # and whether nothing is open at its time
    for each in known:
        face = left.pop(each.face.starts_at, None)
        fits = face == each.face
        if each.id in kept and not fits:
            stay[each.id] = face is None
            state = SlotState.HIDDEN
        elif face is None:
            state = SlotState.WITHDRAWN
        else:
            state = _state(face, away_until, busy)
            changed |= {} if fits else {each.id: face}
        states |= {} if state == each.state else {each.id: state}
    new = tuple((face, _state(face, away_until, busy)) for face in left.values())
    return Plan(new, changed, states, frozenset(stay), _true(stay), _details(known, offered))


def _details(known: Iterable[Standing], offered: Iterable[Face]) -> Mapping[UUID, tuple[int, str]]:
    """Say what slots get that stay what they are; never fewer seats than are taken."""
    wanted = {face.starts_at: face for face in offered}
    found: dict[UUID, tuple[int, str]] = {}
    for each in known:
        face = wanted.get(each.face.starts_at)
        if face == each.face:
            then = (max(face.seats, each.taken), face.join_at)
            found |= {} if then == (each.face.seats, each.face.join_at) else {each.id: then}
    return found


def _true(marked: Mapping[UUID, bool]) -> frozenset[UUID]:
    return frozenset(each for each, is_true in marked.items() if is_true)


def _kept(
    known: Iterable[Standing], offered: Iterable[Face], given_up: Collection[UUID]
) -> Mapping[UUID, Interval]:
    """Find the taken slots that stay; what waits on closed hours ends, now or since they closed."""
    still_open = {face.starts_at for face in offered}
    return {
        each.id: each.face.interval
        for each in known
        if each.taken
        and (
            each.face.starts_at in still_open
            or not (each.id in given_up or each.state == SlotState.WITHDRAWN)
        )
    }


def _room_for(face: Face, taken: Mapping[datetime, Interval]) -> bool:
    """Say whether no other slot with a taken seat lies in the way; the host is in one place."""
    return not any(
        start != face.starts_at and span.overlaps(face.interval) for start, span in taken.items()
    )


def _state(face: Face, away_until: datetime | None, busy: Sequence[Interval]) -> SlotState:
    away = away_until is not None and face.starts_at < away_until
    away = away or bool(busy and clashes(face.interval, busy))
    return SlotState.HIDDEN if away else SlotState.OPEN


def clash(hours: Hours, others: Iterable[tuple[int, Hours]]) -> Hours | None:
    """Find hours that share time with *hours*, if there are any; closed ones share none.

    Args:
        hours: Inside their span, open.
        others: Each with the days from the date of *hours* to its own: -1 is the day before.
    """
    start, end = hours.minutes()
    for days, other in others:
        if other.mode != "closed":
            began, ended = (minute + 1440 * days for minute in other.minutes())
            if start < ended and began < end:
                return other
    return None


def around(weekday: int, rules: Iterable[WeeklyHours]) -> tuple[tuple[int, Hours], ...]:
    """Put weekly hours around a weekday, the nearest time of each, for `clash`."""
    return tuple(((rule.weekday - weekday + 3) % 7 - 3, rule.hours) for rule in rules)
