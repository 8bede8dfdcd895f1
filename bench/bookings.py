"""P3: what a booking costs through the whole service, against the least that SQL can do.

Both sides commit as durably. The service checks every rule, writes the audit log and queues its
messages; bare SQL takes the seat, writes one booking and one message.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg

from bench.timing import Row, by_turns
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.services.work import Work
from shadowing.store.engine import PRAGMAS, make_engine
from shadowing.store.migrations import upgrade
from tests.makers import NOW, Ward
from tests.postgresql import DURABLE, running

ROUNDS = 60
LEAST = {"SQLite": 0.35, "PostgreSQL": 0.50}
GOAL = "See how a morning starts."
TABLES = (
    "CREATE TABLE bare_slot (id integer PRIMARY KEY, seats integer, taken integer)",
    "CREATE TABLE bare_booking (slot_id integer, observer_id integer, goal text)",
    "CREATE TABLE bare_outbox (kind text, recipient_id integer)",
)
SLOTS = [(number, 1, 0) for number in range(1, ROUNDS + 1)]
SEAT = "UPDATE bare_slot SET taken = taken + 1 WHERE id = {0} AND taken < seats"
BOOKING = "INSERT INTO bare_booking VALUES ({0}, {0}, {0})"
MESSAGE = "INSERT INTO bare_outbox VALUES ('request-received', {0})"


def service(url: str) -> Callable[[], object]:
    """Prepare a slot, its host and an observer for every round; book the next one each time."""
    engine = make_engine(url)
    upgrade(engine)
    work = Work(engine, clock=lambda: NOW)
    ward = Ward(work)
    days = (NOW + timedelta(days=14 + number) for number in range(ROUNDS))
    asks = [
        (
            ward.as_observer(ward.another_observer()),
            Ask(ward.slot(starts_at=day, host_id=ward.another_host()), GOAL),
        )
        for day in days
    ]
    waiting = iter(asks)
    return lambda: asking.request(work, *next(waiting))


def bare(execute: Callable[[str], object], begin: str, numbers: Iterator[int]) -> None:
    """Book one seat with four statements and no question asked."""
    number = next(numbers)
    for statement in (begin, SEAT, BOOKING, MESSAGE, "COMMIT"):
        execute(statement.format(number))


@contextmanager
def sqlite() -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Give both ways to book, on files of one folder."""
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlite3.connect(Path(folder) / "bare.sqlite3", isolation_level=None)
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        for statement in TABLES:
            raw.execute(statement)
        raw.executemany("INSERT INTO bare_slot VALUES (?, ?, ?)", SLOTS)
        numbers = iter(range(1, ROUNDS + 1))
        booked = service(f"sqlite:///{folder}/service.sqlite3")
        yield booked, lambda: bare(raw.execute, "BEGIN IMMEDIATE", numbers)
        raw.close()


@contextmanager
def postgresql() -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Give both ways to book, on databases of one private server that keeps what it commits."""
    with running(DURABLE) as server:
        server.run("CREATE DATABASE service")
        server.run("CREATE DATABASE bare")
        address = server.url("bare").replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as raw:
            for statement in TABLES:
                raw.execute(statement)
            raw.cursor().executemany("INSERT INTO bare_slot VALUES (%s, %s, %s)", SLOTS)
            numbers = iter(range(1, ROUNDS + 1))
            booked = service(server.url("service"))
            yield booked, lambda: bare(raw.execute, "BEGIN", numbers)


def measure() -> tuple[Row, ...]:
    """Compare bookings a second on both databases."""
    rows = []
    for name, ways in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with ways() as tasks:
            whole, least = by_turns(tasks, rounds=ROUNDS, clock=time.perf_counter)
        figure = f"{1 / whole:.0f} a second, {whole * 1e3:.1f} ms each"
        share = least / whole
        against = f"bare SQL ({1 / least:.0f} a second)"
        rows.append(Row("P3", f"bookings on {name}", figure, share, against, share >= LEAST[name]))
    return tuple(rows)
