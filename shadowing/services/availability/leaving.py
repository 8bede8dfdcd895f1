"""A host stops hosting, at once, and may begin again (P8).

Slots are withdrawn here; the shifts ahead are cancelled by whoever calls, or by the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.availability.renewal import Visit
from shadowing.domain.bookings.states import AHEAD, By
from shadowing.domain.errors import Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.availability import horizon
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import hosting, hours, journal, people
from shadowing.store.journal import Entry

EVER: Final = timedelta(days=3660)


class ShiftsAhead(Refusal):
    """Shifts would be cancelled that the host has not seen listed. Facts: ``visits``."""

    code = "shifts_ahead"


def ahead(work: Work, actor: Actor) -> tuple[Visit, ...]:
    """List the shifts and requests that end when this host stops.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.read() as tx:
        return _ahead(tx, actor.person_id)


@repeated
def leave(work: Work, actor: Actor, *, agreed: Iterable[UUID]) -> None:
    """Stop hosting: every slot is withdrawn, and nothing is open until the host begins again.

    Raises:
        NotAllowed: *actor* does not act as a host.
        ShiftsAhead: Some are not among *agreed*.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        if host.left_hosting_at:
            return
        visits = _ahead(tx, host.id)
        if not frozenset(agreed).issuperset(visit.shift_id for visit in visits):
            raise ShiftsAhead(visits=visits)
        hosting.change(tx.db, host_id=host.id, left_hosting_at=tx.now)
        on = horizon.ground(tx, replace(host, left_hosting_at=tx.now))
        by = Entry("host.left", "person", host.id, host.id, By.HOST, code="left")
        journal.record(tx.db, by, at=tx.now)
        given_up = [visit.slot_id for visit in visits if visit.slot_id]
        horizon.renew(tx, on, by=by, given_up=given_up)


@repeated
def come_back(work: Work, actor: Actor) -> None:
    """Host again, with the hours there were.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        if host.left_hosting_at is None:
            return
        hosting.change(tx.db, host_id=host.id, left_hosting_at=None)
        by = Entry("host.came_back", "person", host.id, host.id, By.HOST, code="came_back")
        journal.record(tx.db, by, at=tx.now)
        horizon.renew(tx, horizon.ground(tx, replace(host, left_hosting_at=None)), by=by)


def _ahead(tx: Tx, host_id: UUID) -> tuple[Visit, ...]:
    span = Interval(tx.now, tx.now + EVER)
    return tuple(
        visit for visit in hours.visits(tx.db, host_id=host_id, span=span) if visit.state in AHEAD
    )
