"""A week in the words and places of the page: seven columns of 24 hours, or a list of shifts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import url_for

from shadowing.adapters import plain_time
from shadowing.domain.availability.clock import DAY_MINUTES
from shadowing.domain.availability.hours import Audience, Mode
from shadowing.domain.availability.renewal import Visit
from shadowing.domain.bookings.states import State
from shadowing.domain.interval import Interval
from shadowing.services.availability.week import Day, Stretch, Week
from shadowing.web.availability import ways
from shadowing.web.availability.forms import WeekForm, audiences, name_of
from shadowing.web.sentences import listed

FACES: Final = {Mode.AUTO: "open", Mode.BLIND: "blind", Mode.ASK: "ask", Mode.CLOSED: "closed"}
NOT_SURE_YET: Final = frozenset({State.HOST_ACCEPTED, State.UNIT_APPROVED, State.CLEARED})
QUARTER: Final = 15
BRIEF: Final = 75
"""Minutes below which a shift in the grid has room for its time alone."""
A_DAY: Final = timedelta(days=1)
Column = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a week is drawn with.

    Attributes:
        form: Its fields stand in the list of the phone.
        picked: The shift that is being changed above the grid.
    """

    week: Week
    form: WeekForm
    picked: Stretch | None

    @property
    def zone(self) -> ZoneInfo:
        """Of the site."""
        return ZoneInfo(self.week.zone)


def columns(sheet: Sheet) -> list[Column]:
    """Draw the seven days."""
    return [_column(sheet, day) for day in sheet.week.days]


def _column(sheet: Sheet, day: Day) -> Column:
    noon = datetime(day.date.year, day.date.month, day.date.day, 12, tzinfo=UTC)
    column: Column = {
        "id": f"day-{day.date}",
        "dow": f"{day.date:%a}",
        "num": day.date.day,
        "name": plain_time.day_long(noon, "UTC", today=sheet.week.today),
        "today": day.date == sheet.week.today,
        "off": _off(day, sheet.zone),
    }
    rosters: list[tuple[str, str, str]] = []
    nights: list[tuple[str, str]] = []
    bands: list[tuple[str, str]] = []
    for work in day.works:
        first, last = _minutes(work, day.date, sheet.zone)
        bands += _bands(sheet.week, first, last)
        if work.start.astimezone(sheet.zone).date() < day.date:
            nights.append((_place(last), f"{day.date - A_DAY:%a} shift"))
        else:
            goes_on = work.end.astimezone(sheet.zone).date() > day.date and last == DAY_MINUTES
            rosters.append((_place(first), _place(last), "on" if goes_on else ""))
    shifts = [(each.span.start, _stretch(sheet, each, day)) for each in day.stretches]
    shifts += [(each.starts_at, _visit(sheet, each, day)) for each in day.visits]
    shifts.sort(key=lambda shift: shift[0])
    return column | {
        "rosters": rosters,
        "nights": nights,
        "bands": bands,
        "shifts": [drawn for _, drawn in shifts],
    }


def _off(day: Day, zone: ZoneInfo) -> str:
    """Say why nothing can be joined on a day: no work, or a night's hours are after midnight."""
    begins = any(work.start.astimezone(zone).date() == day.date for work in day.works)
    return "Hours after midnight" if begins else "Off"


def _stretch(sheet: Sheet, stretch: Stretch, day: Day) -> Column:
    booked = [visit for visit in stretch.visits if visit not in stretch.waiting]
    if booked and not stretch.hours.way.remote:
        return _visit(sheet, booked[0], day) | {"work": _work(stretch, day, sheet.zone)}
    hours = stretch.hours
    first, last = _minutes(stretch.span, day.date, sheet.zone)
    is_picked = sheet.picked is not None and stretch.key == sheet.picked.key
    said = plain_time.time_range(stretch.span.start, stretch.span.end, sheet.zone)
    drawn: Column = {
        "state": FACES[hours.mode],
        "time": said,
        "from_": _place(first),
        "to": _place(last),
        "work": _work(stretch, day, sheet.zone),
        "night": hours.span.end_day == 1,
        "lines": [],
        "picked": is_picked,
        "brief": stretch.span.minutes < BRIEF,
    }
    if stretch.ahead:
        drawn["url"] = _address(sheet, stretch)
        if name_of(stretch) in sheet.form:
            drawn["field"] = sheet.form[name_of(stretch)]
    _say(drawn, stretch, sheet)
    return drawn


def _say(drawn: Column, stretch: Stretch, sheet: Sheet) -> None:
    """Add what else there is to say of a stretch: in the box, and under it in the list."""
    hours = stretch.hours
    texts: list[str] = []
    if said := ways.said(hours.way, sheet.week):
        drawn["lines"] += said
        texts.append(". ".join((*said, "")).strip())
    if hours.mode is not Mode.CLOSED:
        texts.append(ways.not_offered(hours.way, sheet.week, day=stretch.local_date))
    _say_who(drawn, texts, stretch, sheet.zone)
    if not stretch.ahead and hours.mode is not Mode.CLOSED:
        texts.append("This one has begun or is over.")
    if stretch.changed:
        drawn["lines"].append("This week only")
        texts.append("This week only.")
    if hours.mode is Mode.BLIND:
        texts.append("Your name is hidden until it is confirmed.")
    if hours.audience is not Audience.ANYONE and hours.mode is not Mode.CLOSED:
        words = dict(audiences())[hours.audience]
        drawn["lines"].append(words)
        texts.append(f"{words}.")
    if clock_changes(stretch.work, sheet.zone):
        drawn["lines"].append("Clocks change")
    if any(texts):
        drawn["text"] = " ".join(filter(None, texts))


