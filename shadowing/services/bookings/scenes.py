"""What must be known to say whether somebody may ask for some slots, in a constant number of reads.

The same facts serve the list, the page, the API and the booking itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shadowing.adapters import reference
from shadowing.domain.allowances import Allowed
from shadowing.domain.bookings.asking import Asker, Load, Scene, Wanted, reasons_against
from shadowing.domain.bookings.timing import Standing, notice
from shadowing.domain.errors import Refusal
from shadowing.domain.interval import Interval
from shadowing.domain.programs import Rules
from shadowing.domain.ways import REMOTE
from shadowing.services.bookings import clearing
from shadowing.services.work import Tx
from shadowing.store import (
    allowances,
    commitments,
    debriefs,
    hosting,
    people,
    programs,
    slots,
    whereabouts,
)
from shadowing.store.people import Person, Unit
from shadowing.store.slots import Offer


@dataclass(frozen=True, slots=True)
class View:
    """One person's view of some slots: who asks, against what, and the units they lie in.

    Attributes:
        rules: The settings of the program in which they ask.
        allowed: What a coordinator allows this person (B4, F11, P6).
    """

    person: Person
    asker: Asker
    scene: Scene
    units: Mapping[UUID, Unit]
    record: clearing.Record
    rules: Rules
    now: datetime
    allowed: Allowed

    def wanted(self, offer: Offer) -> Wanted:
        """Put an offer into the words of the rules."""
        unit = self.units[offer.unit_id].raised(offer.sensitivity)
        outside = clearing.outside(self.person, unit)
        standing = Standing.EXTERNAL if outside else Standing.EMPLOYEE
        about = clearing.offered(offer)
        lacks = clearing.missing(self.record, unit=unit, span=offer.interval, about=about)
        days = max(notice(standing, settings=self.rules.timing).days, unit.notice_days or 0)
        if self.allowed.soon(slot_id=offer.id, day=offer.local_date):
            days = 0
        return Wanted(
            slot_id=offer.id,
            host_id=offer.host_id,
            unit_id=offer.unit_id,
            span=offer.interval,
            local_date=offer.local_date,
            state=offer.state,
            audience=offer.audience,
            seats=offer.seats,
            taken=offer.taken,
            cap=unit.cap,
            notice_days=days,
            paused=_closed(unit, offer),
            blocking=tuple(gap.label for gap in clearing.to_do_first(lacks)),
            clearance_by=clearing.deadline(
                offer.starts_at, booked_at=self.now, settings=self.rules
            ),
            blind=offer.mode == "blind",
            there=offer.kind != REMOTE,
        )

    def reasons(self, offer: Offer) -> tuple[Refusal, ...]:
        """List why the person cannot ask for this slot; empty when they can."""
        return reasons_against(
            self.wanted(offer),
            asker=self.asker,
            scene=self.scene,
            now=self.now,
        )


def _closed(unit: Unit, offer: Offer) -> Interval | None:
    """Say when the unit takes nobody: a pause (A7), or no authorization where it needs one (A8)."""
    if not unit.authorized_on(offer.local_date):
        return offer.interval
    if unit.paused_from is None or unit.paused_until is None:
        return None
    return Interval(unit.paused_from, unit.paused_until)


def view(
    tx: Tx,
    person: Person,
    *,
    offers: Iterable[Offer],
    without: UUID | None = None,
    known: Rules | None = None,
) -> View:
    """Read all that decides about *offers* for *person*.

    The shift *without*, if any, is left out, because it is the one that is being decided. The
    rules of the program are read, unless they are *known* already.
    """
    shown = tuple(offers)
    span = _around(shown, tx.now)
    units = people.units(tx.db, ids=[offer.unit_id for offer in shown])
    held = known or rules(tx, person)
    allowed = allowances.allowed(tx.db, person_id=person.id, on=tx.now.date())
    scene = Scene(
        loads=_loads(tx, shown, rules=held, span=span, without=without),
        present=whereabouts.present(tx.db, unit_ids=tuple(units), span=span, without=without),
    )
    return View(
        person=person,
        asker=asker(
            tx,
            person,
            host_ids=[offer.host_id for offer in shown],
            span=span,
            without=without,
            allowed=allowed,
            rules=held,
        ),
        scene=scene,
        units=units,
        record=clearing.record(tx, person),
        rules=held,
        now=tx.now,
        allowed=allowed,
    )


def rules(tx: Tx, person: Person) -> Rules:
    """Read the settings of the program in which a person shadows."""
    known = reference.load()
    return programs.rules_for(tx.db, organization_id=person.organization_id, known=known)


def _around(offers: tuple[Offer, ...], now: datetime) -> Interval:
    if not offers:
        return Interval(now, now + timedelta(minutes=1))
    return Interval(min(o.starts_at for o in offers), max(o.ends_at for o in offers))


def _loads(
    tx: Tx,
    offers: tuple[Offer, ...],
    *,
    rules: Rules,
    span: Interval,
    without: UUID | None,
) -> Mapping[UUID, Load]:
    return whereabouts.loads(
        tx.db,
        host_ids=[offer.host_id for offer in offers],
        span=span,
        rules=rules,
        without=without,
    )


def asker(
    tx: Tx,
    person: Person,
    *,
    host_ids: list[UUID],
    span: Interval,
    without: UUID | None = None,
    allowed: Allowed,
    rules: Rules,
) -> Asker:
    """Read what is known of somebody who asks for something of some hosts during *span*."""
    line = people.line(tx.db, person_id=person.id)
    cap, pace = rules.limit("yearly_cap_hours"), rules.pace
    return Asker(
        person_id=person.id,
        level=person.level,
        busy=whereabouts.busy(tx.db, person_id=person.id, span=span, without=without),
        asked=whereabouts.asked(tx.db, person_id=person.id, since=tx.now, without=without),
        held=slots.kept_by(tx.db, person_id=person.id),
        line=allowed.line(line, day=span.start.date()),
        barred=people.barred(tx.db, person_id=person.id, on=span.start.date())
        | hosting.turned_away_by(tx.db, person_id=person.id, host_ids=host_ids),
        debrief_owed=debriefs.owed(
            tx.db,
            observer_id=person.id,
            ended_before=tx.now - pace.debrief_limit,
        ),
        year_cap=cap,
        year_minutes={}
        if cap is None
        else whereabouts.year_minutes(tx.db, person_id=person.id, without=without),
        promise_overdue=None
        if allowed.promise
        else commitments.locking(
            tx.db, owner_id=person.id, on=tx.now.date(), lock=pace.overdue_lock
        ),
    )


def without_line(seen: View) -> View:
    """The same view where an override covers the reporting line (P6)."""
    return replace(seen, asker=replace(seen.asker, line=frozenset()))
