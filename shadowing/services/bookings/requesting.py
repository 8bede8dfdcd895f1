"""Asking for whatever has an id: hours on a unit, or a meeting of an administrator (B1, B16)."""

from __future__ import annotations

from shadowing.domain.policy import Actor
from shadowing.services.bookings import asking, meetings
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import meetings as offered
from shadowing.store.bookings import Shift


@repeated
def request(work: Work, actor: Actor, ask: Ask) -> Shift:
    """Ask for a seat of a slot, whichever kind it is.

    Raises:
        NotAllowed: *actor* may not ask for slots of that kind.
        Refusal: Any reason of ``reasons_against``; the first one found.

    Source: docs/rules.md, rules B1 to B8 and B16.
    """
    with work.write() as tx:
        return request_in(tx, actor, ask)


def request_in(tx: Tx, actor: Actor, ask: Ask) -> Shift:
    """Ask within a transaction that is open already; see :func:`request`."""
    if offered.is_one(tx.db, slot_id=ask.slot_id):
        return meetings.ask_in(tx, actor, ask)
    return asking.request_in(tx, actor, ask)
