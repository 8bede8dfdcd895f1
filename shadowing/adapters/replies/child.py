"""The process in which a strange letter is read."""

from __future__ import annotations

from dataclasses import asdict

from shadowing.adapters.guarded import Told, answer
from shadowing.adapters.replies.reading import read


def letter(asked: Told, raw: bytes) -> Told:
    """Say what stands in a letter, instants as ISO 8601."""
    found = read(raw, ours=asked["ours"], relay=asked["relay"])
    told = asdict(found) | {"senders": sorted(found.senders)}
    said = found.said
    if said:
        told["said"]["stamp"] = said.stamp.isoformat() if said.stamp else None
        told["said"]["times"] = (
            [said.times.start.isoformat(), said.times.end.isoformat()] if said.times else None
        )
    return told


if __name__ == "__main__":
    answer(letter)
