"""Removes what has served its time (section 8.3): sign-ins, links, counts, bodies of letters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from shadowing.store import days, outbox, replies
from shadowing.store.accounts import tries
from shadowing.store.tables.accounts import first_answer, session, sign_in_link
from shadowing.store.tables.hosting import backup_host, host_preference, self_description
from shadowing.store.tables.messages import phone_link, reminder
from shadowing.store.tables.people import person

KEPT: Final = timedelta(days=30)
COUNTS_KEPT: Final = timedelta(days=90)
"""Of pauses and of what patients preferred."""
DECLINES_KEPT: Final = timedelta(days=90)
"""Of colleagues who stood in, or would not."""
COUNTED: Final = timedelta(days=1)


def forget(db: Connection, *, at: datetime) -> int:
    """Remove what is thirty days past its use, and counts of tries from the day before.

    Returns:
        How many rows were removed or emptied.
    """
    old = at - KEPT
    left = select(person.c.id).where(person.c.active.is_(False))
    removed = (
        db.execute(delete(session).where(session.c.seen_at < old)).rowcount,
        db.execute(delete(sign_in_link).where(sign_in_link.c.expires_at < old)).rowcount,
        db.execute(delete(phone_link).where(phone_link.c.expires_at < old)).rowcount,
        db.execute(delete(reminder).where(reminder.c.anchor < old)).rowcount,
        db.execute(delete(first_answer).where(first_answer.c.at < old)).rowcount,
        replies.forget(db, before=old),
        tries.forget(db, before=at - COUNTED),
        outbox.forget_bodies(db, ended_before=old),
        db.execute(delete(backup_host).where(backup_host.c.ended_at < at - DECLINES_KEPT)).rowcount,
        db.execute(delete(host_preference).where(host_preference.c.person_id.in_(left))).rowcount,
        db.execute(delete(self_description).where(self_description.c.person_id.in_(left))).rowcount,
        days.forget_counts(db, ended_before=at - COUNTS_KEPT),
    )
    return sum(removed)
