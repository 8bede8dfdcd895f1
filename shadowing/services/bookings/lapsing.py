"""Clearance that lapses or comes back, and what becomes of the shifts that hang on it (C5, C6).

People are looked at again when something about them changed, and every night; shift by shift, each
in a transaction of its own.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.bookings.timing import no_show_from
from shadowing.services.bookings import clearing, foretelling, gate, moves
from shadowing.services.bookings.pace import timing
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings
from shadowing.store.bookings import Shift
from shadowing.store.clearance import rechecks
from shadowing.store.engine import DatabaseBusy

AT_ONCE: Final = 50
LAPSED: Final = "clearance_lapsed"
TOLD: Final = "clearance"
LONGEST_NOTICE: Final = timedelta(days=7)
SOONEST_ABSENCE: Final = timedelta(minutes=10)
"""What any program may set: shifts are looked at from there on, and each by its own program."""
LOG: Final = logging.getLogger(__name__)


def run(work: Work) -> int:
    """Look again at everybody whose turn it is; somebody who fails waits, and holds up nobody.

    Returns:
        How many shifts moved.
    """
    moved = 0
    while True:
        with work.read() as tx:
            turns = rechecks.due(tx.db, at=tx.now, limit=AT_ONCE)
        for turn in turns:
            try:
                moved += look_again(work, person_id=turn.person_id)
            except DatabaseBusy:
                raise
            except Exception:  # the others are looked at all the same
                LOG.exception("the shifts of %s could not be looked at again", turn.person_id)
                with work.write() as tx:
                    rechecks.put_off(tx.db, turn, at=tx.now)
                continue
            with work.write() as tx:
                rechecks.end(tx.db, turn)
        if len(turns) < AT_ONCE:
            return moved


def nightly(work: Work) -> int:
    """Queue everybody who has a shift ahead (C6).

    Returns:
        How many were queued.
    """
    with work.write() as tx:
        return rechecks.add_everybody(tx.db, at=tx.now)


def look_again(work: Work, *, person_id: UUID) -> int:
    """Look again at all shifts of one person that lie ahead; safe to repeat.

    Returns:
        How many of them moved.
    """
    with work.read() as tx:
        ahead = bookings.of_person(
            tx.db, person_id=person_id, states=AHEAD - {State.REQUESTED}, part="observer"
        )
        coming = sorted(ahead, key=lambda shift: shift.starts_at)
        ids = [shift.id for shift in coming if shift.ends_at > tx.now]
    return sum(_look(work, shift_id=shift_id) for shift_id in ids)


@repeated
def _look(work: Work, *, shift_id: UUID) -> int:
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        moved = _settled(tx, shift)
        foretelling.tell_coming(tx, moved)
        foretelling.tell_lapsed(tx, moved)
        if moved.state is shift.state:
            return 0
        moves.announce(tx, moved, before=shift.state, mover=moves.CLOCK)
        return 1


def _settled(tx: Tx, shift: Shift) -> Shift:
    """Move a shift to where its clearance puts it; after the deadline nothing is held back."""
    if shift.state in {State.UNIT_APPROVED, State.CLEARED}:
        return moves.advance(tx, shift)
    if shift.state is not State.CONFIRMED or tx.now >= clearing.release_at(tx, shift):
        return shift
    lacks = gate.blocking(tx, shift)
    if not lacks:
        return shift
    code = " ".join([LAPSED, *(lack.code for lack in lacks)])[:60]
    return moves.step(tx, shift, to=State.UNIT_APPROVED, mover=moves.CLOCK, code=code)


def release(work: Work) -> int:
    """Let go of agreed shifts that were not cleared in time, and of those that cannot begin.

    At the deadline where they wait for clearance (C5); ``noshow_after`` the start where clearance
    lapsed after it (C6). Neither is counted.

    Returns:
        How many were let go.
    """
    with work.read() as tx:
        soon = bookings.ids_starting_by(
            tx.db,
            states=(State.UNIT_APPROVED, State.CLEARED),
            instant=tx.now + LONGEST_NOTICE,
        )
        begun = bookings.ids_starting_by(
            tx.db, states=(State.CONFIRMED,), instant=tx.now - SOONEST_ABSENCE
        )
    return sum(_release(work, shift_id=shift_id) for shift_id in (*soon, *begun))


@repeated
def _release(work: Work, *, shift_id: UUID) -> int:
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        if not _is_over(tx, shift) or not gate.blocking(tx, shift):
            return 0
        gone = moves.step(tx, shift, to=State.EXPIRED, mover=moves.CLOCK, code=TOLD, reason=TOLD)
        moves.announce(tx, gone, before=shift.state, mover=moves.CLOCK)
        return 1


def _is_over(tx: Tx, shift: Shift) -> bool:
    if shift.state in {State.UNIT_APPROVED, State.CLEARED}:
        return tx.now >= clearing.release_at(tx, shift)
    # When it is over nobody can begin it any more: then it is asked whether it took place (D10).
    begun = no_show_from(shift.starts_at, settings=timing(tx, shift)) <= tx.now < shift.ends_at
    return shift.state is State.CONFIRMED and begun
