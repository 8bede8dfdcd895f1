"""Let a feed show a unit or a program."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TARGETS = ("unit", "program")


def upgrade() -> None:
    """Add what a feed is of; those that stand are of their own person."""
    with op.batch_alter_table("calendar_feed") as table:
        for name in TARGETS:
            table.add_column(sa.Column(f"{name}_id", sa.Uuid(), nullable=True))
            table.create_foreign_key(f"calendar_feed_{name}_id_fkey", name, [f"{name}_id"], ["id"])


def downgrade() -> None:
    """Take it away, with the feeds that were of anything else."""
    op.execute("DELETE FROM calendar_feed WHERE unit_id IS NOT NULL OR program_id IS NOT NULL")
    with op.batch_alter_table("calendar_feed") as table:
        for name in TARGETS:
            table.drop_constraint(f"calendar_feed_{name}_id_fkey", type_="foreignkey")
            table.drop_column(f"{name}_id")
