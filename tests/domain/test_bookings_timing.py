from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.bookings.timing import (
    Standing,
    TimingSettings,
    answer_by,
    auto_check_out_at,
    check_in_window,
    is_ended_early,
    late_cancel,
    no_show_from,
    notice,
    notice_ok,
)

NOON = datetime(2027, 3, 8, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
instants = st.datetimes(
    min_value=datetime(2027, 1, 1),  # noqa: DTZ001 - the strategy wants it bare and adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001 - likewise
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("days_ahead", "hours_to_answer"),
    [(30, 72), (5, 72), (4, 48), (3, 24)],
)
def test_a_request_lapses_after_72_hours_or_48_before_the_start_rule_b6(
    days_ahead,
    hours_to_answer,
):
    assert answer_by(NOON, NOON + days_ahead * DAY) == NOON + hours_to_answer * HOUR


@pytest.mark.parametrize("hours_ahead", [49, 51.9, 48, 12])
def test_nobody_is_given_less_than_four_hours_to_answer_rule_b6(hours_ahead):
    assert answer_by(NOON, NOON + timedelta(hours=hours_ahead)) == NOON + 4 * HOUR


@given(asked=instants, ahead=st.timedeltas(min_value=timedelta(0), max_value=60 * DAY))
def test_the_time_to_answer_lies_between_four_and_72_hours_rule_b6(asked, ahead):
    lapses = answer_by(asked, asked + ahead)

    assert 4 * HOUR <= lapses - asked <= 72 * HOUR
    assert lapses <= asked + ahead - 48 * HOUR or lapses == asked + 4 * HOUR


def test_a_site_may_set_its_own_time_to_answer():
    stricter = TimingSettings(request_answer=24 * HOUR)

    assert answer_by(NOON, NOON + 30 * DAY, settings=stricter) == NOON + DAY


@pytest.mark.parametrize(("standing", "days"), [(Standing.EMPLOYEE, 7), (Standing.EXTERNAL, 28)])
def test_notice_is_7_days_for_the_house_and_28_for_others_rule_b4(standing, days):
    assert notice(standing) == days * DAY
    assert notice_ok(NOON, NOON + days * DAY, standing=standing)
    assert not notice_ok(NOON, NOON + days * DAY - MINUTE, standing=standing)


def test_cancelling_within_48_hours_counts_and_at_48_does_not_rule_b10():
    assert late_cancel(NOON, NOON + 48 * HOUR - MINUTE)
    assert not late_cancel(NOON, NOON + 48 * HOUR)


def test_check_in_is_open_from_30_minutes_before_to_the_planned_end_rule_d1():
    window = check_in_window(NOON, NOON + 3 * HOUR)

    assert window.contains(NOON - 30 * MINUTE)
    assert not window.contains(NOON - 30 * MINUTE - timedelta(seconds=1))
    assert window.contains(NOON + 2 * HOUR), "late is allowed"
    assert not window.contains(NOON + 3 * HOUR)


def test_did_not_come_can_be_said_30_minutes_after_the_start_rule_d3():
    assert no_show_from(NOON) == NOON + 30 * MINUTE


def test_the_clock_checks_out_an_hour_after_the_planned_end_rule_d4():
    assert auto_check_out_at(NOON) == NOON + HOUR


@pytest.mark.parametrize(
    ("minutes_before_the_end", "early"),
    [(16, True), (15, False), (0, False), (-20, False)],
)
def test_more_than_15_minutes_before_the_end_is_ended_early_rule_d5(minutes_before_the_end, early):
    assert is_ended_early(NOON - minutes_before_the_end * MINUTE, NOON) is early
