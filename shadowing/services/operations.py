"""Is all well? Checks of the running installation, each with what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from shadowing.adapters.machine import answers, can_write, free_bytes
from shadowing.domain.diary import PATIENCE
from shadowing.domain.errors import Refusal
from shadowing.services.work import Work, wall_clock
from shadowing.store import diary, migrations, operations

WORKER_SILENT: Final = timedelta(minutes=5)
CLOCK_OFF: Final = timedelta(minutes=5)
MEGABYTE: Final = 1024 * 1024
LEAST_ROOM: Final = 500 * MEGABYTE
PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        fault: What is wrong, a sentence; empty where nothing is.
        mend: How to mend it.
    """

    name: str
    fault: str = ""
    mend: str = ""


def readiness(work: Work) -> tuple[Check, ...]:
    """Look at what has to be well for pages to be answered: database, migrations, worker."""
    return tuple(
        _looked(name, look, work)
        for name, look in (
            ("database", _database),
            ("migrations", _migrations),
            ("worker", _worker),
        )
    )


def behind(work: Work) -> str:
    """Name the version the database ought to be at; empty where it is."""
    newest = migrations.head()
    return "" if migrations.current(work.engine) == newest else newest


def _looked(name: str, look: Callable[[Work], Check], work: Work) -> Check:
    try:
        return look(work)
    except (SQLAlchemyError, Refusal):
        return Check(
            name,
            "The database does not answer.",
            "Start it, and compare DATABASE_URL with where it is.",
        )


def _database(work: Work) -> Check:
    with work.read() as tx:
        there = operations.clock_of(tx.db)
    off = abs(there - wall_clock())
    if off >= CLOCK_OFF:
        fault = f"Its clock and ours are {off // timedelta(minutes=1)} minutes apart."
        return Check("database", fault, "Set both by the same time server.")
    return Check("database")


def _migrations(work: Work) -> Check:
    if behind(work):
        fault = "The database is at another version than the program."
        return Check("migrations", fault, "Run: shadowing db upgrade")
    return Check("migrations")


def _worker(work: Work) -> Check:
    with work.read() as tx:
        now = tx.now
        runs = operations.runs(tx.db)
    mend = "Start it: shadowing worker, or shadowing serve without --no-worker."
    if not runs:
        return Check("worker", "It has never run.", mend)
    silent = now - runs[0].ran_at
    if silent >= WORKER_SILENT:
        return Check("worker", f"It last ran {silent // timedelta(minutes=1)} minutes ago.", mend)
    troubled = next((run for run in runs if run.trouble), None)
    if troubled:
        fault = f"Its job {troubled.name} failed: {troubled.trouble}"
        return Check("worker", fault, "Look in its log.")
    return Check("worker")


def mail(work: Work, *, mail_url: str, base: Path) -> Check:
    """See whether letters leave, and whether there is a way for them."""
    way = _way(mail_url, base=base)
    return way if way.fault else _looked("mail", _letters, work)


def _way(mail_url: str, *, base: Path) -> Check:
    if mail_url.startswith("file:"):
        into = base / mail_url.removeprefix("file:").removeprefix("//")
        if can_write(into):
            return Check("mail")
        fault = f"Nothing can be written in {into}."
        return Check("mail", fault, "Let this program write there, or change MAIL_URL.")
    server = urlsplit(mail_url)
    host, port = server.hostname or "", server.port or PORTS[server.scheme]
    if answers(host, port):
        return Check("mail")
    return Check("mail", f"{host}:{port} does not answer.", "Start it, or change MAIL_URL.")


def _letters(work: Work) -> Check:
    with work.read() as tx:
        failed, stuck = operations.letters_in_trouble(tx.db)
    if failed or stuck:
        fault = f"{failed} letters were given up, and {stuck} wait after a try that failed."
        return Check("mail", fault, "Compare MAIL_URL with the mail server, and look in the log.")
    return Check("mail")


def diaries(work: Work) -> Check:
    """See whether the diaries people connected by address can be read."""
    return _looked("diaries", _diaries, work)


def _diaries(work: Work) -> Check:
    with work.read() as tx:
        failing = diary.failing(tx.db, failures=PATIENCE)
    if failing:
        fault = f"{failing} could not be read {PATIENCE} times in a row; their owners were told."
        mend = "If many fail, look whether this machine reaches the internet, or ICS_ALLOWED_HOSTS."
        return Check("diaries", fault, mend)
    return Check("diaries")


def clock(work: Work) -> Check:
    """See whether the clock goes on from where it was."""
    return _looked("clock", _clock, work)


def _clock(work: Work) -> Check:
    with work.read() as tx:
        ahead = [run.ran_at - tx.now for run in operations.runs(tx.db)]
    if ahead and max(ahead) >= CLOCK_OFF:
        fault = (
            f"It stands {max(ahead) // timedelta(minutes=1)} minutes before the worker's last run."
        )
        return Check("clock", fault, "Set it right. With CLOCK set, begin with a new database.")
    return Check("clock")


def disk(folder: Path) -> Check:
    """See whether there is room for what is still to be written."""
    if not can_write(folder):
        return Check(
            "disk", f"Nothing can be written in {folder}.", "Let this program write there."
        )
    room = free_bytes(folder)
    if room < LEAST_ROOM:
        fault = f"{room // MEGABYTE} MB are left where {folder} lies."
        return Check("disk", fault, f"Make room: {LEAST_ROOM // MEGABYTE} MB at least.")
    return Check("disk")
