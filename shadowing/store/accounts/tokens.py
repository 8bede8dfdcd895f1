"""What other programs show: API tokens and the addresses of calendar feeds, by their digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Connection, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.store.accounts.roles import ROLES, roles_in
from shadowing.store.tables.accounts import api_token, calendar_feed
from shadowing.store.tables.people import person


@dataclass(frozen=True, slots=True)
class Token:
    """An API token with its person."""

    id: UUID
    person_id: UUID
    organization_id: UUID
    name: str
    role: Role
    roles: frozenset[Role]
    scopes: tuple[str, ...]
    seen_at: datetime | None


def add_token(
    db: Connection,
    *,
    digest: str,
    person_id: UUID,
    role: Role,
    scopes: tuple[str, ...],
    at: datetime,
) -> UUID:
    """Keep a new API token; return its id, which is no secret."""
    token_id = uuid4()
    db.execute(
        insert(api_token).values(
            id=token_id,
            digest=digest,
            person_id=person_id,
            role=role,
            scopes=list(scopes),
            created_at=at,
        ),
    )
    return token_id


def find_token(db: Connection, *, digest: str) -> Token:
    """Read a token that stands, of an active person, in one statement.

    Raises:
        NotFound: There is none.
    """
    row = db.execute(
        select(
            api_token.c.id,
            api_token.c.person_id,
            api_token.c.role,
            api_token.c.scopes,
            api_token.c.seen_at,
            person.c.organization_id,
            person.c.name,
            ROLES.label("roles"),
        )
        .join(person, api_token.c.person_id == person.c.id)
        .where(api_token.c.digest == digest, api_token.c.revoked_at.is_(None), person.c.active),
    ).first()
    if row is None:
        raise NotFound(subject="token")
    return Token(
        id=row.id,
        person_id=row.person_id,
        organization_id=row.organization_id,
        name=row.name,
        role=Role(row.role),
        roles=roles_in(row.roles),
        scopes=tuple(row.scopes),
        seen_at=row.seen_at,
    )


def mark_used(db: Connection, *, token_id: UUID, at: datetime) -> None:
    """Note that a token is in use."""
    db.execute(update(api_token).where(api_token.c.id == token_id).values(seen_at=at))


def add_feed(db: Connection, *, digest: str, person_id: UUID, at: datetime) -> None:
    """Keep the address of a person's calendar feed; any they had before ends."""
    end_feed(db, person_id=person_id, at=at)
    db.execute(
        insert(calendar_feed).values(id=uuid4(), digest=digest, person_id=person_id, created_at=at),
    )


def end_feed(db: Connection, *, person_id: UUID, at: datetime) -> None:
    """End the feed of a person, if there is one."""
    standing = (calendar_feed.c.person_id == person_id, calendar_feed.c.revoked_at.is_(None))
    db.execute(update(calendar_feed).where(*standing).values(revoked_at=at))


def feed_since(db: Connection, *, person_id: UUID) -> datetime | None:
    """Say since when a person has had a feed; nothing where they have none."""
    since: datetime | None = db.scalar(
        select(calendar_feed.c.created_at).where(
            calendar_feed.c.person_id == person_id,
            calendar_feed.c.revoked_at.is_(None),
        ),
    )
    return since


def feed_owner(db: Connection, *, digest: str) -> UUID:
    """Say whose feed this is.

    Raises:
        NotFound: There is none, it was ended, or its person has left.
    """
    owner: UUID | None = db.scalar(
        select(calendar_feed.c.person_id)
        .join(person, calendar_feed.c.person_id == person.c.id)
        .where(
            calendar_feed.c.digest == digest,
            calendar_feed.c.revoked_at.is_(None),
            person.c.active,
        ),
    )
    if owner is None:
        raise NotFound(subject="feed")
    return owner
