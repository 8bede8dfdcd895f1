"""Tells whom a clearance concerns before it costs them their shift: what comes, what lapsed late.

Each thing is told once, however often the worker looks: nothing here moves a shift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shadowing.domain.bookings.states import By, State
from shadowing.domain.bookings.timing import no_show_from
from shadowing.domain.clearance import rules
from shadowing.domain.clearance.evidence import UP_TO_CHECK_IN, Missing, Visit
from shadowing.domain.clearance.rulebook import Own, coming, concerns, in_force
from shadowing.domain.clearance.states import Life
from shadowing.services.bookings import clearing, gate
from shadowing.services.bookings.clearing import Record
from shadowing.services.bookings.pace import timing
from shadowing.services.bookings.telling import recipients
from shadowing.services.work import Tx
from shadowing.store import journal, people
from shadowing.store.bookings import Shift
from shadowing.store.journal import Telling

COMING: Final = "requirement-coming"
LAPSED: Final = "clearance-lapsed"
CONCERNED: Final = (By.OBSERVER, By.HOST, By.UNIT, By.COORDINATOR)


def tell_coming(tx: Tx, shift: Shift) -> int:
    """Tell the visitor of an agreed shift what is newly asked of it, and by when (C9).

    Once for each version of a requirement, and not where the shift was taken back for it: that
    letter says it.

    Returns:
        How many letters were queued.
    """
    if shift.unit_id is None:
        return 0
    observer = people.find(tx.db, person_id=shift.observer_id)
    unit = people.find_unit(tx.db, unit_id=shift.unit_id)
    known = clearing.record(tx, observer)
    visit = clearing.visit(known, unit=unit, span=shift.interval, about=clearing.booked(shift))
    on = clearing.today(known, unit)
    told = 0
    for own in _new(known.dossier.own, visit, on=on):
        if own.since and _taken_back_since(tx, shift, own.since):
            continue
        day = max(on, own.binding_on or on)
        if day > on and _lacking(known, visit, own, on=on):
            continue
        for lack in _lacking(known, visit, own, on=day):
            until = _until(tx, shift, day=day, zone=ZoneInfo(unit.zone))
            facts = {
                "requirement": own.requirement.code,
                "label": lack.label,
                "since": day.isoformat() if day > on else "",
                "by": until.isoformat(),
                "releases": bool(rules.holding_back((lack,))),
            }
            key = f"{COMING}:{own.owner[:36]}:{own.requirement.code}:{own.version}"
            told += _tell(tx, shift, COMING, f"{key}:{observer.id}", to=observer.id, facts=facts)
    return told


def _new(own: Iterable[Own], visit: Visit, *, on: date) -> tuple[Own, ...]:
    """List what was made after this visit was agreed, and binds it now or before it is over."""
    every = tuple(own)
    later = coming(every, visit, on=on)
    newest: dict[str, Own] = {}
    for each in sorted(every, key=lambda one: one.version):
        agreed = visit.agreed_at
        after = agreed is not None and each.since is not None and agreed < each.since
        active = each.state is Life.ACTIVE and concerns(each, visit) and after
        if active and (each in later or in_force(each, visit, on=on)):
            newest[each.requirement.code] = each
    return tuple(newest.values())


def _lacking(known: Record, visit: Visit, own: Own, *, on: date) -> tuple[Missing, ...]:
    lacks = rules.missing(
        clearing.rulebook(known, visit, on=on),
        known.dossier.evidence,
        visit,
        on=on,
        due=UP_TO_CHECK_IN,
    )
    before = clearing.before_the_day(lacks)
    return tuple(each for each in before if each.code == own.requirement.code)[:1]


def _taken_back_since(tx: Tx, shift: Shift, since: datetime) -> bool:
    return any(
        at >= since and entry.to_state == State.UNIT_APPROVED
        for at, entry in journal.history(tx.db, subject_id=shift.id)
    )


def _until(tx: Tx, shift: Shift, *, day: date, zone: ZoneInfo) -> datetime:
    """Say by when it must be there: the deadline, or the start where it binds only later (C5)."""
    by = clearing.release_at(tx, shift)
    return by if datetime.combine(day, time(0), zone) <= by else shift.starts_at


def tell_lapsed(tx: Tx, shift: Shift) -> int:
    """Tell everybody on a confirmed shift that it cannot begin as things stand (C6).

    After the deadline it is not taken back; the check-in would be refused. What is missing is for
    the visitor alone.

    Returns:
        How many letters were queued.
    """
    open_still = tx.now < no_show_from(shift.starts_at, settings=timing(tx, shift))
    if shift.state is not State.CONFIRMED or not open_still:
        return 0
    lacks = gate.blocking(tx, shift)
    if not lacks or tx.now < clearing.release_at(tx, shift):
        return 0
    codes = "+".join(sorted(lack.code for lack in lacks))[:40]
    told = 0
    for to in dict.fromkeys(one for side in CONCERNED for one in recipients(tx, shift, side)):
        facts = {"labels": [lack.label for lack in lacks]} if to == shift.observer_id else {}
        told += _tell(tx, shift, LAPSED, f"{LAPSED}:{shift.id}:{codes}:{to}", to=to, facts=facts)
    return told


def _tell(
    tx: Tx, shift: Shift, kind: str, key: str, *, to: UUID, facts: Mapping[str, object]
) -> bool:
    telling = Telling(key=key, kind=kind, recipient_id=to, shift_id=shift.id, facts=facts)
    return journal.tell_once(tx.db, telling, at=tx.now, domain=tx.domain)
