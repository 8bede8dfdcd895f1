"""What a site picks for requirements of the tables, and whom that binds when. Rules C3, C4, C9."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue, NotAllowed, NotFound
from shadowing.services.bookings import asking, clock
from shadowing.services.bookings.asking import Ask
from shadowing.services.clearance import picking, ruling
from shadowing.services.clearance.picking import Picked, SameAsNow
from tests.clearances import lapse, state_of
from tests.makers import NOW, Ward

GOAL = "See what a nurse waits for."
MASK = Picked(0, 0, 1)


@pytest.fixture
def ward(work):
    """Make a ward whose observer has no influenza vaccine."""
    ward = Ward(work)
    lapse(work, ward.observer, "FLU")
    return ward


def book(ward, observer=None):
    slot = ward.slot(mode="auto", starts_at=NOW + timedelta(days=20), host_id=ward.another_host())
    return asking.request(ward.work, ward.as_observer(observer or ward.observer), Ask(slot, GOAL))


def pick(ward, code="FLU", picked=MASK, *, urgent=False, who="as_coordinator"):
    actor = getattr(ward, who)()
    picking.pick(ward.work, actor, code=code, picked=picked, urgent=urgent)


def test_a_mask_instead_of_a_stop_confirms_new_bookings_at_once_rules_c4_c9(ward):
    before = book(ward)
    assert before.state is State.UNIT_APPROVED
    ward.work.clock.advance(minutes=1)

    pick(ward)
    clock.run(ward.work)

    assert state_of(ward.work, before.id) == State.UNIT_APPROVED
    other = ward.another_observer()
    lapse(ward.work, other, "FLU")
    assert book(ward, other).state is State.CONFIRMED


def test_marked_urgent_it_binds_agreed_shifts_at_once_rule_c9(ward):
    before = book(ward)
    ward.work.clock.advance(minutes=1)

    pick(ward, urgent=True)
    clock.run(ward.work)

    assert state_of(ward.work, before.id) == State.CONFIRMED


def test_picked_again_it_is_the_next_version_and_the_newest_holds_rule_c9(ward):
    pick(ward)
    ward.work.clock.advance(minutes=1)
    pick(ward, picked=Picked(0, 0, 0))

    rule = ruling.one(ward.work, ward.as_coordinator(), code="FLU")[0]
    assert (rule.kept.own.version, rule.requirement.on_lapse) == (2, "block")
    assert book(ward).state is State.UNIT_APPROVED


@pytest.mark.parametrize("picked", [Picked(9, 0, 0), Picked(0, 9, 0), Picked(0, 0, -1)])
def test_what_is_no_choice_is_refused(ward, picked):
    with pytest.raises(BadValue):
        pick(ward, picked=picked)


def test_what_is_so_already_writes_no_version(ward):
    with pytest.raises(SameAsNow):
        pick(ward, picked=Picked(0, 0, 0))
    assert ruling.one(ward.work, ward.as_coordinator(), code="FLU")[0].kept is None


def test_what_is_asked_no_longer_is_not_picked_for(ward):
    ruling.retire(ward.work, ward.as_coordinator(), code="FLU")

    with pytest.raises(NotFound):
        pick(ward)


@pytest.mark.parametrize("who", ["as_observer", "as_host", "as_manager"])
def test_nobody_but_the_coordinator_picks_section_8_1(ward, who):
    with pytest.raises(NotAllowed):
        pick(ward, who=who)
