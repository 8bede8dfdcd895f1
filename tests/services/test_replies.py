"""Answers that come back by mail, to the letters that were really sent (rule N4)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotFound
from shadowing.domain.replies import Outcome, Why
from shadowing.services.bookings import answering, replying
from shadowing.services.bookings import looking as shifts
from shadowing.services.notifications import undelivered
from shadowing.services.replies import looking, receiving
from shadowing.services.replies.looking import NoAnswerInIt
from shadowing.store import retention
from shadowing.store.tables.journal import audit
from shadowing.store.tables.replies import reply
from tests import makers, replies
from tests.mailbox import SENDER, Mailbox, address, ask, event_in, send, states
from tests.makers import Ward
from tests.replies import PROGRAMS, attendee, calendar, letter

ELSEWHERE = "raj.private@elsewhere.example"


@pytest.fixture
def mailbox():
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    return Ward(work)


class Desk:
    """Somebody whose calendar answers what was sent to them."""

    def __init__(self, ward, mailbox, person_id):
        """Read their mail."""
        self.ward, self.mailbox = ward, mailbox
        self.email = address(ward, person_id)

    def event(self):
        """Give the latest version of the shift's event that was sent to them."""
        send(self.ward, self.mailbox)
        events = [event_in(message) for message in self.mailbox.to(self.email)]
        return [each for each in events if each and "ebrief" not in each["SUMMARY"]][-1]

    def says(self, partstat, program=replies.outlook, **more):
        """Answer, and have the answer read and followed."""
        event = self.event()
        facts = {"uid": event["UID"], "sequence": int(event["SEQUENCE"])} | more
        return self.hand_over(program(self.email, partstat, **facts))

    def hand_over(self, raw):
        """Have one letter read and followed."""
        done = receiving.receive(self.ward.work, raw, ours=SENDER)
        replying.run(self.ward.work)
        return done.outcome, done.why


@pytest.fixture
def host(ward, mailbox):
    return Desk(ward, mailbox, ward.host)


@pytest.fixture
def visitor(ward, mailbox):
    return Desk(ward, mailbox, ward.observer)


def state(ward, shift):
    """Say where a shift stands."""
    return next(each.state for each in makers.shifts(ward.work) if each.id == shift.id)


