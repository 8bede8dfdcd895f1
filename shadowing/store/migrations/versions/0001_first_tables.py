"""The first tables, and the guards that no code can argue with.

Written out rather than imported, so that this step stays what it was when the code moves on.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    },
)

organization = Table(
    "organization",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("privacy_regime", String(20), nullable=False),
    Column("settings", JSON, nullable=False),
)

site = Table(
    "site",
    metadata,
    Column("id", Uuid, primary_key=True),
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
    Column("id", Uuid, primary_key=True),
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
    Column("paused_from", DateTime(timezone=True)),
    Column("paused_until", DateTime(timezone=True)),
    CheckConstraint("cap >= 1", name="cap_positive"),
    CheckConstraint("sensitivity IN ('S0', 'S1', 'S2', 'S3')", name="sensitivity_known"),
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
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
    Column("email", String(254), unique=True),
    Column("phone", String(40), nullable=False, server_default=""),
    Column("languages", JSON, nullable=False),
    Column("host_role", String(40), nullable=False, server_default=""),
    Column("host_unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("max_per_month", Integer),
    Column("cool_down_days", Integer),
    Column("paused_until", DateTime(timezone=True)),
    Column("password_hash", String(200)),
    Column("theme", String(5), nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

Index("person_name_index", person.c.name)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("role", String(30), primary_key=True),
)

do_not_pair = Table(
    "do_not_pair",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("one_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("other_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("entered_by_id", Uuid, ForeignKey("person.id")),
    Column("ends_on", Date),
)

program = Table(
    "program",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organization.id"), nullable=False, index=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("default_template", String(10), nullable=False),
    Column("final_check", Boolean, nullable=False, server_default=text("false")),
)

cycle = Table(
    "cycle",
    metadata,
    Column("id", Uuid, primary_key=True),
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
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("requirement", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("done_on", Date),
    Column("valid_to", Date),
    Column("waived_until", Date),
    Column("waived_reason", String(200), nullable=False, server_default=""),
    Column("verified_by_id", Uuid, ForeignKey("person.id")),
    Column("text_version", String(64), nullable=False, server_default=""),
    UniqueConstraint("person_id", "requirement"),
)

agreement = Table(
    "agreement",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("organization_id", Uuid, ForeignKey("organization.id"), nullable=False, index=True),
    Column("partner_id", Uuid, ForeignKey("organization.id"), index=True),
    Column("partner_name", String(120), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("covers", JSON, nullable=False),
)


session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("role", String(30), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("agent", String(200), nullable=False),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("target", String(300), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("role", String(30), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
)

rate = Table(
    "rate",
    metadata,
    Column("subject", String(120), primary_key=True),
    Column("window", DateTime(timezone=True), primary_key=True),
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
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)

weekly_hours = Table(
    "weekly_hours",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("weekday", Integer, nullable=False),
    Column("span", String(20), nullable=False),
    Column("local_start", String(5), nullable=False),
    Column("local_end", String(5), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("audience", String(20), nullable=False, server_default="anyone"),
    Column("handover", Boolean, nullable=False, server_default=text("false")),
    Column("valid_from", Date),
    Column("valid_to", Date),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
    CheckConstraint("mode IN ('auto', 'ask', 'blind', 'closed')", name="mode_known"),
)

day_change = Table(
    "day_change",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("span", String(20), nullable=False),
    Column("local_start", String(5), nullable=False),
    Column("local_end", String(5), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("audience", String(20), nullable=False, server_default="anyone"),
    Column("handover", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("mode IN ('auto', 'ask', 'blind', 'closed')", name="mode_known"),
    UniqueConstraint("host_id", "local_date", "span"),
)

slot = Table(
    "slot",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
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
    CheckConstraint("ends_at > starts_at", name="in_order"),
    CheckConstraint("taken >= 0 AND taken <= seats", name="taken_within_seats"),
    CheckConstraint("state IN ('open', 'hidden', 'withdrawn')", name="state_known"),
    UniqueConstraint("host_id", "starts_at"),
    Index("slot_starts_at_index", "state", "starts_at"),
    Index("slot_unit_id_index", "unit_id", "starts_at"),
)

hold = Table(
    "hold",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("slot_id", Uuid, ForeignKey("slot.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("goal", String(200), nullable=False, server_default=""),
    Column("access_needs", String(200), nullable=False, server_default=""),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    UniqueConstraint("slot_id", "person_id"),
    Index("hold_person_id_index", "person_id"),
)

DID_NOT_TAKE_PLACE = (
    "state IN ('declined', 'withdrawn', 'expired', 'cancelled_by_observer', "
    "'cancelled_by_host', 'clinical_override', 'no_show')"
)
STANDS = f"NOT ({DID_NOT_TAKE_PLACE})"

shift = Table(
    "shift",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("program_id", Uuid, ForeignKey("program.id"), nullable=False, index=True),
    Column("slot_id", Uuid, ForeignKey("slot.id"), index=True),
    Column("observer_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("backup_id", Uuid, ForeignKey("person.id"), index=True),
    Column("unit_id", Uuid, ForeignKey("unit.id")),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("kind", String(20), nullable=False, server_default="in_person"),
    Column("what", String(120), nullable=False, server_default=""),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("band", String(20), nullable=False),
    Column("mode", String(10), nullable=False),
    Column("host_role", String(40), nullable=False),
    Column("template", String(10), nullable=False),
    Column("state", String(30), nullable=False),
    Column("reason", String(40), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("goal", String(200), nullable=False, server_default=""),
    Column("access_needs", String(200), nullable=False, server_default=""),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("answer_by", DateTime(timezone=True), nullable=False),
    Column("late", Boolean, nullable=False, server_default=text("false")),
    Column("automatic", Boolean, nullable=False, server_default=text("false")),
    Column("checked_in_at", DateTime(timezone=True)),
    Column("checked_in_by_id", Uuid, ForeignKey("person.id")),
    Column("checked_out_at", DateTime(timezone=True)),
    Column("minutes", Integer),
    Column("rebooked_from_id", Uuid, ForeignKey("shift.id")),
    Column("overridden_by_id", Uuid, ForeignKey("person.id")),
    Column("override_reason", String(200), nullable=False, server_default=""),
    CheckConstraint("ends_at > starts_at", name="in_order"),
    CheckConstraint("observer_id <> host_id", name="two_people"),
    Index("shift_observer_id_index", "observer_id", "starts_at"),
    Index("shift_host_id_index", "host_id", "starts_at"),
    Index("shift_unit_id_index", "unit_id", "starts_at"),
    Index("shift_state_index", "state", "starts_at"),
    Index(
        "shift_one_live_booking",
        "slot_id",
        "observer_id",
        unique=True,
        sqlite_where=text(STANDS),
        postgresql_where=text(STANDS),
    ),
    Index("shift_participation_index", "local_date", "state", "unit_id", "host_role", "minutes"),
)

unit_day = Table(
    "unit_day",
    metadata,
    Column("unit_id", Uuid, ForeignKey("unit.id"), primary_key=True),
    Column("day", Date, primary_key=True),
)

calendar_event = Table(
    "calendar_event",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("shift_id", Uuid, ForeignKey("shift.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("uid", String(120), nullable=False, unique=True),
    Column("sequence", Integer, nullable=False),
    Column("stamp", DateTime(timezone=True), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("starts_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("status", String(10), nullable=False),
    CheckConstraint("kind IN ('shift', 'debrief')", name="kind_known"),
    CheckConstraint("status IN ('TENTATIVE', 'CONFIRMED', 'CANCELLED')", name="status_known"),
    CheckConstraint("sequence >= 0", name="sequence_rises"),
    UniqueConstraint("shift_id", "person_id", "kind"),
    Index("calendar_event_person_id_index", "person_id", "starts_at"),
)

debrief = Table(
    "debrief",
    metadata,
    Column("shift_id", Uuid, ForeignKey("shift.id"), primary_key=True),
    Column("starts_at", DateTime(timezone=True), nullable=False, index=True),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("state", String(20), nullable=False),
    Column("marked_by_id", Uuid, ForeignKey("person.id")),
    Column("marked_at", DateTime(timezone=True)),
    Column("waived_reason", String(300), nullable=False, server_default=""),
    Column("no_commitment_reason", String(300), nullable=False, server_default=""),
    CheckConstraint("ends_at > starts_at", name="in_order"),
    CheckConstraint("state IN ('held_slot', 'moved', 'held', 'waived')", name="state_known"),
)

reflection = Table(
    "reflection",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("shift_id", Uuid, ForeignKey("shift.id"), nullable=False),
    Column("author_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("side", String(10), nullable=False),
    Column("template", String(10), nullable=False),
    Column("template_version", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("lint_fired", Integer, nullable=False, server_default=text("0")),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("saved_at", DateTime(timezone=True)),
    Column("submitted_at", DateTime(timezone=True)),
    Column("deleted_at", DateTime(timezone=True)),
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

commitment = Table(
    "commitment",
    metadata,
    Column("id", Uuid, primary_key=True),
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
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IN ('remove_obstacle', 'redesign_by_team')", name="kind_known"),
)

commitment_entry = Table(
    "commitment_entry",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("commitment_id", Uuid, ForeignKey("commitment.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by_id", Uuid, ForeignKey("person.id")),
    Column("state", String(30), nullable=False),
    Column("note", String(400), nullable=False, server_default=""),
    Column("due_on", Date),
    Index("commitment_entry_commitment_id_index", "commitment_id", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
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
    Column("queued_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("leased_until", DateTime(timezone=True)),
    Column("message", LargeBinary),
    Column("state", String(12), nullable=False, server_default="waiting"),
    Column("ended_at", DateTime(timezone=True)),
    Column("trouble", String(200), nullable=False, server_default=""),
    Index("outbox_due_at_index", "state", "due_at"),
    Index("outbox_recipient_id_index", "recipient_id", "id"),
)

job = Table(
    "job",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("ran_at", DateTime(timezone=True), nullable=False),
    Column("trouble", String(200), nullable=False, server_default=""),
)


def upgrade() -> None:
    """Make every table."""
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    """Drop every table."""
    metadata.drop_all(op.get_bind())
