"""Tables of what may change about a shift: proposals, allowances, who books for whom."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Uuid,
    text,
)

from shadowing.store.base import Instant, key, metadata

IS_OPEN = "state = 'open' AND kind IN ('move', 'swap')"

shift_proposal = Table(
    "shift_proposal",
    metadata,
    key(),
    Column("shift_id", Uuid, ForeignKey("shift.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("state", String(12), nullable=False, server_default="open"),
    Column("made_by_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("acting_as", String(30), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("answer_by", Instant, nullable=False),
    Column("slot_id", Uuid, ForeignKey("slot.id")),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("unit_id", Uuid, ForeignKey("unit.id")),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("local_date", Date, nullable=False),
    Column("note", String(200), nullable=False, server_default=""),
    Column("host_yes_at", Instant),
    Column("ended_at", Instant),
    CheckConstraint("kind IN ('move', 'swap', 'hours')", name="kind_known"),
    CheckConstraint(
        "state IN ('open', 'done', 'declined', 'withdrawn', 'lapsed')", name="state_known"
    ),
    CheckConstraint("ends_at > starts_at", name="in_order"),
    Index(
        "shift_proposal_one_open",
        "shift_id",
        unique=True,
        sqlite_where=text(IS_OPEN),
        postgresql_where=text(IS_OPEN),
    ),
    Index("shift_proposal_host_id_index", "host_id", "state"),
    Index("shift_proposal_unit_id_index", "unit_id", "state"),
    Index("shift_proposal_state_index", "state", "answer_by"),
)

allowance = Table(
    "allowance",
    metadata,
    key(),
    Column("kind", String(10), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False, index=True),
    Column("host_id", Uuid, ForeignKey("person.id")),
    Column("slot_id", Uuid, ForeignKey("slot.id")),
    Column("local_date", Date),
    Column("cycle_id", Uuid, ForeignKey("cycle.id")),
    Column("ends_on", Date),
    Column("reason", String(200), nullable=False),
    Column("given_by_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("kind IN ('notice', 'line', 'promise')", name="kind_known"),
)

delegation = Table(
    "delegation",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("delegate_id", Uuid, ForeignKey("person.id"), primary_key=True, index=True),
    Column("named_at", Instant, nullable=False),
    CheckConstraint("person_id <> delegate_id", name="two_people"),
)
