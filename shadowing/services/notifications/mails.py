"""One letter by e-mail: words, and what the reader's calendar is to do, as the bytes that leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jinja2 import Environment

from shadowing.adapters.entries import Entry, words
from shadowing.adapters.ical import Invite, cancel_bytes, request_bytes
from shadowing.adapters.mail.message import CalendarPart, checked_address, compose
from shadowing.adapters.mail.render import Facts, write
from shadowing.adapters.mail.transport import Transport
from shadowing.adapters.texts import TextTransport
from shadowing.domain.bookings.invitations import CANCELLED, CONFIRMED, DEBRIEF, Event
from shadowing.domain.followup.questions import Side
from shadowing.domain.notifications import Sending
from shadowing.services.notifications import letters
from shadowing.services.notifications.extras import MissingOf
from shadowing.services.notifications.reading import Matter, Visit

ALARM_MINUTES: Final = 30


@dataclass(frozen=True, slots=True)
class Office:
    """How letters are written and leave.

    Attributes:
        letters: From ``open_letters``.
        sender: The mailbox that sends, reads answers and organizes every event.
        sender_name: How it is called.
        base_url: Where our pages are, without a slash at the end.
        missing_of: Says what holds back a shift; asked when a letter tells it.
        texts: How text messages leave, if they can.
    """

    transport: Transport
    letters: Environment
    sender: str
    sender_name: str
    base_url: str
    missing_of: MissingOf
    texts: TextTransport | None = None


def written(office: Office, matter: Matter, sending: Sending, said: Facts) -> bytes:
    """Write a letter as it goes to a mail server."""
    return compose(
        write(office.letters, sending.kind, said),
        sender=office.sender,
        sender_name=office.sender_name,
        recipient=checked_address(matter.recipient.email or ""),
        recipient_name=matter.recipient.name,
        message_id=matter.parcel.message_id,
        date=matter.parcel.queued_at,
        calendar=_calendar_part(office, matter, sending.event) if sending.event else None,
    )


def _calendar_part(office: Office, matter: Matter, event: Event) -> CalendarPart | None:
    if matter.visit is None:
        return None
    invite = _invite(office, matter, matter.visit, event)
    if event.status == CANCELLED:
        return CalendarPart("CANCEL", cancel_bytes(invite))
    return CalendarPart("REQUEST", request_bytes(invite))


def _invite(office: Office, matter: Matter, visit: Visit, event: Event) -> Invite:
    said = words(_entry(office, matter, visit, event))
    return Invite(
        uid=event.uid,
        sequence=event.sequence,
        stamp=event.stamp,
        created=event.created_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        summary=said.summary,
        location=said.location,
        description=said.description,
        url=f"{office.base_url}/shifts/{visit.shift.id}",
        status=event.status,  # type: ignore[arg-type] # one of the three, checked by the schema
        organizer_email=office.sender,
        organizer_name=office.sender_name,
        attendee_email=matter.recipient.email or "",
        attendee_name=matter.recipient.name,
        partstat=matter.partstat,
        alarm_minutes=ALARM_MINUTES,
    )


def _entry(office: Office, matter: Matter, visit: Visit, event: Event) -> Entry:
    observer = matter.side is Side.OBSERVER
    named = letters.people_named(matter, visit)
    unit = visit.unit
    is_talk = event.kind == DEBRIEF
    to_visitor = observer and not is_talk
    return Entry(
        kind=event.kind,
        status=event.status,
        other_name=named.get("other_name", ""),
        other_role=named.get("other_role", ""),
        place=visit.what,
        site=visit.place.name,
        url=f"{office.base_url}/shifts/{visit.shift.id}",
        meeting_point=unit.meeting_point if unit else visit.room,
        phone=unit.phone if unit else "",
        attire=letters.attire_words(unit.attire) if unit and to_visitor else "",
        bring=letters.BRING if to_visitor else "",
        parking=visit.place.parking if to_visitor else "",
        joint=visit.joint if is_talk else "",
        room=visit.joint_room if is_talk else "",
        remote=visit.remote,
        join_at=visit.join_at if event.status == CONFIRMED else "",
    )
