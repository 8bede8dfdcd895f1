"""A visitor cancels: three dates in the same step, what is counted, ten minutes to undo."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import SlotFull
from shadowing.domain.bookings.states import NothingToUndo, State
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import answering, asking, clock, elsewhere, leaving, undoing
from shadowing.services.bookings.asking import Ask
from shadowing.store import bookings
from tests import makers
from tests.makers import NOW, Ward
from tests.services.test_answering import confirmed, events, kinds

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


def later(ward, days, **changes):
    return ward.slot(starts_at=NOW + timedelta(days=days), **changes)


def rows(ward):
    return {row.id: row for row in makers.shifts(ward.work)}


def test_three_dates_are_the_same_hosts_else_the_units_else_the_roles(ward):
    """Rule B10."""
    shift = confirmed(ward)
    elsewhere_unit = makers.unit(ward.work, ward.site, manager_id=ward.manager)
    far = ward.another_host(host_unit_id=elsewhere_unit)
    role = makers.slot(ward.work, far, elsewhere_unit, starts_at=NOW + timedelta(days=15))
    unit = later(ward, 40, host_id=ward.another_host())
    own = later(ward, 45)
    three = elsewhere.three(ward.work, ward.as_observer(), shift_id=shift.id)
    assert [each.card.slot_id for each in three] == [own, unit, role]

    more = [later(ward, days) for days in (30, 60)]
    three = elsewhere.three(ward.work, ward.as_observer(), shift_id=shift.id)
    assert {each.card.slot_id for each in three} == {own, *more}


def test_rebooked_in_the_same_step_it_is_a_linked_request_and_not_counted(ward):
    """Rule B10: under 48 hours it counts, unless rebooked there."""
    shift, new = confirmed(ward), later(ward, 28)
    ward.work.clock.now = shift.starts_at - timedelta(hours=40)

    asked = leaving.rebook(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=new)

    old = rows(ward)[shift.id]
    assert (old.state, old.late) == ("cancelled_by_observer", False)
    assert (asked.rebooked_from_id, asked.slot_id) == (shift.id, new)
    assert (asked.state, asked.goal) == (State.REQUESTED, GOAL)
    assert kinds(ward.work, ward.host)[-1] == "cancelled", "the talk's own event"
    assert {"cancelled-by-visitor", "request-received"} <= set(kinds(ward.work, ward.host))


def test_what_cannot_be_had_instead_cancels_nothing(ward):
    """Rule B10: one step, or none."""
    shift, new = confirmed(ward), later(ward, 28)
    asking.request(ward.work, ward.as_observer(ward.another_observer()), Ask(new, GOAL))

    with pytest.raises(SlotFull):
        leaving.rebook(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=new)

    assert rows(ward)[shift.id].state == "confirmed"


@pytest.mark.parametrize(("hours", "swapped", "late"), [(47, 0, True), (49, 0, False), (47, 1, 0)])
def test_under_48_hours_a_cancel_counts_but_not_soon_after_a_swap(ward, hours, swapped, late):
    """Rules B10, B12."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at - timedelta(hours=hours)
    if swapped:
        with ward.work.write() as tx:
            bookings.change(tx.db, bookings.find(tx.db, shift_id=shift.id), swapped_at=tx.now)

    left = leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    assert left.late is bool(late)


def test_only_the_visitor_leaves_as_one(ward):
    shift = confirmed(ward)

    for who in (ward.as_host(), ward.as_manager(), ward.as_coordinator()):
        with pytest.raises(NotFound):
            leaving.cancel(ward.work, who, shift_id=shift.id)


def test_for_ten_minutes_nobody_is_told_and_it_can_be_undone(ward):
    """DESIGN 6; decision 0082: the calendar keeps it, the seat is free, undone it is as before."""
    shift = confirmed(ward)
    before, told = events(ward.work), kinds(ward.work, ward.host)
    leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id)
    assert makers.taken(ward.work, shift.slot_id) == 0
    ward.work.clock.advance(minutes=9)
    assert clock.run(ward.work) == 0
    with pytest.raises(NothingToUndo):
        undoing.undo(ward.work, ward.as_host(), shift_id=shift.id)

    undone = undoing.undo(ward.work, ward.as_observer(), shift_id=shift.id)

    assert (undone.state, undone.late) == (State.CONFIRMED, False)
    assert makers.taken(ward.work, shift.slot_id) == 1
    ward.work.clock.advance(minutes=9)
    clock.run(ward.work)
    assert (events(ward.work), kinds(ward.work, ward.host)) == (before, told)


def test_after_ten_minutes_everybody_is_told_once(ward):
    """Decision 0082."""
    shift = confirmed(ward)
    leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id)
    ward.work.clock.advance(minutes=10)

    assert clock.run(ward.work) == 1
    assert clock.run(ward.work) == 0

    assert {status for status, _, _ in events(ward.work).values()} == {"CANCELLED"}
    assert kinds(ward.work, ward.host).count("cancelled-by-visitor") == 1
    with pytest.raises(NothingToUndo):
        undoing.undo(ward.work, ward.as_observer(), shift_id=shift.id)


def test_a_no_is_undone_to_the_request_it_was(ward):
    """Decision 0082; rule B11."""
    shift = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(), GOAL))
    leaving.decline(ward.work, ward.as_host(), shift_id=shift.id)

    undone = undoing.undo(ward.work, ward.as_host(), shift_id=shift.id)

    assert undone.state is State.REQUESTED
    assert answering.accept(ward.work, ward.as_host(), shift_id=shift.id).state is State.CONFIRMED


def test_a_seat_somebody_else_took_meanwhile_is_not_taken_back(ward):
    """Decision 0082: while the seat is still free."""
    shift = confirmed(ward)
    leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id)
    other = ward.as_observer(ward.another_observer())
    asking.request(ward.work, other, Ask(shift.slot_id, GOAL))

    with pytest.raises(SlotFull):
        undoing.undo(ward.work, ward.as_observer(), shift_id=shift.id)


def test_within_a_day_of_the_start_all_are_told_at_once(ward):
    """DESIGN 6: ask first only when others are told at once and cannot be untold."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at - timedelta(hours=24)

    left = leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id, note="A child is ill.")

    assert left.undo_until is None
    assert "cancelled-by-visitor" in kinds(ward.work, ward.host)
    assert left.note == "A child is ill."


@pytest.mark.parametrize("who", ["as_host", "as_manager"])
def test_whose_shift_was_called_off_has_priority_until_the_next_that_stands(ward, who):
    """Section 6.2: OBS gets priority."""
    shift = confirmed(ward)
    answering.cancel(ward.work, getattr(ward, who)(), shift_id=shift.id)

    def priority():
        with ward.work.read() as tx:
            return bookings.priorities(tx.db, person_ids=[ward.observer])

    assert priority() == {ward.observer: NOW}
    ward.work.clock.advance(hours=1)
    asking.request(ward.work, ward.as_observer(), Ask(later(ward, 40), GOAL))
    assert priority() == {}
