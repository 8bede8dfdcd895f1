"""From the third late cancel or absence on, requests wait for the coordinator first (D3)."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import MoveNotAllowed
from shadowing.domain.errors import NotFound
from shadowing.domain.interval import Interval
from shadowing.services.bookings import (
    absence,
    answering,
    asking,
    clock,
    counting,
    listing,
    looking,
)
from shadowing.services.bookings.asking import Ask
from shadowing.store import calendar, hours
from shadowing.store.tables.journal import outbox
from shadowing.store.tables.people import organization
from tests import makers
from tests.makers import NOW, Ward, taken

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    """A ward whose observer was absent three times with other hosts."""
    ward = Ward(work)
    miss(ward, times=3)
    return ward


def miss(ward, *, times):
    """Let the observer book and not come, some times."""
    for number in range(times):
        starts = NOW + timedelta(days=8 + number)
        slot = ward.slot(host_id=ward.another_host(), starts_at=starts, mode="auto")
        booked = asking.request(ward.work, ward.as_observer(), Ask(slot, GOAL))
        ward.work.clock.now, before = starts + timedelta(hours=1), ward.work.clock.now
        absence.did_not_come(ward.work, ward.as_coordinator(), shift_id=booked.id)
        ward.work.clock.now = before


def ask(ward, mode="ask", *, days=40):
    starts = NOW + timedelta(days=days)
    slot = ward.slot(starts_at=starts, mode=mode)
    return asking.request(ward.work, ward.as_observer(), Ask(slot, GOAL))


def bookings_of(ward):
    """List what the host finds under their shifts."""
    return [line.shift.id for line in listing.mine(ward.work, ward.as_host())]


def let_through(ward, shift, who="as_coordinator"):
    return counting.let_through(ward.work, getattr(ward, who)(), shift_id=shift.id)


def told(ward, shift):
    with ward.work.read() as tx:
        rows = tx.db.execute(outbox.select().where(outbox.c.shift_id == shift.id)).all()
    return [(row.kind, row.recipient_id) for row in rows]


def test_with_two_counted_a_request_goes_its_way(work):
    """Rule D3: from the third."""
    ward = Ward(work)
    miss(ward, times=2)

    assert not ask(ward).held_back
    assert ask(Ward(work)).held_back is False


@pytest.mark.parametrize("mode", ["ask", "auto", "blind"])
def test_from_the_third_on_the_host_hears_nothing_before_the_coordinator(ward, mode):
    """Rule D3: not even a yes in advance is taken."""
    shift = ask(ward, mode)

    assert (shift.state, shift.held_back) == ("requested", True)
    assert told(ward, shift) == [("request-held", ward.coordinator)]
    assert taken(ward.work, shift.slot_id) == 1, "the seat is kept meanwhile"
    assert shift.id not in [line.shift.id for line in listing.waiting(ward.work, ward.as_host())]
    with pytest.raises(NotFound):
        looking.show(ward.work, ward.as_host(), shift_id=shift.id)
    with pytest.raises(NotFound):
        answering.accept(ward.work, ward.as_host(), shift_id=shift.id)
    week = Interval(shift.starts_at, shift.ends_at)
    with ward.work.read() as tx:
        assert calendar.of_shift(tx.db, shift_id=shift.id) == ()
        assert hours.visits(tx.db, host_id=ward.host, span=week) == ()
        (waiting,) = hours.visits_of(tx.db, slot_ids=[shift.slot_id])
    assert waiting.name == hours.NOT_YET_TOLD
    assert bookings_of(ward) == []
    assert shift.id in [line.shift.id for line in listing.waiting(ward.work, ward.as_coordinator())]


def test_the_coordinator_lets_it_through_and_now_the_host_is_asked(ward):
    """Rule D3; the time to answer runs from here."""
    shift = ask(ward)
    ward.work.clock.advance(hours=50)

    free = let_through(ward, shift)

    assert (free.state, free.held_back) == ("requested", False)
    assert ("request-received", ward.host) in told(ward, shift)
    assert free.answer_by == ward.work.clock.now + timedelta(hours=72)
    assert answering.accept(ward.work, ward.as_host(), shift_id=shift.id).state == "confirmed"
    with pytest.raises(MoveNotAllowed):
        let_through(ward, shift)


def test_let_through_a_yes_in_advance_counts_at_once(ward):
    shift = ask(ward, "auto")

    assert let_through(ward, shift).state == "confirmed"
    assert ("invitation", ward.host) in told(ward, shift)


@pytest.mark.parametrize("who", ["as_observer", "as_host", "as_manager"])
def test_nobody_else_lets_it_through(ward, who):
    shift = ask(ward)
    with pytest.raises(NotFound):
        let_through(ward, shift, who)


@pytest.mark.parametrize("end", ["declined", "withdrawn", "expired"])
def test_what_ends_there_is_never_told_to_the_host(ward, end):
    """Rule D3: the host was never told of it, so not of its end either."""
    shift = ask(ward)
    if end == "declined":
        answering.decline(ward.work, ward.as_coordinator(), shift_id=shift.id)
    elif end == "withdrawn":
        answering.withdraw(ward.work, ward.as_observer(), shift_id=shift.id)
    else:
        ward.work.clock.now = shift.answer_by
        clock.run(ward.work)

    row = next(row for row in makers.shifts(ward.work) if row.id == shift.id)
    assert row.state == end
    assert ward.host not in [person_id for _, person_id in told(ward, shift)]
    assert taken(ward.work, shift.slot_id) == 0


def test_a_site_may_switch_it_off_or_begin_sooner(ward):
    """Section 2.5: a setting, off where it is empty."""
    for days, (limit, held) in enumerate(((None, False), (4, False), (1, True)), 40):
        with ward.work.write() as tx:
            tx.db.execute(organization.update().values(settings={"counted_limit": limit}))
        shift = ask(ward, days=days)
        assert shift.held_back is held
        answering.withdraw(ward.work, ward.as_observer(), shift_id=shift.id)
