"""What a program or its organization sets holds for every asking (docs/rules.md, section 2.5)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.bookings.asking import NotAvailable, NoticeTooShort
from shadowing.services.bookings import asking, day, looking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import people
from tests.makers import NOW, Ward

GOAL = "See how a morning starts."


def set_in(work, table, **settings):
    """Set something for everybody."""
    with work.write() as tx:
        tx.db.execute(update(table).values(settings=settings))


@pytest.mark.parametrize("table", [people.organization, people.program])
def test_a_longer_notice_is_asked_for_where_it_is_set(work, table):
    """Rule B4."""
    ward = Ward(work)
    set_in(work, table, employee_days=15)

    with pytest.raises(NoticeTooShort) as refused:
        asking.request(work, ward.as_observer(), Ask(ward.slot(), GOAL))

    assert refused.value.facts["days"] == 15


def test_a_seat_is_held_as_long_as_is_set(work):
    """Rule B5."""
    ward = Ward(work)
    set_in(work, people.program, hold_minutes=5)

    kept = asking.hold(work, ward.as_observer(), Ask(ward.slot(), GOAL))

    assert kept.expires_at == NOW + timedelta(minutes=5)


def test_a_request_waits_as_long_as_is_set(work):
    """Rule B6."""
    ward = Ward(work)
    set_in(work, people.program, request_answer_hours=24)

    asked = asking.request(work, ward.as_observer(), Ask(ward.slot(), GOAL))

    assert asked.answer_by == NOW + timedelta(hours=24)


def test_hosts_are_spared_as_much_as_is_set(work):
    """Rule A4."""
    ward = Ward(work)
    set_in(work, people.program, max_per_month=0)

    with pytest.raises(NotAvailable):
        asking.request(work, ward.as_observer(), Ask(ward.slot(), GOAL))


def test_the_doors_of_the_day_open_as_is_set(work):
    """Rule D1, ``checkin_opens``: what the page offers and what the service takes are one."""
    ward = Ward(work)
    set_in(work, people.organization, checkin_opens=90)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    moves = []
    for minutes in (91, 90):
        work.clock.now = shift.starts_at - timedelta(minutes=minutes)
        moves.append("check-in" in looking.show(work, ward.as_host(), shift_id=shift.id).moves)

    assert moves == [False, True]
    day.check_in(work, ward.as_host(), shift_id=shift.id, well="yes")


def test_a_shift_carries_the_times_of_its_program(work):
    """Rules D3 to D5: what the page says rests on what is set."""
    ward = Ward(work)
    set_in(work, people.organization, early_end_minutes=40, record_days=21, object_days=10)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))

    told = looking.show(work, ward.as_observer(), shift_id=shift.id).timing

    assert (told.early_end, told.record_within, told.object_within) == (
        timedelta(minutes=40),
        timedelta(days=21),
        timedelta(days=10),
    )
