"""What a host fills in: the week as it stands, one shift of it in full, and hours to add."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any, Final, cast

from flask import request
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types

from shadowing.adapters import plain_time, reference
from shadowing.domain.availability.clock import DAY_MINUTES, minute_of
from shadowing.domain.availability.hours import Mode
from shadowing.domain.reference.spans import Span
from shadowing.services.availability.acts import Act, EveryWeek, Given, OneDay, OneMore
from shadowing.services.availability.week import Stretch, Week
from shadowing.web.availability.ways import WayForm, settled
from shadowing.web.fields import ChoiceField, DayField, ManyField, MenuField, TickField, TimeField
from shadowing.web.forms import HouseForm

QUARTER: Final = 15
UNTIL_SAID: Final = "until"
OPEN: Final = "open"
JOIN: Final = "Can someone join you?"
THREE: Final = ((OPEN, "Open"), (Mode.ASK.value, "Ask me"), (Mode.CLOSED.value, "Closed"))
ONE_DAY: Final = "day"
EVERY_WEEK: Final = "every"
SCOPES: Final = ((ONE_DAY, "Only this week"), (EVERY_WEEK, "Every week"))
WEEKDAYS: Final = tuple(
    (str(number), date(2001, 1, 1 + number).strftime("%A")) for number in range(7)
)
HIDE_NAME: Final = "Hide my name until it is confirmed"
SHOW_HANDOFF: Final = "Show them the handoff too"


class BreakForm(HouseForm):
    """How long a break lasts, in weeks; nothing is until the host says."""

    weeks = ChoiceField(
        "How long",
        choices=(("1", "1 week"), ("2", "2 weeks"), (UNTIL_SAID, "Until I say")),
        needed="Choose how long your break lasts.",
    )


class RestForm(HouseForm):
    """A break up to a day."""

    back = DayField("First day you can be joined again", needed="Enter the day you are back.")


class LimitsForm(HouseForm):
    """How much one hosts."""

    max_per_month = MenuField(
        "Most shadows a month", coerce=int, needed="Choose the most shadows a month."
    )
    cool_down_days = MenuField(
        "Days between them", coerce=int, needed="Choose the days between them."
    )


def limits_form(shown: Week, *, blank: bool = False) -> LimitsForm:
    """Make the form of a host's limits; *blank* as they stand, whatever was sent."""
    limit = shown.limit
    stands = {"max_per_month": limit.most, "cool_down_days": limit.gap_days}
    form = LimitsForm(formdata=None, data=stands) if blank else LimitsForm(data=stands)
    most, gaps = limit.choices
    form.max_per_month.choices = [SelectChoice(number, str(number)) for number in most]
    form.cool_down_days.choices = [
        SelectChoice(days, f"{days} days" if days else "No gap") for days in gaps
    ]
    return form


