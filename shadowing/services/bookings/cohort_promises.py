"""The follow-up list of a cohort day: its promises, the most important first (B14)."""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.cohort import reordered
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.services.bookings import cohort_notes
from shadowing.services.work import Work, repeated
from shadowing.store import cohort, cohort_promises
from shadowing.store.cohort_promises import Promise

__all__ = ["Promise", "listed", "move"]


def listed(work: Work, actor: Actor, *, day_id: UUID) -> tuple[Promise, ...]:
    """List the promises of a day in their order.

    Raises:
        NotFound: It is of no program that *actor* coordinates.
    """
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.read() as tx:
        if cohort.find(tx.db, day_id=day_id).organization_id != actor.organization_id:
            raise NotFound(day_id=day_id)
        return cohort_promises.of_day(tx.db, day_id=day_id)


@repeated
def move(work: Work, actor: Actor, *, day_id: UUID, commitment_id: UUID, up: bool) -> None:
    """Put a promise one place *up* the list, or down.

    Raises:
        NotFound: It is of no program that *actor* coordinates, or no promise of the day.
    """
    authorise(actor, Action.COHORT_PLAN, Relation.PROGRAM)
    with work.write() as tx:
        day = cohort.lock(tx.db, day_id=day_id)
        if day.organization_id != actor.organization_id:
            raise NotFound(day_id=day_id)
        ids = [each.id for each in cohort_promises.of_day(tx.db, day_id=day_id)]
        if commitment_id not in ids:
            raise NotFound(commitment_id=commitment_id)
        wanted = reordered(ids, commitment_id, up=up)
        cohort_promises.put_in_order(tx.db, day_id=day_id, ids=wanted)
        cohort_notes.note(tx, actor, day_id, event="ranked", at=day.state, to=day.state)
