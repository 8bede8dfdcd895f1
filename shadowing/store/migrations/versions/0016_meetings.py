"""A slot may be a seat at an administrator's meeting: no unit, but a building, a name and a room.

SQLite cannot take "not null" from a column, so the table is made again there. Its triggers stand on
other tables and only name it; a table that is renamed would break them, so none is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MEETING = ("site_id", "what", "room")
SHARED = (
    "id",
    "host_id",
    "unit_id",
    "starts_at",
    "ends_at",
    "local_date",
    "span",
    "band",
    "kind",
    "mode",
    "audience",
    "handover",
    "host_role",
    "seats",
    "taken",
    "state",
)
NO_UNIT = "(kind = 'reverse') = (unit_id IS NULL)"
NO_UNIT_NAME = "slot_meeting_has_no_unit"


def upgrade() -> None:
    """Make room."""
    if op.get_bind().dialect.name == "sqlite":
        _remake(meetings=True)
        return
    op.alter_column("slot", "unit_id", nullable=True)
    for column in _own_columns():
        op.add_column("slot", column)
    op.create_foreign_key("slot_site_id_fkey", "slot", "site", ["site_id"], ["id"])
    op.create_check_constraint(op.f(NO_UNIT_NAME), "slot", NO_UNIT)


def downgrade() -> None:
    """Take it away; shifts at a meeting stay, as those that never had a slot."""
    op.execute("DELETE FROM hold WHERE slot_id IN (SELECT id FROM slot WHERE unit_id IS NULL)")
    op.execute(
        "UPDATE shift SET slot_id = NULL WHERE slot_id IN "
        "(SELECT id FROM slot WHERE unit_id IS NULL)"
    )
    op.execute("DELETE FROM slot WHERE unit_id IS NULL")
    if op.get_bind().dialect.name == "sqlite":
        _remake(meetings=False)
        return
    op.drop_constraint(op.f(NO_UNIT_NAME), "slot", type_="check")
    for name in reversed(MEETING):
        op.drop_column("slot", name)
    op.alter_column("slot", "unit_id", nullable=False)


def _remake(*, meetings: bool) -> None:
    """Put the rows aside, make the table anew under its name, and put them back.

    What refers to it is checked when all is done: each row is back under its own id by then.
    """
    names = ", ".join(SHARED)
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE slot_aside AS SELECT {names} FROM slot")
    op.drop_table("slot")
    own = (*_own_columns(), _to_site(), _no_unit()) if meetings else ()
    op.create_table("slot", *_columns(nullable=meetings), *own)
    op.create_index("slot_starts_at_index", "slot", ["state", "starts_at"])
    op.create_index("slot_unit_id_index", "slot", ["unit_id", "starts_at"])
    op.create_index("slot_local_date_index", "slot", ["state", "local_date", "starts_at", "id"])
    op.execute(f"INSERT INTO slot ({names}) SELECT {names} FROM slot_aside")
    op.drop_table("slot_aside")


def _own_columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("site_id", sa.Uuid()),
        sa.Column("what", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("room", sa.String(length=120), nullable=False, server_default=""),
    )


def _to_site() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="slot_site_id_fkey")


def _no_unit() -> sa.CheckConstraint:
    return sa.CheckConstraint(NO_UNIT, name=op.f(NO_UNIT_NAME))


def _columns(*, nullable: bool) -> tuple[sa.schema.SchemaItem, ...]:
    zero, one, no = sa.text("0"), sa.text("1"), sa.text("false")
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=nullable),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("span", sa.String(length=20), nullable=False),
        sa.Column("band", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, server_default="in_person"),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False, server_default="anyone"),
        sa.Column("handover", sa.Boolean(), nullable=False, server_default=no),
        sa.Column("host_role", sa.String(length=40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False, server_default=one),
        sa.Column("taken", sa.Integer(), nullable=False, server_default=zero),
        sa.Column("state", sa.String(length=20), nullable=False, server_default="open"),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("slot_in_order")),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name=op.f("slot_taken_within_seats")),
        sa.CheckConstraint(
            "state IN ('open', 'hidden', 'withdrawn')", name=op.f("slot_state_known")
        ),
        sa.ForeignKeyConstraint(["host_id"], ["person.id"], name="slot_host_id_fkey"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="slot_unit_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="slot_pkey"),
        sa.UniqueConstraint("host_id", "starts_at", name="slot_host_id_starts_at_unique"),
    )
