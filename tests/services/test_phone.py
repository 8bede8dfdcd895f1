"""Hosts without work email: text messages with links that each do one thing (N8, P17, S1.5)."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shadowing.adapters.credentials import digest
from shadowing.adapters.mail.transport import Refused, TryAgain
from shadowing.domain.errors import BadValue, NotAllowed, NotFound
from shadowing.domain.people import Role
from shadowing.domain.phone import ABOUT_NO_SHIFT, IN_A_TEXT, SCOPES, PhoneLinkEnded, Purpose
from shadowing.domain.policy import Action
from shadowing.services import phone
from shadowing.services.accounts import profile
from shadowing.services.availability import breaks
from shadowing.services.bookings import answering, looking
from shadowing.services.notifications import timetable
from shadowing.services.notifications.delivery import deliver
from shadowing.services.work import Work
from shadowing.store import retention
from shadowing.store.tables import people
from shadowing.store.tables.accounts import session
from shadowing.store.tables.messages import phone_link
from tests.mailbox import GOAL, Mailbox, address, ask, event_in, waiting_rows
from tests.makers import Ward

NUMBER = "555-0150"


class Phones:
    """A gateway that keeps what it is handed; it may be down, or refuse."""

    def __init__(self):
        self.taken = []
        self.answer = None

    def send(self, raw):
        if self.answer:
            raise self.answer
        self.taken.append(json.loads(raw))

    @property
    def texts(self):
        return [each["text"] for each in self.taken]


@pytest.fixture
def mailbox():
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def phones():
    return Phones()


@pytest.fixture
def ward(work):
    """Make a ward whose host has a phone and no email."""
    ward = Ward(work)
    reach(ward, ward.host, email=None, phone=NUMBER)
    return ward


def reach(ward, person_id, **values):
    """Give somebody other ways to be reached."""
    with ward.work.write() as tx:
        tx.db.execute(update(people.person).where(people.person.c.id == person_id).values(**values))


def send(ward, mailbox, phones):
    """Send all that is due, by email and by text."""
    office = mailbox.office()
    return deliver(ward.work, type(office)(**{**_plain(office), "texts": phones}))


def _plain(office):
    return {name: getattr(office, name) for name in office.__slots__}


def links(text):
    """Find the tokens in a text message, by what stands before each."""
    found = {}
    for line in text.splitlines():
        label, _, token = line.partition(": https://shadowing.example.org/phone/")
        if token:
            found[label] = token
    return found


def opened(ward, phones, label="Answer"):
    """Open the newest link with a label."""
    token = next(found[label] for text in reversed(phones.texts) if label in (found := links(text)))
    return phone.open_link(ward.work, token)


def test_a_request_reaches_the_phone_and_is_answered_there(ward, mailbox, phones):
    """Rules N8, S1.5: from the request to the yes without email or account."""
    shift = ask(ward)
    send(ward, mailbox, phones)

    (text,) = phones.taken
    assert text["to"] == NUMBER
    assert ward.as_observer().name in text["text"]
    link = opened(ward, phones)
    assert (link.purpose, link.shift_id) == (Purpose.ANSWER, shift.id)
    accepted = answering.accept(ward.work, link.actor, shift_id=shift.id)
    assert accepted.state == "confirmed"


def test_a_text_holds_no_goal_and_its_id_is_that_of_the_message(ward, mailbox, phones):
    """Rules N3, N5."""
    ask(ward)
    send(ward, mailbox, phones)

    assert GOAL not in phones.texts[0]
    assert phones.taken[0]["id"] in {row.message_id for row in waiting_rows(ward.work)}


def test_the_token_is_kept_nowhere(ward, work, mailbox, phones):
    """Rule P17: stored as a digest, 128 bits, and the text's bytes go when it is sent."""
    ask(ward)
    send(ward, mailbox, phones)

    (token, *_) = links(phones.texts[0]).values()
    assert len(token) == 22
    row = next(row for row in waiting_rows(work) if row.recipient_id == ward.host)
    assert (row.state, row.channel, row.message) == ("sent", "text", None)
    assert token not in str(row.facts)
    with work.read() as tx:
        rows = tx.db.execute(phone_link.select()).all()
    assert digest(token) in {row.digest for row in rows}
    assert token not in str(rows)


