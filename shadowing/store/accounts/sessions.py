"""Who is signed in: sessions, kept and asked for by the digest of their token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Label, delete, func, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.store.accounts.roles import ROLES, roles_in
from shadowing.store.tables.accounts import session
from shadowing.store.tables.people import organization, person, site, unit


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in, with all that a page says about them on its edges."""

    digest: str
    person_id: UUID
    organization_id: UUID
    name: str
    title: str
    level: str
    theme: str
    organization: str
    site: str
    zone: str
    role: Role
    roles: frozenset[Role]
    agent: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Open:
    """One of a person's sessions."""

    digest: str
    agent: str
    created_at: datetime
    seen_at: datetime


def _place(column: str) -> Label[str]:
    """Ask for the site of a person's unit, or else for the first site of the organization."""
    own = (
        select(site.c[column])
        .join(unit, unit.c.site_id == site.c.id)
        .where(unit.c.id == person.c.host_unit_id)
        .scalar_subquery()
    )
    first = (
        select(site.c[column])
        .where(site.c.organization_id == person.c.organization_id)
        .order_by(site.c.code)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(own, first, "").label(f"site_{column}")


_SIGNED_IN = (
    select(
        session.c.digest,
        session.c.role,
        session.c.agent,
        session.c.created_at,
        session.c.seen_at,
        person.c.id,
        person.c.organization_id,
        person.c.name,
        person.c.post_nominal,
        person.c.title,
        person.c.level,
        person.c.theme,
        organization.c.name.label("organization"),
        _place("name"),
        _place("zone"),
        ROLES.label("roles"),
    )
    .join(person, session.c.person_id == person.c.id)
    .join(organization, person.c.organization_id == organization.c.id)
)


def find_session(db: Connection, *, digest: str) -> Session:
    """Read a session and its active person, in one statement.

    Raises:
        NotFound: There is none, or its person has left.
    """
    row = db.execute(_SIGNED_IN.where(session.c.digest == digest, person.c.active)).first()
    if row is None:
        raise NotFound(subject="session")
    return Session(
        digest=row.digest,
        person_id=row.id,
        organization_id=row.organization_id,
        name=f"{row.name}, {row.post_nominal}" if row.post_nominal else row.name,
        title=row.title,
        level=row.level,
        theme=row.theme,
        organization=row.organization,
        site=row.site_name,
        zone=row.site_zone or "UTC",
        role=Role(row.role),
        roles=roles_in(row.roles),
        agent=row.agent,
        created_at=row.created_at,
        seen_at=row.seen_at,
    )


def add_session(
    db: Connection, *, digest: str, person_id: UUID, role: Role, agent: str, at: datetime
) -> None:
    """Begin a session."""
    db.execute(
        insert(session).values(
            digest=digest,
            person_id=person_id,
            role=role,
            created_at=at,
            seen_at=at,
            agent=agent[:200],
        ),
    )


def mark_seen(db: Connection, *, digest: str, at: datetime) -> None:
    """Note that a session is in use."""
    db.execute(update(session).where(session.c.digest == digest).values(seen_at=at))


def choose_role(db: Connection, *, digest: str, role: Role) -> None:
    """Note in which role the person of a session acts from now on."""
    db.execute(update(session).where(session.c.digest == digest).values(role=role))


def end_session(db: Connection, *, digest: str, person_id: UUID) -> None:
    """End a session of that person.

    Raises:
        NotFound: They have no such session.
    """
    ours = (session.c.digest == digest, session.c.person_id == person_id)
    if not db.execute(delete(session).where(*ours)).rowcount:
        raise NotFound(subject="session")


def remove(db: Connection, *, digest: str) -> None:
    """Remove a session that is over, if it still is there."""
    db.execute(delete(session).where(session.c.digest == digest))


def end_sessions(db: Connection, *, person_id: UUID, but: str = "") -> int:
    """End all sessions of a person *but* the one with that digest; return how many."""
    ended = db.execute(
        delete(session).where(session.c.person_id == person_id, session.c.digest != but),
    )
    return ended.rowcount


def sessions_of(db: Connection, *, person_id: UUID) -> tuple[Open, ...]:
    """List a person's sessions, the one used last first."""
    rows = db.execute(
        select(session.c.digest, session.c.agent, session.c.created_at, session.c.seen_at)
        .where(session.c.person_id == person_id)
        .order_by(session.c.seen_at.desc(), session.c.digest),
    )
    return tuple(Open(*row) for row in rows)
