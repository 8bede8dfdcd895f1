"""Keep what people wait for: a seat of a slot, or a kind of shift; and what they were offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; a held seat may be an offer."""
    op.create_table(
        "wish",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("host_role", sa.String(length=40), server_default="", nullable=False),
        sa.Column("band", sa.String(length=20), server_default="", nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("goal", sa.String(length=200), nullable=False),
        sa.Column("access_needs", sa.String(length=200), server_default="", nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=12), server_default="waiting", nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("last_on >= first_on", name=op.f("wish_in_order")),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'taken', 'ended')", name=op.f("wish_state_known")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("wish_person_id_fkey")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("wish_slot_id_fkey")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("wish_unit_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("wish_pkey")),
    )
    op.create_index(op.f("wish_person_id_index"), "wish", ["person_id", "state"])
    op.create_index(op.f("wish_state_index"), "wish", ["state", "made_at"])
    op.create_index(op.f("wish_unit_id_index"), "wish", ["unit_id"])
    op.create_index(op.f("wish_slot_id_index"), "wish", ["slot_id"])
    op.create_table(
        "wish_offer",
        sa.Column("wish_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("answer", sa.String(length=10), server_default="", nullable=False),
        sa.CheckConstraint(
            "answer IN ('', 'taken', 'declined', 'lapsed')", name=op.f("wish_offer_answer_known")
        ),
        sa.ForeignKeyConstraint(["wish_id"], ["wish.id"], name=op.f("wish_offer_wish_id_fkey")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("wish_offer_slot_id_fkey")),
        sa.PrimaryKeyConstraint("wish_id", "slot_id", name=op.f("wish_offer_pkey")),
    )
    op.create_index(op.f("wish_offer_answer_index"), "wish_offer", ["answer", "until"])
    op.create_index(op.f("wish_offer_slot_id_index"), "wish_offer", ["slot_id"])
    op.add_column(
        "hold", sa.Column("offered", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    """Take them away again, and the seats that are offered with them."""
    op.execute("DELETE FROM hold WHERE offered")
    op.drop_column("hold", "offered")
    op.drop_table("wish_offer")
    op.drop_table("wish")
