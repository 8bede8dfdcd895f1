"""Whose talks follow a cohort day: one by one, each with the locks of any other move (B14)."""

from __future__ import annotations

from uuid import UUID

from shadowing.services.bookings import joint, moves, waiting
from shadowing.services.work import Work, repeated
from shadowing.store import cohort, debriefs


def settle(work: Work, *, day_id: UUID | None = None) -> int:
    """Put the talk of every shift where its day says; gives how many moved.

    It is asked afresh each time what is left to do: ended in the middle, the next run goes on.

    Source: docs/rules.md, rule B14.
    """
    with work.read() as tx:
        found = cohort.unsettled(tx.db, at=tx.now, day_id=day_id)
    return sum(settle_one(work, shift_id=shift_id) for shift_id in found)


@repeated
def settle_one(work: Work, *, shift_id: UUID) -> int:
    """Put the talk of one shift where its day says; gives 1 where it moved."""
    with work.write() as tx:
        shift = moves.keep(tx, shift_id=shift_id)
        held = debriefs.find(tx.db, shift_id=shift_id)
        if held is None or held.state not in cohort.WAITS or shift.state not in cohort.FOLLOWS:
            return 0
        day = joint.day_of(tx, shift)
        points = (day.id, day.version) if day else (None, None)
        if points == (held.cohort_day_id, held.cohort_version):
            return 0
        joint.put_anew(tx, shift, keeps=held.interval)
        waiting.note(tx, shift, mover=moves.CLOCK, event="debrief.moved", code="cohort_day")
        moves.announce_changed(tx, shift, mover=moves.CLOCK, renewed_talk=True)
        return 1
