"""Calendar files: invitations, cancellations and feeds (rules N1 to N3)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from shadowing import __version__
from shadowing.adapters.ical import (
    CalendarEvent,
    Invite,
    cancel_bytes,
    etag,
    feed_bytes,
    new_uid,
    request_bytes,
)
from tests.adapters.strict_calendar import faults_of

START = datetime(2027, 3, 11, 1, 15, tzinfo=UTC)
INVITE = Invite(
    uid=new_uid("0123456789abcdef" * 2, "shadow.cedarhollow.example"),
    sequence=2,
    stamp=datetime(2027, 3, 2, 9, 30, 15, tzinfo=UTC),
    created=datetime(2027, 3, 1, 8, tzinfo=UTC),
    starts_at=START,
    ends_at=START + timedelta(hours=3, minutes=45),
    summary="Shadow shift with Nadia Ferrowby",
    location="4 West, nurses’ station",
    description="Chief Operating Officer\nWear scrubs; bring your badge",
    url="https://shadow.cedarhollow.example/shifts/4821",
    status="CONFIRMED",
    organizer_email="shadowing@cedarhollow.example",
    organizer_name="Shadowing",
    attendee_email="rosalind@cedarhollow.example",
    attendee_name="Rosalind Achterberg, RN",
    alarm_minutes=30,
)
EXACTLY = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Shadowing//Shadowing Scheduler {__version__}//EN
CALSCALE:GREGORIAN
METHOD:REQUEST
BEGIN:VEVENT
UID:shadow-0123456789abcdef0123456789abcdef@shadow.cedarhollow.example
SEQUENCE:2
DTSTAMP:20270302T093015Z
CREATED:20270301T080000Z
LAST-MODIFIED:20270302T093015Z
DTSTART:20270311T011500Z
DTEND:20270311T050000Z
SUMMARY:Shadow shift with Nadia Ferrowby
LOCATION:4 West\\, nurses’ station
DESCRIPTION:Chief Operating Officer\\nWear scrubs\\; bring your badge
URL:https://shadow.cedarhollow.example/shifts/4821
STATUS:CONFIRMED
TRANSP:OPAQUE
CLASS:PUBLIC
ORGANIZER;CN=Shadowing:mailto:shadowing@cedarhollow.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP
 =TRUE;CN="Rosalind Achterberg, RN":mailto:rosalind@cedarhollow.example
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Shadow shift with Nadia Ferrowby
TRIGGER:-PT30M
END:VALARM
END:VEVENT
END:VCALENDAR
"""

HOSTILE = st.one_of(
    st.text(max_size=300),
    st.text(alphabet='"\\,;:^\r\n\t\0 \u2028\u202eאש🧑🏽\u200d⚕️é=', max_size=300),
)
instants = st.integers(0, 70 * 366 * 86_400).map(lambda n: datetime.fromtimestamp(n, UTC))


def read_event(data):
    """Read the one event with icalendar's own parser."""
    (event,) = Calendar.from_ical(data).events
    return event


