"""Table of the administrators that hosts have invited (B15)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Uuid, text

from shadowing.store.base import Instant, key, metadata

IS_OPEN = "state = 'open'"

leader_invite = Table(
    "leader_invite",
    metadata,
    key(),
    Column("host_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("slot_id", Uuid, ForeignKey("slot.id"), nullable=False, index=True),
    Column("why", String(200), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("state", String(12), nullable=False, server_default="open"),
    Column("ended_at", Instant),
    Column("shift_id", Uuid, ForeignKey("shift.id")),
    CheckConstraint(
        "state IN ('open', 'accepted', 'declined', 'lapsed', 'withdrawn')", name="state_known"
    ),
    CheckConstraint("host_id <> person_id", name="two_people"),
    Index("leader_invite_host_id_index", "host_id", "state"),
    Index("leader_invite_person_id_index", "person_id", "state"),
    Index("leader_invite_state_index", "state", "until"),
    Index(
        "leader_invite_one_open",
        "slot_id",
        "person_id",
        unique=True,
        sqlite_where=text(IS_OPEN),
        postgresql_where=text(IS_OPEN),
    ),
)
