"""Weekly hours as windows: on clock-change days, with exceptions, weeks and dates (rule A5)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.availability.clock import zone_named
from shadowing.domain.availability.patterns import (
    DayChange,
    Pattern,
    free_starts,
    merge,
    windows,
)
from tests.domain.availability.walls import (
    DAILY,
    DAY,
    ZONES,
    a_week_around,
    change_days,
    window,
)

EVERY_DAY = frozenset(range(7))
MONDAY = date(2027, 3, 8)
CHICAGO = zone_named("America/Chicago")
FORTNIGHT = MONDAY + timedelta(days=14)


def offered(*patterns, changes=(), first=MONDAY, last=FORTNIGHT, zone=CHICAGO):
    found = windows(patterns, changes, zone, first=first, last=last)
    return [(each.start, each.end) for each in found]


def dates(found):
    return [start.astimezone(CHICAGO).date() for start, _ in found]


def mornings(**more):
    return Pattern(**{"weekdays": frozenset({0}), "start": "08:00", "end": "12:00", **more})


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("start", "end"), DAILY)
def test_windows_are_right_around_every_change_of_clocks_rule_a5(zone, start, end):
    days = sorted({day for change in change_days(zone) for day in a_week_around(change)})
    truth = [window(day, start, end, zone) for day in days]
    pattern = Pattern(weekdays=EVERY_DAY, start=start, end=end)

    found = [
        pair
        for day in days
        for pair in offered(pattern, first=day, last=day + DAY, zone=zone_named(zone))
    ]

    assert found == [(opens, closes) for opens, closes in truth if opens < closes]


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_of_nights_misses_no_night(zone):
    pattern = Pattern(weekdays=EVERY_DAY, start="19:00", end="07:00")
    year = offered(pattern, first=date(2027, 1, 1), last=date(2028, 1, 1), zone=zone_named(zone))
    hours = {(end - start) / timedelta(hours=1) for start, end in year}

    assert len(year) == 365
    assert hours <= {10, 11, 11.5, 12, 12.5, 13, 14}


def test_what_the_clocks_leave_nothing_of_is_no_window_rule_a5():
    skipped = Pattern(weekdays=EVERY_DAY, start="02:00", end="03:00")
    backward = Pattern(weekdays=EVERY_DAY, start="02:30", end="03:00")

    night = {"first": date(2027, 3, 14), "last": date(2027, 3, 15)}

    assert offered(skipped, **night) == []
    assert offered(backward, **night) == []


def test_a_window_belongs_to_the_date_it_starts_on_rule_a5():
    nights = Pattern(weekdays=frozenset({6}), start="19:00", end="07:00")

    sunday = MONDAY + timedelta(days=6)

    assert dates(offered(nights, first=MONDAY, last=sunday)) == []
    assert dates(offered(nights, first=sunday, last=sunday + DAY)) == [sunday]
    assert dates(offered(nights, first=sunday + DAY, last=FORTNIGHT)) == [sunday + 7 * DAY]


def test_an_exception_takes_the_place_of_the_patterns_on_its_date():
    closed = DayChange(local_date=MONDAY, hours=None)
    shorter = DayChange(local_date=MONDAY + 7 * DAY, hours=("09:00", "10:00"))
    extra = DayChange(local_date=MONDAY + DAY, hours=("22:00", "02:00"))
    outside = DayChange(local_date=FORTNIGHT, hours=("09:00", "10:00"))

    found = offered(mornings(), changes=[closed, shorter, extra, outside])

    assert found == [
        (datetime(2027, 3, 10, 4, tzinfo=UTC), datetime(2027, 3, 10, 8, tzinfo=UTC)),
        (datetime(2027, 3, 15, 14, tzinfo=UTC), datetime(2027, 3, 15, 15, tzinfo=UTC)),
    ]


def test_several_exceptions_of_one_date_add_up():
    parts = [
        DayChange(local_date=MONDAY, hours=("08:00", "10:00")),
        DayChange(local_date=MONDAY, hours=("14:00", "16:00")),
    ]

    assert len(offered(changes=parts)) == 2


def test_a_pattern_holds_from_its_first_to_its_last_date():
    later = mornings(valid_from=MONDAY + DAY)
    until = mornings(valid_to=MONDAY)

    assert dates(offered(later)) == [MONDAY + 7 * DAY]
    assert dates(offered(until)) == [MONDAY]


def test_weeks_are_counted_from_monday_from_the_week_of_the_first_date():
    wednesday = MONDAY + 2 * DAY
    both = mornings(weekdays=frozenset({0, 4}), valid_from=wednesday, every_weeks=2)

    found = dates(offered(both, last=MONDAY + 28 * DAY))

    # Monday of that week was before the first date; the next counted week is the one after next.
    assert found == [MONDAY + n * DAY for n in (4, 14, 18)]


@given(
    weekdays=st.frozensets(st.integers(0, 6)),
    first=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    length=st.integers(0, 60),
    since=st.integers(-40, 40),
    until=st.integers(-40, 40),
    weeks=st.integers(1, 5),
)
def test_the_days_of_a_pattern_are_those_that_fit(weekdays, first, length, since, until, weeks):
    pattern = mornings(
        weekdays=weekdays,
        valid_from=first + since * DAY,
        valid_to=first + until * DAY,
        every_weeks=weeks,
    )
    monday = pattern.valid_from - pattern.valid_from.weekday() * DAY
    days = [first + n * DAY for n in range(length)]

    assert [date.fromordinal(day) for day in pattern.days(first, first + length * DAY)] == [
        day
        for day in days
        if pattern.valid_from <= day <= pattern.valid_to
        and day.weekday() in weekdays
        and (day - monday).days // 7 % weeks == 0
    ]


@pytest.mark.parametrize("weeks", [0, -1, 2])
def test_a_count_of_weeks_has_a_start(weeks):
    with pytest.raises(ValueError, match="counted from the first date"):
        mornings(every_weeks=weeks)


def test_windows_that_touch_or_overlap_are_one():
    early, late, inner = (
        mornings(start=start, end=end)
        for start, end in [("08:00", "10:00"), ("10:00", "12:00"), ("08:30", "09:00")]
    )

    assert len(offered(late, inner, early, last=MONDAY + DAY)) == 1


stretches = st.lists(
    st.builds(lambda start, length: (start, start + length), st.integers(0, 60), st.integers(1, 20))
)


@given(opened=stretches, taken=stretches, length=st.integers(1, 9), earliest=st.integers(-5, 50))
def test_free_starts_are_those_of_every_slot_that_clashes_with_nothing(
    opened, taken, length, earliest
):
    cut = [
        start
        for begins, ends in merge(opened)
        for start in range(begins, ends - length + 1, length)
    ]
    free = [
        start
        for start in cut
        if start >= earliest and not any(a < start + length and start < b for a, b in taken)
    ]

    found = free_starts(merge(opened), merge(taken), length=length, earliest=earliest)

    assert found == free


def test_a_slot_lost_to_two_short_clashes_is_lost_once():
    assert free_starts([(0, 30)], [(1, 2), (3, 4)], length=10, earliest=0) == [10, 20]
