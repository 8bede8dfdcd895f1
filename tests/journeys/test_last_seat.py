"""The last seat, and 64 people who want it at the same instant (booking.md 4.5; rule B5)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shadowing.services.accounts.tokens import create_token
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Work
from shadowing.store.engine import make_engine
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.journal import audit, outbox
from shadowing.store.tables.people import person
from tests import makers
from tests.journeys.servers import served
from tests.journeys.storm import all_at_once, post

pytestmark = pytest.mark.slow

CROWD = 64
GOAL = "See how a morning starts."
TRIGGERS = ("shift_seat_taken", "shift_seat_entered")


@pytest.fixture
def today(database):
    """Open transactions at the hour it is: the server has the machine's clock."""
    engine = make_engine(database)
    work = Work(engine)
    yield work
    engine.dispose()


class Crowd:
    """A ward with one slot of which one seat is left, and 64 cleared people with tokens."""

    def __init__(self, work, *, seats):
        """Make them all, and give the other seats away."""
        self.work = work
        self.ward = makers.Ward(work, cap=2 * CROWD)
        start = work.clock().replace(minute=0, second=0, microsecond=0) + timedelta(days=14)
        self.slot = self.ward.slot(seats=seats, starts_at=start)
        for _ in range(seats - 1):
            other = self.ward.as_observer(self.ward.another_observer())
            asking.request(work, other, Ask(self.slot, GOAL))
        people = [self.ward.another_observer() for _ in range(CROWD)]
        with work.read() as tx:
            rows = tx.db.execute(person.select().where(person.c.id.in_(people))).all()
        self.tokens = [create_token(work, email=row.email) for row in rows]
        self.invited_before = self.count(outbox, outbox.c.event_id.is_not(None))
        self.asked_before = self.count(audit, audit.c.event == "shift.requested")

    def count(self, table, condition):
        """Count rows that meet a condition."""
        with self.work.read() as tx:
            return len(tx.db.execute(table.select().where(condition)).all())

    def requests(self, **more):
        """Write out what each of them sends."""
        body = {"slot": str(self.slot), "goal": GOAL}
        return [post("/api/v1/shifts", body, token=token, **more) for token in self.tokens]


def check(crowd, answers, *, seats):
    """Hold the outcome to what the issue asks: one wins, 63 read that it is full."""
    told = sorted((answer.status, answer.code) for answer in answers)
    assert told == [(201, "")] + [(409, "slot_full")] * (CROWD - 1)
    standing = crowd.count(shift, shift.c.slot_id == crowd.slot)
    assert standing == seats
    assert makers.taken(crowd.work, crowd.slot) == seats
    assert crowd.count(outbox, outbox.c.event_id.is_not(None)) == crowd.invited_before + 1
    assert crowd.count(audit, audit.c.event == "shift.requested") == crowd.asked_before + 1


@pytest.mark.parametrize("seats", [3, 1])
def test_of_64_who_ask_for_the_last_seat_one_is_given_it(database, today, tmp_path, seats):
    crowd = Crowd(today, seats=seats)
    with served(database, tmp_path, workers=4) as port:
        answers = all_at_once(port, crowd.requests())

    check(crowd, answers, seats=seats)


def test_without_the_guard_the_same_test_fails(database, today, tmp_path):
    """The test has the power to see an oversold slot: here nothing counts the seats."""
    crowd = Crowd(today, seats=3)
    switch_off(today)
    with served(database, tmp_path, workers=4) as port:
        answers = all_at_once(port, crowd.requests())

    with pytest.raises(AssertionError):
        check(crowd, answers, seats=3)
    assert crowd.count(shift, shift.c.slot_id == crowd.slot) > 3, "oversold, as it must be here"


def switch_off(work):
    """Take away what counts the seats of a slot."""
    with work.write() as tx:
        if tx.db.dialect.name == "sqlite":
            for name in TRIGGERS:
                tx.db.execute(text(f"DROP TRIGGER {name}"))
        else:
            tx.db.execute(text("ALTER TABLE shift DISABLE TRIGGER USER"))


def test_64_repeats_of_one_request_are_one_booking(database, today, tmp_path):
    """CONTRACTS 6: the same key and body replays the first answer."""
    crowd = Crowd(today, seats=3)
    one = crowd.requests(key="a-key-of-mine")[0]
    with served(database, tmp_path, workers=4) as port:
        answers = all_at_once(port, [one] * CROWD)

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert crowd.count(shift, shift.c.slot_id == crowd.slot) == 3
