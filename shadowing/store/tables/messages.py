"""Tables of what the clock has told, and of links that work on any phone."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Uuid

from shadowing.store.base import Instant, metadata

reminder = Table(
    "reminder",
    metadata,
    Column("shift_id", Uuid, ForeignKey("shift.id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("hours", Integer, primary_key=True),
    Column("anchor", Instant, primary_key=True),
    Column("planned_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Index("reminder_kind_index", "kind", "anchor"),
)

phone_link = Table(
    "phone_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("shift_id", Uuid, ForeignKey("shift.id"), index=True),
    Column("purpose", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
)
