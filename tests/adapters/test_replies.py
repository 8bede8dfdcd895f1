"""Letters that come back, as programs write them and as nobody should."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowing.adapters.replies.guarded import read_guarded
from shadowing.adapters.replies.reading import LARGEST, read
from shadowing.domain.interval import Interval
from shadowing.domain.replies import Attendee, Kind
from tests import replies
from tests.replies import OFFICE, PROGRAMS, UID, attendee, calendar, letter

RAJ = "raj@hospital.example"


def heard(raw, **more):
    return read(raw, ours=OFFICE, **more)


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer_is_read_from_every_program_rule_n4(program, partstat):
    found = heard(program(RAJ, partstat))

    assert found.kind is Kind.CALENDAR
    assert found.senders == {RAJ}
    said = found.said
    assert (said.method, said.method_differs, said.uid) == ("REPLY", False, UID)
    assert said.attendees == (Attendee(RAJ, partstat),)
    assert said.stamp == datetime(2027, 3, 8, 15, tzinfo=UTC)


def test_the_child_reads_the_same():
    for raw in (*(each(RAJ) for each in PROGRAMS), replies.bounce(RAJ, "<a@b>")):
        assert read_guarded(raw, ours=OFFICE) == heard(raw)


def test_the_body_decides_and_a_header_that_differs_is_told():
    """Section 4, step 2, of the calendar's rules."""
    raw = letter(RAJ, calendar(attendee(RAJ)), method="REQUEST")

    assert heard(raw).said.method == "REPLY"
    assert heard(raw).said.method_differs


def test_a_file_named_ics_is_a_calendar_as_well():
    raw = letter(RAJ, calendar(attendee(RAJ, "DECLINED")), as_file=True)

    assert heard(raw).said.attendees == (Attendee(RAJ, "DECLINED"),)


def test_another_time_is_read_in_a_windows_zone():
    text = calendar(
        attendee(RAJ, "TENTATIVE"),
        "DTSTART;TZID=Central Standard Time:20270315T200000",
        "DTEND;TZID=Central Standard Time:20270315T230000",
        "COMMENT:Later\\, if you can",
        method="COUNTER",
        sequence=2,
    )
    said = heard(letter(RAJ, text, method="COUNTER")).said

    assert said.times == Interval(
        datetime(2027, 3, 16, 1, tzinfo=UTC), datetime(2027, 3, 16, 4, tzinfo=UTC)
    )
    assert (said.sequence, said.comment) == (2, "Later, if you can")


def test_a_report_says_whom_which_letter_did_not_reach_and_its_inside_is_not_read():
    """RFC 3464; a calendar object inside a letter that is sent back is our own."""
    found = heard(replies.bounce("Gone@Hospital.example", "<one@hospital.example>"))

    assert found.kind is Kind.REPORT
    (told,) = found.bounces
    assert (told.recipient, told.action) == ("gone@hospital.example", "failed")
    assert (told.status, told.message_id) == ("5.1.1", "<one@hospital.example>")


def test_our_own_letters_and_those_of_people():
    assert heard(letter(f"Office <{OFFICE.upper()}>", calendar())).kind is Kind.OWN
    assert heard(b"From: a@b.example\r\nSubject: Hello\r\n\r\nCall me.").kind is Kind.HUMAN
    away = b"From: a@b.example\r\nAuto-Submitted: auto-replied\r\n\r\nAway."
    assert heard(away).automatic


@pytest.mark.parametrize(
    ("results", "forged"),
    [
        ("relay.example; spf=fail; dkim=pass; dmarc=pass", False),
        ("relay.example; dmarc=fail", True),
        ("Relay.Example 1; dkim=fail", True),
        ("evil.example; dmarc=fail", False),
        ("relay.example; none", False),
    ],
)
def test_only_our_own_relay_is_believed(results, forged):
    raw = letter(RAJ, calendar(attendee(RAJ)), Authentication_Results=results)

    assert heard(raw, relay="relay.example").forged is forged
    assert not heard(raw).forged


@pytest.mark.parametrize(
    "text",
    ["", "BEGIN:VCALENDAR", "\0\0\0", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "hello"],
)
def test_what_is_no_calendar_is_unread_and_never_an_error(text):
    assert heard(letter(RAJ, text)).said is None


def test_broken_properties_cost_themselves():
    text = calendar("ATTENDEE;PARTSTAT=ACCEPTED:raj", "SEQUENCE:many", "DTSTAMP:soon").replace(
        "SEQUENCE:0\r\n", ""
    )
    said = heard(letter(RAJ, text)).said

    assert (said.sequence, said.attendees) == (0, (Attendee("raj", "ACCEPTED"),))


def test_other_alphabets_are_read_by_what_the_letter_says_or_what_fits():
    text = calendar(attendee(RAJ), "COMMENT:Müde")
    assert heard(letter(RAJ, text.encode("windows-1252"))).said.comment == "Müde"
    assert heard(letter(RAJ, text.encode())).said.comment == "Müde"


def test_too_much_is_a_letter_that_cannot_be_read():
    found = read_guarded(b"x" * (LARGEST + 1), ours=OFFICE)

    assert (found.kind, found.said) == (Kind.CALENDAR, None)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 1200))
def test_no_bytes_are_an_error(junk, place):
    whole = replies.outlook(RAJ)
    heard(junk)
    heard(whole[:place] + junk + whole[place + len(junk) :])
