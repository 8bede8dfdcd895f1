"""Letters that wait for the morning, and news that comes once a day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.errors import BadValue
from shadowing.domain.followup.moves import Commitment as State
from shadowing.services.accounts import profile
from shadowing.services.bookings import answering
from shadowing.services.followup import keeping
from shadowing.services.followup.keeping import News
from shadowing.store import journal
from shadowing.store.journal import Telling
from shadowing.store.tables import people
from tests.mailbox import Mailbox, address, ask, event_in, send, states, waiting_rows, words_of
from tests.makers import Ward
from tests.visits import HOST_SIDE, OBSERVER_SIDE, Visit

NIGHT = datetime(2027, 3, 9, 4, 30, tzinfo=UTC)
MORNING = datetime(2027, 3, 9, 13, 0, tzinfo=UTC)
"""10:30 pm and 7:00 am in Chicago."""


@pytest.fixture
def mailbox():
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    return Ward(work)


def daily(ward, person_id):
    """Let somebody choose one message a day."""
    with ward.work.write() as tx:
        mine = people.person.c.id == person_id
        tx.db.execute(update(people.person).where(mine).values(pace="daily"))


def promised(ward):
    """Let a visit end with a promise; gives it with the promise's id."""
    visit = Visit(ward)
    visit.happen()
    visit.send("host", HOST_SIDE)
    visit.send("observer", OBSERVER_SIDE)
    visit.talk()
    (made,) = visit.promise()
    return visit, made.id


def test_a_request_at_night_waits_for_the_hosts_morning(ward, clock, mailbox):
    """Rule N8: 21 to 07 local."""
    clock.now = NIGHT
    ask(ward)
    send(ward, mailbox)
    assert mailbox.ids == []
    clock.now = MORNING - timedelta(minutes=1)
    send(ward, mailbox)
    assert mailbox.ids == []

    clock.now = MORNING
    send(ward, mailbox)

    (message,) = mailbox.to(address(ward, ward.host))
    assert event_in(message)["METHOD"] == "REQUEST"


def test_at_night_one_hears_of_what_one_just_did_and_the_other_in_the_morning(ward, clock, mailbox):
    """Rule N8: the answer to one's own act comes at once."""
    clock.now = NIGHT
    ask(ward, mode="auto")
    send(ward, mailbox)

    assert mailbox.to(address(ward, ward.observer))
    assert mailbox.to(address(ward, ward.host)) == []


def test_a_cancel_the_night_before_is_told_at_night(ward, clock, mailbox):
    """Rule N8: except changes within 24 h of the start."""
    shift = ask(ward, mode="auto", starts_at=NIGHT + timedelta(days=10))
    send(ward, mailbox)
    clock.now = NIGHT + timedelta(days=9, hours=1)
    answering.cancel(ward.work, ward.as_host(), shift_id=shift.id)
    before = len(mailbox.to(address(ward, ward.observer)))
    send(ward, mailbox)

    assert len(mailbox.to(address(ward, ward.observer))) > before


def test_what_was_overtaken_by_night_is_never_sent(ward, clock, mailbox):
    """Decided in the morning, from what is true then."""
    clock.now = NIGHT
    shift = ask(ward)
    send(ward, mailbox)
    answering.withdraw(ward.work, ward.as_observer(), shift_id=shift.id)
    clock.now = MORNING
    send(ward, mailbox)

    assert mailbox.to(address(ward, ward.host)) == []


