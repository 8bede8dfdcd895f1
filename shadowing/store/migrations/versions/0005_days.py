"""Keep the day of each shift: its pass, what was tapped, and counts.

Shifts that are confirmed or under way get their pass here, with a code of its own each.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "shift_day",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("pass_code", sa.String(length=32), nullable=False),
        sa.Column("outside", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("pauses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("patients_asked", sa.Boolean(), nullable=True),
        sa.Column("preferred_not", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("observer_says", sa.Boolean(), nullable=True),
        sa.Column("observer_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_says", sa.Boolean(), nullable=True),
        sa.Column("host_said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_reason", sa.String(length=300), server_default="", nullable=False),
        sa.CheckConstraint("pauses >= 0", name=op.f("shift_day_pauses_counted")),
        sa.CheckConstraint("preferred_not >= 0", name=op.f("shift_day_preferred_not_counted")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("shift_day_shift_id_fkey")),
        sa.PrimaryKeyConstraint("shift_id", name=op.f("shift_day_pkey")),
        sa.UniqueConstraint("pass_code", name=op.f("shift_day_pass_code_unique")),
    )
    _issue()


def _issue() -> None:
    shift = sa.table("shift", sa.column("id", sa.Uuid()), sa.column("state", sa.String()))
    day = sa.table(
        "shift_day", sa.column("shift_id", sa.Uuid()), sa.column("pass_code", sa.String())
    )
    db = op.get_bind()
    standing = shift.c.state.in_(("confirmed", "checked_in"))
    for shift_id in db.scalars(sa.select(shift.c.id).where(standing)).all():
        code = "".join(secrets.choice(LETTERS) for _ in range(16))
        db.execute(day.insert().values(shift_id=shift_id, pass_code=code))


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("shift_day")
