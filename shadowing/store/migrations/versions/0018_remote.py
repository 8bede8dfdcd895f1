"""Keep what a host offers by video or phone, and where they raise the sensitivity (A8, B17)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HOURS = (
    ("kind", sa.String(length=20), "in_person"),
    ("seats", sa.Integer(), sa.text("1")),
)
EVERYWHERE = (
    ("join_at", sa.String(length=300), ""),
    ("sensitivity", sa.String(length=2), ""),
)
NEW = {
    "weekly_hours": (*HOURS, *EVERYWHERE),
    "day_change": (*HOURS, *EVERYWHERE),
    "slot": EVERYWHERE,
    "shift": EVERYWHERE,
}


def upgrade() -> None:
    """Add the columns, one by one: triggers of a table stay as they are."""
    for table, columns in NEW.items():
        for name, kind, default in columns:
            op.add_column(table, sa.Column(name, kind, server_default=default, nullable=False))


def downgrade() -> None:
    """Take them away."""
    for table, columns in NEW.items():
        for name, _, _ in reversed(columns):
            op.drop_column(table, name)
