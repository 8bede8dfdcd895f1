"""Tables of what came back by mail: letters, answers to events, and other addresses of people."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from shadowing.store.base import Instant, key, metadata

reply = Table(
    "reply",
    metadata,
    key(),
    Column("message_id", String(200), nullable=False, unique=True),
    Column("received_at", Instant, nullable=False, index=True),
    Column("sender", String(254), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("why", String(20), nullable=False),
    Column("organization_id", Uuid, ForeignKey("organization.id")),
    Column("event_id", Uuid, ForeignKey("calendar_event.id"), index=True),
    Column("partstat", String(12), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("stamp", Instant),
    Column("comment", String(2000), nullable=False),
    Column("proposed_start", Instant),
    Column("proposed_end", Instant),
    Column("raw", LargeBinary),
    Column("handled_at", Instant),
    Column("handled_by", Uuid, ForeignKey("person.id")),
    Index("reply_outcome_index", "outcome", "handled_at"),
)

calendar_answer = Table(
    "calendar_answer",
    metadata,
    Column("event_id", Uuid, ForeignKey("calendar_event.id"), primary_key=True),
    Column("partstat", String(12), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("stamp", Instant),
    Column("answered_at", Instant, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("channel", String(6), nullable=False),
    CheckConstraint("partstat IN ('ACCEPTED', 'TENTATIVE', 'DECLINED')", name="partstat_known"),
    CheckConstraint("channel IN ('mail', 'office')", name="channel_known"),
)

other_address = Table(
    "other_address",
    metadata,
    Column("email", String(254), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("added_at", Instant, nullable=False),
    Column("added_by", Uuid, ForeignKey("person.id"), nullable=False),
)
