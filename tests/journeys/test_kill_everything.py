"""kill -9 of server and worker together, while people book and letters go out (security.md 6)."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from shadowing.services.accounts.tokens import create_token
from shadowing.store.outbox import LEASE
from shadowing.store.tables.people import person
from tests import makers
from tests.journeys.servers import (
    PATIENCE,
    answers,
    environment,
    free_port,
    start,
    stop,
    wait_until,
)
from tests.journeys.storm import post, send
from tests.mailbox import GOAL, Mailbox, states, waiting_rows
from tests.makers import Ward

pytestmark = pytest.mark.slow

CROWD = 24
KILLS = 4


@pytest.fixture
def mailbox():
    """Run a mail server that takes its time over each message."""
    mailbox = Mailbox()
    mailbox.desk.seconds = 0.05
    mailbox.up()
    yield mailbox
    mailbox.down()


def bookings(work):
    """Give each of a crowd a slot of their own to ask for; gives the requests."""
    ward = Ward(work, cap=CROWD)
    made = []
    for _ in range(CROWD):
        observer = ward.another_observer()
        slot = ward.slot(host_id=ward.another_host(), mode="auto")
        with work.read() as tx:
            email = tx.db.scalar(select(person.c.email).where(person.c.id == observer))
        token = create_token(work, email=email)
        body = {"slot": str(slot), "goal": GOAL}
        made.append(post("/api/v1/shifts", body, token=token, key=f"once-{slot}"))
    return made


def until_answered(port, request):
    """Send again and again, as a client does whose connection breaks; the key makes it one."""
    answer = None

    def answered():
        nonlocal answer
        try:
            answer = send(port, request)
        except (OSError, ValueError, IndexError):
            return False
        return answer.status in {200, 201, 409}

    wait_until(answered, what="no answer at all", patience=3 * PATIENCE)
    return answer


class Server:
    """Pages in two processes with the worker beside, killed and started again."""

    def __init__(self, database, home, clock, mailbox):
        """Know where everything is."""
        self.port, self.log, self.clock = free_port(), home / "server.log", clock
        told = {"BASE_URL": f"http://127.0.0.1:{self.port}", "MAIL_URL": mailbox.url}
        self.told = lambda: environment(database, home, **told, CLOCK=clock.now.isoformat())
        self.process = None

    def begin(self):
        """Start it, at the instant the clock shows."""
        arguments = ("serve", "--port", str(self.port), "--workers", "2")
        self.process = start(*arguments, env=self.told(), log=self.log)
        wait_until(lambda: answers(self.port), what=f"no server: {self.log.read_text()[-2000:]}")

    def kill(self):
        """Kill every process of it at once; a lease later it may begin again."""
        os.killpg(self.process.pid, signal.SIGKILL)
        stop(self.process, signal.SIGKILL)
        wait_until(lambda: not answers(self.port), what="somebody still answers")
        self.clock.now += LEASE + timedelta(minutes=1)


def test_nothing_is_lost_when_everything_is_killed(work, database, clock, mailbox, tmp_path):
    """Booked wholly or not at all, back without repair, and every message due is sent."""
    requests = bookings(work)
    server = Server(database, tmp_path, clock, mailbox)
    server.begin()
    with ThreadPoolExecutor(4) as crowd:
        told = [crowd.submit(until_answered, server.port, request) for request in requests]
        for kill in range(1, KILLS + 1):
            wait_until(
                lambda n=kill: sum(each.done() for each in told) >= n * CROWD // (KILLS + 2),
                what="nobody is booked",
            )
            server.kill()
            server.begin()
        got = [each.result() for each in told]
    wait_until(
        lambda: {state for _, state in states(work)} == {"sent"},
        what=f"letters still wait: {server.log.read_text()[-2000:]}",
    )
    stop(server.process)
    check(work, mailbox, got)


def check(work, mailbox, got):
    """Hold what stands and what was sent to what everybody was told."""
    assert [answer.status for answer in got] == [201] * CROWD
    standing = makers.shifts(work)
    assert {str(row.id) for row in standing} == {answer.body["id"] for answer in got}
    assert {row.state for row in standing} == {"confirmed"}
    due = {row.message_id for row in waiting_rows(work)}
    assert set(mailbox.ids) == due, "every message due was sent, and no other"
    assert len(due) == 5 * CROWD, "two letters a person, and one to the unit"
