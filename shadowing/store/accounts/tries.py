"""How often something was tried in a stretch of time, counted for every process alike."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shadowing.store.tables.accounts import rate


def count(db: Connection, *, subject: str, window: datetime) -> int:
    """Count one more try of *subject* in *window*; return how many that makes."""
    insert = sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert
    one_more = (
        insert(rate)
        .values(subject=subject, window=window, count=1)
        .on_conflict_do_update(
            index_elements=[rate.c.subject, rate.c.window],
            set_={"count": rate.c.count + 1},
        )
        .returning(rate.c.count)
    )
    tries: int = db.execute(one_more).scalar_one()
    return tries


def so_far(db: Connection, *, subject: str, window: datetime) -> int:
    """Say how many tries of *subject* were counted in *window*."""
    counted = (rate.c.subject == subject, rate.c.window == window)
    found: int | None = db.execute(select(rate.c.count).where(*counted)).scalar()
    return found or 0


def uncount(db: Connection, *, subject: str, window: datetime) -> None:
    """Take one try back: it was right."""
    counted = (rate.c.subject == subject, rate.c.window == window, rate.c.count > 0)
    db.execute(update(rate).where(*counted).values(count=rate.c.count - 1))


def forget(db: Connection, *, before: datetime) -> int:
    """Remove what was counted in windows that began before; return how many rows."""
    return db.execute(delete(rate).where(rate.c.window < before)).rowcount
