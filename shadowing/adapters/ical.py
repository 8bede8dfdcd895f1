"""Calendar files: invitations, cancellations, and the feed of one person.

One person, one event, one UID for ever: each person of a shift has an event of their own, in
which they alone are the attendee, so nobody's address reaches the other, and taking one away
never touches the other's. Times are UTC. The bytes depend on the values alone, so that a message
sent twice is the same message and a feed keeps its ETag.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from icalendar import (
    Alarm,
    Calendar,
    Component,
    Event,
    Timezone,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vText,
)

from shadowing import __version__
from shadowing.adapters.plain_text import one_line, plain_lines

PRODUCT: Final = "Shadowing"
PRODID: Final = f"-//{PRODUCT}//Shadowing Scheduler {__version__}//EN"
FEED_REFRESH: Final = timedelta(hours=1)

Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """What one person's calendar shows of a shift or a debrief.

    Attributes:
        uid: As stored when the event was first told of; see :func:`new_uid`.
        sequence: Raised with every change of time, place or status, never lowered.
        stamp: When this version was made, as stored; rises with every version, by a whole
            second at least, for calendars know no smaller step.
        created: When the event was first told of.
        starts_at: UTC-aware.
        ends_at: UTC-aware, after *starts_at*; exclusive.
        summary: One line.
        location: One line; may be empty.
        description: Plain text; lines end in a line feed; may be empty.
        url: Of the shift's page; opening it changes nothing.
        status: TENTATIVE while all have agreed and clearance is open, then CONFIRMED.
    """

    uid: str
    sequence: int
    stamp: datetime
    created: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str
    status: Status

    def __post_init__(self) -> None:
        """Refuse what no calendar could show.

        Raises:
            ValueError: The times lack an offset or stand in the wrong order, or the sequence
                is negative.
        """
        for instant in (self.stamp, self.created, self.starts_at, self.ends_at):
            if instant.utcoffset() is None:
                raise ValueError(f"an instant has an offset: {instant!r}")
        if self.ends_at <= self.starts_at:
            raise ValueError(f"an event ends after it starts: {self.starts_at} {self.ends_at}")
        if self.sequence < 0:
            raise ValueError(f"a sequence starts at 0: {self.sequence}")


@dataclass(frozen=True, slots=True)
class Invite(CalendarEvent):
    """A :class:`CalendarEvent` with who sends it and who is asked.

    Attributes:
        organizer_email: The mailbox the message comes from; never a person of the shift.
        organizer_name: One line.
        attendee_email: The recipient, alone.
        attendee_name: One line.
        partstat: What the recipient has answered to these times, as recorded.
        alarm_minutes: Before the start; ``None`` for no reminder. Not part of a cancellation.
    """

    organizer_email: str
    organizer_name: str
    attendee_email: str
    attendee_name: str
    partstat: str = "NEEDS-ACTION"
    alarm_minutes: int | None = None


def new_uid(random_hex: str, host: str) -> str:
    """Name an event for ever: ``shadow-<32 hexadecimal digits>@<host of BASE_URL>``.

    Raises:
        ValueError: *random_hex* is anything but 32 lower-case hexadecimal digits.
    """
    if len(random_hex) != 32 or set(random_hex) - set("0123456789abcdef"):  # noqa: PLR2004 128 bits
        raise ValueError(f"a UID takes 32 hexadecimal digits: {random_hex!r}")
    return f"shadow-{random_hex}@{one_line(host)}"


def request_bytes(invite: Invite) -> bytes:
    """Write an invitation, or the update of one: METHOD:REQUEST.

    Raises:
        ValueError: *invite* is cancelled (that takes a METHOD:CANCEL), or holds an address or
            a link that is none.
    """
    if invite.status == "CANCELLED":
        raise ValueError("a cancelled event is told by cancel_bytes")
    event = _event(invite, status=invite.status)
    _add_people(event, invite)
    if invite.alarm_minutes is not None:
        event.add_component(_alarm(invite.summary, minutes=invite.alarm_minutes))
    return _written(_calendar(method="REQUEST"), [event])


def cancel_bytes(invite: Invite) -> bytes:
    """Write a cancellation: METHOD:CANCEL, the whole event again, without its reminder.

    Raises:
        ValueError: *invite* holds an address or a link that is none.
    """
    event = _event(invite, status="CANCELLED")
    _add_people(event, invite)
    return _written(_calendar(method="CANCEL"), [event])


def feed_bytes(events: Iterable[CalendarEvent], name: str) -> bytes:
    """Write one person's feed; equal events give equal bytes, in whatever order they come.

    Holds no METHOD, no people and no reminders: a feed tells, it does not ask.
    """
    calendar = _calendar(method=None)
    calendar.add("name", vText(one_line(name)))
    calendar.add("x-wr-calname", vText(one_line(name)))
    calendar.add("refresh-interval", FEED_REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(FEED_REFRESH))
    shown = sorted(events, key=lambda event: (event.starts_at, event.uid))
    return _written(calendar, [_event(e, status=e.status) for e in shown] or [_nothing()])


def etag(data: bytes) -> str:
    """Give the strong ETag of a feed, quotes included."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def _calendar(*, method: str | None) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _event(told: CalendarEvent, *, status: Status) -> Event:
    event = Event()
    event.add("uid", one_line(told.uid))
    event.add("sequence", told.sequence)
    event.add("dtstamp", _utc(told.stamp))
    event.add("created", _utc(told.created))
    event.add("last-modified", _utc(told.stamp))
    event.add("dtstart", _utc(told.starts_at))
    event.add("dtend", _utc(told.ends_at))
    event.add("summary", one_line(told.summary))
    if location := one_line(told.location):
        event.add("location", location)
    if description := plain_lines(told.description):
        event.add("description", description)
    if url := one_line(told.url):
        event.add("url", url)
    event.add("status", status)
    event.add("transp", "OPAQUE")
    event.add("class", "PUBLIC")
    return event


def _add_people(event: Event, invite: Invite) -> None:
    organizer = _address(invite.organizer_email)
    _name(organizer, invite.organizer_name)
    event.add("organizer", organizer)
    attendee = _address(invite.attendee_email)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = invite.partstat
    attendee.params["RSVP"] = "TRUE"
    _name(attendee, invite.attendee_name)
    event.add("attendee", attendee)


def _address(email: str) -> vCalAddress:
    if email.count("@") != 1 or not email.isascii() or not email.isprintable() or " " in email:
        raise ValueError(f"not an e-mail address: {email!r}")
    return vCalAddress(f"mailto:{email}")


def _name(address: vCalAddress, name: str) -> None:
    r"""Set the name without ``"`` and ``\``, at which some readers end a name or lose its end."""
    if shown := one_line(re.sub(r'["\\]', "", name)):
        address.params["CN"] = shown


def _alarm(summary: str, *, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(summary))
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _nothing() -> Timezone:
    """Stand in for the events of an empty feed: a calendar must hold one component."""
    zone = Timezone()
    zone.add("tzid", "Etc/UTC")
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 an onset is local by definition
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)


def _written(calendar: Calendar, parts: Iterable[Component]) -> bytes:
    for part in parts:
        calendar.add_component(part)
    written: bytes = calendar.to_ical(sorted=False)
    return written
