"""Who is told what when a shift comes to rest in a state, and who never is.

Source: docs/rules.md, section 6.2, column "Told".
"""

from __future__ import annotations

from dataclasses import dataclass

from shadowing.domain.bookings.states import By, State

OBS, HST, BKP, UNIT, CRD = By.OBSERVER, By.HOST, By.BACKUP, By.UNIT, By.COORDINATOR

TOLD: dict[State, tuple[tuple[By, str], ...]] = {
    State.REQUESTED: ((HST, "request-received"),),
    State.HOST_ACCEPTED: ((OBS, "host-said-yes"), (UNIT, "unit-asked")),
    State.UNIT_APPROVED: (
        (OBS, "waiting-for-clearance"),
        (HST, "waiting-for-clearance"),
        (UNIT, "waiting-for-clearance"),
    ),
    State.CLEARED: (),
    State.CONFIRMED: (
        (OBS, "invitation"),
        (HST, "invitation"),
        (BKP, "backup-told"),
        (UNIT, "unit-told"),
    ),
    State.CHECKED_IN: ((OBS, "checked-in"), (HST, "checked-in")),
    State.COMPLETED: ((OBS, "shift-done"), (HST, "shift-done")),
    State.ENDED_EARLY: ((OBS, "ended-early"), (HST, "ended-early"), (UNIT, "ended-early")),
    State.DEBRIEFED: (),
    State.CLOSED: ((OBS, "promises"), (HST, "promises"), (UNIT, "promises")),
    State.DECLINED: ((OBS, "not-available"), (HST, "cancelled")),
    State.WITHDRAWN: ((HST, "withdrawn"), (UNIT, "withdrawn"), (OBS, "cancelled")),
    State.EXPIRED: (
        (OBS, "not-available"),
        (HST, "released"),
        (BKP, "released"),
        (UNIT, "released"),
    ),
    State.CANCELLED_BY_OBSERVER: (
        (HST, "cancelled-by-visitor"),
        (BKP, "cancelled-by-visitor"),
        (UNIT, "cancelled-by-visitor"),
        (OBS, "cancelled"),
    ),
    State.CANCELLED_BY_HOST: (
        (OBS, "not-available"),
        (HST, "cancelled"),
        (BKP, "released"),
        (UNIT, "released"),
    ),
    State.CLINICAL_OVERRIDE: (
        (OBS, "stopped-for-care"),
        (HST, "cancelled"),
        (BKP, "released"),
        (UNIT, "released"),
    ),
    State.NO_SHOW: ((OBS, "did-not-happen"), (CRD, "absence-recorded")),
}

MOVED: dict[State, tuple[tuple[By, str], ...]] = {
    State.REQUESTED: ((HST, "request-received"),),
    State.HOST_ACCEPTED: ((OBS, "host-said-yes"), (HST, "invitation"), (UNIT, "unit-asked")),
    **dict.fromkeys(
        (State.UNIT_APPROVED, State.CLEARED),
        ((OBS, "invitation"), (HST, "invitation"), (UNIT, "unit-moved")),
    ),
    State.CONFIRMED: (
        (OBS, "invitation"),
        (HST, "invitation"),
        (BKP, "backup-told"),
        (UNIT, "unit-moved"),
    ),
}
"""Who is told what when a shift that keeps its state goes to another time (B9)."""
ONLY_WITH_EVENT = frozenset({"invitation", "cancelled"})
TELLS_THE_UNIT = frozenset(
    {State.HOST_ACCEPTED, State.UNIT_APPROVED, State.CONFIRMED, State.CLOSED},
)
BEFORE_THE_UNIT_KNEW = frozenset({None, State.REQUESTED})


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one side of a shift."""

    to: By
    kind: str


def letters(
    before: State | None, *, after: State, mover: By, host_knows: bool = True
) -> tuple[Letter, ...]:
    """List who is told what when a shift goes from *before* and comes to rest in *after*.

    The person who made the move knows it; the letter to them stays only where it carries a change
    to their own calendar. A unit that was never told of a shift is not told of its end. A backup
    hears that clearance takes a confirmed shift back (C6).

    Args:
        before: Where the shift rested before, nowhere for a new one.
        after: Where it rests now.
        mover: In whose part the move was made.
        host_knows: The host was told of it; of a request that waits for the coordinator first, and
            of what becomes of it there, the host is told nothing (D3).
    """
    found = []
    if after is State.REQUESTED and not host_knows:
        found.append(Letter(CRD, "request-held"))
    for to, kind in TOLD[after]:
        if to is HST and not host_knows:
            continue
        if to is mover and kind not in ONLY_WITH_EVENT:
            continue
        if to is UNIT and after not in TELLS_THE_UNIT and before in BEFORE_THE_UNIT_KNEW:
            continue
        found.append(Letter(to, kind))
    if after is State.UNIT_APPROVED and before is State.CONFIRMED:
        found.append(Letter(BKP, "waiting-for-clearance"))
    return tuple(found)


def moved_letters(state: State, *, mover: By) -> tuple[Letter, ...]:
    """List who is told what when a shift in *state* goes to another time or host (B9, B12)."""
    return tuple(
        Letter(to, kind)
        for to, kind in MOVED.get(state, ())
        if to is not mover or kind in ONLY_WITH_EVENT
    )


def swapped_letters(state: State, *, mover: By) -> tuple[Letter, ...]:
    """List who is told what when a shift in *state* has another host (B12)."""
    found = [Letter(OBS, "host-swapped"), Letter(HST, "invitation")]
    if state is State.CONFIRMED:
        found.append(Letter(BKP, "backup-told"))
    if state is State.CONFIRMED and mover is not UNIT:
        found.append(Letter(UNIT, "unit-told"))
    return tuple(found)
