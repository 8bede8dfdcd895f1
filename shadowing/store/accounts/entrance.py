"""What only its person knows: password hashes and one-time links, links by their digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Select, func, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.store.tables.accounts import sign_in_link
from shadowing.store.tables.people import person


@dataclass(frozen=True, slots=True)
class Secret:
    """A person's password hash (empty: none), for whoever compares it."""

    person_id: UUID
    name: str
    email: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link."""

    person_id: UUID
    target: str
    expires_at: datetime
    used_at: datetime | None


def find_secret(db: Connection, *, email: str) -> Secret | None:
    """Read the secret of the active person with this address; nothing where there is none.

    Here "nobody" is no refusal: whoever asks has to take as long for it as for somebody.
    """
    wanted = person.c.email == email.strip().lower()
    row = db.execute(_secret().where(wanted, person.c.active)).first()
    return Secret(*row) if row else None


def secret_of(db: Connection, *, person_id: UUID) -> Secret:
    """Read a person's own secret.

    Raises:
        NotFound: There is nobody by that id.
    """
    row = db.execute(_secret().where(person.c.id == person_id)).first()
    if row is None:
        raise NotFound(person_id=person_id)
    return Secret(*row)


def _secret() -> Select[UUID, str, str, str]:
    return select(
        person.c.id,
        person.c.name,
        func.coalesce(person.c.email, ""),
        func.coalesce(person.c.password_hash, ""),
    )


def known_among(db: Connection, *, emails: tuple[str, ...]) -> frozenset[str]:
    """Say which of these addresses somebody active has."""
    found = db.scalars(select(person.c.email).where(person.c.email.in_(emails), person.c.active))
    return frozenset(email for email in found if email)


def set_password(db: Connection, *, person_id: UUID, kept: str, was: str) -> bool:
    """Keep a new hash if the old one still is *was*; say whether it did."""
    same = func.coalesce(person.c.password_hash, "") == was
    changed = update(person).where(person.c.id == person_id, same).values(password_hash=kept)
    return db.execute(changed).rowcount == 1


def set_theme(db: Connection, *, person_id: UUID, theme: str) -> None:
    """Keep how a person likes pages: ``light``, ``dark``, or as the device says (empty)."""
    db.execute(update(person).where(person.c.id == person_id).values(theme=theme))


def set_reach(db: Connection, *, person_id: UUID, pace: str, channel: str) -> None:
    """Keep how a person wants to be reached."""
    wanted = update(person).where(person.c.id == person_id)
    db.execute(wanted.values(pace=pace, channel=channel))


def add_link(
    db: Connection,
    *,
    digest: str,
    person_id: UUID,
    target: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Keep a one-time link; *target* is the path it leads to."""
    db.execute(
        insert(sign_in_link).values(
            digest=digest,
            person_id=person_id,
            target=target,
            created_at=at,
            expires_at=expires_at,
        ),
    )


def find_link(db: Connection, *, digest: str) -> Link:
    """Read a one-time link of an active person.

    Raises:
        NotFound: There is none.
    """
    fields = (sign_in_link.c[name] for name in Link.__slots__)
    row = db.execute(
        select(*fields)
        .join(person, sign_in_link.c.person_id == person.c.id)
        .where(sign_in_link.c.digest == digest, person.c.active),
    ).first()
    if row is None:
        raise NotFound(subject="link")
    return Link(*row)


def use_link(db: Connection, *, digest: str, at: datetime) -> bool:
    """Use a link up; say whether it was still unused and young enough."""
    usable = (
        sign_in_link.c.digest == digest,
        sign_in_link.c.used_at.is_(None),
        sign_in_link.c.expires_at > at,
    )
    return db.execute(update(sign_in_link).where(*usable).values(used_at=at)).rowcount == 1


def end_links(db: Connection, *, person_id: UUID, at: datetime) -> None:
    """Use up every link a person still has."""
    unused = (sign_in_link.c.person_id == person_id, sign_in_link.c.used_at.is_(None))
    db.execute(update(sign_in_link).where(*unused).values(used_at=at))
