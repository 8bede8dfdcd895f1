"""Links for phones, by their digest: whose they are, what they are for, until when (P17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from shadowing.domain.people import Role
from shadowing.domain.phone import Purpose
from shadowing.store.tables.messages import phone_link
from shadowing.store.tables.people import person, person_role


@dataclass(frozen=True, slots=True)
class Link:
    """One link; ``shift_id`` is the one shift it is about, if it is about one."""

    person_id: UUID
    organization_id: UUID
    name: str
    shift_id: UUID | None
    purpose: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that is to be kept."""

    digest: str
    person_id: UUID
    shift_id: UUID | None
    purpose: Purpose
    expires_at: datetime


def add(db: Connection, links: tuple[NewLink, ...], *, at: datetime) -> None:
    """Keep links; nothing in the table opens one."""
    rows = [
        {
            "digest": each.digest,
            "person_id": each.person_id,
            "shift_id": each.shift_id,
            "purpose": each.purpose,
            "created_at": at,
            "expires_at": each.expires_at,
        }
        for each in links
    ]
    if rows:
        db.execute(insert(phone_link), rows)


def find(db: Connection, *, digest: str, at: datetime) -> Link | None:
    """Read a link that can be used: of an active host, not ended, not run out."""
    row = db.execute(
        select(
            phone_link.c.person_id,
            person.c.organization_id,
            person.c.name,
            phone_link.c.shift_id,
            phone_link.c.purpose,
            phone_link.c.expires_at,
        )
        .join(person, phone_link.c.person_id == person.c.id)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(
            phone_link.c.digest == digest,
            phone_link.c.expires_at > at,
            phone_link.c.ended_at.is_(None),
            person.c.active,
            person_role.c.role == Role.HOST,
        ),
    ).first()
    return Link(*row) if row else None


def end_all(db: Connection, *, person_id: UUID, at: datetime) -> None:
    """End every link a person still has: for a leaver, the same day (8.3)."""
    mine = (phone_link.c.person_id == person_id, phone_link.c.ended_at.is_(None))
    db.execute(update(phone_link).where(*mine).values(ended_at=at))


def host_by_phone(db: Connection, *, digits: str) -> UUID | None:
    """Find the one active host without email whose number has these digits.

    A number that two people share opens nothing.
    """
    rows = db.execute(
        select(person.c.id, person.c.phone)
        .join(person_role, person_role.c.person_id == person.c.id)
        .where(
            person.c.active,
            person.c.email.is_(None),
            person.c.phone != "",
            person_role.c.role == Role.HOST,
        ),
    )
    found = [row.id for row in rows if digits_of(row.phone) == digits]
    return found[0] if len(found) == 1 else None


def digits_of(phone: str) -> str:
    """Give the digits of a number, however it is written."""
    return "".join(letter for letter in phone if letter.isdecimal() and letter.isascii())
