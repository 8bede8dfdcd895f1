"""Units as those see them who look after them: a list, one unit, its settings, its week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.adapters import reference
from shadowing.domain.availability.clock import instant
from shadowing.domain.bookings.states import AHEAD, State
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.domain.interval import Interval
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, may
from shadowing.domain.units import Settings, most_at_once
from shadowing.services.work import Tx, Work
from shadowing.store import people, units, wishes
from shadowing.store.people import Unit
from shadowing.store.units import Comer, Line

Coming: TypeAlias = Comer
Choice = tuple[UUID, str]
A_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(days=7)
FAR: Final = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Seen:
    """One unit, and who comes in the seven days from today.

    Attributes:
        role: In which role the unit is seen: its lead's or the coordinator's.
        rules: What the unit asks for beyond the rule, in words: of its kind, then its own.
        peak: Visitors at the fullest minute of those days, against the unit's cap.
        promises: Made to the unit, of which the outcome is not there yet.
        wishes: How many people wait for a seat here; never who.
    """

    unit: Unit
    role: Role
    lead: str
    deputy: str
    comers: tuple[Coming, ...]
    rules: tuple[str, ...]
    peak: int
    promises: int
    wishes: int
    today: date
    changes: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The settings of a unit, and what can be chosen.

    Attributes:
        leads: Who could lead it, for a coordinator; nobody for its lead, who does not hand it on.
        deputies: Who could stand in for the lead.
        rules: Codes and labels of rules that the unit may add to those of its kind.
    """

    unit: Unit
    settings: Settings
    leads: tuple[Choice, ...]
    deputies: tuple[Choice, ...]
    rules: tuple[tuple[str, str], ...]
    kind_rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everybody who comes to a unit in one week, day by day.

    Attributes:
        before: A day of the week before.
        after: A day of the week after.
    """

    unit: Unit
    first: date
    days: tuple[tuple[date, tuple[Coming, ...]], ...]
    total: int
    before: date
    after: date


def mine(work: Work, actor: Actor) -> tuple[Line, ...]:
    """List the units somebody leads or stands in for; for a coordinator all of the organization.

    Raises:
        NotAllowed: *actor* looks after no units.
    """
    with work.read() as tx:
        if actor.role is Role.COORDINATOR and may(actor, Action.UNIT_SEE, Relation.PROGRAM):
            return units.of_organization(tx.db, organization_id=actor.organization_id, now=tx.now)
        if not may(actor, Action.UNIT_SEE, Relation.UNIT):
            raise NotAllowed(action=Action.UNIT_SEE)
        return units.led_by(tx.db, person_id=actor.person_id, now=tx.now)


def relation(unit: Unit, actor: Actor, action: Action) -> Relation:
    """Say how somebody stands to a unit for doing *action*: its lead, or the coordinator.

    Raises:
        NotFound: Neither; it then looks as if there were no such unit (P1).
    """
    if unit.led_by(actor.person_id) and may(actor, action, Relation.UNIT):
        return Relation.UNIT
    house = unit.organization_id == actor.organization_id
    if house and may(actor, action, Relation.PROGRAM):
        return Relation.PROGRAM
    raise NotFound(unit_id=unit.id)


def show(work: Work, actor: Actor, *, unit_id: UUID) -> Seen:
    """Read one unit.

    Raises:
        NotFound: There is none, or it is not theirs to look after.
    """
    with work.read() as tx:
        unit = people.find_unit(tx.db, unit_id=unit_id)
        seen_as = relation(unit, actor, Action.UNIT_SEE)
        known = reference.load()
        today = tx.now.astimezone(ZoneInfo(unit.zone)).date()
        coming = units.comers(tx.db, unit_id=unit.id, span=_days(unit, today, 7))
        ids = [each for each in (unit.manager_id, unit.deputy_id) if each]
        found = people.find_many(tx.db, ids=ids).values()
        names = {each.id: each.full_name for each in found if each.active}
        codes = (*known.unit_kind(unit.kind).rules, *unit.own_rules)
        return Seen(
            unit=unit,
            role=Role.UNIT_MANAGER if seen_as is Relation.UNIT else Role.COORDINATOR,
            lead=names.get(unit.manager_id, "") if unit.manager_id else "",
            deputy=names.get(unit.deputy_id, "") if unit.deputy_id else "",
            comers=coming,
            rules=tuple(known.unit_rules[code].label for code in dict.fromkeys(codes)),
            peak=most_at_once(each.interval for each in coming if each.there),
            promises=units.open_promises(tx.db, unit_id=unit.id),
            wishes=wishes.count_for_unit(tx.db, unit_id=unit.id),
            today=today,
            changes=may(actor, Action.UNIT_CHANGE, seen_as),
        )


def desk(work: Work, actor: Actor, *, unit_id: UUID) -> Desk:
    """Read what can be set of a unit.

    Raises:
        NotFound: There is none, or it is not theirs to change.
    """
    with work.read() as tx:
        unit = people.find_unit(tx.db, unit_id=unit_id)
        acting = relation(unit, actor, Action.UNIT_CHANGE)
        among = units.may_be_deputy(tx.db, unit_id=unit.id)
        known = reference.load()
        of_kind = known.unit_kind(unit.kind).rules
        others = (
            rule for rule in known.unit_rules.values() if rule.kind in {"requirement", "attest"}
        )
        return Desk(
            unit=unit,
            settings=settings_of(unit),
            leads=_leads(tx, unit, among) if acting is Relation.PROGRAM else (),
            deputies=tuple(
                each for each in among if acting is Relation.PROGRAM or each[0] != unit.manager_id
            ),
            rules=tuple((each.code, each.label) for each in others if each.code not in of_kind),
            kind_rules=tuple(known.unit_rules[code].label for code in of_kind),
        )


def _leads(tx: Tx, unit: Unit, among: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """List who could lead a unit: those who could stand in, and whoever does lead it."""
    now = people.find(tx.db, person_id=unit.manager_id) if unit.manager_id else None
    if now is None or not now.active or now.id in dict(among):
        return among
    return ((now.id, now.name), *among)


def settings_of(unit: Unit) -> Settings:
    """Read the settings of a unit."""
    return Settings(**{name: getattr(unit, name) for name in Settings.__slots__})


def week(work: Work, actor: Actor, *, unit_id: UUID, around: date | None = None) -> Sheet:
    """List everybody who comes in a week, this one unless another is asked for (D10).

    Raises:
        NotFound: There is no such unit, or it is not theirs to look after.
    """
    with work.read() as tx:
        unit = people.find_unit(tx.db, unit_id=unit_id)
        relation(unit, actor, Action.UNIT_SEE)
        today = tx.now.astimezone(ZoneInfo(unit.zone)).date()
        wanted = around if around and abs(around - today) < FAR else today
        first = wanted - timedelta(days=wanted.weekday())
        coming = units.comers(tx.db, unit_id=unit.id, span=_days(unit, first, 7))
        zone = ZoneInfo(unit.zone)
        days = tuple(first + n * A_DAY for n in range(7))
        starts = [(max(each.starts_at.astimezone(zone).date(), first), each) for each in coming]
        return Sheet(
            unit=unit,
            first=first,
            days=tuple((day, tuple(one for on, one in starts if on == day)) for day in days),
            total=len(coming),
            before=first - A_WEEK,
            after=first + A_WEEK,
        )


def booked(tx: Tx, unit: Unit, *, span: Interval) -> tuple[Coming, ...]:
    """List what the unit knows to stand in *span*: from the host's yes on (section 6.2)."""
    return units.comers(tx.db, unit_id=unit.id, span=span, states=AHEAD - {State.REQUESTED})


def _days(unit: Unit, first: date, count: int) -> Interval:
    zone = ZoneInfo(unit.zone)
    return Interval(instant(first, "00:00", zone), instant(first + count * A_DAY, "00:00", zone))
