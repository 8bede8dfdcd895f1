"""Races, ten times each, against real processes: no error page, no deadlock, exact counts (B5).

One server for each database; every round has its own slot, host and day.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, select, update

from shadowing.services.accounts.tokens import create_token
from shadowing.services.bookings import answering, asking
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Work
from shadowing.store.engine import make_engine
from shadowing.store.tables.availability import slot as slots
from shadowing.store.tables.bookings import shift
from shadowing.store.tables.journal import audit, outbox
from shadowing.store.tables.people import person
from tests import makers
from tests.conftest import TEMPLATE
from tests.journeys.servers import served
from tests.journeys.storm import all_at_once, post

pytestmark = pytest.mark.slow

ROUNDS = 10
GOAL = "See how a morning starts."
GONE = ("declined", "withdrawn", "expired", "cancelled_by_observer", "clinical_override")
names, days = count(1), count(10)


class Town:
    """A ward with many cleared people, a manager, and a server of four processes."""

    def __init__(self, work, port, *, people):
        """Make the people once: rounds differ in slot, host and day."""
        self.work, self.port = work, port
        self.ward = makers.Ward(work, cap=200)
        self.strict = makers.Ward(work, auto_approve=False, sensitivity="S2", cap=200)
        self.people = [self.ward.another_observer() for _ in range(people)]
        self.tokens = {one: self.token(one) for one in self.people}

    def token(self, person_id):
        """Let somebody call the API."""
        with self.work.read() as tx:
            email = tx.db.scalar(select(person.c.email).where(person.c.id == person_id))
        return create_token(self.work, email=email)

    def slot(self, *, ward=None, host=None, seats=1, hours=0, mode="ask"):
        """Open a slot on a day of its own."""
        ward = ward or self.ward
        now = self.work.clock().replace(minute=0, second=0, microsecond=0)
        start = now + timedelta(days=next(days), hours=hours)
        host = host or ward.another_host(max_per_month=31, cool_down_days=0)
        return ward.slot(host_id=host, starts_at=start, seats=seats, mode=mode)

    def book(self, person_id, slot_id, ward=None):
        """Ask for a slot before the race."""
        actor = (ward or self.ward).as_observer(person_id)
        return asking.request(self.work, actor, Ask(slot_id, GOAL)).id

    def ask(self, person_id, slot_id, key=""):
        """Write out a request for a slot."""
        body = {"slot": str(slot_id), "goal": GOAL}
        return post("/api/v1/shifts", body, token=self.tokens[person_id], key=key)

    def move(self, person_id, shift_id, name, body=None):
        """Write out a move of a shift."""
        token = self.tokens[person_id]
        return post(f"/api/v1/shifts/{shift_id}/{name}", body or {}, token=token)

    def race(self, requests, meanwhile=None):
        """Send all at one instant; nobody sees an error page."""
        with ThreadPoolExecutor(1) as aside:
            done = aside.submit(meanwhile) if meanwhile else None
            answers = all_at_once(self.port, requests)
            if done:
                done.result(60)
        assert [answer.status for answer in answers if answer.status >= 500] == []
        return answers

    def count(self, *conditions):
        """Count shifts."""
        with self.work.read() as tx:
            return tx.db.scalar(select(func.count()).select_from(shift).where(*conditions))

    def standing(self, slot_id):
        """Count the shifts that stand on a slot; the schema's own count says the same."""
        found = self.count(shift.c.slot_id == slot_id, shift.c.state.not_in(GONE))
        assert makers.taken(self.work, slot_id) == found
        return found

    def invited(self, shift_id):
        """Count the invites that were queued about a shift."""
        about = (outbox.c.shift_id == shift_id, outbox.c.kind == "invitation")
        with self.work.read() as tx:
            return tx.db.scalar(select(func.count()).select_from(outbox).where(*about))

    def noted(self, event, *shift_ids):
        """Count lines of the audit log about some shifts."""
        wanted = (audit.c.event == event, audit.c.subject_id.in_(shift_ids))
        with self.work.read() as tx:
            return tx.db.scalar(select(func.count()).select_from(audit).where(*wanted))


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def town(request, tmp_path_factory):
    """Serve one database for all races."""
    home = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        copy = home / "shadowing.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite"), copy)
        url, drop = f"sqlite:///{copy}", None
    else:
        server, name = request.getfixturevalue("postgresql"), f"races_{next(names)}"
        server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        url, drop = server.url(name), f"DROP DATABASE {name} WITH (FORCE)"
    engine = make_engine(url)
    with served(url, home, workers=4) as port:
        yield Town(Work(engine), port, people=64)
    engine.dispose()
    if drop:
        request.getfixturevalue("postgresql").run(drop)


def told(answers):
    """List what was answered: status and code."""
    return sorted((answer.status, answer.code) for answer in answers)


def test_one_person_twice_with_one_key_is_one_booking(town):
    """CONTRACTS 6: a repeat is given the first answer."""
    for number in range(ROUNDS):
        slot_id, who = town.slot(seats=3), town.people[0]
        answers = town.race([town.ask(who, slot_id, key=f"key-{number}")] * 4)

        assert {answer.status for answer in answers} == {201}
        assert len({answer.body["id"] for answer in answers}) == 1
        assert town.standing(slot_id) == 1


