"""The worker: every job by itself, whatever happens to the others."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from shadowing import worker
from shadowing.config import Settings
from shadowing.services import operations
from shadowing.services.work import Work
from shadowing.store import journal
from shadowing.store.engine import make_engine
from shadowing.store.operations import runs
from tests import dovecot, makers
from tests.mailbox import Mailbox, address, ask, event_in, states
from tests.makers import Ward
from tests.replies import outlook


@pytest.fixture
def mailbox():
    """Run a mail server as long as the test."""
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def settings(database, tmp_path, mailbox):
    """Send by the test's own mail server."""
    return Settings(
        database_url=database,
        secret_key="a key of forty letters, only for tests...",
        instance=tmp_path / "instance",
        mail_url=mailbox.url,
    )


def last_runs(work):
    """Read what was noted of each job."""
    with work.read() as tx:
        return {run.name: run for run in runs(tx.db)}


def test_once_does_what_is_due_and_notes_it(work, settings, mailbox):
    ask(Ward(work), mode="auto")

    worker.run_once(work, settings)

    assert {state for _, state in states(work)} == {"sent"}
    assert len(mailbox.ids) == len(set(mailbox.ids))
    noted = last_runs(work)
    assert {"letters", "shifts", "retention"} <= noted.keys()
    assert {run.trouble for run in noted.values()} == {""}


def test_what_the_clock_did_is_told_in_the_same_round(work, clock, settings, mailbox):
    """A request nobody answered lapses, and its observer hears of it at once (rule B6)."""
    ask(Ward(work))
    worker.run_once(work, settings)
    clock.advance(days=4)

    worker.run_once(work, settings)

    assert any(message["Subject"].startswith("Not available") for message in mailbox.messages)


@pytest.mark.slow
def test_a_calendars_yes_goes_the_whole_way_rule_n4(work, settings, mailbox):
    """By mail to the host, from their calendar to a real mailbox, and out of it onto the shift."""
    ward = Ward(work)
    ask(ward)
    worker.run_once(work, settings)
    host = address(ward, ward.host)
    uid = next(filter(None, map(event_in, mailbox.to(host))))["UID"]
    with dovecot.running() as server:
        server.deliver(outlook(host, uid=uid))
        worker.run_once(work, replace(settings, imap_url=server.url))

    assert [each.state for each in makers.shifts(work)] == ["confirmed"]
    assert last_runs(work)["mailbox"].trouble == ""


def test_one_job_that_fails_stops_no_other_and_is_shown(work, settings):
    """The trouble is noted where readyz and doctor find it, and goes when the job works again."""
    ask(Ward(work), mode="auto")
    rename(work, "hold", to="hold_away")

    worker.run_once(work, settings)

    assert {state for _, state in states(work)} == {"sent"}
    assert last_runs(work)["shifts"].trouble
    faults = {check.name: check.fault for check in operations.readiness(work)}
    assert "shifts" in faults["worker"]

    rename(work, "hold_away", to="hold")
    worker.run_once(work, settings)
    assert last_runs(work)["shifts"].trouble == ""


def rename(work, table, *, to):
    """Take a table away from the product, or give it back."""
    with work.write() as tx:
        tx.db.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


def test_old_things_go_once_a_day(work, clock, settings):
    """Section 8.3; a job that rests is not run again by the next worker."""
    worker.run_once(work, settings)
    first = last_runs(work)["retention"].ran_at
    clock.advance(hours=2)
    worker.run_once(work, settings)
    assert last_runs(work)["retention"].ran_at == first

    clock.advance(hours=22)
    worker.run_once(work, settings)
    assert last_runs(work)["retention"].ran_at == clock.now


def test_the_bodies_of_letters_go_after_thirty_days(work, clock, settings):
    ask(Ward(work), mode="auto")
    worker.run_once(work, settings)
    clock.advance(days=31)

    worker.run_once(work, settings)

    with work.read() as tx:
        rows = tx.db.execute(journal.outbox.select()).all()
    assert {row.message for row in rows if row.queued_at < clock.now - timedelta(days=30)} == {None}
    assert {row.state for row in rows if row.queued_at < clock.now - timedelta(days=30)} == {"sent"}


@pytest.mark.slow
def test_it_works_until_it_is_told_to_stop(work, settings, mailbox):
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(work, settings, stop))
    thread.start()
    try:
        ask(Ward(work), mode="auto")
        for _ in range(100):
            if {state for _, state in states(work)} == {"sent"}:
                break
            time.sleep(0.1)
        assert {state for _, state in states(work)} == {"sent"}
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert len(mailbox.ids) == len(set(mailbox.ids))


@pytest.mark.slow
def test_a_database_that_is_away_does_not_end_it(tmp_path, settings):
    nowhere = make_engine(f"sqlite:///{tmp_path}/no-such-folder/shadowing.sqlite3")
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_forever, args=(Work(nowhere), settings, stop))
    thread.start()
    time.sleep(1.5)

    assert thread.is_alive()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    nowhere.dispose()
