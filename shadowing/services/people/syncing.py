"""The roster for another system: read a page at a time, written one person at a time.

One person is written by the rules of a line of a file; repeated, it changes nothing. Nobody is
written to; people sign in by asking for a link.

Source: docs/rules.md, section 8.3 (leaver); docs/decisions/0118-one-person-at-a-time.md.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.domain.roster_file import Fault, Row, faults_of
from shadowing.services.people.importing import CHANGED, MADE, SAME, plan, write
from shadowing.services.work import Work, repeated
from shadowing.store import journal, roster
from shadowing.store.journal import Entry
from shadowing.store.roster import Kept

MOST: Final = 200
PAGE: Final = 50
Known: TypeAlias = Kept


@dataclass(frozen=True, slots=True)
class Listing:
    """Some people; ``next_cursor`` is empty on the last page."""

    rows: tuple[Kept, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class Put:
    """Somebody as they are kept now; ``what`` became of them: added, changed, left or same."""

    person: Kept
    what: str

    @property
    def made(self) -> bool:
        """Say whether they are new."""
        return self.what == MADE

    @property
    def changed(self) -> bool:
        """Say whether anything else about them is another than before."""
        return self.what == CHANGED


def listed(work: Work, actor: Actor, *, limit: int, cursor: str) -> Listing:
    """List people of one's organization; that they were read is on record.

    Raises:
        NotAllowed: *actor* is no system administrator.
        BadValue: ``cursor`` was not given out by us.
    """
    authorise(actor, Action.ROSTER_SEE, Relation.ORGANIZATION)
    after = _read_cursor(cursor) if cursor else None
    own = actor.organization_id
    with work.write() as tx:
        found = roster.page(tx.db, organization_id=own, after=after, limit=limit + 1)
        rows = found[:limit]
        entry = Entry("roster.read", "organization", own, actor.person_id, actor.role, code="api")
        journal.record(tx.db, entry, at=tx.now)
        return Listing(rows, _cursor(rows[-1].id) if len(found) > limit else "")


@repeated
def put(work: Work, actor: Actor, row: Row) -> Put:
    """Bring one person to what is said of them; what is not said stays as it is.

    Raises:
        NotAllowed: *actor* is no system administrator.
        BadValue: Facts ``field`` and ``problem`` of the first fault, ``faults`` of them all.
        NotFound: Somebody who has left was never here.
    """
    authorise(actor, Action.ROSTER_SYNC, Relation.ORGANIZATION)
    _check(faults_of(row))
    own = actor.organization_id
    names = {row.key, row.cells.get("email", ""), row.manager} - {""}
    with work.write() as tx:
        roster.lock(tx.db, organization_id=own)
        keyed = roster.near(tx.db, names=names)
        planned, more = plan(tx, (row,), keyed=keyed, actor=actor, own=own)
        _check(more)
        (one,) = planned
        if one.what == SAME and one.person is None:
            raise NotFound(external_id=row.key)
        made = write(
            tx, planned, again=lambda: roster.near(tx.db, names=names), actor=actor, own=own
        )
        person_id = one.person.id if one.person else made[row.key]
        return Put(roster.one(tx.db, person_id=person_id), one.what)


def _check(faults: Iterable[Fault]) -> None:
    found = tuple(dict.fromkeys(faults))
    if found:
        raise BadValue(field=found[0].column, problem=found[0].problem, faults=found)


def _cursor(last: UUID) -> str:
    return urlsafe_b64encode(last.bytes).decode()


def _read_cursor(text: str) -> UUID:
    try:
        return UUID(bytes=urlsafe_b64decode(text.encode()))
    except ValueError as error:
        raise BadValue(field="cursor", problem="unknown_cursor") from error
