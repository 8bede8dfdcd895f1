"""Another host for a shift: who may propose, who must accept, what each is told."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.bookings.proposals import ChangeWaits, NothingProposed
from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import asking, clock, leaving, looking, swapping
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import people
from tests import makers
from tests.makers import NOW, Ward
from tests.services.test_answering import confirmed, events, kinds
from tests.web.finding import change

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def other(ward):
    return ward.another_host()


def propose(ward, shift, host_id, who=None):
    actor = who or ward.as_host()
    return swapping.propose(ward.work, actor, shift_id=shift.id, host_id=host_id)


def accept(ward, shift, host_id):
    actor = makers.actor(ward.work, host_id, "host")
    return swapping.accept(ward.work, actor, shift_id=shift.id)


@pytest.mark.parametrize("who", ["as_host", "as_manager"])
def test_the_new_host_accepts_personally_and_the_calendars_follow(ward, other, who):
    """Rules B12, N2: the visitor keeps the UID, the old host's ends, the new one's is new."""
    shift = confirmed(ward)
    before = events(ward.work)
    propose(ward, shift, other, getattr(ward, who)())
    assert kinds(ward.work, other) == ["swap-asked"]
    assert events(ward.work) == before, "until then everything stays"

    swapped = accept(ward, shift, other)

    assert (swapped.host_id, swapped.state, swapped.swapped_at) == (other, State.CONFIRMED, NOW)
    after = events(ward.work)
    uid = before[(ward.observer, "shift")][2]
    assert after[(ward.observer, "shift")] == ("CONFIRMED", 1, uid)
    for kind in ("shift", "debrief"):
        assert after[(ward.host, kind)][:2] == ("CANCELLED", 1)
        assert after[(other, kind)][:2] == ("CONFIRMED", 0)
    assert kinds(ward.work, ward.observer)[-1] == "host-swapped"


def test_nobody_answers_for_the_one_who_is_asked(ward, other):
    """Rules A1, B12."""
    shift = confirmed(ward)
    propose(ward, shift, other)

    for who in (ward.as_host(), ward.as_manager(), ward.as_coordinator(), ward.as_observer()):
        with pytest.raises(NotFound):
            swapping.accept(ward.work, who, shift_id=shift.id)
    for who in (ward.as_coordinator(), ward.as_observer()):
        with pytest.raises(NotFound):
            propose(ward, shift, other, who)


def test_the_visitor_hears_of_it_when_it_is_so_and_not_before(ward, other):
    """Rule B12: OBS is told."""
    shift = confirmed(ward)
    propose(ward, shift, other)

    view = looking.show(ward.work, ward.as_observer(), shift_id=shift.id)

    assert view.changes == ()
    assert not [each for each in view.timeline if each.event.startswith("swap")]


@pytest.mark.parametrize("reason", ["line", "barred", "limit", "busy", "elsewhere"])
def test_line_entry_and_limits_are_checked_again(ward, other, reason):
    """Rules A4, B12, P6, P7: refused when proposed, and again when accepted."""
    shift = confirmed(ward)
    propose(ward, shift, other)
    if reason == "line":
        change(ward.work, people.person, other, manager_id=ward.observer)
    elif reason == "barred":
        makers.add(ward.work, people.do_not_pair, one_id=other, other_id=ward.observer)
    elif reason == "limit":
        change(ward.work, people.person, other, max_per_month=0)
    elif reason == "busy":
        near = ward.slot(host_id=other, mode="auto", starts_at=shift.starts_at)
        visitor = ward.as_observer(ward.another_observer())
        asking.request(ward.work, visitor, Ask(near, GOAL))
    else:
        change(ward.work, people.person, other, host_unit_id=None)

    with pytest.raises(NotAvailable):
        accept(ward, shift, other)
    swapping.withdraw(ward.work, ward.as_host(), shift_id=shift.id)
    with pytest.raises(NotAvailable):
        propose(ward, shift, other)
    known = swapping.colleagues(ward.work, ward.as_host(), shift_id=shift.id)
    assert other not in {each.id for each in known}


def test_after_a_swap_the_visitor_may_leave_without_count(ward, other):
    """Rule B12; decision 0081: for three days, however late."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at - timedelta(hours=30)
    propose(ward, shift, other)
    accept(ward, shift, other)

    assert leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id).late is False


@pytest.mark.parametrize("end", ["decline", "withdraw", "lapse"])
def test_a_swap_that_comes_to_nothing_changes_nothing(ward, other, end):
    shift = confirmed(ward)
    propose(ward, shift, other)
    with pytest.raises(ChangeWaits):
        propose(ward, shift, ward.another_host())
    there = makers.actor(ward.work, other, "host")
    if end == "decline":
        swapping.decline(ward.work, there, shift_id=shift.id)
        assert kinds(ward.work, ward.host)[-1] == "swap-not-available"
    elif end == "withdraw":
        swapping.withdraw(ward.work, ward.as_manager(), shift_id=shift.id)
        assert kinds(ward.work, other)[-1] == "change-withdrawn"
    else:
        ward.work.clock.advance(hours=72)
        assert clock.run(ward.work) == 1

    (row,) = makers.shifts(ward.work)
    assert (row.host_id, row.state) == (ward.host, "confirmed")
    with pytest.raises(NothingProposed):
        swapping.accept(ward.work, there, shift_id=shift.id)


def test_only_what_its_host_has_said_yes_to_changes_hands(ward, other):
    shift = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(), GOAL))

    with pytest.raises(MoveNotAllowed):
        propose(ward, shift, other)
