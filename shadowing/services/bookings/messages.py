"""What was sent about a shift, and whether it arrived, as somebody in one part may know it.

Section 8.1, "Mail and calendar delivery status": observer and host their own, the coordinator all,
the unit none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shadowing.domain.bookings.states import By
from shadowing.services.work import Tx
from shadowing.store import deliveries
from shadowing.store.bookings import Shift


@dataclass(frozen=True, slots=True)
class Message:
    """One message about a shift.

    Attributes:
        to: Whose it is; empty for the viewer's own.
        at: When it was queued: the instant of the change that it tells.
        waits_until: When its turn comes, while it waits.
    """

    kind: str
    to: str
    at: datetime
    state: str
    channel: str
    waits_until: datetime
    ended_at: datetime | None


def told(tx: Tx, shift: Shift, *, part: By) -> tuple[Message, ...]:
    """List the messages that somebody in *part* may know of, in the order they were queued."""
    own = {By.OBSERVER: shift.observer_id, By.HOST: shift.host_id, By.BACKUP: shift.backup_id}
    if part is not By.COORDINATOR and own.get(part) is None:
        return ()
    return tuple(
        Message(
            kind=row.kind,
            to="" if part is not By.COORDINATOR else row.recipient_name,
            at=row.queued_at,
            state=row.state,
            channel=row.channel,
            waits_until=row.due_at,
            ended_at=row.ended_at,
        )
        for row in deliveries.of_shift(tx.db, shift_id=shift.id)
        if part is By.COORDINATOR or row.recipient_id == own[part]
    )