def _say_who(drawn: Column, texts: list[str], stretch: Stretch, zone: ZoneInfo) -> None:
    """Say who joins hours that have seats left, and who asks."""
    joining = [visit for visit in stretch.visits if visit not in stretch.waiting]
    if joining:
        booked = f"{len(joining)} of {stretch.hours.way.seats}"
        drawn["lines"].append(f"{booked} booked")
        if drawn["brief"]:
            starts = plain_time.time_of_day(stretch.span.start, zone)
            drawn["short"] = f"{starts}, {booked}"
        texts.append(f"{listed([visit.name for visit in joining])} {_joins(joining)}.")
        one = f"/shifts/{joining[0].shift_id}"
        drawn["text_url"] = one if len(joining) == 1 else "/shifts/mine"
        drawn["text_link"] = "See the shift" if len(joining) == 1 else "See the shifts"
    if waiting := len(stretch.waiting):
        many = waiting > 1
        drawn["lines"].append(f"{waiting} request{'s' * many}")
        drawn |= {"text_url": "/requests", "text_link": "Answer them" if many else "Answer it"}
        texts.append(f"{waiting} requests wait for you." if many else "1 request waits for you.")


def _joins(visits: list[Visit]) -> str:
    return "joins" if len(visits) == 1 else "join"


def _visit(sheet: Sheet, visit: Visit, day: Day) -> Column:
    """Draw somebody's shift; what is booked is changed on its own page."""
    first, last = _minutes(visit.interval, day.date, sheet.zone)
    asked = visit.state is State.REQUESTED
    given, _, family = visit.name.rpartition(" ")
    drawn: Column = {
        "state": "ask" if asked else "booked",
        "time": plain_time.time_range(visit.starts_at, visit.ends_at, sheet.zone),
        "from_": _place(first),
        "to": _place(last),
        "work": "Asked or booked before your hours changed",
        "lines": [
            "1 request" if asked else f"{given or family} {family[:1] if given else ''}".strip()
        ],
    }
    if asked:
        said = (f"{visit.name}, {visit.title}, asks to join you.", "/requests", "Answer it")
    else:
        yes = " You said yes; it is not confirmed yet." if visit.state in NOT_SURE_YET else ""
        joins = f"{visit.name}, {visit.title}, joins you.{yes}"
        said = (joins, f"/shifts/{visit.shift_id}", "See the shift")
        drawn["url"] = said[1]
    return drawn | dict(zip(("text", "text_url", "text_link"), said, strict=True))


def _work(stretch: Stretch, day: Day, zone: ZoneInfo) -> str:
    """Say when a shift is worked; a night that began the day before is called by that day."""
    words = work_words(stretch, zone)
    if stretch.local_date == day.date:
        return words[:1].upper() + words[1:]
    return f"{stretch.local_date:%A}: {words}"


def work_words(stretch: Stretch, zone: ZoneInfo) -> str:
    """Say when a shift is worked: "night, 7:00 pm – 7:00 am Thursday", and when clocks change."""
    said = plain_time.time_range(stretch.work.start, stretch.work.end, zone)
    words = f"night, {said}" if stretch.hours.span.band == "night" else f"you work {said}"
    changes = clock_changes(stretch.work, zone)
    return f"{words}. {changes}." if changes else words


def clock_changes(work: Interval, zone: ZoneInfo) -> str:
    """Say when clocks change on a day of the shift; nothing on all other days."""
    days = dict.fromkeys(at.astimezone(zone).date() for at in (work.start, work.end))
    said = (plain_time.clock_change(day, zone) for day in days)
    return next((words for words in said if words), "")


def _address(sheet: Sheet, stretch: Stretch) -> str:
    return url_for(".show", week=sheet.week.first, shift=stretch.key, _anchor="edit")


def _bands(week: Week, first: int, last: int) -> Iterable[tuple[str, str]]:
    """Find the private times within the minutes worked (A6)."""
    for start, end in week.handovers:
        if max(start, first) < min(end, last):
            yield _place(max(start, first)), _place(min(end, last))


def _minutes(span: Interval, day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Place a stretch in the 24 hours of a day, to the quarter hour; what lies outside is cut."""
    first, last = (_minute(at.astimezone(zone), day) for at in (span.start, span.end))
    first = min(first // QUARTER * QUARTER, DAY_MINUTES - QUARTER)
    last = -(-last // QUARTER) * QUARTER
    return first, max(last, first + QUARTER)


def _minute(local: datetime, day: date) -> int:
    if local.date() != day:
        return 0 if local.date() < day else DAY_MINUTES
    return local.hour * 60 + local.minute


def _place(minute: int) -> str:
    return f"{minute // 60:02}{minute % 60:02}"
