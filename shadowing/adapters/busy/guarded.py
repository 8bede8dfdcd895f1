"""Reading a calendar file that a stranger may have written, without giving it this process.

The child has a fixed share of time and memory. What takes longer is refused, whatever it was.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.notes import Unreadable
from shadowing.adapters.busy.reading import Reading
from shadowing.adapters.guarded import TooMuch, ask
from shadowing.domain.interval import Interval

CHILD: Final = ("-m", "shadowing.adapters.busy.child")
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
        return _reading(ask(CHILD, asked, data))
    except TooMuch:
        raise Unreadable(TOO_COMPLEX) from None


def _reading(told: dict[str, Any]) -> Reading:
    if "reason" in told:
        raise Unreadable(told["reason"])
    return Reading(
        busy=tuple(Interval(*map(datetime.fromisoformat, ends)) for ends in told["busy"]),
        warnings=tuple(told["warnings"]),
        events=told["events"],
        skipped=told["skipped"],
    )
