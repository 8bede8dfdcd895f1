"""A shift and its people as somebody in one part may know them (section 8.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from shadowing.adapters import reference
from shadowing.domain.bookings import joining
from shadowing.domain.bookings.states import By, State
from shadowing.domain.notifications import host_is_named
from shadowing.domain.policy import Action, Actor, may
from shadowing.services.bookings import answering
from shadowing.store.bookings import Shift
from shadowing.store.people import Person

SILENT: Final = frozenset({State.DECLINED, State.EXPIRED, State.CANCELLED_BY_HOST})
"""Ends that are told as "not available", whichever of them it was and whoever made it (8.1)."""
NOT_AVAILABLE: Final = "not_available"
TOLD_APART: Final = "clearance"
LEARN_NO_MORE: Final = frozenset({By.OBSERVER, By.UNIT, By.BACKUP})
SEEN_BY: Final[Mapping[str, frozenset[By]]] = {
    "sheet.entered": frozenset({By.HOST, By.UNIT, By.COORDINATOR}),
    "day.said": frozenset(),
    "day.objected": frozenset({By.OBSERVER, By.COORDINATOR}),
    "day.let_stand": frozenset({By.OBSERVER, By.COORDINATOR}),
    "shift.let_through": frozenset({By.OBSERVER, By.COORDINATOR}),
}
"""What happened of which only some in a shift are told; all else is told to all in it (D3, D10)."""
FOR_THE_PROGRAM: Final = frozenset({"unwell"})
"""Codes that the coordinator reads, and whoever gave them; to all others it is told neutrally."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One person as another sees them; a blind slot's host has no name yet (A2, A10)."""

    name: str
    words: str
    side: str


def face(shift: Shift, *, part: By) -> str:
    """Name the state of a shift as somebody in *part* may know it.

    Neither the observer nor the unit learns that a host said no or called it off; that clearance
    was not met in time is the observer's own affair (sections 6.2 and 8.1).
    """
    silent = part in LEARN_NO_MORE and shift.state in SILENT
    return NOT_AVAILABLE if silent and shift.reason != TOLD_APART else shift.state.value


def as_told(shift: Shift, actor: Actor, *, part: By) -> Shift:
    """Leave out of a shift what is not theirs to read (8.1): goal, access needs, where to join."""
    in_it = actor.hand_id is None and actor.person_id in {shift.observer_id, shift.host_id}
    reads_goal = may(actor, Action.GOAL_SEE, answering.relation(shift, part))
    return replace(
        shift,
        goal=shift.goal if reads_goal else "",
        access_needs=shift.access_needs if part is not By.COORDINATOR else "",
        join_at=joining.told(shift.kind, shift.join_at, state=shift.state, in_it=in_it),
        note=shift.note if part in {By.OBSERVER, By.HOST} else "",
    )


def seen_person(person: Person, *, side: str) -> Seen:
    """Show a person by name and by what they do."""
    role = reference.load().roles.get(person.host_role)
    name = f"{person.name}, {person.post_nominal}" if person.post_nominal else person.name
    return Seen(name, role.label if role and side == "c" else person.title, side)


def seen_host(shift: Shift, person: Person, *, part: By) -> Seen:
    """Show the host; of a blind slot no name before it is confirmed (A10)."""
    named = part is not By.OBSERVER or host_is_named(shift.mode, state=shift.state)
    seen = seen_person(person, side="c")
    return seen if named else Seen("", seen.words, seen.side)
