"""Checking what people say they have done: a permission for each requirement, never for one's own.

Source: docs/rules.md, rules C2, C7, C8; section 8.1 ("VER sees the requirements they verify").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.clearance.credentials import Changed, Held, rejected, revoked, verified
from shadowing.domain.clearance.problems import NothingToCheck, OwnCredential
from shadowing.domain.clearance.states import By
from shadowing.domain.errors import BadValue, NotFound
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.services.clearance import own
from shadowing.services.clearance.own import Said
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, people
from shadowing.store.clearance import credentials, requirements, verifiers
from shadowing.store.clearance.credentials import Waiting
from shadowing.store.journal import Telling
from shadowing.store.people import Person

PAGE: Final = 50
SENT_BACK: Final = ("not_found", "another_person", "too_old", "not_accepted", "incomplete")
TAKEN_BACK: Final = ("by_mistake", "withdrawn_by_issuer")
ANSWERED: Final = "requirement-answered"


@dataclass(frozen=True, slots=True)
class Row:
    """One claim to check.

    Attributes:
        partner: Whose proof it is, or empty.
        by: Who says so, where that is not the person.
    """

    held: Held
    label: str
    name: str
    title: str
    partner: str
    by: str


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of what waits to be checked."""

    rows: tuple[Row, ...]
    total: int
    number: int
    mine: tuple[str, ...]


def queue(work: Work, actor: Actor, *, number: int) -> Queue:
    """List what waits for somebody to check, the oldest first; nothing for who checks nothing."""
    authorise(actor, Action.CREDENTIAL_VERIFY, Relation.VERIFIER)
    with work.read() as tx:
        labels = labels_of(tx)
        mine = verifiers.of_person(tx.db, person_id=actor.person_id)
        found = credentials.waiting(
            tx.db, verifier_id=actor.person_id, limit=PAGE, offset=PAGE * (number - 1)
        )
        return Queue(
            rows=_rows(tx, found, labels),
            total=credentials.count_waiting(tx.db, verifier_id=actor.person_id),
            number=number,
            mine=tuple(sorted(labels.get(code, code) for code in mine)),
        )


def waiting(work: Work, actor: Actor) -> int:
    """Count what waits for somebody to check."""
    authorise(actor, Action.CREDENTIAL_VERIFY, Relation.VERIFIER)
    with work.read() as tx:
        return credentials.count_waiting(tx.db, verifier_id=actor.person_id)


def mine(work: Work, actor: Actor) -> frozenset[str]:
    """Name the requirements that somebody checks."""
    authorise(actor, Action.CREDENTIAL_VERIFY, Relation.VERIFIER)
    with work.read() as tx:
        return verifiers.of_person(tx.db, person_id=actor.person_id)


def one(work: Work, actor: Actor, *, credential_id: UUID) -> Row:
    """Read one claim, or what was verified, as somebody who checks this requirement.

    Raises:
        NotFound: It is none of theirs to check, or their own.
    """
    authorise(actor, Action.CREDENTIAL_VERIFY, Relation.VERIFIER)
    with work.read() as tx:
        held = _theirs(tx, actor, credential_id)
        person = people.find(tx.db, person_id=held.person_id)
        (row,) = _rows(tx, (Waiting(held, person.name, person.title),), labels_of(tx))
        return row


@repeated
def accept(work: Work, actor: Actor, *, credential_id: UUID, valid_to: date | None = None) -> UUID:
    """Take a claim as proven, until the day named or the requirement's own end.

    Returns:
        Whose it is.

    Raises:
        NotFound: It is none of theirs to check, or their own.
        NothingToCheck, EndsBeforeDone: As it says.
    """
    return _decide(
        work,
        actor,
        credential_id,
        lambda held, tx: verified(held, valid_to=valid_to, verifier_id=actor.person_id, at=tx.now),
    )


def accept_all(
    work: Work, actor: Actor, *, credential_ids: Iterable[UUID]
) -> tuple[tuple[UUID, ...], int]:
    """Take several claims as proven, each by itself.

    Returns:
        Whose they are, and how many could not be taken any more.
    """
    taken, missed = [], 0
    for credential_id in dict.fromkeys(credential_ids):
        try:
            taken.append(accept(work, actor, credential_id=credential_id))
        except (NotFound, NothingToCheck, OwnCredential):
            missed += 1
    return tuple(dict.fromkeys(taken)), missed


@repeated
def send_back(work: Work, actor: Actor, *, credential_id: UUID, code: str) -> UUID:
    """Send a claim back with a code; the person is told what to do.

    Raises:
        NotFound: It is none of theirs to check, or their own.
        BadValue: There is no such code.
        NothingToCheck: It was checked meanwhile.
    """
    if code not in SENT_BACK:
        raise BadValue(field="code", problem="unknown_code")
    return _decide(
        work,
        actor,
        credential_id,
        lambda held, _: rejected(held, code=code, verifier_id=actor.person_id),
        tells=True,
    )


