"""Hosts whom somebody waits for hear of it, seldom, and never in a break or at night. Rule H9."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.services.bookings import wishing
from shadowing.services.bookings.wishing import Wanted
from shadowing.services.notifications import nudges
from shadowing.store.tables import people
from tests.clearances import told
from tests.mailbox import Mailbox, address, send, words_of
from tests.makers import NOW, Ward

GOAL = "See how a morning starts."
KIND = "hours-wanted"
DAY = NOW.date() + timedelta(days=20)
WEEKS = timedelta(weeks=8)


@pytest.fixture
def mailbox():
    """Run a mail server as long as the test."""
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    """Make a ward for which somebody waits, and whose host has opened nothing."""
    ward = Ward(work)
    wait(ward, unit_id=ward.unit)
    return ward


def wait(ward, who=None, **wanted):
    actor = ward.as_observer(who) if who else ward.as_observer()
    wishing.wish(ward.work, actor, Wanted(goal=GOAL, first=DAY, last=DAY + WEEKS, **wanted))


def nudged(ward):
    return [who for who, _ in told(ward.work, KIND)]


def test_a_host_hears_who_waits_and_that_no_answer_is_fine_rule_h9(ward, mailbox):
    wait(ward, ward.another_observer(), host_role="rn_ms")

    assert nudges.plan(ward.work) == 1

    send(ward, mailbox)
    (letter,) = [m for m in mailbox.to(address(ward, ward.host)) if "wait" in m["Subject"]]
    assert letter["Subject"] == "2 people wait for hours like yours"
    assert "No answer is fine." in words_of(letter)
    assert "/availability" in words_of(letter)


def test_nobody_is_nudged_twice_in_a_fortnight_rule_h9(ward):
    nudges.plan(ward.work)
    ward.work.clock.advance(days=13, hours=23)
    assert nudges.plan(ward.work) == 0

    ward.work.clock.advance(hours=1)

    assert nudges.plan(ward.work) == 1
    assert nudged(ward) == [ward.host, ward.host]


@pytest.mark.parametrize(
    "changed",
    [
        {"paused_until": NOW + timedelta(days=30)},
        {"load_paused_at": NOW},
        {"left_hosting_at": NOW},
        {"active": False},
    ],
)
def test_nobody_is_nudged_who_takes_a_break_or_has_stopped_rule_h9(ward, changed):
    with ward.work.write() as tx:
        mine = update(people.person).where(people.person.c.id == ward.host)
        tx.db.execute(mine.values(**changed))

    assert nudges.plan(ward.work) == 0


def test_a_break_that_is_over_keeps_nobody_from_hearing_rule_h9(ward):
    with ward.work.write() as tx:
        tx.db.execute(update(people.person).values(paused_until=NOW))

    assert nudges.plan(ward.work) == 1


def test_who_has_opened_hours_or_is_waited_for_by_nobody_hears_nothing_rule_h9(ward):
    ward.slot(starts_at=NOW + timedelta(days=21))
    elsewhere = Ward(ward.work)

    assert nudges.plan(ward.work) == 0
    assert elsewhere.host not in nudged(ward)


def test_a_paused_unit_asks_nobody_rule_a7(ward):
    with ward.work.write() as tx:
        tx.db.execute(update(people.unit).values(paused_until=NOW + timedelta(days=3)))

    assert nudges.plan(ward.work) == 0


def test_at_night_nothing_leaves_rule_h9(ward, mailbox):
    ward.work.clock.now = NOW.replace(hour=5)
    nudges.plan(ward.work)
    send(ward, mailbox)
    assert not [m for m in mailbox.to(address(ward, ward.host)) if "wait" in m["Subject"]]

    ward.work.clock.now = NOW.replace(hour=13, minute=5)
    send(ward, mailbox)

    assert [m for m in mailbox.to(address(ward, ward.host)) if "wait" in m["Subject"]]


@pytest.mark.slow
def test_of_several_workers_one_nudges_rule_h9(ward):
    with ThreadPoolExecutor(4) as crowd:
        done = list(crowd.map(lambda _: nudges.plan(ward.work), range(4)))

    assert sum(done) == 1
    assert nudged(ward) == [ward.host]
