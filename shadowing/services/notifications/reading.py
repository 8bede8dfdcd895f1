"""What a letter is about, read afresh when its turn has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shadowing.domain.bookings.invitations import Event
from shadowing.domain.followup.questions import Side
from shadowing.domain.notifications import SIGN_IN_LINK, LetGo, Sending, Waiting, decide
from shadowing.services.work import Tx
from shadowing.store import bookings, calendar, debriefs, messages, outbox, people
from shadowing.store.bookings import Shift
from shadowing.store.debriefs import Debrief
from shadowing.store.messages import Place
from shadowing.store.outbox import Parcel
from shadowing.store.people import Person, Unit


@dataclass(frozen=True, slots=True)
class Visit:
    """A shift with everybody and everything a letter may name."""

    shift: Shift
    observer: Person
    host: Person
    unit: Unit | None
    place: Place
    debrief: Debrief | None

    @property
    def what(self) -> str:
        """The unit, or the meeting of a reverse shadow."""
        return self.unit.name if self.unit else self.shift.what


@dataclass(frozen=True, slots=True)
class Matter:
    """One letter whose turn has come.

    Attributes:
        organization: Of the recipient.
        home_zone: Where the recipient works.
        told: What was kept with the letter before this one about the same event.
    """

    parcel: Parcel
    recipient: Person
    organization: str
    home_zone: str
    visit: Visit | None
    event: Event | None
    told: dict[str, object]
    received: bool
    now: datetime

    @property
    def side(self) -> Side | None:
        """Which side of the shift the recipient is on; neither for the unit."""
        if self.visit is None:
            return None
        sides = {self.visit.shift.observer_id: Side.OBSERVER, self.visit.shift.host_id: Side.HOST}
        return sides.get(self.recipient.id)


def read(tx: Tx, parcel: Parcel) -> Matter:
    """Read what a letter is about."""
    organization, home_zone = people.home(tx.db, person_id=parcel.recipient_id)
    event_id = parcel.event_id
    return Matter(
        parcel=parcel,
        recipient=people.find(tx.db, person_id=parcel.recipient_id),
        organization=organization,
        home_zone=home_zone,
        visit=_visit(tx, parcel.shift_id) if parcel.shift_id else None,
        event=calendar.find(tx.db, event_id=event_id) if event_id else None,
        told=dict(outbox.last_told(tx.db, event_id=event_id, before=parcel.id)) if event_id else {},
        received=event_id is None or outbox.received(tx.db, event_id=event_id, before=parcel.id),
        now=tx.now,
    )


def _visit(tx: Tx, shift_id: UUID) -> Visit:
    shift = bookings.find(tx.db, shift_id=shift_id)
    pair = people.find_many(tx.db, ids=(shift.observer_id, shift.host_id))
    return Visit(
        shift=shift,
        observer=pair[shift.observer_id],
        host=pair[shift.host_id],
        unit=people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None,
        place=messages.place(tx.db, site_id=shift.site_id),
        debrief=debriefs.find(tx.db, shift_id=shift_id),
    )


def decided(matter: Matter) -> Sending | LetGo:
    """Say what becomes of the letter."""
    parcel = matter.parcel
    return decide(
        Waiting(
            kind=parcel.kind,
            sequence=parcel.sequence,
            event=matter.event,
            state=matter.visit.shift.state if matter.visit else None,
            ends_at=matter.visit.shift.ends_at if matter.visit else None,
            received=matter.received,
            about_own_request=matter.side is Side.OBSERVER,
        ),
        now=matter.now,
    )


def is_sign_in_link(parcel: Parcel) -> bool:
    """Say whether a letter carries a one-time link."""
    return parcel.kind == SIGN_IN_LINK
