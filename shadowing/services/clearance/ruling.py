"""What an organization asks of its visitors: its own requirements, and who checks each.

Source: docs/rules.md, rules C3, C7, C9; section 6.6.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from shadowing.adapters import reference
from shadowing.domain.clearance.rulebook import Own
from shadowing.domain.clearance.rules import switch_of
from shadowing.domain.clearance.states import By, Life, check_requirement
from shadowing.domain.clearance.validity import in_season
from shadowing.domain.errors import BadValue, NotAllowed, NotFound
from shadowing.domain.policy import Action, Actor, Relation, authorise
from shadowing.domain.reference.requirements import Requirement
from shadowing.services.clearance.drafting import Wanted, free_code, made
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, people, programs
from shadowing.store.clearance import rechecks, requirements, verifiers
from shadowing.store.clearance.requirements import Kept
from shadowing.store.journal import Entry


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement as a coordinator sees it.

    Attributes:
        kept: The newest version of the organization's own, where there is one.
        state: Where it stands; what the tables ask for and nobody changed is active.
        checkers: How many people check it.
        dormant: The tables ask for it only where a site has such a rule, and this one has none.
        choices: The tables leave a site a choice here.
    """

    requirement: Requirement
    kept: Kept | None
    state: Life
    unit: str
    checkers: int
    dormant: bool = False
    choices: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """The units a requirement may be for."""

    units: tuple[tuple[UUID, str], ...]


def listed(work: Work, actor: Actor) -> tuple[Rule, ...]:
    """List all that the organization asks for, drafts and what it retired included.

    Raises:
        NotAllowed: *actor* does not run the program.
    """
    authorise(actor, Action.REQUIREMENT_SEE, Relation.PROGRAM)
    with work.read() as tx:
        return _rules(tx, actor)


def one(
    work: Work, actor: Actor, *, code: str
) -> tuple[Rule, tuple[tuple[UUID, str, str], ...], date]:
    """Show one requirement, who checks it, and from when a change would bind agreed shifts.

    Raises:
        NotFound: The organization asks for nothing of this code.
    """
    authorise(actor, Action.REQUIREMENT_SEE, Relation.PROGRAM)
    with work.read() as tx:
        named = verifiers.of_requirement(
            tx.db, organization_id=actor.organization_id, requirement=code
        )
        return rule_of(tx, actor, code), named, tx.now.date() + comment_days(tx, actor)


def places(work: Work, actor: Actor) -> Places:
    """List the organization's units."""
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.read() as tx:
        units = people.every_unit(tx.db)
        mine = [unit for unit in units if unit.organization_id == actor.organization_id]
        return Places(tuple((unit.id, unit.name) for unit in mine))


@repeated
def draft(work: Work, actor: Actor, wanted: Wanted) -> str:
    """Write a new requirement; nobody is asked for it yet.

    Returns:
        Its code.

    Raises:
        NotAllowed: *actor* does not run the program.
        BadValue: A value that cannot be.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.write() as tx:
        _own_program(tx, actor)
        code = free_code(tx, wanted.label)
        own = Own(
            requirement=made(tx, actor, wanted, code),
            owner=str(actor.organization_id),
            unit=str(wanted.unit_id or ""),
            state=Life.DRAFT,
        )
        add(tx, actor, own)
        return code


@repeated
def activate(work: Work, actor: Actor, *, code: str, urgent: bool) -> None:
    """Ask for a draft: of new bookings at once, of agreed shifts after the comment days.

    Raises:
        NotFound: There is no draft of this code.
        RequirementMoveNotAllowed: It is none any more.

    Source: docs/rules.md, rule C9.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.write() as tx:
        ask_for(tx, actor, code=code, urgent=urgent)


def ask_for(tx: Tx, actor: Actor, *, code: str, urgent: bool) -> None:
    """Ask for the newest version, within a transaction that is open already."""
    kept = _kept(tx, actor, code)
    check_requirement(kept.own.state, to=Life.ACTIVE, by=By.COORDINATOR)
    wait = timedelta(0) if urgent else comment_days(tx, actor)
    requirements.move(
        tx.db,
        kept,
        to=Life.ACTIVE,
        since=tx.now,
        binding_on=tx.now.date() + wait,
        urgent=urgent,
    )
    _note(tx, actor, kept, to=Life.ACTIVE, code="urgent" if urgent else code)
    rechecks.add_everybody(tx.db, at=tx.now)


@repeated
def retire(work: Work, actor: Actor, *, code: str) -> None:
    """Ask for something no longer; what is on record stays to its own end.

    What the tables ask for is retired by a version of one's own.

    Raises:
        NotFound: The organization asks for nothing of this code.
        RequirementMoveNotAllowed: It is not active.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.write() as tx:
        rule = rule_of(tx, actor, code)
        kept = rule.kept or _taken_over(tx, actor, rule.requirement)
        check_requirement(kept.own.state, to=Life.RETIRED, by=By.COORDINATOR)
        requirements.move(
            tx.db,
            kept,
            to=Life.RETIRED,
            since=kept.own.since or tx.now,
            binding_on=kept.own.binding_on,
            urgent=kept.urgent,
        )
        _note(tx, actor, kept, to=Life.RETIRED, code=code)
        rechecks.add_everybody(tx.db, at=tx.now)


@repeated
def again(work: Work, actor: Actor, *, code: str) -> None:
    """Write a new version of what was retired, as a draft.

    Raises:
        NotFound: The organization has retired nothing of this code.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.write() as tx:
        kept = _kept(tx, actor, code)
        if kept.own.state is not Life.RETIRED:
            raise NotFound(code=code)
        version = kept.own.version + 1
        following = replace(
            kept.own, version=version, state=Life.DRAFT, since=None, binding_on=None
        )
        add(tx, actor, following)


