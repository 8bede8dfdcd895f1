"""Reminds hosts, seldom, that somebody waits for an hour of theirs (H9).

Whoever has opened something, takes a break or was paused hears nothing. What is said once counts
for a fortnight, whatever it was about; at night nothing leaves.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shadowing.domain.pacing import NUDGED_EVERY, NUDGES
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, nudges, people
from shadowing.store.journal import Telling
from shadowing.store.nudges import WantedHost

KIND: Final = "hours-wanted"
AHEAD: Final = timedelta(weeks=6)


def plan(work: Work) -> int:
    """Queue what hosts may hear now; safe to run as often and as many times as one likes.

    Returns:
        How many were reminded.

    Source: docs/rules.md, rule H9.
    """
    with work.read() as tx:
        found = _wanted(tx)
    return sum(_nudge(work, one) for one in found)


def _wanted(tx: Tx, *, only: WantedHost | None = None) -> tuple[WantedHost, ...]:
    return nudges.wanted(
        tx.db,
        kinds=NUDGES,
        now=tx.now,
        since=tx.now - NUDGED_EVERY,
        until=tx.now + AHEAD,
        host_id=only.host_id if only else None,
    )


@repeated
def _nudge(work: Work, one: WantedHost) -> bool:
    with work.write() as tx:
        # Of two workers that found somebody, the second finds them reminded.
        people.lock(tx.db, person_id=one.host_id)
        for still in _wanted(tx, only=one):
            telling = Telling(
                key=f"{KIND}:{still.host_id}:{tx.now.isoformat()}",
                kind=KIND,
                recipient_id=still.host_id,
                facts={"why": _words(still)},
            )
            journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)
            return True
        return False


def _words(one: WantedHost) -> str:
    who = "1 person waits" if one.waiting == 1 else f"{one.waiting} people wait"
    return f"{who} for hours like yours"
