"""Days that pass over credentials and requirements: section 6.6 and the expiry reminders."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from shadowing.adapters import reference
from shadowing.domain.clearance.evidence import State
from shadowing.domain.clearance.rulebook import Own
from shadowing.domain.clearance.states import Life
from shadowing.services.bookings import asking, clock
from shadowing.services.bookings.asking import Ask
from shadowing.services.clearance import own, turning
from shadowing.services.clearance.own import Said
from shadowing.store.clearance import requirements
from shadowing.store.tables.journal import outbox
from tests.clearances import moves_of, on_record, put, state_of
from tests.makers import Ward

DAY = timedelta(days=1)
LAST = date(2027, 4, 10)
REMINDER = "requirement-reminder"


@pytest.fixture
def ward(work):
    ward = Ward(work)
    put(work, ward.observer, "HIPAA", valid_to=LAST)
    turning.run(work)
    return ward


def at(work, day, hour=18):
    """Let it be noon on a day in Chicago, or another hour of UTC."""
    work.clock.now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return turning.run(work)


def reminders(work):
    """List who was reminded of what runs out here."""
    with work.read() as tx:
        rows = tx.db.execute(select(outbox).where(outbox.c.kind == REMINDER)).all()
    return [row.recipient_id for row in rows if row.facts["requirement"] == "Privacy training"]


def hipaa(work, ward):
    return on_record(work, ward.observer, "HIPAA")


def test_it_comes_near_its_end_with_the_first_reminder_section_6_6(work, ward):
    at(work, LAST - 31 * DAY)
    assert (hipaa(work, ward).state, reminders(work)) == (State.VALID, [])

    at(work, LAST - 30 * DAY)

    assert hipaa(work, ward).state is State.EXPIRING
    assert reminders(work) == [ward.observer]


@pytest.mark.usefixtures("ward")
def test_each_reminder_goes_out_once(work):
    for back in (30, 30, 29, 8, 7, 7, 6, 0):
        at(work, LAST - back * DAY)

    assert len(reminders(work)) == 2


@pytest.mark.usefixtures("ward")
def test_of_reminders_that_were_missed_only_the_nearest_is_sent(work):
    at(work, LAST - 3 * DAY)

    assert len(reminders(work)) == 1


def test_it_ends_with_the_local_day_section_6_6(work, ward):
    """Midnight in Chicago is five o'clock UTC in April."""
    at(work, LAST + DAY, hour=4)
    assert hipaa(work, ward).state is not State.EXPIRED

    at(work, LAST + DAY, hour=5)

    assert hipaa(work, ward).state is State.EXPIRED
    assert [move[0] for move in moves_of(work, hipaa(work, ward).id)][-1] == "expired"


def test_while_a_renewal_is_checked_nobody_is_reminded(work, ward):
    own.claim(work, ward.as_observer(), code="HIPAA", said=Said(date(2027, 3, 8)))

    at(work, LAST - 7 * DAY)

    assert reminders(work) == []
    at(work, LAST + DAY)
    assert hipaa(work, ward).state is State.PENDING


def test_a_waiver_that_ends_holds_the_shift_back_rule_c6(work, ward):
    put(work, ward.observer, "TB", state=State.WAIVED, waived_until=date(2027, 3, 22))
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), "See a shift."))
    assert state_of(work, shift.id) == "confirmed"
    put(work, ward.observer, "TB", waived_until=date(2027, 3, 15))

    at(work, date(2027, 3, 16))
    clock.run(work)

    assert on_record(work, ward.observer, "TB").state is State.EXPIRED
    assert state_of(work, shift.id) == "unit_approved"


def test_what_never_ends_is_not_looked_at_again(work, ward):
    assert on_record(work, ward.observer, "MMR").next_on == date.max
    assert hipaa(work, ward).next_on == LAST - 30 * DAY


def test_an_own_requirement_goes_out_of_season_and_comes_back_section_6_6(work, ward):
    flu = reference.load().requirement("FLU")
    kept = uuid4()
    with work.write() as tx:
        seasonal = Own(requirement=flu, owner=str(ward.organization), since=tx.now)
        requirements.add(tx.db, seasonal, requirement_id=kept, by_id=ward.coordinator, at=tx.now)

    def life():
        with work.read() as tx:
            found = requirements.find(tx.db, requirement_id=kept, organization_id=ward.organization)
        return found.own.state

    at(work, date(2027, 3, 31))
    assert life() is Life.ACTIVE
    at(work, date(2027, 4, 1))
    assert life() is Life.OFF_SEASON
    at(work, date(2027, 10, 1))
    assert life() is Life.ACTIVE
    assert moves_of(work, kept) == [
        ("off_season", "clock", "FLU"),
        ("active", "clock", "FLU"),
    ]
