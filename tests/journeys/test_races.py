"""Races, ten times each, against real processes: no error page, no deadlock, exact counts (B5).

One server for each database; every round has its own slot, host and day.
"""

import shutil
from datetime import timedelta
from itertools import count, pairwise
from uuid import UUID

import pytest

from shadowing.services.availability import changing, leaving
from shadowing.services.availability.acts import BookedStay, NoLonger
from shadowing.services.availability.leaving import ShiftsAhead
from shadowing.services.bookings import answering, closing_hours, wishing
from shadowing.services.work import Work, clock_from, epoch_seconds
from shadowing.store.engine import make_engine
from shadowing.store.tables.bookings import shift
from tests.conftest import TEMPLATE
from tests.journeys.servers import served
from tests.journeys.storm import post
from tests.journeys.town import Town
from tests.makers import NOW

pytestmark = pytest.mark.slow

ROUNDS = 10
GAP = timedelta(days=14)
names = count(1)


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
    with served(url, home, workers=4, CLOCK=NOW.isoformat()) as port:
        clock = clock_from(NOW, since=epoch_seconds())
        yield Town(Work(engine, clock=clock), port, people=80)
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
        start = town.of_slot(one, "starts_at")
        host = town.host()
        two = town.ward.slot(host_id=host, starts_at=start + timedelta(hours=2))
        who = town.people[1]
        answers = town.race([town.ask(who, one), town.ask(who, two)])

        assert told(answers) == [(201, ""), (409, "overlap")]
        assert town.standing(one) + town.standing(two) == 1


def test_thirty_two_cancel_while_thirty_two_book(town):
    """Rule B5: every seat that is left may be taken, and none is sold twice."""
    for _ in range(ROUNDS):
        slot_id = town.slot(seats=32)
        first, second = town.people[:32], town.people[32:64]
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


def test_room_that_is_lowered_in_the_storm_is_never_oversold(town):
    """Rules A9, B5: whatever was booked before stands and was shown first; not one more comes."""
    for number in range(ROUNDS):
        unit_id, crowd = town.unit(cap=8), town.people[number % 4 * 16 :][:16]
        slot_id = town.slot(unit_id=unit_id, seats=16, mode="auto")
        shown = []

        answers = town.race(
            [town.ask(who, slot_id) for who in crowd],
            meanwhile=lambda unit_id=unit_id, shown=shown: town.lower(unit_id, 4, shown),
        )

        won = sum(answer.status == 201 for answer in answers)
        assert set(told(answers)) <= {(201, ""), (409, "unit_full")}
        before = town.confirmed_before(slot_id, unit_id)
        assert town.standing(slot_id) == won == max(before, 4)
        assert shown[-1] == (before if before > 4 else 0), "what was agreed is what stood"


def test_a_host_whose_days_are_asked_for_all_at_once_hosts_as_often_as_they_said(town):
    """Rule A4: so many a month and so far apart, whichever of the days were first."""
    for number in range(ROUNDS):
        host, _ = town.weekly(number)
        days = town.slots_of(host)
        crowd = enumerate(town.people[64:])
        answers = town.race([town.ask(who, days[n % len(days)]) for n, who in crowd])

        won = sorted(town.of_slot(day, "local_date") for day in days if town.standing(day))
        assert set(told(answers)) <= {(201, ""), (409, "not_available"), (409, "slot_full")}
        assert len(won) == sum(answer.status == 201 for answer in answers)
        assert all(later - sooner >= GAP for sooner, later in pairwise(won)), won
        town.leave(host)


def test_a_host_who_closes_hours_in_the_storm_is_asked_by_nobody_after(town):
    """Section 6.4: each request was on the list that the host saw, and ends; no seat stays sold."""
    for number in range(ROUNDS):
        host, rule_id = town.weekly(number)

        def close(seen, host=host, rule_id=rule_id):
            changing.change(town.work, host, [NoLonger(rule_id)], agreed=seen)
            closing_hours.decline_own(town.work, host)

        withdraws_in_the_storm(town, host, close)


def test_a_host_who_stops_hosting_in_the_storm_is_asked_by_nobody_after(town):
    """Rule P8: the same, and nothing opens again when the last of it is called off."""
    for number in range(ROUNDS):
        host, _ = town.weekly(number)

        def stop(seen, host=host):
            leaving.leave(town.work, host, agreed=seen)
            closing_hours.cancel_own(town.work, host)

        withdraws_in_the_storm(town, host, stop)


def withdraws_in_the_storm(town, host, withdraw):
    """Sixteen ask for some days of a host who takes all of them back."""
    days, seen = town.slots_of(host)[::3], set()

    def take_back():
        while True:
            try:
                withdraw(seen)
            except (BookedStay, ShiftsAhead) as refusal:
                seen.update(each.shift_id for found in refusal.facts.values() for each in found)
            else:
                return

    requests = [town.ask(who, days[n % len(days)]) for n, who in enumerate(town.people[64:])]
    answers = town.race(requests, meanwhile=take_back)

    asked = {UUID(answer.body["id"]) for answer in answers if answer.status == 201}
    assert set(told(answers)) <= {(201, ""), (409, "slot_full"), (409, "slot_gone")}
    assert asked == seen, "the host saw each of them"
    assert town.noted("shift.declined", *asked) == len(asked)
    assert town.noted("slot.withdrawn", *days) == len(days)
    for slot_id in days:
        assert town.standing(slot_id) == 0
        assert town.of_slot(slot_id, "state") == "withdrawn"


def test_a_seat_that_is_offered_is_for_who_waited_however_many_strangers_book(town):
    """Rules B1, B5: they take it, everybody else reads that it is full."""
    for _ in range(ROUNDS):
        slot_id, waits, booked = town.waited_for()
        answering.cancel(town.work, town.ward.as_observer(booked.observer_id), shift_id=booked.id)
        wishing.run(town.work)
        strangers = town.people[8:24]
        answers = town.race([town.ask(who, slot_id) for who in (waits, *strangers)])

        assert told(answers[:1]) == [(201, "")]
        assert told(answers[1:]) == [(409, "slot_full")] * len(strangers)
        assert town.standing(slot_id) == 1
        assert town.noted("shift.requested", UUID(answers[0].body["id"])) == 1


def test_a_seat_is_offered_or_booked_by_a_stranger_of_the_same_instant(town):
    """Rule B5: one of them has it; an offer is made, or it is not, and nobody is told of both."""
    for _ in range(ROUNDS):
        slot_id, waits, booked = town.waited_for()
        out = town.move(booked.observer_id, booked.id, "cancel")

        answers = town.race(
            [out, *(town.ask(who, slot_id) for who in town.people[8:16])],
            meanwhile=lambda: [wishing.run(town.work) for _ in range(8)],
        )

        assert told(answers[:1]) == [(200, "")]
        assert set(told(answers[1:])) <= {(201, ""), (409, "slot_full")}
        won = sum(answer.status == 201 for answer in answers[1:])
        offered = town.offered(slot_id)
        assert won + offered <= 1
        assert town.standing(slot_id, held=offered) == won
        wishing.run(town.work)
        assert town.offered(slot_id) == 1 - won
        town.forget(waits)


def test_a_cancel_and_a_yes_of_the_same_instant_leave_one_truth(town):
    """Section 6.2: whoever is second reads that it has moved on."""
    for _ in range(ROUNDS):
        host = town.host()
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
