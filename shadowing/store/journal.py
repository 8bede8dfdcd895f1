"""What happened (audit) and what is still to be told (outbox), written with the change itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing_sqlite

from shadowing.store.tables.journal import audit, job, outbox


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log (rule P16): never text, never a token."""

    event: str
    subject: str
    subject_id: UUID
    person_id: UUID | None = None
    acting_as: str = "clock"
    from_state: str = ""
    to_state: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """One message to be sent (rule N5).

    Attributes:
        key: Unique for ever: the same thing is told once.
        kind: Which letter.
        facts: What the letter cannot read from the shift; no text of a reflection, no token.
    """

    key: str
    kind: str
    recipient_id: UUID
    shift_id: UUID | None = None
    event_id: UUID | None = None
    sequence: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def record(db: Connection, entry: Entry, *, at: datetime) -> None:
    """Write *entry* into the audit log."""
    db.execute(
        insert(audit).values(
            at=at,
            person_id=entry.person_id,
            acting_as=entry.acting_as,
            event=entry.event,
            subject=entry.subject,
            subject_id=entry.subject_id,
            from_state=entry.from_state,
            to_state=entry.to_state,
            code=entry.code,
        ),
    )


def history(db: Connection, *, subject_id: UUID) -> tuple[tuple[datetime, Entry], ...]:
    """List what happened to a thing, oldest first."""
    rows = db.execute(select(audit).where(audit.c.subject_id == subject_id).order_by(audit.c.id))
    return tuple(
        (
            row.at,
            Entry(
                event=row.event,
                subject=row.subject,
                subject_id=row.subject_id,
                person_id=row.person_id,
                acting_as=row.acting_as,
                from_state=row.from_state,
                to_state=row.to_state,
                code=row.code,
            ),
        )
        for row in rows
    )


def came_to(db: Connection, *, subject_id: UUID, state: str) -> bool:
    """Say whether a thing has ever come into a state."""
    wanted = select(audit.c.id).where(audit.c.subject_id == subject_id, audit.c.to_state == state)
    return db.execute(wanted.limit(1)).first() is not None


def code_since(db: Connection, *, subject_id: UUID, event: str, since: datetime) -> str:
    """Read the code of the last such event of a thing since an instant; empty without one."""
    found = db.execute(
        select(audit.c.code)
        .where(audit.c.subject_id == subject_id, audit.c.event == event, audit.c.at >= since)
        .order_by(audit.c.id.desc())
        .limit(1),
    )
    return found.scalar() or ""


def came_at(db: Connection, *, subject_id: UUID, state: str) -> datetime | None:
    """Say when a thing last came into a state; ``None`` where it never did."""
    found: datetime | None = db.execute(
        select(func.max(audit.c.at)).where(
            audit.c.subject_id == subject_id, audit.c.event == f"shift.{state}"
        ),
    ).scalar()
    return found


def tell(db: Connection, telling: Telling, *, at: datetime, domain: str) -> None:
    """Queue *telling*; its Message-ID is fixed here, so that a repeat is known as one."""
    db.execute(insert(outbox).values(**_queued(telling, at=at, due=at, domain=domain)))


def tell_once(
    db: Connection,
    telling: Telling,
    *,
    at: datetime,
    domain: str,
    due: datetime | None = None,
) -> bool:
    """Queue *telling* unless something was queued by its key before; say whether it was.

    Args:
        db: In the transaction of the change.
        telling: With a key that names the thing and the moment.
        at: Now.
        domain: In whose name messages are made.
        due: When its turn comes, if that is not now.
    """
    make = insert_or_nothing_sqlite if db.dialect.name == "sqlite" else insert_or_nothing
    values = _queued(telling, at=at, due=due or at, domain=domain)
    ours = make(outbox).values(**values).on_conflict_do_nothing().returning(outbox.c.id)
    return db.execute(ours).first() is not None


def _queued(telling: Telling, *, at: datetime, due: datetime, domain: str) -> dict[str, object]:
    return {
        "key": telling.key,
        "kind": telling.kind,
        "recipient_id": telling.recipient_id,
        "shift_id": telling.shift_id,
        "event_id": telling.event_id,
        "sequence": telling.sequence,
        "facts": dict(telling.facts),
        "message_id": f"<{secrets.token_hex(16)}@{domain}>",
        "queued_at": at,
        "due_at": due,
    }


def supersede(db: Connection, *, event_id: UUID, before: int, at: datetime) -> None:
    """Drop what waits unsent about an event, up to sequence *before*: a newer one is queued."""
    db.execute(
        update(outbox)
        .where(
            outbox.c.event_id == event_id,
            outbox.c.sequence < before,
            outbox.c.state == "waiting",
            outbox.c.leased_until.is_(None) | (outbox.c.leased_until < at),
        )
        .values(state="superseded", ended_at=at),
    )


def mark_run(db: Connection, *, name: str, at: datetime, trouble: str = "") -> None:
    """Note that a job of the worker ran."""
    done = db.execute(
        update(job).where(job.c.name == name).values(ran_at=at, trouble=trouble[:200]),
    )
    if not done.rowcount:
        db.execute(insert(job).values(name=name, ran_at=at, trouble=trouble[:200]))
