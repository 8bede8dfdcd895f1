"""Keep cohort days and whom they invite; a talk may point to the joint one of its day (B14)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STATES = "state IN ('draft', 'planned', 'cancelled')"
POINTER = "debrief_cohort_day_id_fkey"


def upgrade() -> None:
    """Make the tables, and the pointer of a talk."""
    _make_days()
    op.create_table(
        "cohort_guest",
        sa.Column("day_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("invited_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["day_id"], ["cohort_day.id"], name="cohort_guest_day_id_fkey"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="cohort_guest_person_id_fkey"),
        sa.PrimaryKeyConstraint("day_id", "person_id", name="cohort_guest_pkey"),
    )
    op.create_index("cohort_guest_person_id_index", "cohort_guest", ["person_id", "day_id"])
    with op.batch_alter_table("debrief") as batch:
        foreign = sa.ForeignKey("cohort_day.id", name=op.f(POINTER))
        batch.add_column(sa.Column("cohort_day_id", sa.Uuid(), foreign))
        batch.add_column(sa.Column("cohort_version", sa.Integer()))
    op.create_index("debrief_cohort_day_id_index", "debrief", ["cohort_day_id"])


def _make_days() -> None:
    op.create_table(
        "cohort_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=400), server_default="", nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("talk_starts_at", INSTANT, nullable=False),
        sa.Column("talk_ends_at", INSTANT, nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("made_by_id", sa.Uuid()),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("planned_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.CheckConstraint("talk_ends_at > talk_starts_at", name=op.f("cohort_day_in_order")),
        sa.CheckConstraint(STATES, name=op.f("cohort_day_state_known")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name="cohort_day_program_id_fkey"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="cohort_day_site_id_fkey"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="cohort_day_made_by_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="cohort_day_pkey"),
    )
    op.create_index("cohort_day_program_id_index", "cohort_day", ["program_id", "local_date"])
    op.create_index("cohort_day_local_date_index", "cohort_day", ["local_date", "site_id"])


def downgrade() -> None:
    """Take them away: each talk keeps the time it has."""
    op.drop_index("debrief_cohort_day_id_index", table_name="debrief")
    with op.batch_alter_table("debrief") as batch:
        batch.drop_constraint(op.f(POINTER), type_="foreignkey")
        batch.drop_column("cohort_version")
        batch.drop_column("cohort_day_id")
    op.drop_table("cohort_guest")
    op.drop_table("cohort_day")
