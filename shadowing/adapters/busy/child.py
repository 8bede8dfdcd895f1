"""The process in which a strange file is read: little time, little memory, and then an answer.

Reads one line of JSON and then the file from standard input; prints one line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.notes import Unreadable
from shadowing.adapters.busy.reading import read
from shadowing.domain.interval import Interval

CPU_SECONDS: Final = 20
MEMORY: Final = 1024 * 1024 * 1024
OUT_OF_MEMORY: Final = 3


def main() -> None:
    """Read the file within the limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        asked = json.loads(sys.stdin.buffer.readline())
        found = read(
            sys.stdin.buffer.read(),
            window=Interval(*(datetime.fromisoformat(asked[end]) for end in ("start", "end"))),
            zone=ZoneInfo(asked["zone"]),
            owner=asked["owner"],
            ours=asked["ours"],
        )
    except MemoryError:
        raise SystemExit(OUT_OF_MEMORY) from None
    except Unreadable as refused:
        print(json.dumps({"reason": str(refused)}))  # noqa: T201 - the answer to our parent
        return
    busy = [[each.start.isoformat(), each.end.isoformat()] for each in found.busy]
    told = {"busy": busy, "warnings": found.warnings}
    print(json.dumps(told | {"events": found.events, "skipped": found.skipped}))  # noqa: T201


if __name__ == "__main__":
    main()
