"""Both databases: how a connection is set up, how a transaction begins, whose turn it is to write.

SQLite: the driver never begins a transaction by itself; the engine's ``begin`` event does, with
BEGIN IMMEDIATE for writes, because a read that is upgraded later lets two people take the last
seat. Writers queue on a lock file first: SQLite's own busy handler polls, and starves.
PostgreSQL: READ COMMITTED; rows are locked by the store's ``lock_*`` functions in one fixed order:
observer, hosts, slots, shift, unit and day, unit (docs/decisions/0122).
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from shadowing.domain.errors import Refusal

BUSY_SECONDS = 10
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-16000",
    "mmap_size=268435456",
    "temp_store=MEMORY",
)
WORTH_REPEATING = frozenset({"40001", "40P01"})


class DatabaseBusy(Refusal):
    """The database could not be reached, or nobody let us write, for too long; try again soon."""

    code = "database_busy"


def make_engine(url: str, *, threads: int = 8) -> Engine:
    """Open *url* (``sqlite:///…`` or ``postgresql+psycopg://…``) with the settings it needs."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, threads)
    return create_engine(
        url,
        pool_size=threads,
        max_overflow=4,
        pool_pre_ping=True,
        pool_timeout=BUSY_SECONDS,
        isolation_level="READ COMMITTED",
        hide_parameters=True,  # what people wrote, and where they meet, stays out of logs
        connect_args={"connect_timeout": BUSY_SECONDS},
    )


def _sqlite(url: str, threads: int) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": float(BUSY_SECONDS)},
        pool_size=threads + 1,
        max_overflow=4,
        skip_autocommit_rollback=False,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    except BaseException:
        # A Connection whose begin failed would commit each later statement by itself.
        connection.close()
        raise


def is_sqlite(engine: Engine) -> bool:
    """Say whether *engine* speaks to the embedded database."""
    return engine.dialect.name == "sqlite"


def worth_repeating(error: DBAPIError) -> bool:
    """Say whether the same transaction may succeed when tried again (PostgreSQL 40001, 40P01)."""
    return getattr(error.orig, "sqlstate", None) in WORTH_REPEATING


def turns(engine: Engine) -> Callable[[], AbstractContextManager[None]]:
    """Give the queue in which this machine's writers stand; on PostgreSQL nobody waits."""
    if not is_sqlite(engine):
        return _no_queue
    return _Queue(Path(f"{engine.url.database}.lock")).turn


@contextmanager
def _no_queue() -> Iterator[None]:
    yield


class _Queue:
    """First come, first served among the threads and processes of one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._file: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        if not self._mutex.acquire(timeout=BUSY_SECONDS):
            raise DatabaseBusy
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._mutex.release()
