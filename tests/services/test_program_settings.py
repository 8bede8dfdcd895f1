"""What a program or its organization sets holds for every asking (docs/rules.md, section 2.5)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.bookings.asking import NotAvailable, NoticeTooShort
from shadowing.services.bookings import asking
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
