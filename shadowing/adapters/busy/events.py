"""One event of a file: when it is, how often, and whether it blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from shadowing.adapters.busy.clocks import Clock, Clocks
from shadowing.adapters.busy.lines import Component, Line
from shadowing.adapters.busy.notes import Broken, Notes
from shadowing.adapters.busy.rules import COUNTED, Rule, TooOften, rule
from shadowing.adapters.busy.values import Moment, length, moment
from shadowing.domain.availability.clock import DAY_SECONDS

NO_START: Final = Moment(wall=0, whole_day=True, utc=False, zone="")
LONGEST: Final = 400 * DAY_SECONDS
MOST_VALUES: Final = 50_000
EARLIEST: Final = 7_305 * DAY_SECONDS
LATEST: Final = 47_847 * DAY_SECONDS
"""1990-01-01 and 2101-01-01, on the wall."""


@dataclass(slots=True)
class Times:
    """Times that are named one by one: of whole days, and instants."""

    days: set[int] = field(default_factory=set)
    instants: set[int] = field(default_factory=set)

    def add(self, said: Moment, clock: Clock) -> None:
        """Name one; a midnight names its day too, for many write days so."""
        if said.whole_day:
            self.days.add(said.day)
        else:
            self.instants.add(clock.instant(said.wall))

    def __bool__(self) -> bool:
        """Whether any is named."""
        return bool(self.days or self.instants)


@dataclass(slots=True, kw_only=True)
class Event:
    """One VEVENT.

    Attributes:
        number: The line it begins on.
        uid: Empty for none.
        version: The higher one counts: SEQUENCE, then DTSTAMP.
        clock: That of its times.
        start: On the wall of that clock.
        length: On the wall.
        blocks: Whether its time is busy.
        rules: Each with when it ends: an instant, or nothing.
        extra: Further times: start and length.
        without: What is left out of the series.
        instance: The time of a series this one takes the place of.
        onward: It takes the place of all later ones too.
    """

    number: int
    uid: str
    version: tuple[int, str]
    clock: Clock
    start: int
    length: int
    whole_days: bool
    blocks: bool
    rules: tuple[Rule, ...] = ()
    extra: tuple[tuple[int, int], ...] = ()
    without: Times = field(default_factory=Times)
    instance: Times = field(default_factory=Times)
    onward: bool = False


class Reader:
    """Makes events of components."""

    def __init__(self, clocks: Clocks, notes: Notes, *, owner: str) -> None:
        """Read for *owner*, an e-mail address or nothing."""
        self._clocks = clocks
        self._notes = notes
        self._owner = owner.strip().casefold()

    def event(self, said: Component) -> Event | None:
        """Read one; what is broken in it is noted, and it is left out where it must be."""
        try:
            return self._event(said)
        except Broken as broken:
            self._notes.skip(said.number, str(broken))
            return None

    def _event(self, said: Component) -> Event:
        blocks = self._blocks(said)
        instance = said.first("RECURRENCE-ID")
        start = said.first("DTSTART") or (None if blocks else instance)
        if start is None and blocks:
            raise Broken("has no start")
        began = moment(start.value, start.parameters) if start else NO_START
        clock = self._clocks.of(began, start.number if start else said.number)
        event = Event(
            number=said.number,
            uid=uid.value.strip() if (uid := said.first("UID")) else "",
            version=_version(said),
            clock=clock,
            start=began.wall,
            length=self._length(said, began, clock) if blocks else 0,
            whole_days=began.whole_day,
            blocks=blocks,
        )
        if instance:
            self._note_times([instance], event, event.instance)
            event.onward = instance.parameters.get("RANGE", "").upper() == "THISANDFUTURE"
            event.uid = event.uid if event.instance else ""
        else:
            self._repeat(said, event)
        _check_years(event)
        return event

    def _blocks(self, said: Component) -> bool:
        free = (
            said.word("STATUS") == "CANCELLED"
            or said.word("TRANSP") == "TRANSPARENT"
            or said.word("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE"
        )
        return not free and not any(map(self._declined, said.every("ATTENDEE")))

    def _declined(self, attendee: Line) -> bool:
        if attendee.parameters.get("PARTSTAT", "").upper() != "DECLINED" or not self._owner:
            return False
        address = attendee.value.strip().casefold().removeprefix("mailto:")
        return self._owner in (address, attendee.parameters.get("EMAIL", "").casefold())

    def _length(self, said: Component, began: Moment, clock: Clock) -> int:
        """How long it is on the wall; whole days for one of whole days."""
        end, lasts = said.first("DTEND"), said.first("DURATION")
        found = DAY_SECONDS if began.whole_day else 0
        if end:
            found = self._between(began, clock, moment(end.value, end.parameters), end.number)
        elif lasts:
            found = length(lasts.value)
            if found > LONGEST:
                raise Broken("is longer than 400 days")
        if found < 0:
            raise Broken("ends before it starts")
        return max(-(-found // DAY_SECONDS), 1) * DAY_SECONDS if began.whole_day else found

    def _between(self, began: Moment, clock: Clock, ended: Moment, number: int) -> int:
        other = self._clocks.of(ended, number)
        if other is clock:
            return ended.wall - began.wall
        return clock.wall(other.instant(ended.wall)) - began.wall

    def _repeat(self, said: Component, event: Event) -> None:
        """Read what makes a series of it; a line that is broken costs itself."""
        rules = []
        for line in said.every("RRULE"):
            try:
                rules.append(rule(line.value))
            except TooOften:
                raise
            except Broken as broken:
                self._notes.add(line.number, f"The event {broken}; only its first time counts.")
        event.rules = tuple(rules)
        for line in said.every("EXRULE"):
            self._notes.add(line.number, "An EXRULE is not read: it takes nothing away.")
        event.extra = tuple(self._extra(said.every("RDATE"), event))
        self._note_times(said.every("EXDATE"), event, event.without)

    def _values(self, lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
        for line in lines:
            yield from ((line, value) for value in line.value.split(",", MOST_VALUES))

    def _extra(self, lines: Iterable[Line], event: Event) -> Iterator[tuple[int, int]]:
        for line, value in self._values(lines):
            try:
                at, _, until = value.partition("/")
                begin = self._on_wall(moment(at, line.parameters), event, line.number)
                yield begin, self._lasting(until, line, event, begin) if until else event.length
            except Broken as broken:
                self._notes.add(line.number, f"One time of the event {broken}; it was left out.")

    def _lasting(self, until: str, line: Line, event: Event, begin: int) -> int:
        if until.strip()[:1] in "+-Pp":
            lasts = length(until)
        else:
            end = moment(until, line.parameters)
            lasts = self._on_wall(end, event, line.number) - begin
        if not 0 <= lasts <= LONGEST:
            raise Broken("ends before it starts, or lasts longer than 400 days")
        return lasts

    def _on_wall(self, said: Moment, event: Event, number: int) -> int:
        """A further time, on the wall of the event's own clock."""
        if event.whole_days:
            return said.day * DAY_SECONDS
        if said.whole_day:
            return said.wall + event.start % DAY_SECONDS
        clock = self._clock_of(said, event, number)
        return said.wall if clock is event.clock else event.clock.wall(clock.instant(said.wall))

    def _clock_of(self, said: Moment, event: Event, number: int) -> Clock:
        """The clock of a time beside the start: where it names none, that of the start."""
        local = not (said.utc or said.zone or said.whole_day)
        return event.clock if local else self._clocks.of(said, number)

    def _note_times(self, lines: Iterable[Line], event: Event, into: Times) -> None:
        for line, value in self._values(lines):
            try:
                said = moment(value, line.parameters)
                into.add(said, self._clock_of(said, event, line.number))
                if event.whole_days and said.wall % DAY_SECONDS == 0:
                    into.days.add(said.day)
            except Broken as broken:
                self._notes.add(line.number, f"One time of the event {broken}; it was left out.")


def _version(said: Component) -> tuple[int, str]:
    number, stamp = said.word("SEQUENCE"), said.word("DTSTAMP")
    return int(number) if COUNTED.fullmatch(number) else 0, stamp


def _check_years(event: Event) -> None:
    """Refuse what is on nobody's diary; a series may have begun at any time."""
    once = not event.rules and event.blocks
    outside = not EARLIEST <= event.start <= event.start + event.length <= LATEST
    if (once and outside) or event.length > LATEST - EARLIEST:
        raise Broken("is before 1990 or after 2100")


def until_of(said: Rule, event: Event) -> int | None:
    """The instant after which a rule gives no more; nothing where it has no end.

    A local end is read on the clock of the series; a date lasts to its end.
    """
    end = said.until
    if end is None:
        return None
    if end.whole_day or (event.whole_days and end.wall % DAY_SECONDS == 0):
        return event.clock.instant((end.day + 1) * DAY_SECONDS) - 1
    return end.wall if end.utc else event.clock.instant(end.wall)
