"""When a diary is read again, and when it is too old to go by."""

from datetime import UTC, datetime, timedelta

import pytest

from shadowing.domain.diary import clashes, is_old, next_look, to_be_told, window
from shadowing.domain.interval import Interval

NOW = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "wait"), [(0, HOUR), (4, HOUR), (5, 24 * HOUR), (9, 24 * HOUR)]
)
def test_hourly_until_it_has_failed_five_times_then_daily(failures, wait):
    waits = [next_look(NOW, failures=failures, chance=chance) - NOW for chance in (0, 0.5, 1)]

    assert waits == [wait * 0.9, wait, wait * 1.1]


def test_its_owner_hears_of_the_fifth_failure_alone():
    assert [number for number in range(12) if to_be_told(number)] == [5]


def test_after_a_day_it_is_old():
    assert is_old(None, at=NOW)
    assert is_old(NOW - 25 * HOUR, at=NOW)
    assert not is_old(NOW - 24 * HOUR, at=NOW)


def test_a_week_back_and_four_hundred_days_ahead_are_kept():
    assert window(NOW) == Interval(NOW - timedelta(days=7), NOW + timedelta(days=400))


def test_to_touch_is_not_to_clash():
    busy = [Interval(NOW, NOW + HOUR)]

    assert clashes(Interval(NOW - HOUR, NOW + HOUR / 2), busy)
    assert not clashes(Interval(NOW + HOUR, NOW + 2 * HOUR), busy)
    assert not clashes(Interval(NOW, NOW + HOUR), [])
