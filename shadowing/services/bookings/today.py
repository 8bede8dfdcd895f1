"""What the day of a shift asks of one person, and what they may know of it (section 8.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.states import By, State
from shadowing.domain.bookings.timing import no_show_from
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, may
from shadowing.services.bookings import (
    absence,
    afterwards,
    answering,
    clearing,
    counting,
    recording,
    stepping,
)
from shadowing.services.bookings.counting import Counted
from shadowing.services.bookings.day import ID
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, days
from shadowing.store.bookings import Shift
from shadowing.store.days import Day
from shadowing.store.retention import COUNTS_KEPT

BEFORE_AND_DURING: Final = frozenset({State.CONFIRMED, State.CHECKED_IN})
ACTIONS: Final = (
    ("not-well", Action.SHIFT_CANCEL),
    ("no-show", Action.SHIFT_NO_SHOW),
    ("id-seen", Action.SHIFT_CHECK_IN),
    ("pause", Action.SHIFT_PAUSE),
    ("resume", Action.SHIFT_PAUSE),
    ("patients", Action.PATIENTS_RECORD),
    ("care", Action.SHIFT_CHECK_OUT),
    ("happened", Action.SHIFT_HAPPENED),
    ("enter", Action.SHIFT_ENTER),
    ("correct", Action.SHIFT_CORRECT),
    ("object", Action.SHIFT_OBJECT),
    ("took-place", Action.SHIFT_SETTLE),
    ("let-stand", Action.SHIFT_SETTLE),
    ("let-through", Action.SHIFT_LET_THROUGH),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of a visit, for those who may see them (8.1): pauses, and how patients were asked."""

    pauses: int
    patients_asked: bool | None
    preferred_not: int


@dataclass(frozen=True, slots=True)
class Today:
    """The day of a shift, in the eyes of one person.

    Attributes:
        moves: What they can do now; see ``ACTIONS``.
        outside: The visitor is out of the room just now.
        id_seen: Whether a photo ID was seen; nothing where that is not theirs to know.
        counts: Nothing where they are not theirs to see.
        said: Their own answer to "did it happen?".
        other_said: The other's, once both have given one.
        objected: The visitor said that "did not happen" is wrong, and nobody has looked yet.
        settled: Why the coordinator decided as they did; for the visitor and the coordinator.
        counted: Late cancels and absences of the cycle, for the visitor and the coordinator.
        noticed: When it was recorded that nobody came.
    """

    moves: tuple[str, ...] = ()
    outside: bool = False
    id_seen: bool | None = None
    counts: Counts | None = None
    said: bool | None = None
    other_said: bool | None = None
    objected: bool = False
    settled: str = ""
    counted: Counted | None = None
    noticed: datetime | None = None


def read(work: Work, actor: Actor, *, shift_id: UUID) -> Today:
    """Read the day of a shift as *actor* may see it.

    Raises:
        NotFound: They have no part in it, or there is none.
    """
    with work.read() as tx:
        return of_shift(tx, actor, bookings.find(tx.db, shift_id=shift_id))


def of_shift(tx: Tx, actor: Actor, shift: Shift) -> Today:
    """Read the day of a shift within a transaction that is open already."""
    part = answering.as_one_of(tx, shift, actor, Action.SHIFT_SEE).by
    kept = days.find(tx.db, shift_id=shift.id)
    moves = tuple(_possible(tx, actor, shift, kept))
    counted = _counted(tx, shift, actor, part)
    if kept is None:
        return Today(moves=moves, counted=counted)
    told = part in {By.OBSERVER, By.COORDINATOR}
    said, other = _said(kept, part)
    gone = shift.state is State.NO_SHOW
    return Today(
        moves=moves,
        outside=kept.outside,
        id_seen=None if part is By.OBSERVER else _id_seen(tx, shift),
        counts=_counts(kept, shift, actor, part, now=tx.now),
        said=said,
        other_said=other if said is not None or part is By.COORDINATOR else None,
        objected=told and absence.is_open(shift, kept),
        settled=kept.settled_reason if told else "",
        counted=counted,
        noticed=absence.recorded_at(tx, shift) if gone else None,
    )


def _id_seen(tx: Tx, shift: Shift) -> bool | None:
    if shift.unit_id is None or shift.state not in BEFORE_AND_DURING:
        return None
    return all(lack.code != ID for lack in clearing.of_shift(tx, shift))


def _said(kept: Day, part: By) -> tuple[bool | None, bool | None]:
    pair = (kept.observer_says, kept.host_says)
    return pair[::-1] if part is By.HOST else pair


def _counts(kept: Day, shift: Shift, actor: Actor, part: By, *, now: datetime) -> Counts | None:
    # After ninety days they are emptied, and a nought would say what nobody knows any more (8.3).
    known = shift.checked_in_at is not None and now < shift.ends_at + COUNTS_KEPT
    if not known or not may(actor, Action.PATIENTS_SEE, answering.relation(shift, part)):
        return None
    return Counts(kept.pauses, kept.patients_asked, kept.preferred_not)


def _counted(tx: Tx, shift: Shift, actor: Actor, part: By) -> Counted | None:
    if not may(actor, Action.COUNTED_SEE, answering.relation(shift, part)):
        return None
    on = tx.now.date()
    return counting.of_observer(tx, person_id=shift.observer_id, program_id=shift.program_id, on=on)


def _possible(tx: Tx, actor: Actor, shift: Shift, kept: Day | None) -> Iterator[str]:
    for name, action in ACTIONS:
        try:
            mover = answering.as_one_of(tx, shift, actor, action)
        except NotFound:
            continue
        if _timely(tx, shift, kept, name, by=mover.by):
            yield name


def _timely(tx: Tx, shift: Shift, kept: Day | None, name: str, *, by: By) -> bool:
    settings = timing(tx, shift)
    confirmed, present = shift.state is State.CONFIRMED, shift.state is State.CHECKED_IN
    if name == "let-through":
        return shift.state is State.REQUESTED and shift.held_back
    if name == "correct":
        return afterwards.can_correct(tx, shift)
    if name == "took-place":
        return absence.can_settle(tx, shift)
    if kept is None:
        return False
    open_after = confirmed and recording.within(shift, tx=tx)
    ahead = confirmed and tx.now < shift.ends_at
    return {
        "not-well": ahead and tx.now >= shift.starts_at - settings.late_cancel,
        # When it is over, host and visitor are asked "did it happen?" instead.
        "no-show": (ahead or (confirmed and by is not By.HOST))
        and tx.now >= no_show_from(shift.starts_at, settings=settings),
        "id-seen": present and by is not By.OBSERVER and _id_seen(tx, shift) is False,
        "pause": present and not kept.outside,
        "resume": present and kept.outside,
        "patients": stepping.can_count(shift, tx),
        "care": present and by is not By.OBSERVER,
        "happened": open_after,
        "enter": open_after,
        "object": absence.can_object(tx, shift, kept),
        "let-stand": absence.is_open(shift, kept),
    }[name]
