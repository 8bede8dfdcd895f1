"""Many rows at once, into a database that is still empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from shadowing.store.base import metadata
from shadowing.store.tables.people import person, unit

IN_ORDER: Final = (
    "organization",
    "site",
    "unit",
    "person",
    "person_role",
    "backup_host",
    "do_not_pair",
    "agreement",
    "program",
    "cycle",
    "credential",
    "verifier",
    "weekly_hours",
    "slot",
    "cohort_day",
    "cohort_guest",
    "shift",
    "shift_proposal",
    "leader_invite",
    "wish",
    "allowance",
    "calendar_event",
    "debrief",
    "reflection_template",
    "reflection",
    "reflection_text",
    "commitment",
    "commitment_entry",
    "audit",
)


def holds_people(db: Connection) -> bool:
    """Say whether anybody is there."""
    return db.execute(select(person.c.id).limit(1)).first() is not None


def insert_all(db: Connection, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    """Write rows by table, each table after those it points to.

    A unit points to its manager and a person to their unit: managers are set last.
    """
    for name in IN_ORDER:
        listed = [_without_manager(row) if name == "unit" else row for row in rows[name]]
        if listed:
            db.execute(insert(metadata.tables[name]), listed)
    set_manager = (
        update(unit).where(unit.c.id == bindparam("of")).values(manager_id=bindparam("manager"))
    )
    db.execute(
        set_manager,
        [{"of": row["id"], "manager": row["manager_id"]} for row in rows["unit"]],
    )


def _without_manager(row: Mapping[str, object]) -> dict[str, object]:
    return {**row, "manager_id": None}
