"""Changing a unit: its settings, its deputy, and a pause.

What is booked stands: where a change or a pause concerns it, it is listed first, and nothing is
written until somebody has seen that list.

Source: docs/rules.md, rules A6 to A9, B4, B13 and B17.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.availability.clock import instant
from shadowing.domain.errors import BadValue
from shadowing.domain.interval import Interval
from shadowing.domain.policy import Action, Actor, Relation
from shadowing.domain.units import (
    NEEDS_AUTHORIZATION,
    BookedInTheWay,
    PauseKind,
    PauseTooShort,
    Settings,
    beyond_cap,
    checked,
    higher,
)
from shadowing.services.units import looking
from shadowing.services.work import Tx, Work, repeated
from shadowing.store import journal, people, units
from shadowing.store.journal import Entry
from shadowing.store.people import Unit
from shadowing.store.units import Comer

LONGEST_PAUSE = timedelta(days=366)
ACTING_AS = {Relation.UNIT: "unit_manager", Relation.PROGRAM: "coordinator"}


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that somebody wants.

    Attributes:
        until: The last day of it, at the unit's site.
        stops: Whether what is booked in it is stopped for care.
    """

    until: date
    kind: PauseKind
    stops: bool = False


def concerned(work: Work, actor: Actor, wanted: Settings, *, unit_id: UUID) -> tuple[Comer, ...]:
    """List the shifts that a change of the settings concerns; they stand all the same.

    More than the new cap at once, at a sensitivity that needs an authorization there is none for on
    their day, or by video where nobody may join so any more.

    Raises:
        NotFound: There is no such unit, or it is not theirs to change.
    """
    with work.read() as tx:
        unit = people.find_unit(tx.db, unit_id=unit_id)
        looking.relation(unit, actor, Action.UNIT_CHANGE)
        return _concerned(tx, unit, wanted)


def _concerned(tx: Tx, unit: Unit, wanted: Settings) -> tuple[Comer, ...]:
    ahead = looking.booked(tx, unit, span=Interval(tx.now, tx.now + LONGEST_PAUSE))
    found: set[UUID] = set()
    if wanted.cap < unit.cap:
        there = [each for each in ahead if each.there]
        full = beyond_cap((each.interval for each in there), cap=wanted.cap)
        found |= {each.shift_id for each in there if each.interval in full}
    if unit.remote_allowed and not wanted.remote_allowed:
        found |= {each.shift_id for each in ahead if not each.there}
    until, zone = wanted.authorized_until, ZoneInfo(unit.zone)
    found |= {
        each.shift_id
        for each in ahead
        if higher(each.sensitivity, wanted.sensitivity) == NEEDS_AUTHORIZATION
        and (until is None or each.starts_at.astimezone(zone).date() > until)
    }
    return tuple(each for each in ahead if each.shift_id in found)


@repeated
def change(
    work: Work,
    actor: Actor,
    wanted: Settings,
    *,
    unit_id: UUID,
    deputy_id: UUID | None,
    seen: int,
    lead_id: UUID | None = None,
) -> Unit:
    """Write the settings of a unit, who stands in for its lead, and as a coordinator who leads it.

    Args:
        work: Where.
        actor: The lead, the deputy, or a coordinator of the organization.
        wanted: All settings as they shall be.
        unit_id: Of the unit.
        deputy_id: Who stands in for the lead, or nobody.
        seen: How many shifts that it concerns somebody has looked at.
        lead_id: Who leads it; heard from a coordinator alone, and nobody leaves it as it is.

    Raises:
        NotFound: There is no such unit, or it is not theirs to change.
        BookedInTheWay: It concerns more shifts than were looked at; nothing is written.
        BadValue, YesEachTime, AuthorizationMissing: About the settings.
    """
    kept = checked(wanted, known=reference.load())
    with work.write() as tx:
        unit, acting = _open(tx, actor, unit_id, Action.UNIT_CHANGE)
        lead = _lead(unit, acting, lead_id)
        deputy = _deputy(tx, unit, lead=lead, deputy_id=deputy_id)
        count = len(_concerned(tx, unit, kept))
        if count > seen:
            raise BookedInTheWay(count=count)
        units.change(tx.db, unit_id=unit.id, values=_kept(kept))
        for event in _name(tx, unit, lead=lead, deputy=deputy):
            _record(tx, unit, actor, acting, event=event)
        _record(tx, unit, actor, acting, event="unit.changed", code=_changed(unit, kept))
        return people.find_unit(tx.db, unit_id=unit.id)


def _lead(unit: Unit, acting: Relation, lead_id: UUID | None) -> UUID | None:
    """Say who shall lead: nobody who leads a unit hands it on, or takes it from somebody."""
    return lead_id if acting is Relation.PROGRAM and lead_id else unit.manager_id


