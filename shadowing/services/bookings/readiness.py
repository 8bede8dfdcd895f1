"""What stands between a visitor and the unit on the day: what stops, what warns, what is ticked.

Source: docs/rules.md, rules C4, C6, D2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.states import By, MoveNotAllowed, State
from shadowing.domain.bookings.timing import check_in_window
from shadowing.domain.clearance.evidence import Due, Effect, Missing
from shadowing.domain.errors import NotFound, Refusal
from shadowing.domain.policy import Action, Actor, may
from shadowing.services.bookings import answering, clearing, moves, ticking
from shadowing.services.bookings.pace import timing
from shadowing.services.bookings.ticking import WELL
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import people
from shadowing.store.bookings import Shift

STOPS: Final = frozenset({Effect.BLOCK, Effect.BLOCK_AT_CHECK_IN})
WARNS: Final = frozenset({Effect.WARN, Effect.WARN_AT_CHECK_IN, Effect.LOCAL})
LIMITS: Final = (Effect.BLOCK_ROOM, Effect.MASK)
ON_THE_DAY: Final = frozenset({Due.BEFORE_SHIFT, Due.AT_CHECK_IN})
READS_ALL: Final = frozenset({By.OBSERVER, By.COORDINATOR})
TICKED_BY: Final = {
    "observer": By.OBSERVER,
    "host": By.HOST,
    "unit_manager": By.UNIT,
    "coordinator": By.COORDINATOR,
}
"""In which part somebody ticks a rule that names this role."""


class NotReady(Refusal):
    """Something has to be done before check-in (C4, C6). Fact: ``missing``."""

    code = "not_ready"


class NotClearedNow(Refusal):
    """The visitor is not cleared; what is missing is not this person's to know (C6, 8.1)."""

    code = "not_cleared_now"


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing to tick for a shift, by whoever looks.

    Attributes:
        words: What is ticked.
        done: It is ticked already.
        stops: Without it there is no check-in.
    """

    code: str
    label: str
    words: tuple[str, ...]
    done: bool
    stops: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """What a host and a unit have to enforce, without why (C4, 8.1)."""

    effect: Effect
    code: str
    label: str


def check_in_blocks(tx: Tx, shift: Shift) -> tuple[Missing, ...]:
    """List what forbids a check-in now: what blocks and lapsed after all, and ticks of the day.

    The tick "well today" is not among them: whoever checks in gives it (D2).

    Source: docs/rules.md, rules C4 and C6.
    """
    lacks = clearing.of_shift(tx, shift)
    return tuple(lack for lack in lacks if lack.effect in STOPS and lack.code != WELL)


def check_in_warnings(tx: Tx, shift: Shift) -> tuple[Missing, ...]:
    """List what does not forbid a check-in and is said all the same (C4)."""
    return tuple(lack for lack in clearing.of_shift(tx, shift) if lack.effect in WARNS)


def check_ready(tx: Tx, shift: Shift, *, part: By) -> None:
    """Refuse a check-in while something forbids it.

    Raises:
        NotReady: With what is missing; for host and unit only what is theirs or the visitor's to
            tick on the spot.
        NotClearedNow: What is missing is not theirs to know.
    """
    lacks = check_in_blocks(tx, shift)
    if not lacks:
        return
    shown = [lack for lack in lacks if part in READS_ALL or lack.due in ON_THE_DAY]
    if len(shown) < len(lacks):
        raise NotClearedNow(shift_id=shift.id)
    raise NotReady(missing=tuple(lack.label for lack in shown))


def limits(tx: Tx, shift: Shift) -> tuple[Limit, ...]:
    """List what host and unit have to enforce while the visitor is there (C4)."""
    found = clearing.of_shift(tx, shift)
    return tuple(
        Limit(lack.effect, lack.code, lack.label) for lack in found if lack.effect in LIMITS
    )


def ticks(tx: Tx, shift: Shift, *, parts: Iterable[By]) -> tuple[Tick, ...]:
    """List what is to be ticked for a shift by somebody who stands in *parts* to it.

    What is due before the shift can be ticked as soon as it is confirmed, what is due at check-in
    from then on.
    """
    window = check_in_window(shift.starts_at, shift.ends_at, settings=timing(tx, shift))
    if shift.unit_id is None or shift.state is not State.CONFIRMED or tx.now >= shift.ends_at:
        return ()
    observer = people.find(tx.db, person_id=shift.observer_id)
    unit = people.find_unit(tx.db, unit_id=shift.unit_id)
    known = clearing.record(tx, observer)
    about = clearing.booked(shift)
    lacks = {
        lack.code for lack in clearing.missing(known, unit=unit, span=shift.interval, about=about)
    }
    mine = frozenset(parts)
    return tuple(
        Tick(
            code=each.code,
            label=each.label,
            words=each.text,
            done=each.code not in lacks,
            stops=Effect(each.on_lapse) in STOPS,
        )
        for each in ticking.asked(known, unit, shift)
        if TICKED_BY.get(each.attest) in mine
        and Due(each.due) in ON_THE_DAY
        and each.code != WELL
        and (Due(each.due) is Due.BEFORE_SHIFT or window.start <= tx.now)
    )


@repeated
def tick(work: Work, actor: Actor, *, shift_id: UUID, codes: Iterable[str]) -> tuple[str, ...]:
    """Tick something for a shift: the visitor, the host or the unit, each their own (C7, D2).

    Returns:
        The codes that were put on record.

    Raises:
        NotFound: The person has no part in this shift, or nothing there to tick.
        MoveNotAllowed: The shift is not confirmed, or is over.
    """
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        found = parts_of(tx, shift, actor)
        if not found:
            raise NotFound(shift_id=shift_id)
        if shift.state is not State.CONFIRMED or tx.now >= shift.ends_at:
            raise MoveNotAllowed(state=shift.state, wanted=State.CHECKED_IN)
        mine = {each.code for each in ticks(tx, shift, parts=found)}
        return ticking.tick(tx, shift, codes=mine & set(codes), by_id=actor.person_id)


def parts_of(tx: Tx, shift: Shift, actor: Actor) -> tuple[By, ...]:
    """List in which parts *actor* may tick something for a shift."""
    parts = moves.part_of(
        tx, shift, person_id=actor.person_id, organization_id=actor.organization_id
    )
    return tuple(
        part
        for part in parts
        if may(actor, Action.CREDENTIAL_TICK, answering.relation(shift, part))
    )
