"""Both databases, migrated and fresh for every test, and a clock that a test can set.

A test that asks for ``database`` or ``work`` runs twice, on SQLite and on PostgreSQL. PostgreSQL
is a private server of this process, never the machine's own. Where it is not installed such a
test fails: a suite that skips its databases proves nothing.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

from shadowing.services.work import Work
from shadowing.store.engine import make_engine
from shadowing.store.migrations import upgrade

settings.register_profile("house", derandomize=True, deadline=None, database=None)
settings.register_profile("nightly", settings.get_profile("house"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

BOTH = ("sqlite", "postgresql")
TEMPLATE = "shadowing_template"
LIGHT = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


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


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of our own."""

    port: int

    def url(self, name: str) -> str:
        """Give the address of one of its databases, as the settings take it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


def postgresql_program(name: str) -> str:
    """Find a program of the newest PostgreSQL installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4])
    )
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        pytest.fail(
            f"PostgreSQL is not installed ({name} is missing): run `make test`.", pytrace=False
        )
    return program


def unprivileged() -> dict:
    """Say as whom PostgreSQL runs: it refuses to be root."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def free_port() -> int:
    """Find a port of the loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server: Server, process: subprocess.Popen) -> None:
    """Return when *server* answers; half a minute is too long."""
    for _ in range(300):
        try:
            return server.run("SELECT 1")
        except psycopg.OperationalError:
            assert process.poll() is None, "PostgreSQL did not start; what it said stands above"
            time.sleep(0.1)
    return pytest.fail("PostgreSQL did not answer within 30 seconds")


@pytest.fixture(scope="session")
def postgresql():
    """Run a private server as long as this process tests; holds a migrated template."""
    home = Path(tempfile.mkdtemp(prefix="shadowing-pg-"))
    run_as = unprivileged()
    if run_as:
        os.chown(home, run_as["user"], run_as["group"])
    flags = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
    command = [postgresql_program("initdb"), "--no-sync", *flags, str(home / "data")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home, **run_as)
    server = Server(free_port())
    command = [postgresql_program("postgres"), "-D", str(home / "data"), "-p", str(server.port)]
    command += ["-k", str(home), "-h", "127.0.0.1", *(f"--{setting}" for setting in LIGHT)]
    with (
        (home / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, cwd=home, **run_as) as process,
    ):
        try:
            wait_for(server, process)
            server.run(f"CREATE DATABASE {TEMPLATE}")
            migrate(server.url(TEMPLATE))
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # "fast": do not wait for whoever is connected
    shutil.rmtree(home)


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


numbers = count(1)


@pytest.fixture
def clock():
    """Give the clock of ``work``: Monday 8 March 2027, 14:00 UTC, until a test moves it."""
    return Clock()


@pytest.fixture
def work(database, clock):
    """Open transactions on an empty database, at the instant that ``clock`` shows."""
    engine = make_engine(database)
    yield Work(engine, clock=clock)
    engine.dispose()
