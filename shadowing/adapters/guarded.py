"""Reading what a stranger wrote in a process of its own: little time, little memory, one answer.

The child is a module of ours. It gets one line of JSON and then the file, and prints one line of
JSON; of our settings it knows nothing.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

WALL_SECONDS: Final = 30
CPU_SECONDS: Final = 20
MEMORY: Final = 1024 * 1024 * 1024
OUT_OF_MEMORY: Final = 3
SECRETS: Final = "SHADOWING_"

Told = dict[str, Any]


class TooMuch(Exception):
    """It takes more time or memory than a file may."""


def ask(child: Sequence[str], asked: Mapping[str, object], data: bytes) -> Told:
    """Let a child read a file.

    Args:
        child: Which, as Python's own command line has it: ``-m`` and a module.
        asked: What it is asked.
        data: The file.

    Raises:
        TooMuch: It took more time or memory than there is.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-P", *child],
            input=json.dumps(asked).encode() + b"\n" + data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={n: v for n, v in os.environ.items() if not n.startswith(SECRETS)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooMuch from None
    if ended.returncode < 0 or ended.returncode == OUT_OF_MEMORY:
        raise TooMuch
    ended.check_returncode()
    told: Told = json.loads(ended.stdout)
    return told


def answer(read: Callable[[Told, bytes], Told]) -> None:
    """Be the child: read within the limits, and print what was found."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        asked = json.loads(sys.stdin.buffer.readline())
        found = read(asked, sys.stdin.buffer.read())
    except (MemoryError, SystemError):
        # Without memory the interpreter's own errors fail, too; and it can end in no other way.
        os._exit(OUT_OF_MEMORY)
    print(json.dumps(found))  # noqa: T201 - the answer to our parent
