"""Keep what comes back by mail, and what calendars answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("partstat", sa.String(length=12), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", INSTANT, nullable=True),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("proposed_start", INSTANT, nullable=True),
        sa.Column("proposed_end", INSTANT, nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("handled_at", INSTANT, nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("reply_organization_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["calendar_event.id"], name=op.f("reply_event_id_fkey")
        ),
        sa.ForeignKeyConstraint(["handled_by"], ["person.id"], name=op.f("reply_handled_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("reply_pkey")),
        sa.UniqueConstraint("message_id", name=op.f("reply_message_id_unique")),
    )
    op.create_index(op.f("reply_received_at_index"), "reply", ["received_at"])
    op.create_index(op.f("reply_event_id_index"), "reply", ["event_id"])
    op.create_index("reply_outcome_index", "reply", ["outcome", "handled_at"])
    op.create_table(
        "calendar_answer",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("partstat", sa.String(length=12), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("channel", sa.String(length=6), nullable=False),
        sa.CheckConstraint(
            "partstat IN ('ACCEPTED', 'TENTATIVE', 'DECLINED')",
            name=op.f("calendar_answer_partstat_known"),
        ),
        sa.CheckConstraint(
            "channel IN ('mail', 'office')", name=op.f("calendar_answer_channel_known")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["calendar_event.id"], name=op.f("calendar_answer_event_id_fkey")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("calendar_answer_pkey")),
    )
    op.create_table(
        "other_address",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("other_address_added_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("other_address_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("email", name=op.f("other_address_pkey")),
    )
    op.create_index(op.f("other_address_person_id_index"), "other_address", ["person_id"])


def downgrade() -> None:
    """Take them away."""
    for table in ("other_address", "calendar_answer", "reply"):
        op.drop_table(table)
