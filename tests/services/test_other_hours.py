"""A host offers other hours of the same shift: which may be offered, and what a choice does."""

from datetime import UTC, datetime, timedelta

import pytest

from shadowing.domain.availability.other_hours import NoHours, TooManyHours
from shadowing.domain.bookings.asking import Overlap
from shadowing.domain.bookings.proposals import NothingProposed
from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.errors import BadValue, NotFound
from shadowing.services.bookings import answering, asking, clock, other_hours
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.changes import shift_proposal
from tests import makers
from tests.makers import Ward
from tests.services.test_answering import events, kinds

GOAL = "See how a morning starts."
MORNING = ("08:00", "11:00")
NOON = ("13:30", "16:30")


@pytest.fixture
def ward(work):
    return Ward(work)


def ask(ward, **slot):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL))


def offer(ward, shift, *windows, who=None):
    actor = who or ward.as_host()
    return other_hours.offer(ward.work, actor, shift_id=shift.id, windows=windows)


def offered(ward, shift):
    found = other_hours.offered(ward.work, ward.as_observer(), shift_id=shift.id)
    return [each.proposal for each in found]


def choose(ward, shift, proposal, who=None):
    actor = who or ward.as_observer()
    return other_hours.choose(ward.work, actor, shift_id=shift.id, proposal_id=proposal.id)


def test_the_hours_offered_lie_in_the_hosts_own_shift(ward):
    """A day shift 07:00 to 19:00; the request is for 9:00 to 13:00."""
    shift = ask(ward)
    desk = other_hours.desk(ward.work, ward.as_host(), shift_id=shift.id)

    assert desk.span == ("07:00", "19:00")
    assert ("13:00", "17:00") in desk.suggestions
    assert ("09:00", "13:00") not in desk.suggestions


def test_one_that_is_chosen_moves_the_request_and_is_the_hosts_yes(ward):
    """Rules B3, B9, N2: the same shift and UID at the hours chosen."""
    shift = ask(ward)
    uid = events(ward.work)[(ward.host, "shift")][2]
    offer(ward, shift, MORNING, NOON)
    assert kinds(ward.work, ward.observer)[-1] == "other-hours"
    _, noon = offered(ward, shift)

    moved = choose(ward, shift, noon)

    assert (moved.id, moved.state, moved.slot_id) == (shift.id, State.CONFIRMED, shift.slot_id)
    assert moved.starts_at == datetime(2027, 3, 22, 18, 30, tzinfo=UTC)
    assert events(ward.work)[(ward.host, "shift")] == ("CONFIRMED", 1, uid)
    assert makers.taken(ward.work, shift.slot_id) == 1
    with pytest.raises(NothingProposed):
        choose(ward, shift, noon)


def test_the_unit_is_asked_after_the_choice(work):
    """Rule A8."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = ask(ward)
    offer(ward, shift, NOON)

    moved = choose(ward, shift, offered(ward, shift)[0])

    assert moved.state is State.HOST_ACCEPTED
    assert kinds(work, ward.manager) == ["unit-asked"]


def test_none_of_them_keeps_the_first_time_waiting_for_the_host(ward):
    shift = ask(ward)
    offer(ward, shift, NOON)

    kept = other_hours.refuse(ward.work, ward.as_observer(), shift_id=shift.id)

    assert (kept.state, kept.starts_at) == (State.REQUESTED, shift.starts_at)
    assert kinds(ward.work, ward.host)[-1] == "hours-not-chosen"
    assert answering.accept(ward.work, ward.as_host(), shift_id=shift.id).state is State.CONFIRMED


@pytest.mark.parametrize(
    ("windows", "reason"),
    [
        ((), NoHours),
        ((MORNING, NOON, ("12:00", "15:00"), ("15:00", "18:00")), TooManyHours),
        ((("06:00", "09:00"),), BadValue),
        ((("17:00", "20:00"),), BadValue),
        ((("09:00", "10:30"),), BadValue),
        ((("25:00", "26:00"),), BadValue),
        ((("07:00", "10:00"),), BadValue),
    ],
)
def test_what_is_outside_too_short_or_in_a_handover_is_not_offered(ward, windows, reason):
    """Rules A6, B13: one to three, inside the shift, two hours at least, no handover unasked."""
    shift = ask(ward)

    with pytest.raises(reason):
        offer(ward, shift, *windows)


def test_only_its_host_offers_and_only_for_a_request(ward):
    """Rule A1; section 6.2."""
    shift = ask(ward)
    for who in (ward.as_observer(), ward.as_manager(), ward.as_coordinator()):
        with pytest.raises(NotFound):
            offer(ward, shift, NOON, who=who)
    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)

    with pytest.raises(MoveNotAllowed):
        offer(ward, shift, NOON)


def test_hours_a_visitor_cannot_keep_are_refused_with_the_reason(ward):
    """Rules B7, B8: all is asked again; the host learns nothing of it."""
    shift = ask(ward)
    start = shift.starts_at + timedelta(hours=5)
    other = ward.slot(host_id=ward.another_host(), starts_at=start, minutes=120)
    asking.request(ward.work, ward.as_observer(), Ask(other, GOAL))
    offer(ward, shift, NOON)

    (found,) = other_hours.offered(ward.work, ward.as_observer(), shift_id=shift.id)
    assert [reason.code for reason in found.reasons] == ["overlap"]
    with pytest.raises(Overlap):
        choose(ward, shift, found.proposal)


def test_an_offer_lapses_with_the_request(ward):
    """Rule B6: 72 hours after the offer, both are over."""
    shift = ask(ward)
    ward.work.clock.advance(hours=70)
    offer(ward, shift, NOON)
    ward.work.clock.advance(hours=71)
    assert clock.run(ward.work) == 0

    ward.work.clock.advance(hours=1)
    clock.run(ward.work)

    with ward.work.read() as tx:
        assert [row.state for row in tx.db.execute(shift_proposal.select())] != ["open"]
    assert [row.state for row in makers.shifts(ward.work)] == ["expired"]


def test_a_yes_to_the_first_time_ends_the_offer(ward):
    shift = ask(ward)
    offer(ward, shift, NOON)

    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)

    assert offered(ward, shift) == []
