"""Sends what waits: each letter once, in order for each person, with the bytes it first had.

No transaction is open while anything is sent. Every step is its own: take letters (a lease), read
what they are about, keep the bytes, send, note what came of it. A worker may be killed between any
two of them, and several may run at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jinja2 import Environment

from shadowing.adapters import plain_time
from shadowing.adapters.credentials import digest, new_token
from shadowing.adapters.entries import Entry, words
from shadowing.adapters.ical import Invite, cancel_bytes, request_bytes
from shadowing.adapters.mail.message import CalendarPart, checked_address, compose
from shadowing.adapters.mail.render import write
from shadowing.adapters.mail.transport import Refused, Transport, TryAgain
from shadowing.domain.accounts import LINK_LASTS
from shadowing.domain.bookings.invitations import CANCELLED, DEBRIEF, Event
from shadowing.domain.followup.questions import Side
from shadowing.domain.notifications import WAITS, LetGo, Sending, next_try
from shadowing.services.notifications import extras, letters, reading
from shadowing.services.notifications.extras import Extras, MissingOf
from shadowing.services.notifications.reading import Matter, Visit
from shadowing.services.work import Work
from shadowing.store import outbox
from shadowing.store.accounts import entrance
from shadowing.store.engine import DatabaseBusy
from shadowing.store.outbox import Parcel

AT_ONCE: Final = 10
ALARM_MINUTES: Final = 30
LINK_PATH: Final = "/sign-in/link/"
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """How letters are written and leave.

    Attributes:
        letters: From ``open_letters``.
        sender: The mailbox that sends, reads answers and organizes every event.
        sender_name: How it is called.
        base_url: Where our pages are, without a slash at the end.
        missing_of: Says what holds back a shift; asked when a letter tells it.
    """

    transport: Transport
    letters: Environment
    sender: str
    sender_name: str
    base_url: str
    missing_of: MissingOf


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that is written."""

    matter: Matter
    message: bytes
    told: dict[str, object]
    link: str = ""


def deliver(work: Work, office: Office, *, stopped: Callable[[], bool] = lambda: False) -> int:
    """Send all that is due now.

    Args:
        work: The database.
        office: How letters leave.
        stopped: Asked before each letter; the rest then waits for the next worker.

    Returns:
        How many letters were sent, put off or let go.

    Source: docs/rules.md, rule N5.
    """
    done = 0
    while not stopped():
        with work.write() as tx:
            parcels = outbox.claim(tx.db, at=tx.now, limit=AT_ONCE)
        if not parcels:
            break
        for parcel in parcels:
            if stopped():
                break
            _handle(work, office, parcel)
            done += 1
    return done


def _handle(work: Work, office: Office, parcel: Parcel) -> None:
    try:
        ready = _prepare(work, office, parcel)
    except DatabaseBusy:
        raise
    except Exception as error:  # one letter that cannot be written must not hold up the others
        LOG.exception("letter %s could not be written", parcel.id)
        _put_off(work, parcel, wait=len(WAITS), trouble=type(error).__name__)
        return
    if isinstance(ready, Ready):
        _send(work, office, parcel, ready)
    else:
        state = outbox.NO_ADDRESS if ready == outbox.NO_ADDRESS else outbox.SUPERSEDED
        trouble = "" if state == outbox.NO_ADDRESS else ready
        with work.write() as tx:
            outbox.end(tx.db, parcel, state=state, at=tx.now, trouble=trouble)


def _prepare(work: Work, office: Office, parcel: Parcel) -> Ready | str:
    """Decide, and write the letter if it is to be sent; otherwise say why not."""
    with work.read() as tx:
        matter = reading.read(tx, parcel)
        decision = reading.decided(matter)
        if isinstance(decision, LetGo):
            return decision
        if not matter.recipient.email:
            return outbox.NO_ADDRESS
        if reading.is_sign_in_link(parcel) and parcel.attempts and _link_ran_out(matter):
            return LetGo.LINK_RAN_OUT
        if parcel.message is not None:
            return Ready(matter, parcel.message, {})
        more = extras.read(tx, matter, decision, missing_of=office.missing_of)
    return _written(office, matter, decision, more)


