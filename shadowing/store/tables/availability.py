"""Tables of when somebody may be shadowed: weekly hours, day changes, slots, holds."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from shadowing.store.base import Instant, key, metadata

weekly_hours = Table(
    "weekly_hours",
    metadata,
    key(),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("weekday", Integer, nullable=False),
    Column("span", String(20), nullable=False),
    Column("local_start", String(5), nullable=False),
    Column("local_end", String(5), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("audience", String(20), nullable=False, server_default="anyone"),
    Column("handover", Boolean, nullable=False, server_default=text("false")),
    Column("kind", String(20), nullable=False, server_default="in_person"),
    Column("seats", Integer, nullable=False, server_default=text("1")),
    Column("join_at", String(300), nullable=False, server_default=""),
    Column("sensitivity", String(2), nullable=False, server_default=""),
    Column("valid_from", Date),
    Column("valid_to", Date),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
    CheckConstraint("mode IN ('auto', 'ask', 'blind', 'closed')", name="mode_known"),
)

day_change = Table(
    "day_change",
    metadata,
    key(),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("span", String(20), nullable=False),
    Column("local_start", String(5), nullable=False),
    Column("local_end", String(5), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("audience", String(20), nullable=False, server_default="anyone"),
    Column("handover", Boolean, nullable=False, server_default=text("false")),
    Column("kind", String(20), nullable=False, server_default="in_person"),
    Column("seats", Integer, nullable=False, server_default=text("1")),
    Column("join_at", String(300), nullable=False, server_default=""),
    Column("sensitivity", String(2), nullable=False, server_default=""),
    CheckConstraint("mode IN ('auto', 'ask', 'blind', 'closed')", name="mode_known"),
    UniqueConstraint("host_id", "local_date", "span", "local_start"),
)

slot = Table(
    "slot",
    metadata,
    key(),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id")),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("span", String(20), nullable=False),
    Column("band", String(20), nullable=False),
    Column("kind", String(20), nullable=False, server_default="in_person"),
    Column("mode", String(10), nullable=False),
    Column("audience", String(20), nullable=False, server_default="anyone"),
    Column("handover", Boolean, nullable=False, server_default=text("false")),
    Column("host_role", String(40), nullable=False),
    Column("seats", Integer, nullable=False, server_default=text("1")),
    Column("taken", Integer, nullable=False, server_default=text("0")),
    Column("state", String(20), nullable=False, server_default="open"),
    Column("site_id", Uuid, ForeignKey("site.id")),
    Column("what", String(120), nullable=False, server_default=""),
    Column("room", String(120), nullable=False, server_default=""),
    Column("join_at", String(300), nullable=False, server_default=""),
    Column("sensitivity", String(2), nullable=False, server_default=""),
    CheckConstraint("(kind = 'reverse') = (unit_id IS NULL)", name="meeting_has_no_unit"),
    CheckConstraint("ends_at > starts_at", name="in_order"),
    CheckConstraint("taken >= 0 AND taken <= seats", name="taken_within_seats"),
    CheckConstraint("state IN ('open', 'hidden', 'withdrawn')", name="state_known"),
    UniqueConstraint("host_id", "starts_at"),
    Index("slot_starts_at_index", "state", "starts_at"),
    Index("slot_unit_id_index", "unit_id", "starts_at"),
    Index("slot_local_date_index", "state", "local_date", "starts_at", "id"),
)

slots_made = Table(
    "slots_made",
    metadata,
    Column("host_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("day", Date, nullable=False),
)

hold = Table(
    "hold",
    metadata,
    key(),
    Column("slot_id", Uuid, ForeignKey("slot.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("goal", String(200), nullable=False, server_default=""),
    Column("access_needs", String(200), nullable=False, server_default=""),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("offered", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("slot_id", "person_id"),
    Index("hold_person_id_index", "person_id"),
)
