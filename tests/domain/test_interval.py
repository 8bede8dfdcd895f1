"""Stretches of time, against counting minutes one by one."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.interval import Interval, clip, minus, union

MIDNIGHT = datetime(2027, 3, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(minute):
    return MIDNIGHT + timedelta(minutes=minute)


def stretch(start, end):
    return Interval(at(start), at(end))


def minutes_of(intervals):
    """Spell out every minute that any of *intervals* holds."""
    return {
        (each.start - MIDNIGHT) // timedelta(minutes=1) + n
        for each in intervals
        for n in range(each.minutes)
    }


intervals = st.builds(
    lambda start, length: stretch(start, start + length), st.integers(0, 60), st.integers(1, 20)
)
many = st.lists(intervals, max_size=8)


@given(one=intervals, other=intervals)
def test_two_overlap_when_they_share_a_minute(one, other):
    assert one.overlaps(other) == bool(minutes_of([one]) & minutes_of([other]))


@given(one=intervals, other=intervals)
def test_two_that_touch_do_not_overlap(one, other):
    assert not (one.touches(other) and one.overlaps(other))


@given(one=intervals, other=intervals)
def test_one_contains_another_when_it_has_all_its_minutes(one, other):
    assert one.contains(other) == (minutes_of([other]) <= minutes_of([one]))


def test_a_stretch_holds_its_start_and_not_its_end():
    hour = stretch(0, 60)

    assert hour.contains(at(0))
    assert hour.contains(at(59))
    assert not hour.contains(at(60))


@given(offered=many)
def test_a_union_has_the_same_minutes_in_order_and_apart(offered):
    merged = union(offered)

    assert minutes_of(merged) == minutes_of(offered)
    assert all(one.end < other.start for one, other in pairwise(merged))


@given(offered=many, taken=many)
def test_what_remains_is_what_was_offered_and_is_not_taken(offered, taken):
    left = minus(offered, taken)

    assert minutes_of(left) == minutes_of(offered) - minutes_of(taken)
    assert list(left) == sorted(left)


@given(offered=many, within=intervals)
def test_a_clip_keeps_what_lies_within(offered, within):
    assert minutes_of(clip(offered, within)) == minutes_of(offered) & minutes_of([within])


@given(whole=intervals, length=st.integers(1, 25))
def test_pieces_have_their_length_and_follow_each_other_from_the_start(whole, length):
    pieces = whole.cut(timedelta(minutes=length))

    assert len(pieces) == whole.minutes // length
    assert {piece.minutes for piece in pieces} <= {length}
    assert all(one.end == other.start for one, other in pairwise(pieces))
    assert not pieces or pieces[0].start == whole.start


def test_a_piece_lasts():
    with pytest.raises(ValueError, match="a piece lasts"):
        stretch(0, 60).cut(timedelta(0))


@pytest.mark.parametrize("end", [at(0), at(-1)])
def test_an_empty_stretch_is_refused(end):
    with pytest.raises(ValueError, match="an interval lasts"):
        Interval(at(0), end)


@pytest.mark.parametrize(
    "start",
    [MIDNIGHT.replace(tzinfo=None), MIDNIGHT.astimezone(timezone(HOUR))],
    ids=["no zone", "another zone"],
)
def test_an_instant_that_is_not_utc_is_refused(start):
    with pytest.raises(ValueError, match="UTC"):
        Interval(start, MIDNIGHT + 9 * HOUR)


def test_length_is_elapsed_time():
    assert stretch(0, 90).length == timedelta(minutes=90)
    assert stretch(0, 90).minutes == 90
