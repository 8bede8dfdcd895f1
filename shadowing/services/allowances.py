"""A coordinator's exceptions: shorter notice (B4), a reporting line (P6), a late promise (F11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID, uuid4

from shadowing.domain.allowances import (
    WHOLE_SITE,
    DayMissing,
    Kind,
    NobodyFound,
    NotInLine,
    check_reason,
)
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.services.work import Tx, Work
from shadowing.store import allowances, journal, people
from shadowing.store.allowances import Allowance
from shadowing.store.journal import Entry
from shadowing.store.people import Person

MOST: Final = 200
Given: TypeAlias = Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a coordinator would allow.

    Attributes:
        person: Email address of the visitor; ``host`` of the host, for a reporting line.
        day: For which shorter notice is allowed.
        until: To when a late promise does not hold them back.
    """

    kind: Kind
    person: str
    reason: str
    host: str = ""
    day: date | None = None
    until: date | None = None


def listed(work: Work, actor: Actor) -> tuple[Allowance, ...]:
    """List what stands, the latest first.

    Raises:
        NotAllowed: *actor* is no coordinator.
    """
    authorise(actor, Action.ALLOWANCE_GIVE, Relation.PROGRAM)
    with work.read() as tx:
        ours = actor.organization_id
        return allowances.standing(tx.db, organization_id=ours, on=tx.now.date(), limit=MOST)


def give(work: Work, actor: Actor, wanted: Wanted) -> None:
    """Allow one person one thing, with a reason.

    Raises:
        NotAllowed: *actor* is no coordinator.
        ReasonMissing, NobodyFound, DayMissing, NotInLine: About what is wanted.

    Source: docs/rules.md, rules B4, F11, P6.
    """
    authorise(actor, Action.ALLOWANCE_GIVE, Relation.PROGRAM)
    reason = check_reason(wanted.reason)
    with work.write() as tx:
        person = _find(tx, actor, wanted.person, field="person")
        values: dict[str, object] = {
            "id": uuid4(),
            "kind": wanted.kind.value,
            "person_id": person.id,
            "reason": reason,
            "given_by_id": actor.person_id,
            "given_at": tx.now,
        }
        allowances.add(tx.db, values | _about(tx, actor, wanted, person))
        _record(tx, actor, person.id, event="allowance.given", code=wanted.kind)


def _about(tx: Tx, actor: Actor, wanted: Wanted, person: Person) -> dict[str, object]:
    if wanted.kind is Kind.NOTICE:
        if wanted.day is None:
            raise DayMissing(field="day")
        return {"local_date": wanted.day}
    if wanted.kind is Kind.PROMISE:
        if wanted.until is None or wanted.until < tx.now.date():
            raise DayMissing(field="until")
        return {"ends_on": wanted.until}
    if not wanted.host.strip() and person.level in WHOLE_SITE:
        return {"cycle_id": _cycle(tx)}
    host = _find(tx, actor, wanted.host, field="host")
    if host.id not in people.line(tx.db, person_id=person.id):
        raise NotInLine(person_id=person.id, host_id=host.id)
    return {"host_id": host.id}


def _cycle(tx: Tx) -> UUID:
    today = tx.now.date()
    for each in people.cycles(tx.db):
        if each.starts_on <= today <= each.ends_on:
            return each.id
    raise NobodyFound(field="host")


def _find(tx: Tx, actor: Actor, email: str, *, field: str) -> Person:
    """Find somebody who takes part in the coordinator's program, by address."""
    try:
        found = people.find_by_email(tx.db, email=email)
    except NotFound:
        raise NobodyFound(field=field) from None
    program = people.program_of(tx.db, organization_id=found.organization_id)
    if program.organization_id != actor.organization_id:
        raise NobodyFound(field=field)
    return found


def end(work: Work, actor: Actor, *, allowance_id: UUID) -> None:
    """End an exception before its time.

    Raises:
        NotAllowed: *actor* is no coordinator.
        NotFound: There is none that stands, in their program.
    """
    authorise(actor, Action.ALLOWANCE_GIVE, Relation.PROGRAM)
    with work.write() as tx:
        person_id = allowances.person_of(tx.db, allowance_id=allowance_id)
        person = people.find(tx.db, person_id=person_id)
        program = people.program_of(tx.db, organization_id=person.organization_id)
        if program.organization_id != actor.organization_id:
            raise NotFound(allowance_id=allowance_id)
        allowances.end(tx.db, allowance_id=allowance_id, at=tx.now)
        _record(tx, actor, person_id, event="allowance.ended")


def _record(tx: Tx, actor: Actor, person_id: UUID, *, event: str, code: str = "") -> None:
    entry = Entry(
        event=event,
        subject="person",
        subject_id=person_id,
        person_id=actor.person_id,
        acting_as="coordinator",
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)
