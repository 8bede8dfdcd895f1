"""Sessions, passwords, one-time links, API tokens, calendar feeds, and how often somebody tried.

Every token is kept and asked for by its digest alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Label, Select, delete, func, insert, select, update

from shadowing.domain.errors import NotFound
from shadowing.domain.people import Role
from shadowing.store.tables.accounts import session, sign_in_link
from shadowing.store.tables.people import organization, person, person_role, site, unit


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


_ROLES = (
    select(func.aggregate_strings(person_role.c.role, ","))
    .where(person_role.c.person_id == person.c.id)
    .scalar_subquery()
)


def _roles(joined: str | None) -> frozenset[Role]:
    return frozenset(Role(role) for role in joined.split(",")) if joined else frozenset()


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
        _ROLES.label("roles"),
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
        roles=_roles(row.roles),
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


def _secret() -> Select[tuple[UUID, str, str, str]]:
    return select(
        person.c.id,
        person.c.name,
        func.coalesce(person.c.email, ""),
        func.coalesce(person.c.password_hash, ""),
    )


def set_password(db: Connection, *, person_id: UUID, kept: str, was: str) -> bool:
    """Keep a new hash if the old one still is *was*; say whether it did."""
    same = func.coalesce(person.c.password_hash, "") == was
    changed = update(person).where(person.c.id == person_id, same).values(password_hash=kept)
    return db.execute(changed).rowcount == 1


def set_theme(db: Connection, *, person_id: UUID, theme: str) -> None:
    """Keep how a person likes pages: ``light``, ``dark``, or as the device says (empty)."""
    db.execute(update(person).where(person.c.id == person_id).values(theme=theme))


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
