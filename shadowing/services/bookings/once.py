"""Asking under a key: a repeat of the same request is given the same answer, and asks nothing.

The answer is kept in the transaction of the booking itself: a client whose connection broke may
send again and learn what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shadowing.domain.errors import Refusal
from shadowing.domain.policy import Actor
from shadowing.services.bookings import looking, requesting
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import answers, people
from shadowing.store.answers import FirstAnswer

Told = tuple[int, Mapping[str, Any]]
Say = Callable[[looking.View | Refusal], Told]


class KeyReused(Refusal):
    """The key was used for another body."""

    code = "key_reused"
    field = "Idempotency-Key"


@repeated
def request(work: Work, actor: Actor, ask: Ask, *, key: str, digest: str, say: Say) -> Told:
    """Ask for a slot, once for each key; a refusal is an answer too.

    *digest* is of the whole body; *say* puts a shift or a refusal into the answer that is kept.

    Raises:
        KeyReused: The key came with another body before.
    """
    with work.write() as tx:
        people.lock(tx.db, person_id=actor.person_id)
        first = answers.find(tx.db, person_id=actor.person_id, key=key)
        if first is None:
            status, body = _ask(tx, actor, ask, say)
            first = FirstAnswer(digest, status, body)
            answers.keep(tx.db, first, person_id=actor.person_id, key=key, at=tx.now)
        if first.body_digest != digest:
            raise KeyReused(key=key)
        return first.status, first.body


def _ask(tx: Tx, actor: Actor, ask: Ask, say: Say) -> Told:
    try:
        with tx.db.begin_nested():
            shift = requesting.request_in(tx, actor, ask)
    except Refusal as refusal:
        return say(refusal)
    return say(looking.view(tx, actor, shift_id=shift.id))
