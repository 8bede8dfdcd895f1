"""Requirements made one's own, who verifies them, claims beside credentials, whom to look at again.

A credential may be ticked for one shift alone: one row for each person and requirement, and one
for each shift beside it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

EVERY = "credential_person_id_requirement_unique"
EACH = "credential_person_id_requirement_shift_id_unique"
ONE = "credential_one_each"
NO_SHIFT = sa.text("shift_id IS NULL")
POINTERS = (
    ("waived_by_id", "person.id"),
    ("partner_id", "organization.id"),
    ("claim_partner_id", "organization.id"),
    ("claim_by_id", "person.id"),
    ("shift_id", "shift.id"),
)
INSTANT = sa.DateTime(timezone=True)


def _columns() -> list[sa.Column[object]]:
    """Name the new columns of a credential that point nowhere."""
    return [
        sa.Column("verified_at", INSTANT),
        sa.Column("evidence", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("pending_since", INSTANT),
        sa.Column("claim_done_on", sa.Date()),
        sa.Column("claim_valid_to", sa.Date()),
        sa.Column("claim_evidence", sa.String(length=80), nullable=False, server_default=""),
        sa.Column("rejected", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("next_on", sa.Date()),
        sa.Column("reminded", sa.Integer()),
    ]


def upgrade() -> None:
    """Make the tables; give credentials their claims, and ticks their shifts."""
    _make_tables()
    with op.batch_alter_table("credential") as batch:
        batch.drop_constraint(EVERY, type_="unique")
        for column in _columns():
            batch.add_column(column)
        for name, target in POINTERS:
            foreign = sa.ForeignKey(target, name=op.f(f"credential_{name}_fkey"))
            batch.add_column(sa.Column(name, sa.Uuid(), foreign))
        batch.create_unique_constraint(op.f(EACH), ["person_id", "requirement", "shift_id"])
    op.create_index(
        ONE,
        "credential",
        ["person_id", "requirement"],
        unique=True,
        sqlite_where=NO_SHIFT,
        postgresql_where=NO_SHIFT,
    )
    op.create_index(op.f("credential_shift_id_index"), "credential", ["shift_id"])
    op.create_index("credential_pending_since_index", "credential", ["pending_since"])
    op.create_index("credential_next_on_index", "credential", ["state", "next_on"])


def downgrade() -> None:
    """Take it all away; a tick for one shift alone has no place in the older table."""
    op.drop_index("credential_next_on_index", "credential")
    op.drop_index("credential_pending_since_index", "credential")
    op.drop_index(op.f("credential_shift_id_index"), "credential")
    op.drop_index(ONE, "credential")
    op.execute("DELETE FROM credential WHERE shift_id IS NOT NULL")
    with op.batch_alter_table("credential") as batch:
        batch.drop_constraint(op.f(EACH), type_="unique")
        for name, _ in POINTERS:
            batch.drop_constraint(op.f(f"credential_{name}_fkey"), type_="foreignkey")
            batch.drop_column(name)
        for column in _columns():
            batch.drop_column(column.name)
        batch.create_unique_constraint(op.f(EVERY), ["person_id", "requirement"])
    for table in ("recheck", "verifier", "requirement"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "requirement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Uuid()),
        sa.Column("program_id", sa.Uuid()),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("help", sa.String(length=300), nullable=False, server_default=""),
        sa.Column("topic", sa.String(length=20), nullable=False),
        sa.Column("validity", sa.JSON(), nullable=False),
        sa.Column("validity_external", sa.JSON(), nullable=False),
        sa.Column("applies", sa.JSON(), nullable=False),
        sa.Column("due", sa.String(length=20), nullable=False),
        sa.Column("on_lapse", sa.String(length=20), nullable=False),
        sa.Column("remind_days", sa.JSON(), nullable=False),
        sa.Column("waivable", sa.Boolean(), nullable=False),
        sa.Column("partner_equivalent", sa.Boolean(), nullable=False),
        sa.Column("attest", sa.String(length=30), nullable=False, server_default=""),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("since", INSTANT),
        sa.Column("binding_on", sa.Date()),
        sa.Column("made_by_id", sa.Uuid()),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'active', 'off_season', 'retired')",
            name=op.f("requirement_state_known"),
        ),
        *_foreign(
            "requirement",
            organization_id="organization.id",
            unit_id="unit.id",
            program_id="program.id",
            made_by_id="person.id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("requirement_pkey")),
        sa.UniqueConstraint(
            "organization_id",
            "code",
            "version",
            name=op.f("requirement_organization_id_code_version_unique"),
        ),
    )
    op.create_index(op.f("requirement_unit_id_index"), "requirement", ["unit_id"])
    op.create_index(op.f("requirement_program_id_index"), "requirement", ["program_id"])
    op.create_table(
        "verifier",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("requirement", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        *_foreign("verifier", organization_id="organization.id", person_id="person.id"),
        sa.PrimaryKeyConstraint(
            "organization_id", "requirement", "person_id", name=op.f("verifier_pkey")
        ),
    )
    op.create_index(op.f("verifier_person_id_index"), "verifier", ["person_id"])
    op.create_table(
        "recheck",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0")),
        *_foreign("recheck", person_id="person.id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("recheck_pkey")),
    )
    op.create_index(op.f("recheck_due_at_index"), "recheck", ["due_at"])


def _foreign(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [target], name=op.f(f"{table}_{name}_fkey"))
        for name, target in targets.items()
    ]
