"""The wall clock of a place on every clock-change day of 2027, against reading it (rule A5)."""

from datetime import UTC, date, datetime

import pytest

from shadowing.domain.availability.clock import clock_of, instant, minute_of, zone_named
from shadowing.domain.errors import BadValue
from tests.domain.availability.walls import DAILY, ZONES, change_days, ordinary_days, read

TIMES = sorted({time for hours in DAILY for time in hours} | {"01:59", "02:00", "02:30", "03:00"})


def test_enough_zones_change_their_clocks():
    changing = [zone for zone in ZONES if change_days(zone)]

    assert len(changing) >= 20


@pytest.mark.parametrize("zone", ZONES)
def test_every_time_of_a_change_day_is_read_right_rule_a5(zone):
    place = zone_named(zone)
    days = [*change_days(zone), *ordinary_days()]

    wrong = [
        (day, time)
        for day in days
        for time in TIMES
        if instant(day, time, place) != read(day, time, zone)
    ]

    assert not wrong


@pytest.mark.parametrize(
    ("zone", "day", "time", "expected"),
    [
        # The hour is skipped: 02:30 is read as 03:30.
        ("America/Chicago", date(2027, 3, 14), "02:30", datetime(2027, 3, 14, 8, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2027, 3, 28), "02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        # The hour comes twice: the first of the two.
        ("America/Chicago", date(2027, 11, 7), "01:30", datetime(2027, 11, 7, 6, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2027, 10, 31), "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        # Half an hour is skipped.
        (
            "Australia/Lord_Howe",
            date(2027, 10, 3),
            "02:15",
            datetime(2027, 10, 2, 15, 45, tzinfo=UTC),
        ),
        # Midnight itself is skipped.
        ("Africa/Cairo", date(2027, 4, 30), "00:00", datetime(2027, 4, 29, 22, 0, tzinfo=UTC)),
        ("America/Santiago", date(2027, 9, 5), "00:30", datetime(2027, 9, 5, 4, 30, tzinfo=UTC)),
    ],
)
def test_missing_and_repeated_hours_are_read_as_rfc_5545_reads_them(zone, day, time, expected):
    assert instant(day, time, zone_named(zone)) == expected


def test_the_wall_shows_the_minute_of_a_second():
    noon = round(datetime(2027, 7, 1, 12, 30, tzinfo=UTC).timestamp())

    assert clock_of(zone_named("Europe/Berlin")).minute(noon) == 14 * 60 + 30
    assert clock_of(zone_named("Asia/Kathmandu")).minute(noon) == 18 * 60 + 15


@pytest.mark.parametrize("time", ["00:00", "07:05", "23:59"])
def test_a_time_of_day_is_counted_in_minutes(time):
    assert minute_of(time) == int(time[:2]) * 60 + int(time[3:])


@pytest.mark.parametrize(
    "time",
    [
        "24:00",
        "7:00",
        "07:60",
        "0700",
        "",
        "07:00 ",
        "\u0660\u0667:\u0660\u0660",
        "-1:00",
        "07:00:00",
    ],
)
def test_what_is_no_time_of_day_is_refused(time):
    with pytest.raises(BadValue) as refused:
        minute_of(time)

    assert refused.value.facts["problem"] == "not_a_time"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus",
        "America",
        "../../etc/passwd",
        "/etc/localtime",
        "localtime",
        "a\0b",
        "right/UTC",
        "posix/UTC",
        "zone.tab",
        "Europe/Berlin ",
        "é" * 300,
    ],
)
def test_what_is_no_place_on_earth_is_refused(name):
    with pytest.raises(BadValue) as refused:
        zone_named(name)

    assert refused.value.facts["field"] == "zone"
    assert refused.value.facts["problem"] == "unknown_zone"