def _link_ran_out(matter: Matter) -> bool:
    until = matter.parcel.facts.get("link_until")
    return until is not None and datetime.fromisoformat(str(until)) <= matter.now


def _written(office: Office, matter: Matter, sending: Sending, more: Extras) -> Ready:
    parcel, recipient = matter.parcel, matter.recipient
    told = letters.told(sending.event)
    token = ""
    if reading.is_sign_in_link(parcel):
        token = new_token()
        until = matter.now + LINK_LASTS
        told["link_until"] = until.isoformat()
        deadline = plain_time.moment(until, matter.home_zone)
        more = replace(more, path=f"{LINK_PATH}{token}", deadline=deadline)
    said = letters.facts(matter, sending, extras=more, base_url=office.base_url)
    message = compose(
        write(office.letters, sending.kind, said),
        sender=office.sender,
        sender_name=office.sender_name,
        recipient=checked_address(recipient.email or ""),
        recipient_name=recipient.name,
        message_id=parcel.message_id,
        date=parcel.queued_at,
        calendar=_calendar_part(office, matter, sending.event) if sending.event else None,
    )
    return Ready(matter, message, told, token)


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
        alarm_minutes=ALARM_MINUTES,
    )


def _entry(office: Office, matter: Matter, visit: Visit, event: Event) -> Entry:
    observer = matter.side is Side.OBSERVER
    named = letters.people_named(matter, visit)
    unit = visit.unit
    to_visitor = observer and event.kind != DEBRIEF
    return Entry(
        kind=event.kind,
        status=event.status,
        other_name=named.get("other_name", ""),
        other_role=named.get("other_role", ""),
        place=visit.what,
        site=visit.place.name,
        url=f"{office.base_url}/shifts/{visit.shift.id}",
        meeting_point=unit.meeting_point if unit else "",
        phone=unit.phone if unit else "",
        attire=letters.attire_words(unit.attire) if unit and to_visitor else "",
        bring=letters.BRING if to_visitor else "",
        parking=visit.place.parking if to_visitor else "",
    )


def _send(work: Work, office: Office, parcel: Parcel, ready: Ready) -> None:
    """Keep the bytes, send them, note what came of it; no transaction is open while sending."""
    with work.write() as tx:
        ours = outbox.begin(
            tx.db,
            parcel,
            message=ready.message,
            told=ready.told,
            at=tx.now,
        )
        if ours and ready.link:
            entrance.add_link(
                tx.db,
                digest=digest(ready.link),
                person_id=parcel.recipient_id,
                target=str(parcel.facts.get("target", "/")),
                at=tx.now,
                expires_at=datetime.fromisoformat(str(ready.told["link_until"])),
            )
    if not ours:
        return
    recipient = ready.matter.recipient.email or ""
    try:
        office.transport.send(ready.message, sender=office.sender, recipient=recipient)
    except TryAgain as trouble:
        _put_off(work, parcel, wait=parcel.attempts + 1, trouble=trouble.reason)
    except Refused as trouble:
        _end(work, parcel, state=outbox.FAILED, trouble=trouble.reason)
    else:
        _end(work, parcel, state=outbox.SENT, trouble="")


def _put_off(work: Work, parcel: Parcel, *, wait: int, trouble: str) -> None:
    """Let it wait as long as after so many attempts, or give it up."""
    with work.write() as tx:
        again = next_try(attempts=wait, queued_at=parcel.queued_at, now=tx.now)
        if again is None:
            outbox.end(tx.db, parcel, state=outbox.FAILED, at=tx.now, trouble=trouble)
            return
        outbox.put_off(
            tx.db,
            parcel,
            until=again,
            attempts=parcel.attempts + 1,
            trouble=trouble,
        )


def _end(work: Work, parcel: Parcel, *, state: str, trouble: str) -> None:
    with work.write() as tx:
        outbox.end(tx.db, parcel, state=state, at=tx.now, trouble=trouble)
        if reading.is_sign_in_link(parcel):
            outbox.forget_message(tx.db, parcel)
