"""QR codes as a path for inline SVG: no picture to fetch, and it prints sharp at any size."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import segno

QUIET: Final = 4
"""Blank modules all around, without which phones do not find the code (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A code to draw: *path* in dark on a light square of *size* by *size*."""

    size: int
    path: str


def draw(text: str) -> Qr:
    """Draw the code of *text*; a seventh of it may be dirty or torn and it still reads."""
    rows = [list(row) for row in segno.make_qr(text, error="m").matrix]
    path = "".join(
        f"M{QUIET + start} {QUIET + top}h{length}v1h-{length}z"
        for top, row in enumerate(rows)
        for start, length in _dark(row)
    )
    return Qr(size=len(rows) + 2 * QUIET, path=path)


def _dark(row: list[int]) -> list[tuple[int, int]]:
    """List where dark stretches of a row begin, and how long they are."""
    found, place = [], 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            found.append((place, length))
        place += length
    return found
