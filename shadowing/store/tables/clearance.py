"""Tables of clearance: requirements made one's own, who verifies them, whom to look at again.

What is on record for a person stands in ``people.credential``.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from shadowing.store.base import Instant, key, metadata

requirement = Table(
    "requirement",
    metadata,
    key(),
    Column("organization_id", Uuid, ForeignKey("organization.id"), nullable=False),
    Column("code", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("program_id", Uuid, ForeignKey("program.id"), index=True),
    Column("label", String(120), nullable=False),
    Column("help", String(300), nullable=False, server_default=""),
    Column("topic", String(20), nullable=False),
    Column("validity", JSON, nullable=False),
    Column("validity_external", JSON, nullable=False),
    Column("applies", JSON, nullable=False),
    Column("due", String(20), nullable=False),
    Column("on_lapse", String(20), nullable=False),
    Column("remind_days", JSON, nullable=False),
    Column("waivable", Boolean, nullable=False),
    Column("partner_equivalent", Boolean, nullable=False),
    Column("attest", String(30), nullable=False, server_default=""),
    Column("text", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("since", Instant),
    Column("binding_on", Date),
    Column("made_by_id", Uuid, ForeignKey("person.id")),
    Column("made_at", Instant, nullable=False),
    CheckConstraint("state IN ('draft', 'active', 'off_season', 'retired')", name="state_known"),
    UniqueConstraint("organization_id", "code", "version"),
)

verifier = Table(
    "verifier",
    metadata,
    Column("organization_id", Uuid, ForeignKey("organization.id"), primary_key=True),
    Column("requirement", String(40), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True, index=True),
)

recheck = Table(
    "recheck",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("queued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("tries", Integer, nullable=False, server_default=text("0")),
)
