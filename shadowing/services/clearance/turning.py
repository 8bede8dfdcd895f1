"""What days do to credentials and requirements: nearly over, over, out of season; and reminders.

A credential ends with the local day of its person. Each change is a transaction of its own, and who
hangs on it is looked at again (C6).

Source: docs/rules.md, section 6.6; setting "expiry reminders per requirement".
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from shadowing.domain.clearance.credentials import Held, pieces, turned
from shadowing.domain.clearance.evidence import State
from shadowing.domain.clearance.states import By, Life, check_requirement
from shadowing.domain.clearance.turns import Turn, next_day, reminder_due
from shadowing.domain.clearance.validity import FOREVER, in_season, last_days
from shadowing.domain.reference.requirements import Requirement
from shadowing.services.clearance.checking import labels_of
from shadowing.services.clearance.knowing import Known, know
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, people
from shadowing.store.clearance import credentials, rechecks, requirements
from shadowing.store.journal import Entry, Telling

AT_ONCE: Final = 200
EARLIEST_ZONE: Final = timedelta(hours=14)
A_DAY: Final = timedelta(days=1)
LOOK_AGAIN: Final = timedelta(days=30)
REMINDER: Final = "requirement-reminder"


def run(work: Work) -> int:
    """Do what has come due; safe to run as often, and as many at once, as one likes.

    Returns:
        How many credentials and requirements moved, and reminders were written.
    """
    moved = _seasons(work)
    after: UUID | None = None
    while True:
        with work.read() as tx:
            day = (tx.now + EARLIEST_ZONE).date()
            page = credentials.due(tx.db, day=day, after=after, limit=AT_ONCE)
        moved += sum(_turn(work, held) for held in page)
        if len(page) < AT_ONCE:
            return moved
        after = page[-1].id


@repeated
def _turn(work: Work, seen: Held) -> int:
    with work.write() as tx:
        person = people.lock(tx.db, person_id=seen.person_id)
        held = credentials.find(tx.db, credential_id=seen.id)
        known = know(tx, person)
        turn = _turn_of(known, held)
        changed = turned(
            held, last=turn.last, first_reminder=max(turn.days, default=0), today=known.today
        )
        now = changed.held
        days_left = reminder_due(turn, now, today=known.today) if person.active else None
        if days_left is not None and turn.last is not None:
            _remind(tx, now, last=turn.last, days_left=days_left)
        now = turn.noted(now, reminded=days_left, next_on=next_day(turn, today=known.today))
        credentials.keep(tx.db, changed.with_held(now), before=held, at=tx.now)
        return len(changed.steps) + (days_left is not None)


def _turn_of(known: Known, held: Held) -> Turn:
    requirement = _requirement(known, held.requirement)
    if requirement is None:
        return Turn(last=None, days=(), again=known.today + LOOK_AGAIN)
    if held.state is State.WAIVED:
        return Turn(last=held.waived_until, days=requirement.remind_days)
    (piece, *_) = pieces(held)
    found = [day for day, _ in last_days(requirement, piece, known.home)]
    last = max(found, default=known.today - A_DAY)
    return Turn(last=None if last == FOREVER else last, days=requirement.remind_days)


def _requirement(known: Known, code: str) -> Requirement | None:
    """Find a requirement among all that could be asked of a person."""
    for unit in known.units:
        for each in known.asked(known.at(unit)):
            if each.code == code:
                return each
    return None


def _remind(tx: Tx, held: Held, *, last: date, days_left: int) -> None:
    telling = Telling(
        key=f"{REMINDER}:{held.id}:{last.isoformat()}:{days_left}",
        kind=REMINDER,
        recipient_id=held.person_id,
        facts={
            "requirement": labels_of(tx).get(held.requirement, held.requirement),
            "last_day": last.isoformat(),
            "path": f"/requirements/{held.requirement}",
        },
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def _seasons(work: Work) -> int:
    """Let own requirements go out of season and come back (6.6)."""
    moved = 0
    with work.write() as tx:
        today = tx.now.date()
        for kept in requirements.seasonal(tx.db):
            asked = in_season(kept.own.requirement, today)
            to = Life.ACTIVE if asked else Life.OFF_SEASON
            if to is kept.own.state:
                continue
            check_requirement(kept.own.state, to=to, by=By.CLOCK)
            requirements.move(
                tx.db,
                kept,
                to=to,
                since=kept.own.since,
                binding_on=kept.own.binding_on,
                urgent=kept.urgent,
            )
            entry = Entry(
                event=f"requirement.{to}",
                subject="requirement",
                subject_id=kept.id,
                from_state=kept.own.state,
                to_state=to,
                code=kept.own.requirement.code,
            )
            journal.record(tx.db, entry, at=tx.now)
            moved += 1
        if moved:
            rechecks.add_everybody(tx.db, at=tx.now)
    return moved
