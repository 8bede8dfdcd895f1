"""Days and times in the words of people.

Instants are UTC-aware and are shown on the clock of the place where the shift is. What words,
order and signs a language uses comes from its locale; only the house's own manners stand here:
"noon" and "midnight", small "am" and "pm", the day named when a shift runs past midnight.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, get_period_names, get_timezone_name
from babel.units import format_unit

US: Final = "en_US"
Hours = Literal["12", "24"]
Zone = str | ZoneInfo

_MINUS: Final = "\N{MINUS SIGN}"
_A_WEEK: Final = timedelta(days=7)
_AHEAD: Final = 2037
"""A year in which today's rules of every zone are in force."""


def day_short(instant: datetime, zone: Zone, *, today: date | None = None, locale: str = US) -> str:
    """Name a day in a list: "Wed, Mar 10"; with its year when that is not the year of *today*."""
    local = _local(instant, zone)
    return _say(local, _skeleton(locale, "MMMEd", local.date(), today), locale)


def day_long(instant: datetime, zone: Zone, *, today: date, locale: str = US) -> str:
    """Name a day in a heading: "Wednesday, March 10"; with its year when not that of *today*."""
    local = _local(instant, zone)
    return _say(local, _wide(_skeleton(locale, "MMMEd", local.date(), today)), locale)


def time_of_day(instant: datetime, zone: Zone, *, locale: str = US, hours: Hours = "12") -> str:
    """Name a time: "7:15 pm", "noon", "midnight"; "19:15" where 24 hours are the custom.

    A time that occurs twice, when clocks go back, has its zone added: "1:30 am CDT".
    """
    local = _local(instant, zone)
    word = _word(local, locale) if hours == "12" else ""
    return word or _clock(local, locale, hours) + _which(local, locale)


def time_range(
    start: datetime, end: datetime, zone: Zone, *, locale: str = US, hours: Hours = "12"
) -> str:
    """Name a stretch: "7:15 – 11:00 pm", "11:00 am – 3:00 pm", "7:00 pm – 7:00 am Thursday".

    The half of the day is said once where both ends share it, and the day of the end is named
    when it is another. An end at midnight needs no day: "7:00 pm – midnight".
    """
    first, last = _local(start, zone), _local(end, zone)
    from_words = time_of_day(start, zone, locale=locale, hours=hours)
    to_words = time_of_day(end, zone, locale=locale, hours=hours)
    at_midnight = last.hour == 0 and to_words == _word(last, locale)
    if last.date() - first.date() > timedelta(days=int(at_midnight)):
        by_day = "EEEE" if last.date() - first.date() < _A_WEEK else _skeleton(locale, "MMMEd")
        to_words = f"{to_words} {_say(last, by_day, locale)}"
    elif to_words.endswith(half := f" {_half(first, locale)}"):
        from_words = from_words.removesuffix(half)
    return _between(locale, from_words, to_words)


def moment(
    instant: datetime,
    zone: Zone,
    *,
    today: date | None = None,
    locale: str = US,
    hours: Hours = "12",
) -> str:
    """Name a day and a time, for deadlines: "Fri, Mar 5, 6:00 pm".

    Midnight is written "12:00 am" here: "by midnight on Friday" has two readings, a day apart.
    """
    local = _local(instant, zone)
    at = time_of_day(instant, zone, locale=locale, hours=hours)
    if at == _word(local, locale) and local.hour == 0:
        at = _clock(local, locale, hours)
    pattern = str(Locale.parse(locale).datetime_formats["medium"])
    day = day_short(instant, zone, today=today, locale=locale)
    return pattern.replace("{1}", day).replace("{0}", at)


def length(minutes: int, *, locale: str = US) -> str:
    """Name a length: "4 hours", "3 hours 30 minutes", "45 minutes".

    Raises:
        ValueError: *minutes* is negative.
    """
    if minutes < 0:
        raise ValueError(f"a length cannot be negative: {minutes}")
    whole, rest = divmod(minutes, 60)
    words = [format_unit(whole, "duration-hour", locale=locale)] if whole else []
    if rest or not whole:
        words.append(format_unit(rest, "duration-minute", locale=locale))
    return _plain_blanks(" ".join(words))


def week_title(first_day: date, *, locale: str = US) -> str:
    """Name the seven days from *first_day*: "March 8 – 14, 2027"."""
    last_day = first_day + timedelta(days=6)
    if first_day.year != last_day.year:
        unit = "y"
    else:
        unit = "d" if first_day.month == last_day.month else "M"
    first, last = Locale.parse(locale).interval_formats["yMMMd"][unit]
    noon = datetime.min.time().replace(hour=12)
    ends = (datetime.combine(day, noon) for day in (first_day, last_day))
    return "".join(
        _say(end, _wide(part), locale) for end, part in zip(ends, (first, last), strict=True)
    )


def zone_words(zone: Zone, at: datetime, *, locale: str = US) -> str:
    """Name a zone as it is at an instant: "Central Standard Time (UTC−6)"."""
    local = _local(at, zone)
    name = get_timezone_name(local, width="long", locale=locale)
    if name.startswith("GMT"):
        name = zone_line(zone, locale=locale)
    return f"{name} ({_offset(local)})"


