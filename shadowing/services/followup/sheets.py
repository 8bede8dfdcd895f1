"""One side of a shift: which form it has, what was answered under it, who may know of it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.bookings.states import TOOK_PLACE, State
from shadowing.domain.errors import NotFound
from shadowing.domain.followup import templates
from shadowing.domain.followup.answers import Answers, check_draft
from shadowing.domain.followup.closing import Seal, Sides, reflection_due, sides_open
from shadowing.domain.followup.conditions import START
from shadowing.domain.followup.moves import Reflection
from shadowing.domain.followup.problems import BadAnswers
from shadowing.domain.followup.questions import Field, Kind, Phase, Side
from shadowing.domain.followup.settings import FollowUpSettings
from shadowing.domain.followup.templates import Template, Templates, fields_for, forms_for
from shadowing.domain.followup.values import Known, Value
from shadowing.domain.followup.visibility import Sheet, Standing
from shadowing.domain.policy import REVERSE, Action, Actor, Relation, in_part, may
from shadowing.services.work import Tx
from shadowing.store import bookings, people, programs, reflections
from shadowing.store.bookings import Shift
from shadowing.store.people import Person
from shadowing.store.reflections import Fact, Text

RELATIONS = {Side.OBSERVER: Relation.OBSERVER, Side.HOST: Relation.HOST}
SENT = frozenset({Reflection.SUBMITTED, Reflection.REVISE, Reflection.ACCEPTED})
BEGUN = TOOK_PLACE | {State.CONFIRMED, State.CHECKED_IN}
JOIN = "+"


@dataclass(frozen=True, slots=True)
class Face:
    """One person of the pair; ``side`` is ``a`` or ``c`` as pages draw it."""

    id: UUID
    name: str
    first: str
    title: str
    side: str


@dataclass(frozen=True, slots=True)
class OneSide:
    """One side of a shift as its author has it.

    Attributes:
        fact: That it exists; ``expected`` before anything is saved.
        fields: All questions of the form, each phase in its order.
        text: As stored; a draft may hold what cannot be sent yet.
        answers: What of it are answers.
    """

    side: Side
    fact: Fact
    forms: tuple[Template, ...]
    fields: tuple[Field, ...]
    text: Text
    answers: Answers

    def asked(self, phase: Phase) -> tuple[Field, ...]:
        """List the questions of one phase that are shown to this person."""
        return tuple(
            field
            for field in fields_for(self.forms, side=self.side, phase=phase)
            if field.show_if is None or field.show_if.fields() or field.show_if.holds({}, START)
        )

    def sheet(self, seal: Seal) -> Sheet:
        """Hand it to the rules on who reads what."""
        standing = Standing(
            submitted=Reflection(self.fact.state) in SENT,
            seal=seal,
            released=self.text.releases,
        )
        return Sheet(fields=self.fields, answers=self.answers, standing=standing)


class Anything(Container[str]):
    """Holds every code: what was picked stays an answer when the lists have changed."""

    def __contains__(self, code: object) -> bool:
        """Say yes."""
        return True


ANY = Anything()
EVER = Known(
    roles=ANY,
    organizations=ANY,
    portfolios=ANY,
    people=ANY,
    objectives=ANY,
    tags=ANY,
)


@cache
def in_force() -> Templates:
    """Read the templates that ship with the product, once."""
    return templates.read(reference.load().reflections)


def relation(shift: Shift, side: Side) -> Relation:
    """Say how somebody on a side stands to a shift; in a reverse one the roles are exchanged."""
    return in_part(RELATIONS[side], kind=shift.kind)


def may_as(actor: Actor, action: Action, part: Relation) -> bool:
    """Say whether *actor* may do *action* in a part of theirs, whatever kind of shift (B16)."""
    return any(may(actor, action, each) for each in (part, in_part(part, kind=REVERSE)))


def side_of(shift: Shift, actor: Actor, action: Action) -> Side:
    """Say on which side of a shift *actor* may do *action*.

    Raises:
        NotFound: On none: only the pair has sides, whatever roles somebody holds (P1, 8.1).
    """
    own = {shift.observer_id: Side.OBSERVER, shift.host_id: Side.HOST}.get(actor.person_id)
    if own is None or not may(actor, action, relation(shift, own)):
        raise NotFound(shift_id=shift.id)
    return own


def keep(tx: Tx, *, shift_id: UUID) -> Shift:
    """Lock what a change of a side may touch, in the fixed order, and read the shift afresh.

    Raises:
        NotFound: There is no such shift.
    """
    seen = bookings.find(tx.db, shift_id=shift_id)
    people.lock(tx.db, person_id=seen.observer_id)
    return bookings.lock(tx.db, shift_id=shift_id)


def find(tx: Tx, *, shift_id: UUID) -> Shift:
    """Read a shift.

    Raises:
        NotFound: There is none.
    """
    return bookings.find(tx.db, shift_id=shift_id)


def where(tx: Tx, shift: Shift) -> str:
    """Name the unit, or what it was where there is none."""
    return people.find_unit(tx.db, unit_id=shift.unit_id).name if shift.unit_id else shift.what


def day(tx: Tx, shift: Shift) -> date:
    """Say what day it is where the shift was."""
    zone = people.zone_of(tx.db, site_id=shift.site_id)
    return tx.now.astimezone(ZoneInfo(zone)).date()


def due(shift: Shift, debrief_start: datetime | None, *, pace: FollowUpSettings) -> datetime:
    """Say by when a side should be in (L8), by what its program has set."""
    latest = shift.ends_at + pace.reflection_due
    start = max(debrief_start, shift.ends_at) if debrief_start else latest
    return reflection_due(shift.ends_at, debrief_start=start, settings=pace)


def pace(tx: Tx, shift: Shift) -> FollowUpSettings:
    """Read how long what follows a shift may take, as its program has set it."""
    return programs.rules(tx.db, program_id=shift.program_id, known=reference.load()).pace


def notice(tx: Tx, shift: Shift) -> str:
    """Fill in where harm is reported; without a place the sentence ends before it."""
    words = in_force().notice
    program = people.program(tx.db, program_id=shift.program_id)
    place = reflections.incident_system(tx.db, organization_id=program.organization_id)
    return words.format(incident_url=place) if place else words.replace(": {incident_url}", "")


def one_side(tx: Tx, shift: Shift, side: Side) -> OneSide:
    """Read one side, whether or not anything is written yet."""
    fact = reflections.of_shift(tx.db, shift_id=shift.id).get(side)
    chosen = _chosen(shift)
    if fact is None:
        forms = forms_for(in_force(), chosen=chosen, side=side)
        return _put(side, _expected(shift, side, forms), forms, Text())
    text = reflections.read_text(tx.db, reflection_id=fact.id)
    return _put(side, fact, _forms(tx, fact, chosen=chosen, side=side), text)


def seal_of(tx: Tx, shift: Shift) -> Seal:
    """Say whether the two sides can be read by the other person (L4)."""
    return sides_open(
        sides(shift, reflections.sent_at(tx.db, shift_id=shift.id)),
        now=tx.now,
    )


def sides(shift: Shift, sent: Mapping[str, datetime]) -> Sides:
    """Put together when each side was sent."""
    return Sides(
        shift_end=shift.ends_at,
        observer_at=sent.get(Side.OBSERVER),
        host_at=sent.get(Side.HOST),
    )


def faces(shift: Shift, known: Mapping[UUID, Person]) -> dict[Side, Face]:
    """Show both people of a shift."""
    observer, host = known[shift.observer_id], known[shift.host_id]
    role = reference.load().roles.get(host.host_role)
    return {
        Side.OBSERVER: _face(observer, observer.title, "a"),
        Side.HOST: _face(host, role.label if role else host.title, "c"),
    }


def _face(person: Person, title: str, side: str) -> Face:
    return Face(person.id, person.full_name, person.name.split()[0], title, side)


def _chosen(shift: Shift) -> str:
    known = {template.code for template in in_force().all if template.filled_by == Side.OBSERVER}
    return shift.template if shift.template in known else in_force().default


def _expected(shift: Shift, side: Side, forms: Sequence[Template]) -> Fact:
    author = shift.observer_id if side is Side.OBSERVER else shift.host_id
    return Fact(
        id=uuid4(),
        shift_id=shift.id,
        author_id=author,
        side=side,
        template=JOIN.join(form.code for form in forms),
        template_version=JOIN.join(form.version for form in forms),
        state=Reflection.EXPECTED,
        lint_fired=0,
        saved_at=None,
        submitted_at=None,
        deleted_at=None,
    )


def _forms(tx: Tx, fact: Fact, *, chosen: str, side: Side) -> tuple[Template, ...]:
    """Find the templates that answers were given under; before the first, those in force."""
    if fact.state == Reflection.EXPECTED:
        return forms_for(in_force(), chosen=chosen, side=side)
    kept = zip(fact.template.split(JOIN), fact.template_version.split(JOIN), strict=False)
    found = [_form(tx, code, version) for code, version in kept]
    forms = tuple(form for form in found if form)
    return forms or forms_for(in_force(), chosen=chosen, side=side)


def _form(tx: Tx, code: str, version: str) -> Template | None:
    for template in in_force().all:
        if template.version == version:
            return template
    source = reflections.kept_template(tx.db, version=version)
    if source:
        return templates.read_kept(source)
    return next((template for template in in_force().all if template.code == code), None)


def _put(side: Side, fact: Fact, forms: tuple[Template, ...], text: Text) -> OneSide:
    fields = {
        field.key: field for phase in Phase for field in fields_for(forms, side=side, phase=phase)
    }
    listed = tuple(fields.values())
    return OneSide(side, fact, forms, listed, text, read_stored(listed, text.answers))


def read_stored(fields: Sequence[Field], plain: Mapping[str, object]) -> Answers:
    """Read stored answers one by one; what a draft holds that is none is left out."""
    found: dict[str, Value] = {}
    for field in fields:
        if field.key not in plain or field.kind is Kind.COMMITMENTS:
            continue
        alone = replace(field, show_if=None)
        try:
            found |= check_draft((alone,), {field.key: plain[field.key]}, known=EVER)
        except BadAnswers:
            continue
    return found
