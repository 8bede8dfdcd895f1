"""What every change of a cohort day begins and ends with: its row, the audit log, the letters."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from shadowing.domain.bookings.cohort import CohortDayOver, CohortMoveNotAllowed, Standing
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Actor
from shadowing.services.work import Tx
from shadowing.store import cohort, journal
from shadowing.store.cohort import Day
from shadowing.store.journal import Entry, Telling

INVITED: Final = "cohort-day-invited"
TALK_MOVED: Final = "cohort-day-moved"
CALLED_OFF: Final = "cohort-day-off"
MEETING_WANTED: Final = "meeting-wanted"


def ahead(tx: Tx, actor: Actor, day_id: UUID) -> Day:
    """Lock a day of the actor's that can still change."""
    day = cohort.lock(tx.db, day_id=day_id)
    if day.organization_id != actor.organization_id:
        raise NotFound(day_id=day_id)
    if day.state == Standing.CANCELLED:
        raise CohortMoveNotAllowed(state=day.state, wanted=day.state)
    if day.talk_starts_at <= tx.now:
        raise CohortDayOver(day_id=day_id)
    return day


def tell(tx: Tx, day: Day, *, kind: str, to: UUID) -> None:
    """Queue one letter about a day."""
    key = f"{kind}:{day.id}:{day.version}:{to}:{tx.now.isoformat()}"
    journal.tell(tx.db, _telling(day, kind, to, key=key), at=tx.now, domain=tx.domain)


def tell_once(tx: Tx, day: Day, *, kind: str, to: UUID) -> bool:
    """Queue one letter about a day unless it was told before; says whether it is new."""
    letter = _telling(day, kind, to, key=f"{kind}:{day.id}:{to}")
    return journal.tell_once(tx.db, letter, at=tx.now, domain=tx.domain)


def _telling(day: Day, kind: str, to: UUID, *, key: str) -> Telling:
    return Telling(
        key=key,
        kind=kind,
        recipient_id=to,
        facts={"cohort_day": str(day.id), "until": day.talk_starts_at.isoformat()},
    )


def note(tx: Tx, actor: Actor, day_id: UUID, *, event: str, at: str = "", to: str = "") -> None:
    """Write a step of a day into the audit log (P16)."""
    entry = Entry(
        event=f"cohort_day.{event}",
        subject="cohort_day",
        subject_id=day_id,
        person_id=actor.person_id,
        acting_as="coordinator",
        from_state=at,
        to_state=to,
    )
    journal.record(tx.db, entry, at=tx.now)
