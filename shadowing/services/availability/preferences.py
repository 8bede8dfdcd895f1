"""Whom a host prefers beside them where care is intimate (A2); it filters silently.

Source: docs/rules.md, rule A2.
"""

from __future__ import annotations

from shadowing.adapters import reference
from shadowing.domain.bookings.states import By
from shadowing.domain.errors import BadValue
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.work import Work, repeated
from shadowing.store import hosting, journal, people
from shadowing.store.journal import Entry


@repeated
def prefer(work: Work, actor: Actor, *, prefers: str) -> None:
    """Say whom one prefers, or (empty) that anybody may come. Booked shifts stay.

    Raises:
        NotAllowed: *actor* does not act as a host.
        BadValue: Field ``prefers``.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    if prefers and prefers not in reference.load().lists["self_descriptions"]:
        raise BadValue(field="prefers", problem="unknown_choice", value=prefers)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        hosting.prefer(tx.db, host_id=host.id, prefers=prefers)
        # What was chosen is nobody's to read, the audit log's readers included.
        by = Entry("host.preference", "person", host.id, host.id, By.HOST)
        journal.record(tx.db, by, at=tx.now)


def preferred(work: Work, actor: Actor) -> str:
    """Read whom one prefers; empty where anybody may come.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_SEE)
    with work.read() as tx:
        return hosting.prefers(tx.db, host_id=actor.person_id)
