"""What is told of a cohort day: who is invited, when the joint debrief moves, when it is off."""

import pytest

from shadowing.services import calendar
from shadowing.services.bookings import cohort, cohort_guests
from tests.adapters import strict_calendar, strict_mail
from tests.mailbox import Mailbox, address, event_in, send, states, words_of
from tests.makers import Ward
from tests.services.cohorts import book, drafted, planned, written


@pytest.fixture
def mailbox():
    """Run a mail server as long as the test."""
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    return Ward(work)


def change(ward, day, **changes):
    cohort.change(ward.work, ward.as_coordinator(), written(**changes), day_id=day)


def last(mailbox, ward, person_id):
    return mailbox.to(address(ward, person_id))[-1]


def test_who_is_invited_reads_what_it_is_when_and_where(ward, mailbox):
    """Rule B14: and how to take part."""
    day = planned(ward)

    send(ward, mailbox)

    (letter,) = mailbox.to(address(ward, ward.observer))
    told = words_of(letter)
    assert letter["Subject"] == "Leaders’ day, Monday, March 22"
    for words in ("All of us on the units", "4:30 – 5:30 pm", "Board room", f"/cohort-days/{day}"):
        assert words in told


def test_the_joint_debrief_stands_in_both_calendars_and_follows(ward, mailbox):
    """Rules B14, N2: name and room in the entry, the same UID, a rising sequence."""
    day = planned(ward)
    book(ward)
    send(ward, mailbox)
    first = {
        who: next(e for e in map(event_in, mailbox.to(address(ward, who))) if "Joint" in str(e))
        for who in (ward.observer, ward.host)
    }

    change(ward, day, start="15:00", room="Hall B")
    send(ward, mailbox)

    for who, before in first.items():
        letter = last(mailbox, ward, who)
        after = event_in(letter)
        assert before["SUMMARY"] == "Joint debrief: Leaders’ day"
        assert before["LOCATION"].startswith("Board room\\, floor 2")
        assert (after["UID"], after["SEQUENCE"]) == (before["UID"], "1")
        assert after["LOCATION"].startswith("Hall B")
        assert "The time has changed." in words_of(letter)
        assert "The joint debrief of Leaders’ day is in your calendar" in words_of(letter)
    for envelope, message in zip(mailbox.desk.taken, mailbox.messages, strict=True):
        assert strict_mail.faults_of(envelope.content) == []
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                data, method = part.get_payload(decode=True), part.get_param("method")
                assert strict_calendar.faults_of(data, method=method) == []


def test_called_off_the_two_get_a_time_of_their_own_and_the_guests_a_word(ward, mailbox):
    """Rule B14: the calendar update says the rest."""
    waits = ward.another_observer()
    day = planned(ward, ward.observer, waits)
    book(ward)
    send(ward, mailbox)

    cohort.call_off(ward.work, ward.as_coordinator(), day_id=day)
    send(ward, mailbox)

    assert "The joint debrief" not in words_of(last(mailbox, ward, ward.host))
    entry = event_in(last(mailbox, ward, ward.host))
    assert entry["SUMMARY"].startswith("Debrief with")
    assert (entry["METHOD"], entry["SEQUENCE"]) == ("REQUEST", "1")
    told = words_of(last(mailbox, ward, waits))
    assert "Shifts you booked on that day stay as they are" in told


def test_an_invitation_that_was_overtaken_is_not_sent(ward, mailbox):
    """Rule N5: decided when it is sent."""
    day = planned(ward)
    cohort.call_off(ward.work, ward.as_coordinator(), day_id=day)

    send(ward, mailbox)

    assert dict(states(ward.work)) == {
        "cohort-day-invited": "superseded",
        "cohort-day-off": "sent",
    }


def test_who_is_invited_once_more_is_not_told_that_it_is_off(ward, mailbox):
    day = planned(ward)
    cohort_guests.uninvite(ward.work, ward.as_coordinator(), day_id=day, person_id=ward.observer)
    ward.work.clock.advance(minutes=1)
    cohort_guests.invite(ward.work, ward.as_coordinator(), day_id=day, person_ids=[ward.observer])

    send(ward, mailbox)

    assert ("cohort-day-off", "superseded") in states(ward.work)


def test_who_is_asked_for_a_meeting_gets_the_way_to_offer_one(ward, mailbox):
    """Rules B14, B16."""
    day = drafted(ward)
    asked = [
        cohort_guests.ask_for_meeting(
            ward.work, ward.as_coordinator(), day_id=day, person_id=ward.observer
        )
        for _ in range(2)
    ]

    send(ward, mailbox)

    assert asked == [True, False]
    (letter,) = mailbox.to(address(ward, ward.observer))
    assert "/meetings/new?day=2027-03-22" in words_of(letter)


def test_the_file_of_a_shift_names_the_joint_debrief(ward):
    """Rule N1: the same words in the feed as in the invitation."""
    planned(ward)
    shift = book(ward)

    data = calendar.of_shift(
        ward.work, ward.as_observer(), shift_id=shift.id, base_url="https://example.org"
    ).decode()

    assert "SUMMARY:Joint debrief: Leaders’ day" in data
    assert "LOCATION:Board room\\, floor 2" in data
