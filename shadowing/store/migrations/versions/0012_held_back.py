"""Let a request wait for the coordinator before its host is told (rule D3)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "shift",
        sa.Column("held_back", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("shift", "held_back")