def on_one_line(text):
    """Say what a name may come back as: the text without what could break a line."""
    unsafe = {*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    unsafe |= {0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF}
    broken = "".join(" " if c in "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029\t" else c for c in text)
    return " ".join("".join(c for c in broken if ord(c) not in unsafe).split())


def unquoted(name):
    """Say what a name may come back as in a parameter, where some readers trip on two signs."""
    return on_one_line(name.replace('"', "").replace("\\", ""))


def test_an_invitation_is_written_to_the_letter():
    assert request_bytes(INVITE) == EXACTLY.replace("\n", "\r\n").encode()


def test_a_cancellation_is_the_whole_event_without_its_reminder():
    head, _, rest = EXACTLY.partition("BEGIN:VALARM\n")
    expected = head + rest.partition("END:VALARM\n")[2]
    expected = expected.replace("METHOD:REQUEST", "METHOD:CANCEL")
    expected = expected.replace("STATUS:CONFIRMED", "STATUS:CANCELLED")

    assert cancel_bytes(INVITE) == expected.replace("\n", "\r\n").encode()


def test_a_cancelled_event_is_never_told_by_a_request():
    with pytest.raises(ValueError, match="cancel_bytes"):
        request_bytes(replace(INVITE, status="CANCELLED"))


def test_a_hold_without_a_reminder_is_tentative_and_silent():
    data = request_bytes(replace(INVITE, status="TENTATIVE", alarm_minutes=None))

    assert faults_of(data, method="REQUEST") == []
    assert b"STATUS:TENTATIVE\r\n" in data
    assert b"VALARM" not in data


@given(
    typed=st.fixed_dictionaries(
        {
            "summary": HOSTILE,
            "location": HOSTILE,
            "description": HOSTILE,
            "organizer_name": HOSTILE,
            "attendee_name": HOSTILE,
            "sequence": st.integers(0, 10_000),
            "starts_at": instants,
        }
    ),
    minutes=st.integers(1, 60 * 48),
    method=st.sampled_from(["REQUEST", "CANCEL"]),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_people_type_comes_back_as_the_same_event(typed, minutes, method):
    invite = replace(INVITE, **typed, ends_at=typed["starts_at"] + timedelta(minutes=minutes))
    data = cancel_bytes(invite) if method == "CANCEL" else request_bytes(invite)
    event = read_event(data)

    assert faults_of(data, method=method) == []
    assert (event.start, event.end) == (invite.starts_at, invite.ends_at)
    assert event["SUMMARY"] == on_one_line(invite.summary)
    assert event.get("LOCATION", "") == on_one_line(invite.location)
    assert event["ATTENDEE"].params.get("CN", "") == unquoted(invite.attendee_name)
    assert event["ORGANIZER"].params.get("CN", "") == unquoted(invite.organizer_name)
    assert event["SEQUENCE"] == invite.sequence


def test_the_lines_of_a_description_stay_lines_and_cannot_become_properties():
    data = request_bytes(replace(INVITE, description="One\r\nTwo\rEND:VEVENT\x00\nBEGIN:VALARM"))

    assert read_event(data)["DESCRIPTION"] == "One\nTwo\nEND:VEVENT\nBEGIN:VALARM"
    assert data.count(b"\r\nEND:VEVENT\r\n") == 1


@pytest.mark.parametrize(
    "email",
    [
        "",
        "rosalind",
        "a@b@c",
        "a b@c.example",
        "a@c.example\r\nX: y",
        "é@c.example",
        "a@c\0.example",
    ],
)
def test_an_address_that_is_none_is_not_written(email):
    with pytest.raises(ValueError, match="not an e-mail address"):
        request_bytes(replace(INVITE, attendee_email=email))


def test_equal_invites_give_equal_bytes():
    assert request_bytes(replace(INVITE)) == request_bytes(INVITE)
    assert cancel_bytes(replace(INVITE)) == cancel_bytes(INVITE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": START},
        {"starts_at": START.replace(tzinfo=None)},
        {"stamp": START.replace(tzinfo=None)},
        {"sequence": -1},
    ],
)
def test_an_event_no_calendar_could_show_is_not_made(wrong):
    with pytest.raises(ValueError, match=r"offset|ends after|starts at 0"):
        replace(INVITE, **wrong)


def test_a_uid_is_made_of_the_house_and_chance():
    assert new_uid("ab" * 16, "h.example") == f"shadow-{'ab' * 16}@h.example"


@pytest.mark.parametrize("chance", ["", "ab", "AB" * 16, "g" * 32, "ab" * 17])
def test_a_uid_takes_128_bits_and_nothing_else(chance):
    with pytest.raises(ValueError, match="32 hexadecimal"):
        new_uid(chance, "h.example")


def some_events():
    """Three events of one person, a cancelled one among them."""
    fields = {name: getattr(INVITE, name) for name in CalendarEvent.__slots__}
    shift = CalendarEvent(**fields)
    debrief = replace(
        shift,
        uid=new_uid("1" * 32, "h.example"),
        starts_at=START + timedelta(days=1),
        ends_at=START + timedelta(days=1, minutes=30),
        location="",
        description="",
        url="",
    )
    gone = replace(shift, uid=new_uid("2" * 32, "h.example"), status="CANCELLED")
    return [shift, debrief, gone]


def test_a_feed_tells_and_does_not_ask():
    data = feed_bytes(some_events(), "Shadowing, Rosalind")

    assert faults_of(data, method=None) == []
    assert [e["STATUS"] for e in Calendar.from_ical(data).events] == [
        "CONFIRMED", "CANCELLED", "CONFIRMED",
    ]  # fmt: skip
    for hint in (
        b"NAME:Shadowing\\, Rosalind",
        b"X-WR-CALNAME:Shadowing\\, Rosalind",
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        b"X-PUBLISHED-TTL:PT1H",
    ):
        assert b"\r\n" + hint + b"\r\n" in data


def test_a_feed_of_invites_names_no_people():
    data = feed_bytes([INVITE], "Shadowing")

    assert faults_of(data, method=None) == []
    assert b"mailto:" not in data


def test_a_feed_keeps_its_tag_in_whatever_order_events_come():
    one, other = some_events(), reversed(some_events())

    assert etag(feed_bytes(one, "R")) == etag(feed_bytes(other, "R"))


def test_a_feed_has_another_tag_as_soon_as_one_event_differs():
    shift, *rest = some_events()
    moved = replace(shift, sequence=3, stamp=shift.stamp + timedelta(seconds=1))

    tag = etag(feed_bytes([shift, *rest], "R"))

    assert tag != etag(feed_bytes([moved, *rest], "R"))
    assert tag.startswith('"')
    assert tag.endswith('"')


def test_an_empty_feed_is_still_a_calendar():
    data = feed_bytes([], "Shadowing")

    assert faults_of(data, method=None) == []
    assert Calendar.from_ical(data).events == []


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        (b"\r\nSEQUENCE", b"\nSEQUENCE", "CR LF"),
        (b"SUMMARY:", b"SUMMARY:" + b"x" * 80, "octets"),
        (b"nurses\xe2\x80\x99", b"nurses\xe2\x80\r\n \x99", "inside a character"),
        (b"METHOD:REQUEST\r\n", b"", "METHOD"),
        (b"METHOD:REQUEST", b"METHOD:CANCEL", "the message says"),
        (b"END:VEVENT\r\n", b"END:VEVENT\r\nX-WR-CALNAME:y\r\n", "after a component"),
        (b"ORGANIZER;", b"COMMENT;", "no ORGANIZER"),
        (b"RSVP\r\n =TRUE;", b"", "no buttons"),
        (b"4 West\\,", b"4 West,", "LOCATION may not be"),
        (b"20270311T050000Z", b"20270311T050000", "DTEND may not be"),
        (b"SEQUENCE:2\r\n", b"SEQUENCE:2\r\nSEQUENCE:3\r\n", "2 × SEQUENCE"),
        (b"END:VALARM\r\n", b"", "ends another part"),
        (b"STATUS:CONFIRMED", b"STATUS:CANCELLED", "cannot cancel"),
    ],
)  # fmt: skip
def test_the_strict_reader_finds_what_is_wrong(was, becomes, fault):
    data = request_bytes(INVITE)
    assert was in data

    assert [f for f in faults_of(data.replace(was, becomes), method="REQUEST") if fault in f]
