"""Both databases, migrated and fresh for every test, and a clock that a test can set.

A test that asks for ``database`` or ``work`` runs twice, on SQLite and on PostgreSQL. PostgreSQL
is a private server of this process, never the machine's own. Where it is not installed such a
test fails: a suite that skips its databases proves nothing.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import settings
from sqlalchemy import event

from shadowing.services.work import Work
from shadowing.store.engine import is_sqlite, make_engine
from shadowing.store.migrations import upgrade
from tests.postgresql import running

settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.register_profile("nightly", settings.get_profile("house"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

BOTH = ("sqlite", "postgresql")
TEMPLATE = "shadowing_template"
numbers = count(1)


@dataclass
class Clock:
    """Shows what it is set to, and stands still."""

    now: datetime = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the instant it is set to."""
        return self.now

    def advance(self, **time: float) -> None:
        """Move on by ``days=…, hours=…, minutes=…``."""
        self.now += timedelta(**time)


@pytest.fixture(scope="session")
def postgresql():
    """Run a private server as long as this process tests; it holds a migrated template."""
    with running() as server:
        server.run(f"CREATE DATABASE {TEMPLATE}")
        migrate(server.url(TEMPLATE))
        yield server


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory):
    """Migrate one file, to be copied for every test."""
    template = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate(f"sqlite:///{template}")
    return template


def migrate(url: str) -> None:
    """Bring an empty database to the newest version."""
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture(params=BOTH)
def database(request, tmp_path):
    """Give the address of an empty, migrated database; SQLite and PostgreSQL in turn."""
    if request.param == "sqlite":
        copy = tmp_path / "shadowing.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite"), copy)
        yield f"sqlite:///{copy}"
        return
    server = request.getfixturevalue("postgresql")
    name = f"test_{next(numbers)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield server.url(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def clock():
    """Give the clock of ``work``: Monday 8 March 2027, 14:00 UTC, until a test moves it."""
    return Clock()


@pytest.fixture
def work(database, clock):
    """Open transactions on an empty database, at the instant that ``clock`` shows."""
    engine = make_engine(database)
    if is_sqlite(engine):
        event.listen(engine, "connect", keep_nothing)
    yield Work(engine, clock=clock)
    engine.dispose()


def keep_nothing(connection, _entry):
    """Spare the disk: what a test commits need not outlive the machine's power."""
    connection.execute("PRAGMA synchronous=OFF")
