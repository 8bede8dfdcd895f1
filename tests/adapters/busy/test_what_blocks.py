"""What counts as busy in a calendar file: each numbered rule of decision 60."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shadowing.domain.interval import Interval
from tests.adapters.busy.files import AUTUMN, busy, busy_of, event, reading, told

TEN = "DTSTART:20261020T100000Z"
ELEVEN = "DTEND:20261020T110000Z"
HOUR = ["10-20 10:00/10-20 11:00"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SUMMARY:Rounds", HOUR),
        ("STATUS:CONFIRMED", HOUR),
        ("STATUS:TENTATIVE", HOUR),
        ("STATUS:CANCELLED", []),
        ("status:cancelled", []),
        ("TRANSP:OPAQUE", HOUR),
        ("TRANSP:TRANSPARENT", []),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        ("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", HOUR),
        ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", HOUR),
        ('ATTENDEE;CN="Lee: Ann";PARTSTAT=DECLINED:MAILTO:Ann@Example.org', []),
        ("ATTENDEE;PARTSTAT=declined;EMAIL=ann@example.org:urn:uuid:7", []),
        ("ATTENDEE;PARTSTAT=TENTATIVE:mailto:ann@example.org", HOUR),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.org", HOUR),
    ],
)
def test_an_event_blocks_unless_it_says_otherwise_rule_1(line, expected):
    assert busy_of(TEN, ELEVEN, line, owner="ann@example.org") == expected


def test_without_an_owner_nobody_has_declined_rule_1():
    assert busy_of(TEN, ELEVEN, "ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.org") == HOUR


def test_each_instance_says_for_itself_whether_it_blocks_rule_1():
    series = event(TEN, ELEVEN, "RRULE:FREQ=DAILY;COUNT=3")
    free = event("RECURRENCE-ID:20261021T100000Z", "DTSTART:20261021T100000Z", "TRANSP:TRANSPARENT")
    off = event("RECURRENCE-ID:20261022T100000Z", "STATUS:CANCELLED")

    assert busy(*series, *free, *off) == HOUR
    cancelled = event(TEN, ELEVEN, "RRULE:FREQ=DAILY;COUNT=3", "STATUS:CANCELLED")
    on = event("RECURRENCE-ID:20261021T100000Z", "DTSTART:20261021T120000Z", "DURATION:PT1H")
    assert busy(*cancelled, *on) == ["10-21 12:00/10-21 13:00"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART;VALUE=DATE:20261020"], ["10-20 05:00/10-21 05:00"]),
        (["DTSTART:20261020"], ["10-20 05:00/10-21 05:00"]),
        (["DTSTART;VALUE=DATE:20261020", "DTEND;VALUE=DATE:20261022"], ["10-20 05:00/10-22 05:00"]),
        (["DTSTART;VALUE=DATE:20261020", "DTEND;VALUE=DATE:20261020"], ["10-20 05:00/10-21 05:00"]),
        (["DTSTART;VALUE=DATE:20261020", "DURATION:P2D"], ["10-20 05:00/10-22 05:00"]),
        (["DTSTART;VALUE=DATE:20261020", "DURATION:PT5H"], ["10-20 05:00/10-21 05:00"]),
        # The night the clocks go back is an hour longer.
        (["DTSTART;VALUE=DATE:20261101"], ["11-01 05:00/11-02 06:00"]),
        (["DTSTART;TZID=Asia/Tokyo;VALUE=DATE:20261020"], ["10-20 05:00/10-21 05:00"]),
    ],
)
def test_whole_days_last_from_local_midnight_to_local_midnight_rule_2(lines, expected):
    assert busy_of(*lines) == expected


def test_a_whole_day_at_the_edge_of_the_window_is_not_lost_rule_2():
    monday = Interval(
        datetime(2026, 10, 18, 12, tzinfo=UTC), datetime(2026, 10, 18, 13, tzinfo=UTC)
    )
    weekly = ["DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=WEEKLY;BYDAY=MO"]

    found = busy_of(*weekly, window=monday, zone=ZoneInfo("Pacific/Auckland"))

    assert found == ["10-18 12:00/10-18 13:00"]


@pytest.mark.parametrize("lines", [[TEN], [TEN, "DTEND:20261020T100000Z"], [TEN, "DURATION:PT0S"]])
def test_what_takes_no_time_blocks_nothing_rule_3(lines):
    found = reading(*event(*lines))

    assert (found.busy, found.warnings, found.skipped) == ((), (), 0)


@pytest.mark.parametrize("line", ["DTEND:20261020T095959Z", "DURATION:-PT1H"])
def test_what_ends_before_it_starts_is_left_out_rule_3(line):
    found = reading(*event(TEN, line), *event(TEN, ELEVEN, uid="two"))

    assert told(found) == HOUR
    assert found.warnings == ("Line 3: The event ends before it starts, so it was left out.",)
    assert (found.events, found.skipped) == (2, 1)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("X-WR-TIMEZONE:Asia/Tokyo", ["10-20 01:00/10-20 02:00"]),
        ("X-WR-TIMEZONE:Tokyo Standard Time", ["10-20 01:00/10-20 02:00"]),
        ("X-WR-TIMEZONE:Mars/Olympus", ["10-20 15:00/10-20 16:00"]),
        ("X-COMMENT:none", ["10-20 15:00/10-20 16:00"]),
    ],
)
def test_a_time_without_a_zone_is_read_in_the_calendars_or_the_persons_rule_4(zone, expected):
    floating = event("DTSTART:20261020T100000", "DTEND:20261020T110000")

    assert busy(*floating, zone) == expected


LYING = [
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    *("BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:-0800", "TZOFFSETTO:-0800"),
    "END:STANDARD",
    "END:VTIMEZONE",
]
OWN = [
    "BEGIN:VTIMEZONE",
    "TZID:Customized Time Zone",
    *("BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
    *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"),
    *("BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
    *("RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT"),
    "END:VTIMEZONE",
]
DATES = [
    "BEGIN:VTIMEZONE",
    "TZID:/example.org/own",
    *("BEGIN:STANDARD", "DTSTART:20251026T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100"),
    *("RDATE:20251026T030000,20261025T030000", "END:STANDARD"),
    *("BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200"),
    "END:DAYLIGHT",
    "END:VTIMEZONE",
]


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin",
        '"Europe/Berlin"',
        "W. Europe Standard Time",
        "/mozilla.org/20050126_1/Europe/Berlin",
        "Customized Time Zone",
        "/example.org/own",
    ],
)
def test_a_zone_is_found_by_its_name_or_in_the_file_rule_5(zone):
    # Two weeks: on October 25 the clocks go back in Berlin.
    weekly = event(
        f"DTSTART;TZID={zone}:20261020T100000",
        f"DTEND;TZID={zone}:20261020T110000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )

    found = reading(*LYING, *OWN, *DATES, *weekly)

    assert told(found) == ["10-20 08:00/10-20 09:00", "10-27 09:00/10-27 10:00"]
    assert found.warnings == ()


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "(UTC-05:00) Eastern Time", "localtime", "../../etc/passwd", "/" * 999]
)
def test_an_unknown_zone_is_guessed_and_told_of_rule_5(zone):
    found = reading(*event(f"DTSTART;TZID={zone}:20261020T100000", "DURATION:PT1H"))

    assert told(found) == ["10-20 15:00/10-20 16:00"]
    assert found.warnings[0].startswith("Line 6: The time zone “")
    assert found.warnings[0].endswith("its times are read as local ones.")


def test_a_zone_of_the_file_that_says_nothing_is_as_unknown_rule_5():
    empty = ["BEGIN:VTIMEZONE", "TZID:Customized Time Zone", "END:VTIMEZONE"]

    found = reading(
        *empty, *event("DTSTART;TZID=Customized Time Zone:20261020T100000", "DURATION:PT1H")
    )

    assert told(found) == ["10-20 15:00/10-20 16:00"]
    assert len(found.warnings) == 1


def test_each_calendar_of_a_file_has_zones_of_its_own_rule_5():
    mine = event("DTSTART:20261020T100000", "DURATION:PT1H")
    theirs = event("DTSTART:20261021T100000", "DURATION:PT1H", uid="two")
    between = ["X-WR-TIMEZONE:Asia/Tokyo", "END:VCALENDAR", "BEGIN:VCALENDAR"]

    assert busy(*mine, *between, *theirs) == ["10-20 01:00/10-20 02:00", "10-21 15:00/10-21 16:00"]


SPRING = Interval(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Customized Time Zone"])
def test_gaps_and_repeated_hours_rule_6(zone):
    gap = [f"DTSTART;TZID={zone}:20270328T023000", f"DTEND;TZID={zone}:20270328T040000"]
    twice = [f"DTSTART;TZID={zone}:20261025T023000", f"DTEND;TZID={zone}:20261025T024500"]

    assert busy(*OWN, *event(*gap), window=SPRING) == ["03-28 01:30/03-28 02:00"]
    assert busy(*OWN, *event(*twice)) == ["10-25 00:30/10-25 00:45"]


def test_what_lies_in_a_gap_altogether_lasts_as_long_as_it_says_rule_6():
    zone = "TZID=Europe/Berlin"
    lines = [f"DTSTART;{zone}:20270328T023000", f"DTEND;{zone}:20270328T030000"]

    assert busy_of(*lines, window=SPRING) == ["03-28 01:30/03-28 02:00"]


@pytest.mark.parametrize(
    ("kind", "blocks"),
    [
        ("", True),
        (";FBTYPE=BUSY-TENTATIVE", True),
        (";FBTYPE=X-LUNCH", True),
        (";FBTYPE=FREE", False),
    ],
)
def test_free_busy_time_rule_9(kind, blocks):
    lines = [
        "BEGIN:VFREEBUSY",
        "DTSTART:20261001T000000Z",
        "DTEND:20261101T000000Z",
        f"FREEBUSY{kind}:20261020T100000Z/PT1H,20261021T100000Z/20261021T110000Z",
        "END:VFREEBUSY",
    ]

    assert busy(*lines) == ([*HOUR, "10-21 10:00/10-21 11:00"] if blocks else [])


def test_what_is_not_available_blocks_rule_9():
    lines = [
        *("BEGIN:VAVAILABILITY", "DTSTART:20261019T050000Z", "DTEND:20261021T050000Z"),
        *("BEGIN:AVAILABLE", "DTSTART;TZID=America/Chicago:20261019T080000", "DURATION:PT9H"),
        *("RRULE:FREQ=DAILY", "END:AVAILABLE", "END:VAVAILABILITY"),
    ]
    first = [
        *("BEGIN:VAVAILABILITY", "PRIORITY:1", "DTSTART:20261020T000000Z", "DURATION:P1D"),
        "END:VAVAILABILITY",
    ]

    alone = ["10-19 05:00/10-19 13:00", "10-19 22:00/10-20 13:00", "10-20 22:00/10-21 05:00"]
    assert busy(*lines) == alone
    assert busy(*lines, *first) == ["10-19 05:00/10-19 13:00", "10-19 22:00/10-21 05:00"]
    without_ends = ["BEGIN:VAVAILABILITY", "END:VAVAILABILITY"]
    assert busy(*without_ends) == ["10-01 00:00/12-01 00:00"]


def test_busy_time_is_clipped_merged_and_by_start():
    lines = [
        *event("DTSTART:20261130T230000Z", "DURATION:PT2H", uid="last"),
        *event("DTSTART:20261020T110000Z", "DURATION:PT1H", uid="touches"),
        *event(TEN, ELEVEN),
        *event("DTSTART:20260930T200000Z", "DURATION:PT5H", uid="first"),
    ]

    found = reading(*lines)

    assert told(found) == [
        "10-01 00:00/10-01 01:00",
        "10-20 10:00/10-20 12:00",
        "11-30 23:00/12-01 00:00",
    ]
    assert found.busy[0].start == AUTUMN.start
    assert found.events == 4


def test_nothing_of_what_stands_in_the_file_is_told():
    found = reading(*event(TEN, "DTEND:soon", "SUMMARY:Job interview", "LOCATION:Rival hospital"))

    said = " ".join(found.warnings)
    assert "interview" not in said
    assert "Rival" not in said
