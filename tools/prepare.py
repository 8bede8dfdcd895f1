"""See that PostgreSQL, Dovecot, Chromium and what its driver needs are there, or install them.

Debian's packages, as root or by a sudo that asks for no password. Elsewhere one sentence
says exactly what to install, and the run fails: a suite that skips its databases proves nothing.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def missing() -> list[str]:
    """Name the Debian packages that are not there."""
    packages = []
    servers = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    if not any(servers) and not shutil.which("initdb"):
        packages.append("postgresql")
    if not shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        packages.append("dovecot-imapd")
    if not any(map(shutil.which, BROWSERS)):
        packages.append("chromium")
    if not ctypes.util.find_library("atomic"):
        packages.append("libatomic1")  # what the browser's driver is linked with
    return packages


def authority() -> list[str] | None:
    """Return what to put before apt-get, or None where it may not be used."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    allowed = shutil.which("sudo") and subprocess.run([*sudo, "true"], check=False).returncode == 0
    return sudo if allowed else None


def install(packages: list[str], *, before: list[str]) -> None:
    """Install Debian packages; asks nothing, says what it does."""
    print(f"Installing {' and '.join(packages)} for the tests", flush=True)
    quiet = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    for step in (["update"], ["install", "--no-install-recommends", *packages]):
        subprocess.run([*quiet, *step], check=True, stdin=subprocess.DEVNULL)


def main() -> int:
    """Return 0 when everything the tests need is there."""
    packages = missing()
    before = authority() if packages else None
    if before is not None:
        try:
            install(packages, before=before)
        except subprocess.CalledProcessError as failure:
            print(f"{' '.join(failure.cmd)} failed.", file=sys.stderr)
    if packages := missing():
        command = f"apt-get install --no-install-recommends {' '.join(packages)}"
        print(f"The tests need {' and '.join(packages)}: run `{command}` as root.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
