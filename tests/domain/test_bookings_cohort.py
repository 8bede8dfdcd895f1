"""A cohort day: which shifts are of it, what it needs, how long its talk is, its list in order."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from shadowing.domain.bookings.cohort import (
    CohortMoveNotAllowed,
    JointTalkHours,
    NobodyInvited,
    NoReverseShadow,
    Plan,
    Standing,
    Visit,
    belongs,
    check_move,
    check_ready,
    joint_talk,
    reordered,
)
from shadowing.domain.interval import Interval

CHICAGO = ZoneInfo("America/Chicago")
ANA, SITE = uuid4(), uuid4()
AT = datetime(2027, 3, 22, 21, 30, tzinfo=UTC)
PLAN = {
    "state": "planned",
    "day": date(2027, 3, 22),
    "site_id": SITE,
    "guests": {ANA},
    "talk": Interval(AT, AT + timedelta(hours=1)),
}
VISIT = {
    "observer_id": ANA,
    "site_id": SITE,
    "kind": "in_person",
    "local_date": date(2027, 3, 22),
    "ends_at": AT,
}


@pytest.mark.parametrize(
    ("plan", "visit", "is_of_it"),
    [
        ({}, {}, True),
        ({}, {"kind": "remote"}, True),
        ({"state": "draft"}, {}, False),
        ({"state": "cancelled"}, {}, False),
        ({"guests": set()}, {}, False),
        ({}, {"site_id": uuid4()}, False),
        ({}, {"local_date": date(2027, 3, 23)}, False),
        ({}, {"kind": "reverse"}, False),
        ({}, {"ends_at": AT + timedelta(minutes=1)}, False),
    ],
)
def test_a_shift_is_of_the_day_by_facts_alone(plan, visit, is_of_it):
    """Rules B14, F1."""
    assert belongs(Visit(**(VISIT | visit)), Plan(**(PLAN | plan))) is is_of_it


def test_a_day_needs_people_and_a_reverse_shadow():
    """Rules B14, B16, S0.1."""
    with pytest.raises(NobodyInvited):
        check_ready(guests=0, meetings=1)
    with pytest.raises(NoReverseShadow):
        check_ready(guests=1, meetings=0)
    check_ready(guests=1, meetings=1)


@pytest.mark.parametrize(("minutes", "fits"), [(14, False), (15, True), (180, True), (181, False)])
def test_how_long_a_joint_talk_is(minutes, fits):
    """Rule B14."""
    if fits:
        assert joint_talk(AT, minutes, zone=CHICAGO).minutes == minutes
        return
    with pytest.raises(JointTalkHours):
        joint_talk(AT, minutes, zone=CHICAGO)


def test_a_joint_talk_ends_on_the_day_on_the_clock_of_its_building():
    """Rule B14: the same day, where it is, not in UTC."""
    evening = datetime(2027, 3, 23, 3, 30, tzinfo=UTC)  # half past ten in Chicago
    assert joint_talk(evening, 60, zone=CHICAGO).start == evening
    with pytest.raises(JointTalkHours):
        joint_talk(evening, 90, zone=CHICAGO)


def test_no_step_but_those_of_the_table():
    for state in Standing:
        for to in Standing:
            if (state, to) in {
                (Standing.DRAFT, Standing.PLANNED),
                (Standing.DRAFT, Standing.CANCELLED),
                (Standing.PLANNED, Standing.CANCELLED),
            }:
                check_move(state, to=to)
                continue
            with pytest.raises(CohortMoveNotAllowed):
                check_move(state, to=to)


def test_a_list_moves_by_one_and_stops_at_its_ends():
    first, second, third = ids = tuple(uuid4() for _ in range(3))

    assert reordered(ids, second, up=True) == (second, first, third)
    assert reordered(ids, second, up=False) == (first, third, second)
    assert reordered(ids, first, up=True) == ids
    assert reordered(ids, third, up=False) == ids
