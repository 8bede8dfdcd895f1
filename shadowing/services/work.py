"""One transaction per use case, and the only reader of the wall clock.

``Work.write()`` takes the write lock before anything is read (SQLite) or leaves it to the row locks
that the store takes in one fixed order (PostgreSQL). ``Work.read()`` locks nothing.
"""

from __future__ import annotations

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shadowing.store.engine import DatabaseBusy, turns, worth_repeating

Clock = Callable[[], datetime]
Args = ParamSpec("Args")
Result = TypeVar("Result")

TRIES = 4


def wall_clock() -> datetime:
    """Read the machine's clock, UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime, *, since: float) -> Clock:
    """Make a clock that showed *start* at the machine's *since* (epoch seconds) and runs on."""
    return lambda: start + timedelta(seconds=time.time() - since)


def epoch_seconds() -> float:
    """Read the machine's clock as :func:`clock_from` wants it."""
    return time.time()


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction.

    Attributes:
        db: The connection; all of it is committed or none of it.
        now: The instant of the whole transaction, UTC.
        domain: The host in whose name calendar events and messages are made.
    """

    db: Connection
    now: datetime
    domain: str


class Work:
    """Opens transactions on one database with one clock."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock = wall_clock,
        domain: str = "localhost",
    ) -> None:
        """Serve *engine*; ask *clock* once per transaction; *domain* is the host of BASE_URL."""
        self.engine = engine
        self.clock = clock
        self.domain = domain
        self._writing = engine.execution_options(write=True)
        self._turn = turns(engine)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """Open a transaction that only looks; nothing it does is kept."""
        with _reachable(), self.engine.connect() as connection:
            yield Tx(connection, self.clock(), self.domain)

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """Open a transaction that is committed when the block ends, or undone when it raises."""
        with _reachable(), self._turn(), self._writing.begin() as connection:
            yield Tx(connection, self.clock(), self.domain)


@contextmanager
def _reachable() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseBusy from error
    except OperationalError as error:
        if worth_repeating(error):
            raise
        raise DatabaseBusy from error


def repeated(use_case: Callable[Args, Result]) -> Callable[Args, Result]:
    """Run a use case again when PostgreSQL undid it to end a deadlock or a conflict.

    Only for functions that are one transaction from end to end.
    """

    @functools.wraps(use_case)
    def run(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        for attempt in range(1, TRIES):
            try:
                return use_case(*args, **kwargs)
            except DBAPIError as error:
                if not worth_repeating(error):
                    raise
                time.sleep(random.uniform(0.005, 0.02) * attempt)  # noqa: S311 (jitter, no secret)
        return use_case(*args, **kwargs)

    return run
