"""Tables of what people wait for, and of the seats they were offered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Table, Uuid

from shadowing.store.base import Instant, key, metadata

wish = Table(
    "wish",
    metadata,
    key(),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("slot_id", Uuid, ForeignKey("slot.id"), index=True),
    Column("unit_id", Uuid, ForeignKey("unit.id"), index=True),
    Column("host_role", String(40), nullable=False, server_default=""),
    Column("band", String(20), nullable=False, server_default=""),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("goal", String(200), nullable=False),
    Column("access_needs", String(200), nullable=False, server_default=""),
    Column("made_at", Instant, nullable=False),
    Column("state", String(12), nullable=False, server_default="waiting"),
    Column("ended_at", Instant),
    CheckConstraint("last_on >= first_on", name="in_order"),
    CheckConstraint("state IN ('waiting', 'offered', 'taken', 'ended')", name="state_known"),
    Index("wish_person_id_index", "person_id", "state"),
    Index("wish_state_index", "state", "made_at"),
)

wish_offer = Table(
    "wish_offer",
    metadata,
    Column("wish_id", Uuid, ForeignKey("wish.id"), primary_key=True),
    Column("slot_id", Uuid, ForeignKey("slot.id"), primary_key=True, index=True),
    Column("made_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("answer", String(10), nullable=False, server_default=""),
    CheckConstraint("answer IN ('', 'taken', 'declined', 'lapsed')", name="answer_known"),
    Index("wish_offer_answer_index", "answer", "until"),
)
