"""People and what they lack: for the coordinator in detail, for HR and partners as far as 8.1 goes.

Source: docs/rules.md, rules C7, H2, P16; section 8.1 (clearance status, expiry).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import AHEAD
from shadowing.domain.clearance.credentials import Held, waived
from shadowing.domain.clearance.evidence import BEFORE_CONFIRM, Effect, Reason, State
from shadowing.domain.clearance.pointers import check_reason
from shadowing.domain.clearance.states import By
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, authorise, may
from shadowing.domain.reference.requirements import Requirement
from shadowing.services.clearance import own
from shadowing.services.clearance.checking import ANSWERED, labels_of
from shadowing.services.clearance.knowing import Known, know, know_many
from shadowing.services.clearance.own import Overview, Said
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, people, programs
from shadowing.store.clearance import credentials, roster, verifiers
from shadowing.store.journal import Entry, Telling
from shadowing.store.people import Person

PAGE: Final = 50
SOON: Final = timedelta(days=30)
MOST_DAYS: Final = "waiver_max_days"
KINDS: Final = ("everybody", "missing", "expiring", "waived")


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in a list.

    Attributes:
        missing: Names of what is missing, never why.
        pending: Names of what is being checked; for the coordinator and the partner.
        expiring: Names of what runs out soon, each with its last day; the same.
        booked: How many shifts lie ahead.
    """

    person_id: UUID
    name: str
    title: str
    organization: str
    missing: tuple[str, ...]
    pending: tuple[str, ...]
    expiring: tuple[tuple[str, date], ...]
    waived: tuple[tuple[str, date], ...]
    booked: int


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of people, and how many there are of each kind."""

    rows: tuple[Standing, ...]
    total: int
    number: int
    kind: str
    counts: dict[str, int]
    detail: bool


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a coordinator lets somebody go without."""

    code: str
    until: date
    reason: str


def listed(work: Work, actor: Actor, *, kind: str, name: str, number: int) -> Listing:
    """List the people whose clearance somebody looks after.

    HR reads the names of what is missing and nothing else; reading is on record (P16).

    Raises:
        NotAllowed: *actor* looks after nobody's.
    """
    relation = _relation(actor)
    with work.write() as tx:
        wanted = kind if kind in KINDS else KINDS[0]
        rows = _entries(tx, actor, detail=relation is not HR_ONLY, name=name)
        kept = [row for row in rows if _is(row, wanted)]
        first = PAGE * (number - 1)
        _note(tx, actor, subject_id=actor.organization_id, event="credential.listed")
        return Listing(
            rows=tuple(kept[first : first + PAGE]),
            total=len(kept),
            number=number,
            kind=wanted,
            counts={each: sum(_is(row, each) for row in rows) for each in KINDS},
            detail=relation is not HR_ONLY,
        )


HR_ONLY: Final = Role.HR


def _relation(actor: Actor) -> Role:
    """Say in which role somebody looks at other people's clearance.

    Raises:
        NotAllowed: In none.
    """
    role = actor.role
    relation = Relation.PROGRAM if role is Role.COORDINATOR else Relation.ORGANIZATION
    if role not in {Role.COORDINATOR, Role.HR, Role.PARTNER_COORDINATOR}:
        raise NotAllowed(action=Action.CREDENTIAL_SEE)
    authorise(actor, Action.CREDENTIAL_SEE, relation)
    return role


def _within(tx: Tx, actor: Actor) -> tuple[Person, ...]:
    """List the visitors somebody looks after: the program's, or those of the own organization."""
    if actor.role is Role.COORDINATOR:
        own_program = people.program_of(tx.db, organization_id=actor.organization_id)
        if own_program.organization_id != actor.organization_id:
            raise NotAllowed(action=Action.CREDENTIAL_SEE)
        return roster.of_program(tx.db, organization_id=actor.organization_id)
    return roster.of_organization(tx.db, organization_id=actor.organization_id)


def _entries(tx: Tx, actor: Actor, *, detail: bool, name: str) -> list[Standing]:
    wanted = name.casefold().strip()
    persons = [each for each in _within(tx, actor) if wanted in each.name.casefold()]
    known = know_many(tx, persons)
    booked = roster.booked(tx.db, ids=[each.id for each in persons], states=AHEAD, at=tx.now)
    names = people.organization_names(tx.db, ids=[each.organization_id for each in persons])
    labels = labels_of(tx)
    return [
        _entry(
            known[each.id],
            labels=labels,
            organization=names.get(each.organization_id, ""),
            booked=booked.get(each.id, 0),
            detail=detail,
        )
        for each in persons
    ]


def _entry(
    known: Known, *, labels: dict[str, str], organization: str, booked: int, detail: bool
) -> Standing:
    lacks = {
        lack.code: lack
        for unit in known.units
        for lack in known.missing(known.at(unit))
        if lack.effect is Effect.BLOCK and lack.due in BEFORE_CONFIRM
    }
    usual = _usual(known)
    missing = [lack for code, lack in lacks.items() if code in usual]
    soon: list[tuple[str, date]] = []
    waivers: list[tuple[str, date]] = []
    for held in known.held if detail else ():
        ends = held.next_on if held.state is State.EXPIRING else held.waived_until
        if held.shift_id is None and held.state is State.WAIVED and held.waived_until:
            waivers.append((labels.get(held.requirement, held.requirement), held.waived_until))
        elif held.shift_id is None and held.state is State.EXPIRING:
            soon.append((labels.get(held.requirement, held.requirement), ends or known.today))
    return Standing(
        person_id=known.person.id,
        name=known.person.full_name,
        title=known.person.title,
        organization=organization,
        missing=tuple(lack.label for lack in missing),
        pending=tuple(
            labels.get(held.requirement, held.requirement)
            for held in known.held
            if detail and held.claim is not None
        ),
        expiring=tuple(soon),
        waived=tuple(waivers),
        booked=booked,
    )