def story(ward, who, shift):
    """List what calendars said, as one part reads it on the shift."""
    view = shifts.show(ward.work, who, shift_id=shift.id)
    return [each.code for each in view.timeline if each.event == "calendar.answered"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_host_says_yes_to_a_request_from_any_calendar(ward, host, program):
    shift = ask(ward)

    assert host.says("ACCEPTED", program) == (Outcome.ANSWER, Why.NONE)

    assert state(ward, shift) == State.CONFIRMED
    assert story(ward, ward.as_host(), shift) == ["accepted"]


def test_a_host_says_no_to_a_request(ward, host):
    shift = ask(ward)

    host.says("DECLINED")

    assert state(ward, shift) == State.DECLINED


def test_maybe_changes_nothing(ward, host):
    shift = ask(ward)

    host.says("TENTATIVE")

    assert state(ward, shift) == State.REQUESTED
    assert story(ward, ward.as_host(), shift) == ["tentative"]


def test_a_no_to_what_is_agreed_is_a_question_and_never_cancels(ward, host, visitor, mailbox):
    shift = ask(ward, mode="auto")

    for each in (visitor, host):
        each.says("DECLINED")

    assert state(ward, shift) == State.CONFIRMED
    send(ward, mailbox)
    for each in (visitor, host):
        (question,) = [m for m in mailbox.to(each.email) if "says no" in m["Subject"]]
        assert f"/shifts/{shift.id}/cancel" in question.get_body(("plain",)).get_content()


def test_the_same_letter_twice_and_the_same_no_twice_are_one_question(ward, visitor, mailbox):
    shift = ask(ward, mode="auto")
    raw = replies.gmail(visitor.email, "DECLINED", uid=visitor.event()["UID"])
    for each in (raw, raw):
        visitor.hand_over(each)
    visitor.says("DECLINED", replies.apple)
    send(ward, mailbox)

    assert [kind for kind, _ in states(ward.work)].count("calendar-said-no") == 1
    assert story(ward, ward.as_observer(), shift) == ["declined", "declined"]


def test_what_was_answered_is_repeated_until_the_time_changes(ward, visitor, host):
    """RFC 5546 2.1.4: a new time is asked anew; a letter about the same time keeps the answer."""
    ask(ward, mode="auto")
    visitor.says("ACCEPTED")
    visitor.hand_over(
        letter(
            visitor.email,
            calendar(attendee(visitor.email), method="REFRESH", uid=visitor.event()["UID"]),
            method="REFRESH",
        )
    )

    (line,) = [k for k in visitor.event() if k.startswith("ATTENDEE")]
    assert "PARTSTAT=ACCEPTED" in line
    assert "PARTSTAT=NEEDS-ACTION" in next(k for k in host.event() if k.startswith("ATTENDEE"))


def test_another_time_is_led_to_our_own_page_and_moves_nothing(ward, visitor, mailbox):
    shift = ask(ward, mode="auto")
    text = calendar(
        attendee(visitor.email, "TENTATIVE"),
        "DTSTART:20270323T140000Z",
        "DTEND:20270323T170000Z",
        method="COUNTER",
        uid=visitor.event()["UID"],
    )

    assert visitor.hand_over(letter(visitor.email, text, method="COUNTER")) == (
        Outcome.PROPOSAL,
        Why.NONE,
    )

    send(ward, mailbox)
    assert state(ward, shift) == State.CONFIRMED
    assert [m for m in mailbox.to(visitor.email) if "Another time" in m["Subject"]]


def test_a_strangers_answer_is_kept_aside_and_taken_by_the_coordinator(ward, host):
    """RFC 6047 2.2.1: who wrote it is not known as whom we asked."""
    shift = ask(ward)
    event = host.event()
    text = calendar(attendee(host.email), uid=event["UID"])
    raw = letter(ELSEWHERE, text)

    assert host.hand_over(raw) == (Outcome.ASIDE, Why.OTHER_SENDER)
    assert state(ward, shift) == State.REQUESTED
    boss = ward.as_coordinator()
    (waiting,) = looking.listed(ward.work, boss, page=1).rows
    assert waiting.person_id == ward.host
    assert looking.letter(ward.work, boss, reply_id=waiting.reply.id) == raw

    looking.take(ward.work, boss, reply_id=waiting.reply.id, remember=True)
    replying.run(ward.work)

    assert state(ward, shift) == State.CONFIRMED
    assert looking.count(ward.work, boss) == 0
    newer = letter(
        ELSEWHERE, calendar(attendee(host.email, "TENTATIVE"), uid=event["UID"], sequence=9)
    )
    assert host.hand_over(newer) == (Outcome.ANSWER, Why.NONE), "the address is known from now on"


def test_a_letter_that_answers_nothing_can_only_be_put_away(ward):
    raw = b"From: somebody@there.example\r\nSubject: Late\r\n\r\nI am late."
    receiving.receive(ward.work, raw, ours=SENDER)
    boss = ward.as_coordinator()
    (waiting,) = looking.listed(ward.work, boss, page=1).rows

    with pytest.raises(NoAnswerInIt):
        looking.take(ward.work, boss, reply_id=waiting.reply.id, remember=False)
    looking.put_away(ward.work, boss, reply_id=waiting.reply.id)

    with pytest.raises(NotFound):
        looking.one(ward.work, boss, reply_id=waiting.reply.id)


def test_a_request_that_cannot_be_accepted_any_more_is_looked_at(ward, host):
    """Rule B8: what is refused on the page is refused here."""
    ask(ward)
    event = host.event()
    with ward.work.write() as tx:
        tx.db.execute(
            makers.people.person.update()
            .where(makers.people.person.c.id == ward.observer)
            .values(manager_id=ward.host)
        )

    host.hand_over(replies.outlook(host.email, uid=event["UID"]))

    boss = ward.as_coordinator()
    assert [each.reply.why for each in looking.listed(ward.work, boss, page=1).rows] == [
        Why.REFUSED
    ]


def test_an_answer_that_was_given_on_the_page_meanwhile_is_no_trouble(ward, host):
    shift = ask(ward)
    event = host.event()
    answering.decline(ward.work, ward.as_host(), shift_id=shift.id)

    host.hand_over(replies.outlook(host.email, uid=event["UID"]))

    assert state(ward, shift) == State.DECLINED
    assert looking.count(ward.work, ward.as_coordinator()) == 0


def test_a_letter_that_is_sent_back_counts_as_not_delivered_rule_n5(ward, visitor, mailbox):
    ask(ward, mode="auto")
    visitor.event()
    message = mailbox.to(visitor.email)[0]

    visitor.hand_over(replies.bounce("stranger@there.example", message["Message-ID"]))
    assert undelivered.count(ward.work, ward.as_coordinator()) == 0
    visitor.hand_over(replies.bounce(visitor.email, message["Message-ID"]))

    (row,) = undelivered.failed(ward.work, ward.as_coordinator(), page=1).rows
    assert (row.recipient_id, row.trouble) == (ward.observer, "sent back: 5.1.1")


@pytest.mark.parametrize("role", ["observer", "host", "unit_manager", "hr", "sysadmin"])
def test_nobody_else_reads_them_rule_p1(ward, role):
    other = makers.actor(
        ward.work, makers.person(ward.work, ward.organization, roles=(role,)), role
    )
    for act in (
        lambda: looking.listed(ward.work, other, page=1),
        lambda: looking.one(ward.work, other, reply_id=uuid4()),
        lambda: looking.letter(ward.work, other, reply_id=uuid4()),
        lambda: looking.take(ward.work, other, reply_id=uuid4(), remember=False),
        lambda: looking.put_away(ward.work, other, reply_id=uuid4()),
    ):
        with pytest.raises(NotFound):
            act()


def test_another_houses_letters_are_not_there(ward, host):
    ask(ward)
    text = calendar(attendee(host.email), uid=host.event()["UID"])
    host.hand_over(letter(ELSEWHERE, text))
    stranger = makers.organization(ward.work)
    boss = makers.person(ward.work, stranger, roles=("coordinator",))

    assert looking.count(ward.work, makers.actor(ward.work, boss, "coordinator")) == 0


def test_letters_are_forgotten_and_reading_one_is_on_record(ward, work):
    """Section 8.3 and rule P16."""
    receiving.receive(work, b"From: a@b.example\r\n\r\nHello", ours=SENDER)
    boss = ward.as_coordinator()
    (waiting,) = looking.listed(work, boss, page=1).rows
    looking.letter(work, boss, reply_id=waiting.reply.id)
    with work.read() as tx:
        events = tx.db.scalars(audit.select().with_only_columns(audit.c.event)).all()
    assert "reply.read" in events

    with work.write() as tx:
        retention.forget(tx.db, at=tx.now + timedelta(days=31))
    with work.read() as tx:
        assert tx.db.execute(reply.select()).all() == []


@pytest.mark.parametrize(
    "changed",
    [
        ("SEQUENCE:0", "SEQUENCE:99999999999999999999"),
        ("SEQUENCE:0", "SEQUENCE:-1"),
        ("DTSTAMP:20270308T150000Z", "DTSTAMP:00010101T000000Z"),
        ("DTSTAMP:20270308T150000Z", "DTSTAMP:99991231T235959Z"),
        ("UID:", "UID:\0"),
        ("UID:", "UID:" + "x" * 5000),
        ("COMMENT:Hello", "COMMENT:\0" + "é" * 5000),
        ("MAILTO:", "MAILTO:\0"),
        ("DTSTART:20270323T140000Z", "DTSTART:00010101T000000Z"),
    ],
)
def test_no_value_of_a_letter_is_an_error(ward, visitor, changed):
    ask(ward, mode="auto")
    lines = (
        f"ATTENDEE;PARTSTAT=TENTATIVE:MAILTO:{visitor.email}",
        "DTSTART:20270323T140000Z",
        "DTEND:20270323T170000Z",
        "COMMENT:Hello",
    )
    for method in ("REPLY", "COUNTER"):
        text = calendar(*lines, method=method, uid=visitor.event()["UID"]).replace(*changed)
        raw = letter(visitor.email, text, method=method)
        for sender in (visitor.email.encode(), b"\xff\0" + visitor.email.encode()):
            visitor.hand_over(raw.replace(visitor.email.encode(), sender, 1))
    visitor.hand_over(b"From: \xff\0 <a@b>\nSubject: \xff\0\nMessage-ID: \xff\0\n\n\0")
    visitor.hand_over(replies.bounce("a@b\0", "<\0>"))

    assert looking.listed(ward.work, ward.as_coordinator(), page=1).total >= 1
