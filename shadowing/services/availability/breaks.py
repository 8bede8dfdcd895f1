"""A host's break: open slots are hidden, booked ones stay, and nobody is told why.

Source: docs/rules.md, rule A3.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.domain.availability import clock
from shadowing.domain.bookings.states import By
from shadowing.domain.errors import BadValue
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.services.availability import horizon
from shadowing.services.availability.horizon import Ground
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import hours, journal, people
from shadowing.store.journal import Entry

WEEKS: Final = {"1": 1, "2": 2}
A_DAY: Final = timedelta(days=1)
A_YEAR: Final = timedelta(days=365)
UNTIL_SAID: Final = horizon.FOR_GOOD
"""How a break without an end is kept."""


@repeated
def take(work: Work, actor: Actor, *, weeks: str) -> datetime:
    """Hide a host's open slots for "1" or "2" weeks, or until they say ("").

    Returns:
        The midnight at the site from which slots are offered again, or ``UNTIL_SAID``.

    Raises:
        NotAllowed: *actor* does not act as a host.
        BadValue: Field ``weeks``.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    if weeks and weeks not in WEEKS:
        raise BadValue(field="weeks", problem="unknown_choice", value=weeks)
    with work.write() as tx:
        on = horizon.ground(tx, people.lock(tx.db, person_id=actor.person_id))
        back = on.today + timedelta(weeks=WEEKS[weeks]) if weeks else None
        zone = ZoneInfo(on.unit.zone if on.unit else "UTC")
        until = clock.instant(back, "00:00", zone) if back else UNTIL_SAID
        _away(tx, on, until=until, code="break")
    return until


@repeated
def take_until(work: Work, actor: Actor, *, back: date) -> datetime:
    """Hide a host's open slots up to a day at the site, on which they are offered again.

    Raises:
        NotAllowed: *actor* does not act as a host.
        BadValue: Field ``back``: it is not after today, or a year away and more.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        on = horizon.ground(tx, people.lock(tx.db, person_id=actor.person_id))
        least, most = on.today + A_DAY, on.today + A_YEAR
        if not least <= back <= most:
            raise BadValue(field="back", problem="out_of_range", least=least, most=most)
        until = clock.instant(back, "00:00", ZoneInfo(on.unit.zone if on.unit else "UTC"))
        _away(tx, on, until=until, code="break")
    return until


@repeated
def end(work: Work, actor: Actor) -> None:
    """Offer a host's slots again.

    Raises:
        NotAllowed: *actor* does not act as a host.
    """
    authorise(actor, Action.AVAILABILITY_CHANGE)
    with work.write() as tx:
        on = horizon.ground(tx, people.lock(tx.db, person_id=actor.person_id))
        _away(tx, on, until=None, code="break_ended")


def _away(tx: Tx, on: Ground, *, until: datetime | None, code: str) -> None:
    host_id = on.host.id
    by = Entry(f"host.{code}", "person", host_id, host_id, By.HOST, code=code)
    hours.go_on_break(tx.db, host_id=host_id, until=until)
    journal.record(tx.db, by, at=tx.now)
    horizon.renew(tx, replace(on, host=replace(on.host, paused_until=until)), by=by)