@repeated
def add_checker(work: Work, actor: Actor, *, code: str, email: str) -> None:
    """Let somebody check a requirement.

    Raises:
        NotFound: The organization asks for nothing of this code.
        BadValue: Nobody of the organization has this address.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.write() as tx:
        rule_of(tx, actor, code)
        try:
            person = people.find_by_email(tx.db, email=email)
        except NotFound:
            raise BadValue(field="email", problem="unknown_address") from None
        if person.organization_id != actor.organization_id:
            raise BadValue(field="email", problem="unknown_address")
        _checkers(tx, actor, code, add=person.id)


@repeated
def remove_checker(work: Work, actor: Actor, *, code: str, person_id: UUID) -> None:
    """Let somebody check a requirement no longer; who checks it no more is left as they are.

    Raises:
        NotFound: The organization asks for nothing of this code, or knows nobody of this id.
    """
    authorise(actor, Action.REQUIREMENT_CHANGE, Relation.PROGRAM)
    with work.write() as tx:
        rule_of(tx, actor, code)
        if people.find(tx.db, person_id=person_id).organization_id != actor.organization_id:
            raise NotFound(person_id=person_id)
        _checkers(tx, actor, code, remove=person_id)


def _checkers(
    tx: Tx, actor: Actor, code: str, *, add: UUID | None = None, remove: UUID | None = None
) -> None:
    named = verifiers.of_requirement(tx.db, organization_id=actor.organization_id, requirement=code)
    now = {each[0] for each in named} | ({add} if add else set())
    gained, lost = verifiers.name(
        tx.db,
        organization_id=actor.organization_id,
        requirement=code,
        person_ids=now - ({remove} if remove else set()),
    )
    for person_ids, event in ((gained, "verifier.named"), (lost, "verifier.ended")):
        for person_id in person_ids:
            entry = Entry(
                event=event,
                subject="person",
                subject_id=person_id,
                person_id=actor.person_id,
                acting_as=By.COORDINATOR,
                code=code,
            )
            journal.record(tx.db, entry, at=tx.now)


def _own_program(tx: Tx, actor: Actor) -> None:
    own = people.program_of(tx.db, organization_id=actor.organization_id)
    if own.organization_id != actor.organization_id:
        raise NotAllowed(action=Action.REQUIREMENT_CHANGE)


def _rules(tx: Tx, actor: Actor) -> tuple[Rule, ...]:
    _own_program(tx, actor)
    newest: dict[str, Kept] = {}
    for each in requirements.of_organization(tx.db, organization_id=actor.organization_id):
        newest.setdefault(each.own.requirement.code, each)
    counts = verifiers.counts(tx.db, organization_id=actor.organization_id)
    units = {str(unit.id): unit.name for unit in people.every_unit(tx.db)}
    today = tx.now.date()
    known = reference.load()
    base = known.requirements
    house = programs.rules_for(tx.db, organization_id=actor.organization_id, known=known).house
    codes = [*base, *(code for code in sorted(newest) if code not in base)]
    found = []
    for code in codes:
        kept: Kept | None = newest.get(code)
        asked = kept.own.requirement if kept else base[code]
        usual = Life.ACTIVE if in_season(asked, today) else Life.OFF_SEASON
        state = kept.own.state if kept else usual
        unit = units.get(kept.own.unit, "") if kept else ""
        switch = switch_of(asked.applies)
        dormant = bool(switch) and house.get(switch) is not True
        choices = bool(known.site_choices.get(code)) and state in {Life.ACTIVE, Life.OFF_SEASON}
        found.append(Rule(asked, kept, state, unit, counts.get(code, 0), dormant, choices))
    return tuple(found)


def rule_of(tx: Tx, actor: Actor, code: str) -> Rule:
    """Find one requirement of the organization.

    Raises:
        NotFound: It asks for nothing of this code.
    """
    for rule in _rules(tx, actor):
        if rule.requirement.code == code:
            return rule
    raise NotFound(code=code)


def _kept(tx: Tx, actor: Actor, code: str) -> Kept:
    kept = rule_of(tx, actor, code).kept
    if kept is None:
        raise NotFound(code=code)
    return kept


def _taken_over(tx: Tx, actor: Actor, requirement: Requirement) -> Kept:
    """Make what the tables ask for one's own, so that it can be changed."""
    made = Own(
        requirement=requirement,
        owner=str(actor.organization_id),
        state=Life.ACTIVE,
        since=tx.now,
        binding_on=tx.now.date(),
    )
    add(tx, actor, made)
    return _kept(tx, actor, requirement.code)


def add(tx: Tx, actor: Actor, own: Own) -> None:
    """Write down a version."""
    made_id = uuid4()
    requirements.add(tx.db, own, requirement_id=made_id, by_id=actor.person_id, at=tx.now)
    entry = Entry(
        event=f"requirement.{own.state}",
        subject="requirement",
        subject_id=made_id,
        person_id=actor.person_id,
        acting_as=By.COORDINATOR,
        to_state=own.state,
        code=own.requirement.code,
    )
    journal.record(tx.db, entry, at=tx.now)


def _note(tx: Tx, actor: Actor, kept: Kept, *, to: Life, code: str) -> None:
    entry = Entry(
        event=f"requirement.{to}",
        subject="requirement",
        subject_id=kept.id,
        person_id=actor.person_id,
        acting_as=By.COORDINATOR,
        from_state=kept.own.state,
        to_state=to,
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)


def comment_days(tx: Tx, actor: Actor) -> timedelta:
    """Say how long agreed shifts are left as they were (C9)."""
    settings = programs.rules_for(
        tx.db, organization_id=actor.organization_id, known=reference.load()
    )
    return timedelta(days=settings.number("comment_days"))
