"""A roster from a file: creates, updates, deactivates; with one fault, nothing is written at all.

Who is not in the file stays as they are: only a row that says so ends somebody's access. Nobody is
written to; people sign in by asking for a link.

Source: docs/rules.md, section 8.3 (leaver); docs/decisions/0101-a-roster-from-a-file.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.errors import Refusal
from shadowing.domain.people import PersonKind, chain
from shadowing.domain.policy import Action, Actor
from shadowing.domain.roster import Details, check_giving, checked
from shadowing.domain.roster_file import Fault, Row, read
from shadowing.services.people import looking
from shadowing.services.people.changing import details_of, end_access, tidied, values_of
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import directory, journal, people, roster
from shadowing.store.accounts import entrance, newcomers, sessions
from shadowing.store.directory import Keyed
from shadowing.store.journal import Entry
from shadowing.store.people import Person

COLUMN_OF: Final = {"manager": "manager", "host_unit": "unit", "post_nominal": "credentials"}
MADE, CHANGED, LEFT, SAME = "added", "changed", "left", "same"


@dataclass(frozen=True, slots=True)
class Done:
    """What becomes of one line of the file."""

    line: int
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do; with faults it did nothing."""

    rows: tuple[Done, ...]
    faults: tuple[Fault, ...]

    def number(self, what: str) -> int:
        """Count the people of whom that became true."""
        return sum(row.what == what for row in self.rows)


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one person; ``person`` is nobody where they are new."""

    row: Row
    person: Person | None
    details: Details
    what: str


@repeated
def from_file(
    work: Work, text: str, *, actor: Actor | None, organization: str = "", dry_run: bool = False
) -> Report:
    """Bring the roster of an organization to what a file says, all of it or nothing.

    Args:
        work: Where.
        text: The file.
        actor: Who does it; nobody for the operator at the command line.
        organization: Name or code, for the operator; the largest if empty.
        dry_run: Only say what would be done.

    Raises:
        NotAllowed: *actor* keeps no roster.
        NotFound: There is no such organization.
    """
    if actor is not None:
        looking.check(actor, Action.PERSON_CHANGE)
    rows, faults = read(text)
    with work.write() as tx:
        own = (
            actor.organization_id
            if actor
            else newcomers.find_organization(tx.db, name=organization)
        )
        roster.lock(tx.db, organization_id=own)
        keyed = directory.keyed(tx.db)
        planned, more = plan(tx, rows, keyed=keyed, actor=actor, own=own)
        found = tuple(sorted({*faults, *more}, key=lambda each: (each.line, each.column)))
        done = tuple(Done(each.row.line, each.details.name, each.what) for each in planned)
        if found or dry_run:
            return Report(() if found else done, found)
        write(tx, planned, again=lambda: directory.keyed(tx.db), actor=actor, own=own)
        return Report(done, ())


def plan(
    tx: Tx, rows: Iterable[Row], *, keyed: tuple[Keyed, ...], actor: Actor | None, own: UUID
) -> tuple[list[Planned], list[Fault]]:
    """Lay rows over what is kept, and find whatever is wrong with them.

    Args:
        tx: The transaction in which it is written, too.
        rows: What is said of people.
        keyed: Everybody the rows may mean, and everybody above those.
        actor: Who does it; nobody for the operator.
        own: The organization whose roster it is.
    """
    mine = {each.key: each for each in keyed if each.organization_id == own}
    by_key = {each.external_id: each for each in mine.values() if each.external_id}
    by_email = {each.email: each for each in mine.values() if each.email and not each.external_id}
    persons = people.find_many(tx.db, ids=list(mine))
    units = dict(directory.unit_codes(tx.db, organization_id=own))
    taken: dict[str, object] = {each.email: each.key for each in keyed if each.email}
    others = {each.external_id for each in keyed if each.key not in mine and each.external_id}
    foreign = {each.email for each in keyed if each.key not in mine}
    planned: list[Planned] = []
    faults: list[Fault] = []
    for row in rows:
        known = by_key.get(row.key) or by_email.get(row.cells.get("email", "").lower())
        person = persons[known.key] if known else None
        if row.key in others:
            faults.append(Fault(row.line, "external_id", "of_another"))
        try:
            details = _fit(row, person, units=units, actor=actor)
        except _Wrong as wrong:
            faults.append(Fault(row.line, wrong.column, wrong.problem))
            continue
        holder = taken.setdefault(details.email, person.id if person else row.key)
        if details.email and holder != (person.id if person else row.key):
            faults.append(Fault(row.line, "email", "email_taken"))
        planned.append(Planned(row, person, details, _what(row, person, details, mine=mine)))
    here = {email: who for email, who in taken.items() if email not in foreign}
    faults += _lines_of(planned, by_key=by_key, emails=here, persons=persons)
    return planned, faults


class _Wrong(Exception):
    def __init__(self, column: str, problem: str) -> None:
        super().__init__(column, problem)
        self.column, self.problem = column, problem


def _fit(
    row: Row, person: Person | None, *, units: Mapping[str, UUID], actor: Actor | None
) -> Details:
    """Lay what a row says over what is kept; a column the file lacks changes nothing."""
    cells = row.cells
    was = details_of(person) if person else Details(name="")
    said: dict[str, object] = {"name": cells["name"], "roles": row.roles}
    plain = {"credentials": "post_nominal"}
    for column in ("email", "title", "credentials", "level", "portfolio", "phone", "host_role"):
        if column in cells:
            said[plain.get(column, column)] = cells[column]
    if "kind" in cells:
        if cells["kind"] and cells["kind"] not in {kind.value for kind in PersonKind}:
            raise _Wrong("kind", "unknown_choice")
        said["kind"] = PersonKind(cells["kind"] or PersonKind.WORKFORCE)
    if "unit" in cells:
        if cells["unit"] and cells["unit"] not in units:
            raise _Wrong("unit", "unknown_unit")
        said["host_unit_id"] = units.get(cells["unit"])
    said |= _manager_said(row, person, kind=said.get("kind", was.kind))
    try:
        kept = checked(tidied(replace(was, **said)), known=reference.load())  # type: ignore[arg-type] # by name
        if actor is not None:
            own = person is not None and person.id == actor.person_id
            check_giving(actor.role, before=was.roles, after=kept.roles, own=own)
            if own and not row.active:
                raise _Wrong("active", "not_yourself")
    except Refusal as refusal:
        name = str(refusal.facts.get("field", refusal.field))
        raise _Wrong(COLUMN_OF.get(name, name), _problem(refusal)) from refusal
    return kept


def _manager_said(row: Row, person: Person | None, *, kind: object) -> dict[str, object]:
    """Say whether the manager is known; of somebody new, silence says that nobody does (P6)."""
    if row.manager_unknown:
        return {"manager_id": None, "manager_unknown": True}
    if "manager" in row.cells:
        return {"manager_unknown": False}
    return {"manager_unknown": kind == PersonKind.WORKFORCE} if person is None else {}


def _problem(refusal: Refusal) -> str:
    return str(refusal.facts.get("problem", refusal.code))


def _what(row: Row, person: Person | None, details: Details, *, mine: Mapping[UUID, Keyed]) -> str:
    if person is None:
        return MADE if row.active else SAME
    if not row.active:
        return LEFT if person.active else SAME
    here = mine[person.id]
    above = mine.get(person.manager_id) if person.manager_id else None
    known = {above.external_id, above.email} if above else {""}
    line = "manager" not in row.cells or row.manager.lower() in {
        name.lower() for name in known if name is not None
    }
    same = details == details_of(person) and person.active and here.external_id == row.key
    return SAME if same and line else CHANGED


def _lines_of(
    planned: list[Planned],
    *,
    by_key: Mapping[str, Keyed],
    emails: Mapping[str, object],
    persons: Mapping[UUID, Person],
) -> list[Fault]:
    """Find managers nobody knows, and lines that run in a circle (P6)."""
    keys = {each.row.key: _id_of(each) for each in planned}
    above: dict[object, object] = {each.id: each.manager_id for each in persons.values()}
    named: list[tuple[Planned, object]] = []
    faults: list[Fault] = []
    for each in planned:
        wanted = each.row.manager
        if not wanted:
            if "manager" in each.row.cells:
                above[_id_of(each)] = None
            continue
        manager = _manager(wanted, keys=keys, by_key=by_key, emails=emails)
        if manager is None:
            faults.append(Fault(each.row.line, "manager", "unknown_manager"))
            continue
        above[_id_of(each)] = manager
        named.append((each, manager))
    for each, _ in named:
        own = _id_of(each)
        if own in chain(above, own):
            faults.append(Fault(each.row.line, "manager", "in_a_circle"))
    return faults


def _id_of(each: Planned) -> object:
    return each.person.id if each.person else each.row.key


def _manager(
    wanted: str,
    *,
    keys: Mapping[str, object],
    by_key: Mapping[str, Keyed],
    emails: Mapping[str, object],
) -> object | None:
    if wanted in keys:
        return keys[wanted]
    if wanted in by_key:
        return by_key[wanted].key
    return emails.get(wanted.lower())


def write(
    tx: Tx,
    planned: list[Planned],
    *,
    again: Callable[[], tuple[Keyed, ...]],
    actor: Actor | None,
    own: UUID,
) -> Mapping[object, UUID]:
    """Write what was planned; managers come last, because they may be new themselves.

    Args:
        tx: The transaction in which it was planned.
        planned: Without a fault.
        again: Reads once more whom the rows may mean.
        actor: Who does it; nobody for the operator.
        own: The organization whose roster it is.

    Returns:
        The ids of whom was written, by id here or, of somebody new, by the id of the file.
    """
    made: dict[object, UUID] = {}
    for each in sorted(planned, key=lambda one: str(_id_of(one))):
        if each.what != SAME:
            made[_id_of(each)] = _write_one(tx, each, actor=actor, own=own)
    keyed = again()
    by_key = {one.external_id: one for one in keyed if one.external_id}
    emails: dict[str, object] = {one.email: one.key for one in keyed if one.email}
    for each in planned:
        if "manager" not in each.row.cells or _id_of(each) not in made:
            continue
        manager = _manager(each.row.manager, keys={}, by_key=by_key, emails=emails)
        directory.set_manager(
            tx.db,
            person_id=made[_id_of(each)],
            manager_id=manager if isinstance(manager, UUID) else None,
        )
    return made


def _write_one(tx: Tx, each: Planned, *, actor: Actor | None, own: UUID) -> UUID:
    kept = {**values_of(each.details), "external_id": each.row.key}
    roles = each.details.roles
    if each.person is None:
        person_id = directory.add(tx.db, kept, roles=roles, organization_id=own, at=tx.now)
        _record(tx, actor, person_id, event="person.added")
        return person_id
    person = people.lock(tx.db, person_id=each.person.id)
    if each.what != LEFT:
        directory.change(tx.db, kept, roles=roles, person_id=person.id)
        if kept["email"] != person.email:
            entrance.end_links(tx.db, person_id=person.id, at=tx.now)
        if roles != person.roles:
            sessions.end_sessions(tx.db, person_id=person.id)
            directory.end_tokens(tx.db, person_id=person.id, at=tx.now)
    if each.what == LEFT:
        end_access(tx, person)
        _record(tx, actor, person.id, event="person.left")
    elif each.row.active and not person.active:
        directory.set_active(tx.db, person_id=person.id, active=True)
        _record(tx, actor, person.id, event="person.came_back")
    elif each.what == CHANGED:
        _record(tx, actor, person.id, event="person.changed")
    return person.id


def _record(tx: Tx, actor: Actor | None, person_id: UUID, *, event: str) -> None:
    who = actor.person_id if actor else None
    by = actor.role if actor else "operator"
    journal.record(tx.db, Entry(event, "person", person_id, who, by, code="file"), at=tx.now)