@repeated
def take_back(work: Work, actor: Actor, *, credential_id: UUID, code: str) -> UUID:
    """Take back what was verified; shifts that hang on it are looked at again (C6).

    Raises:
        NotFound: It is none of theirs to check, or their own.
        BadValue: There is no such code.
        CredentialMoveNotAllowed: It does not hold.
    """
    if code not in TAKEN_BACK:
        raise BadValue(field="code", problem="unknown_code")
    return _decide(
        work,
        actor,
        credential_id,
        lambda held, _: revoked(held, code=code, verifier_id=actor.person_id),
        tells=True,
    )


@repeated
def enter(
    work: Work, actor: Actor, *, person_id: UUID, code: str, said: Said, valid_to: date | None
) -> None:
    """Put on record what a verifier knows themselves: said and checked in one breath (6.6).

    Raises:
        NotFound: It is none of theirs to check, or their own.
        Refusal: Of the day, of the pointer, of the partner.
    """
    authorise(actor, Action.CREDENTIAL_VERIFY, Relation.VERIFIER)
    with work.write() as tx:
        person = people.lock(tx.db, person_id=person_id)
        mine = verifiers.of_person(tx.db, person_id=actor.person_id)
        if code not in mine or person_id == actor.person_id:
            raise NotFound(person_id=person_id)
        held = own.put_claim(tx, person, code=code, said=said, by=By.IMPORT, by_id=actor.person_id)
        changed = verified(held, valid_to=valid_to, verifier_id=actor.person_id, at=tx.now)
        credentials.keep(tx.db, changed, before=held, at=tx.now, actor_id=actor.person_id)


def _decide(
    work: Work,
    actor: Actor,
    credential_id: UUID,
    decide: Callable[[Held, Tx], Changed],
    *,
    tells: bool = False,
) -> UUID:
    authorise(actor, Action.CREDENTIAL_VERIFY, Relation.VERIFIER)
    with work.write() as tx:
        seen = _theirs(tx, actor, credential_id)
        people.lock(tx.db, person_id=seen.person_id)
        before = credentials.find(tx.db, credential_id=credential_id)
        changed = decide(before, tx)
        credentials.keep(tx.db, changed, before=before, at=tx.now, actor_id=actor.person_id)
        if tells:
            _tell(tx, changed.held)
        return before.person_id


def _theirs(tx: Tx, actor: Actor, credential_id: UUID) -> Held:
    held = credentials.find(tx.db, credential_id=credential_id)
    mine = verifiers.of_person(tx.db, person_id=actor.person_id)
    if held.requirement not in mine or held.person_id == actor.person_id or held.shift_id:
        raise NotFound(credential_id=credential_id)
    return held


def _tell(tx: Tx, held: Held) -> None:
    telling = Telling(
        key=f"{ANSWERED}:{held.id}:{tx.now.isoformat()}",
        kind=ANSWERED,
        recipient_id=held.person_id,
        facts={
            "requirement": labels_of(tx).get(held.requirement, held.requirement),
            "code": held.rejected,
            "path": f"/requirements/{held.requirement}",
        },
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def labels_of(tx: Tx) -> dict[str, str]:
    """Name every requirement there is, own ones included."""
    known = reference.load()
    labels = {code: rule.label for code, rule in known.unit_rules.items()}
    labels |= {code: each.label for code, each in known.requirements.items()}
    for each in requirements.every(tx.db):
        labels[each.requirement.code] = each.requirement.label
    return labels


def _rows(tx: Tx, found: Iterable[Waiting], labels: dict[str, str]) -> tuple[Row, ...]:
    listed = tuple(found)
    partner_ids = {
        one.held.claim.partner_id if one.held.claim else one.held.partner_id for one in listed
    } - {None}
    by_ids = {one.held.claim.by_id for one in listed if one.held.claim}
    partners = people.organization_names(tx.db, ids=[each for each in partner_ids if each])
    sayers = people.find_many(tx.db, ids=by_ids)
    return tuple(
        Row(
            held=one.held,
            label=labels.get(one.held.requirement, one.held.requirement),
            name=one.name,
            title=one.title,
            partner=partners.get(_partner_of(one.held) or UUID(int=0), ""),
            by=_said_by(one.held, sayers),
        )
        for one in listed
    )


def _partner_of(held: Held) -> UUID | None:
    return held.claim.partner_id if held.claim else held.partner_id


def _said_by(held: Held, sayers: Mapping[UUID, Person]) -> str:
    claim = held.claim
    if claim is None or claim.by_id == held.person_id or claim.by_id not in sayers:
        return ""
    return sayers[claim.by_id].name
