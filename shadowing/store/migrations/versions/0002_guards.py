"""The guards that no code can argue with: seats, overlaps, the audit log.

A slot's ``taken`` is counted by the database itself, from the shifts that stand and the holds, and
its check constraint refuses one seat too many. Nobody is in two places at once, as observer or as
host (a slot with several seats is one place). What is in the audit log stays there.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GONE = (
    "('declined', 'withdrawn', 'expired', 'cancelled_by_observer', 'cancelled_by_host', "
    "'clinical_override', 'no_show')"
)

POSTGRESQL_UP = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""
    ALTER TABLE shift ADD CONSTRAINT shift_observer_overlap EXCLUDE USING gist
        (observer_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (state NOT IN {GONE})
    """,
    f"""
    ALTER TABLE shift ADD CONSTRAINT shift_host_overlap EXCLUDE USING gist
        (host_id WITH =, (coalesce(slot_id, id)) WITH <>,
         tstzrange(starts_at, ends_at) WITH &&) WHERE (state NOT IN {GONE})
    """,
    f"""
    CREATE FUNCTION count_shift_seats() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' AND OLD.state NOT IN {GONE} THEN
            UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id;
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.state NOT IN {GONE} THEN
            UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER shift_seats_made AFTER INSERT OR DELETE ON shift
        FOR EACH ROW EXECUTE FUNCTION count_shift_seats()
    """,
    f"""
    CREATE TRIGGER shift_seats_moved AFTER UPDATE ON shift FOR EACH ROW
        WHEN (OLD.slot_id IS DISTINCT FROM NEW.slot_id
              OR (OLD.state IN {GONE}) <> (NEW.state IN {GONE}))
        EXECUTE FUNCTION count_shift_seats()
    """,
    """
    CREATE FUNCTION count_held_seats() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id;
        ELSE
            UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER hold_seats AFTER INSERT OR DELETE ON hold
        FOR EACH ROW EXECUTE FUNCTION count_held_seats()
    """,
    """
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
        FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()
    """,
)

POSTGRESQL_DOWN = (
    "DROP TRIGGER audit_append_only ON audit",
    "DROP FUNCTION refuse_audit_change",
    "DROP TRIGGER hold_seats ON hold",
    "DROP FUNCTION count_held_seats",
    "DROP TRIGGER shift_seats_moved ON shift",
    "DROP TRIGGER shift_seats_made ON shift",
    "DROP FUNCTION count_shift_seats",
    "ALTER TABLE shift DROP CONSTRAINT shift_host_overlap",
    "ALTER TABLE shift DROP CONSTRAINT shift_observer_overlap",
)

TAKE = "UPDATE slot SET taken = taken + 1 WHERE id = NEW.slot_id"
RELEASE = "UPDATE slot SET taken = taken - 1 WHERE id = OLD.slot_id"
STANDING = f"s.state NOT IN {GONE} AND s.id <> NEW.id AND s.starts_at < NEW.ends_at"


def _no_overlap(name: str, when: str, same: str) -> str:
    return f"""
    CREATE TRIGGER {name} BEFORE {when} ON shift WHEN NEW.state NOT IN {GONE}
    BEGIN
        SELECT RAISE(ABORT, '{name}') WHERE EXISTS
            (SELECT 1 FROM shift s WHERE {same} AND {STANDING} AND s.ends_at > NEW.starts_at);
    END
    """


SAME_OBSERVER = "s.observer_id = NEW.observer_id"
SAME_HOST = "s.host_id = NEW.host_id AND coalesce(s.slot_id, s.id) <> coalesce(NEW.slot_id, NEW.id)"

SQLITE_UP = (
    _no_overlap("shift_observer_overlap_made", "INSERT", SAME_OBSERVER),
    _no_overlap("shift_observer_overlap_moved", "UPDATE", SAME_OBSERVER),
    _no_overlap("shift_host_overlap_made", "INSERT", SAME_HOST),
    _no_overlap("shift_host_overlap_moved", "UPDATE", SAME_HOST),
    f"""
    CREATE TRIGGER shift_seat_taken AFTER INSERT ON shift WHEN NEW.state NOT IN {GONE}
    BEGIN {TAKE}; END
    """,
    f"""
    CREATE TRIGGER shift_seat_removed AFTER DELETE ON shift WHEN OLD.state NOT IN {GONE}
    BEGIN {RELEASE}; END
    """,
    f"""
    CREATE TRIGGER shift_seat_left AFTER UPDATE ON shift
        WHEN OLD.state NOT IN {GONE}
        AND (NEW.state IN {GONE} OR OLD.slot_id IS NOT NEW.slot_id)
    BEGIN {RELEASE}; END
    """,
    f"""
    CREATE TRIGGER shift_seat_entered AFTER UPDATE ON shift
        WHEN NEW.state NOT IN {GONE}
        AND (OLD.state IN {GONE} OR OLD.slot_id IS NOT NEW.slot_id)
    BEGIN {TAKE}; END
    """,
    f"CREATE TRIGGER hold_seat_taken AFTER INSERT ON hold BEGIN {TAKE}; END",
    f"CREATE TRIGGER hold_seat_left AFTER DELETE ON hold BEGIN {RELEASE}; END",
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END
    """,
)

SQLITE_TRIGGERS = (
    "shift_observer_overlap_made",
    "shift_observer_overlap_moved",
    "shift_host_overlap_made",
    "shift_host_overlap_moved",
    "shift_seat_taken",
    "shift_seat_removed",
    "shift_seat_left",
    "shift_seat_entered",
    "hold_seat_taken",
    "hold_seat_left",
    "audit_no_update",
    "audit_no_delete",
)


def upgrade() -> None:
    """Set the guards."""
    statements = SQLITE_UP if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_UP
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    """Take the guards away."""
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE_TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        return
    for statement in POSTGRESQL_DOWN:
        op.execute(statement)
