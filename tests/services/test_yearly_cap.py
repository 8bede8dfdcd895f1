"""Hours a year (B13): off until a site wants it; booked and done both count."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import YearlyCap
from shadowing.services.bookings import answering, asking, moving
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import bookings, people
from tests.makers import NOW, Ward

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


def cap(ward, hours):
    with ward.work.write() as tx:
        tx.db.execute(people.program.update().values(settings={"yearly_cap_hours": hours}))


def ask(ward, days):
    slot_id = ward.slot(
        host_id=ward.another_host(), mode="auto", starts_at=NOW + timedelta(days=days)
    )
    return asking.request(ward.work, ward.as_observer(), Ask(slot_id, GOAL))


def test_booked_and_done_hours_count_and_the_next_year_begins_anew(ward):
    """Rule B13: four hours done, four booked; a cap of eleven holds back four more."""
    done = ask(ward, 14)
    with ward.work.write() as tx:
        over = {"state": "completed", "minutes": 230}
        one = bookings.shift.c.id == done.id
        tx.db.execute(bookings.shift.update().where(one).values(**over))
    cap(ward, 11)
    ask(ward, 20)

    with pytest.raises(YearlyCap):
        ask(ward, 30)
    assert ask(ward, 320), "in 2028"


def test_what_did_not_take_place_is_not_counted_and_a_move_counts_once(ward):
    """Rules B9, B13: limits as if the old booking were not there."""
    cap(ward, 7)
    first = ask(ward, 14)
    host = ward.another_host()
    new = ward.slot(host_id=host, mode="auto", starts_at=NOW + timedelta(days=25))
    assert moving.ask(ward.work, ward.as_observer(), shift_id=first.id, slot_id=new)
    with pytest.raises(YearlyCap):
        ask(ward, 40)

    answering.cancel(ward.work, ward.as_observer(), shift_id=first.id)

    assert ask(ward, 41)


def test_without_a_cap_nobody_is_counted(ward):
    for days in (14, 18, 22):
        assert ask(ward, days)
