"""The outbox: nothing is lost or doubled, whoever is down, cut off or killed."""

import threading
from datetime import timedelta

import pytest

from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.services.notifications.delivery import deliver
from shadowing.services.work import Work
from shadowing.store import journal, outbox
from shadowing.store.engine import make_engine
from shadowing.store.journal import Telling
from shadowing.store.outbox import LEASE, Kept
from tests.mailbox import GOAL, Mailbox, ask, send, states, waiting_rows
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


def test_sent_once_is_sent(ward, mailbox):
    ask(ward, mode="auto")
    sent = send(ward, mailbox)

    assert send(ward, mailbox) == 0
    assert len(mailbox.ids) == len(set(mailbox.ids)) == sent


def test_mail_down_then_up_loses_and_doubles_nothing(ward, clock, mailbox):
    """Rule N5; security.md 6: bookings go on, and everything arrives once."""
    mailbox.down()
    ask(ward, mode="auto")
    due = len(waiting_rows(ward.work))

    send(ward, mailbox)
    assert {state for _, state in states(ward.work)} == {"waiting"}
    assert all(row.trouble for row in waiting_rows(ward.work))
    assert send(ward, mailbox) == 0, "it waits a minute first"
    clock.advance(minutes=1)
    send(ward, mailbox)

    mailbox.up()
    clock.advance(minutes=2)
    send(ward, mailbox)

    assert len(mailbox.ids) == len(set(mailbox.ids)) == due
    assert {state for _, state in states(ward.work)} == {"sent"}


def test_a_line_cut_after_the_message_repeats_the_very_same_message(ward, clock, mailbox):
    """Sent at least once; a repeat has the same bytes and so the same Message-ID."""
    mailbox.desk.answer = "cut"
    ask(ward)
    send(ward, mailbox)

    mailbox.desk.answer = "250 OK"
    clock.advance(minutes=1)
    send(ward, mailbox)

    first, second = mailbox.desk.taken
    assert first.content == second.content
    assert states(ward.work) == [("request-received", "sent")]


def test_a_message_refused_for_good_is_shown_and_not_repeated(ward, clock, mailbox):
    mailbox.desk.answer = "550 No such person here"
    ask(ward)
    send(ward, mailbox)
    mailbox.desk.answer = "250 OK"
    clock.advance(days=1)

    assert send(ward, mailbox) == 0
    (row,) = waiting_rows(ward.work)
    assert row.state == "failed"
    assert "550" in row.trouble


def test_a_server_that_is_busy_is_tried_for_three_days(ward, clock, mailbox):
    """After 1, 2, 5, 15 and 60 minutes, then every hour, for 72 hours."""
    mailbox.desk.answer = "451 Later"
    ward.slot(starts_at=clock.now + timedelta(days=30))
    ask(ward, starts_at=clock.now + timedelta(days=20))
    began = clock.now
    tries = []
    for _ in range(200):
        if send(ward, mailbox):
            tries.append(clock.now - began)
        (row,) = waiting_rows(ward.work)
        if row.state != "waiting":
            break
        clock.now = row.due_at

    minutes = [when // timedelta(minutes=1) for when in tries[:7]]
    assert minutes == [0, 1, 3, 8, 23, 83, 143]
    assert row.state == "failed"
    assert timedelta(hours=70) < tries[-1] <= timedelta(hours=72)


@pytest.mark.slow
def test_two_workers_at_once_send_each_message_once(work, database, clock, mailbox):
    ward = Ward(work, cap=9)
    for _ in range(4):
        host = ward.another_host()
        observer = ward.another_observer()
        slot = ward.slot(host_id=host, mode="auto")
        asking.request(ward.work, ward.as_observer(observer), Ask(slot, GOAL))
    due = len(waiting_rows(ward.work))
    engines = [make_engine(database), make_engine(database)]
    workers = [
        threading.Thread(target=deliver, args=(Work(engine, clock=clock), mailbox.office()))
        for engine in engines
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for engine in engines:
        engine.dispose()
    send(ward, mailbox)

    assert len(mailbox.ids) == len(set(mailbox.ids)) == due >= 16


def test_what_a_killed_worker_had_taken_is_sent_when_its_lease_is_over(ward, clock, mailbox):
    ask(ward)
    with ward.work.write() as tx:
        (parcel,) = outbox.claim(tx.db, at=tx.now, limit=20)
    assert send(ward, mailbox) == 0, "it is in another worker's hands"

    clock.advance(seconds=LEASE.seconds)
    send(ward, mailbox)

    assert mailbox.ids == [parcel.message_id]


def test_a_worker_that_lost_its_lease_sends_nothing(ward, clock, mailbox):
    """It was held up; another one has the letter now, so it would go out twice."""
    ask(ward)
    with ward.work.write() as tx:
        (slow,) = outbox.claim(tx.db, at=tx.now, limit=20)
    clock.advance(seconds=LEASE.seconds)
    send(ward, mailbox)
    with ward.work.write() as tx:
        assert not outbox.begin(tx.db, slow, Kept(b"x", "email", {}), at=tx.now)


def test_one_letter_that_cannot_be_written_holds_up_no_other(ward, clock, mailbox):
    stranger = Telling(key="odd", kind="no-such-letter", recipient_id=ward.manager)
    with ward.work.write() as tx:
        journal.tell(tx.db, stranger, at=tx.now, domain="localhost")
    ask(ward)

    send(ward, mailbox)

    assert states(ward.work) == [("no-such-letter", "waiting"), ("request-received", "sent")]
    assert waiting_rows(ward.work)[0].due_at == clock.now + timedelta(hours=1)
