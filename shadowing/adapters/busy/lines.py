"""A calendar file, taken apart: its components, with the few lines that say when somebody is busy.

Only named properties are kept, so titles, notes and names of others go no further than here. What
is broken costs itself: a line, or the event it stands in, never the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from shadowing.adapters.busy.notes import Notes, Unreadable

LARGEST: Final = 10 * 1024 * 1024
MOST_EVENTS: Final = 20_000
DEEPEST: Final = 8
LONGEST_LINE: Final = 1024 * 1024

KEPT: Final = frozenset(
    {
        *("ATTENDEE", "DTEND", "DTSTAMP", "DTSTART", "DURATION", "EXDATE", "EXRULE"),
        *("FREEBUSY", "PRIORITY", "RDATE", "RECURRENCE-ID", "RRULE", "SEQUENCE", "STATUS"),
        *("TRANSP", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "UID"),
        *("X-MICROSOFT-CDO-BUSYSTATUS", "X-WR-TIMEZONE"),
    }
)
DATED: Final = frozenset({"DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID"})
"""Their values hold no colon, though a zone's name before them may."""

WHOLE: Final = frozenset({"VEVENT", "VFREEBUSY", "VJOURNAL", "VTIMEZONE", "VTODO", "VAVAILABILITY"})
"""Stand in the calendar itself: where one begins, whatever was begun before has ended."""
BUILT: Final = WHOLE - {"VTODO", "VJOURNAL"} | {"AVAILABLE", "DAYLIGHT", "STANDARD", "VCALENDAR"}

NAME: Final = re.compile(rb"([A-Za-z0-9-]+)[;:]")
HEAD: Final = re.compile(r'((?:[^":]++|"[^"]*+")*+):(.*)', re.DOTALL)
PARAMETER: Final = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;]*)')
CARETS: Final = {"^n": "\n", "^^": "^", "^'": '"'}
BOMS: Final = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Line:
    """One property: where it stands, its parameters by upper-case name, and what it says."""

    number: int
    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """What stands between a BEGIN and its END.

    Attributes:
        number: The line of its BEGIN.
        properties: The kept lines, by upper-case name.
        parts: The components in it that were ended as they should be.
    """

    kind: str
    number: int
    properties: dict[str, list[Line]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """The first line of a name."""
        lines = self.properties.get(name)
        return lines[0] if lines else None

    def every(self, name: str) -> list[Line]:
        """All lines of a name."""
        return self.properties.get(name, [])

    def word(self, name: str) -> str:
        """What the first line of a name says, in upper case; nothing where there is none."""
        line = self.first(name)
        return line.value.strip().upper() if line else ""

    def of(self, kind: str) -> Iterator[Component]:
        """The components of a kind in it."""
        return (part for part in self.parts if part.kind == kind)


def take_apart(data: bytes, notes: Notes) -> list[Component]:
    """Take a file apart into its calendars.

    Raises:
        Unreadable: It is too large, holds too many events, or is no calendar.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"the file is larger than {LARGEST // 1024 // 1024} MiB")
    pile = _Pile(notes)
    for number, raw in _unfolded(_plain(data)):
        name = NAME.match(raw)
        if name is None:
            pile.nonsense += bool(raw.strip())
            continue
        word = name[1].decode("ascii").upper()
        if word in ("BEGIN", "END"):
            kind = raw[name.end() :].strip().decode("ascii", "replace").upper()
            if word == "BEGIN":
                pile.begin(kind, number)
            else:
                pile.end(kind)
        elif word in KEPT:
            pile.keep(word, number, raw)
    return pile.calendars()


def _plain(data: bytes) -> bytes:
    """Bring the file to one encoding's bytes, with a line feed at the end of each line."""
    for mark, encoding in BOMS.items():
        if data.startswith(mark):
            data = data[len(mark) :]
            if encoding != "utf-8":
                data = data.decode(encoding, "replace").encode()
    return data.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _unfolded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give each line with its number; one that goes on after a fold is one line."""
    begun, pieces, length = 0, [b""], 0
    for number, raw in enumerate(BytesIO(data), 1):
        piece = raw.rstrip(b"\n")
        if piece[:1] in (b" ", b"\t"):
            if length < LONGEST_LINE:
                pieces.append(piece[1:])
                length += len(piece)
            continue
        yield begun, pieces[0] if len(pieces) == 1 else b"".join(pieces)
        begun, pieces, length = number, [piece], len(piece)
    yield begun, b"".join(pieces)


def _line(word: str, number: int, raw: bytes) -> Line | None:
    """Read one line; nothing where it is none."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    if word in DATED:
        head, colon, value = text.rpartition(":")
        found = (head, value) if colon else None
    else:
        match = HEAD.fullmatch(text)
        found = (match[1], match[2]) if match else None
    if found is None:
        return None
    given = {
        name.upper(): _uncareted(value.strip('"').strip())
        for name, value in PARAMETER.findall(found[0])
    }
    return Line(number, given, found[1])


def _uncareted(value: str) -> str:
    if "^" not in value:
        return value
    return re.sub(r"\^[n^']", lambda found: CARETS[found[0]], value)


class _Pile:
    """The components that have begun and not ended, the outermost first."""

    def __init__(self, notes: Notes) -> None:
        self.nonsense = 0
        self._notes = notes
        self._open: list[Component] = []
        self._deeper = 0
        self._events = 0
        self._calendars: list[Component] = []

    def begin(self, kind: str, number: int) -> None:
        if kind == "VCALENDAR":
            self._unwind(0)
            self._calendars.append(Component(kind, number))
            self._open.append(self._calendars[-1])
            return
        if kind in WHOLE and self._calendars:
            self._unwind(1)
            # What follows the end of the last calendar is read as if it stood in it.
            self._open = [self._calendars[-1]]
        if kind == "VEVENT":
            self._events += 1
            if self._events > MOST_EVENTS:
                raise Unreadable(f"the file holds more than {MOST_EVENTS:,} events")
        if len(self._open) >= DEEPEST:
            self._deeper += 1
            self._notes.add(number, "What is nested more than 8 deep is not read.")
        else:
            self._open.append(Component(kind, number))

    def end(self, kind: str) -> None:
        if self._deeper:
            self._deeper -= 1
            return
        at = next((n for n, each in enumerate(self._open) if each.kind == kind), None)
        if at is None:
            return
        self._unwind(at + 1)
        ended = self._open.pop()
        if self._open and kind in BUILT:
            self._open[-1].parts.append(ended)

    def keep(self, word: str, number: int, raw: bytes) -> None:
        if not self._open or self._deeper or self._open[-1].kind not in BUILT:
            return
        line = _line(word, number, raw)
        if line is None:
            self.nonsense += 1
        else:
            self._open[-1].properties.setdefault(word, []).append(line)

    def calendars(self) -> list[Component]:
        self._unwind(0)
        if not self._calendars:
            raise Unreadable("this is no calendar file: it has no BEGIN:VCALENDAR")
        if self.nonsense:
            self._notes.count(self.nonsense, "Lines left out that are no calendar lines")
        return self._calendars

    def _unwind(self, depth: int) -> None:
        """Give up what has begun below a depth and was not ended."""
        for lost in self._open[depth:]:
            if lost.kind in WHOLE:
                self._notes.skip(lost.number, "has no end")
        del self._open[depth:]
        self._deeper = 0
