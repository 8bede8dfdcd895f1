"""Tables of what comes of a shift: debrief, reflections, commitments.

The text of a reflection lies in a table of its own, apart from the fact that it exists (rule P4).
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from shadowing.store.base import Instant, key, metadata

debrief = Table(
    "debrief",
    metadata,
    Column("shift_id", Uuid, ForeignKey("shift.id"), primary_key=True),
    Column("starts_at", Instant, nullable=False, index=True),
    Column("ends_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("marked_by_id", Uuid, ForeignKey("person.id")),
    Column("marked_at", Instant),
    Column("waived_reason", String(300), nullable=False, server_default=""),
    Column("no_commitment_reason", String(300), nullable=False, server_default=""),
    Column("cohort_day_id", Uuid, ForeignKey("cohort_day.id"), index=True),
    Column("cohort_version", Integer),
    CheckConstraint("ends_at > starts_at", name="in_order"),
    CheckConstraint("state IN ('held_slot', 'moved', 'held', 'waived')", name="state_known"),
)

reflection = Table(
    "reflection",
    metadata,
    key(),
    Column("shift_id", Uuid, ForeignKey("shift.id"), nullable=False),
    Column("author_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("side", String(10), nullable=False),
    Column("template", String(10), nullable=False),
    Column("template_version", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("lint_fired", Integer, nullable=False, server_default=text("0")),
    Column("costly", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Instant, nullable=False),
    Column("saved_at", Instant),
    Column("submitted_at", Instant),
    Column("deleted_at", Instant),
    CheckConstraint("side IN ('observer', 'host')", name="side_known"),
    UniqueConstraint("shift_id", "side"),
)

reflection_text = Table(
    "reflection_text",
    metadata,
    Column("reflection_id", Uuid, ForeignKey("reflection.id"), primary_key=True),
    Column("answers", JSON, nullable=False),
    Column("releases", JSON, nullable=False),
)

reflection_template = Table(
    "reflection_template",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("code", String(10), nullable=False),
    Column("source", Text, nullable=False),
    Column("kept_at", Instant, nullable=False),
)

commitment = Table(
    "commitment",
    metadata,
    key(),
    Column("shift_id", Uuid, ForeignKey("shift.id"), nullable=False, index=True),
    Column("owner_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("kind", String(20), nullable=False),
    Column("team", String(120), nullable=False, server_default=""),
    Column("saw", String(400), nullable=False, server_default=""),
    Column("action", String(300), nullable=False),
    Column("tell", String(200), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("first_due_on", Date, nullable=False),
    Column("state", String(30), nullable=False),
    Column("kept_between", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("kind IN ('remove_obstacle', 'redesign_by_team')", name="kind_known"),
)

commitment_entry = Table(
    "commitment_entry",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("commitment_id", Uuid, ForeignKey("commitment.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by_id", Uuid, ForeignKey("person.id")),
    Column("state", String(30), nullable=False),
    Column("note", String(400), nullable=False, server_default=""),
    Column("due_on", Date),
    Index("commitment_entry_commitment_id_index", "commitment_id", "at"),
)
