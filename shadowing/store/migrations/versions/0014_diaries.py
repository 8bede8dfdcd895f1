"""Keep when people are busy by their own diaries; times only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "diary",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False, server_default=""),
        sa.Column("address", sa.String(2000), nullable=False, server_default=""),
        sa.Column("etag", sa.String(300), nullable=False, server_default=""),
        sa.Column("modified", sa.String(300), nullable=False, server_default=""),
        sa.Column("good_at", INSTANT),
        sa.Column("due_at", INSTANT),
        sa.Column("failures", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("problem", sa.String(120), nullable=False, server_default=""),
        sa.Column("events", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("skipped", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("warnings", sa.JSON, nullable=False, server_default=sa.text("'[]'")),
        sa.Column("unsettled", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.CheckConstraint("kind IN ('', 'upload', 'address')", name=op.f("diary_kind_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("diary_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("diary_pkey")),
    )
    op.create_index(op.f("diary_due_at_index"), "diary", ["due_at"])
    op.create_index(op.f("diary_unsettled_index"), "diary", ["unsettled"])
    op.create_table(
        "diary_busy",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("diary_busy_in_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("diary_busy_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("person_id", "starts_at", name=op.f("diary_busy_pkey")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("diary_busy")
    op.drop_table("diary")
