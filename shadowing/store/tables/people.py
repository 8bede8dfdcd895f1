"""Tables of who and where: organizations, sites, units, people, programs, clearance."""

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
    UniqueConstraint,
    Uuid,
    text,
)

from shadowing.store.base import Instant, key, metadata

organization = Table(
    "organization",
    metadata,
    key(),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("privacy_regime", String(20), nullable=False),
    Column("settings", JSON, nullable=False),
)

site = Table(
    "site",
    metadata,
    key(),
    Column("organization_id", Uuid, ForeignKey("organization.id"), nullable=False, index=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("place", String(120), nullable=False),
    Column("zone", String(60), nullable=False),
    Column("parking", String(300), nullable=False),
)

unit = Table(
    "unit",
    metadata,
    key(),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False, index=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column(
        "manager_id",
        Uuid,
        ForeignKey("person.id", use_alter=True, name="unit_manager_id_fkey"),
        index=True,
    ),
    Column("meeting_point", String(300), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("block_minutes", Integer, nullable=False),
    Column("cap", Integer, nullable=False),
    Column("sensitivity", String(2), nullable=False),
    Column("consent", String(40), nullable=False),
    Column("attire", JSON, nullable=False),
    Column("auto_approve", Boolean, nullable=False),
    Column("aim", String(400), nullable=False, server_default=""),
    Column("measures", String(400), nullable=False, server_default=""),
    Column("paused_from", Instant),
    Column("paused_until", Instant),
    Column("notice_days", Integer),
    Column("handover_open", Boolean, nullable=False, server_default=text("false")),
    Column("remote_allowed", Boolean, nullable=False, server_default=text("false")),
    Column("own_rules", JSON, nullable=False, server_default=text("'[]'")),
    Column("authorized_by", String(120), nullable=False, server_default=""),
    Column("authorization", String(120), nullable=False, server_default=""),
    Column("authorized_until", Date),
    Column("pause_kind", String(20), nullable=False, server_default=""),
    Column("pause_stops", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("cap >= 1", name="cap_positive"),
    CheckConstraint("sensitivity IN ('S0', 'S1', 'S2', 'S3')", name="sensitivity_known"),
)

unit_deputy = Table(
    "unit_deputy",
    metadata,
    Column("unit_id", Uuid, ForeignKey("unit.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
)

person = Table(
    "person",
    metadata,
    key(),
    Column("organization_id", Uuid, ForeignKey("organization.id"), nullable=False, index=True),
    Column("external_id", String(80), unique=True),
    Column("name", String(120), nullable=False),
    Column("post_nominal", String(40), nullable=False, server_default=""),
    Column("title", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("level", String(20), nullable=False, server_default=""),
    Column("portfolio", String(40), nullable=False, server_default=""),
    Column("affiliation", String(120), nullable=False, server_default=""),
    Column("manager_id", Uuid, ForeignKey("person.id"), index=True),
    Column("manager_unknown", Boolean, nullable=False, server_default=text("false")),
    Column("email", String(254), unique=True),
    Column("phone", String(40), nullable=False, server_default=""),
    Column("languages", JSON, nullable=False),
    Column("host_role", String(40), nullable=False, server_default=""),
    Column("host_unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("max_per_month", Integer),
    Column("cool_down_days", Integer),
    Column("paused_until", Instant),
    Column("load_paused_at", Instant),
    Column("load_reopened_at", Instant),
    Column("left_hosting_at", Instant),
    Column("password_hash", String(200)),
    Column("theme", String(5), nullable=False, server_default=""),
    Column("channel", String(10), nullable=False, server_default=""),
    Column("pace", String(10), nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", Instant, nullable=False),
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
)

do_not_pair = Table(
    "do_not_pair",
    metadata,
    key(),
    Column("one_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("other_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("entered_by_id", Uuid, ForeignKey("person.id")),
    Column("ends_on", Date),
)

program = Table(
    "program",
    metadata,
    key(),
    Column("organization_id", Uuid, ForeignKey("organization.id"), nullable=False, index=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("default_template", String(10), nullable=False),
    Column("final_check", Boolean, nullable=False, server_default=text("false")),
    Column("settings", JSON, nullable=False, server_default=text("'{}'")),
    Column("purpose", String(400), nullable=False, server_default=""),
)

cycle = Table(
    "cycle",
    metadata,
    key(),
    Column("program_id", Uuid, ForeignKey("program.id"), nullable=False, index=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("label", String(80), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("state", String(20), nullable=False),
    CheckConstraint("ends_on >= starts_on", name="in_order"),
)

credential = Table(
    "credential",
    metadata,
    key(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("requirement", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("done_on", Date),
    Column("valid_to", Date),
    Column("waived_until", Date),
    Column("waived_reason", String(200), nullable=False, server_default=""),
    Column("waived_by_id", Uuid, ForeignKey("person.id")),
    Column("verified_by_id", Uuid, ForeignKey("person.id")),
    Column("verified_at", Instant),
    Column("text_version", String(64), nullable=False, server_default=""),
    Column("evidence", String(80), nullable=False, server_default=""),
    Column("partner_id", Uuid, ForeignKey("organization.id")),
    Column("pending_since", Instant),
    Column("claim_done_on", Date),
    Column("claim_valid_to", Date),
    Column("claim_evidence", String(80), nullable=False, server_default=""),
    Column("claim_partner_id", Uuid, ForeignKey("organization.id")),
    Column("claim_by_id", Uuid, ForeignKey("person.id")),
    Column("rejected", String(40), nullable=False, server_default=""),
    Column("shift_id", Uuid, ForeignKey("shift.id"), index=True),
    Column("next_on", Date),
    Column("reminded", Integer),
    Index(
        "credential_one_each",
        "person_id",
        "requirement",
        unique=True,
        sqlite_where=text("shift_id IS NULL"),
        postgresql_where=text("shift_id IS NULL"),
    ),
    UniqueConstraint("person_id", "requirement", "shift_id"),
    Index("credential_pending_since_index", "pending_since"),
    Index("credential_next_on_index", "state", "next_on"),
)

agreement = Table(
    "agreement",
    metadata,
    key(),
    Column("code", String(40), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("organization_id", Uuid, ForeignKey("organization.id"), nullable=False, index=True),
    Column("partner_id", Uuid, ForeignKey("organization.id"), index=True),
    Column("partner_name", String(120), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("covers", JSON, nullable=False),
)

Index("person_name_index", person.c.name)
