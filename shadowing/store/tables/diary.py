"""Tables of people's own diaries: where they come from, and when their owner is busy. No titles."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
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

diary = Table(
    "diary",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("kind", String(10), nullable=False, server_default=""),
    Column("address", String(2000), nullable=False, server_default=""),
    Column("etag", String(300), nullable=False, server_default=""),
    Column("modified", String(300), nullable=False, server_default=""),
    Column("good_at", Instant),
    Column("due_at", Instant, index=True),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("problem", String(120), nullable=False, server_default=""),
    Column("events", Integer, nullable=False, server_default=text("0")),
    Column("skipped", Integer, nullable=False, server_default=text("0")),
    Column("warnings", JSON, nullable=False, server_default=text("'[]'")),
    Column("unsettled", Boolean, nullable=False, server_default=text("false"), index=True),
    CheckConstraint("kind IN ('', 'upload', 'address')", name="kind_known"),
)

diary_busy = Table(
    "diary_busy",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    Column("ends_at", Instant, nullable=False),
    CheckConstraint("ends_at > starts_at", name="in_order"),
)
