"""Keep in which order the promises of a cohort day are followed up (B14)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PROMISE = "cohort_promise_commitment_id_fkey"
DAY = "cohort_promise_day_id_fkey"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "cohort_promise",
        sa.Column("commitment_id", sa.Uuid(), nullable=False),
        sa.Column("day_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=PROMISE),
        sa.ForeignKeyConstraint(["day_id"], ["cohort_day.id"], name=DAY),
        sa.PrimaryKeyConstraint("commitment_id", name="cohort_promise_pkey"),
    )
    op.create_index("cohort_promise_day_id_index", "cohort_promise", ["day_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("cohort_promise")
