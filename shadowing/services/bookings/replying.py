"""A host answers a request from their calendar: the same yes and no as on the page (N4)."""

from __future__ import annotations

from uuid import UUID

from shadowing.domain.bookings.states import MoveNotAllowed
from shadowing.domain.errors import Refusal
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor
from shadowing.domain.replies import PartStat, Why
from shadowing.services.bookings import answering
from shadowing.services.work import Work
from shadowing.store import people, replies

SCOPES = frozenset({Action.SHIFT_ACCEPT, Action.SHIFT_DECLINE})


def run(work: Work) -> int:
    """Let every answer that came by calendar move the request it answers.

    What is refused on the page is refused here: the letter is put aside for the coordinator.

    Returns:
        How many answers were dealt with.
    """
    with work.read() as tx:
        due = replies.due(tx.db)
    for reply_id, shift_id, person_id, partstat in due:
        aside = _answer(work, shift_id=shift_id, person_id=person_id, partstat=partstat)
        with work.write() as tx:
            if aside:
                replies.put_aside(tx.db, reply_id=reply_id, why=aside)
            else:
                replies.settle(tx.db, reply_id=reply_id, at=tx.now, by=person_id)
    return len(due)


def _answer(work: Work, *, shift_id: UUID, person_id: UUID, partstat: str) -> Why | None:
    """Answer in the name of the host; say why it came to nothing, if somebody should know."""
    move = answering.accept if partstat == PartStat.ACCEPTED else answering.decline
    try:
        move(work, _host(work, person_id), shift_id=shift_id)
    except MoveNotAllowed:
        return None  # answered on the page meanwhile, taken back or lapsed: they know already
    except Refusal:
        return Why.REFUSED
    return None


def _host(work: Work, person_id: UUID) -> Actor:
    """Give the host with no more than a yes and a no."""
    with work.read() as tx:
        host = people.find(tx.db, person_id=person_id)
    return Actor(
        person_id=host.id,
        organization_id=host.organization_id,
        role=Role.HOST,
        roles=frozenset({Role.HOST}),
        name=host.name,
        scopes=SCOPES,
    )
