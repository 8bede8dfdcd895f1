"""What may change about a shift: proposals that wait, allowances, delegates; undo and priority.

A proposed move keeps the seat it would go to: the database counts it, as it counts shifts and
holds (0002).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IS_OPEN = "state = 'open' AND kind IN ('move', 'swap')"
TAKE = "UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id"
RELEASE = "UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id"

SQLITE_UP = (
    f"""
    CREATE TRIGGER proposed_seat_taken AFTER INSERT ON shift_proposal WHEN NEW.state = 'open'
    BEGIN {TAKE}; END
    """,
    f"""
    CREATE TRIGGER proposed_seat_removed AFTER DELETE ON shift_proposal WHEN OLD.state = 'open'
    BEGIN {RELEASE}; END
    """,
    f"""
    CREATE TRIGGER proposed_seat_left AFTER UPDATE ON shift_proposal
        WHEN OLD.state = 'open' AND NEW.state <> 'open'
    BEGIN {RELEASE}; END
    """,
    f"""
    CREATE TRIGGER proposed_seat_back AFTER UPDATE ON shift_proposal
        WHEN OLD.state <> 'open' AND NEW.state = 'open'
    BEGIN {TAKE}; END
    """,
)
SQLITE_TRIGGERS = (
    "proposed_seat_taken",
    "proposed_seat_removed",
    "proposed_seat_left",
    "proposed_seat_back",
)
POSTGRESQL_UP = (
    """
    CREATE FUNCTION count_proposed_seats() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.state = 'open' THEN
            UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id;
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.state = 'open' THEN
            UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER proposed_seats_made AFTER INSERT OR DELETE ON shift_proposal
        FOR EACH ROW EXECUTE FUNCTION count_proposed_seats()
    """,
    """
    CREATE TRIGGER proposed_seats_moved AFTER UPDATE ON shift_proposal FOR EACH ROW
        WHEN ((OLD.state = 'open') <> (NEW.state = 'open'))
        EXECUTE FUNCTION count_proposed_seats()
    """,
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER proposed_seats_moved ON shift_proposal",
    "DROP TRIGGER proposed_seats_made ON shift_proposal",
    "DROP FUNCTION count_proposed_seats",
)
SHIFT_COLUMNS = ("note", "undo_until", "undo_to", "priority_since", "swapped_at")


def upgrade() -> None:
    """Make the tables, the columns and the guards."""
    _make_proposals()
    _make_allowances()
    _make_delegations()
    op.add_column("shift", sa.Column("note", sa.String(200), nullable=False, server_default=""))
    op.add_column("shift", sa.Column("undo_until", INSTANT))
    op.add_column("shift", sa.Column("undo_to", sa.String(30), nullable=False, server_default=""))
    op.add_column("shift", sa.Column("priority_since", INSTANT))
    op.add_column("shift", sa.Column("swapped_at", INSTANT))
    op.create_index("shift_undo_until_index", "shift", ["undo_until"])
    unknown = sa.Column(
        "manager_unknown", sa.Boolean, nullable=False, server_default=sa.text("false")
    )
    op.add_column("person", unknown)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_UP if sqlite else POSTGRESQL_UP:
        op.execute(statement)


def _make_proposals() -> None:
    op.create_table(
        "shift_proposal",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("shift_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, server_default="open"),
        sa.Column("made_by_id", sa.Uuid, nullable=False),
        sa.Column("acting_as", sa.String(30), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("answer_by", INSTANT, nullable=False),
        sa.Column("slot_id", sa.Uuid),
        sa.Column("host_id", sa.Uuid, nullable=False),
        sa.Column("unit_id", sa.Uuid),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("note", sa.String(200), nullable=False, server_default=""),
        sa.Column("host_yes_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("shift_proposal_pkey")),
        _points("shift_proposal", "shift_id", "shift"),
        _points("shift_proposal", "made_by_id", "person"),
        _points("shift_proposal", "slot_id", "slot"),
        _points("shift_proposal", "host_id", "person"),
        _points("shift_proposal", "unit_id", "unit"),
        sa.CheckConstraint(
            "kind IN ('move', 'swap', 'hours')", name=op.f("shift_proposal_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'declined', 'withdrawn', 'lapsed')",
            name=op.f("shift_proposal_state_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("shift_proposal_in_order")),
    )
    where = sa.text(IS_OPEN)
    op.create_index(
        "shift_proposal_one_open",
        "shift_proposal",
        ["shift_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_index(op.f("shift_proposal_shift_id_index"), "shift_proposal", ["shift_id"])
    op.create_index("shift_proposal_host_id_index", "shift_proposal", ["host_id", "state"])
    op.create_index("shift_proposal_unit_id_index", "shift_proposal", ["unit_id", "state"])
    op.create_index("shift_proposal_state_index", "shift_proposal", ["state", "answer_by"])


def _make_allowances() -> None:
    op.create_table(
        "allowance",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("host_id", sa.Uuid),
        sa.Column("slot_id", sa.Uuid),
        sa.Column("local_date", sa.Date),
        sa.Column("cycle_id", sa.Uuid),
        sa.Column("ends_on", sa.Date),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("given_by_id", sa.Uuid, nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=op.f("allowance_pkey")),
        _points("allowance", "person_id", "person"),
        _points("allowance", "host_id", "person"),
        _points("allowance", "slot_id", "slot"),
        _points("allowance", "cycle_id", "cycle"),
        _points("allowance", "given_by_id", "person"),
        sa.CheckConstraint(
            "kind IN ('notice', 'line', 'promise')", name=op.f("allowance_kind_known")
        ),
    )
    op.create_index(op.f("allowance_person_id_index"), "allowance", ["person_id"])


def _make_delegations() -> None:
    op.create_table(
        "delegation",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("delegate_id", sa.Uuid, nullable=False),
        sa.Column("named_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "delegate_id", name=op.f("delegation_pkey")),
        _points("delegation", "person_id", "person"),
        _points("delegation", "delegate_id", "person"),
        sa.CheckConstraint("person_id <> delegate_id", name=op.f("delegation_two_people")),
    )
    op.create_index(op.f("delegation_delegate_id_index"), "delegation", ["delegate_id"])


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"{table}_{column}_fkey"))


def downgrade() -> None:
    """Take it all away again."""
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
    else:
        for statement in POSTGRESQL_DOWN:
            op.execute(statement)
    op.drop_column("person", "manager_unknown")
    op.drop_index("shift_undo_until_index", "shift")
    for name in SHIFT_COLUMNS:
        op.drop_column("shift", name)
    for table in ("delegation", "allowance", "shift_proposal"):
        op.drop_table(table)
