"""Changes that wait for an answer, as each part in them may see them: on a page and in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shadowing.domain.bookings.proposals import Kind, Standing
from shadowing.domain.bookings.states import By
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor, Relation, may
from shadowing.services.bookings import answering, moves, parties, seeing
from shadowing.services.bookings.seeing import Seen
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, commitments, people, proposals, slots
from shadowing.store.bookings import Shift
from shadowing.store.people import Person, Unit
from shadowing.store.proposals import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a shift, as one person may see it.

    Attributes:
        shift: As it stands.
        part: In which part they see it.
        host: Of the new time, or the new host; without a name where it is not told yet (A10).
        zone: Of the new time; ``old_zone`` of the one that stands.
        unit_name: Of the new time; ``old_unit`` of the one that stands.
        waits_for: Whose answer is next: the host's, the unit's, or the observer's.
        can: What this person can do: ``accept``, ``approve``, ``decline``, ``withdraw``.
        note: To the host, from the visitor; empty where it is not theirs to read, like ``goal``.
        record: Promises of the observer, for the host who is asked (B1).
    """

    shift: Shift
    kind: Kind
    state: Standing
    part: By
    observer: Seen
    host: Seen
    starts_at: datetime
    ends_at: datetime
    zone: str
    unit_name: str
    old_zone: str
    old_unit: str
    waits_for: By
    answer_by: datetime
    can: tuple[str, ...]
    note: str
    goal: str
    record: commitments.PromiseRecord | None


def look(work: Work, actor: Actor, *, shift_id: UUID, kind: Kind) -> Change:
    """Read the latest change of a kind, open or not.

    Raises:
        NotFound: There never was one, or they have no part in it.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        found, part = parties.latest(tx, shift, actor, kind=kind)
        return _Reader(tx, [(shift, found)]).change(shift, found, actor, part=part)


def of_shift(tx: Tx, shift: Shift, actor: Actor) -> tuple[Change, ...]:
    """List what is open for a shift, as far as *actor* has a part in it."""
    found = [(shift, each) for each in proposals.open_of(tx.db, shift_id=shift.id)]
    return _Reader(tx, found).changes(actor) if found else ()


def waiting(work: Work, actor: Actor) -> tuple[Change, ...]:
    """List the changes that wait for somebody's word, in any of their parts, soonest due first."""
    with work.read() as tx:
        units = people.units_of_manager(tx.db, person_id=actor.person_id)
        open_ones = proposals.waiting_for(
            tx.db,
            host_id=actor.person_id,
            unit_ids=[unit.id for unit in units],
            observer_id=actor.person_id,
        )
        shifts = bookings.find_many(tx.db, ids={each.shift_id for each in open_ones})
        pairs = [(shifts[each.shift_id], each) for each in open_ones]
        return tuple(
            change for change in _Reader(tx, pairs).changes(actor) if set(change.can) - {"withdraw"}
        )


class _Reader:
    """Knows everybody and every place that some changes name, whatever their number."""

    def __init__(self, tx: Tx, pairs: Iterable[tuple[Shift, Proposal]]) -> None:
        self._tx = tx
        self._pairs = tuple(pairs)
        ids = {
            person_id
            for shift, each in self._pairs
            for person_id in (shift.observer_id, each.host_id)
        }
        places = {one.unit_id for pair in self._pairs for one in pair}
        self._people: Mapping[UUID, Person] = people.find_many(tx.db, ids=ids)
        self._units: Mapping[UUID, Unit] = people.units(tx.db, ids=[one for one in places if one])
        self._modes = slots.modes(tx.db, ids=[each.slot_id for _, each in self._pairs])
        self._zones = people.zones(tx.db)
        self._records = commitments.promise_records(
            tx.db, owner_ids={shift.observer_id for shift, _ in self._pairs}, on=tx.now.date()
        )

    def changes(self, actor: Actor) -> tuple[Change, ...]:
        """Show each in which *actor* has a part."""
        found = []
        for shift, each in self._pairs:
            try:
                by = parties.as_one_of(self._tx, shift, each, actor, Action.SHIFT_SEE).by
            except NotFound:
                continue
            found.append(self.change(shift, each, actor, part=moves.seen_as(by)))
        return tuple(found)

    def change(self, shift: Shift, each: Proposal, actor: Actor, *, part: By) -> Change:
        """Show one, as somebody in *part* may see it."""
        unit = self._units.get(each.unit_id) if each.unit_id else None
        old = self._units.get(shift.unit_id) if shift.unit_id else None
        old_zone = self._zones[shift.site_id]
        asked = part is By.HOST and each.kind is not Kind.HOURS
        reads_goal = may(actor, Action.GOAL_SEE, answering.relation(shift, part))
        return Change(
            shift=seeing.as_told(shift, actor, part=part),
            kind=each.kind,
            state=each.state,
            part=part,
            observer=seeing.seen_person(self._people[shift.observer_id], side="a"),
            host=self._host(each, part=part),
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            zone=unit.zone if unit else old_zone,
            unit_name=unit.name if unit else shift.what,
            old_zone=old_zone,
            old_unit=old.name if old else shift.what,
            waits_for=_waits_for(each),
            answer_by=each.answer_by,
            can=tuple(_can(shift, each, actor, part=part)),
            note=each.note if part in {By.HOST, By.OBSERVER} else "",
            goal=shift.goal if reads_goal else "",
            record=self._records.get(shift.observer_id) if asked else None,
        )

    def _host(self, each: Proposal, *, part: By) -> Seen:
        seen = seeing.seen_person(self._people[each.host_id], side="c")
        hidden = part is By.OBSERVER and self._modes.get(each.slot_id) == "blind"
        return Seen("", seen.words, seen.side) if hidden else seen


def _waits_for(each: Proposal) -> By:
    if each.kind is Kind.HOURS:
        return By.OBSERVER
    return By.UNIT if each.host_yes_at else By.HOST


ANSWERS = {
    By.HOST: ("accept", Action.SHIFT_ACCEPT, Relation.HOST),
    By.UNIT: ("approve", Action.SHIFT_APPROVE, Relation.UNIT),
}


def _can(shift: Shift, each: Proposal, actor: Actor, *, part: By) -> Iterable[str]:
    """Name what somebody in *part* can do with a change now."""
    if each.state is not Standing.OPEN:
        return
    if each.kind is Kind.HOURS:
        if part is By.OBSERVER and may(actor, Action.SHIFT_MOVE, Relation.OBSERVER):
            yield "choose"
        return
    if each.kind is Kind.SWAP:
        yield from _can_swap(each, actor, part=part)
        return
    name, action, relation = ANSWERS.get(part, ("", Action.SHIFT_SEE, Relation.SELF))
    if name and part is _waits_for(each) and may(actor, action, relation):
        yield name
    answers = part in {By.UNIT, By.COORDINATOR} or part is _waits_for(each)
    if answers and may(actor, Action.SHIFT_DECLINE, answering.relation(shift, part)):
        yield "decline"
    if part is By.OBSERVER and may(actor, Action.SHIFT_MOVE, Relation.OBSERVER):
        yield "withdraw"


def _can_swap(each: Proposal, actor: Actor, *, part: By) -> Iterable[str]:
    """Name what somebody can do about another host: the one who is asked, or those who ask."""
    if each.host_id == actor.person_id:
        if may(actor, Action.SHIFT_ACCEPT, Relation.HOST):
            yield from ("accept", "decline")
    elif part in {By.HOST, By.UNIT}:
        yield "withdraw"
