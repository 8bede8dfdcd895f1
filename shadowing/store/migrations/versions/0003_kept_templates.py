"""Keep each version of a reflection's template that answers were given under.

A template may change with a release; what somebody answered before is read as it was asked.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reflection_template",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("reflection_template_pkey")),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("reflection_template")
