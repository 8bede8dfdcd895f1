"""A strict reader of calendar files, written from the RFCs and not from our own writer.

It knows RFC 5545 (lines, values), the tables of RFC 5546 for REQUEST and CANCEL, and what a feed
may hold; it uses no calendar library, so that it cannot share one's mistakes.
"""

import re
from collections import Counter

UTC_TIME = r"\d{8}T\d{6}Z"
TEXT = r"(?:[^\\,;\x00-\x08\x0a-\x1f\x7f]|\\[\\,;nN])*"
DURATION = r"[+-]?P(?:\d+W|(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)"
VALUES = {
    "ACTION": "DISPLAY",
    "ATTENDEE": r"mailto:[!-~]+@[!-~]+",
    "CALSCALE": "GREGORIAN",
    "CLASS": "PUBLIC|PRIVATE|CONFIDENTIAL",
    "CREATED": UTC_TIME,
    "DESCRIPTION": TEXT,
    "DTEND": UTC_TIME,
    "DTSTAMP": UTC_TIME,
    "DTSTART": rf"{UTC_TIME}|19700101T000000",
    "LAST-MODIFIED": UTC_TIME,
    "LOCATION": TEXT,
    "METHOD": "REQUEST|CANCEL",
    "NAME": TEXT,
    "ORGANIZER": r"mailto:[!-~]+@[!-~]+",
    "PRODID": TEXT,
    "REFRESH-INTERVAL": DURATION,
    "SEQUENCE": r"\d+",
    "STATUS": "TENTATIVE|CONFIRMED|CANCELLED",
    "SUMMARY": TEXT,
    "TRANSP": "OPAQUE|TRANSPARENT",
    "TRIGGER": DURATION,
    "TZID": TEXT,
    "TZOFFSETFROM": r"[+-]\d{4}",
    "TZOFFSETTO": r"[+-]\d{4}",
    "UID": r"shadow-[0-9a-f]{32}@[!-~]+",
    "URL": r"https?://[!-~]+",
    "VERSION": r"2\.0",
    "X-PUBLISHED-TTL": DURATION,
    "X-WR-CALNAME": TEXT,
}
PARAMETER = r';([A-Z-]+)=("[^"\x00-\x08\x0a-\x1f\x7f]*"|[^",;:\x00-\x1f\x7f]*)'
LINE = re.compile(rf"([A-Z-]+)((?:{PARAMETER})*):(.*)", re.DOTALL)
ONCE = {
    "REQUEST": {"DTSTAMP", "DTSTART", "ORGANIZER", "SUMMARY", "UID", "SEQUENCE", "ATTENDEE"},
    "CANCEL": {"DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "UID", "SEQUENCE", "ATTENDEE"},
    None: {"DTSTAMP", "DTSTART", "SUMMARY", "UID", "SEQUENCE", "LAST-MODIFIED"},
}
FOR_FEEDS = {"NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"}
PEOPLE = {"ATTENDEE", "ORGANIZER"}


class StrictReader:
    """Reads one calendar and keeps a list of what is wrong with it."""

    def __init__(self, data, *, method):
        """Read *data*; *method* is what the message says, ``None`` for a feed."""
        self.method = method
        self.faults = []
        self.parts = []
        self.calendar = Counter()
        self.events = []
        self._read_lines(data)
        self._check_calendar()
        for event in self.events:
            self._check_event(event)

    def _blame(self, fault):
        self.faults.append(fault)

    def _read_lines(self, data):
        if not data.endswith(b"\r\n") or re.search(rb"(?<!\r)\n|\r(?!\n)", data):
            self._blame("a line does not end in CR LF")
        physical = data.split(b"\r\n")[:-1]
        logical = []
        for line in physical:
            if len(line) > 75:
                self._blame(f"{len(line)} octets on one line")
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                self._blame("a line is folded inside a character")
                text = line.decode("utf-8", "replace")
            if text[:1] in (" ", "\t") and logical:
                logical[-1] += text[1:]
            else:
                logical.append(text)
        for line in logical:
            self._read(line)
        if self.parts:
            self._blame(f"{self.parts[-1]} is never ended")

    def _read(self, line):
        match = LINE.fullmatch(line)
        if match is None:
            self._blame(f"no content line: {line!r}")
            return
        name, parameters, value = match[1], re.findall(PARAMETER, match[2]), match[5]
        if name == "BEGIN":
            self._begin(value)
        elif name == "END":
            if not self.parts or self.parts.pop() != value:
                self._blame(f"END:{value} ends another part")
        else:
            self._keep(name, dict(parameters), value)
            if not re.fullmatch(VALUES.get(name, "(?!)"), value):
                self._blame(f"{name} may not be {value!r}")

    def _begin(self, part):
        if part == "VEVENT":
            self.events.append({"properties": [], "alarms": 0})
        if part == "VALARM":
            self.events[-1]["alarms"] += 1
        if self.parts == ["VCALENDAR"]:
            self.calendar["components"] += 1
        self.parts.append(part)

    def _keep(self, name, parameters, value):
        if self.parts == ["VCALENDAR"]:
            self.calendar[name] += 1
            if self.calendar["components"]:
                self._blame(f"{name} stands after a component")
            if name == "METHOD" and value != self.method:
                self._blame(f"METHOD is {value}, the message says {self.method}")
            if name == "REFRESH-INTERVAL" and parameters != {"VALUE": "DURATION"}:
                self._blame("REFRESH-INTERVAL has no type")
        elif self.parts == ["VCALENDAR", "VEVENT"]:
            self.events[-1]["properties"].append((name, parameters, value))

    def _check_calendar(self):
        for name in ("VERSION", "PRODID", "CALSCALE"):
            if self.calendar[name] != 1:
                self._blame(f"{self.calendar[name]} × {name}")
        if self.calendar["METHOD"] != (self.method is not None):
            self._blame(f"{self.calendar['METHOD']} × METHOD")
        if self.calendar["UID"]:
            self._blame("the calendar itself has a UID")
        if bool(set(self.calendar) & FOR_FEEDS) == bool(self.method):
            self._blame("feed properties belong in feeds, and only there")
        if not self.calendar["components"]:
            self._blame("a calendar holds one component at least")
        if self.method and len(self.events) != 1:
            self._blame(f"{len(self.events)} events in one message")

    def _check_event(self, event):
        count = Counter(name for name, _, _ in event["properties"])
        said = {name: value for name, _, value in event["properties"]}
        self.faults += [f"{n} × {name}" for name, n in count.items() if n > 1]
        self.faults += [f"no {name}" for name in ONCE[self.method] - set(count)]
        if said.get("DTEND", "9") <= said.get("DTSTART", "0"):
            self._blame("it ends before it starts")
        if self.method == "CANCEL" and (event["alarms"] or said.get("STATUS") != "CANCELLED"):
            self._blame("a cancellation rings, or is not CANCELLED")
        if self.method == "REQUEST" and said.get("STATUS") == "CANCELLED":
            self._blame("a REQUEST cannot cancel")
        if self.method is None and (event["alarms"] or set(count) & PEOPLE):
            self._blame("a feed rings or names people")
        if self.method is not None:
            self._check_attendee(event)

    def _check_attendee(self, event):
        people = {name: (p, value) for name, p, value in event["properties"] if name in PEOPLE}
        if set(people) != PEOPLE:
            return
        parameters, address = people["ATTENDEE"]
        wanted = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE"}
        if wanted.items() - parameters.items() or "PARTSTAT" not in parameters:
            self._blame(f"mail readers show no buttons for {parameters}")
        if address == people["ORGANIZER"][1]:
            self._blame("the organizer invites itself")


def faults_of(data, *, method):
    """Tell what is wrong with a calendar file; nothing, if it is right.

    ``method`` is what the message around it says, or ``None`` for a feed.
    """
    return StrictReader(data, method=method).faults
