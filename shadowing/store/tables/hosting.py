"""Tables of what a host says of their own: who stands in, and who may come close (A2, D7)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Uuid, text

from shadowing.store.base import Instant, key, metadata

STANDS: Final = text("state IN ('asked', 'agreed')")

host_preference = Table(
    "host_preference",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("prefers", String(10), nullable=False),
)

self_description = Table(
    "self_description",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("says", String(10), nullable=False),
)

backup_host = Table(
    "backup_host",
    metadata,
    key(),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("backup_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("host_id <> backup_id", name="two_people"),
    CheckConstraint("state IN ('asked', 'agreed', 'declined', 'ended')", name="state_known"),
    Index(
        "backup_host_one_at_a_time",
        "host_id",
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    ),
)
