"""Single dates that are other than every week: part by part, or as the week before.

A date on which one part of a shift changes keeps the other parts as they stood. A date that comes
to the same as every week is kept as that.

Source: docs/rules.md, rules A1, A2 and A5.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from shadowing.domain.availability.hours import Hours, Mode
from shadowing.domain.errors import BadValue, Stale
from shadowing.services.availability import horizon, saying
from shadowing.services.availability.acts import AsEveryWeek, AsTheWeekBefore, OneDay, OneMore
from shadowing.services.availability.horizon import Ground
from shadowing.services.work import Tx
from shadowing.store import hours
from shadowing.store.hours import Change, Rule

A_DAY: Final = timedelta(days=1)
A_WEEK: Final = timedelta(days=7)


def one_day(tx: Tx, act: OneDay, on: Ground) -> None:
    """Keep what one part of a shift is on one date, or all of it.

    Raises:
        Stale: There is no such part any more.
        BadValue: With the field and its problem.
    """
    said = _checked(act, on)
    stood = parts(tx, on, act.local_date, said.span.code)
    others = [part for part in stood if part.start != act.part] if act.part else []
    if act.part and len(others) == len(stood):
        raise Stale
    _keep(tx, on, act.local_date, said, others)


def one_more(tx: Tx, act: OneMore, on: Ground) -> None:
    """Keep one more part of a shift on one date; where it was closed, it is open again.

    Raises:
        BadValue: With the field and its problem.
    """
    said = _checked(act, on)
    stood = parts(tx, on, act.local_date, said.span.code)
    others = [part for part in stood if Mode.CLOSED not in (part.mode, said.mode)]
    _keep(tx, on, act.local_date, said, others)


def as_every_week(tx: Tx, act: AsEveryWeek, on: Ground) -> None:
    """Forget what was said of one shift on one date."""
    hours.remove_days(tx.db, host_id=on.host.id, span=act.span, dates=(act.local_date,))
    saying.note(tx, on, "hours.day_undone", code=f"{act.local_date} {act.span}")


def as_the_week_before(tx: Tx, act: AsTheWeekBefore, on: Ground) -> None:
    """Make each day of a week that is not over as it was a week earlier."""
    week = [act.first + n * A_DAY for n in range(7)]
    for day in week:
        if on.today <= day < on.until:
            _as_before(tx, on, day)
    saying.note(tx, on, "hours.week_repeated", code=str(act.first))


def _as_before(tx: Tx, on: Ground, day: date) -> None:
    before = hours.changes(tx.db, host_id=on.host.id, first=day - A_WEEK, last=day - A_WEEK)
    now = hours.changes(tx.db, host_id=on.host.id, first=day, last=day)
    for span in sorted({each.span for each in (*before, *now)}):
        wanted = parts(tx, on, day - A_WEEK, span)
        if wanted:
            _write(tx, on, day, span, wanted)
        else:
            hours.remove_days(tx.db, host_id=on.host.id, span=span, dates=(day,))


def parts(tx: Tx, on: Ground, day: date, span: str) -> tuple[Hours, ...]:
    """List the parts of a shift as they stand on a date: what was said of it, or every week's."""
    changed = hours.changes(tx.db, host_id=on.host.id, first=day, last=day)
    said = [each for each in changed if each.span == span]
    stood: Iterable[Rule | Change] = said or _weekly(tx, on, day, span)
    return tuple(map(horizon.hours_of, stood))


def _weekly(tx: Tx, on: Ground, day: date, span: str) -> list[Rule]:
    rules = hours.rules(tx.db, host_id=on.host.id)
    return [rule for rule in rules if rule.span == span and rule.falls_on(day)]


def _checked(act: OneDay | OneMore, on: Ground) -> Hours:
    last = on.until - A_DAY
    if not on.today - A_DAY <= act.local_date <= last:
        raise BadValue(field="day", problem="out_of_range", least=on.today, most=last)
    return saying.checked(act.given, weekday=act.local_date.weekday(), on=on)


def _keep(tx: Tx, on: Ground, day: date, said: Hours, others: Iterable[Hours]) -> None:
    """Write a part beside others; a closed one that begins at the same time gives way."""
    left = [each for each in others if each.mode is not Mode.CLOSED or each.start != said.start]
    saying.no_clash(said, [(0, each) for each in left] + _near(tx, on, day, said.span.code))
    _write(tx, on, day, said.span.code, [*left, said])
    saying.note(tx, on, "hours.day_set", code=f"{day} {said.span.code} {said.mode}")


def _write(tx: Tx, on: Ground, day: date, span: str, wanted: Iterable[Hours]) -> None:
    """Keep the parts of a shift on a date; what is the same as every week needs no keeping."""
    found = sorted(wanted, key=lambda each: each.start)
    weekly = sorted(map(horizon.hours_of, _weekly(tx, on, day, span)), key=lambda each: each.start)
    if found == weekly:
        hours.remove_days(tx.db, host_id=on.host.id, span=span, dates=(day,))
    else:
        columns = [saying.columns(each) for each in found]
        hours.set_day(tx.db, host_id=on.host.id, local_date=day, span=span, parts=columns)


def _near(tx: Tx, on: Ground, day: date, span: str) -> list[tuple[int, Hours]]:
    """List the hours of the host from the day before to the day after, less that shift's own."""
    changes = hours.changes(tx.db, host_id=on.host.id, first=day - A_DAY, last=day + A_DAY)
    rules = hours.rules(tx.db, host_id=on.host.id)
    changed = {(each.local_date, each.span) for each in changes}
    found: list[tuple[int, Rule | Change]]
    found = [((each.local_date - day).days, each) for each in changes]
    for days in (-1, 0, 1):
        on_date = day + days * A_DAY
        found += [
            (days, rule)
            for rule in rules
            if rule.falls_on(on_date) and (on_date, rule.span) not in changed
        ]
    return [(days, horizon.hours_of(each)) for days, each in found if days or each.span != span]
