"""Reading a calendar file that a stranger may have written, without giving it this process.

The child has a fixed share of time and memory. What takes longer is refused, whatever it was.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.child import OUT_OF_MEMORY
from shadowing.adapters.busy.notes import Unreadable
from shadowing.adapters.busy.reading import Reading
from shadowing.domain.interval import Interval

CHILD: Final = ("-m", "shadowing.adapters.busy.child")
WALL_SECONDS: Final = 30
SECRETS: Final = "SHADOWING_"
TOO_COMPLEX: Final = "calendar too complex: it takes more time or memory than a file may"


def read_guarded(
    data: bytes, *, window: Interval, zone: ZoneInfo, owner: str = "", ours: str = ""
) -> Reading:
    """Read when a person is busy, as ``reading.read`` does, in a process of its own.

    Raises:
        Unreadable: The file is refused, or took more time or memory than there is.
    """
    asked = {
        "start": window.start.isoformat(),
        "end": window.end.isoformat(),
        "zone": zone.key,
        "owner": owner,
        "ours": ours,
    }
    try:
        ended = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-P", *CHILD],
            input=json.dumps(asked).encode() + b"\n" + data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={n: v for n, v in os.environ.items() if not n.startswith(SECRETS)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(TOO_COMPLEX) from None
    if ended.returncode < 0 or ended.returncode == OUT_OF_MEMORY:
        raise Unreadable(TOO_COMPLEX)
    ended.check_returncode()
    return _reading(json.loads(ended.stdout))


def _reading(told: dict[str, Any]) -> Reading:
    if "reason" in told:
        raise Unreadable(told["reason"])
    return Reading(
        busy=tuple(Interval(*map(datetime.fromisoformat, ends)) for ends in told["busy"]),
        warnings=tuple(told["warnings"]),
        events=told["events"],
        skipped=told["skipped"],
    )
