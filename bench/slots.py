"""P4: what one candidate slot costs when the hours of many hosts become slots."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import MINUTELY, WEEKLY, rrule

from bench.timing import Row, by_turns
from shadowing.domain.availability.clock import EPOCH, at, clock_of, minute_of
from shadowing.domain.availability.patterns import Pattern, free_starts, merge, stretches

HOSTS, DAYS, SLOT = 2_000, 90, 180 * 60
FIRST = date(2027, 2, 1)
ZONE = ZoneInfo("America/Chicago")
LIMIT_NS, LIMIT_WEEKS_MS, FASTER_THAN_RULES = 250, 10, 20


def hours(host: int) -> tuple[Pattern, ...]:
    """Give a host's week: four days and a weekend night, no two hosts alike."""
    start = f"{host % 24:02}:{host % 4 * 15:02}"
    end = f"{(host + 12) % 24:02}:{host % 4 * 15:02}"
    week = frozenset((host + step) % 7 for step in (0, 1, 2, 4))
    nights = frozenset({5 + host % 2})
    return (
        Pattern(weekdays=week - nights, start=start, end=end),
        Pattern(weekdays=nights, start="19:00", end="07:00"),
    )


def busy(host: int) -> list[tuple[int, int]]:
    """Give what a host's own calendar holds: one hour on every third day."""
    began = (datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) - EPOCH) // timedelta(
        seconds=1
    )
    starts = range(began + host % 24 * 3600, began + DAYS * 86_400, 3 * 86_400)
    return [(start, start + 3600) for start in starts]


WEEKS = [hours(host) for host in range(HOSTS)]
BUSY = [busy(host) for host in range(HOSTS)]


def expand(days: int) -> int:
    """Expand every host's hours as the product does; give the number of slots."""
    clock = clock_of(ZONE)
    last = FIRST + timedelta(days=days)
    return sum(
        len(
            free_starts(
                merge(stretches(week, (), clock, first=FIRST, last=last)),
                taken,
                length=SLOT,
                earliest=0,
            )
        )
        for week, taken in zip(WEEKS, BUSY, strict=True)
    )


def candidates(days: int, hosts: int = HOSTS) -> int:
    """Count the slots there would be if nobody were ever busy."""
    clock = clock_of(ZONE)
    last = FIRST + timedelta(days=days)
    windows = (merge(stretches(week, (), clock, first=FIRST, last=last)) for week in WEEKS[:hosts])
    return sum((end - start) // SLOT for offered in windows for start, end in offered)


def bare_loop(slots: int) -> int:
    """Count *slots* by plain integers: the least that Python can do for each of them."""
    starts = []
    for slot in range(slots):
        start = slot * SLOT
        if start + SLOT > start:
            starts.append(start)
    return len(starts)


def rules(hosts: int) -> int:
    """Do the same for some hosts the usual way: a rule per pattern, zoned times, comparisons."""
    end = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE) + timedelta(days=DAYS)
    length = timedelta(seconds=SLOT)
    found = 0
    for week, taken in zip(WEEKS[:hosts], BUSY[:hosts], strict=True):
        hindered = [(at(start), at(stop)) for start, stop in taken]
        for pattern in week:
            hour, minute = divmod(minute_of(pattern.start), 60)
            begin = end.replace(hour=hour, minute=minute) - timedelta(days=DAYS)
            per_window = (minute_of(pattern.end) - minute_of(pattern.start)) % 1440 * 60 // SLOT
            for opened in rrule(WEEKLY, byweekday=pattern.weekdays, dtstart=begin, until=end):
                for local in rrule(MINUTELY, interval=SLOT // 60, dtstart=opened, count=per_window):
                    slot = local.astimezone(UTC)
                    found += not any(a < slot + length and slot < b for a, b in hindered)
    return found


def measure() -> tuple[Row, ...]:
    """Compare slot expansion with a bare loop and with recurrence rules."""
    count, sample = candidates(DAYS), 40
    expanded, bare, ruled = by_turns(
        (lambda: expand(DAYS), lambda: bare_loop(count), lambda: rules(sample)), rounds=5
    )
    (half_year,) = by_turns((lambda: expand(26 * 7),), rounds=3)
    each, rule = expanded / count * 1e9, ruled / candidates(DAYS, sample) * 1e9
    host_ms = half_year / HOSTS * 1e3
    what = f"slots of {HOSTS} hosts, {DAYS} days, {count} candidates"
    return (
        Row("P4", what, f"{each:.0f} ns each", expanded / bare, "bare loop", each <= LIMIT_NS),
        Row(
            *("P4", "the same", f"{rule:.0f} ns each by rules", each / rule, "recurrence rules"),
            rule / each >= FASTER_THAN_RULES,
        ),
        Row(
            *("P4", "26 weeks of one host", f"{host_ms:.2f} ms"),
            host_ms / (bare / HOSTS * 1e3),
            "bare loop, 90 days",
            host_ms <= LIMIT_WEEKS_MS,
        ),
    )
