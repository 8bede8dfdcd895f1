"""Reading both sides together, and the list of what one has to write and has written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.bookings.states import TOOK_PLACE, State
from shadowing.domain.errors import NotFound
from shadowing.domain.followup.closing import Seal, sides_open
from shadowing.domain.followup.gap import Gap, widest_gap
from shadowing.domain.followup.moves import Reflection
from shadowing.domain.followup.questions import Field, Kind, Side
from shadowing.domain.followup.settings import DEFAULTS
from shadowing.domain.followup.values import Points
from shadowing.domain.followup.visibility import Viewer, readable
from shadowing.domain.policy import Action, Actor, may
from shadowing.services.followup import pickers, sheets
from shadowing.services.followup.pickers import Pickers
from shadowing.services.followup.sheets import Face, OneSide
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, commitments, debriefs, people, programs, reflections
from shadowing.store.bookings import Shift
from shadowing.store.commitments import Commitment
from shadowing.store.debriefs import Debrief
from shadowing.store.reflections import Fact

LISTED = TOOK_PLACE | {State.CONFIRMED, State.CHECKED_IN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One answer that the other person may read."""

    prompt: str
    lines: tuple[str, ...]
    free: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One question both were asked for comparison, in rows: option, observer, host."""

    key: str
    prompt: str
    rows: tuple[tuple[str, int, int], ...]
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Both sides of a shift, as either of the pair reads them: the same for both.

    Attributes:
        part: On which side the reader is.
        sent: When each side was sent.
        opens_alone: From when a side that is in can be read without the other.
        observer: What the observer has shared; empty while sealed.
        host: What the host has shared.
        compared: What both were asked for comparison.
        gap: The widest difference, to begin with.
        reason: Why nothing was promised, if so.
    """

    shift: Shift
    part: Side
    faces: Mapping[Side, Face]
    unit_name: str
    zone: str
    seal: Seal
    sent: Mapping[str, datetime]
    due: datetime
    opens_alone: datetime
    debrief: Debrief | None
    observer: tuple[Shared, ...]
    host: tuple[Shared, ...]
    compared: tuple[Compared, ...]
    gap: Gap | None
    promises: tuple[Commitment, ...]
    reason: str


def both(work: Work, actor: Actor, *, shift_id: UUID) -> Both:
    """Open both sides to one of the pair, as far as they are open (L4).

    Raises:
        NotFound: The reader is not one of the pair, or the shift did not take place.
    """
    with work.read() as tx:
        shift = sheets.find(tx, shift_id=shift_id)
        part = sheets.side_of(shift, actor, Action.REFLECTION_READ_BOTH)
        if shift.state not in TOOK_PLACE:
            raise NotFound(shift_id=shift_id)
        return _both(tx, shift, part)


def _both(tx: Tx, shift: Shift, part: Side) -> Both:
    seal = sheets.seal_of(tx, shift)
    known = people.find_many(tx.db, ids=(shift.observer_id, shift.host_id))
    observer, host = (sheets.one_side(tx, shift, side) for side in (Side.OBSERVER, Side.HOST))
    listed = pickers.read(tx, shift)
    compared = _compared(observer, host, seal)
    paired = {one.key for one in compared}
    held = debriefs.find(tx.db, shift_id=shift.id)
    return Both(
        shift=shift,
        part=part,
        faces=sheets.faces(shift, known),
        unit_name=sheets.where(tx, shift),
        zone=people.zone_of(tx.db, site_id=shift.site_id),
        seal=seal,
        sent=reflections.sent_at(tx.db, shift_id=shift.id),
        due=sheets.due(shift, held.starts_at if held else None, pace=sheets.pace(tx, shift)),
        opens_alone=shift.ends_at + DEFAULTS.seal,
        debrief=held,
        observer=_shared(observer, seal, listed, without=paired),
        host=_shared(host, seal, listed, without=paired),
        compared=compared,
        gap=widest_gap(observer.sheet(seal), host.sheet(seal)),
        promises=commitments.of_shift(tx.db, shift_id=shift.id),
        reason=held.no_commitment_reason if held else "",
    )


def _shared(
    own: OneSide,
    seal: Seal,
    listed: Pickers,
    *,
    without: set[str],
) -> tuple[Shared, ...]:
    seen = readable(own.sheet(seal), viewer=Viewer.OTHER)
    return tuple(
        Shared(
            prompt=each.prompt,
            lines=pickers.said(each, seen[each.key], listed),
            free=each.kind is Kind.TEXT,
        )
        for each in own.fields
        if each.key in seen and each.kind is not Kind.COMMITMENTS and not _in(each, without)
    )


def _in(field: Field, paired: set[str]) -> bool:
    return field.key in paired or field.sealed_with in paired


