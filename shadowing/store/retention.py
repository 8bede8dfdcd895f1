"""Removes what has served its time (section 8.3): sign-ins, links, counts, bodies of letters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete

from shadowing.store import days, outbox
from shadowing.store.accounts import tries
from shadowing.store.tables.accounts import first_answer, session, sign_in_link
from shadowing.store.tables.messages import phone_link, reminder

KEPT: Final = timedelta(days=30)
COUNTS_KEPT: Final = timedelta(days=90)
"""Of pauses and of what patients preferred."""
COUNTED: Final = timedelta(days=1)


def forget(db: Connection, *, at: datetime) -> int:
    """Remove what is thirty days past its use, and counts of tries from the day before.

    Returns:
        How many rows were removed or emptied.
    """
    old = at - KEPT
    removed = (
        db.execute(delete(session).where(session.c.seen_at < old)).rowcount,
        db.execute(delete(sign_in_link).where(sign_in_link.c.expires_at < old)).rowcount,
        db.execute(delete(phone_link).where(phone_link.c.expires_at < old)).rowcount,
        db.execute(delete(reminder).where(reminder.c.anchor < old)).rowcount,
        db.execute(delete(first_answer).where(first_answer.c.at < old)).rowcount,
        tries.forget(db, before=at - COUNTED),
        outbox.forget_bodies(db, ended_before=old),
        days.forget_counts(db, ended_before=at - COUNTS_KEPT),
    )
    return sum(removed)
