"""A running installation: what it prints, that it comes back, and that nothing is left of it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.postgresql import free_port

pytestmark = pytest.mark.slow
SECONDS = 20


class Installation:
    """``shadowing serve`` as an operator runs it, on a database of its own."""

    def __init__(self, database, folder, *options, **variables):
        """Start it and wait until it answers."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (folder / "log").open("wb")
        told = {
            "SHADOWING_DATABASE_URL": database,
            "SHADOWING_INSTANCE": str(folder / "instance"),
            **variables,
        }
        command = [sys.executable, "-m", "shadowing", "serve", "--port", str(self.port), *options]
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, **told, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
        until(lambda: self.process.poll() is not None or self.answers(), "it does not answer")
        assert self.process.poll() is None, self.said()

    def answers(self):
        """Say whether the pages can be asked for."""
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def ready(self):
        """Say whether everything is there, the worker too."""
        return httpx.get(f"{self.url}/readyz").status_code == 200

    def said(self):
        """Read what it printed."""
        return Path(self.log.name).read_text("utf-8")

    def processes(self):
        """List the processes it consists of: those of its session."""
        return [int(pid.name) for pid in Path("/proc").glob("[0-9]*") if self.ours(pid)]

    def ours(self, proc):
        """Say whether a process is of its session and still alive."""
        try:
            after_name = (proc / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return False
        return after_name[0] != "Z" and int(after_name[3]) == self.process.pid

    def child(self, word):
        """Find the processes beside the first whose command has *word*."""
        found = [pid for pid in self.processes() if pid != self.process.pid]
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in found}
        return [pid for pid, command in commands.items() if word.encode() in command]

    def close(self):
        """Leave nothing behind, whatever the test did."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def until(true, words):
    """Wait for something to become true."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, words
        time.sleep(0.1)


@pytest.fixture
def start(database, tmp_path):
    """Start installations, and end them after the test."""
    running = []

    def begin(*options, **variables):
        running.append(Installation(database, tmp_path, *options, **variables))
        return running[-1]

    yield begin
    for one in running:
        one.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_to_look_and_stops_with_everything(start, number):
    one = start("--workers", "2")
    until(one.ready, "the worker does not run")
    assert len(one.processes()) == 4

    os.kill(one.process.pid, number)

    assert one.process.wait(SECONDS) == 0
    assert one.processes() == []
    assert f"Shadowing is at http://127.0.0.1:{one.port}\n" in one.said()
    assert "Traceback" not in one.said()


def test_ctrl_c_at_a_terminal_stops_it_as_cleanly(start):
    one = start("--workers", "2")

    os.killpg(one.process.pid, signal.SIGINT)

    assert one.process.wait(SECONDS) == 0
    assert one.processes() == []


def test_killed_outright_it_leaves_nobody_behind(start):
    one = start("--workers", "2")
    assert len(one.processes()) == 4

    os.kill(one.process.pid, signal.SIGKILL)
    one.process.wait()

    until(lambda: one.processes() == [], "children outlive their parent")
    assert not one.answers()


@pytest.mark.parametrize("which", ["worker", "serve"])
def test_a_child_that_is_killed_is_replaced(start, which):
    one = start("--workers", "1")
    until(one.ready, "the worker does not run")
    (before,) = one.child(which)

    os.kill(before, signal.SIGKILL)

    until(lambda: one.child(which) not in ([], [before]), "nobody took its place")
    until(one.answers, "it does not answer")


def test_without_a_worker_there_is_none(start):
    one = start("--workers", "1", "--no-worker")

    assert one.child("worker") == []
    reasons = httpx.get(f"{one.url}/readyz").json()["reasons"]
    assert reasons == ["worker: It has never run."]


def test_a_port_that_is_taken_is_told_in_a_sentence(start, database, tmp_path):
    one = start("--workers", "1", "--no-worker")
    told = {"SHADOWING_DATABASE_URL": database, "SHADOWING_INSTANCE": str(tmp_path / "instance")}

    second = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "shadowing", "serve", "--port", str(one.port)],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )

    assert second.returncode == 1
    assert second.stderr == (
        f"Somebody listens at 127.0.0.1:{one.port} already. Choose another port with --port.\n"
    )


def test_all_processes_share_a_clock_that_was_set(start):
    """The worker is another process than the pages: each would otherwise begin by itself."""
    one = start("--workers", "2", SHADOWING_ENV="demo", SHADOWING_CLOCK="2027-03-08T14:00:00Z")
    until(one.ready, "the worker does not run")

    environments = [
        dict(
            pair.split("=", 1)
            for pair in Path(f"/proc/{pid}/environ").read_text().split("\0")
            if "=" in pair
        )
        for pid in one.child("worker")
    ]

    assert [float(told["SHADOWING_CLOCK_SINCE"]) > 0 for told in environments] == [True]
    assert "sign in there with one press" in one.said()


def test_the_log_is_lines_of_json_without_what_people_sent(start):
    one = start("--workers", "1", "--no-worker")
    httpx.get(f"{one.url}/sign-in", params={"next": "/their-words"})

    os.kill(one.process.pid, signal.SIGTERM)
    one.process.wait(SECONDS)

    lines = [json.loads(line) for line in one.said().splitlines() if line.startswith("{")]
    assert "/sign-in" in {line.get("page") for line in lines}
    assert "their-words" not in one.said()
