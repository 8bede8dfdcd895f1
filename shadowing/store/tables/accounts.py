"""Tables of signing in: sessions, one-time links, API tokens, rate limits."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Uuid

from shadowing.store.base import Instant, key, metadata

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("role", String(30), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("agent", String(200), nullable=False),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("target", String(300), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

api_token = Table(
    "api_token",
    metadata,
    key(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("role", String(30), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant),
    Column("revoked_at", Instant),
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    key(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("unit_id", Uuid, ForeignKey("unit.id")),
    Column("program_id", Uuid, ForeignKey("program.id")),
)

rate = Table(
    "rate",
    metadata,
    Column("subject", String(120), primary_key=True),
    Column("window", Instant, primary_key=True),
    Column("count", Integer, nullable=False),
)

first_answer = Table(
    "first_answer",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("body_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)
