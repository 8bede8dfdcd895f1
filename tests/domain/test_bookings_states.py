"""The table of moves, written out again as expected values (section 6.2)."""

from itertools import product

import pytest

from shadowing.domain.bookings.states import (
    AHEAD,
    DID_NOT_TAKE_PLACE,
    MOVES,
    TOOK_PLACE,
    WAITING,
    By,
    MoveNotAllowed,
    State,
    calendar_status,
    check_move,
    exit_for_cancel,
)

EXPECTED = """
requested host_accepted: host clock
requested declined: host coordinator
requested withdrawn: observer delegate
requested expired: clock
requested clinical_override: host unit_manager coordinator
host_accepted unit_approved: unit_manager clock
host_accepted declined: unit_manager coordinator
host_accepted withdrawn: observer delegate
host_accepted expired: clock
host_accepted cancelled_by_host: host
host_accepted clinical_override: host unit_manager coordinator
unit_approved cleared: clock
unit_approved withdrawn: observer delegate
unit_approved expired: clock
unit_approved cancelled_by_host: host
unit_approved clinical_override: host unit_manager coordinator
cleared confirmed: clock coordinator
cleared withdrawn: observer delegate
cleared expired: clock
cleared cancelled_by_host: host
cleared clinical_override: host unit_manager coordinator
confirmed checked_in: observer host backup unit_manager coordinator
confirmed unit_approved: clock
confirmed cancelled_by_observer: observer delegate
confirmed cancelled_by_host: host
confirmed clinical_override: host unit_manager coordinator
confirmed no_show: host backup coordinator clock
confirmed completed: observer host backup unit_manager coordinator clock
confirmed expired: clock
checked_in completed: observer host backup unit_manager coordinator clock
checked_in ended_early: observer host backup unit_manager coordinator
completed debriefed: observer host coordinator
ended_early debriefed: observer host coordinator
debriefed closed: clock
debriefed completed: observer host
debriefed ended_early: observer host
no_show completed: coordinator
"""


def expected():
    for line in EXPECTED.strip().splitlines():
        states, _, parts = line.partition(": ")
        before, after = map(State, states.split())
        for part in parts.split():
            yield before, after, By(part)


def test_every_move_of_the_table_is_allowed_and_no_other():
    """Section 6.2: any move not listed is refused; rules A1, B3, B11: who moves what, in order."""
    allowed = set(expected())
    for before, after, part in product(State, State, By):
        if (before, after, part) in allowed:
            check_move(before, to=after, by=part)
        else:
            with pytest.raises(MoveNotAllowed):
                check_move(before, to=after, by=part)


def test_a_refused_move_says_where_the_shift_is():
    with pytest.raises(MoveNotAllowed) as refused:
        check_move(State.CLOSED, to=State.REQUESTED, by=By.CLOCK)

    assert refused.value.facts == {"state": State.CLOSED, "wanted": State.REQUESTED}


def test_every_state_is_waiting_ahead_past_or_gone():
    under_way = {State.CHECKED_IN}
    assert WAITING < AHEAD
    assert set(State) == AHEAD | under_way | TOOK_PLACE | DID_NOT_TAKE_PLACE
    assert set(MOVES) == set(State)


def test_whoever_did_not_come_can_only_be_corrected_by_the_coordinator():
    """Rule D3."""
    assert {part for before, _, part in expected() if before is State.NO_SHOW} == {By.COORDINATOR}


CANCELS = [
    (State.REQUESTED, By.OBSERVER, State.WITHDRAWN),
    (State.CLEARED, By.DELEGATE, State.WITHDRAWN),
    (State.CONFIRMED, By.OBSERVER, State.CANCELLED_BY_OBSERVER),
    (State.REQUESTED, By.HOST, State.DECLINED),
    (State.HOST_ACCEPTED, By.HOST, State.CANCELLED_BY_HOST),
    (State.CONFIRMED, By.HOST, State.CANCELLED_BY_HOST),
    (State.HOST_ACCEPTED, By.UNIT, State.DECLINED),
    (State.REQUESTED, By.UNIT, State.CLINICAL_OVERRIDE),
    (State.UNIT_APPROVED, By.UNIT, State.CLINICAL_OVERRIDE),
    (State.CONFIRMED, By.COORDINATOR, State.CLINICAL_OVERRIDE),
]


@pytest.mark.parametrize(("state", "part", "way_out"), CANCELS)
def test_cancel_means_the_way_out_of_whoever_says_it(state, part, way_out):
    """Rules B10, B11."""
    assert exit_for_cancel(state, by=part) is way_out


@pytest.mark.parametrize("part", [By.OBSERVER, By.HOST, By.UNIT, By.COORDINATOR])
@pytest.mark.parametrize("state", sorted(TOOK_PLACE | DID_NOT_TAKE_PLACE | {State.CHECKED_IN}))
def test_what_is_under_way_or_over_cannot_be_cancelled(state, part):
    with pytest.raises(MoveNotAllowed):
        exit_for_cancel(state, by=part)


STATUS = {
    "requested": ("", "TENTATIVE"),
    "host_accepted": ("", "TENTATIVE"),
    "unit_approved": ("TENTATIVE", "TENTATIVE"),
    "cleared": ("TENTATIVE", "TENTATIVE"),
    "confirmed": ("CONFIRMED", "CONFIRMED"),
    "checked_in": ("CONFIRMED", "CONFIRMED"),
    "closed": ("CONFIRMED", "CONFIRMED"),
    "declined": ("CANCELLED", "CANCELLED"),
    "clinical_override": ("CANCELLED", "CANCELLED"),
}


@pytest.mark.parametrize("state", STATUS)
def test_calendars_hold_the_host_first_then_both_then_firmly(state):
    """Rule N2."""
    found = tuple(calendar_status(State(state), side=side) for side in (By.OBSERVER, By.HOST))

    assert found == STATUS[state]
