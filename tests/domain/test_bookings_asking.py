"""Limits of hosts and units, by property and at their edges (rules A2, A4, A9, B7)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.bookings.asking import (
    Hosted,
    Load,
    Wanted,
    free,
    in_audience,
    over_cap,
    over_limit,
)
from shadowing.domain.interval import Interval

MONDAY = datetime(2027, 3, 8, tzinfo=UTC)
DAY = date(2027, 3, 8)


def hours(first, last):
    return Interval(MONDAY + timedelta(hours=first), MONDAY + timedelta(hours=last))


def hosted(day, *, slot_id=None):
    start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return Hosted(slot_id or uuid4(), day, Interval(start, start + timedelta(hours=4)))


def wanted(span, *, cap):
    return Wanted(
        slot_id=uuid4(),
        host_id=uuid4(),
        unit_id=uuid4(),
        span=span,
        local_date=DAY,
        state="open",
        audience="anyone",
        seats=1,
        taken=0,
        cap=cap,
        notice_days=7,
    )


spans = st.tuples(st.integers(0, 20), st.integers(1, 6)).map(
    lambda pair: hours(pair[0], pair[0] + pair[1]),
)


@given(present=st.lists(spans, max_size=8), span=spans, cap=st.integers(1, 3))
def test_a_cap_is_counted_minute_by_minute(present, span, cap):
    """Rule A9: as many at any one minute, touching ends not counted, against a slow count."""
    minutes = int((span.end - span.start).total_seconds()) // 60
    instants = [span.start + timedelta(minutes=n) for n in range(minutes)]
    busiest = max(sum(each.start <= at < each.end for each in present) for at in instants)

    assert over_cap(wanted(span, cap=cap), present=tuple(present)) == (busiest >= cap)


def test_a_host_has_two_a_calendar_month():
    """Rule A4: by calendar month, not by thirty days."""
    load = Load(2, 0, hosted=(hosted(date(2027, 3, 1)), hosted(date(2027, 3, 31))))

    assert over_limit(load, slot_id=uuid4(), day=date(2027, 3, 15))
    assert not over_limit(load, slot_id=uuid4(), day=date(2027, 4, 1))


def test_fourteen_days_lie_between_two_start_dates():
    """Rule A4: cool-down, both ways."""
    load = Load(9, 14, hosted=(hosted(DAY),))

    for days, over in ((13, True), (14, False), (-13, True), (-14, False)):
        assert over_limit(load, slot_id=uuid4(), day=DAY + timedelta(days=days)) is over


def test_several_seats_of_one_slot_are_one_shift_to_the_host():
    slot_id = UUID(int=7)
    load = Load(1, 14, hosted=(hosted(DAY, slot_id=slot_id), hosted(DAY, slot_id=slot_id)))

    assert not over_limit(load, slot_id=slot_id, day=DAY)
    assert over_limit(load, slot_id=uuid4(), day=DAY)


def test_a_host_who_shadows_somebody_then_is_not_free():
    """Rule B7: hosting included."""
    load = Load(2, 14, elsewhere=(hours(8, 12),))

    assert not free(load, slot_id=uuid4(), span=hours(11, 13))
    assert free(load, slot_id=uuid4(), span=hours(12, 13)), "to touch is not to clash"


def test_an_audience_filters_by_level():
    """Rule A2."""
    assert in_audience("anyone", level="director")
    assert in_audience("executives", level="executive")
    assert not in_audience("executives", level="student")
    assert in_audience("fellows", level="student")
