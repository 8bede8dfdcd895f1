"""Reflections: that they exist, and, in a table apart, what they say (rule P4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing_sqlite

from shadowing.store.base import record
from shadowing.store.tables.followup import reflection, reflection_template, reflection_text
from shadowing.store.tables.people import organization, person, unit


@dataclass(frozen=True, slots=True)
class Fact:
    """That one side of a shift exists and how it stands; nothing of what it says."""

    id: UUID
    shift_id: UUID
    author_id: UUID
    side: str
    template: str
    template_version: str
    state: str
    lint_fired: int
    saved_at: datetime | None
    submitted_at: datetime | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Text:
    """What one side says: answers by key as plain data, and the keys its author has opened."""

    answers: Mapping[str, object] = field(default_factory=dict)
    releases: frozenset[str] = frozenset()


FACTS = tuple(reflection.c[name] for name in Fact.__slots__)


def sent_at(db: Connection, *, shift_id: UUID) -> Mapping[str, datetime]:
    """Say when each side was sent, by side; a side that is not in is not named.

    That a side was sent stays a fact after its author deleted it (L5).
    """
    rows = db.execute(
        select(reflection.c.side, reflection.c.submitted_at).where(
            reflection.c.shift_id == shift_id,
            reflection.c.submitted_at.is_not(None),
        ),
    )
    return {row.side: row.submitted_at for row in rows}


def of_shift(db: Connection, *, shift_id: UUID) -> Mapping[str, Fact]:
    """Say how both sides of a shift stand, by side."""
    rows = db.execute(select(*FACTS).where(reflection.c.shift_id == shift_id))
    return {row.side: record(Fact, row) for row in rows}


def of_shifts(db: Connection, *, shift_ids: Collection[UUID]) -> Mapping[tuple[UUID, str], Fact]:
    """Say how the sides of several shifts stand, by shift and side, in one statement."""
    rows = db.execute(select(*FACTS).where(reflection.c.shift_id.in_(tuple(shift_ids))))
    return {(row.shift_id, row.side): record(Fact, row) for row in rows}


def shift_of(db: Connection, *, reflection_id: UUID) -> UUID | None:
    """Name the shift a reflection is about, if there is such a reflection."""
    found: UUID | None = db.execute(
        select(reflection.c.shift_id).where(reflection.c.id == reflection_id),
    ).scalar()
    return found


def add(db: Connection, fact: Fact, *, at: datetime) -> None:
    """Begin one side of a shift."""
    values = {name: getattr(fact, name) for name in Fact.__slots__}
    db.execute(insert(reflection).values(**values, created_at=at))


def change(db: Connection, *, reflection_id: UUID, **values: object) -> None:
    """Set how a side stands."""
    db.execute(update(reflection).where(reflection.c.id == reflection_id).values(**values))


def read_text(db: Connection, *, reflection_id: UUID) -> Text:
    """Read what a side says; it says nothing before it is saved, nor after it is deleted."""
    row = db.execute(
        select(reflection_text.c.answers, reflection_text.c.releases).where(
            reflection_text.c.reflection_id == reflection_id,
        ),
    ).first()
    return Text(dict(row.answers), frozenset(row.releases)) if row else Text()


def keep_text(db: Connection, *, reflection_id: UUID, text: Text) -> None:
    """Write what a side says, in place of what it said."""
    values = {
        "answers": dict(text.answers),
        "releases": dict.fromkeys(sorted(text.releases), True),
    }
    done = db.execute(
        update(reflection_text)
        .where(reflection_text.c.reflection_id == reflection_id)
        .values(**values),
    )
    if not done.rowcount:
        db.execute(insert(reflection_text).values(reflection_id=reflection_id, **values))


def forget_text(db: Connection, *, reflection_id: UUID) -> None:
    """Remove what a side says, for good (L5)."""
    db.execute(delete(reflection_text).where(reflection_text.c.reflection_id == reflection_id))


def keep_template(db: Connection, *, code: str, version: str, source: str, at: datetime) -> None:
    """Keep what a template is made of, once for each version: answers are read under it."""
    make = insert_or_nothing_sqlite if db.dialect.name == "sqlite" else insert_or_nothing
    values = {"version": version, "code": code, "source": source, "kept_at": at}
    db.execute(make(reflection_template).values(**values).on_conflict_do_nothing())


def kept_template(db: Connection, *, version: str) -> str:
    """Return the source of a template's version; empty if that was never kept."""
    found = db.execute(
        select(reflection_template.c.source).where(reflection_template.c.version == version),
    ).scalar()
    return found or ""


def colleagues(
    db: Connection, *, unit_id: UUID | None, and_these: Collection[UUID]
) -> tuple[tuple[UUID, str], ...]:
    """List who works on a unit or leads it, and some people more: id and name, by name."""
    near: list[ColumnElement[bool]] = [person.c.id.in_(tuple(and_these))]
    if unit_id:
        leads = select(unit.c.manager_id).where(unit.c.id == unit_id)
        near += [person.c.host_unit_id == unit_id, person.c.id.in_(leads)]
    rows = db.execute(
        select(person.c.id, person.c.name)
        .where(or_(*near), person.c.active)
        .order_by(person.c.name, person.c.id),
    )
    return tuple((row.id, row.name) for row in rows)


def organizations(db: Connection) -> tuple[tuple[str, str], ...]:
    """List every organization that takes part: code and name, by name."""
    rows = db.execute(
        select(organization.c.code, organization.c.name).order_by(organization.c.name)
    )
    return tuple((row.code, row.name) for row in rows)


def incident_system(db: Connection, *, organization_id: UUID) -> str:
    """Say where an organization has harm reported, if its settings name a place (L3)."""
    settings = db.execute(
        select(organization.c.settings).where(organization.c.id == organization_id),
    ).scalar()
    return str((settings or {}).get("incident_url", ""))
