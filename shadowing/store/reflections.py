"""Reflections: that they exist, and, in a table apart, what they say (rule P4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from shadowing.store.tables.followup import reflection


def sent_at(db: Connection, *, shift_id: UUID) -> Mapping[str, datetime]:
    """Say when each side was sent, by side; a side that is not in is not named."""
    rows = db.execute(
        select(reflection.c.side, reflection.c.submitted_at).where(
            reflection.c.shift_id == shift_id,
            reflection.c.submitted_at.is_not(None),
            reflection.c.state != "deleted",
        ),
    )
    return {row.side: row.submitted_at for row in rows}
