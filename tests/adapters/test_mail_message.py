"""One letter as the bytes that go to a mail server (rules N1 and N3)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from shadowing.adapters.ical import cancel_bytes, request_bytes
from shadowing.adapters.mail.message import CalendarPart, checked_address, compose
from shadowing.adapters.mail.render import Letter
from shadowing.adapters.plain_text import one_line
from tests.adapters.strict_mail import (
    ALTERNATIVES,
    WITH_CALENDAR,
    body,
    faults_of,
    header,
    mailbox,
    parts,
)
from tests.adapters.test_ical import HOSTILE, INVITE

LETTER = Letter(
    subject="Shadow shift with Nadia Ferrowby, Wednesday, March 10, 7:15 – 11:00 pm",
    text="Hello Rosalind,\n\n. a line that begins with a dot\nFrom here\n",
    html="<!doctype html>\n<p>Hello Rosalind,</p>\n<p>7:15 – 11:00 pm</p>\n",
)
ENVELOPE = {
    "sender": "shadowing@cedarhollow.example",
    "sender_name": "Shadowing",
    "recipient": "rosalind@cedarhollow.example",
    "recipient_name": "Rosalind Achterberg, RN",
    "message_id": "<4821.2.rosalind@shadow.cedarhollow.example>",
    "date": datetime(2027, 3, 2, 9, 30, tzinfo=UTC),
}
REQUEST = CalendarPart("REQUEST", request_bytes(INVITE))


def test_a_plain_letter_is_two_ways_to_read_the_same_words():
    raw = compose(LETTER, **ENVELOPE)

    assert faults_of(raw) == []
    assert parts(raw) == ALTERNATIVES
    assert body(raw, "text/plain").decode().replace("\r\n", "\n") == LETTER.text
    assert body(raw, "text/html").decode().replace("\r\n", "\n") == LETTER.html


@pytest.mark.parametrize(
    "calendar", [REQUEST, CalendarPart("CANCEL", cancel_bytes(INVITE))], ids=lambda c: c.method
)
def test_a_calendar_is_the_last_alternative_and_once_more_a_file(calendar):
    raw = compose(LETTER, **ENVELOPE, calendar=calendar)

    assert faults_of(raw) == []
    assert parts(raw) == WITH_CALENDAR
    assert body(raw, "text/calendar") == body(raw, "application/ics") == calendar.data


def test_the_headers_say_who_when_and_that_a_machine_wrote():
    raw = compose(LETTER, **ENVELOPE)

    assert header(raw, "From") == '"Shadowing" <shadowing@cedarhollow.example>'
    assert header(raw, "Reply-To") == header(raw, "From")
    assert header(raw, "To") == '"Rosalind Achterberg, RN" <rosalind@cedarhollow.example>'
    assert header(raw, "Subject") == LETTER.subject
    assert header(raw, "Date") == "Tue, 02 Mar 2027 09:30:00 +0000"
    assert header(raw, "Message-ID") == ENVELOPE["message_id"]
    assert header(raw, "Auto-Submitted") == "auto-generated"


def test_a_repeat_is_the_same_message_to_the_byte():
    there = ENVELOPE["date"].astimezone(timezone(timedelta(hours=-6)))

    again = compose(replace(LETTER), **ENVELOPE | {"date": there}, calendar=REQUEST)

    assert again == compose(LETTER, **ENVELOPE, calendar=REQUEST)


@given(subject=HOSTILE, to=HOSTILE, sender=HOSTILE, text=HOSTILE, html=HOSTILE)
def test_nothing_people_type_can_add_a_header(subject, to, sender, text, html):
    letter = Letter(subject=subject, text=f"Hello\n{text}", html=f"<p>\n{html}")
    names = {"recipient_name": to, "sender_name": sender}

    raw = compose(letter, **ENVELOPE | names, calendar=REQUEST)

    assert faults_of(raw) == []
    assert header(raw, "Subject") == one_line(subject)
    assert mailbox(raw, "To") == (one_line(to), ENVELOPE["recipient"])
    assert mailbox(raw, "From") == (one_line(sender), ENVELOPE["sender"])


@pytest.mark.parametrize(
    "name", ['Ann "A" Lee', "Ann (A) Lee", "a@h.example", "=?utf-8?q?Ann?=", "Lee, Ann; RN", "Ünal"]
)
def test_a_name_with_signs_stays_a_name(name):
    raw = compose(LETTER, **ENVELOPE | {"recipient_name": name})

    assert faults_of(raw) == []
    assert mailbox(raw, "To") == (name, ENVELOPE["recipient"])


def test_a_person_without_a_name_is_an_address():
    raw = compose(LETTER, **ENVELOPE | {"recipient_name": " \0"})

    assert header(raw, "To") == "rosalind@cedarhollow.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "rosalind",
        "@h.example",
        "r@",
        "a@b@h.example",
        "a b@h.example",
        "a@h.example, b@h.example",
        "a@h.example\r\nBcc: b@h.example",
        "<a@h.example>",
        "zoë@h.example",
        "a@h.example\0",
    ],
)
def test_a_letter_goes_to_one_plain_address(address):
    with pytest.raises(ValueError, match="not an e-mail address"):
        compose(LETTER, **ENVELOPE | {"recipient": address})


def test_a_good_address_comes_back_as_it_is():
    assert checked_address("o'hara+x@h.example") == "o'hara+x@h.example"


@pytest.mark.parametrize("message_id", ["", "4821@h.example", "<4821>", "<48 21@h.example>"])
def test_a_message_has_one_name_for_ever(message_id):
    with pytest.raises(ValueError, match=r"Message-ID|not an e-mail"):
        compose(LETTER, **ENVELOPE | {"message_id": message_id})


def test_method_outside_and_method_inside_are_one():
    with pytest.raises(ValueError, match="no CANCEL"):
        compose(LETTER, **ENVELOPE, calendar=CalendarPart("CANCEL", REQUEST.data))


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        (b"\r\nSubject", b"\nSubject", "CR LF"),
        (b"Hello Rosalind", b"Hello Ros\xe9lind", "ASCII"),
        (b"Reply-To: ", b"Bcc: ", "headers"),
        (b'method="REQUEST"', b'method="CANCEL"', "METHOD is REQUEST"),
        (b"; method=", b"; x=", "the calendar part says"),
        (b"text/calendar", b"text/plain", "the parts are"),
        (b'filename="invite.ics"', b'filename="x"', "no name"),
        (b"=?utf-8?q?", b"=?utf-8?x?", "no encoded word"),
    ],
)
def test_the_strict_reader_finds_what_is_wrong(was, becomes, fault):
    raw = compose(LETTER, **ENVELOPE, calendar=REQUEST)
    assert was in raw

    assert [f for f in faults_of(raw.replace(was, becomes, 1)) if fault in f]
