"""Broken and hostile calendar files: what is broken costs itself, and nothing goes on for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.adapters.busy.notes import Unreadable
from shadowing.adapters.busy.reading import read
from tests.adapters.busy.files import AUTUMN, CHICAGO, busy, calendar, event, reading, told

GOOD = ["DTSTART:20261020T100000Z", "DTEND:20261020T110000Z"]
HOUR = ["10-20 10:00/10-20 11:00"]


@pytest.mark.parametrize(
    "broken",
    [
        ["BEGIN:VEVENT", "SUMMARY:no start", "END:VEVENT"],
        event("DTSTART:tomorrow", uid="x"),
        event("DTSTART:20260230T100000Z", uid="x"),
        event("DTSTART:20261020T250000Z", uid="x"),
        event("DTSTART:20261021T100000Z", "DTEND:20261021T11:00:00Z", uid="x"),
        event("DTSTART:20261021T100000Z", "DURATION:one hour", uid="x"),
        event("DTSTART:20261021T100000Z", "DURATION:P999999999W", uid="x"),
        event("DTSTART:20261021T100000Z", "DTEND:99991231T000000Z", uid="x"),
        event("DTSTART:19890101T000000Z", "DURATION:PT1H", uid="x"),
        event("DTSTART:20261020T100000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY", uid="x"),
        event("DTSTART:20261020T100000Z", "DURATION:PT1H", "RRULE:FREQ=MINUTELY", uid="x"),
        event("DTSTART;VALUE=DATE:20261020", "RRULE:FREQ=HOURLY", uid="x"),
        ["BEGIN:VEVENT", "DTSTART:20261021T100000Z", "DURATION:PT1H"],
    ],
)
def test_a_broken_event_costs_itself_rule_10(broken):
    found = reading(*broken, *event(*GOOD))

    assert told(found) == HOUR
    assert found.skipped == 1
    assert len(found.warnings) == 1
    assert found.warnings[0].endswith("so it was left out.")


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:FREQ=FORTNIGHTLY",
        "RRULE:INTERVAL=2",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=DAILY;COUNT=-1",
        "RRULE:FREQ=DAILY;FREQ=DAILY",
        "RRULE:FREQ=DAILY;BYMONTHDAY=32",
        "RRULE:FREQ=DAILY;BYMONTHDAY=0",
        "RRULE:FREQ=DAILY;BYMONTH=",
        "RRULE:FREQ=WEEKLY;BYDAY=XX",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=later",
        "RRULE:daily",
        "RRULE:",
        "RDATE:20261341T100000Z",
        "RDATE;VALUE=PERIOD:20261103T100000Z/-PT1H",
        "EXDATE:never",
        "EXRULE:FREQ=DAILY",
    ],
)
def test_a_broken_line_costs_itself_rule_10(line):
    found = reading(*event(*GOOD, line))

    assert told(found) == HOUR
    assert (found.events, found.skipped, len(found.warnings)) == (1, 0, 1)
    assert found.warnings[0].startswith("Line 8: ")


def test_lines_that_are_none_are_left_out_and_counted_rule_10():
    found = reading("what is this", *event(*GOOD, "", "folded badly", "DTSTART", "=:"))

    assert told(found) == HOUR
    assert found.warnings == ("Lines left out that are no calendar lines: 4.",)


def test_an_override_that_names_no_instance_is_an_event_of_its_own_rule_10():
    series = event(*GOOD, "RRULE:FREQ=DAILY;COUNT=2")
    lost = event(
        "RECURRENCE-ID:some day", "DTSTART:20261103T100000Z", "DURATION:PT1H", "SEQUENCE:9"
    )

    assert busy(*series, *lost) == [*HOUR, "10-21 10:00/10-21 11:00", "11-03 10:00/11-03 11:00"]


def test_a_period_that_is_none_is_left_out_rule_10():
    lines = ["BEGIN:VFREEBUSY", "FREEBUSY:20261020T100000Z/PT1H,lunch", "END:VFREEBUSY"]

    found = reading(*lines)

    assert told(found) == HOUR
    assert found.warnings == ("Line 4: A period has a date that cannot be read; it was left out.",)


@pytest.mark.parametrize(
    "lines",
    [
        ["BEGIN:VAVAILABILITY", "DTSTART:soon", "END:VAVAILABILITY"],
        ["BEGIN:VAVAILABILITY", "DTSTART:20261021T000000Z", "DTEND:20261020T000000Z"],
        ["BEGIN:VFREEBUSY", "FREEBUSY:20261021T100000Z/PT1H", "BEGIN:VALARM"],
        ["BEGIN:VTODO", "DTSTART:20261021T100000Z", "DURATION:PT1H", "END:VTODO"],
        ["END:VEVENT", "END:VALARM"],
    ],
)
def test_other_broken_parts_cost_themselves_rule_10(lines):
    assert busy(*lines, *event(*GOOD)) == HOUR


def test_what_an_alarm_says_is_not_said_of_its_event():
    alarm = ["BEGIN:VALARM", "DURATION:PT9H", "DTSTART:20261101T100000Z", "STATUS:CANCELLED"]

    assert busy(*event(*GOOD, *alarm, "END:VALARM")) == HOUR
    # Its end is missing: the event's own ends it.
    assert busy(*event(*GOOD, *alarm)) == HOUR


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le"),
        lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"\r\n", b"\r"),
        lambda data: data.replace(b"UID", b"U\0ID"),
        lambda data: data.replace(b"SUMMARY:", "SUMMARY:Größe ".encode("cp1252")),
        lambda data: data.replace(b"SUMMARY:", "SUMMARY:Gr\r\n öß".encode()),
        lambda data: data.replace(b"DTSTART:2026", b"DTSTART:20\r\n 26"),
        lambda data: data.replace(b"DTSTART:2026", b"DTSTART\r\n\t:2026"),
        lambda data: data.replace(b"BEGIN:VEVENT", b"begin:vevent"),
        lambda data: data.replace(b"END:VCALENDAR\r\n", b""),
        lambda data: data + b"garbage \xff\xfe\r\n",
        lambda data: b"Received: by mail\r\n\r\n" + data,
    ],
)
def test_files_as_programs_write_them(change):
    data = change(calendar(*event(*GOOD, "SUMMARY:Rounds")))

    assert told(read(data, window=AUTUMN, zone=CHICAGO)) == HOUR


def test_a_file_that_breaks_off_is_read_up_to_there():
    data = calendar(*event(*GOOD), *event("DTSTART:20261021T100000Z", uid="x"))
    found = read(data[: data.rindex(b"END:VEVENT")], window=AUTUMN, zone=CHICAGO)

    assert told(found) == HOUR
    assert found.warnings == ("Line 9: The event has no end, so it was left out.",)


@pytest.mark.parametrize("data", [b"", b"\0", b"hello", b"<html></html>", bytes(range(256)) * 9])
def test_what_is_no_calendar_is_refused_rule_10(data):
    with pytest.raises(Unreadable, match="no calendar file"):
        read(data, window=AUTUMN, zone=CHICAGO)


def test_limits_of_size_and_number_rule_11():
    large = calendar(f"X-PADDING:{'x' * 10 * 1024 * 1024}")
    many = calendar(*["BEGIN:VEVENT", "END:VEVENT"] * 20_001)

    with pytest.raises(Unreadable, match="larger than 10 MiB"):
        read(large, window=AUTUMN, zone=CHICAGO)
    with pytest.raises(Unreadable, match="more than 20,000 events"):
        read(many, window=AUTUMN, zone=CHICAGO)
    assert reading(*["BEGIN:VEVENT", *GOOD, "END:VEVENT"] * 2_000).events == 2_000


def test_of_an_endless_series_so_many_instances_are_read_rule_11():
    year = AUTUMN.__class__(AUTUMN.start.replace(year=2025), AUTUMN.end)
    hourly = ["DTSTART:20200101T000000Z", "DURATION:PT5M", "RRULE:FREQ=HOURLY"]

    found = reading(*event(*hourly), window=year)

    assert len(found.busy) == 5_000
    assert found.warnings == ("Line 3: Only the first 5,000 times were read.",)


def test_of_all_series_together_so_many_instances_are_read_rule_11():
    hourly = ["DTSTART:20200101T000000Z", "DURATION:PT5M", "RRULE:FREQ=HOURLY"]
    many = [line for uid in range(40) for line in event(*hourly, uid=str(uid))]

    found = reading(*many, *event(*GOOD))

    # Some 1,500 hours each: of the last ones nothing is read.
    assert len(found.warnings) == 1
    assert found.warnings[0].endswith(" and 2 more: Only the first 50,000 times were read.")


NESTED = "\r\n".join(["BEGIN:VALARM"] * 100_000)
HOSTILE = {
    "never_matches": event(*GOOD, "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
    "never_matches_in_any_year": event(*GOOD, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "counts_what_never_matches": event(
        "DTSTART:19900101T100000Z", "RRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=31"
    ),
    "counts_far": event("DTSTART:16010101T100000Z", "RRULE:FREQ=DAILY;COUNT=999999999"),
    "steps_far": event(*GOOD, "RRULE:FREQ=YEARLY;INTERVAL=999999999"),
    "every_minute_in_disguise": event(
        *GOOD,
        f"RRULE:FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))}"
        f";BYMINUTE={','.join(map(str, range(60)))};BYSECOND={','.join(map(str, range(60)))}",
    ),
    "all_days_by_number": event(
        *GOOD, f"RRULE:FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 367)))};BYSETPOS=1,-1"
    ),
    "many_dates": event(*GOOD, f"RDATE:{','.join(['20261020T100000Z'] * 60_000)}"),
    "many_exceptions": event(*GOOD, "RRULE:FREQ=DAILY", *["EXDATE:20261020T100000Z"] * 20_000),
    "nested": event(*GOOD, NESTED),
    "quotes": event(*GOOD, "ATTENDEE" + ';A="b' * 50_000),
    "folds": event(*GOOD, "SUMMARY:x", *["\t"] * 100_000),
    "far_override": event("RECURRENCE-ID;RANGE=THISANDFUTURE:00010101T000000Z", *GOOD),
    "zone": [
        *("BEGIN:VTIMEZONE", "TZID:x", "BEGIN:STANDARD", "DTSTART:00010101T000000"),
        *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "RRULE:FREQ=HOURLY", "END:STANDARD"),
        *("END:VTIMEZONE", *event("DTSTART;TZID=x:20261020T100000", "DURATION:PT1H")),
    ],
}


@pytest.mark.parametrize("lines", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_read_or_refused_soon_rule_11(lines):
    found = reading(*lines, *event(*GOOD, uid="good"))

    assert any(each[:11] <= HOUR[0][:11] < each[12:] for each in told(found))


words = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VALARM"),
        *("BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "TZID:x", "TZOFFSETTO:+9900"),
        *("TZOFFSETFROM:-0100", "UID:1", "UID:2", "SEQUENCE:1", "DTSTART:20261020T100000Z"),
        *("DTSTART;VALUE=DATE:20261020", "DTSTART;TZID=x:00010101T000000", "DTEND:99991231"),
        *("DTSTART:99991231T235959", "DURATION:P400D", "DURATION:-P1W", "RRULE:FREQ=MONTHLY"),
        *("RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z", "RRULE:FREQ=YEARLY;BYWEEKNO=-53"),
        *("RDATE;VALUE=PERIOD:20261020T100000Z/P1D", "EXDATE;TZID=x:20261020T100000"),
        *("RECURRENCE-ID:20261020T100000Z", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261020"),
        *("BEGIN:VAVAILABILITY", "END:VAVAILABILITY", "BEGIN:AVAILABLE", "END:AVAILABLE"),
        *("BEGIN:VFREEBUSY", "FREEBUSY:00010101T000000Z/99991231T000000Z", "END:VFREEBUSY"),
    ]
)


@given(st.lists(words | st.text(max_size=30), max_size=40))
def test_whatever_a_file_holds_busy_time_lies_in_the_window_by_start(lines):
    found = reading(*lines)

    assert all(AUTUMN.contains(each) for each in found.busy)
    assert all(a.end < b.start for a, b in zip(found.busy, found.busy[1:], strict=False))
    assert found == reading(*lines)
