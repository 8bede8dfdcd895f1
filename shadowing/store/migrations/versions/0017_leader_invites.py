"""Keep whom hosts have invited to come along, to which of their hours (B15)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STATES = "state IN ('open', 'accepted', 'declined', 'lapsed', 'withdrawn')"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "leader_invite",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=12), server_default="open", nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("shift_id", sa.Uuid()),
        sa.CheckConstraint(STATES, name=op.f("leader_invite_state_known")),
        sa.CheckConstraint("host_id <> person_id", name=op.f("leader_invite_two_people")),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="leader_invite_host_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="leader_invite_person_id_fkey"),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name="leader_invite_slot_id_fkey"),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="leader_invite_shift_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="leader_invite_pkey"),
    )
    op.create_index("leader_invite_host_id_index", "leader_invite", ["host_id", "state"])
    op.create_index("leader_invite_person_id_index", "leader_invite", ["person_id", "state"])
    op.create_index("leader_invite_state_index", "leader_invite", ["state", "until"])
    op.create_index("leader_invite_slot_id_index", "leader_invite", ["slot_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "leader_invite_one_open",
        "leader_invite",
        ["slot_id", "person_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("leader_invite")