class AddForm(WayForm):
    """Hours that are not in the schedule yet."""

    weekdays = ManyField("Every week on", choices=WEEKDAYS)
    day = DayField("Or on one day only")
    span = MenuField("Shift", needed="Choose the shift you work.")
    start = TimeField("From")
    end = TimeField("To")
    mode = ChoiceField(JOIN, choices=THREE, needed="Choose whether someone can join you.")
    audience = MenuField("Who may join", needed="Choose who may join.")
    blind = TickField(HIDE_NAME)
    handover = TickField(SHOW_HANDOFF)

    def offer(self, shown: Week) -> None:
        """Fill the menus, usual shifts first."""
        usual, others = shown.spans[: shown.usual], shown.spans[shown.usual :]
        self.span.choices = [
            SelectChoice("", "Choose"),
            *(SelectChoice(each.code, span_words(each)) for each in (*usual, *others)),
        ]
        self.audience.choices = [SelectChoice(*each) for each in audiences()]
        self.offer_ways(shown)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own
        """Ask for days, and for both times or none: then the first block of the shift is meant."""
        fine = bool(super().validate(extra_validators))
        if not self.weekdays.errors and not self.day.errors:
            if not self.chosen and not self.day.data:
                self.weekdays.errors = ["Choose the days you work this shift, or one day."]
            elif self.chosen and self.day.data:
                self.day.errors = ["Choose weekdays or one day, not both."]
        one_is_given = self.start.data is not None or self.end.data is not None
        if self.mode.data != Mode.CLOSED and one_is_given:
            for field, words in ((self.start, "starts"), (self.end, "ends")):
                if field.data is None and not field.errors:
                    field.errors = [f"Enter when it {words}, like 7:30 pm."]
        return fine and not self.errors

    def acts(self) -> tuple[Act, ...]:
        """Say in the words of the service what was filled in."""
        given = Given(
            span=self.span.data,
            start=_wall_clock(self.start.data),
            end=_wall_clock(self.end.data),
            mode=mode_of(self.mode.data, hidden=self.blind.data),
            audience=self.audience.data,
            handover=self.handover.data,
            way=self.way(),
        )
        if self.day.data:
            return (OneMore(given, self.day.data),)
        return (EveryWeek(given, self.chosen),)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The weekdays that are ticked, Monday = 0."""
        known = dict(WEEKDAYS)
        return tuple(int(day) for day in self.weekdays.data or () if day in known)


class WeekForm(HouseForm):
    """Every shift of a week that can still be changed, one of them perhaps in full."""

    scope = ChoiceField(
        "For how long?", choices=SCOPES, default=ONE_DAY, needed="Choose for how long."
    )


class Picked(WeekForm, WayForm):
    """One shift in full."""

    mode = ChoiceField(JOIN, choices=THREE, needed="Choose whether someone can join you.")
    start = MenuField("From", needed="Choose when it starts.")
    end = MenuField("To", needed="Choose when it ends.")
    audience = MenuField("Who may join", needed="Choose who may join.")
    blind = TickField(HIDE_NAME)
    handover = TickField(SHOW_HANDOFF)


def week_form(shown: Week, picked: Stretch | None) -> WeekForm:
    """Make the form of a week; each shift has a field of its own.

    Each field carries what it stood on when the page was made, so that an old page does not undo
    what was changed meanwhile elsewhere.
    """
    fields: dict[str, Any] = {
        name_of(each): ChoiceField(JOIN, choices=THREE, default=word_of(each.hours.mode))
        for each in shown.stretches
        if each.ahead and each is not picked
    }
    base = WeekForm if picked is None else Picked
    form = cast(WeekForm, type("WeekForm", (base,), fields)(data=_standing(picked)))
    if picked is not None and isinstance(form, Picked):
        form.start.choices, form.end.choices = _times(picked)
        form.audience.choices = [SelectChoice(*each) for each in audiences()]
        form.offer_ways(shown, picked.hours.way)
    return form


def _standing(picked: Stretch | None) -> dict[str, object]:
    if picked is None:
        return {}
    hours = picked.hours
    return {
        "mode": word_of(hours.mode),
        "start": hours.start,
        "end": hours.end,
        "audience": hours.audience.value,
        "blind": hours.mode is Mode.BLIND,
        "handover": hours.handover,
        "scope": ONE_DAY if picked.changed or picked.rule_id is None else EVERY_WEEK,
    }


def acts_of(form: WeekForm, shown: Week, picked: Stretch | None) -> tuple[Act, ...]:
    """Say in the words of the service what differs from how the week stands."""
    acts: list[Act] = []
    for each in shown.stretches:
        name = name_of(each)
        if name in form:
            word = form[name].data
            stood = request.form.get(f"{name}-was", "")
            if word not in (stood, word_of(each.hours.mode)):
                given = _given(each, shown, mode=mode_of(word))
                acts += _acts(each, given, scope=form.scope.data)
    if picked is not None and isinstance(form, Picked):
        given = Given(
            span=picked.hours.span.code,
            start=form.start.data,
            end=form.end.data,
            mode=mode_of(form.mode.data, hidden=form.blind.data),
            audience=form.audience.data,
            handover=form.handover.data,
            way=form.way(picked.hours.way),
        )
        alone = picked.changed or picked.rule_id is None
        if given != _given(picked, shown) or (alone and form.scope.data == EVERY_WEEK):
            acts += _acts(picked, given, scope=form.scope.data)
    return tuple(acts)


def _acts(stretch: Stretch, given: Given, *, scope: str) -> tuple[Act, ...]:
    one_day = OneDay(given, stretch.local_date, stretch.hours.start)
    if scope == ONE_DAY:
        return (one_day,)
    every = EveryWeek(given, (stretch.local_date.weekday(),), stretch.rule_id)
    return (every, one_day) if stretch.changed else (every,)


def _given(stretch: Stretch, shown: Week, *, mode: str = "") -> Given:
    hours = stretch.hours
    return Given(
        span=hours.span.code,
        start=hours.start,
        end=hours.end,
        mode=mode or hours.mode.value,
        audience=hours.audience.value,
        handover=hours.handover,
        way=settled(hours.way, shown),
    )


def name_of(stretch: Stretch) -> str:
    """Name the field of a stretch."""
    return f"join-{stretch.key}"


def word_of(mode: Mode) -> str:
    """Name one of the three ways; a hidden name is still open."""
    return OPEN if mode in (Mode.AUTO, Mode.BLIND) else mode.value


def mode_of(word: str, *, hidden: object = False) -> str:
    """Read one of the three ways back."""
    if word == OPEN:
        return Mode.BLIND.value if hidden else Mode.AUTO.value
    return word


def audiences() -> tuple[tuple[str, str], ...]:
    """List who may be asked in, with words."""
    return tuple(
        (code, str(row["label"])) for code, row in reference.load().lists["slot_audiences"].items()
    )


def span_words(span: Span) -> str:
    """Name a shift with its hours: "Night, 12 hours: 7:00 pm – 7:00 am"."""
    return (
        f"{span.label}: {clock_words(minute_of(span.start))} – {clock_words(minute_of(span.end))}"
    )


def clock_words(minute: int) -> str:
    """Say a minute of the day as clocks show it."""
    at = datetime(2001, 1, 1, minute // 60 % 24, minute % 60, tzinfo=UTC)
    return plain_time.time_of_day(at, "UTC")


def _times(picked: Stretch) -> tuple[list[SelectChoice], list[SelectChoice]]:
    """List the quarter hours of a shift, for its start and its end."""
    first = minute_of(picked.hours.span.start)
    last = first + picked.hours.span.minutes
    own = picked.hours.minutes()
    quarters = range(first, last + 1, QUARTER)
    starts = sorted({*quarters[:-1], own[0]})
    ends = sorted({*quarters[1:], own[1], last})
    return _menu(starts, picked), _menu(ends, picked)


def _menu(minutes: Iterable[int], picked: Stretch) -> list[SelectChoice]:
    tomorrow = WEEKDAYS[(picked.local_date.weekday() + 1) % 7][1][:3]
    return [
        SelectChoice(
            f"{minute // 60 % 24:02}:{minute % 60:02}",
            clock_words(minute) + (f" {tomorrow}" if minute >= DAY_MINUTES else ""),
        )
        for minute in minutes
    ]


def _wall_clock(at: time | None) -> str:
    return at.strftime("%H:%M") if at else ""
