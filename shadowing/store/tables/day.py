"""The table of a shift's day: the pass, what was tapped, and counts of which nothing else is kept.

Nothing here says when or why somebody stepped out, nor which patient preferred not (rules D6, D8).
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Uuid,
    text,
)

from shadowing.store.base import Instant, metadata

shift_day = Table(
    "shift_day",
    metadata,
    Column("shift_id", Uuid, ForeignKey("shift.id"), primary_key=True),
    Column("pass_code", String(32), nullable=False, unique=True),
    Column("outside", Boolean, nullable=False, server_default=text("false")),
    Column("pauses", Integer, nullable=False, server_default=text("0")),
    Column("patients_asked", Boolean),
    Column("preferred_not", Integer, nullable=False, server_default=text("0")),
    Column("asked_at", Instant),
    Column("observer_says", Boolean),
    Column("observer_said_at", Instant),
    Column("host_says", Boolean),
    Column("host_said_at", Instant),
    Column("objected_at", Instant),
    Column("settled_at", Instant),
    Column("settled_reason", String(300), nullable=False, server_default=""),
    CheckConstraint("pauses >= 0", name="pauses_counted"),
    CheckConstraint("preferred_not >= 0", name="preferred_not_counted"),
)
