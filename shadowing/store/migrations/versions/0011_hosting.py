"""What a host says of their own: a backup, a preference, that they stop; and their load's pause.

What people say of themselves for a host's preference is kept apart from everything else (A2).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SINCE = ("load_paused_at", "load_reopened_at", "left_hosting_at")


def upgrade() -> None:
    """Make room."""
    for name in SINCE:
        op.add_column("person", sa.Column(name, INSTANT))
    op.add_column(
        "reflection",
        sa.Column("costly", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    for table, said in (("host_preference", "prefers"), ("self_description", "says")):
        op.create_table(
            table,
            sa.Column("person_id", sa.Uuid(), nullable=False),
            sa.Column(said, sa.String(length=10), nullable=False),
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"{table}_person_id_fkey"),
            sa.PrimaryKeyConstraint("person_id", name=f"{table}_pkey"),
        )
    op.create_table(
        "backup_host",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("backup_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.CheckConstraint("host_id <> backup_id", name="backup_host_two_people"),
        sa.CheckConstraint(
            "state IN ('asked', 'agreed', 'declined', 'ended')", name="backup_host_state_known"
        ),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="backup_host_host_id_fkey"),
        sa.ForeignKeyConstraint(["backup_id"], ["person.id"], name="backup_host_backup_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="backup_host_pkey"),
    )
    standing = sa.text("state IN ('asked', 'agreed')")
    op.create_index(
        "backup_host_one_at_a_time",
        "backup_host",
        ["host_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index("backup_host_backup_id_index", "backup_host", ["backup_id"])


def downgrade() -> None:
    """Take it away."""
    for table in ("backup_host", "self_description", "host_preference"):
        op.drop_table(table)
    op.drop_column("reflection", "costly")
    for name in SINCE:
        op.drop_column("person", name)
