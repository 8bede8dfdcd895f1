"""Know where a renewal of all slots stands, and find the slots of a day without reading others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "slots_made",
        sa.Column("host_id", sa.Uuid, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name=op.f("slots_made_host_id_fkey")),
        sa.PrimaryKeyConstraint("host_id", name=op.f("slots_made_pkey")),
    )
    op.create_index("slot_local_date_index", "slot", ["state", "local_date", "starts_at", "id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("slot_local_date_index", "slot")
    op.drop_table("slots_made")