def test_a_link_does_one_thing_for_one_shift_and_never_signs_in(ward, work, mailbox, phones):
    """Rule P17: bound to person, shift and purpose."""
    shift = ask(ward)
    other = ask(ward, starts_at=shift.starts_at + timedelta(days=20))
    send(ward, mailbox, phones)
    link = opened(ward, phones)
    assert link.shift_id == other.id

    answering.accept(work, link.actor, shift_id=other.id)
    with pytest.raises(NotFound):
        answering.cancel(work, link.actor, shift_id=other.id)
    with pytest.raises(NotAllowed):
        breaks.take(work, link.actor, weeks="1")
    with pytest.raises(NotAllowed):
        profile.choose_theme(work, link.actor, theme="dark")
    with work.read() as tx:
        assert tx.db.execute(select(session.c.digest)).all() == []


def test_looking_at_a_link_does_nothing(ward, work, mailbox, phones):
    shift = ask(ward)
    send(ward, mailbox, phones)
    for _ in range(3):
        link = opened(ward, phones)

    assert looking.show(work, link.actor, shift_id=shift.id).face == "requested"


@pytest.mark.parametrize(
    ("label", "ends"),
    [("Answer", "answer_by"), ("Open hours", None)],
)
def test_a_link_ends(ward, work, clock, mailbox, phones, label, ends):
    """Rule P17: it expires; so it does for who has left (8.3)."""
    shift = ask(ward)
    send(ward, mailbox, phones)
    token = links(phones.texts[0])[label]
    last = getattr(shift, ends) if ends else clock.now + timedelta(hours=72)
    clock.now = last - timedelta(minutes=1)
    assert phone.open_link(work, token)
    clock.now = last
    with pytest.raises(PhoneLinkEnded):
        phone.open_link(work, token)
    clock.now = last - timedelta(minutes=1)
    reach(ward, ward.host, active=False)
    with pytest.raises(PhoneLinkEnded):
        phone.open_link(work, token)


def test_all_that_a_host_must_do_has_a_link():
    """Rule N8: "everything a host must do works there"."""
    reached = {purpose for purposes in IN_A_TEXT.values() for purpose in purposes}

    assert reached | ABOUT_NO_SHIFT == set(Purpose) == set(SCOPES)
    every = frozenset().union(*SCOPES.values())
    assert every >= {
        Action.SHIFT_ACCEPT,
        Action.SHIFT_DECLINE,
        Action.SHIFT_CANCEL,
        Action.SHIFT_CHECK_IN,
        Action.SHIFT_CHECK_OUT,
        Action.DEBRIEF_MARK,
        Action.REFLECTION_WRITE,
        Action.COMMITMENT_AGREE,
        Action.AVAILABILITY_CHANGE,
    }
    assert not any(action.startswith("account") for action in every)


def test_a_gateway_that_is_down_loses_and_doubles_nothing(ward, clock, mailbox, phones):
    """Rule N5: the same outbox, the same retries, the same id."""
    ask(ward)
    phones.answer = TryAgain("away")
    send(ward, mailbox, phones)
    phones.answer = None
    clock.advance(minutes=1)
    send(ward, mailbox, phones)
    send(ward, mailbox, phones)

    assert len(phones.taken) == 1
    assert opened(ward, phones).purpose is Purpose.ANSWER


def test_a_number_that_is_refused_is_seen_by_the_coordinator(ward, work, mailbox, phones):
    ask(ward)
    phones.answer = Refused("gateway: 400 no such number")
    send(ward, mailbox, phones)

    (row,) = (row for row in waiting_rows(work) if row.recipient_id == ward.host)
    assert (row.state, row.trouble) == ("failed", "gateway: 400 no such number")
    assert row.message is None


