"""Days and times in the words of people (DESIGN section 8, as the README tells it)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.adapters.plain_time import (
    clock_change,
    day_long,
    day_short,
    length,
    moment,
    time_of_day,
    time_range,
    week_title,
    zone_line,
    zone_words,
)

CHICAGO = "America/Chicago"
TODAY = date(2027, 3, 1)


def at(day, clock, zone=CHICAGO):
    """Make the instant when *clock* is shown on a day of March 2027."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2027, 3, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_a_day_is_short_in_lists_and_long_in_headings():
    assert day_short(at(10, "19:15"), CHICAGO) == "Wed, Mar 10"
    assert day_long(at(10, "19:15"), CHICAGO, today=TODAY) == "Wednesday, March 10"


def test_a_day_has_its_year_when_it_is_not_this_year():
    other = date(2026, 12, 31)

    assert day_short(at(10, "12:00"), CHICAGO, today=other) == "Wed, Mar 10, 2027"
    assert day_long(at(10, "12:00"), CHICAGO, today=other) == "Wednesday, March 10, 2027"


def test_a_day_is_the_day_at_the_site_and_not_in_london():
    late = datetime(2027, 3, 11, 4, 30, tzinfo=UTC)

    assert day_short(late, CHICAGO) == "Wed, Mar 10"
    assert day_short(late, ZoneInfo("Europe/London")) == "Thu, Mar 11"


@pytest.mark.parametrize(
    ("start", "end", "words", "on_24_hours"),
    [
        ((10, "19:15"), (10, "23:00"), "7:15 – 11:00 pm", "19:15 – 23:00"),
        ((10, "11:00"), (10, "15:00"), "11:00 am – 3:00 pm", "11:00 – 15:00"),
        ((10, "07:00"), (10, "11:59"), "7:00 – 11:59 am", "07:00 – 11:59"),
        ((10, "12:00"), (10, "16:00"), "noon – 4:00 pm", "12:00 – 16:00"),
        ((10, "12:01"), (10, "16:00"), "12:01 – 4:00 pm", "12:01 – 16:00"),
        ((10, "08:00"), (10, "12:00"), "8:00 am – noon", "08:00 – 12:00"),
        ((10, "00:00"), (10, "07:00"), "midnight – 7:00 am", "00:00 – 07:00"),
        ((10, "00:30"), (10, "07:00"), "12:30 – 7:00 am", "00:30 – 07:00"),
        ((10, "12:00"), (11, "00:00"), "noon – midnight", "12:00 – 00:00 Thursday"),
        ((10, "19:00"), (11, "00:00"), "7:00 pm – midnight", "19:00 – 00:00 Thursday"),
        ((10, "07:00"), (11, "00:00"), "7:00 am – midnight", "07:00 – 00:00 Thursday"),
        ((10, "19:00"), (11, "00:15"), "7:00 pm – 12:15 am Thursday", "19:00 – 00:15 Thursday"),
        ((10, "19:00"), (11, "07:00"), "7:00 pm – 7:00 am Thursday", "19:00 – 07:00 Thursday"),
        ((10, "07:00"), (11, "07:00"), "7:00 am – 7:00 am Thursday", "07:00 – 07:00 Thursday"),
        ((10, "19:00"), (11, "12:00"), "7:00 pm – noon Thursday", "19:00 – 12:00 Thursday"),
        ((10, "07:00"), (12, "00:00"), "7:00 am – midnight Friday", "07:00 – 00:00 Friday"),
        ((10, "07:00"), (17, "07:00"), "7:00 am – 7:00 am Wed, Mar 17",
         "07:00 – 07:00 Wed, Mar 17"),
        ((13, "23:00"), (14, "03:00"), "11:00 pm – 3:00 am Sunday", "23:00 – 03:00 Sunday"),
        ((14, "01:30"), (14, "03:30"), "1:30 – 3:30 am", "01:30 – 03:30"),
    ],
)  # fmt: skip
def test_a_stretch_reads_as_people_say_it(start, end, words, on_24_hours):
    assert time_range(at(*start), at(*end), CHICAGO) == words
    assert time_range(at(*start), at(*end), CHICAGO, hours="24") == on_24_hours


def test_a_time_that_clocks_show_twice_says_which():
    first = datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert time_of_day(first, CHICAGO) == "1:30 am CDT"
    assert time_of_day(second, CHICAGO) == "1:30 am CST"
    assert time_range(first, second, CHICAGO) == "1:30 am CDT – 1:30 am CST"
    assert time_range(first, second, CHICAGO, hours="24") == "01:30 CDT – 01:30 CST"
    assert time_range(first, first + timedelta(hours=3), CHICAGO) == "1:30 am CDT – 3:30 am"


def test_a_midnight_that_clocks_show_twice_says_which():
    first = datetime(2027, 11, 7, 4, 0, tzinfo=UTC)

    assert time_of_day(first, "America/Havana") == "12:00 am UTC−4"
    assert time_of_day(first + timedelta(hours=1), "America/Havana") == "12:00 am UTC−5"


@pytest.mark.parametrize(
    ("clock", "words", "on_24_hours"),
    [
        ("18:00", "Fri, Mar 5, 6:00 pm", "Fri, Mar 5, 18:00"),
        ("12:00", "Fri, Mar 5, noon", "Fri, Mar 5, 12:00"),
        ("00:00", "Fri, Mar 5, 12:00 am", "Fri, Mar 5, 00:00"),
    ],
)
def test_a_deadline_has_one_reading(clock, words, on_24_hours):
    assert moment(at(5, clock), CHICAGO) == words
    assert moment(at(5, clock), CHICAGO, hours="24") == on_24_hours


