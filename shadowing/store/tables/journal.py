"""Tables of what happened and what is still to be told: audit, outbox, the worker's jobs."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    text,
)

from shadowing.store.base import Instant, metadata

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person_id", Uuid, ForeignKey("person.id"), index=True),
    Column("acting_as", String(30), nullable=False),
    Column("event", String(60), nullable=False),
    Column("subject", String(30), nullable=False),
    Column("subject_id", Uuid, nullable=False, index=True),
    Column("from_state", String(30), nullable=False, server_default=""),
    Column("to_state", String(30), nullable=False, server_default=""),
    Column("code", String(60), nullable=False, server_default=""),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(40), nullable=False),
    Column("recipient_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("shift_id", Uuid, ForeignKey("shift.id"), index=True),
    Column("event_id", Uuid, ForeignKey("calendar_event.id"), index=True),
    Column("sequence", Integer),
    Column("facts", JSON, nullable=False),
    Column("message_id", String(160), nullable=False, unique=True),
    Column("queued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("leased_until", Instant),
    Column("message", LargeBinary),
    Column("state", String(12), nullable=False, server_default="waiting"),
    Column("ended_at", Instant),
    Column("trouble", String(200), nullable=False, server_default=""),
    Column("channel", String(10), nullable=False, server_default=""),
    Column("bundle_id", BigInteger),
    Index("outbox_due_at_index", "state", "due_at"),
    Index("outbox_recipient_id_index", "recipient_id", "id"),
)

job = Table(
    "job",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("ran_at", Instant, nullable=False),
    Column("trouble", String(200), nullable=False, server_default=""),
)
