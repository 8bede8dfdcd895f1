"""Letters: what is due is sent once, in order, with the same bytes; what is stale is not."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.accounts import LINK_LASTS
from shadowing.services import demo
from shadowing.services.accounts import entering
from shadowing.services.bookings import answering
from shadowing.services.bookings import clock as shift_clock
from shadowing.services.notifications import timetable
from shadowing.services.notifications.delivery import deliver
from shadowing.store import journal
from shadowing.store.accounts import entrance
from shadowing.store.journal import Telling
from shadowing.store.tables import people
from shadowing.store.tables.bookings import shift as shifts
from shadowing.store.tables.journal import outbox as table
from tests.adapters import strict_calendar, strict_mail
from tests.mailbox import (
    BASE_URL,
    GOAL,
    Mailbox,
    address,
    ask,
    event_in,
    send,
    states,
    waiting_rows,
    words_of,
)
from tests.makers import Ward


@pytest.fixture
def mailbox():
    """Run a mail server as long as the test."""
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    """Make a ward whose people all have addresses."""
    return Ward(work)


def test_every_message_of_a_confirmed_shift_reaches_both(ward, mailbox):
    """Rules N1, N2: shift and debrief to both, as requests for their calendars."""
    ask(ward, mode="auto")

    send(ward, mailbox)

    for person in (ward.observer, ward.host):
        found = [event_in(message) for message in mailbox.to(address(ward, person))]
        assert [event["METHOD"] for event in found] == ["REQUEST", "REQUEST"]
        assert {event["STATUS"] for event in found} == {"CONFIRMED"}
        assert len({event["UID"] for event in found}) == 2
    assert {state for _, state in states(ward.work)} == {"sent"}


def test_every_message_stands_up_to_a_strict_reader(ward, mailbox):
    """RFC 5322, 5545, 5546, 6047."""
    shift = ask(ward)
    send(ward, mailbox)
    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)
    send(ward, mailbox)
    answering.cancel(ward.work, ward.as_host(), shift_id=shift.id)
    send(ward, mailbox)

    assert len(mailbox.desk.taken) >= 9
    for envelope, message in zip(mailbox.desk.taken, mailbox.messages, strict=True):
        assert strict_mail.faults_of(envelope.content) == []
        for part in message.walk():
            if part.get_content_type() == "text/calendar":
                data = part.get_payload(decode=True)
                method = part.get_param("method")
                assert strict_calendar.faults_of(data, method=method) == []


def test_a_request_tells_the_host_what_they_decide_on(ward, mailbox):
    """Rule B1: name, job and goal, and how much the host hosts already (A4)."""
    ask(ward)
    send(ward, mailbox)

    (message,) = mailbox.to(address(ward, ward.host))
    said = words_of(message)
    assert GOAL in said
    assert "This would be your 1st of 2 in March." in said
    assert "Thursday, March 11" not in said
    assert event_in(message)["STATUS"] == "TENTATIVE"


def test_the_goal_and_the_hosts_own_number_are_in_no_calendar(ward, mailbox):
    """Rule N3."""
    ask(ward, mode="auto")
    send(ward, mailbox)

    for message in mailbox.messages:
        assert GOAL not in str(event_in(message))
        if message["To"] != address(ward, ward.host):
            assert GOAL not in words_of(message)


def test_a_cancelled_shift_leaves_both_calendars(ward, mailbox):
    """Rule N2: the same UID, a higher SEQUENCE, METHOD:CANCEL."""
    shift = ask(ward, mode="auto")
    send(ward, mailbox)
    answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id)
    send(ward, mailbox)

    for person in (ward.observer, ward.host):
        found = [event_in(message) for message in mailbox.to(address(ward, person))]
        requests = {event["UID"]: event for event in found if event["METHOD"] == "REQUEST"}
        cancels = {event["UID"]: event for event in found if event["METHOD"] == "CANCEL"}
        assert requests.keys() == cancels.keys()
        for uid, cancel in cancels.items():
            assert int(cancel["SEQUENCE"]) > int(requests[uid]["SEQUENCE"])
            assert cancel["DTSTART"] == requests[uid]["DTSTART"]


def test_what_was_never_told_is_not_cancelled(ward, mailbox):
    """A shift confirmed and cancelled while no letter left: nobody hears of either."""
    shift = ask(ward, mode="auto")
    answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    send(ward, mailbox)

    assert [event_in(message) for message in mailbox.to(address(ward, ward.host))] == []
    assert [event_in(message) for message in mailbox.to(address(ward, ward.observer))] == []
    told = {state for kind, state in states(ward.work) if kind != "cancelled-by-visitor"}
    assert told == {"superseded"}


def test_a_superseded_request_is_not_sent(ward, mailbox):
    """Of two versions of one event only the newest goes out."""
    shift = ask(ward)
    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)

    send(ward, mailbox)

    found = [event_in(message) for message in mailbox.to(address(ward, ward.host))]
    assert {event["STATUS"] for event in found} == {"CONFIRMED"}
    assert [row.state for row in waiting_rows(ward.work) if row.kind == "request-received"] == [
        "superseded"
    ]


def test_a_letter_that_is_no_longer_true_is_not_sent(work, mailbox):
    """The host said yes and then could not come: "your host said yes" would be a lie now."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = ask(ward)
    send(ward, mailbox)
    answering.accept(work, ward.as_host(), shift_id=shift.id)
    answering.cancel(work, ward.as_host(), shift_id=shift.id)

    send(ward, mailbox)

    (message,) = mailbox.to(address(ward, ward.observer))
    assert message["Subject"].startswith("Not available")
    assert ("host-said-yes", "superseded") in states(work)


