"""kill -9 of a worker while letters are going out: none is lost, and a repeat is the same one."""

import signal
import time
from datetime import timedelta

import pytest

from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.outbox import LEASE
from tests.journeys.servers import environment, start, stop, wait_until
from tests.mailbox import GOAL, Mailbox, states, waiting_rows
from tests.makers import Ward

BOOKINGS = 12
KILLS = 5


@pytest.fixture
def mailbox():
    """Run a mail server that takes its time over each message."""
    mailbox = Mailbox()
    mailbox.desk.seconds = 0.05
    mailbox.up()
    yield mailbox
    mailbox.down()


def book(ward):
    """Confirm shifts enough to keep a worker busy for a while."""
    for _ in range(BOOKINGS):
        slot = ward.slot(host_id=ward.another_host(), mode="auto")
        asking.request(ward.work, ward.as_observer(ward.another_observer()), Ask(slot, GOAL))


def begin(database, tmp_path, clock, mailbox):
    """Start a worker in a process of its own, at the instant the clock shows."""
    told = {"MAIL_URL": mailbox.url, "CLOCK": clock.now.isoformat()}
    env = environment(database, tmp_path, **told)
    return start("worker", env=env, log=tmp_path / "worker.log")


@pytest.mark.slow
def test_a_worker_killed_again_and_again_loses_no_letter(work, database, clock, mailbox, tmp_path):
    """security.md 6: sent at least once; a repeat has the same Message-ID and the same bytes."""
    book(Ward(work, cap=BOOKINGS))
    due = {row.message_id for row in waiting_rows(work)}
    for round_number in range(1, KILLS + 1):
        process = begin(database, tmp_path, clock, mailbox)
        enough = round_number * len(due) // (KILLS + 2)
        wait_until(lambda n=enough: len(mailbox.ids) >= n, what="no letter was taken")
        stop(process, signal.SIGKILL)
        time.sleep(0.2)
        clock.advance(seconds=LEASE.seconds + 60)
    killed_with = len(mailbox.ids)

    process = begin(database, tmp_path, clock, mailbox)
    wait_until(
        lambda: {state for _, state in states(work)} == {"sent"},
        what=f"letters still wait; the worker said {(tmp_path / 'worker.log').read_text()[-2000:]}",
    )
    stop(process)

    assert killed_with < len(due), "every round was killed while letters were going out"
    assert set(mailbox.ids) == due, "every message due was sent"
    bodies = {}
    for message_id, envelope in zip(mailbox.ids, mailbox.desk.taken, strict=True):
        assert bodies.setdefault(message_id, envelope.content) == envelope.content
    assert len(mailbox.ids) <= len(due) + KILLS, "at most the one in hand was sent again"


@pytest.mark.slow
def test_two_workers_of_which_one_is_killed_send_everything(
    work, database, clock, mailbox, tmp_path
):
    """Several may run at once; what one leaves behind another takes up."""
    book(Ward(work, cap=BOOKINGS))
    due = {row.message_id for row in waiting_rows(work)}
    first = begin(database, tmp_path, clock, mailbox)
    second = begin(database, tmp_path, clock, mailbox)
    wait_until(lambda: len(mailbox.ids) > 3, what="no letter was taken")
    stop(first, signal.SIGKILL)
    taken = len(mailbox.ids)
    wait_until(lambda: len(mailbox.ids) > taken + 3, what="the other worker did not go on")
    stop(second)
    clock.now += timedelta(minutes=5)
    third = begin(database, tmp_path, clock, mailbox)
    wait_until(lambda: {state for _, state in states(work)} == {"sent"}, what="letters still wait")
    stop(third)

    assert set(mailbox.ids) == due
    assert len(mailbox.ids) <= len(due) + 1