def test_news_is_told_in_one_message_a_day(ward, clock, mailbox):
    """Rule F10: the host who chose so reads of every change, together, at 7:30."""
    visit, promise = promised(ward)
    send(ward, mailbox)
    daily(ward, ward.host)
    read = len(mailbox.to(address(ward, ward.host)))
    keeping.agree(ward.work, ward.as_host(), commitment_id=promise)
    for line in ("The elevator is held.", "It was held all week."):
        clock.advance(minutes=5)
        added = News(state=State.IN_PROGRESS, note=line)
        keeping.update(ward.work, ward.as_observer(), commitment_id=promise, news=added)
    send(ward, mailbox)
    assert len(mailbox.to(address(ward, ward.host))) == read

    clock.now = clock.now.replace(hour=13, minute=30) + timedelta(days=1)
    send(ward, mailbox)
    send(ward, mailbox)

    new = mailbox.to(address(ward, ward.host))[read:]
    assert [message["Subject"] for message in new] == ["2 pieces of news from Shadowing"]
    assert words_of(new[0]).count("News about a promise to") == 2
    assert "The elevator is held." not in words_of(new[0])
    assert {state for kind, state in states(ward.work) if kind == "commitment-told"} == {"sent"}
    assert visit.shift


def test_an_invite_comes_at_once_to_who_chose_one_message_a_day(ward, mailbox):
    daily(ward, ward.host)
    ask(ward, mode="auto")
    send(ward, mailbox)

    assert len(mailbox.to(address(ward, ward.host))) == 2


def news(ward, key, person_id):
    """Queue a piece of news about nothing in particular."""
    with ward.work.write() as tx:
        shift = ward.asked.id
        telling = Telling(key=key, kind="unit-told", recipient_id=person_id, shift_id=shift)
        journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)


def test_a_days_message_survives_a_mail_server_that_is_down(ward, clock, mailbox):
    """Rule N5: one Message-ID, the same news, and what came meanwhile goes the next day."""
    daily(ward, ward.manager)
    ward.asked = ask(ward, mode="auto")
    send(ward, mailbox)
    clock.now = MORNING + timedelta(minutes=30)
    mailbox.down()
    send(ward, mailbox)
    clock.advance(minutes=1)
    news(ward, "later", ward.manager)
    mailbox.up()
    clock.advance(minutes=2)
    send(ward, mailbox)

    (first,) = mailbox.to(address(ward, ward.manager))
    assert first["Subject"].startswith("1 piece of news")
    clock.advance(days=1)
    send(ward, mailbox)
    assert len(mailbox.to(address(ward, ward.manager))) == 2
    assert {state for kind, state in states(ward.work) if kind == "unit-told"} == {"sent"}


def test_a_day_whose_news_came_to_nothing_brings_no_message(ward, clock, mailbox):
    daily(ward, ward.manager)
    shift = ask(ward, mode="auto")
    send(ward, mailbox)
    answering.cancel(ward.work, ward.as_manager(), shift_id=shift.id)
    clock.now = MORNING + timedelta(minutes=30)
    send(ward, mailbox)

    assert mailbox.to(address(ward, ward.manager)) == []
    ended = {
        row.kind: row.state for row in waiting_rows(ward.work) if row.recipient_id == ward.manager
    }
    assert ended == {"unit-told": "superseded", "daily-news": "superseded"}


def test_a_days_message_that_is_refused_is_on_record_with_its_news(ward, clock, mailbox):
    """Rule N5: every letter in it is "not delivered"."""
    daily(ward, ward.manager)
    ask(ward, mode="auto")
    send(ward, mailbox)
    clock.now = MORNING + timedelta(minutes=30)
    mailbox.desk.answer = "550 no such mailbox"
    send(ward, mailbox)

    ended = {
        row.kind: row.state for row in waiting_rows(ward.work) if row.recipient_id == ward.manager
    }
    assert ended == {"unit-told": "failed", "daily-news": "failed"}


def test_each_person_chooses_how_often_and_how(ward):
    """Rule F10; a text message needs a number."""
    host = ward.as_host()
    profile.choose_reach(ward.work, host, pace="daily", channel="")
    with pytest.raises(BadValue) as refused:
        profile.choose_reach(ward.work, host, pace="", channel="text")
    assert refused.value.facts["problem"] == "no_phone"
    with pytest.raises(BadValue):
        profile.choose_reach(ward.work, host, pace="weekly", channel="")
