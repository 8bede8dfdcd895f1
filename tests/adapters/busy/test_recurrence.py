"""Rules of repetition against a second opinion, and where the two are known to differ."""

from datetime import datetime, timedelta
from itertools import islice, takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from shadowing.adapters.busy.recurrence import occurrences
from shadowing.adapters.busy.rules import rule

ZERO = datetime(1970, 1, 1)  # noqa: DTZ001 - on a wall
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def ours(text, start, *, since=None, until):
    """List the times of a rule on the wall, from our own counting."""
    first, last = ((at - ZERO) // timedelta(seconds=1) for at in (since or start, until))
    begin = (start - ZERO) // timedelta(seconds=1)
    found = occurrences(rule(text), begin, whole_days=False, first=first, last=last)
    return [ZERO + timedelta(seconds=wall) for wall in found if wall >= first]


def one_of(*values, most=3):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


numbers = {
    "BYMONTH": one_of(*range(1, 13)),
    "BYMONTHDAY": one_of(*range(1, 32), *range(-31, 0), most=5),
    "BYHOUR": one_of(*range(24)),
    "BYMINUTE": one_of(0, 15, 59),
}


@st.composite
def rules(draw):
    every = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    parts = [f"FREQ={every}", f"INTERVAL={draw(st.integers(1, 4))}"]
    for name, values in numbers.items():
        if draw(st.integers(0, 3)) == 0:
            parts.append(f"{name}={','.join(map(str, draw(values)))}")
    if draw(st.booleans()):
        # The other one takes "MO,2TU" for Mondays that are second Tuesdays, so all or none.
        places = draw(st.sampled_from([("",), ("1", "-1", "2", "-5")]))
        places = places if every in ("YEARLY", "MONTHLY") else ("",)
        named = [draw(st.sampled_from(places)) + day for day in draw(one_of(*DAYS))]
        parts.append(f"BYDAY={','.join(named)}")
    if draw(st.integers(0, 4)) == 0 and len(parts) > 2:
        parts.append(f"BYSETPOS={','.join(map(str, draw(one_of(1, 2, -1, -2))))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
    return ";".join(parts)


starts = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)


@settings(max_examples=60)
@given(text=rules(), start=starts, days=st.integers(0, 400))
def test_the_times_are_those_another_library_counts(text, start, days):
    since, until = start + timedelta(days=days), start + timedelta(days=days + 200)

    # The other one looks for ever where nothing matches: a last time of our own ends it.
    bounded = text if "COUNT" in text else f"{text};UNTIL={until:%Y%m%dT%H%M%S}"
    theirs = takewhile(lambda at: at < until, rrulestr(bounded, dtstart=start))
    wanted = [at for at in islice(theirs, 5_000) if at >= since]

    assert ours(text, start, since=since, until=until) == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The examples of RFC 5545 that the rules above do not reach.
        ("FREQ=YEARLY;BYYEARDAY=1,100,200", ["2026-04-10", "2026-07-19", "2027-01-01"]),
        ("FREQ=YEARLY;BYYEARDAY=-1,366", ["2026-12-31", "2027-12-31"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", ["2026-05-11", "2027-05-17"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", ["2027-01-03", "2028-01-02"]),
        # What a rule leaves unsaid is as its start: a Thursday.
        ("FREQ=YEARLY;BYWEEKNO=20", ["2026-05-14", "2027-05-20"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29"]),
        ("FREQ=MONTHLY;BYDAY=TH,1FR;BYMONTH=1", ["2026-01-01", "2026-01-02", "2026-01-08"]),
        ("FREQ=MONTHLY;BYYEARDAY=32", ["2026-02-01", "2027-02-01"]),
    ],
)
def test_days_counted_through_the_year(text, expected):
    start = datetime(2026, 1, 1, 9)  # noqa: DTZ001

    found = [f"{at:%Y-%m-%d}" for at in ours(text, start, until=datetime(2028, 3, 1))]  # noqa: DTZ001

    assert found[: len(expected)] == expected or found[1 : len(expected) + 1] == expected


def test_every_so_many_hours():
    start = datetime(2026, 1, 1, 22, 30)  # noqa: DTZ001
    text = "FREQ=HOURLY;INTERVAL=5;BYDAY=FR;BYHOUR=3,8,13"

    found = ours(text, start, until=datetime(2026, 1, 9))  # noqa: DTZ001

    assert [f"{at:%d %H:%M}" for at in found] == ["02 03:30", "02 08:30", "02 13:30"]


def test_a_series_begun_long_ago_costs_no_more_than_a_new_one():
    long_ago = datetime(1601, 1, 1)  # noqa: DTZ001
    since, until = datetime(2026, 1, 1), datetime(2026, 1, 4)  # noqa: DTZ001

    found = ours("FREQ=DAILY;INTERVAL=2;COUNT=999999999", long_ago, since=since, until=until)

    assert [at.day for at in found] in ([1, 3], [2])