def _deputy(tx: Tx, unit: Unit, *, lead: UUID | None, deputy_id: UUID | None) -> UUID | None:
    """Say who shall be deputy, and refuse whoever cannot lead; nobody is their own deputy."""
    among = {each for each, _ in units.may_be_deputy(tx.db, unit_id=unit.id)}
    if lead != unit.manager_id and lead not in among:
        raise BadValue(field="lead", problem="unknown_choice", value=str(lead))
    if deputy_id is not None and deputy_id not in among:
        raise BadValue(field="deputy", problem="unknown_choice", value=str(deputy_id))
    return None if deputy_id == lead else deputy_id


def _name(tx: Tx, unit: Unit, *, lead: UUID | None, deputy: UUID | None) -> Iterator[str]:
    """Write who leads a unit and who stands in, where that is another; say what happened."""
    if deputy != unit.deputy_id:
        units.name_deputy(tx.db, unit_id=unit.id, person_id=deputy)
        yield "unit.deputy"
    if lead != unit.manager_id:
        units.name_lead(tx.db, unit_id=unit.id, person_id=lead)
        yield "unit.lead"


def _kept(settings: Settings) -> dict[str, object]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(settings).items()
    }


def _changed(unit: Unit, settings: Settings) -> str:
    """Name what is another than before, never what it says; as much as an entry holds."""
    was = asdict(looking.settings_of(unit))
    names = [name for name, value in asdict(settings).items() if value != was[name]]
    return ",".join(names)[:60]


def in_pause(work: Work, actor: Actor, *, unit_id: UUID, until: date) -> tuple[Comer, ...]:
    """List what is booked or asked for from now to the end of a day.

    Raises:
        NotFound: There is no such unit, or it is not theirs to pause.
        PauseTooShort: The day is over, or too far away.
    """
    with work.read() as tx:
        unit = people.find_unit(tx.db, unit_id=unit_id)
        looking.relation(unit, actor, Action.UNIT_PAUSE)
        return looking.booked(tx, unit, span=Interval(tx.now, _end(tx, unit, until)))


@repeated
def pause(work: Work, actor: Actor, wanted: Pause, *, unit_id: UUID) -> Unit:
    """Take nobody from now to the end of a day; what is booked stands, or is stopped for care.

    The shifts to be stopped are stopped one by one after this (``bookings.pausing``), here and by
    the worker, so that a crash leaves none behind.

    Raises:
        NotFound: There is no such unit, or it is not theirs to pause.
        PauseTooShort: The day is over, or too far away.

    Source: docs/rules.md, rule A7.
    """
    with work.write() as tx:
        unit, acting = _open(tx, actor, unit_id, Action.UNIT_PAUSE)
        values = {
            "paused_from": tx.now,
            "paused_until": _end(tx, unit, wanted.until),
            "pause_kind": wanted.kind.value,
            "pause_stops": wanted.stops,
        }
        units.change(tx.db, unit_id=unit.id, values=values)
        _record(tx, unit, actor, acting, event="unit.paused", code=wanted.kind)
        return people.find_unit(tx.db, unit_id=unit.id)


@repeated
def resume(work: Work, actor: Actor, *, unit_id: UUID) -> Unit:
    """End a pause now; what was stopped stays so.

    Raises:
        NotFound: There is no such unit, or it is not theirs to pause.
    """
    with work.write() as tx:
        unit, acting = _open(tx, actor, unit_id, Action.UNIT_PAUSE)
        if unit.paused_until is not None:
            over = {"paused_from": None, "paused_until": None, "pause_kind": ""}
            units.change(tx.db, unit_id=unit.id, values={**over, "pause_stops": False})
            _record(tx, unit, actor, acting, event="unit.resumed")
        return people.find_unit(tx.db, unit_id=unit.id)


def _open(tx: Tx, actor: Actor, unit_id: UUID, action: Action) -> tuple[Unit, Relation]:
    units.lock(tx.db, unit_id=unit_id)
    unit = people.find_unit(tx.db, unit_id=unit_id)
    return unit, looking.relation(unit, actor, action)


def _end(tx: Tx, unit: Unit, until: date) -> datetime:
    zone = ZoneInfo(unit.zone)
    today = tx.now.astimezone(zone).date()
    if not today <= until <= today + LONGEST_PAUSE:
        raise PauseTooShort
    return instant(until + looking.A_DAY, "00:00", zone)


def _record(
    tx: Tx, unit: Unit, actor: Actor, acting: Relation, *, event: str, code: str = ""
) -> None:
    entry = Entry(
        event=event,
        subject="unit",
        subject_id=unit.id,
        person_id=actor.person_id,
        acting_as=ACTING_AS[acting],
        code=code,
    )
    journal.record(tx.db, entry, at=tx.now)
