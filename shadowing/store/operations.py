"""How the database itself is: reachable, migrated, and when the worker last ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from shadowing.store.tables.journal import job, outbox


@dataclass(frozen=True, slots=True)
class Run:
    """When a job of the worker last ran, and what troubled it."""

    name: str
    ran_at: datetime
    trouble: str


def runs(db: Connection) -> tuple[Run, ...]:
    """List the last run of every job, the latest first."""
    rows = db.execute(select(job.c.name, job.c.ran_at, job.c.trouble).order_by(job.c.ran_at.desc()))
    return tuple(Run(*row) for row in rows)


def letters_in_trouble(db: Connection) -> tuple[int, int]:
    """Count the letters given up, and those that wait although they were tried."""
    failed = select(func.count()).where(outbox.c.state == "failed").scalar_subquery()
    stuck = (
        select(func.count())
        .where(outbox.c.state == "waiting", outbox.c.attempts > 0)
        .scalar_subquery()
    )
    row = db.execute(select(failed, stuck)).one()
    return row[0], row[1]


def clock_of(db: Connection) -> datetime:
    """Read the clock of the database's machine; of the embedded one that is our own."""
    if db.dialect.name == "sqlite":
        text = db.execute(select(func.strftime("%Y-%m-%dT%H:%M:%S+00:00", "now"))).scalar_one()
        return datetime.fromisoformat(text)
    told: datetime = db.execute(select(func.clock_timestamp())).scalar_one()
    return told.astimezone(UTC)
