"""Series in a calendar file: versions, exceptions and what takes their place (decision 60)."""

import pytest

from tests.adapters.busy.files import busy, busy_of, event

TEN = "DTSTART:20261020T100000Z"
ELEVEN = "DTEND:20261020T110000Z"
HOUR = ["10-20 10:00/10-20 11:00"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (["SEQUENCE:2"], ["SEQUENCE:1"], "10-20 10:00/10-20 11:00"),
        (["SEQUENCE:1"], ["SEQUENCE:10"], "10-21 10:00/10-21 11:00"),
        (["DTSTAMP:20260902T000000Z"], ["DTSTAMP:20260901T000000Z"], "10-20 10:00/10-20 11:00"),
        (["DTSTAMP:20260901T000000Z"], ["DTSTAMP:20260901T000000Z"], "10-21 10:00/10-21 11:00"),
        (["SEQUENCE:1"], ["SEQUENCE:much"], "10-20 10:00/10-20 11:00"),
    ],
)
def test_of_several_versions_the_newest_counts_rule_7(first, second, expected):
    lines = ["BEGIN:VEVENT", "UID:x", *first, TEN, ELEVEN, "END:VEVENT"]
    lines += ["BEGIN:VEVENT", "UID:x", *second, "DTSTART:20261021T100000Z", "DURATION:PT1H"]

    assert busy(*lines, "END:VEVENT") == [expected]


def test_events_without_a_uid_stand_alone_rule_7():
    one = ["BEGIN:VEVENT", TEN, ELEVEN, "END:VEVENT"]
    other = ["BEGIN:VEVENT", "DTSTART:20261021T100000Z", "DURATION:PT1H", "END:VEVENT"]

    assert busy(*one, *other) == [*HOUR, "10-21 10:00/10-21 11:00"]


@pytest.mark.parametrize(
    "named",
    [
        "RECURRENCE-ID;TZID=Europe/Berlin:20261021T120000",
        "RECURRENCE-ID:20261021T100000Z",
        "RECURRENCE-ID:20261021T120000",
        "RECURRENCE-ID;VALUE=DATE:20261021",
    ],
)
def test_an_instance_is_named_by_its_instant_rule_7(named):
    zone = "TZID=Europe/Berlin"
    series = event(f"DTSTART;{zone}:20261020T120000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")
    moved = event(named, f"DTSTART;{zone}:20261022T150000", "DURATION:PT1H")

    assert busy(*series, *moved) == [*HOUR, "10-22 13:00/10-22 14:00"]


def test_of_a_whole_day_series_one_day_may_be_moved_rule_7():
    series = event("DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=DAILY;COUNT=2")
    moved = event("RECURRENCE-ID;VALUE=DATE:20261021", "DTSTART;VALUE=DATE:20261105")

    assert busy(*series, *moved) == ["10-20 05:00/10-21 05:00", "11-05 06:00/11-06 06:00"]


def test_what_replaces_nothing_is_an_event_of_its_own_rule_7():
    alone = event("RECURRENCE-ID:20261021T100000Z", TEN, ELEVEN)

    assert busy(*alone) == HOUR


def test_of_two_that_replace_one_instance_the_newer_counts_rule_7():
    series = event(TEN, ELEVEN, "RRULE:FREQ=DAILY;COUNT=1")
    places = ["RECURRENCE-ID:20261020T100000Z", "DURATION:PT1H"]
    newer = event(*places, "SEQUENCE:3", "DTSTART:20261020T120000Z")
    older = event(*places, "SEQUENCE:2", "DTSTART:20261020T140000Z")

    assert busy(*series, *newer, *older) == ["10-20 12:00/10-20 13:00"]


def test_a_change_may_go_for_all_that_follow_rule_7():
    series = event(TEN, ELEVEN, "RRULE:FREQ=DAILY;COUNT=4")
    onward = event(
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261022T100000Z",
        "DTSTART:20261022T120000Z",
        "DURATION:PT30M",
    )

    assert busy(*series, *onward) == [
        *HOUR,
        "10-21 10:00/10-21 11:00",
        "10-22 12:00/10-22 12:30",
        "10-23 12:00/10-23 12:30",
    ]


