"""What clocks on walls show, found by reading them minute by minute: an oracle, slow and plain.

Nothing of it is shared with the product: here an instant is turned into wall-clock time, there a
wall-clock time is turned into an instant.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Chicago",
    "America/Denver",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",
    "America/Phoenix",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Chatham",
)
# Mornings, afternoons, evenings and nights, some right inside the hours that clocks skip or repeat.
DAILY = (
    ("00:00", "04:00"),
    ("00:15", "03:45"),
    ("01:30", "02:30"),
    ("02:15", "06:00"),
    ("07:00", "12:00"),
    ("09:00", "17:00"),
    ("13:00", "17:00"),
    ("15:00", "23:00"),
    ("19:00", "07:00"),
    ("22:30", "02:30"),
    ("23:00", "07:00"),
    ("08:00", "08:00"),
)


@cache
def change_days(zone):
    """Find the local dates of 2027 on which the clocks of *zone* change."""
    place = ZoneInfo(zone)
    hours = [datetime(2027, 1, 1, tzinfo=UTC) + n * timedelta(hours=1) for n in range(8760)]
    shown = [hour.astimezone(place) for hour in hours]
    return tuple(
        sorted(
            {
                day
                for before, after in pairwise(shown)
                if before.utcoffset() != after.utcoffset()
                for day in (before.date(), after.date())
            }
        )
    )


@cache
def _readings(day, zone):
    """Read the clock at every minute around *day*: (what it shows, when), by time."""
    place = ZoneInfo(zone)
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    instants = [noon + n * MINUTE for n in range(-27 * 60, 27 * 60)]
    return [(instant.astimezone(place).replace(tzinfo=None), instant) for instant in instants]


def read(day, clock, zone):
    """Find when the clock first shows it; where it is skipped, as if it had not been changed."""
    wanted = datetime.combine(day, time.fromisoformat(clock))
    readings = _readings(day, zone)
    first = next((instant for shown, instant in readings if shown == wanted), None)
    if first is not None:
        return first
    shown, instant = next(
        before for before, after in pairwise(readings) if before[0] < wanted < after[0]
    )
    return instant + (wanted - shown)


def window(day, start, end, zone):
    """Find when a window opens and closes; an end that is not later is on the next day."""
    return read(day, start, zone), read(day + DAY if end <= start else day, end, zone)


def a_week_around(day):
    """List the days from three before to three after."""
    return [day + n * DAY for n in range(-3, 4)]


def ordinary_days():
    """List days on which nothing changes anywhere."""
    return [date(2027, 1, 20), date(2027, 6, 30), date(2027, 12, 31)]
