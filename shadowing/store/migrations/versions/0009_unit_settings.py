"""Let a unit have a deputy, settings of its own, and an authorization in writing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OFF = sa.text("false")
COLUMNS = (
    ("notice_days", sa.Integer(), None),
    ("handover_open", sa.Boolean(), OFF),
    ("remote_allowed", sa.Boolean(), OFF),
    ("own_rules", sa.JSON(), sa.text("'[]'")),
    ("authorized_by", sa.String(length=120), ""),
    ("authorization", sa.String(length=120), ""),
    ("authorized_until", sa.Date(), None),
    ("pause_kind", sa.String(length=20), ""),
    ("pause_stops", sa.Boolean(), OFF),
)


def upgrade() -> None:
    """Add the columns and the table."""
    for name, kind, begins in COLUMNS:
        nullable = begins is None
        op.add_column("unit", sa.Column(name, kind, server_default=begins, nullable=nullable))
    op.create_table(
        "unit_deputy",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("unit_deputy_unit_id_fkey")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("unit_deputy_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("unit_deputy_pkey")),
    )
    op.create_index(op.f("unit_deputy_person_id_index"), "unit_deputy", ["person_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("unit_deputy")
    for name, _, _ in COLUMNS:
        op.drop_column("unit", name)
