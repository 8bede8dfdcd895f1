"""What the clock has told, how each person is reached, links for any phone, a message a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the columns."""
    _make_reminders()
    _make_phone_links()
    op.add_column(
        "program", sa.Column("purpose", sa.String(400), nullable=False, server_default="")
    )
    op.add_column("person", sa.Column("channel", sa.String(10), nullable=False, server_default=""))
    op.add_column("person", sa.Column("pace", sa.String(10), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("channel", sa.String(10), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("bundle_id", sa.BigInteger))


def _make_reminders() -> None:
    op.create_table(
        "reminder",
        sa.Column("shift_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("hours", sa.Integer, nullable=False),
        sa.Column("anchor", INSTANT, nullable=False),
        sa.Column("planned_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("reminder_shift_id_fkey")),
        sa.PrimaryKeyConstraint("shift_id", "kind", "hours", "anchor", name=op.f("reminder_pkey")),
    )
    op.create_index("reminder_kind_index", "reminder", ["kind", "anchor"])


def _make_phone_links() -> None:
    op.create_table(
        "phone_link",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("shift_id", sa.Uuid),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("phone_link_person_id_fkey")
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("phone_link_shift_id_fkey")),
        sa.PrimaryKeyConstraint("digest", name=op.f("phone_link_pkey")),
    )
    for name in ("person_id", "shift_id", "expires_at"):
        op.create_index(op.f(f"phone_link_{name}_index"), "phone_link", [name])


def downgrade() -> None:
    """Take it all away again."""
    for table, column in (
        ("outbox", "bundle_id"),
        ("outbox", "channel"),
        ("person", "pace"),
        ("person", "channel"),
        ("program", "purpose"),
    ):
        op.drop_column(table, column)
    op.drop_table("phone_link")
    op.drop_table("reminder")
