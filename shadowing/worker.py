"""What happens without anybody: letters leave, requests lapse, slots are made, old things go.

Every job stands alone: one that fails is noted and never stops the others. Several workers may run
at once, because each step is taken under a lease or a lock.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shadowing.adapters.ical import PRODUCT
from shadowing.adapters.mail.render import open_letters
from shadowing.adapters.mail.transport import open_transport
from shadowing.adapters.mailbox import read_new
from shadowing.adapters.replies.reading import LARGEST
from shadowing.adapters.texts import open_texts
from shadowing.config import Settings, folder
from shadowing.services import diary
from shadowing.services.availability import horizon, leavers, load
from shadowing.services.bookings import (
    clock,
    cohort_talks,
    debriefing,
    gate,
    inviting,
    lapsing,
    replying,
    wishing,
)
from shadowing.services.clearance import turning
from shadowing.services.notifications import nudges, timetable
from shadowing.services.notifications.delivery import deliver
from shadowing.services.notifications.mails import Office
from shadowing.services.replies import receiving
from shadowing.services.work import Work
from shadowing.store import journal, operations, retention

IDLE_SECONDS: Final = 1.0
NOTED_EVERY: Final = timedelta(seconds=30)
LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing the worker does.

    Attributes:
        do: Does what is due and says how much there was.
        every: Seconds from one run of this worker to its next.
        rest: Not again so soon after any worker ran it without trouble.
    """

    name: str
    do: Callable[[], int]
    every: float
    rest: timedelta = timedelta(0)


def run_once(work: Work, settings: Settings) -> None:
    """Do all that is due now, and end."""
    jobs = _jobs(work, settings, stopped=lambda: False)
    for job in jobs:
        _run(work, job)
    # What the other jobs gave rise to is told at once.
    _run(work, jobs[0])


def run_forever(work: Work, settings: Settings, stop: threading.Event) -> None:
    """Work until *stop* is set; the letter or shift that was begun is finished first."""
    jobs = _jobs(work, settings, stopped=stop.is_set)
    due = dict.fromkeys((job.name for job in jobs), time.monotonic())
    while not stop.is_set():
        moved = 0
        for job in jobs:
            if not stop.is_set() and time.monotonic() >= due[job.name]:
                moved += _run(work, job)
                due[job.name] = time.monotonic() + job.every
        if not moved:
            stop.wait(IDLE_SECONDS)


def _jobs(work: Work, settings: Settings, *, stopped: Callable[[], bool]) -> tuple[Job, ...]:
    office = Office(
        transport=open_transport(settings.mail_url, base=settings.home),
        letters=open_letters(folder("templates"), brand=PRODUCT),
        sender=settings.mail_from,
        sender_name=PRODUCT,
        base_url=settings.base_url,
        missing_of=gate.blocking,
        texts=open_texts(settings.sms_url, base=settings.home),
    )
    return (
        Job("letters", lambda: deliver(work, office, stopped=stopped), every=0),
        Job("mailbox", lambda: _mailbox(work, settings), every=60),
        Job("replies", lambda: replying.run(work), every=5),
        Job("shifts", lambda: clock.run(work), every=20),
        Job("reminders", lambda: timetable.plan(work), every=20),
        Job("clearance", lambda: lapsing.nightly(work), every=3600, rest=timedelta(hours=23)),
        Job("credentials", lambda: turning.run(work), every=900),
        Job("waiting", lambda: wishing.run(work), every=30),
        Job("invites", lambda: inviting.run(work), every=300),
        Job("cohort days", lambda: cohort_talks.settle(work), every=60),
        Job("diaries", lambda: _diaries(work, settings, stopped), every=20),
        Job("slots", lambda: horizon.extend_all(work, stopped=stopped), every=300),
        Job("leavers", lambda: leavers.close_due(work), every=60),
        Job("load", lambda: load.pause_costly(work), every=60),
        Job("nudges", lambda: nudges.plan(work), every=3600, rest=timedelta(hours=23)),
        Job("closing", lambda: debriefing.close_due(work), every=60),
        Job("retention", lambda: _forget(work), every=3600, rest=timedelta(hours=23)),
    )


def _mailbox(work: Work, settings: Settings) -> int:
    if not settings.imap_url:
        return 0

    def take(raw: bytes) -> None:
        receiving.receive(work, raw, ours=settings.mail_from, relay=settings.mail_relay)

    return read_new(settings.imap_url, take, largest=LARGEST)


def _diaries(work: Work, settings: Settings, stopped: Callable[[], bool]) -> int:
    looked = diary.read_due(work, allowed=settings.ics_allowed_hosts, stopped=stopped)
    return looked + horizon.follow_diaries(work)


def _forget(work: Work) -> int:
    with work.write() as tx:
        return retention.forget(tx.db, at=tx.now)


def _run(work: Work, job: Job) -> int:
    """Do one job; whatever goes wrong in it is noted and stays in it."""
    trouble, moved = "", 0
    try:
        if job.rest and _rests(work, job):
            return 0
        moved = job.do()
    except Exception as error:  # the other jobs go on, and this one is tried again
        LOG.exception("the job %s failed", job.name)
        trouble = type(error).__name__
    try:
        _note(work, job, trouble=trouble)
    except Exception:  # the database may be what is in trouble
        LOG.exception("the job %s could not be noted", job.name)
    return moved


def _rests(work: Work, job: Job) -> bool:
    last = _last(work, job)
    return last is not None and not last.trouble and last.age < job.rest


def _note(work: Work, job: Job, *, trouble: str) -> None:
    """Note that a job ran, but not every second that nothing happened."""
    last = _last(work, job)
    if last is None or last.trouble != trouble or last.age >= NOTED_EVERY:
        with work.write() as tx:
            journal.mark_run(tx.db, name=job.name, at=tx.now, trouble=trouble)


@dataclass(frozen=True, slots=True)
class _Last:
    """A job's last run by any worker; ``age`` is never negative, whatever the clock did."""

    age: timedelta
    trouble: str


def _last(work: Work, job: Job) -> _Last | None:
    with work.read() as tx:
        for run in operations.runs(tx.db):
            if run.name == job.name:
                return _Last(abs(tx.now - run.ran_at), run.trouble)
    return None
