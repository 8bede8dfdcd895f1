"""A load that pauses itself: shifts that cost a host much, twice in a cycle (A4, S0.6).

The host alone is told, and their open slots are hidden until they open them again. A break is
something else: each ends without the other.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import By
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.availability import horizon
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import hosting, journal, people, programs
from shadowing.store.journal import Entry, Telling
from shadowing.store.people import Person

CODE = "load"
LETTER = "load-paused"


def pause_costly(work: Work) -> int:
    """Hide the open slots of every host whose shifts cost too much; safe to run twice.

    Returns:
        How many hosts were paused.
    """
    with work.read() as tx:
        found = hosting.strains(tx.db)
        most = {
            organization_id: _allowed(tx, organization_id)
            for organization_id in {each.organization_id for each in found}
        }
    due = {each.host_id for each in found if each.times >= most[each.organization_id]}
    return sum(_pause(work, host_id) for host_id in sorted(due))


@repeated
def _pause(work: Work, host_id: UUID) -> bool:
    with work.write() as tx:
        host = people.lock(tx.db, person_id=host_id)
        allowed = _allowed(tx, host.organization_id)
        if not any(each.times >= allowed for each in hosting.strains(tx.db, host_id=host_id)):
            return False
        by = Entry("host.load_paused", "person", host_id, code=CODE)
        _renew(tx, replace(host, load_paused_at=tx.now), by)
        hosting.change(tx.db, host_id=host_id, load_paused_at=tx.now)
        told = Telling(f"{LETTER}:{host_id}:{tx.now.isoformat()}", LETTER, host_id)
        journal.tell(tx.db, told, at=tx.now, domain=tx.domain)
        return True


@repeated
def reopen(work: Work, actor: Actor) -> None:
    """Offer one's slots again; counting begins anew.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        if host.load_paused_at is None:
            return
        hosting.change(tx.db, host_id=host.id, load_paused_at=None, load_reopened_at=tx.now)
        by = Entry("host.load_reopened", "person", host.id, host.id, By.HOST, code=CODE)
        _renew(tx, replace(host, load_paused_at=None), by)


def _renew(tx: Tx, host: Person, by: Entry) -> None:
    journal.record(tx.db, by, at=tx.now)
    horizon.renew(tx, horizon.ground(tx, host), by=by)


def _allowed(tx: Tx, organization_id: UUID) -> int:
    """Say how many costly shifts in a cycle pause a host."""
    known = reference.load()
    rules = programs.rules_for(tx.db, organization_id=organization_id, known=known)
    return rules.number("cost_pause")