def _usual(known: Known) -> frozenset[str]:
    """Name what nearly every unit with patients asks for."""
    at_each = [
        {each.code for each in known.asked(known.at(unit))}
        for unit in known.units
        if reference.load().unit_kind(unit.kind).patient_area
    ]
    return frozenset.intersection(*map(frozenset, at_each)) if at_each else frozenset()


def _is(row: Standing, kind: str) -> bool:
    return {
        "missing": bool(row.missing),
        "expiring": bool(row.expiring),
        "waived": bool(row.waived),
    }.get(kind, True)


def one(work: Work, actor: Actor, *, person_id: UUID) -> tuple[Person, Overview]:
    """Show one person's clearance in detail, to the coordinator or the partner's.

    Raises:
        NotFound: They do not look after this person, or only by names (HR).
    """
    role = _relation(actor)
    if role is Role.HR:
        raise NotFound(person_id=person_id)
    with work.write() as tx:
        person = _theirs(tx, actor, person_id)
        _note(tx, actor, subject_id=person_id, event="credential.read")
        return person, own.overview(tx, know(tx, person))


def _theirs(tx: Tx, actor: Actor, person_id: UUID) -> Person:
    for each in _within(tx, actor):
        if each.id == person_id:
            return each
    raise NotFound(person_id=person_id)


@repeated
def waive(work: Work, actor: Actor, *, person_id: UUID, wanted: Waiver) -> None:
    """Let somebody go without a requirement until a day, with a reason.

    Raises:
        NotFound: They do not look after this person, or nobody asks for it.
        Refusal: Of the reason, of the end date, of the requirement (C7).

    Source: docs/rules.md, rule C7.
    """
    authorise(actor, Action.CREDENTIAL_WAIVE, Relation.PROGRAM)
    with work.write() as tx:
        reason = check_reason(wanted.reason)
        person = people.lock(tx.db, person_id=_theirs(tx, actor, person_id).id)
        known = know(tx, person)
        requirement = own.asked(known, wanted.code)
        settings = programs.rules_for(
            tx.db, organization_id=person.organization_id, known=reference.load()
        )
        before = credentials.held(tx.db, person_id=person_id, requirement=wanted.code)
        changed = waived(
            before,
            requirement,
            until=wanted.until,
            reason=reason,
            by_id=actor.person_id,
            today=known.today,
            most=settings.number(MOST_DAYS),
        )
        held = credentials.keep(tx.db, changed, before=before, at=tx.now, actor_id=actor.person_id)
        _tell_of_waiver(tx, known, held, requirement, told_by=actor.person_id)


def _tell_of_waiver(
    tx: Tx, known: Known, held: Held, requirement: Requirement, *, told_by: UUID
) -> None:
    """Tell the person, and those who verify it (6.6); never why."""
    until = held.waived_until or known.today
    person = known.person
    told = {
        "requirement": requirement.label,
        "code": "waived",
        "last_day": until.isoformat(),
        "path": f"/requirements/{requirement.code}",
    }
    _tell(tx, person.id, held_id=held.id, facts=told)
    other = {
        **told,
        "requirement": f"{requirement.label}, {person.name}",
        "code": "waived_other",
        "path": "/requirements/queue",
    }
    named = verifiers.of_requirement(
        tx.db, organization_id=known.owner, requirement=requirement.code
    )
    for verifier_id, _, _ in named:
        if verifier_id not in {person.id, told_by}:
            _tell(tx, verifier_id, held_id=held.id, facts=other)


def _tell(tx: Tx, recipient_id: UUID, *, held_id: UUID, facts: dict[str, str]) -> None:
    telling = Telling(
        key=f"{ANSWERED}:{held_id}:{recipient_id}:{tx.now.isoformat()}",
        kind=ANSWERED,
        recipient_id=recipient_id,
        facts=facts,
    )
    journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


@repeated
def claim(work: Work, actor: Actor, *, person_id: UUID, code: str, said: Said) -> None:
    """Say for one of one's own people that it is done; it waits to be checked (6.6).

    Raises:
        NotFound: They are not of the partner's people, or nobody asks for it.
        Refusal: Of the day, of the pointer, of the partner.
    """
    authorise(actor, Action.CREDENTIAL_CLAIM, Relation.ORGANIZATION)
    with work.write() as tx:
        person = people.lock(tx.db, person_id=_theirs(tx, actor, person_id).id)
        own.put_claim(tx, person, code=code, said=said, by=By.PARTNER, by_id=actor.person_id)


def may_waive(actor: Actor) -> bool:
    """Say whether somebody may waive at all."""
    return may(actor, Action.CREDENTIAL_WAIVE, Relation.PROGRAM) and actor.role is Role.COORDINATOR


def may_claim(actor: Actor) -> bool:
    """Say whether somebody may speak for people of their organization."""
    return actor.role is Role.PARTNER_COORDINATOR and may(
        actor, Action.CREDENTIAL_CLAIM, Relation.ORGANIZATION
    )


def is_open(line: own.Line) -> bool:
    """Say whether something is missing and not being checked."""
    return line.missing is not None and line.missing.reason is not Reason.PENDING


def _note(tx: Tx, actor: Actor, *, subject_id: UUID, event: str) -> None:
    entry = Entry(
        event=event,
        subject="person" if event == "credential.read" else "organization",
        subject_id=subject_id,
        person_id=actor.person_id,
        acting_as=actor.role,
    )
    journal.record(tx.db, entry, at=tx.now)