def test_one_person_in_two_places_gets_one(town):
    """Rule B7: two slots that overlap."""
    for _ in range(ROUNDS):
        one = town.slot()
        with town.work.read() as tx:
            start = tx.db.scalar(select(slots.c.starts_at).where(slots.c.id == one))
        host = town.ward.another_host(max_per_month=31, cool_down_days=0)
        two = town.ward.slot(host_id=host, starts_at=start + timedelta(hours=2))
        who = town.people[1]
        answers = town.race([town.ask(who, one), town.ask(who, two)])

        assert told(answers) == [(201, ""), (409, "overlap")]
        assert town.standing(one) + town.standing(two) == 1


def test_thirty_two_cancel_while_thirty_two_book(town):
    """Rule B5: every seat that is left may be taken, and none is sold twice."""
    for _ in range(ROUNDS):
        slot_id = town.slot(seats=32)
        first, second = town.people[:32], town.people[32:]
        booked = {who: town.book(who, slot_id) for who in first}
        out = [town.move(who, booked[who], "cancel") for who in first]
        answers = town.race([*out, *(town.ask(who, slot_id) for who in second)])

        left, asked = answers[:32], answers[32:]
        assert {answer.status for answer in left} == {200}
        assert set(told(asked)) <= {(201, ""), (409, "slot_full")}
        won = sum(answer.status == 201 for answer in asked)
        assert town.standing(slot_id) == won <= 32
        assert town.noted("shift.withdrawn", *booked.values()) == 32


def test_of_eight_approvals_of_the_last_seat_one_counts(town):
    """Rule B3: one yes, one line in the log, one invite a person."""
    ward = town.strict
    manager = town.token(ward.manager)
    for _ in range(ROUNDS):
        who = ward.another_observer()
        slot_id = town.slot(ward=ward, mode="auto")
        shift_id = town.book(who, slot_id, ward)
        before = town.invited(shift_id)
        approve = post(f"/api/v1/shifts/{shift_id}/approve", {}, token=manager)
        answers = town.race([approve] * 8)

        assert told(answers) == [(200, "")] + [(409, "move_not_allowed")] * 7
        assert town.noted("shift.confirmed", shift_id) == 1
        assert town.invited(shift_id) - before == 4, "shift and talk, for each of the two"


def test_two_who_want_each_others_time_keep_their_own(town):
    """Rule B9: locks are taken in one order, so that nobody waits for the other for ever."""
    for _ in range(ROUNDS):
        one, two = town.slot(), town.slot()
        a, b = town.people[2], town.people[3]
        first, second = town.book(a, one), town.book(b, two)
        answers = town.race(
            [
                town.move(a, first, "move", {"slot": str(two)}),
                town.move(b, second, "move", {"slot": str(one)}),
            ]
        )

        assert told(answers) == [(409, "slot_full")] * 2
        assert town.standing(one) == town.standing(two) == 1


def test_seats_that_are_lowered_in_the_storm_are_never_oversold(town):
    """Rule B5: whatever was sold before stands, and not one more."""
    for _ in range(ROUNDS):
        slot_id, crowd = town.slot(seats=8), town.people[:16]

        def lower(slot_id=slot_id):
            with town.work.write() as tx:
                taken = select(slots.c.taken).where(slots.c.id == slot_id).with_for_update()
                seats = max(4, tx.db.scalar(taken))
                tx.db.execute(update(slots).where(slots.c.id == slot_id).values(seats=seats))

        answers = town.race([town.ask(who, slot_id) for who in crowd], meanwhile=lower)

        won = sum(answer.status == 201 for answer in answers)
        assert set(told(answers)) <= {(201, ""), (409, "slot_full")}
        with town.work.read() as tx:
            seats = tx.db.scalar(select(slots.c.seats).where(slots.c.id == slot_id))
        assert town.standing(slot_id) == won <= seats
        assert won >= 4


def test_a_host_who_withdraws_in_the_storm_is_asked_by_nobody_after(town):
    """Section 6.4: each is given the seat before, or reads that the time is gone."""
    for _ in range(ROUNDS):
        slot_id, crowd = town.slot(seats=16), town.people[:16]

        def withdraw(slot_id=slot_id):
            with town.work.write() as tx:
                gone = update(slots).where(slots.c.id == slot_id).values(state="withdrawn")
                tx.db.execute(gone)

        answers = town.race([town.ask(who, slot_id) for who in crowd], meanwhile=withdraw)

        won = sum(answer.status == 201 for answer in answers)
        assert {answer.status for answer in answers} <= {201, 404, 409}
        assert town.standing(slot_id) == won


def test_a_cancel_and_a_yes_of_the_same_instant_leave_one_truth(town):
    """Section 6.2: whoever is second reads that it has moved on."""
    for _ in range(ROUNDS):
        host = town.ward.another_host(max_per_month=31, cool_down_days=0)
        slot_id, who = town.slot(host=host), town.people[4]
        shift_id = town.book(who, slot_id)
        accept = post(f"/api/v1/shifts/{shift_id}/accept", {}, token=town.token(host))
        answers = town.race([accept, town.move(who, shift_id, "withdraw")])

        assert sorted(answer.status for answer in answers) in ([200, 200], [200, 409])
        assert town.standing(slot_id) == town.count(
            shift.c.id == shift_id, shift.c.state == "confirmed"
        )
        if town.standing(slot_id):
            answering.cancel(town.work, town.ward.as_observer(who), shift_id=shift_id)
