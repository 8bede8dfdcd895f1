"""The process in which a strange calendar is read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shadowing.adapters.busy.notes import Unreadable
from shadowing.adapters.busy.reading import read
from shadowing.adapters.guarded import Told, answer
from shadowing.domain.interval import Interval


def busy(asked: Told, data: bytes) -> Told:
    """Say when somebody is busy, or why the file is refused."""
    try:
        found = read(
            data,
            window=Interval(*(datetime.fromisoformat(asked[end]) for end in ("start", "end"))),
            zone=ZoneInfo(asked["zone"]),
            owner=asked["owner"],
            ours=asked["ours"],
        )
    except Unreadable as refused:
        return {"reason": str(refused)}
    return {
        "busy": [[each.start.isoformat(), each.end.isoformat()] for each in found.busy],
        "warnings": found.warnings,
        "events": found.events,
        "skipped": found.skipped,
    }


if __name__ == "__main__":
    answer(busy)