def test_without_a_gateway_a_phone_is_no_way(ward, work, mailbox):
    """Where no SMS_URL is, the unit's lead gets the sheet."""
    ask(ward)
    send(ward, mailbox, None)

    (row,) = (row for row in waiting_rows(work) if row.recipient_id == ward.host)
    assert row.state == "on_sheet"


def test_who_has_an_address_and_chose_texts_gets_news_so_and_invites_by_email(
    ward, mailbox, phones
):
    """Rule F10: text message; a link that asks to sign in, none that acts."""
    reach(ward, ward.manager, phone="555-0999", channel="text")
    reach(ward, ward.observer, phone="555-0998", channel="text")
    ask(ward, mode="auto")
    send(ward, mailbox, phones)

    to_lead = [each["text"] for each in phones.taken if each["to"] == "555-0999"]
    assert len(to_lead) == 1
    assert "/phone/" not in to_lead[0]
    assert "https://shadowing.example.org/shifts/" in to_lead[0]
    invites = mailbox.to(address(ward, ward.observer))
    assert [event_in(each)["METHOD"] for each in invites] == ["REQUEST", "REQUEST"]


def test_the_day_before_the_phone_has_the_days_link(ward, work, clock, mailbox, phones):
    shift = ask(ward, mode="auto")
    clock.now = shift.starts_at - timedelta(hours=23)
    timetable.plan(work)
    send(ward, mailbox, phones)

    link = opened(ward, phones, "On the day")
    assert link.purpose is Purpose.DAY
    assert link.actor.scopes == SCOPES[Purpose.DAY]


def test_a_colleague_with_a_phone_reads_the_notice_and_gets_no_link_to_act(
    ward, work, clock, mailbox, phones
):
    """Rule N6 by phone: what may be refused is open to everybody."""
    ward.another_host(email=None, phone="555-0777")
    shift = ask(ward, mode="auto")
    clock.now = shift.starts_at - timedelta(days=6)
    timetable.plan(work)
    send(ward, mailbox, phones)

    (text,) = (each["text"] for each in phones.taken if each["to"] == "555-0777")
    assert "/help" in text
    assert links(text) == {}


def test_a_link_is_asked_for_by_number_and_nothing_is_told(ward, work, mailbox, phones):
    """Rule N8: open hours and take a break; whoever asks learns nothing."""
    for number in (NUMBER, "(555) 0150", "555 9999"):
        phone.ask_link(work, number=number, purpose="hours", address="127.0.0.1")
    send(ward, mailbox, phones)

    assert len(phones.taken) == 2
    link = opened(ward, phones, "Open hours")
    assert link.purpose is Purpose.HOURS
    assert link.actor.role is Role.HOST
    with pytest.raises(BadValue):
        phone.ask_link(work, number="12", purpose="hours", address="127.0.0.1")
    with pytest.raises(BadValue):
        phone.ask_link(work, number=NUMBER, purpose="answer", address="127.0.0.1")


def test_nobody_is_flooded_with_links(ward, work, mailbox, phones):
    for _ in range(9):
        phone.ask_link(work, number=NUMBER, purpose="break", address="127.0.0.1")
    send(ward, mailbox, phones)

    assert len(phones.taken) == 5
    assert isinstance(work, Work)


def test_links_that_ran_out_a_month_ago_are_gone(ward, work, clock, mailbox, phones):
    """Section 8.3: tokens are kept thirty days past their end."""
    ask(ward)
    send(ward, mailbox, phones)
    for days, left in ((30, 2), (20, 0)):
        clock.advance(days=days)
        with work.write() as tx:
            retention.forget(tx.db, at=tx.now)
            assert len(tx.db.execute(phone_link.select()).all()) == left
