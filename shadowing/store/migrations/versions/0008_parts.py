"""Let one shift on one date have several open parts (rule A1)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ONE = "day_change_host_id_local_date_span_unique"
SEVERAL = "day_change_host_id_local_date_span_local_start_unique"


def upgrade() -> None:
    """Count the start of a part into its key."""
    with op.batch_alter_table("day_change") as table:
        table.drop_constraint(ONE, type_="unique")
        table.create_unique_constraint(SEVERAL, ["host_id", "local_date", "span", "local_start"])


def downgrade() -> None:
    """Keep the first part of each shift."""
    change = sa.table(
        "day_change",
        sa.column("host_id"),
        sa.column("local_date"),
        sa.column("span"),
        sa.column("local_start"),
    )
    earlier = change.alias("earlier")
    same = [change.c[name] == earlier.c[name] for name in ("host_id", "local_date", "span")]
    before = earlier.c.local_start < change.c.local_start
    op.execute(sa.delete(change).where(sa.exists().where(*same, before)))
    with op.batch_alter_table("day_change") as table:
        table.drop_constraint(SEVERAL, type_="unique")
        table.create_unique_constraint(ONE, ["host_id", "local_date", "span"])
