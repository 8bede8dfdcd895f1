"""One's own clearance: what is missing and by when, what holds, and doing what one can oneself.

Source: docs/rules.md, rules C1, C5, C7, C8, C9; section 8.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import AHEAD
from shadowing.domain.clearance import rules
from shadowing.domain.clearance.credentials import Claim, Held, attested, claimed
from shadowing.domain.clearance.evidence import Missing, State
from shadowing.domain.clearance.pointers import check_done, check_pointer
from shadowing.domain.clearance.problems import NotTicked
from shadowing.domain.clearance.rulebook import coming
from shadowing.domain.clearance.states import By
from shadowing.domain.clearance.validity import needed_through
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, authorise
from shadowing.domain.reference.requirements import Requirement
from shadowing.services.clearance.knowing import Known, know
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import bookings, people, programs
from shadowing.store.bookings import Shift
from shadowing.store.clearance import credentials
from shadowing.store.people import Person, Unit

TICKED: frozenset[str] = frozenset({"observer"})
SHOWN: frozenset[str] = frozenset({"", "partner_coordinator"})


@dataclass(frozen=True, slots=True)
class Need:
    """A booked shift that asks for something, and when it is released without it.

    Attributes:
        holds_back: Whether the shift waits for it at all (C4).
    """

    shift_id: UUID
    unit: str
    starts_at: datetime
    zone: str
    by: datetime
    holds_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One requirement as it stands for a person.

    Attributes:
        missing: What stands in the way; nothing where it is met for all that it is asked for.
        valid_to: The last day that it counts in general.
        held: What is on record; nothing yet where that is so.
        needs: Booked shifts that lack it, soonest first.
        units: Units that ask for it, where not every one does.
        binding_on: From when agreed shifts are held to it, where that lies ahead (C9).
        verifier: Who checked it.
        partner: Whose proof it is (C8).
    """

    requirement: Requirement
    state: State
    missing: Missing | None
    valid_to: date | None
    held: Held | None
    needs: tuple[Need, ...] = ()
    units: tuple[str, ...] = ()
    binding_on: date | None = None
    verifier: str = ""
    partner: str = ""

    @property
    def ticked(self) -> bool:
        """Say whether reading and ticking is all it takes."""
        return self.requirement.attest in TICKED

    @property
    def shown(self) -> bool:
        """Say whether the person may say that it is done."""
        return self.requirement.attest in SHOWN


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is asked of a person.

    Attributes:
        name: Of the person.
        lines: In the order people meet them.
        shifts: How many booked shifts lie ahead.
        cleared: Nothing holds back what is booked, or a first visit to any ordinary unit.
    """

    name: str
    lines: tuple[Line, ...]
    shifts: int
    cleared: bool


@dataclass(frozen=True, slots=True)
class Partner:
    """An organization whose proof may count here (C8)."""

    id: UUID
    name: str


def show(work: Work, actor: Actor) -> Overview:
    """Show somebody how they stand.

    Raises:
        NotAllowed: *actor* does not shadow.
    """
    authorise(actor, Action.CREDENTIAL_SEE)
    with work.read() as tx:
        person = people.find(tx.db, person_id=actor.person_id)
        return overview(tx, know(tx, person))


def one(work: Work, actor: Actor, *, code: str) -> tuple[Line, tuple[Partner, ...]]:
    """Show one requirement as it stands for somebody, and whose proof may count.

    Raises:
        NotFound: It is asked nowhere that they may go.
        NotAllowed: *actor* does not shadow.
    """
    authorise(actor, Action.CREDENTIAL_SEE)
    with work.read() as tx:
        known = know(tx, people.find(tx.db, person_id=actor.person_id))
        return _line_of(tx, known, code), partners(tx, known)


def partners(tx: Tx, known: Known) -> tuple[Partner, ...]:
    """List the organizations whose proof may count at the program's own units (C8)."""
    ids = [UUID(each) for each, _ in known.home.partners if each != str(known.owner)]
    names = people.organization_names(tx.db, ids=ids)
    return tuple(Partner(each, names[each]) for each in ids if each in names)


