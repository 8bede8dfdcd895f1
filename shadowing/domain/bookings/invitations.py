"""What should stand in whose calendar, and what must be sent to make it so.

Each person has an event of their own for the shift and one for the debrief, with one UID for life.
A sequence only rises. What was cancelled comes back as the next version of the same event, if at
all.

Source: docs/rules.md, rules F1, F5, N2; RFC 5546 2.1.4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shadowing.domain.bookings.states import By, State, calendar_status
from shadowing.domain.interval import Interval

SHIFT = "shift"
DEBRIEF = "debrief"
CONFIRMED = "CONFIRMED"
CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Event:
    """One person's event as it was last sent; ``sequence`` is -1 before it ever was."""

    id: UUID
    shift_id: UUID
    person_id: UUID
    kind: str
    uid: str
    sequence: int
    stamp: datetime
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Wish:
    """One person's event as it should be."""

    person_id: UUID
    kind: str
    span: Interval
    status: str


def wishes(
    state: State,
    *,
    observer_id: UUID,
    host_id: UUID,
    span: Interval,
    debrief: Interval | None,
) -> tuple[Wish, ...]:
    """List what both calendars should hold while a shift is in *state* (rule N2)."""
    found: list[Wish] = []
    for person_id, side in ((observer_id, By.OBSERVER), (host_id, By.HOST)):
        status = calendar_status(state, side=side)
        if status and state is not State.NO_SHOW:
            found.append(Wish(person_id, SHIFT, span, status))
        if status and debrief and state not in {State.REQUESTED, State.HOST_ACCEPTED}:
            found.append(Wish(person_id, DEBRIEF, debrief, status))
    return tuple(found)


def outdated(
    wanted: Iterable[Wish],
    *,
    existing: Iterable[Event],
    at: datetime,
    pair: Collection[UUID] = (),
    anew: Collection[tuple[UUID, str]] = (),
) -> tuple[tuple[Event | None, Wish], ...]:
    """Pair each wish that is not yet true with the event it changes, or with nothing if new.

    A wish to cancel what was never sent is no wish. An event that was cancelled lives again where
    it is wished for again, one version later, under the same UID (B9, N2).

    Args:
        wanted: What both calendars should hold.
        existing: All events of the shift.
        at: Now.
        pair: The two it concerns, where they may have changed: events of others are cancelled.
        anew: Person and kind of events that get a new version even if they are true: an event says
            more than its time.
    """
    known = {(event.person_id, event.kind): event for event in existing}
    found: list[tuple[Event | None, Wish]] = []
    for wish in wanted:
        event = known.get((wish.person_id, wish.kind))
        if event is None or event.status == CANCELLED:
            if wish.status != CANCELLED and wish.span.end > at:
                found.append((event, wish))
        elif not _true(wish, event) or (
            (wish.person_id, wish.kind) in anew and wish.status != CANCELLED
        ):
            found.append((event, wish))
    left = [event for event in known.values() if pair and event.person_id not in pair]
    found += [(event, _ended(event)) for event in left if event.status != CANCELLED]
    return tuple(found)


def _ended(event: Event) -> Wish:
    span = Interval(event.starts_at, event.ends_at)
    return Wish(event.person_id, event.kind, span, CANCELLED)


def _true(wish: Wish, event: Event) -> bool:
    same_time = (event.starts_at, event.ends_at) == (wish.span.start, wish.span.end)
    return event.status == wish.status and (same_time or wish.status == CANCELLED)


def raised(event: Event, *, to: Wish, at: datetime) -> Event:
    """Give the event its next version; the stamp strictly rises, in whole seconds.

    A cancelled event keeps the time it was last announced for (RFC 5546 3.2.5).
    """
    moved = (
        event
        if to.status == CANCELLED
        else replace(
            event,
            starts_at=to.span.start,
            ends_at=to.span.end,
        )
    )
    stamp = max(at.replace(microsecond=0), event.stamp + timedelta(seconds=1))
    return replace(moved, sequence=event.sequence + 1, stamp=stamp, status=to.status)
