"""People's own diaries: where each comes from, how reading it went, and when its owner is busy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from shadowing.domain.diary import Kind
from shadowing.domain.interval import Interval
from shadowing.store.tables.diary import diary, diary_busy


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """A person's diary as it stands; without one, all of it is empty.

    Attributes:
        address: Where it is fetched; known to its owner alone, for it opens their calendar.
        good_at: When it was last read.
        due_at: When it is to be read again; nothing for a file.
        failures: How often in a row it could not be read.
        problem: Why not, the last time: a code, or the reader's own words.
        events: How many there were when it was last read; ``skipped`` of them were left out.
    """

    person_id: UUID
    kind: Kind = Kind.NONE
    address: str = ""
    etag: str = ""
    modified: str = ""
    good_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0
    problem: str = ""
    events: int = 0
    skipped: int = 0
    warnings: tuple[str, ...] = ()


FIELDS = tuple(Diary.__dataclass_fields__)


def of(db: Connection, *, person_id: UUID) -> Diary:
    """Read a person's diary."""
    columns = [diary.c[name] for name in FIELDS]
    row = db.execute(select(*columns).where(diary.c.person_id == person_id)).mappings().first()
    return Diary(person_id=person_id) if row is None else _diary(row)


def _diary(row: RowMapping) -> Diary:
    given = dict(row) | {"kind": Kind(row["kind"]), "warnings": tuple(row["warnings"])}
    return Diary(**given)


def write(db: Connection, kept: Diary) -> None:
    """Keep a diary in place of the one before; its owner's row is locked."""
    values = {name: getattr(kept, name) for name in FIELDS if name != "person_id"}
    values |= {"warnings": list(kept.warnings)}
    mine = diary.c.person_id == kept.person_id
    if not db.execute(update(diary).where(mine).values(**values)).rowcount:
        db.execute(insert(diary).values(person_id=kept.person_id, **values))


def replace_busy(db: Connection, *, person_id: UUID, spans: Iterable[Interval]) -> bool:
    """Keep when a person is busy, in place of what was kept before; say whether it differs."""
    wanted = set(spans)
    mine = diary_busy.c.person_id == person_id
    rows = db.execute(select(diary_busy.c.starts_at, diary_busy.c.ends_at).where(mine))
    stood = {Interval(*row) for row in rows}
    gone = [each.start for each in stood - wanted]
    for first in range(0, len(gone), 500):
        db.execute(
            delete(diary_busy).where(mine, diary_busy.c.starts_at.in_(gone[first : first + 500]))
        )
    come = sorted(wanted - stood)
    if come:
        rows_of = [
            {"person_id": person_id, "starts_at": each.start, "ends_at": each.end} for each in come
        ]
        db.execute(insert(diary_busy), rows_of)
    return stood != wanted


def unsettle(db: Connection, *, person_id: UUID) -> None:
    """Note that what is offered in a person's name does not follow their diary yet."""
    db.execute(update(diary).where(diary.c.person_id == person_id).values(unsettled=True))


def settle(db: Connection, *, person_id: UUID) -> None:
    """Note that it does."""
    mine = (diary.c.person_id == person_id, diary.c.unsettled)
    db.execute(update(diary).where(*mine).values(unsettled=False))


def unsettled(db: Connection) -> tuple[UUID, ...]:
    """List the people for whom it does not."""
    rows = db.scalars(select(diary.c.person_id).where(diary.c.unsettled))
    return tuple(rows.all())


def busy(db: Connection, *, person_id: UUID, within: Interval) -> tuple[Interval, ...]:
    """List when a person is busy by their diary during a stretch, by start."""
    rows = db.execute(
        select(diary_busy.c.starts_at, diary_busy.c.ends_at)
        .where(
            diary_busy.c.person_id == person_id,
            diary_busy.c.starts_at < within.end,
            diary_busy.c.ends_at > within.start,
        )
        .order_by(diary_busy.c.starts_at),
    )
    return tuple(Interval(*row) for row in rows)


def busy_hours(db: Connection, *, person_id: UUID) -> int:
    """Count the stretches that are kept."""
    mine = diary_busy.c.person_id == person_id
    return db.execute(select(func.count()).select_from(diary_busy).where(mine)).scalar_one()


def claim(db: Connection, *, at: datetime, until: datetime) -> Diary | None:
    """Take one diary that is due, so that no other worker takes it before *until*.

    Killed on the way, it is due again then.
    """
    columns = [diary.c[name] for name in FIELDS]
    due = select(*columns).where(diary.c.due_at <= at).order_by(diary.c.due_at).limit(1)
    row = db.execute(due.with_for_update(skip_locked=True)).mappings().first()
    if row is None:
        return None
    taken = _diary(row)
    db.execute(update(diary).where(diary.c.person_id == taken.person_id).values(due_at=until))
    return taken


def failing(db: Connection, *, failures: int) -> int:
    """Count the diaries that could not be read so often in a row, or oftener."""
    wanted = select(func.count()).select_from(diary).where(diary.c.failures >= failures)
    return db.execute(wanted).scalar_one()