def zone_line(zone: Zone, *, locale: str = US) -> str:
    """Name a zone once for a page: "Central Time".

    A zone that never changes its clocks is called by its full name, so that Phoenix is not
    taken for Denver: "Mountain Standard Time".
    """
    place = _place(zone)
    winter = datetime(_AHEAD, 1, 1, tzinfo=place)
    summer = datetime(_AHEAD, 7, 1, tzinfo=place)
    if winter.utcoffset() == summer.utcoffset():
        name = get_timezone_name(winter, width="long", locale=locale)
        if not name.startswith("GMT"):
            return name
    return get_timezone_name(place, width="long", locale=locale)


def clock_change(day: date, zone: Zone, *, locale: str = US, hours: Hours = "12") -> str | None:
    """Say when the clocks change on a local day: "Clocks go forward at 2:00 am".

    The time is what clocks show just before. ``None`` on every other day of the year. The
    sentence is English in every locale.
    """
    place = _place(zone)
    for before, after in _changes_near(day, place):
        if after.date() != day:
            continue
        step = _utcoffset(after) - _utcoffset(before)
        shown = (before + timedelta(minutes=1)).replace(tzinfo=UTC)
        at = time_of_day(shown, "UTC", locale=locale, hours=hours)
        by = "" if abs(step) == timedelta(hours=1) else f" {length(_minutes(step), locale=locale)}"
        return f"Clocks go {'forward' if step > timedelta(0) else 'back'}{by} at {at}"
    return None


def _changes_near(day: date, place: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Find the last local minute before and the first after each change near *day*."""
    probe = datetime.combine(day, datetime.min.time(), tzinfo=UTC) - timedelta(days=1)
    hourly = [probe + timedelta(hours=n) for n in range(73)]
    found = []
    for early, late in pairwise(hourly):
        if _utcoffset(early.astimezone(place)) != _utcoffset(late.astimezone(place)):
            minutes = [(early + timedelta(minutes=n)).astimezone(place) for n in range(61)]
            found += [(a, b) for a, b in pairwise(minutes) if _utcoffset(a) != _utcoffset(b)]
    return found


def _minutes(step: timedelta) -> int:
    return abs(step) // timedelta(minutes=1)


def _place(zone: Zone) -> ZoneInfo:
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)


def _local(instant: datetime, zone: Zone) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"an instant has an offset: {instant!r}")
    return instant.astimezone(_place(zone))


def _utcoffset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)


def _offset(local: datetime) -> str:
    minutes = _utcoffset(local) // timedelta(minutes=1)
    whole, rest = divmod(abs(minutes), 60)
    sign = _MINUS if minutes < 0 else "+"
    return "UTC" + (f"{sign}{whole}" if minutes else "") + (f":{rest:02}" if rest else "")


def _which(local: datetime, locale: str) -> str:
    """Add the short zone to a time that clocks show twice."""
    if _utcoffset(local.replace(fold=0)) <= _utcoffset(local.replace(fold=1)):
        return ""
    name = get_timezone_name(local, width="short", locale=locale)
    return f" {name if name.isalpha() else _offset(local)}"


def _word(local: datetime, locale: str) -> str:
    """Give "noon" or "midnight" where the language has the word and the time is that."""
    name = {0: "midnight", 12: "noon"}.get(local.hour)
    if name is None or local.minute or _which(local, locale):
        return ""
    return str(get_period_names(width="wide", context="format", locale=locale).get(name, ""))


def _half(local: datetime, locale: str) -> str:
    names = get_period_names(width="abbreviated", context="format", locale=locale)
    return str(names["am" if local.hour < 12 else "pm"]).lower()  # noqa: PLR2004 a clock's halves


def _clock(local: datetime, locale: str, hours: Hours) -> str:
    if hours == "24":
        return _say(local, _skeleton(locale, "Hm"), locale)
    said = _say(local, _skeleton(locale, "hm"), locale)
    names = get_period_names(width="abbreviated", context="format", locale=locale)
    return said.replace(str(names["am" if local.hour < 12 else "pm"]), _half(local, locale))  # noqa: PLR2004


def _between(locale: str, first: str, last: str) -> str:
    pattern = str(Locale.parse(locale).interval_formats[None])
    return _plain_blanks(pattern.replace("{0}", first).replace("{1}", last))


def _skeleton(locale: str, fields: str, day: date | None = None, today: date | None = None) -> str:
    with_year = day is not None and today is not None and day.year != today.year
    key = f"y{fields}" if with_year else fields
    return str(Locale.parse(locale).datetime_skeletons[key].pattern)


def _wide(pattern: str) -> str:
    """Write out what a pattern abbreviates: the month and the day of the week."""
    full = re.sub(r"(?<!M)M{3}(?!M)", "MMMM", re.sub(r"(?<!L)L{3}(?!L)", "LLLL", pattern))
    return re.sub(r"E{1,3}(?!E)", "EEEE", full) if "EEEE" not in full else full


def _say(local: datetime, pattern: str, locale: str) -> str:
    return _plain_blanks(format_datetime(local, pattern, tzinfo=None, locale=locale))


def _plain_blanks(text: str) -> str:
    """Write every kind of narrow blank as a blank: old mail readers show boxes for them."""
    return re.sub("[\u00a0\u2009\u202f]", " ", text)
