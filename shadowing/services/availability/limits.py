"""A host says how much they host: stricter at once, looser only where the program lets them.

Source: docs/rules.md, rule A4.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from shadowing.domain.bookings.states import By
from shadowing.domain.errors import Stale
from shadowing.domain.limits import Limits, check, limits
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.availability import horizon
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import hosting, journal, people
from shadowing.store.journal import Entry
from shadowing.store.people import Person

SET: Final = "host.limits"
UNDO_WITHIN: Final = timedelta(minutes=10)
NONE: Final = "-"


@repeated
def set_limits(work: Work, actor: Actor, *, max_per_month: int, cool_down_days: int) -> None:
    """Set one's own limits; they hold from now on, and booked shifts stay.

    Raises:
        NotAllowed: *actor* does not act as a host.
        BadValue: ``out_of_range``, with the field.
        LimitLooser: One would be looser than before, and the program does not allow that.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        rules = horizon.rules(tx, host)
        wanted = Limits(max_per_month, cool_down_days)
        now = limits(rules, max_per_month=host.max_per_month, cool_down_days=host.cool_down_days)
        check(wanted, now=now, rules=rules)
        _set(tx, host, wanted.max_per_month, wanted.cool_down_days)


@repeated
def undo(work: Work, actor: Actor) -> None:
    """Take back what one set within the last ten minutes, though it was looser before.

    Raises:
        NotAllowed: *actor* does not act as a host.
        Stale: Nothing was set in that time.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        host = people.lock(tx.db, person_id=actor.person_id)
        code = journal.code_since(tx.db, subject_id=host.id, event=SET, since=tx.now - UNDO_WITHIN)
        if not code:
            raise Stale
        before, _, _ = code.partition(">")
        most, gap = (None if text == NONE else int(text) for text in before.split("/"))
        _set(tx, host, most, gap)


def _set(tx: Tx, host: Person, most: int | None, gap: int | None) -> None:
    hosting.change(tx.db, host_id=host.id, max_per_month=most, cool_down_days=gap)
    before, after = _words(host.max_per_month, host.cool_down_days), _words(most, gap)
    by = Entry(SET, "person", host.id, host.id, By.HOST, code=f"{before}>{after}")
    journal.record(tx.db, by, at=tx.now)


def _words(most: int | None, gap: int | None) -> str:
    return "/".join(NONE if value is None else str(value) for value in (most, gap))
