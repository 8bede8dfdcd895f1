"""Tables of shadow shifts: the shift, its two calendar events a person, the unit's day."""

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

DID_NOT_TAKE_PLACE = (
    "state IN ('declined', 'withdrawn', 'expired', 'cancelled_by_observer', "
    "'cancelled_by_host', 'clinical_override', 'no_show')"
)
STANDS = f"NOT ({DID_NOT_TAKE_PLACE})"

shift = Table(
    "shift",
    metadata,
    key(),
    Column("program_id", Uuid, ForeignKey("program.id"), nullable=False, index=True),
    Column("slot_id", Uuid, ForeignKey("slot.id"), index=True),
    Column("observer_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("backup_id", Uuid, ForeignKey("person.id"), index=True),
    Column("unit_id", Uuid, ForeignKey("unit.id")),
    Column("site_id", Uuid, ForeignKey("site.id"), nullable=False),
    Column("kind", String(20), nullable=False, server_default="in_person"),
    Column("what", String(120), nullable=False, server_default=""),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
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
    Column("requested_at", Instant, nullable=False),
    Column("answer_by", Instant, nullable=False),
    Column("late", Boolean, nullable=False, server_default=text("false")),
    Column("automatic", Boolean, nullable=False, server_default=text("false")),
    Column("checked_in_at", Instant),
    Column("checked_in_by_id", Uuid, ForeignKey("person.id")),
    Column("checked_out_at", Instant),
    Column("minutes", Integer),
    Column("rebooked_from_id", Uuid, ForeignKey("shift.id")),
    Column("overridden_by_id", Uuid, ForeignKey("person.id")),
    Column("override_reason", String(200), nullable=False, server_default=""),
    Column("note", String(200), nullable=False, server_default=""),
    Column("undo_until", Instant, index=True),
    Column("undo_to", String(30), nullable=False, server_default=""),
    Column("priority_since", Instant),
    Column("swapped_at", Instant),
    Column("held_back", Boolean, nullable=False, server_default=text("false")),
    Column("join_at", String(300), nullable=False, server_default=""),
    Column("sensitivity", String(2), nullable=False, server_default=""),
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
    key(),
    Column("shift_id", Uuid, ForeignKey("shift.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("uid", String(120), nullable=False, unique=True),
    Column("sequence", Integer, nullable=False),
    Column("stamp", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("status", String(10), nullable=False),
    CheckConstraint("kind IN ('shift', 'debrief')", name="kind_known"),
    CheckConstraint("status IN ('TENTATIVE', 'CONFIRMED', 'CANCELLED')", name="status_known"),
    CheckConstraint("sequence >= 0", name="sequence_rises"),
    UniqueConstraint("shift_id", "person_id", "kind"),
    Index("calendar_event_person_id_index", "person_id", "starts_at"),
)
