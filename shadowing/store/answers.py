"""The first answers that were given under a key, to be given again (``Idempotency-Key``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from shadowing.store.tables.accounts import first_answer


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What was answered the first time, and to which body."""

    body_digest: str
    status: int
    body: Mapping[str, Any]


def find(db: Connection, *, person_id: UUID, key: str) -> FirstAnswer | None:
    """Read what was answered to this person under this key, if anything was."""
    row = db.execute(
        select(first_answer.c.body_digest, first_answer.c.status, first_answer.c.body).where(
            first_answer.c.person_id == person_id,
            first_answer.c.key == key,
        ),
    ).first()
    return FirstAnswer(*row) if row else None


def keep(
    db: Connection,
    answer: FirstAnswer,
    *,
    person_id: UUID,
    key: str,
    at: datetime,
) -> None:
    """Keep an answer, with the change it tells of."""
    db.execute(
        insert(first_answer).values(
            person_id=person_id,
            key=key,
            body_digest=answer.body_digest,
            status=answer.status,
            body=dict(answer.body),
            at=at,
        ),
    )


def forget(db: Connection, *, before: datetime) -> int:
    """Drop answers nobody will ask for again. Returns how many."""
    return db.execute(delete(first_answer).where(first_answer.c.at < before)).rowcount
