"""The product as it runs for real: its own command, in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60


def free_port():
    """Find a port of the loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(database, home, **settings):
    """Say how the product is told where everything is."""
    told = {
        "INSTANCE": home / "instance",
        "DATABASE_URL": database,
        "ENV": "demo",
        "SECRET_KEY": "a key of forty letters, only for tests...",
        **settings,
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SHADOWING_")}
    return plain | {f"SHADOWING_{name}": str(value) for name, value in told.items()}


def start(*arguments, env, log):
    """Run one of the product's commands, in a process group of its own."""
    with log.open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "shadowing", *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def stop(process, how=signal.SIGTERM):
    """End a command and all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def answers(port):
    """Say whether the server takes requests."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def wait_until(true, *, what, patience=PATIENCE):
    """Return when *true* says so; fail with *what* when it never does."""
    for _ in range(patience * 10):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(f"waited {patience} seconds: {what}")


@contextmanager
def served(database, home, *, workers=1, more=("--no-worker",), **settings):
    """Serve *database* on a free port as long as the block lasts; gives the port."""
    port = free_port()
    log = home / "server.log"
    env = environment(database, home, BASE_URL=f"http://127.0.0.1:{port}", **settings)
    arguments = ("serve", "--port", str(port), "--workers", str(workers), *more)
    process = start(*arguments, env=env, log=log)
    try:
        wait_until(
            lambda: answers(port) or process.poll() is not None,
            what=f"the server did not answer; it said: {log.read_text()[-2000:]}",
        )
        assert process.poll() is None, log.read_text()[-2000:]
        yield port
    finally:
        stop(process)


class Installation:
    """One installation over several days: its database, its mail, and a clock that is moved."""

    def __init__(self, database, home, **settings):
        """Know where everything is; nothing runs yet."""
        self.port = free_port()
        self.home = home
        self.log = home / "server.log"
        self.base = f"http://127.0.0.1:{self.port}"
        self._env = environment(database, home, BASE_URL=self.base, **settings)
        self._process = None

    def run(self, *arguments, at):
        """Run one command to its end, at an instant."""
        env = self._env | {"SHADOWING_CLOCK": at}
        process = start(*arguments, env=env, log=self.log)
        assert process.wait(PATIENCE) == 0, self.log.read_text()[-2000:]

    def serve(self, *, at):
        """Serve pages with the worker beside, from an instant on; whatever ran before is ended."""
        self.end()
        env = self._env | {"SHADOWING_CLOCK": at}
        self._process = start("serve", "--port", str(self.port), env=env, log=self.log)
        wait_until(lambda: answers(self.port), what=f"no server: {self.log.read_text()[-2000:]}")

    def end(self):
        """Stop what runs."""
        if self._process:
            stop(self._process)
            self._process = None