def test_a_host_without_any_address_is_told_on_paper(work, mailbox):
    """Rules N8, S1.5: whoever leads the unit is asked to print the sheet, once a day."""
    ward = Ward(work)
    with work.write() as tx:
        tx.db.execute(
            update(people.person).where(people.person.c.id == ward.host).values(email=None)
        )
    ask(ward, mode="auto")

    send(ward, mailbox)

    ended = {row.state for row in waiting_rows(work) if row.recipient_id == ward.host}
    assert ended == {"on_sheet"}
    assert len(mailbox.to(address(ward, ward.observer))) == 2
    to_lead = [message["Subject"] for message in mailbox.to(address(ward, ward.manager))]
    assert sum(subject.startswith("Print a sheet for ") for subject in to_lead) == 1


def test_a_blind_slots_host_is_named_from_the_confirmation_on(work, mailbox):
    """Rules A2, A10, N3."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = ask(ward, mode="blind")
    send(ward, mailbox)
    mine = address(ward, ward.observer)
    host = ward.as_host().name
    for message in mailbox.to(mine):
        assert host not in words_of(message) + message["Subject"]

    answering.approve(work, ward.as_manager(), shift_id=shift.id)
    send(ward, mailbox)

    last = mailbox.to(mine)[-1]
    assert host in words_of(last)
    assert host in event_in(last)["SUMMARY"]


def test_times_are_those_of_the_site(ward, clock, mailbox):
    """Times carry the site's zone: 14:00 UTC is 9:00 am in Chicago after the clocks went on."""
    ask(ward, mode="auto", starts_at=clock.now + timedelta(days=14))
    send(ward, mailbox)

    said = words_of(mailbox.to(address(ward, ward.observer))[0])
    assert "Monday, March 22, 9:00 am – 1:00 pm" in said
    assert "Central Daylight Time (UTC−5)" in said


def test_a_moved_debrief_says_that_its_time_has_changed(ward, mailbox):
    """N2: an update of the same event, one SEQUENCE on."""
    shift = ask(ward, mode="auto")
    send(ward, mailbox)
    later = timedelta(hours=1)
    with ward.work.write() as tx:
        events = tx.db.execute(
            table.select().where(table.c.kind == "invitation", table.c.recipient_id == ward.host)
        ).all()
        event_id = events[0].event_id
    _move_event(ward.work, event_id, shift_id=shift.id, by=later)
    send(ward, mailbox)

    message = mailbox.to(address(ward, ward.host))[-1]
    assert message["Subject"].startswith("Updated: ")
    assert "The time has changed." in words_of(message)
    assert event_in(message)["SEQUENCE"] == "1"


