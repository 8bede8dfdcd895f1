"""Moments counted from an anchor: each stands until the next of its kind comes."""

from datetime import UTC, datetime, timedelta

import pytest

from shadowing.domain.reminders import (
    PREPARATION_CARD,
    REFLECTION_REMINDER,
    REQUEST_LAPSING,
    UNIT_NOTICE,
    rounds,
    windows,
    worth_recalling,
)

NOW = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
ROUNDS = {
    each.kind: each
    for each in rounds(unit_notice_days=(7, 1), card_hours=(72, 2), reflection_hours=(24, 72, 168))
}


def told(kind, anchor):
    """Name the moments (in hours) of a kind that are told now for an anchor."""
    return [
        window.hours
        for window in windows(ROUNDS[kind], now=NOW)
        if window.after < anchor <= window.until
    ]


@pytest.mark.parametrize(
    ("kind", "hours", "moments"),
    [
        (UNIT_NOTICE, 24 * 7 + 0.01, []),
        (UNIT_NOTICE, 24 * 7, [-168]),
        (UNIT_NOTICE, 24.01, [-168]),
        (UNIT_NOTICE, 24, [-24]),
        (UNIT_NOTICE, 0.01, [-24]),
        (UNIT_NOTICE, 0, []),
        (PREPARATION_CARD, 72, [-72]),
        (PREPARATION_CARD, 2, [-2]),
        (PREPARATION_CARD, -1, []),
        (REFLECTION_REMINDER, -23.9, []),
        (REFLECTION_REMINDER, -24, [24]),
        (REFLECTION_REMINDER, -80, [72]),
        (REFLECTION_REMINDER, -168, [168]),
        (REFLECTION_REMINDER, -192, []),
        (REQUEST_LAPSING, 24, [-24]),
    ],
)
def test_one_moment_at_most_is_told_and_none_too_early_or_too_late(kind, hours, moments):
    """Rules N6, N7, L8 ("24, 72, 168 h, then silence"), B6."""
    assert told(kind, NOW + timedelta(hours=hours)) == moments


def test_a_letter_is_of_use_until_the_next_of_its_kind():
    week, day = windows(ROUNDS[UNIT_NOTICE], now=NOW)
    start = NOW + timedelta(days=7)

    assert week.ends(start) == start - timedelta(days=1)
    assert day.ends(start) == start


def test_a_site_may_set_other_moments_or_none():
    none = rounds(unit_notice_days=(), card_hours=(5,), reflection_hours=())

    counted = {each.kind: [w.hours for w in windows(each, now=NOW)] for each in none}
    assert counted[UNIT_NOTICE] == counted[REFLECTION_REMINDER] == []
    assert counted[PREPARATION_CARD] == [-5]


def test_a_request_with_little_time_is_not_called_back_to_mind():
    """Rule B6: a request may lapse four hours after it was made."""
    assert worth_recalling(requested_at=NOW, answer_by=NOW + timedelta(hours=72))
    assert not worth_recalling(requested_at=NOW, answer_by=NOW + timedelta(hours=30))