def test_a_deadline_has_its_year_when_it_is_not_this_year():
    said = moment(at(5, "18:00"), CHICAGO, today=date(2026, 12, 30))

    assert said == "Fri, Mar 5, 2027, 6:00 pm"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (210, "3 hours 30 minutes"),
        (240, "4 hours"),
        (721, "12 hours 1 minute"),
    ],
)
def test_a_length_is_in_hours_and_minutes(minutes, words):
    assert length(minutes) == words


def test_a_length_is_not_negative():
    with pytest.raises(ValueError, match="negative"):
        length(-1)


@pytest.mark.parametrize(
    ("first", "title"),
    [
        (date(2027, 3, 8), "March 8 – 14, 2027"),
        (date(2027, 3, 29), "March 29 – April 4, 2027"),
        (date(2026, 12, 28), "December 28, 2026 – January 3, 2027"),
    ],
)
def test_a_week_is_called_by_its_ends(first, title):
    assert week_title(first) == title


@pytest.mark.parametrize(
    ("zone", "instant", "words"),
    [
        (CHICAGO, at(10, "12:00"), "Central Standard Time (UTC−6)"),
        (CHICAGO, at(15, "12:00"), "Central Daylight Time (UTC−5)"),
        ("America/St_Johns", at(10, "12:00"), "Newfoundland Standard Time (UTC−3:30)"),
        ("Europe/London", at(10, "12:00"), "Greenwich Mean Time (UTC)"),
        ("Asia/Kolkata", at(10, "12:00"), "India Time (UTC+5:30)"),
        ("UTC", at(10, "12:00"), "Coordinated Universal Time (UTC)"),
    ],
)
def test_a_zone_is_named_as_it_is_on_that_day(zone, instant, words):
    assert zone_words(zone, instant) == words


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        (CHICAGO, "Central Time"),
        ("America/New_York", "Eastern Time"),
        ("America/Phoenix", "Mountain Standard Time"),
        ("America/Denver", "Mountain Time"),
        ("Europe/Berlin", "Central European Time"),
        ("Asia/Kolkata", "India Time"),
        ("UTC", "Coordinated Universal Time"),
    ],
)
def test_a_zone_is_named_once_for_a_page(zone, line):
    assert zone_line(zone) == line


@pytest.mark.parametrize(
    ("zone", "day", "said"),
    [
        (CHICAGO, date(2027, 3, 13), None),
        (CHICAGO, date(2027, 3, 14), "Clocks go forward at 2:00 am"),
        (CHICAGO, date(2027, 3, 15), None),
        (CHICAGO, date(2027, 11, 7), "Clocks go back at 2:00 am"),
        ("America/Phoenix", date(2027, 3, 14), None),
        ("Europe/London", date(2027, 3, 28), "Clocks go forward at 1:00 am"),
        ("Europe/London", date(2027, 10, 31), "Clocks go back at 2:00 am"),
        ("Australia/Lord_Howe", date(2027, 4, 4), "Clocks go back 30 minutes at 2:00 am"),
        ("America/Havana", date(2027, 3, 14), "Clocks go forward at midnight"),
        ("America/Santiago", date(2027, 9, 5), "Clocks go forward at midnight"),
        ("Asia/Beirut", date(2026, 10, 24), "Clocks go back at midnight"),
        ("Asia/Beirut", date(2026, 10, 25), None),
    ],
)
def test_the_days_on_which_clocks_change_say_so(zone, day, said):
    assert clock_change(day, zone) == said


def test_a_clock_change_is_told_on_24_hours_too():
    assert clock_change(date(2027, 3, 14), CHICAGO, hours="24") == "Clocks go forward at 02:00"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en_GB", "Wednesday 10 March, 7:15 – 11:00 pm, Wed 10 Mar, 3 hours 30 minutes"),
        ("de_DE", "Mittwoch, 10. März, 7:15 – 11:00 pm, Mi., 10. März, 3 Stunden 30 Minuten"),
        ("es_US", "miércoles, 10 de marzo, 7:15 – 11:00 p.m., mié, 10 de mar, 3 horas 30 minutos"),
    ],
)
def test_another_locale_has_its_own_order_and_words(locale, words):
    start, end = at(10, "19:15"), at(10, "23:00")
    said = (
        day_long(start, CHICAGO, today=TODAY, locale=locale),
        time_range(start, end, CHICAGO, locale=locale),
        day_short(start, CHICAGO, locale=locale),
        length(210, locale=locale),
    )

    assert ", ".join(said) == words


def test_a_time_without_an_offset_is_no_instant():
    with pytest.raises(ValueError, match="offset"):
        time_of_day(datetime(2027, 3, 10, 12), CHICAGO)  # noqa: DTZ001 it is the point


@given(
    start=st.integers(0, 80 * 366 * 1440).map(lambda n: datetime.fromtimestamp(n * 60, UTC)),
    minutes=st.integers(1, 60 * 24 * 9),
    zone=st.sampled_from([CHICAGO, "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu"]),
    hours=st.sampled_from(["12", "24"]),
)
def test_every_stretch_has_plain_words(start, minutes, zone, hours):
    end = start + timedelta(minutes=minutes)
    said = time_range(start, end, zone, hours=hours)

    assert said.count(" – ") == 1
    assert not set(said) & set("\u00a0\u2009\u202f")
    assert ("am" in said or "pm" in said) <= (hours == "12")
