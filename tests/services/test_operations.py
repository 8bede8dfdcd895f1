"""Is all well? Each check says what is wrong and how to mend it."""

import socket
from datetime import timedelta

import pytest

from shadowing.adapters import machine
from shadowing.services import operations
from shadowing.services.work import Work
from shadowing.store.engine import make_engine
from shadowing.store.journal import Telling, mark_run, tell
from shadowing.store.migrations import downgrade
from shadowing.store.tables.journal import outbox
from tests import makers


def ran(work, **more):
    with work.write() as tx:
        mark_run(tx.db, name="letters", at=tx.now, **more)


def faults(work):
    return {check.name: check.fault for check in operations.readiness(work) if check.fault}


def test_all_is_well_where_the_worker_runs(work):
    ran(work)

    assert faults(work) == {}
    assert operations.behind(work) == ""


def test_a_database_at_another_version_is_told_of(work):
    ran(work)
    downgrade(work.engine, to="base")

    told = faults(work)

    assert told["migrations"] == "The database is at another version than the program."
    assert told["worker"] == "The database does not answer."
    assert operations.behind(work)


def test_a_job_that_failed_is_named(work):
    ran(work, trouble="OSError")

    assert faults(work) == {"worker": "Its job letters failed: OSError"}


def test_a_database_that_is_gone_is_told_of(tmp_path):
    gone = Work(make_engine(f"sqlite:///{tmp_path}/no/folder.sqlite3"))

    assert set(faults(gone)) == {"database", "migrations", "worker"}


@pytest.fixture
def letter(work):
    """Queue a letter that is not due to leave yet."""
    somebody = makers.person(work, makers.organization(work))
    with work.write() as tx:
        telling = Telling(key="one", kind="sign-in-link", recipient_id=somebody)
        tell(tx.db, telling, at=tx.now, domain="example.org")


def mail(work, folder, url="file:mail"):
    return operations.mail(work, mail_url=url, base=folder).fault


@pytest.mark.usefixtures("letter")
def test_letters_in_trouble_are_counted(work, tmp_path):
    assert mail(work, tmp_path) == ""

    with work.write() as tx:
        tx.db.execute(outbox.update().values(attempts=3))
    assert mail(work, tmp_path).startswith("0 letters were given up, and 1 wait")
    with work.write() as tx:
        tx.db.execute(outbox.update().values(state="failed"))
    assert mail(work, tmp_path).startswith("1 letters were given up, and 0 wait")


def test_a_mail_server_has_to_answer(work, tmp_path):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert mail(work, tmp_path, f"smtp://127.0.0.1:{port}?tls=none") == ""
    assert "does not answer" in mail(work, tmp_path, f"smtp://127.0.0.1:{port}?tls=none")


def test_a_folder_for_letters_has_to_be_writable(work, tmp_path):
    (tmp_path / "file").write_text("")

    assert "Nothing can be written" in mail(work, tmp_path, "file:file/mail")


def test_the_clock_goes_on_from_where_it_was(work, clock):
    ran(work)
    assert operations.clock(work).fault == ""

    clock.advance(hours=-2)

    assert operations.clock(work).fault == "It stands 120 minutes before the worker's last run."


def test_the_disk_has_room_or_is_told_of(tmp_path, monkeypatch):
    assert operations.disk(tmp_path / "instance").fault == ""
    monkeypatch.setattr(operations, "LEAST_ROOM", 10**18)

    told = operations.disk(tmp_path / "instance")

    assert "MB are left" in told.fault
    assert told.mend.startswith("Make room")


def test_a_folder_that_is_a_file_takes_nothing(tmp_path):
    (tmp_path / "instance").write_text("")

    assert "Nothing can be written" in operations.disk(tmp_path / "instance").fault


def test_room_is_counted_where_the_folder_will_be(tmp_path):
    assert machine.free_bytes(tmp_path / "not" / "yet") > 0


def test_a_clock_far_from_the_databases_is_told_of(work, monkeypatch):
    ran(work)
    later = operations.wall_clock() + timedelta(minutes=10)
    monkeypatch.setattr(operations, "wall_clock", lambda: later)

    assert faults(work)["database"].startswith("Its clock and ours are ")
