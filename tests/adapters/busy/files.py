"""Small calendar files for tests, and what is read from them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.reading import read
from shadowing.domain.interval import Interval

CHICAGO = ZoneInfo("America/Chicago")
AUTUMN = Interval(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def calendar(*lines):
    """Put lines into a calendar."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines, uid="one@example.org"):
    """Put lines into an event."""
    return ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260901T080000Z", *lines, "END:VEVENT"]


def reading(*lines, window=AUTUMN, zone=CHICAGO, owner=""):
    """Read a calendar of some lines."""
    return read(calendar(*lines), window=window, zone=zone, owner=owner)


def told(found):
    """Write busy time as "10-20 14:00/10-20 15:00", UTC."""
    return [f"{each.start:%m-%d %H:%M}/{each.end:%m-%d %H:%M}" for each in found.busy]


def busy(*lines, **changes):
    """Read a calendar of some lines; gives its busy time alone."""
    return told(reading(*lines, **changes))


def busy_of(*lines, **changes):
    """Read a calendar of one event; gives its busy time alone."""
    return busy(*event(*lines), **changes)
