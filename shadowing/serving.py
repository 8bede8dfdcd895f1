"""The processes of a running installation: pages in several, the worker beside, none left over.

Children look every second whether their parent still is: one that was killed outright cannot tell
them, and must leave nobody behind.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from shadowing.app import create_app
from shadowing.config import PREFIX
from shadowing.logs import note, to_stderr

LOOK_SECONDS: Final = 1.0
STOP_SECONDS: Final = 10
THREADS: Final = 8
WAITING: Final = 512
HEADER_MILLISECONDS: Final = 10_000
AGAIN_SECONDS: Final = 1.0


def taken(host: str, port: int) -> bool:
    """Say whether somebody listens there already; two servers could otherwise share a port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def serve(
    *,
    host: str,
    port: int,
    processes: int,
    beside: Sequence[str],
    started: Callable[[], None],
) -> None:
    """Answer requests until told to stop, with a worker beside; then stop everything.

    Args:
        host: Where to listen.
        port: Likewise.
        processes: How many answer.
        beside: The command of the worker; empty for none.
        started: Called once when the pages can be asked for.
    """
    server = Granian(
        "shadowing.serving:web",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        factory=True,
        websockets=False,
        blocking_threads=THREADS,
        backpressure=WAITING,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.on_startup(started)
    with _kept_running(beside):
        server.serve()


def web() -> Flask:
    """Build the application in a process that answers; it ends when its parent does."""
    # Ctrl-C at a terminal reaches the whole group: only the parent is to hear it and tell us.
    os.setpgid(0, 0)
    to_stderr()
    leave_with(os.getppid(), _stop_myself)
    return create_app()


def leave_with(parent: int, stop: Callable[[], None]) -> None:
    """Call *stop* when *parent* is no longer the parent of this process."""

    def watch() -> None:
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(LOOK_SECONDS)
        stop()

    threading.Thread(target=watch, name="leave-with-parent", daemon=True).start()


def _stop_myself() -> None:
    """Ask this process to stop; where it does not, end it."""
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(STOP_SECONDS)
    os._exit(1)


@contextmanager
def _kept_running(command: Sequence[str]) -> Iterator[None]:
    """Run *command* beside, and again whenever it ends; stop it in the end."""
    if not command:
        yield
        return
    keeper = _Keeper(command)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class _Keeper:
    """Keeps one child process running."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = [*command, "--beside", str(os.getpid())]
        self._stopping = threading.Event()
        self._child = self._spawn()
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, process_group=0)  # noqa: S603 - our own command

    def start(self) -> None:
        self._thread.start()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._child.wait()
            if self._stopping.wait(AGAIN_SECONDS):
                return
            note("worker-ended", status=self._child.returncode)
            self._child = self._spawn()

    def stop(self) -> None:
        self._stopping.set()
        self._child.terminate()
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def stop_on_signals(stop: threading.Event) -> None:
    """Set *stop* on SIGINT and SIGTERM."""

    def handle(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, handle)
    signal.signal(signal.SIGTERM, handle)


def share_clock(environment: Mapping[str, str], since: float) -> dict[str, str]:
    """Give an environment in which every process counts its clock from the same moment."""
    return {f"{PREFIX}CLOCK_SINCE": str(since), **environment}


def worker_command() -> list[str]:
    """Name the command that runs the worker of this installation."""
    return [sys.executable, "-m", "shadowing", "worker"]
