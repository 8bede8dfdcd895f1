"""A host without any address is told on paper: whoever leads the unit is asked to print the sheet.

Source: docs/rules.md, rules N8 and S1.5.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.services.notifications.reading import Matter
from shadowing.services.work import Tx
from shadowing.store import journal, sheets
from shadowing.store.journal import Telling

SHEET_WAITING: Final = "sheet-waiting"


def hand_over(tx: Tx, matter: Matter) -> None:
    """Ask for the sheet once a day for each host, however much there is on it."""
    visit = matter.visit
    if visit is None:
        return
    day = tx.now.astimezone(ZoneInfo(visit.place.zone)).date().isoformat()
    for person_id in _who(tx, matter):
        telling = Telling(
            key=f"{SHEET_WAITING}:{matter.recipient.id}:{day}:{person_id}",
            kind=SHEET_WAITING,
            recipient_id=person_id,
            shift_id=visit.shift.id,
        )
        journal.tell_once(tx.db, telling, at=tx.now, domain=tx.domain)


def _who(tx: Tx, matter: Matter) -> tuple[UUID, ...]:
    """Name who leads the unit and who stands in; without either the program's coordinators."""
    visit = matter.visit
    unit = visit.unit if visit else None
    leads = (unit.manager_id, unit.deputy_id) if unit else ()
    found = tuple(one for one in leads if one is not None)
    if found or visit is None:
        return found
    return sheets.coordinators(tx.db, organization_id=visit.program.organization_id)
