"""Open slots: the time offered, cut, without the time taken."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.availability.slots import open_slots
from shadowing.domain.interval import Interval, union

MONDAY = datetime(2027, 3, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def stretch(start, end):
    return Interval(MONDAY + start * MINUTE, MONDAY + end * MINUTE)


intervals = st.lists(
    st.builds(
        lambda start, length: stretch(start, start + length),
        st.integers(0, 300),
        st.integers(1, 120),
    ),
    max_size=8,
)
lengths = st.integers(1, 60).map(lambda minutes: minutes * MINUTE)


@given(offered=intervals, taken=intervals, length=lengths)
def test_open_slots_clash_with_nothing(offered, taken, length):
    slots = open_slots(offered, taken, length=length, earliest=MONDAY)

    assert not [(slot, busy) for slot in slots for busy in taken if slot.overlaps(busy)]
    assert not [(one, other) for one, other in pairwise(slots) if other.start < one.end]


@given(offered=intervals, taken=intervals, length=lengths)
def test_open_slots_are_all_that_could_be_asked_for(offered, taken, length):
    earliest = MONDAY + 60 * MINUTE
    free = [
        slot
        for window in union(offered)
        for slot in window.cut(length)
        if slot.start >= earliest and not any(slot.overlaps(busy) for busy in taken)
    ]

    assert list(open_slots(offered, taken, length=length, earliest=earliest)) == free


def test_a_slot_keeps_its_place_when_a_neighbour_is_taken():
    slots = open_slots([stretch(0, 250)], [stretch(70, 80)], length=60 * MINUTE, earliest=MONDAY)

    assert list(slots) == [stretch(0, 60), stretch(120, 180), stretch(180, 240)]


@pytest.mark.parametrize(
    "length", [timedelta(0), -MINUTE, timedelta(seconds=90)], ids=["none", "less", "not whole"]
)
def test_a_slot_lasts_whole_minutes(length):
    with pytest.raises(ValueError, match="whole minutes"):
        open_slots([stretch(0, 60)], [], length=length, earliest=MONDAY)
