from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.bookings.states import State
from shadowing.domain.participation import (
    RECORDED,
    BadFilter,
    Label,
    Part,
    ParticipationFilter,
    PersonFacts,
    Record,
    counts_as_shift,
    label,
    minutes_between,
    read_filter,
    totals,
)

RECORD = Record(
    person_id="p1",
    person="Nadia Ferrowby",
    part=Part.OBSERVER,
    date=date(2027, 3, 8),
    minutes=180,
    unit_id="u1",
    unit="4 West",
    role_kind="charge_nurse",
    family="nursing",
    band="night",
    cycle="2027-spring",
    counts=True,
)


def test_a_record_can_name_nobody_but_the_person_it_is_about_section_8_1():
    """HR reads the role kind of the other person; nothing may join the two records of a shift."""
    names = {field.name for field in fields(Record)}

    assert names == {
        "person_id", "person", "part", "date", "minutes", "unit_id", "unit", "role_kind", "family",
        "band", "cycle", "counts",
    }  # fmt: skip


def test_there_is_a_record_once_a_shift_took_place_rule_h1():
    assert {State.COMPLETED, State.ENDED_EARLY, State.DEBRIEFED, State.CLOSED} == RECORDED


def test_hours_are_elapsed_time_whatever_the_clock_on_the_wall_does_rule_a5():
    before = datetime.fromisoformat("2027-03-14T00:00:00-06:00")
    after = datetime.fromisoformat("2027-03-14T04:30:00-05:00")

    assert minutes_between(before, after) == 210


def test_a_correction_that_ends_before_it_starts_counts_nothing_rule_d4():
    start = datetime(2027, 3, 8, 12, tzinfo=UTC)

    assert minutes_between(start, start.replace(hour=11)) == 0
    assert minutes_between(start, start.replace(second=59)) == 0


@pytest.mark.parametrize(
    ("minutes", "planned", "counts"),
    [(60, 180, True), (59, 180, False), (45, 90, True), (44, 90, False), (60, 720, True)],
)
def test_an_hour_or_half_of_a_shorter_plan_counts_as_a_shift_rule_d5(minutes, planned, counts):
    assert counts_as_shift(minutes, planned_minutes=planned) is counts


@given(planned=st.integers(1, 1440))
def test_the_whole_plan_always_counts_rule_d5(planned):
    assert counts_as_shift(planned, planned_minutes=planned)


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        (PersonFacts(done=2, target=2, booked=0), Label.DONE),
        (PersonFacts(done=1, target=2, booked=1), Label.BOOKED),
        (PersonFacts(done=1, target=2, booked=0), Label.NOTHING_BOOKED),
        (PersonFacts(done=0, target=2, booked=1, missing=("FLU",)), Label.REQUIREMENT_MISSING),
        (PersonFacts(done=2, target=2, booked=0, missing=("FLU",)), Label.DONE),
        (PersonFacts(done=2, target=2, booked=0, follow_up_due=True), Label.FOLLOW_UP_DUE),
        (
            PersonFacts(done=0, target=2, booked=0, follow_up_due=True, on_leave=True),
            Label.ON_LEAVE,
        ),
    ],
)
def test_a_person_has_one_label_rule_h2(facts, wanted):
    assert label(facts) is wanted


def test_totals_count_people_once_and_every_minute_rules_d5_and_h1():
    short = replace(RECORD, minutes=20, counts=False)
    other = replace(RECORD, person_id="p2", part=Part.HOST)

    added = totals([RECORD, short, other])

    assert (added.people, added.shifts, added.minutes) == (2, 2, 380)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ({}, True),
        ({"from": "2027-03-08", "to": "2027-03-08"}, True),
        ({"from": "2027-03-09"}, False),
        ({"to": "2027-03-07"}, False),
        ({"cycle": "2027-spring"}, True),
        ({"cycle": "2026-fall"}, False),
        ({"part": "observer"}, True),
        ({"part": "host"}, False),
        ({"unit": "u1"}, True),
        ({"unit": "u2"}, False),
        ({"role_kind": "charge_nurse"}, True),
        ({"role_kind": "porter"}, False),
        ({"family": "nursing"}, True),
        ({"family": "support"}, False),
        ({"band": "night"}, True),
        ({"band": "day"}, False),
        ({"name": " ferro "}, True),
        ({"name": "Castellow"}, False),
        ({"page": "2"}, True),
    ],
)
def test_a_filter_takes_what_it_says_and_nothing_else(raw, found):
    assert read_filter(raw).matches(RECORD) is found


@pytest.mark.parametrize(
    ("raw", "field", "problem"),
    [
        ({"from": "yesterday"}, "from", "bad_date"),
        ({"to": "2027-02-30"}, "to", "bad_date"),
        ({"from": "2027-03-09", "to": "2027-03-08"}, "to", "ends_before_start"),
        ({"part": "visitor"}, "part", "unknown_choice"),
        ({"band": "dawn"}, "band", "unknown_choice"),
        ({"name": "x" * 101}, "name", "too_long"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_at_its_field(raw, field, problem):
    with pytest.raises(BadFilter) as refused:
        read_filter(raw)

    assert refused.value.facts == {"field": field, "problem": problem}


def test_a_name_may_be_as_long_as_names_are():
    assert read_filter({"name": "x" * 100}).name == "x" * 100


def test_an_empty_filter_asks_for_all():
    assert read_filter({"name": "", "from": " "}) == ParticipationFilter()
