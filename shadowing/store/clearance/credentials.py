"""What is on record about people's credentials: dates and states, no values, no scans (C2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from shadowing.domain.clearance.credentials import Changed, Claim, Held
from shadowing.domain.clearance.evidence import State
from shadowing.domain.errors import NotFound
from shadowing.store import journal
from shadowing.store.base import AnyRow, Query
from shadowing.store.clearance import rechecks
from shadowing.store.journal import Entry
from shadowing.store.tables.clearance import verifier
from shadowing.store.tables.people import credential, person

PLAIN = (
    "id",
    "person_id",
    "requirement",
    "done_on",
    "valid_to",
    "waived_until",
    "waived_reason",
    "waived_by_id",
    "verified_by_id",
    "verified_at",
    "text_version",
    "evidence",
    "partner_id",
    "rejected",
    "shift_id",
    "next_on",
    "reminded",
)
TURNING = (State.VALID.value, State.EXPIRING.value, State.WAIVED.value)
WHOLE = credential.c.shift_id.is_(None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claim that waits for a verifier, with whose it is."""

    held: Held
    name: str
    title: str


def of_person(db: Connection, *, person_id: UUID) -> tuple[Held, ...]:
    """List what is on record for one person, ticks for single shifts included."""
    return of_people(db, ids=(person_id,)).get(person_id, ())


def of_people(db: Connection, *, ids: Iterable[UUID]) -> Mapping[UUID, tuple[Held, ...]]:
    """List what is on record for several people, in one statement."""
    found: dict[UUID, list[Held]] = {}
    wanted = credential.c.person_id.in_(tuple(set(ids)))
    for row in db.execute(select(credential).where(wanted).order_by(credential.c.requirement)):
        found.setdefault(row.person_id, []).append(_held(row))
    return {person_id: tuple(rows) for person_id, rows in found.items()}


def find(db: Connection, *, credential_id: UUID) -> Held:
    """Read one credential.

    Raises:
        NotFound: There is none by that id.
    """
    row = db.execute(select(credential).where(credential.c.id == credential_id)).first()
    if row is None:
        raise NotFound(credential_id=credential_id)
    return _held(row)


def held(
    db: Connection, *, person_id: UUID, requirement: str, shift_id: UUID | None = None
) -> Held:
    """Read what is on record for one requirement; nothing yet is a credential that is missing."""
    of_shift = credential.c.shift_id == shift_id if shift_id else WHOLE
    row = db.execute(
        select(credential).where(
            credential.c.person_id == person_id,
            credential.c.requirement == requirement,
            of_shift,
        ),
    ).first()
    if row is not None:
        return _held(row)
    return Held(id=uuid4(), person_id=person_id, requirement=requirement, shift_id=shift_id)


def keep(
    db: Connection,
    changed: Changed,
    *,
    before: Held,
    at: datetime,
    actor_id: UUID | None = None,
) -> Held:
    """Write a credential, a line of audit for each of its moves, and who is looked at again.

    One transaction with what gave rise to it (C6). The person's row is locked by the caller.
    """
    now = changed.held
    if now == before:
        return now
    values = _values(now)
    done = db.execute(update(credential).where(credential.c.id == now.id).values(**values))
    if not done.rowcount:
        db.execute(insert(credential).values(id=now.id, **values))
    for step in changed.steps:
        entry = Entry(
            event=f"credential.{step.after}",
            subject="credential",
            subject_id=now.id,
            person_id=actor_id,
            acting_as=step.by,
            from_state=step.before,
            to_state=step.after,
            code=step.code or now.requirement,
        )
        journal.record(db, entry, at=at)
    if _decides(before) != _decides(now):
        rechecks.add(db, person_ids=(now.person_id,), at=at)
    return now


def _decides(one: Held) -> tuple[object, ...]:
    """Name what a shift's clearance may hang on; a claim alone moves nothing."""
    return (
        one.state,
        one.done_on,
        one.valid_to,
        one.waived_until,
        one.text_version,
        one.partner_id,
    )


def due(db: Connection, *, day: date, after: UUID | None, limit: int) -> tuple[Held, ...]:
    """List the credentials to which something may happen by *day*, by id, a page at a time."""
    wanted = and_(
        WHOLE,
        credential.c.state.in_(TURNING),
        or_(credential.c.next_on.is_(None), credential.c.next_on <= day),
    )
    statement = select(credential).where(wanted).order_by(credential.c.id).limit(limit)
    if after is not None:
        statement = statement.where(credential.c.id > after)
    return tuple(_held(row) for row in db.execute(statement))


def waiting(
    db: Connection, *, verifier_id: UUID, limit: int, offset: int = 0
) -> tuple[Waiting, ...]:
    """List the claims that somebody may check, the oldest first; never their own (C7)."""
    rows = db.execute(
        _waiting(verifier_id, credential, person.c.name, person.c.title)
        .order_by(credential.c.pending_since, credential.c.id)
        .limit(limit)
        .offset(offset),
    )
    return tuple(Waiting(_held(row), row.name, row.title) for row in rows)


def count_waiting(db: Connection, *, verifier_id: UUID) -> int:
    """Count what :func:`waiting` lists, without end."""
    found: int = db.execute(_waiting(verifier_id, func.count())).scalar_one()
    return found


def _waiting(verifier_id: UUID, *columns: Any) -> Query:  # noqa: ANN401 (whatever select takes)
    mine = and_(
        verifier.c.person_id == verifier_id,
        verifier.c.requirement == credential.c.requirement,
    )
    asked = (
        credential.c.pending_since.is_not(None),
        credential.c.person_id != verifier_id,
        person.c.active,
        WHOLE,
    )
    joined = credential.join(person, person.c.id == credential.c.person_id)
    return select(*columns).select_from(joined).where(*asked, _exists(mine))


def _exists(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(verifier.c.person_id).where(condition).correlate(credential).exists()


def _held(row: AnyRow) -> Held:
    told = {name: row._mapping[name] for name in PLAIN}  # noqa: SLF001 (public by name in SQLAlchemy)
    claim = None
    if row.pending_since is not None and row.claim_by_id is not None:
        claim = Claim(
            done_on=row.claim_done_on,
            valid_to=row.claim_valid_to,
            evidence=row.claim_evidence,
            partner_id=row.claim_partner_id,
            by_id=row.claim_by_id,
            at=row.pending_since,
        )
    return Held(**told, state=State(row.state), claim=claim)


def _values(now: Held) -> dict[str, object]:
    claim = now.claim
    return {
        **{name: getattr(now, name) for name in PLAIN if name != "id"},
        "state": now.state.value,
        "pending_since": claim.at if claim else None,
        "claim_done_on": claim.done_on if claim else None,
        "claim_valid_to": claim.valid_to if claim else None,
        "claim_evidence": claim.evidence if claim else "",
        "claim_partner_id": claim.partner_id if claim else None,
        "claim_by_id": claim.by_id if claim else None,
    }