def days(lines):
    """Say on which days a series of one hour blocks."""
    return [each[:5] for each in busy_of(TEN, "DURATION:PT1H", *lines)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["RRULE:FREQ=DAILY;COUNT=3"], ["10-20", "10-21", "10-22"]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261021T100000Z"], ["10-20", "10-22"]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20261020,20261021"], ["10-22"]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261021T100001Z"], ["10-20", "10-21", "10-22"]),
        (["RRULE:FREQ=DAILY;COUNT=2", "RDATE:20261103T100000Z"], ["10-20", "10-21", "11-03"]),
        (["RDATE;VALUE=DATE:20261103"], ["10-20", "11-03"]),
        (["RDATE:20261103T100000Z,20261104T100000Z"], ["10-20", "11-03", "11-04"]),
        # DTSTART is part of the series, whether or not the rule gives it.
        (["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"], ["10-20", "10-26", "11-02"]),
        (["RRULE:FREQ=DAILY;UNTIL=20261022T100000Z"], ["10-20", "10-21", "10-22"]),
        (["RRULE:FREQ=DAILY;UNTIL=20261022T095959Z"], ["10-20", "10-21"]),
        (["RRULE:FREQ=DAILY;UNTIL=20261022T100000"], ["10-20", "10-21", "10-22"]),
        (["RRULE:FREQ=DAILY;UNTIL=20261022"], ["10-20", "10-21", "10-22"]),
        (["RRULE:FREQ=DAILY;COUNT=1", "RRULE:FREQ=WEEKLY;COUNT=2"], ["10-20", "10-27"]),
    ],
)
def test_a_series_is_its_rule_and_dates_less_what_is_taken_out_rule_8(lines, expected):
    assert days(lines) == expected


def test_a_local_end_is_read_where_the_series_is_rule_8():
    tokyo = ["DTSTART;TZID=Asia/Tokyo:20261020T080000", "DURATION:PT1H"]

    local = busy_of(*tokyo, "RRULE:FREQ=DAILY;UNTIL=20261022T080000")
    utc = busy_of(*tokyo, "RRULE:FREQ=DAILY;UNTIL=20261021T230000Z")

    assert len(local) == len(utc) == 3


def test_lengths_are_those_of_the_wall_clock_rule_8():
    night = ["DTSTART;TZID=America/Chicago:20261030T220000", "RRULE:FREQ=DAILY;COUNT=3"]

    for ends in ("DTEND;TZID=America/Chicago:20261031T060000", "DURATION:PT8H"):
        assert busy_of(*night, ends) == [
            "10-31 03:00/10-31 11:00",
            "11-01 03:00/11-01 12:00",
            "11-02 04:00/11-02 12:00",
        ]


def test_a_flight_ends_in_another_zone_rule_8():
    flight = ["DTSTART;TZID=Europe/Berlin:20261020T120000", "DTEND;TZID=Asia/Tokyo:20261021T060000"]

    assert busy_of(*flight) == ["10-20 10:00/10-20 21:00"]


def test_a_further_time_may_have_a_length_of_its_own_rule_8():
    periods = "RDATE;VALUE=PERIOD:20261103T100000Z/PT3H,20261104T100000Z/20261104T120000Z"

    assert busy_of(TEN, ELEVEN, periods)[1:] == [
        "11-03 10:00/11-03 13:00",
        "11-04 10:00/11-04 12:00",
    ]


@pytest.mark.parametrize("out", ["20261021", "20261021T000000", "20261021T000000Z"])
def test_a_day_taken_out_of_whole_days_may_be_written_as_a_midnight_rule_8(out):
    daily = ["DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=DAILY;COUNT=3", f"EXDATE:{out}"]

    assert busy_of(*daily) == ["10-20 05:00/10-21 05:00", "10-22 05:00/10-23 05:00"]


@pytest.mark.parametrize(
    ("until", "number"), [("20261022", 3), ("20261022T000000Z", 3), ("20261023T045959Z", 3)]
)
def test_a_series_of_whole_days_ends_with_a_day_rule_8(until, number):
    daily = ["DTSTART;VALUE=DATE:20261020", f"RRULE:FREQ=DAILY;UNTIL={until}"]

    assert busy_of(*daily) == [f"10-20 05:00/10-{20 + number} 05:00"]