@repeated
def tick(work: Work, actor: Actor, *, code: str, version: str) -> None:
    """Put on record that somebody read the words and ticked them.

    Raises:
        NotFound: It is asked nowhere that they may go.
        NotAllowed: *actor* does not shadow.
        NotTicked, NewWords: A statement is not enough, or the words are others by now.

    Source: docs/rules.md, rule C7.
    """
    authorise(actor, Action.CREDENTIAL_TICK)
    with work.write() as tx:
        known = know(tx, people.lock(tx.db, person_id=actor.person_id))
        requirement = asked(known, code)
        if requirement.attest not in TICKED:
            raise NotTicked
        before = credentials.held(tx.db, person_id=known.person.id, requirement=code)
        changed = attested(
            before,
            requirement,
            version=version,
            on=known.today,
            valid_to=_through(tx, known, requirement),
            by_id=actor.person_id,
            at=tx.now,
        )
        credentials.keep(tx.db, changed, before=before, at=tx.now, actor_id=actor.person_id)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says is done."""

    done_on: date
    evidence: str = ""
    partner_id: UUID | None = None


@repeated
def claim(work: Work, actor: Actor, *, code: str, said: Said) -> None:
    """Put on record that somebody says it is done; it waits to be checked.

    Raises:
        NotFound: It is asked nowhere that they may go.
        NotAllowed: *actor* does not shadow.
        Refusal: Of the day, of the pointer, of the partner (C2, C8).
    """
    authorise(actor, Action.CREDENTIAL_CLAIM)
    with work.write() as tx:
        person = people.lock(tx.db, person_id=actor.person_id)
        put_claim(tx, person, code=code, said=said, by=By.SELF, by_id=actor.person_id)


def put_claim(tx: Tx, person: Person, *, code: str, said: Said, by: By, by_id: UUID) -> Held:
    """Write a claim for a person whose row is locked."""
    known = know(tx, person)
    requirement = asked(known, code)
    if by is not By.IMPORT and requirement.attest not in SHOWN:
        raise NotTicked
    made = Claim(
        done_on=check_done(said.done_on, today=known.today),
        evidence=check_pointer(said.evidence),
        partner_id=said.partner_id,
        by_id=by_id,
        at=tx.now,
    )
    if said.partner_id and said.partner_id not in {each.id for each in partners(tx, known)}:
        raise NotFound(partner_id=said.partner_id)
    before = credentials.held(tx.db, person_id=person.id, requirement=code)
    changed = claimed(before, requirement, made, by=by)
    return credentials.keep(tx.db, changed, before=before, at=tx.now, actor_id=by_id)


def overview(tx: Tx, known: Known) -> Overview:
    """Put together how a person stands."""
    ahead = _ahead(tx, known)
    lines = _lines(tx, known, ahead)
    first = {lack.code for unit in known.units for lack in known.missing(known.at(unit))}
    open_now = [line for line in lines if line.missing and _holds(line.missing)]
    waits = [
        line
        for line in open_now
        if line.needs or (line.requirement.code in first and not line.units)
    ]
    return Overview(known.person.name, lines, len(ahead), cleared=not waits)


def _holds(lack: Missing) -> bool:
    return bool(rules.holding_back((lack,)))


def _ahead(tx: Tx, known: Known) -> tuple[tuple[Shift, Unit], ...]:
    found = bookings.of_person(tx.db, person_id=known.person.id, states=AHEAD, part="observer")
    units = people.units(tx.db, ids=[shift.unit_id for shift in found if shift.unit_id])
    return tuple(
        (shift, units[shift.unit_id])
        for shift in reversed(found)
        if shift.unit_id and shift.ends_at > tx.now
    )


def _lines(tx: Tx, known: Known, ahead: tuple[tuple[Shift, Unit], ...]) -> tuple[Line, ...]:
    asked: dict[str, Requirement] = {}
    lacks: dict[str, Missing] = {}
    where: dict[str, list[Unit]] = {}
    without: dict[str, list[Unit]] = {}
    needs = _needs(tx, known, ahead, asked=asked, lacks=lacks)
    for unit in known.units:
        wanted = known.at(unit)
        for each in known.asked(wanted):
            if needed_through(each, wanted) is not None:
                asked.setdefault(each.code, each)
                where.setdefault(each.code, []).append(unit)
        for lack in known.missing(wanted):
            lacks.setdefault(lack.code, lack)
            without.setdefault(lack.code, []).append(unit)
    binding = _binding(known, ahead)
    named = _names(tx, known)
    order = list(reference.load().requirements)
    codes = sorted(asked, key=lambda code: order.index(code) if code in order else len(order))
    return tuple(
        _line(
            known,
            asked[code],
            lack=lacks.get(code),
            needs=tuple(needs.get(code, ())),
            where=without.get(code, where.get(code, [])),
            binding_on=binding.get(code),
            named=named,
        )
        for code in codes
    )


def _needs(
    tx: Tx,
    known: Known,
    ahead: tuple[tuple[Shift, Unit], ...],
    *,
    asked: dict[str, Requirement],
    lacks: dict[str, Missing],
) -> dict[str, list[Need]]:
    """List what each booked shift lacks, and note what is asked for it."""
    settings = programs.rules_for(
        tx.db, organization_id=known.person.organization_id, known=reference.load()
    )
    hours = settings.number("clearance_deadline_hours")
    needs: dict[str, list[Need]] = {}
    for shift, unit in ahead:
        wanted = known.on(shift, unit)
        asked |= {each.code: each for each in known.asked(wanted)}
        by = rules.deadline(shift.starts_at, booked_at=shift.requested_at, hours=hours)
        for lack in known.missing(wanted):
            lacks.setdefault(lack.code, lack)
            need = Need(shift.id, unit.name, shift.starts_at, unit.zone, by, _holds(lack))
            needs.setdefault(lack.code, []).append(need)
    return needs


def _some(where: list[Unit], known: Known) -> tuple[str, ...]:
    """Name the units that ask, where not nearly every unit with patients does."""
    patients = [unit for unit in known.units if reference.load().unit_kind(unit.kind).patient_area]
    nearly = max(1, len(patients) - len(patients) // 3)
    return () if len(where) >= nearly else tuple(unit.name for unit in where)


def _line(
    known: Known,
    requirement: Requirement,
    *,
    lack: Missing | None,
    needs: tuple[Need, ...],
    where: list[Unit],
    binding_on: date | None,
    named: dict[UUID, str],
) -> Line:
    seen = known.at(where[0]) if where else known.home
    now = rules.standing(requirement, known.dossier.evidence, seen, on=known.today)
    held = known.of(requirement.code)
    state = now.state
    if lack is not None and state in {State.VALID, State.EXPIRING, State.WAIVED}:
        state = State.EXPIRING
    return Line(
        requirement=requirement,
        state=state,
        missing=lack,
        valid_to=now.valid_to,
        held=held,
        needs=needs,
        units=_some(where, known),
        binding_on=binding_on,
        verifier=named.get(held.verified_by_id, "") if held and held.verified_by_id else "",
        partner=named.get(held.partner_id, "") if held and held.partner_id else "",
    )


def _binding(known: Known, ahead: tuple[tuple[Shift, Unit], ...]) -> dict[str, date]:
    found: dict[str, date] = {}
    for shift, unit in ahead:
        for own in coming(known.dossier.own, known.on(shift, unit), on=known.today):
            if own.binding_on is not None:
                found[own.requirement.code] = own.binding_on
    return found


def _names(tx: Tx, known: Known) -> dict[UUID, str]:
    checked = [one.verified_by_id for one in known.held if one.verified_by_id]
    partner = [one.partner_id for one in known.held if one.partner_id]
    found = people.find_many(tx.db, ids=checked)
    names = {person.id: person.full_name for person in found.values()}
    return {**names, **people.organization_names(tx.db, ids=partner)}


def _line_of(tx: Tx, known: Known, code: str) -> Line:
    for line in _lines(tx, known, _ahead(tx, known)):
        if line.requirement.code == code:
            return line
    raise NotFound(code=code)


def asked(known: Known, code: str) -> Requirement:
    """Find a requirement among all that could be asked of a person.

    Raises:
        NotFound: None of their units asks for it.
    """
    for unit in known.units:
        for each in known.asked(known.at(unit)):
            if each.code == code:
                return each
    raise NotFound(code=code)


def _through(tx: Tx, known: Known, requirement: Requirement) -> date | None:
    """Let a tick for a cycle hold to the end of the last one in which something is booked."""
    rule = requirement.validity_external if known.home.external else requirement.validity
    if rule.kind != "cycle":
        return None
    ends = [known.on(shift, unit).cycle for shift, unit in _ahead(tx, known)]
    return max((cycle[1] for cycle in ends if cycle), default=None)
