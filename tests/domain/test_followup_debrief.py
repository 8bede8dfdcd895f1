from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.followup.debrief import (
    DebriefTooLate,
    DebriefTooSoon,
    NoDebriefTime,
    check_debrief_time,
    check_drop,
    debrief_window,
    holds_back_asking,
    propose_debrief,
)
from shadowing.domain.followup.moves import Debrief, FollowUpMoveNotAllowed, Mover, NotYours
from shadowing.domain.followup.settings import DEFAULTS
from shadowing.domain.interval import Interval

END = datetime(2027, 3, 8, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HALF_HOURS = [END + number * 30 * MINUTE for number in range(-10, 400)]


def propose(candidates=HALF_HOURS, busy=(), band="day", **more):
    return propose_debrief(END, band=band, candidates=candidates, busy=busy, **more)


def test_the_debrief_is_held_within_48_hours_in_working_time_rule_f1():
    in_the_morning = [END + DAY + 2 * HOUR, END + 3 * DAY]

    held = propose(in_the_morning)

    assert held == Interval(END + 26 * HOUR, END + 26 * HOUR + 30 * MINUTE)


def test_a_time_either_has_something_else_in_is_passed_over_rules_f1_and_b7():
    busy = [Interval(END, END + HOUR), Interval(END + HOUR + 15 * MINUTE, END + 2 * HOUR)]

    assert propose(busy=busy).start == END + 2 * HOUR, "to touch is not to clash"


def test_the_host_rests_eight_hours_after_a_night_rule_f1():
    later = [END + number * HOUR for number in range(1, 20)]

    assert propose(later, band="night").start == END + 8 * HOUR
    assert propose(later, band="day").start == END + HOUR


def test_over_a_weekend_it_is_at_once_after_the_shift_rule_f1():
    on_monday = [END + 3 * DAY]

    assert propose(on_monday).start == END
    assert propose(on_monday, band="night").start == END, "unless at once"


def test_where_nothing_else_is_free_it_is_within_seven_days_rule_f2():
    busy = [Interval(END, END + 3 * DAY)]
    last = END + 7 * DAY - 30 * MINUTE

    assert propose(busy=busy).start == END + 3 * DAY
    assert propose([last], busy=busy).end == END + 7 * DAY
    with pytest.raises(NoDebriefTime):
        propose([last + MINUTE], busy=busy)


def test_where_nothing_is_free_for_seven_days_it_is_refused_rule_f2():
    with pytest.raises(NoDebriefTime) as refused:
        propose(busy=[Interval(END, END + 7 * DAY)])

    assert refused.value.facts == {"latest": END + 7 * DAY}


def test_it_ends_in_time_not_only_starts_in_time_rule_f1():
    just_within = END + 48 * HOUR - 30 * MINUTE

    assert propose([just_within]).start == just_within
    assert propose([just_within + MINUTE]).start == END


def test_a_unit_may_be_stricter_rule_f1():
    within_a_day = replace(DEFAULTS, debrief_within=DAY, debrief_length=HOUR)

    assert propose([END + 30 * HOUR], settings=within_a_day) == Interval(END, END + HOUR)


@given(
    offsets=st.lists(st.integers(-600, 12_000), max_size=20),
    busy=st.lists(st.tuples(st.integers(-300, 12_000), st.integers(1, 3000)), max_size=6),
    band=st.sampled_from(["day", "night"]),
)
def test_what_is_proposed_clashes_with_nothing_and_keeps_the_rules_f1_f2(offsets, busy, band):
    taken = [Interval(END + a * MINUTE, END + (a + b) * MINUTE) for a, b in busy]
    candidates = sorted(END + offset * MINUTE for offset in offsets)
    try:
        held = propose(candidates, taken, band)
    except NoDebriefTime:
        at_once = Interval(END, END + 30 * MINUTE)
        assert any(at_once.overlaps(other) for other in taken)
        return

    assert not any(held.overlaps(other) for other in taken)
    assert held.length == 30 * MINUTE
    assert held.start >= END
    assert held.end <= END + 7 * DAY
    assert band == "day" or held.start < END + 30 * MINUTE or held.start >= END + 8 * HOUR


def choose(start, band="day", by=Mover.HOST):
    return check_debrief_time(start, shift_end=END, band=band, by=by)


def test_the_pair_may_move_it_up_to_seven_days_and_a_coordinator_further_rule_f2():
    last = END + 7 * DAY - 30 * MINUTE

    assert choose(last).end == END + 7 * DAY
    for mover in (Mover.HOST, Mover.OBSERVER, Mover.CLOCK):
        with pytest.raises(DebriefTooLate) as refused:
            choose(last + MINUTE, by=mover)
        assert refused.value.facts == {"latest": END + 7 * DAY}
    assert choose(END + 20 * DAY, by=Mover.COORDINATOR).start == END + 20 * DAY


def test_it_is_not_before_the_end_of_the_shift():
    with pytest.raises(DebriefTooSoon) as refused:
        choose(END - MINUTE, by=Mover.COORDINATOR)

    assert refused.value.facts == {"earliest": END}


@pytest.mark.parametrize("after", [30 * MINUTE, 4 * HOUR, 8 * HOUR - MINUTE])
def test_it_is_not_in_the_rest_after_a_night_rule_f1(after):
    with pytest.raises(DebriefTooSoon) as refused:
        choose(END + after, band="night")

    assert refused.value.facts == {"earliest": END + 8 * HOUR}
    assert choose(END + after, band="evening")


@pytest.mark.parametrize("after", [0 * MINUTE, 29 * MINUTE, 8 * HOUR])
def test_at_once_or_rested_is_fine_after_a_night_rule_f1(after):
    assert choose(END + after, band="night").start == END + after


def test_the_window_says_all_of_it():
    window = debrief_window(END, band="night")

    assert (window.rested, window.ends_by, window.limit) == (
        END + 8 * HOUR,
        END + 48 * HOUR,
        END + 7 * DAY,
    )


def drop(state=Debrief.HELD_SLOT, by=Mover.HOST, seen=59):
    check_drop(state, by=by, seen_minutes=seen, planned_minutes=180)


def test_a_shift_that_ended_before_it_counted_needs_no_debrief_rule_f5():
    for state in (Debrief.HELD_SLOT, Debrief.MOVED):
        for by in (Mover.HOST, Mover.OBSERVER):
            assert drop(state, by) is None


def test_but_one_that_counted_does_and_nobody_else_may_drop_it_rule_f5():
    with pytest.raises(FollowUpMoveNotAllowed):
        drop(seen=60)
    with pytest.raises(FollowUpMoveNotAllowed):
        drop(state=Debrief.HELD)
    with pytest.raises(NotYours):
        drop(by=Mover.COORDINATOR)


@pytest.mark.parametrize(
    ("state", "days", "held_back"),
    [
        (Debrief.HELD_SLOT, 7, True),
        (Debrief.MOVED, 8, True),
        (Debrief.HELD_SLOT, 6.99, False),
        (Debrief.HELD, 30, False),
        (Debrief.WAIVED, 30, False),
    ],
)
def test_no_record_after_seven_days_holds_back_asking_rule_f4(state, days, held_back):
    now = END + days * DAY

    assert holds_back_asking(state, shift_end=END, now=now) is held_back
