"""What other programs show: API tokens and the addresses of calendar feeds, by their digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Connection, insert, select, update

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


@dataclass(frozen=True, slots=True)
class FeedOf:
    """What a feed shows: one's own events, or all shifts of a unit or of a program."""

    unit_id: UUID | None = None
    program_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that stands: whose it is, and what it shows."""

    person_id: UUID
    of: FeedOf


def add_feed(db: Connection, *, digest: str, person_id: UUID, of: FeedOf, at: datetime) -> None:
    """Keep the address of a feed; the one this person had of the same before ends."""
    end_feed(db, person_id=person_id, of=of, at=at)
    db.execute(
        insert(calendar_feed).values(
            id=uuid4(),
            digest=digest,
            person_id=person_id,
            created_at=at,
            unit_id=of.unit_id,
            program_id=of.program_id,
        ),
    )


def end_feed(db: Connection, *, person_id: UUID, of: FeedOf, at: datetime) -> None:
    """End a person's feed of something, if there is one."""
    same = (
        calendar_feed.c.unit_id.is_not_distinct_from(of.unit_id),
        calendar_feed.c.program_id.is_not_distinct_from(of.program_id),
    )
    db.execute(update(calendar_feed).where(*_standing(person_id), *same).values(revoked_at=at))


def end_feeds(db: Connection, *, person_id: UUID, at: datetime) -> None:
    """End every feed of a person."""
    db.execute(update(calendar_feed).where(*_standing(person_id)).values(revoked_at=at))


def feeds_since(db: Connection, *, person_id: UUID) -> dict[FeedOf, datetime]:
    """Say what a person has feeds of, and since when."""
    rows = db.execute(
        select(calendar_feed.c.unit_id, calendar_feed.c.program_id, calendar_feed.c.created_at)
        .where(*_standing(person_id))
        .order_by(calendar_feed.c.created_at)
    )
    return {FeedOf(row.unit_id, row.program_id): row.created_at for row in rows}


def find_feed(db: Connection, *, digest: str) -> Feed:
    """Say whose feed this is, and of what.

    Raises:
        NotFound: There is none, it was ended, or its person has left.
    """
    row = db.execute(
        select(calendar_feed.c.person_id, calendar_feed.c.unit_id, calendar_feed.c.program_id)
        .join(person, calendar_feed.c.person_id == person.c.id)
        .where(
            calendar_feed.c.digest == digest,
            calendar_feed.c.revoked_at.is_(None),
            person.c.active,
        ),
    ).first()
    if row is None:
        raise NotFound(subject="feed")
    return Feed(row.person_id, FeedOf(row.unit_id, row.program_id))


def _standing(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (calendar_feed.c.person_id == person_id, calendar_feed.c.revoked_at.is_(None))
