"""One seat through its states, as the next visitor sees it: section 6.4, but for rounds.

What a host withdraws is held by ``test_availability_kept``.
"""

from datetime import timedelta

import pytest

from shadowing.domain.errors import Refusal
from shadowing.domain.units import PauseKind
from shadowing.services.bookings import answering, asking, clock, offers
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.offers import Query
from shadowing.services.units import changing
from shadowing.services.units.changing import Pause
from tests.makers import NOW, Ward

GOAL = "See how a morning starts."
FORTNIGHT = (NOW + timedelta(days=14)).date()


class Seat:
    """The one seat of a slot; what the next in line would be told."""

    def __init__(self, work, ward, slot_id):
        """Let two ask for it."""
        self.work, self.ward, self.slot_id = work, ward, slot_id
        self.first = ward.as_observer()
        self.next = ward.as_observer(ward.another_observer())

    def open(self):
        """Say whether the next in line finds it and may ask."""
        found = offers.find(self.work, self.next, Query(week=FORTNIGHT))
        return [card.bookable for card in found.cards if card.slot_id == self.slot_id] == [True]

    def refused(self):
        """Give the reason why the next in line can't ask."""
        with pytest.raises(Refusal) as refusal:
            asking.request(self.work, self.next, Ask(self.slot_id, GOAL))
        return refusal.value.code

    def ask(self):
        """Ask for it first."""
        return asking.request(self.work, self.first, Ask(self.slot_id, GOAL))


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def seat(work, ward):
    """Give a seat whose host is asked first; the unit's yes is never needed."""
    return Seat(work, ward, ward.slot())


@pytest.fixture
def booked(work, ward, seat):
    """Give the seat, and the shift that is confirmed on it."""
    shift = seat.ask()
    answering.accept(work, ward.as_host(), shift_id=shift.id)
    return shift.id


def test_open_until_somebody_chooses_and_again_when_they_leave_or_take_too_long(work, seat):
    assert seat.open()
    asking.hold(work, seat.first, Ask(seat.slot_id, GOAL))
    assert seat.refused() == "slot_full"

    asking.leave(work, seat.first)
    assert seat.open()

    asking.hold(work, seat.first, Ask(seat.slot_id, GOAL))
    work.clock.advance(minutes=60)
    clock.run(work)
    assert seat.open(), "hold_minutes are over"


@pytest.mark.parametrize("exit_", ["declined", "withdrawn", "expired"])
def test_a_request_keeps_its_seat_until_it_ends(work, ward, seat, exit_):
    shift = seat.ask()
    assert seat.refused() == "slot_full"

    if exit_ == "declined":
        answering.decline(work, ward.as_host(), shift_id=shift.id)
        work.clock.advance(minutes=11)
        clock.run(work)
    elif exit_ == "withdrawn":
        answering.withdraw(work, seat.first, shift_id=shift.id)
        work.clock.advance(minutes=11)
        clock.run(work)
    else:
        work.clock.advance(hours=73)
        clock.run(work)

    assert seat.open()


def test_a_booked_seat_opens_again_only_where_notice_allows(work, seat, booked):
    assert seat.refused() == "slot_full"
    answering.cancel(work, seat.first, shift_id=booked)
    work.clock.advance(minutes=11)
    clock.run(work)
    assert seat.open()

    work.clock.advance(days=8)
    assert not seat.open()
    assert seat.refused() == "notice_too_short"


def test_a_pause_hides_a_seat_that_is_being_chosen_and_gives_it_back(work, ward, seat):
    asking.hold(work, seat.first, Ask(seat.slot_id, GOAL))
    manager = ward.as_manager()
    until = FORTNIGHT + timedelta(days=7)
    changing.pause(work, manager, Pause(until, PauseKind.SURGE, stops=False), unit_id=ward.unit)

    with pytest.raises(Refusal):
        seat.ask()
    assert not seat.open()

    changing.resume(work, manager, unit_id=ward.unit)
    asking.leave(work, seat.first)
    assert seat.open()


def test_past_at_its_start(work, seat):
    work.clock.advance(days=14)
    assert not seat.open()
    assert seat.refused() in {"slot_gone", "notice_too_short"}