def _compared(observer: OneSide, host: OneSide, seal: Seal) -> tuple[Compared, ...]:
    one = readable(observer.sheet(seal), viewer=Viewer.OTHER)
    two = readable(host.sheet(seal), viewer=Viewer.OTHER)
    found = []
    for each in observer.fields:
        first, second = one.get(each.key), two.get(each.sealed_with)
        rows: tuple[tuple[str, int, int], ...] = ()
        if isinstance(first, Points) and isinstance(second, Points):
            rows = tuple(
                (option.label, first.of(option.code), second.of(option.code))
                for option in each.options
            )
        elif isinstance(first, int) and isinstance(second, int):
            rows = ((each.prompt, first, second),)
        if rows:
            places = each.total or int(each.maximum)
            found.append(Compared(key=each.key, prompt=each.prompt, rows=rows, places=places))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One shift in the list of what one writes.

    Attributes:
        waits_for: What is to be done: ``before``, ``side``, ``promise``, or nothing.
        both_in: Whether both sides can be read together.
    """

    shift: Shift
    side: Side
    other: Face
    unit_name: str
    zone: str
    state: Reflection
    submitted_at: datetime | None
    seal: Seal
    due: datetime
    waits_for: tuple[str, ...]
    other_in: bool

    @property
    def both_in(self) -> bool:
        """Whether both sides can be read together."""
        return self.seal is Seal.BOTH_IN


def mine(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List the shifts a person writes about, the latest first; the same statements for any number.

    Source: docs/rules.md, rules L6 and L8.
    """
    with work.read() as tx:
        shifts = bookings.of_person(tx.db, person_id=actor.person_id, states=tuple(LISTED))
        return tuple(_lines(tx, shifts, actor))


def _lines(tx: Tx, shifts: Sequence[Shift], actor: Actor) -> Iterator[Line]:
    ids = [shift.id for shift in shifts]
    facts = reflections.of_shifts(tx.db, shift_ids=ids)
    talks = debriefs.of_shifts(tx.db, shift_ids=ids)
    promised = commitments.counts(tx.db, shift_ids=ids)
    pairs = {each for shift in shifts for each in (shift.observer_id, shift.host_id)}
    known = people.find_many(tx.db, ids=pairs)
    units = people.units(tx.db, ids=[shift.unit_id for shift in shifts if shift.unit_id])
    zones = people.zones(tx.db)
    rules = programs.every_rules(tx.db, known=reference.load())
    for shift in shifts:
        side = Side.OBSERVER if shift.observer_id == actor.person_id else Side.HOST
        if not may(actor, Action.REFLECTION_WRITE, sheets.relation(shift, side)):
            continue
        talk, own = talks.get(shift.id), facts.get((shift.id, side))
        settled = bool(promised.get(shift.id) or (talk and talk.no_commitment_reason))
        state = Reflection(own.state) if own else Reflection.EXPECTED
        unit = units.get(shift.unit_id) if shift.unit_id else None
        yield Line(
            shift=shift,
            side=side,
            other=sheets.faces(shift, known)[side.other],
            unit_name=unit.name if unit else shift.what,
            zone=zones[shift.site_id],
            state=state,
            submitted_at=own.submitted_at if own else None,
            seal=_seal(shift, facts, tx.now),
            due=sheets.due(
                shift, talk.starts_at if talk else None, pace=rules[shift.program_id].pace
            ),
            waits_for=_waits_for(shift, side, state, settled=settled),
            other_in=_sent(facts.get((shift.id, side.other))) is not None,
        )


def _waits_for(
    shift: Shift,
    side: Side,
    state: Reflection,
    *,
    settled: bool,
) -> tuple[str, ...]:
    unsent = state in {Reflection.EXPECTED, Reflection.DRAFT}
    steps = {
        "before": shift.state is State.CONFIRMED and state is Reflection.EXPECTED,
        "side": shift.state in TOOK_PLACE - {State.CLOSED} and unsent,
        "promise": shift.state is State.DEBRIEFED and side is Side.OBSERVER and not settled,
    }
    return tuple(step for step, waits in steps.items() if waits)


def _seal(shift: Shift, facts: Mapping[tuple[UUID, str], Fact], now: datetime) -> Seal:
    found = {side: _sent(facts.get((shift.id, side))) for side in Side}
    sent = {str(side): at for side, at in found.items() if at}
    return sides_open(sheets.sides(shift, sent), now=now)


def _sent(fact: Fact | None) -> datetime | None:
    return fact.submitted_at if fact else None


def shift_of(work: Work, actor: Actor, *, reflection_id: UUID) -> UUID:
    """Say which shift a reflection of one's own pair is about.

    Raises:
        NotFound: There is none of this pair's by that id.
    """
    with work.read() as tx:
        shift_id = reflections.shift_of(tx.db, reflection_id=reflection_id)
        if shift_id is None:
            raise NotFound(reflection_id=reflection_id)
        shift = sheets.find(tx, shift_id=shift_id)
        sheets.side_of(shift, actor, Action.REFLECTION_WRITE)
        return shift_id
