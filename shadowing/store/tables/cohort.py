"""Tables of cohort days: the day with its talk, whom it invites, its promises in order (B14)."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    text,
)

from shadowing.store.base import Instant, key, metadata

cohort_day = Table(
    "cohort_day",
    metadata,
    key(),
    Column("program_id", Uuid, ForeignKey("program.id"), nullable=False),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("name", String(120), nullable=False),
    Column("purpose", String(400), nullable=False, server_default=""),
    Column("local_date", Date, nullable=False),
    Column("talk_starts_at", Instant, nullable=False),
    Column("talk_ends_at", Instant, nullable=False),
    Column("room", String(120), nullable=False),
    Column("state", String(12), nullable=False, server_default="draft"),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("made_by_id", Uuid, ForeignKey("person.id")),
    Column("made_at", Instant, nullable=False),
    Column("planned_at", Instant),
    Column("ended_at", Instant),
    CheckConstraint("talk_ends_at > talk_starts_at", name="in_order"),
    CheckConstraint("state IN ('draft', 'planned', 'cancelled')", name="state_known"),
    Index("cohort_day_program_id_index", "program_id", "local_date"),
    Index("cohort_day_local_date_index", "local_date", "site_id"),
)

cohort_guest = Table(
    "cohort_guest",
    metadata,
    Column("day_id", Uuid, ForeignKey("cohort_day.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("invited_at", Instant, nullable=False),
    Index("cohort_guest_person_id_index", "person_id", "day_id"),
)

cohort_promise = Table(
    "cohort_promise",
    metadata,
    Column("commitment_id", Uuid, ForeignKey("commitment.id"), primary_key=True),
    Column("day_id", Uuid, ForeignKey("cohort_day.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
)
