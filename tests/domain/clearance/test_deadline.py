"""Until when clearance can be completed (rule C5)."""

from datetime import UTC, datetime, timedelta

import pytest

from shadowing.domain.clearance.rules import deadline


@pytest.mark.parametrize(
    ("booked_before", "hours", "released_before"),
    [(72, 24, 24), (49, 24, 24), (48, 24, 4), (10, 24, 4), (72, 48, 4), (6, 3, 3)],
)
def test_without_clearance_a_shift_is_released_in_time_rule_c5(
    booked_before, hours, released_before
):
    start = datetime(2027, 3, 20, 12, tzinfo=UTC)

    released = deadline(start, booked_at=start - timedelta(hours=booked_before), hours=hours)

    assert start - released == timedelta(hours=released_before)
