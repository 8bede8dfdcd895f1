"""A PostgreSQL server of our own: private, on the loopback, gone when it is no longer needed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

LIGHT = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")
DURABLE = ("max_connections=200",)
# Runs the server until its own standard input ends: when we close it, or when we are killed.
KEEPER = 'trap "" INT; "$@" & read -r _; kill -INT $!; wait $!; rm -rf "$PWD"'


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int

    def url(self, name: str) -> str:
        """Give the address of one of its databases, as the settings take it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running(settings=LIGHT):
    """Run a server until the block ends; by default one that forgets all when the power goes."""
    home = Path(tempfile.mkdtemp(prefix="shadowing-pg-"))
    run_as = unprivileged()
    if run_as:
        os.chown(home, run_as["user"], run_as["group"])
    flags = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"]
    command = [program("initdb"), "--no-sync", *flags, str(home / "data")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=home, **run_as)
    server = Server(free_port())
    command = [program("postgres"), "-D", str(home / "data"), "-p", str(server.port)]
    command += ["-k", str(home), "-h", "127.0.0.1", *(f"--{setting}" for setting in settings)]
    with subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "keeper", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        **run_as,
    ):
        wait_for(server)
        yield server


def program(name: str) -> str:
    """Find a program of the newest PostgreSQL installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4])
    )
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        raise FileNotFoundError(f"PostgreSQL is not installed ({name} is missing): run `make test`")
    return path


def unprivileged() -> dict:
    """Say as whom the server runs: it refuses to be root."""
    if os.geteuid():
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def free_port() -> int:
    """Find a port of the loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server: Server) -> None:
    """Return when *server* answers; half a minute is too long."""
    for _ in range(300):
        try:
            return server.run("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise TimeoutError("PostgreSQL did not answer within 30 seconds")
