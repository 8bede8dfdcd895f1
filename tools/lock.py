"""Write the locks, or say whether they still belong to setup.cfg.

    python tools/lock.py            writes both locks anew (needs uv and an index)
    python tools/lock.py --check    needs neither: each lock names the dependencies it was made from

Versions that still satisfy setup.cfg are kept unless ``--upgrade`` is given.
"""

import argparse
import configparser
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each lock rests on the ones before it, so that what runs is what was tested.
LOCKS = {"requirements.txt": ("source",), "requirements-dev.txt": ("source", "dev")}
COMPILE = (
    "uv pip compile setup.cfg --quiet --universal --python-version 3.11 --generate-hashes"
    " --no-emit-index-url --no-header --no-strip-extras"
)


def fingerprint() -> str:
    """Name what setup.cfg asks for, whatever its order and spacing."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    asked = {"": config["options"]["install_requires"], **config["options.extras_require"]}
    lines = sorted(
        f"{extra}: {line.strip()}"
        for extra, text in asked.items()
        for line in text.splitlines()
        if line.strip()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def header() -> str:
    """Open every lock with the name of what it was made from."""
    return f"# Written by `make lock`, never by hand. Made from setup.cfg {fingerprint()}\n"


def write(*, upgrade: bool) -> None:
    """Compile both locks; a run that fails leaves the old ones."""
    settled: list[str] = []
    for name, extras in LOCKS.items():
        lock = ROOT / name
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / name
            if lock.exists() and not upgrade:
                draft.write_text(lock.read_text("utf-8"), "utf-8")
            command = [*COMPILE.split(), "--output-file", str(draft), *settled]
            for extra in extras:
                command += ["--extra", extra]
            command += ["--upgrade"] if upgrade else []
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            lock.write_text(header() + draft.read_text("utf-8"), "utf-8")
        settled += ["--constraints", name]


def drifted() -> list[str]:
    """Name the locks that were made from another setup.cfg."""
    return [
        name
        for name in LOCKS
        if not (ROOT / name).exists()
        or not (ROOT / name).read_text("utf-8").startswith(header().rstrip())
    ]


def main() -> int:
    """Write or check; 1 when a lock is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--upgrade", action="store_true")
    options = parser.parse_args()
    if not options.check:
        write(upgrade=options.upgrade)
        return 0
    old = drifted()
    for name in old:
        print(f"{name} was made from another setup.cfg: run `make lock`.", file=sys.stderr)
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