def _move_event(work, event_id, *, shift_id, by):
    """Put an event later, as a move of its shift or debrief does."""
    with work.write() as tx:
        row = tx.db.execute(
            _events().select().where(_events().c.id == event_id),
        ).one()
        tx.db.execute(
            update(_events())
            .where(_events().c.id == event_id)
            .values(
                sequence=row.sequence + 1,
                stamp=row.stamp + timedelta(seconds=1),
                starts_at=row.starts_at + by,
                ends_at=row.ends_at + by,
            )
        )
        telling = Telling(
            key=f"event:{event_id}:{row.sequence + 1}",
            kind="invitation",
            recipient_id=row.person_id,
            shift_id=shift_id,
            event_id=event_id,
            sequence=row.sequence + 1,
        )
        journal.tell(tx.db, telling, at=tx.now, domain="localhost")


def _events():
    return shifts.metadata.tables["calendar_event"]


def test_an_invitation_to_what_is_over_is_let_go(ward, clock, mailbox):
    ask(ward, mode="auto")
    clock.advance(days=20)

    send(ward, mailbox)

    assert mailbox.ids == []
    assert {row.trouble for row in waiting_rows(ward.work)} == {"what it was about is over"}


@pytest.mark.parametrize("days", [0, 4, 11])
def test_all_that_happens_in_the_demo_can_be_told(work, clock, mailbox, days):
    """Requests that lapse, nights, other zones, a reverse shadow, hosts without an address."""
    demo.load(work, password=None, today=clock.now.date())
    clock.advance(days=days)
    shift_clock.run(work)

    deliver(work, mailbox.office())

    told = waiting_rows(work)
    assert [(row.kind, row.trouble) for row in told if row.state in {"waiting", "failed"}] == []
    assert len(mailbox.ids) == len([row for row in told if row.state == "sent"]) > 0
    for envelope in mailbox.desk.taken:
        assert strict_mail.faults_of(envelope.content) == []


def ask_for_link(ward):
    """Ask for a sign-in link for the observer."""
    caller = entering.Caller(address="127.0.0.1", agent="test")
    entering.ask_link(
        ward.work,
        email=address(ward, ward.observer),
        target="/shifts",
        caller=caller,
    )


def link_in(message):
    """Find the token of a sign-in link."""
    return words_of(message).partition(f"{BASE_URL}/sign-in/link/")[2].split()[0]


def test_a_sign_in_link_works_once_and_its_token_stays_nowhere(ward, mailbox):
    """Rule P17; the token exists in the letter alone."""
    ask_for_link(ward)
    send(ward, mailbox)

    (message,) = mailbox.to(address(ward, ward.observer))
    token = link_in(message)
    entering.look_at_link(ward.work, token)
    (row,) = waiting_rows(ward.work)
    assert row.message is None
    assert token not in str(row.facts)
    with ward.work.read() as tx:
        (link,) = tx.db.execute(entrance.sign_in_link.select()).all()
    assert link.target == "/shifts"
    assert token not in str(tuple(link))


def test_a_sign_in_link_that_ran_out_while_mail_was_down_is_not_sent(ward, clock, mailbox):
    mailbox.down()
    ask_for_link(ward)
    send(ward, mailbox)
    mailbox.up()
    clock.advance(seconds=LINK_LASTS.total_seconds())

    send(ward, mailbox)

    assert mailbox.ids == []
    assert states(ward.work) == [("sign-in-link", "superseded")]
    assert waiting_rows(ward.work)[0].trouble.startswith("its link ran out")


def test_no_letter_but_the_sign_in_link_carries_a_key(work, clock, mailbox):
    """Rule P17: every address in a letter is a page that asks who one is, or open to everybody."""
    demo.load(work, password=None, today=clock.now.date())
    clock.now = clock.now.replace(hour=18)
    shift_clock.run(work)
    timetable.plan(work)
    deliver(work, mailbox.office())

    found = {
        re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", link)
        for message in mailbox.messages
        for link in re.findall(rf"{BASE_URL}(/[^\s<>\"]*)", words_of(message))
    }
    assert found
    plain = r"/(help|shifts|requests|availability|account|requirements\S*)?"
    of_one = r"/(shifts|slots|reflections|sheets|units)/ID(/[a-z-]+)*(\?answer=(yes|no))?"
    pages = rf"{plain}|{of_one}"
    assert [link for link in found if not re.fullmatch(pages, link)] == []
