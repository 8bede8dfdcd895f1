"""What a letter is about, read afresh when its turn has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shadowing.domain.bookings import joining
from shadowing.domain.bookings.invitations import Event
from shadowing.domain.bookings.proposals import Standing
from shadowing.domain.followup.questions import Side
from shadowing.domain.notifications import SIGN_IN_LINK, LetGo, Sending, Waiting, decide
from shadowing.domain.reminders import NOTICE_WITHDRAWN
from shadowing.domain.ways import REMOTE
from shadowing.services.notifications import cohort_days, timetable
from shadowing.services.work import Tx
from shadowing.store import (
    bookings,
    calendar,
    cohort,
    debriefs,
    meetings,
    messages,
    outbox,
    people,
    proposals,
    reminders,
    replies,
)
from shadowing.store.bookings import Shift
from shadowing.store.debriefs import Debrief
from shadowing.store.messages import Place
from shadowing.store.outbox import Parcel
from shadowing.store.people import Person, Program, Unit
from shadowing.store.proposals import Proposal

PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Visit:
    """A shift with everybody and everything a letter may name; ``room`` is of a meeting.

    Attributes:
        joint: The cohort day whose joint talk is its talk; ``joint_room`` is where.
    """

    shift: Shift
    observer: Person
    host: Person
    unit: Unit | None
    place: Place
    debrief: Debrief | None
    program: Program
    room: str
    joint: str = ""
    joint_room: str = ""

    def is_theirs(self, person_id: UUID) -> bool:
        """Say whether somebody is one of the two, or leads the unit."""
        leads = self.unit is not None and self.unit.led_by(person_id)
        return leads or person_id in {self.observer.id, self.host.id}

    @property
    def remote(self) -> bool:
        """Whether nobody goes there: it is joined by video or phone (B17)."""
        return self.shift.kind == REMOTE

    @property
    def join_at(self) -> str:
        """Where it is joined, from when it is confirmed; for its visitor and its host."""
        shift = self.shift
        return joining.told(shift.kind, shift.join_at, state=shift.state, in_it=True)

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
        proposal: The change it asks about or tells of, where it does.
        proposed_unit: Where that would be.
        told: What was kept with the letter before this one about the same event.
        stale: What it calls to mind was moved, or is done.
        partstat: What the recipient's calendar has answered to these very times.
    """

    parcel: Parcel
    recipient: Person
    organization: str
    home_zone: str
    visit: Visit | None
    event: Event | None
    told: dict[str, object]
    proposal: Proposal | None
    proposed_unit: Unit | None
    received: bool
    stale: bool
    partstat: str
    now: datetime

    @property
    def side(self) -> Side | None:
        """Which side of the shift the recipient is on; neither for the unit."""
        return side_of(self.visit, self.recipient.id) if self.visit else None


def read(tx: Tx, parcel: Parcel) -> Matter:
    """Read what a letter is about."""
    organization, home_zone = people.home(tx.db, person_id=parcel.recipient_id)
    event_id = parcel.event_id
    visit = _visit(tx, parcel.shift_id) if parcel.shift_id else None
    proposal = _proposal(tx, parcel)
    event = calendar.find(tx.db, event_id=event_id) if event_id else None
    return Matter(
        parcel=parcel,
        recipient=people.find(tx.db, person_id=parcel.recipient_id),
        organization=organization,
        home_zone=home_zone,
        visit=visit,
        event=event,
        proposal=proposal,
        proposed_unit=_unit(tx, proposal),
        told=dict(outbox.last_told(tx.db, event_id=event_id, before=parcel.id)) if event_id else {},
        received=_received(tx, parcel),
        stale=_stale(tx, parcel, visit) if visit else cohort_days.stale(tx, parcel),
        partstat=replies.partstat(tx.db, event) if event else "",
        now=tx.now,
    )


def side_of(visit: Visit, person_id: UUID) -> Side | None:
    """Say on which side of a visit somebody is; the unit is on neither."""
    sides = {visit.shift.observer_id: Side.OBSERVER, visit.shift.host_id: Side.HOST}
    return sides.get(person_id)


def _received(tx: Tx, parcel: Parcel) -> bool:
    """Say whether what is updated or taken back may ever have reached its recipient."""
    if parcel.event_id is not None:
        return outbox.received(tx.db, event_id=parcel.event_id, before=parcel.id)
    if parcel.kind != NOTICE_WITHDRAWN or parcel.shift_id is None:
        return True
    told = reminders.may_have_read(
        tx.db,
        shift_id=parcel.shift_id,
        recipient_id=parcel.recipient_id,
        before=parcel.id,
    )
    return any(each.get("anchor") == parcel.facts.get("withdrawn") for each in told)


def _stale(tx: Tx, parcel: Parcel, visit: Visit) -> bool:
    return timetable.stale(
        tx,
        parcel.facts,
        kind=parcel.kind,
        shift=visit.shift,
        talk=visit.debrief,
        side=side_of(visit, parcel.recipient_id) or "",
    )


def _proposal(tx: Tx, parcel: Parcel) -> Proposal | None:
    found = parcel.facts.get(PROPOSAL)
    return proposals.find(tx.db, proposal_id=UUID(str(found))) if found else None


def _unit(tx: Tx, proposal: Proposal | None) -> Unit | None:
    if proposal is None or proposal.unit_id is None:
        return None
    return people.find_unit(tx.db, unit_id=proposal.unit_id)


def _visit(tx: Tx, shift_id: UUID) -> Visit:
    shift = bookings.find(tx.db, shift_id=shift_id)
    pair = people.find_many(tx.db, ids=(shift.observer_id, shift.host_id))
    joint, joint_room = cohort.joint_of(tx.db, shift_id=shift_id)
    return Visit(
        shift=shift,
        observer=pair[shift.observer_id],
        host=pair[shift.host_id],
        unit=people.find_unit(tx.db, unit_id=shift.unit_id) if shift.unit_id else None,
        place=messages.place(tx.db, site_id=shift.site_id),
        debrief=debriefs.find(tx.db, shift_id=shift_id),
        program=people.program(tx.db, program_id=shift.program_id),
        room="" if shift.unit_id else meetings.room_of(tx.db, slot_id=shift.slot_id),
        joint=joint,
        joint_room=joint_room,
    )


def decided(matter: Matter) -> Sending | LetGo:
    """Say what becomes of the letter."""
    parcel = matter.parcel
    until = parcel.facts.get("until")
    return decide(
        Waiting(
            kind=parcel.kind,
            sequence=parcel.sequence,
            event=matter.event,
            state=matter.visit.shift.state if matter.visit else None,
            ends_at=matter.visit.shift.ends_at if matter.visit else None,
            received=matter.received,
            about_own_request=matter.side is Side.OBSERVER,
            until=datetime.fromisoformat(str(until)) if until else None,
            stale=matter.stale,
            answered=matter.proposal is not None and matter.proposal.state is not Standing.OPEN,
        ),
        now=matter.now,
    )


def is_sign_in_link(parcel: Parcel) -> bool:
    """Say whether a letter carries a one-time link."""
    return parcel.kind == SIGN_IN_LINK
