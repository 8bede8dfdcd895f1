"""The pass of a visitor, for those in the shift; and its check, open to everybody (C10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.accounts import TooManyTries, minutes_left, window
from shadowing.domain.bookings.passes import is_good, read
from shadowing.domain.clearance.evidence import Effect, Missing
from shadowing.domain.errors import NotFound
from shadowing.domain.policy import Action, Actor
from shadowing.domain.ways import REMOTE
from shadowing.services.bookings import answering, clearing
from shadowing.services.work import Tx, Work
from shadowing.store import bookings, days, people
from shadowing.store.accounts import tries
from shadowing.store.bookings import Shift
from shadowing.store.people import Person, Unit

MISSES: Final = 30
"""Codes that nobody has, from one address in a quarter of an hour; a mistyped one is no guess."""
ROOMS: Final = (Effect.BLOCK_ROOM, Effect.MASK)


@dataclass(frozen=True, slots=True)
class Manners:
    """What holds for this visitor on this unit.

    Attributes:
        worn: The pass is worn on the chest, because attire may be scrubs (D9).
        attire: What to wear, in words.
        rules: Of the unit, in words.
        rooms: What clearance says about rooms: ``block_room``, ``mask``; never the reason.
    """

    worn: bool = False
    attire: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    rooms: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Pass:
    """What a pass shows; no degrees, no title, and nothing of why (C10, C2).

    Attributes:
        good: It holds now.
        department: Or where somebody comes from.
    """

    shift_id: UUID
    code: str
    good: bool
    name: str
    department: str
    unit: str
    site: str
    organization: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    manners: Manners


def show(work: Work, actor: Actor, *, shift_id: UUID) -> Pass:
    """Show the pass of a shift, good or void.

    Raises:
        NotFound: The person has no part in it, it was never confirmed, or nobody comes in by it.
    """
    with work.read() as tx:
        shift = bookings.find(tx.db, shift_id=shift_id)
        answering.as_one_of(tx, shift, actor, Action.PASS_SEE)
        kept = days.find(tx.db, shift_id=shift_id)
        if kept is None or shift.kind == REMOTE:
            raise NotFound(shift_id=shift_id)
        observer = people.find(tx.db, person_id=shift.observer_id)
        unit = people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None
        home, _ = people.home(tx.db, person_id=observer.id)
        return Pass(
            shift_id=shift.id,
            code=kept.pass_code,
            good=is_good(shift.state, ends_at=shift.ends_at, now=tx.now),
            name=observer.name,
            department=_department(observer, home),
            unit=unit.name if unit else shift.what,
            site=unit.site_name if unit else "",
            organization=unit.organization_name if unit else home,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            zone=people.zone_of(tx.db, site_id=shift.site_id),
            manners=_manners(tx, shift, unit) if unit else Manners(),
        )


def _department(observer: Person, home: str) -> str:
    # "Finance / CFO" names the department first, and an office, which a pass does not show.
    known = reference.load().portfolios.get(observer.portfolio)
    return observer.affiliation or (known.label.partition(" / ")[0] if known else home)


def _manners(tx: Tx, shift: Shift, unit: Unit) -> Manners:
    known = reference.load()
    attire = [known.attires[code] for code in unit.attire]
    rules = [known.unit_rules[code] for code in known.unit_kinds[unit.kind].rules]
    return Manners(
        worn=any(each.pass_must_show for each in attire),
        attire=tuple(each.label for each in attire),
        rules=tuple(rule.label for rule in rules if rule.kind == "show"),
        rooms=_rooms(clearing.of_shift(tx, shift)),
    )


def _rooms(lacks: Iterable[Missing]) -> tuple[Effect, ...]:
    found = {each.effect for each in lacks}
    return tuple(effect for effect in ROOMS if effect in found)


def check(work: Work, *, code: str, address: str) -> bool:
    """Say whether the pass with this code holds now: yes or no, and not a word more.

    Raises:
        TooManyTries: Too many codes that nobody has came from this address.
    """
    subject = f"pass from {address[:45]}"
    with work.read() as tx:
        began = tx.now
        if tries.so_far(tx.db, subject=subject, window=window(began)) >= MISSES:
            raise TooManyTries(minutes=minutes_left(began))
        shift_id = days.of_pass(tx.db, code=read(code))
        if shift_id is not None:
            shift = bookings.find(tx.db, shift_id=shift_id)
            opens = shift.kind != REMOTE
            return opens and is_good(shift.state, ends_at=shift.ends_at, now=began)
    with work.write() as tx:
        tries.count(tx.db, subject=subject, window=window(began))
    return False
