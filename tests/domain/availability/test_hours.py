"""A host's hours as slots: rules A1, A2, A5, A6 and B13."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shadowing.adapters import reference
from shadowing.domain.availability.bands import band_of, handovers_at, off_hours
from shadowing.domain.availability.clock import zone_named
from shadowing.domain.availability.hours import (
    Audience,
    ChangedDay,
    Hours,
    Mode,
    Place,
    WeeklyHours,
    check,
    drafts,
)
from shadowing.domain.errors import BadValue
from tests.domain.availability.walls import ZONES, change_days, read

REFERENCE = reference.load()
RULES = REFERENCE.time_rules
SUNDAY = date(2027, 3, 7)
DAY = timedelta(days=1)
FORTNIGHT = SUNDAY + 14 * DAY
CHICAGO = zone_named("America/Chicago")
WARD = Place(zone=CHICAGO, rules=RULES, block_minutes=240, longest_minutes=720)
MONDAYS = 0
WEDNESDAYS = 2


def hours(span="N12", start="19:30", end="23:30", mode=Mode.ASK, **more):
    return Hours(span=REFERENCE.span(span), start=start, end=end, mode=mode, **more)


def weekly(weekday=WEDNESDAYS, valid_from=None, valid_to=None, every_weeks=1, **told):
    return WeeklyHours(
        weekday=weekday,
        hours=hours(**told),
        valid_from=valid_from,
        valid_to=valid_to,
        every_weeks=every_weeks,
    )


def expanded(*rules, changes=(), place=WARD, first=SUNDAY, last=FORTNIGHT):
    return drafts(rules, changes, place, first=first, last=last)


def walls(found, place=WARD):
    """Say when each slot starts and ends, as the clock on the wall shows it."""
    shown = ((each.starts_at.astimezone(place.zone), each.ends_at) for each in found)
    return [f"{start:%a %d %H:%M}-{end.astimezone(place.zone):%H:%M}" for start, end in shown]


def refusal(told, weekday=WEDNESDAYS, shortest=120):
    with pytest.raises(BadValue) as refused:
        check(told, weekday=weekday, rules=RULES, shortest_minutes=shortest)
    return refused.value.facts


# ------------------------------------------------------------------ what becomes a slot


def test_the_hours_a_host_gives_become_one_slot_a_week_rule_b13():
    found = expanded(weekly())

    assert walls(found) == ["Wed 10 19:30-23:30", "Wed 17 19:30-23:30"]
    assert found[0].starts_at == datetime(2027, 3, 11, 1, 30, tzinfo=UTC)


def test_a_slot_says_all_that_the_host_said_rule_a2():
    (slot,) = expanded(weekly(mode=Mode.BLIND, audience=Audience.FELLOWS), last=SUNDAY + 7 * DAY)

    assert slot.local_date == date(2027, 3, 10)
    assert (slot.span, slot.band, slot.mode) == ("N12", "night", Mode.BLIND)
    assert (slot.audience, slot.handover) == (Audience.FELLOWS, False)


def test_nothing_is_open_by_default_rule_a1():
    assert expanded() == ()


def test_closed_hours_make_no_slot_rule_a2():
    assert expanded(weekly(mode=Mode.CLOSED, start="", end="")) == ()


def test_hours_after_midnight_belong_to_the_date_the_shift_starts_on_rule_a5():
    (first, _) = expanded(weekly(start="02:00", end="06:00"))

    assert first.local_date == date(2027, 3, 10)
    assert walls([first]) == ["Thu 11 02:00-06:00"]


def test_hours_over_midnight_end_on_the_next_day_rule_a5():
    (first, _) = expanded(weekly(span="ED9D", start="22:30", end="02:30"))

    assert walls([first]) == ["Wed 10 22:30-02:30"]


def test_a_shift_around_the_clock_reaches_into_the_next_day_rule_a5():
    late = expanded(weekly(span="OC24", start="18:00", end="21:00"))
    early = expanded(weekly(span="OC24", start="02:00", end="05:00"))

    assert walls(late)[0] == "Wed 10 18:00-21:00"
    assert walls(early)[0] == "Thu 11 02:00-05:00"
    assert {each.band for each in (*late, *early)} == {"night"}


def test_hours_of_twelve_hours_stay_whole_rule_b13():
    found = expanded(weekly(start="19:00", end="07:00", handover=True), last=SUNDAY + 7 * DAY)

    assert walls(found) == ["Wed 10 19:00-07:00"]


def test_longer_hours_are_cut_in_the_blocks_of_the_unit_rule_b13():
    found = expanded(weekly(span="OC24", start="08:00", end="01:00"), last=SUNDAY + 7 * DAY)

    # 4 h each from 08:00; the last hour is left over and dropped.
    assert walls(found) == [
        "Wed 10 08:00-12:00",
        "Wed 10 12:00-16:00",
        "Wed 10 16:00-20:00",
        "Wed 10 20:00-00:00",
    ]
    assert [each.band for each in found] == ["day", "day", "evening", "night"]


def test_no_block_starts_inside_a_handover_unless_the_host_chose_it_rule_a6():
    told = {"span": "OC24", "start": "11:00", "end": "07:00"}

    without = expanded(weekly(**told), last=SUNDAY + 7 * DAY)
    chosen = expanded(weekly(**told, handover=True), last=SUNDAY + 7 * DAY)

    assert "Wed 10 19:00-23:00" not in walls(without)
    assert "Wed 10 19:00-23:00" in walls(chosen)
    assert len(chosen) == len(without) + 1


def test_a_block_may_reach_into_a_handover_rule_a6():
    assert len(expanded(weekly(span="E8", start="16:00", end="20:00"))) == 2


def test_school_hours_fall_on_school_days():
    school = replace(WARD, term_days=frozenset({date(2027, 3, 10)}))
    told = {"span": "SCH", "start": "09:00", "end": "12:00"}

    assert walls(expanded(weekly(**told), place=school)) == ["Wed 10 09:00-12:00"]
    assert len(expanded(weekly(**told))) == 2
    assert expanded(weekly(**told, weekday=6)) == ()


# ------------------------------------------------------------------ what changes on one day


def test_a_changed_day_replaces_the_hours_of_that_shift_on_that_date():
    wednesday = date(2027, 3, 10)
    other = ChangedDay(local_date=wednesday, hours=hours(start="20:00", mode=Mode.AUTO))
    closed = ChangedDay(local_date=wednesday + 7 * DAY, hours=hours(mode=Mode.CLOSED))
    extra = ChangedDay(local_date=wednesday + DAY, hours=hours(end="22:30"))

    days = weekly(span="D12", start="08:00", end="12:00")
    found = expanded(weekly(), days, changes=[other, closed, extra])

    assert walls(found) == [
        "Wed 10 08:00-12:00",
        "Wed 10 20:00-23:30",
        "Thu 11 19:30-22:30",
        "Wed 17 08:00-12:00",
    ]
    assert [each.mode for each in found[:2]] == [Mode.ASK, Mode.AUTO]


def test_of_two_offers_that_overlap_one_stands():
    days = weekly(span="D12", start="10:00", end="14:00")
    same = weekly(span="ED9B", start="10:00", end="13:00", mode=Mode.AUTO)

    assert walls(expanded(days, same))[0] == "Wed 10 10:00-14:00"


def test_a_changed_day_outside_the_horizon_changes_nothing():
    late = ChangedDay(local_date=FORTNIGHT, hours=hours())

    assert expanded(changes=[late]) == ()


def test_rules_hold_from_their_first_to_their_last_date_and_every_few_weeks():
    bounded = weekly(valid_from=date(2027, 3, 11), valid_to=date(2027, 3, 17))
    fortnightly = weekly(valid_from=date(2027, 3, 10), every_weeks=2)

    assert walls(expanded(bounded)) == ["Wed 17 19:30-23:30"]
    assert walls(expanded(fortnightly)) == ["Wed 10 19:30-23:30"]


def clock(minute):
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def part_of(code, weekday, mode, ends):
    """Give weekly hours between two of the quarters that a span has."""
    span = REFERENCE.span(code)
    opens = int(span.start[:2]) * 60 + int(span.start[3:])
    first, last = sorted(opens + end % (span.minutes // 15) * 15 for end in ends)
    return weekly(weekday, span=code, start=clock(first), end=clock(last + 15), mode=mode)


rules = st.builds(
    part_of,
    st.sampled_from(sorted(REFERENCE.spans)),
    st.integers(0, 6),
    st.sampled_from(Mode),
    st.tuples(st.integers(0, 95), st.integers(0, 95)),
)


@given(
    several=st.lists(rules, max_size=6),
    zone=st.sampled_from(ZONES),
    first=st.dates(date(2027, 1, 1), date(2027, 12, 1)),
)
def test_slots_of_a_host_never_overlap_and_start_in_the_horizon(several, zone, first):
    place = replace(WARD, zone=zone_named(zone))

    found = expanded(*several, place=place, first=first, last=first + 30 * DAY)

    assert all(one.ends_at <= other.starts_at for one, other in pairwise(found))
    assert all(first <= each.local_date < first + 30 * DAY for each in found)
    assert all(each.starts_at < each.ends_at for each in found)
    assert Mode.CLOSED not in {each.mode for each in found}


# ------------------------------------------------------------------ clocks that change


EXAMPLES = yaml.safe_load(
    reference.files("shadowing.reference").joinpath("shift_patterns.yaml").read_text("utf-8")
)["clock_change_examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each['zone']} {each['span']}")
def test_hours_count_elapsed_time_across_a_change_of_clocks_rule_a5(example):
    on = date.fromisoformat(example["starts_on"])
    span = REFERENCE.span(example["span"])
    place = replace(WARD, zone=zone_named(example["zone"]), longest_minutes=1440)
    whole = weekly(on.weekday(), span=span.code, start=span.start, end=span.end, handover=True)

    (slot,) = expanded(whole, place=place, first=on, last=on + DAY)

    assert slot.local_date == on
    assert slot.ends_at - slot.starts_at == timedelta(minutes=example["elapsed"])


@pytest.mark.parametrize("zone", [zone for zone in ZONES if change_days(zone)])
def test_nights_are_right_on_every_change_of_clocks_rule_a5(zone):
    place = replace(WARD, zone=zone_named(zone))
    for day in change_days(zone):
        on = day - DAY
        told = weekly(on.weekday(), span="N12", start="01:00", end="06:00")

        (slot,) = expanded(told, place=place, first=on, last=day)

        assert (slot.starts_at, slot.ends_at) == (
            read(day, "01:00", zone),
            read(day, "06:00", zone),
        )


# ------------------------------------------------------------------ what is refused


def test_hours_that_fit_are_taken():
    told = [
        (hours(), WEDNESDAYS),
        (hours(start="02:00", end="06:00"), WEDNESDAYS),
        (hours(span="OR", start="06:45", end="10:45", handover=True), MONDAYS),
        (hours(mode=Mode.CLOSED, start="", end=""), MONDAYS),
    ]

    for each, weekday in told:
        assert check(each, weekday=weekday, rules=RULES, shortest_minutes=120) is None


@pytest.mark.parametrize(
    ("told", "field", "problem"),
    [
        (hours(start="7pm"), "start", "not_a_time"),
        (hours(end="25:00"), "end", "not_a_time"),
        (hours(start="18:00"), "start", "outside_shift"),
        (hours(span="D12", start="06:00", end="09:00"), "start", "outside_shift"),
        (hours(span="D12", start="16:00", end="20:00"), "end", "outside_shift"),
        (hours(span="D12", start="16:00", end="16:00"), "end", "outside_shift"),
        (hours(start="20:00", end="21:45"), "end", "too_short"),
        (hours(start="19:00", end="23:00"), "start", "in_handover"),
        (hours(span="OR", start="06:45", end="10:45"), "start", "in_handover"),
    ],
)
def test_hours_that_do_not_fit_are_refused_at_their_field(told, field, problem):
    facts = refusal(told)

    assert (facts["field"], facts["problem"]) == (field, problem)


def test_a_refused_handover_says_from_when_rule_a6():
    facts = refusal(hours(start="19:00", end="23:00"))

    assert (facts["band"], facts["earliest"]) == ("evening", "19:30")


def test_a_school_has_no_sunday_shift():
    told = hours(span="SCH", start="09:00", end="12:00")

    assert refusal(told, weekday=6)["problem"] == "not_on_that_day"


# ------------------------------------------------------------------ bands


@pytest.mark.parametrize(
    ("span", "clock", "band"),
    [
        ("D12", "18:00", "day"),
        ("ED9C", "14:00", "evening"),
        ("OC24", "06:00", "day"),
        ("OC24", "13:59", "day"),
        ("OC24", "14:00", "evening"),
        ("OC24", "18:00", "night"),
        ("OC24", "05:59", "night"),
    ],
)
def test_a_block_has_the_band_of_its_span_or_of_its_start(span, clock, band):
    minute = int(clock[:2]) * 60 + int(clock[3:])

    assert band_of(REFERENCE.span(span), minute, RULES) == band


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (datetime(2027, 3, 12, 16, 59), False),  # noqa: DTZ001 - wall clock
        (datetime(2027, 3, 12, 17, 0), True),  # noqa: DTZ001
        (datetime(2027, 3, 12, 5, 59), True),  # noqa: DTZ001
        (datetime(2027, 3, 12, 6, 0), False),  # noqa: DTZ001
        (datetime(2027, 3, 13, 12, 0), True),  # noqa: DTZ001
    ],
)
def test_off_hours_are_nights_and_weekends_rule_h6(start, expected):
    assert off_hours(start, RULES) is expected


def test_the_start_of_a_handover_is_inside_and_its_end_is_not_rule_a6():
    inside = [minute for minute in range(1440) if handovers_at(minute, RULES)]

    assert inside == [*range(405, 450), *range(1125, 1170)]
