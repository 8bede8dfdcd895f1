"""The times a rule of repetition gives, counted on the wall.

A period (a year, a month, ...) gives its days, a day its times. Periods are counted, not walked:
however long ago a series began, only those near the wanted stretch are looked at.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from shadowing.adapters.busy.notes import Broken
from shadowing.adapters.busy.rules import Every, Rule, TooOften
from shadowing.adapters.busy.values import LAST_YEAR
from shadowing.domain.availability.clock import DAY_SECONDS, EPOCH_ORDINAL

WEEK: Final = 7
MOST_TIMES: Final = 24 * 60
MOST_DAYS: Final = {
    Every.YEARLY: 366,
    Every.MONTHLY: 31,
    Every.WEEKLY: 7,
    Every.DAILY: 1,
    Every.HOURLY: 1,
}


def occurrences(
    rule: Rule, start: int, *, whole_days: bool, first: int, last: int
) -> Iterator[int]:
    """Give the times of a rule, ascending.

    Args:
        rule: Whose UNTIL the caller looks after, for that takes a clock.
        start: On the wall; the first time of the series, and what the rule leaves unsaid.
        whole_days: The series is of dates; times of a day say nothing then.
        first: Times before may be left out.
        last: Neither this nor a later one is given.

    Raises:
        Broken: It comes more often than anybody's diary, or only after all calendars end.
    """
    series = _Series(rule, start, whole_days=whole_days)
    left = series.counted(last)
    number = series.period_of(first) if left is None else 0
    while (begins := series.begin(number)) is not None and begins < last:
        for at in series.times(number):
            if at < start:
                continue
            if at >= last or left == 0:
                return
            left = None if left is None else left - 1
            yield at
        if left == 0:
            return
        number += 1


class _Series:
    """A rule with what it takes from its start."""

    def __init__(self, rule: Rule, start: int, *, whole_days: bool) -> None:
        self._rule = rule
        self._start = start
        self._first_day, second = divmod(start, DAY_SECONDS)
        self._date = date.fromordinal(self._first_day + EPOCH_ORDINAL)
        self._week = self._first_day - (_weekday(self._first_day) - rule.week_start) % WEEK
        self._hour = start // 3600
        hour, minute = divmod(second // 60, 60)
        hourly = rule.every is Every.HOURLY
        hours = (0,) if hourly else rule.hours or (hour,)
        minutes, seconds = rule.minutes or (minute,), rule.seconds or (second % 60,)
        if len(hours) * len(minutes) * len(seconds) > MOST_TIMES:
            raise TooOften("comes again every minute or more often")
        self._times = [h * 3600 + m * 60 + s for h in hours for m in minutes for s in seconds]
        if whole_days:
            if hourly:
                raise Broken("is of whole days and comes again every hour")
            self._times = [0]

    def begin(self, number: int) -> int | None:
        """When the period of a number begins; nothing where calendars end before."""
        step = self._rule.interval * number
        match self._rule.every:
            case Every.YEARLY:
                return _begin(self._date.year + step, 1)
            case Every.MONTHLY:
                year, month = divmod(self._date.month - 1 + step, 12)
                return _begin(self._date.year + year, month + 1)
            case Every.WEEKLY:
                return (self._week + WEEK * step) * DAY_SECONDS
            case Every.DAILY:
                return (self._first_day + step) * DAY_SECONDS
            case Every.HOURLY:
                return (self._hour + step) * 3600

    def period_of(self, at: int) -> int:
        """The number of the period that holds a time, or of one before it."""
        day = max(at, self._start) // DAY_SECONDS
        on = date.fromordinal(day + EPOCH_ORDINAL)
        years = on.year - self._date.year
        steps = {
            Every.YEARLY: years,
            Every.MONTHLY: 12 * years + on.month - self._date.month,
            Every.WEEKLY: (day - self._week) // WEEK,
            Every.DAILY: day - self._first_day,
            Every.HOURLY: max(at, self._start) // 3600 - self._hour,
        }
        return steps[self._rule.every] // self._rule.interval

    def counted(self, last: int) -> int | None:
        """How many times there are in all; nothing where that many do not come before *last*."""
        if self._rule.count is None:
            return None
        periods = self.period_of(last) + 1
        most = periods * MOST_DAYS[self._rule.every] * len(self._times)
        return self._rule.count if self._rule.count < most else None

    def times(self, number: int) -> list[int]:
        """All times of a period, ascending."""
        begins = self.begin(number)
        if begins is None:
            return []
        if self._rule.every is Every.HOURLY:
            if self._rule.hours and begins // 3600 % 24 not in self._rule.hours:
                return []
            days = self._fitting([begins // DAY_SECONDS])
            found = [begins + time for time in self._times] if days else []
        else:
            days = self._fitting(self._candidates(begins // DAY_SECONDS))
            found = [day * DAY_SECONDS + time for day in days for time in self._times]
        if self._rule.positions:
            places = {n - 1 if n > 0 else n + len(found) for n in self._rule.positions}
            found = [found[n] for n in sorted(places) if 0 <= n < len(found)]
        return found

    def _candidates(self, begins: int) -> Iterable[int]:
        """Days of a period that may fit, ascending; the more a rule says, the fewer."""
        rule = self._rule
        match rule.every:
            case Every.YEARLY:
                return self._of_year(begins)
            case Every.MONTHLY:
                return self._of_month(begins)
            case Every.WEEKLY:
                whole = range(begins, begins + WEEK)
                if rule.weekdays or rule.month_days or rule.year_days or rule.weeks:
                    return whole
                return [day for day in whole if _weekday(day) == _weekday(self._first_day)]
            case _:
                return [begins]

    def _of_year(self, begins: int) -> Iterable[int]:
        rule = self._rule
        year = date.fromordinal(begins + EPOCH_ORDINAL).year
        length = 366 if isleap(year) else 365
        if rule.weeks:
            days: Iterable[int] = range(begins, begins + length)
            if rule.weekdays or rule.month_days or rule.year_days:
                return days
            return [day for day in days if _weekday(day) == _weekday(self._first_day)]
        if rule.year_days:
            nths = {n - 1 if n > 0 else length + n for n in rule.year_days}
            return [begins + nth for nth in sorted(nths) if 0 <= nth < length]
        every_month = rule.month_days or rule.weekdays
        months = rule.months or (range(1, 13) if every_month else (self._date.month,))
        return [day for month in months for day in self._of_month(_first_of(year, month))]

    def _of_month(self, begins: int) -> Iterable[int]:
        rule = self._rule
        on = date.fromordinal(begins + EPOCH_ORDINAL)
        if rule.months and on.month not in rule.months:
            return []
        length = monthrange(on.year, on.month)[1]
        if rule.month_days:
            days = {n - 1 if n > 0 else length + n for n in rule.month_days}
            return [begins + n for n in sorted(days) if 0 <= n < length]
        if rule.weekdays:
            wanted = {weekday for _, weekday in rule.weekdays}
            return [day for day in range(begins, begins + length) if _weekday(day) in wanted]
        if rule.year_days or rule.weeks:
            return range(begins, begins + length)
        return [begins + self._date.day - 1] if self._date.day <= length else []

    def _fitting(self, days: Iterable[int]) -> Iterable[int]:
        """Those of some days that fit all a rule says of days."""
        rule = self._rule
        if not (rule.months or rule.weeks or rule.year_days or rule.month_days or rule.weekdays):
            return days
        return [day for day in days if self._fits(day)]

    def _fits(self, day: int) -> bool:
        rule = self._rule
        if rule.weekdays and not self._fits_weekday(day):
            return False
        on = date.fromordinal(day + EPOCH_ORDINAL)
        if rule.months and on.month not in rule.months:
            return False
        if rule.month_days and on.day not in rule.month_days:
            from_end = on.day - 1 - monthrange(on.year, on.month)[1]
            if from_end not in rule.month_days:
                return False
        if rule.year_days:
            nth = day - _first_of(on.year, 1) + 1
            from_end = nth - 1 - (366 if isleap(on.year) else 365)
            if nth not in rule.year_days and from_end not in rule.year_days:
                return False
        return not rule.weeks or not {*_week_numbers(day, rule.week_start)}.isdisjoint(rule.weeks)

    def _fits_weekday(self, day: int) -> bool:
        rule, weekday = self._rule, _weekday(day)
        places = [place for place, wanted in rule.weekdays if wanted == weekday]
        if not places:
            return False
        if 0 in places or rule.every not in (Every.YEARLY, Every.MONTHLY):
            return True
        on = date.fromordinal(day + EPOCH_ORDINAL)
        if rule.every is Every.YEARLY and not rule.months:
            first, length = _first_of(on.year, 1), 366 if isleap(on.year) else 365
        else:
            first, length = day - on.day + 1, monthrange(on.year, on.month)[1]
        nth, from_end = (day - first) // WEEK + 1, -1 - (first + length - 1 - day) // WEEK
        return nth in places or from_end in places


def _begin(year: int, month: int) -> int | None:
    return _first_of(year, month) * DAY_SECONDS if year < LAST_YEAR else None


def _first_of(year: int, month: int) -> int:
    return date(year, month, 1).toordinal() - EPOCH_ORDINAL


def _weekday(day: int) -> int:
    """Monday = 0; 1970-01-01 was a Thursday."""
    return (day + 3) % WEEK


def _week_numbers(day: int, week_start: int) -> tuple[int, int]:
    """The week of a day, counted from the first of its year and from the last.

    A week belongs to the year in which four of its days lie.
    """
    middle = day - (_weekday(day) - week_start) % WEEK + 3
    year = date.fromordinal(middle + EPOCH_ORDINAL).year
    number = (middle - _first_of(year, 1)) // WEEK + 1
    return number, -1 - (_first_of(year + 1, 1) - 1 - middle) // WEEK
