"""P2, P5: what finding a shift costs when a hospital is a hundred times as large."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, event, insert, text

from bench.timing import Row, by_turns
from shadowing.services.bookings import offers
from shadowing.services.bookings.offers import Query
from shadowing.services.work import Work
from shadowing.store import slots
from shadowing.store.engine import is_sqlite, make_engine
from shadowing.store.migrations import upgrade
from shadowing.store.slots import Search
from shadowing.store.tables.people import person
from tests import makers
from tests.makers import NOW, Ward
from tests.postgresql import running

FEW, MANY, UNITS = 200, 20_000, 40
DAYS, SLOTS_A_HOST = 26 * 7, 200
MOST_TIMES, MOST_STATEMENTS, MOST_CPU = 2.0, 6, 0.5
ROUNDS = 9
CACHE_KB = 1_000_000
ROLES = ("rn_ms", "rn_icu", "aide", "orderly", "rn_ed")

# A host has a slot on most days and on some days two; no two hosts alike.
SQLITE = """
WITH RECURSIVE nth(n, day) AS (
    SELECT 0, 0 UNION ALL
    SELECT n + 1, (n + 1) * {days} / {slots} FROM nth WHERE n < {slots} - 1
)
INSERT INTO slot (id, host_id, unit_id, starts_at, ends_at, local_date, span, band, mode, host_role)
SELECT lower(hex(randomblob(16))), p.id, p.host_unit_id,
    datetime('{first}', (day * 24 + 14 + n % 2 * 5) || ' hours') || '.000000',
    datetime('{first}', (day * 24 + 18 + n % 2 * 5) || ' hours') || '.000000',
    date('{first}', day || ' days'), 'D12',
    CASE n % 3 WHEN 0 THEN 'day' WHEN 1 THEN 'evening' ELSE 'night' END,
    CASE n % 2 WHEN 0 THEN 'ask' ELSE 'auto' END, p.host_role
FROM person p, nth WHERE p.host_unit_id IS NOT NULL
"""
POSTGRESQL = """
INSERT INTO slot (id, host_id, unit_id, starts_at, ends_at, local_date, span, band, mode, host_role)
SELECT gen_random_uuid(), p.id, p.host_unit_id,
    timestamptz '{first} 00:00:00+00' + make_interval(hours => day * 24 + 14 + n % 2 * 5),
    timestamptz '{first} 00:00:00+00' + make_interval(hours => day * 24 + 18 + n % 2 * 5),
    date '{first}' + day, 'D12',
    (ARRAY['day', 'evening', 'night'])[1 + n % 3], (ARRAY['ask', 'auto'])[1 + n % 2], p.host_role
FROM person p, generate_series(0, {slots} - 1) AS n, LATERAL (SELECT n * {days} / {slots} AS day) d
WHERE p.host_unit_id IS NOT NULL
"""


class Hospital:
    """A hospital with so many hosts, half a year of slots each, and somebody who looks."""

    def __init__(self, url: str, hosts: int) -> None:
        """Fill it, with statements that make many rows at once."""
        engine = make_engine(url)
        upgrade(engine)
        self.work = Work(engine, clock=lambda: NOW)
        ward = Ward(self.work)
        units = [ward.unit] + [makers.unit(self.work, ward.site) for _ in range(UNITS - 1)]
        plain = {"organization_id": ward.organization, "title": "", "kind": "workforce"}
        plain |= {"languages": ["en"], "created_at": NOW}
        rows = [
            {"id": uuid4(), "name": f"Host {n}", "email": f"host{n}@example.org"}
            | plain
            | {"host_unit_id": units[n % UNITS], "host_role": ROLES[n % len(ROLES)]}
            for n in range(hosts)
        ]
        fill = (SQLITE if is_sqlite(engine) else POSTGRESQL).format(
            first=NOW.date(), days=DAYS, slots=SLOTS_A_HOST
        )
        with self.work.write() as tx:
            tx.db.execute(insert(person), rows)
        with engine.begin() as connection, many_rows(connection):
            connection.execute(text(fill))
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        self.actor = ward.as_observer()
        self.engine = engine

    def page(self) -> object:
        """Find a shift, as the page does."""
        return offers.find(self.work, self.actor, Query())

    def month(self) -> int:
        """List all that is free in thirty days."""
        first = NOW.date() + timedelta(days=8)
        ahead = Search(
            first=first,
            last=first + timedelta(days=29),
            not_before=NOW,
            audiences=("anyone",),
        )
        with self.work.read() as tx:
            return len(slots.search(tx.db, ahead, limit=100_000))

    def statements(self, task: Callable[[], object]) -> int:
        """Count what a task asks the database."""
        asked = []

        def note(*_words: object) -> None:
            asked.append(1)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            task()
        finally:
            event.remove(self.engine, "before_cursor_execute", note)
        return len(asked)


@contextmanager
def many_rows(connection: Connection) -> Iterator[None]:
    """Put indexes of slots aside while SQLite writes millions of them; it sorts faster at the end.

    The tables stay as they are: the same indexes stand again afterwards.
    """
    if not is_sqlite(connection.engine):
        yield
        return
    connection.execute(text(f"PRAGMA cache_size = -{CACHE_KB}"))
    wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'slot'"
    made = [row for row in connection.execute(text(wanted)) if row.sql]
    for index in made:
        connection.execute(text(f"DROP INDEX {index.name}"))
    yield
    for index in made:
        connection.execute(text(index.sql))


@contextmanager
def hospitals() -> Iterator[dict[str, list[Hospital]]]:
    """Give both databases, each with few hosts and with many."""
    with tempfile.TemporaryDirectory() as folder, running() as server:
        for name in ("few", "many"):
            server.run(f"CREATE DATABASE {name}")
        sizes = {"few": FEW, "many": MANY}
        yield {
            "SQLite": [Hospital(f"sqlite:///{Path(folder) / n}.db", s) for n, s in sizes.items()],
            "PostgreSQL": [Hospital(server.url(n), s) for n, s in sizes.items()],
        }


def measure() -> tuple[Row, ...]:
    """Find a shift among few hosts and among many, on both databases."""
    rows: list[Row] = []
    with hospitals() as made:
        for name, (few, many) in made.items():
            fast, slow = by_turns((few.page, many.page), rounds=ROUNDS, clock=time.perf_counter)
            counts = few.statements(few.page), many.statements(many.page)
            what = f"find a shift, {MANY:,} hosts, {MANY * SLOTS_A_HOST:,} slots, {name}"
            kept = slow <= MOST_TIMES * fast and counts[0] == counts[1]
            figure = f"{slow * 1e3:.0f} ms, {counts[1]} statements"
            rows.append(Row("P2", what, figure, slow / fast, f"{FEW} hosts", kept))
            (cpu,) = by_turns((few.month,), rounds=ROUNDS)
            asked = few.statements(few.month)
            what = f"all {few.month():,} free slots of {FEW} hosts in 30 days, {name}"
            figure = f"{cpu * 1e3:.0f} ms CPU, {asked} statements"
            kept = cpu <= MOST_CPU and asked <= MOST_STATEMENTS
            rows.append(Row("P5", what, figure, cpu / MOST_CPU, "half a second", kept))
        for hospital in (each for pair in made.values() for each in pair):
            hospital.engine.dispose()
    return tuple(rows)
