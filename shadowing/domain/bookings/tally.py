"""One count by several columns, read as the numbers beside every filter of a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things fit.

    Attributes:
        total: Those that fit all that is wanted.
        of: By column and value: how many would fit if of this column that value alone were wanted,
            and of the others what is wanted now.
    """

    total: int
    of: Mapping[str, Mapping[object, int]]


def tally(
    counts: Mapping[tuple[object, ...], int],
    *,
    by: tuple[str, ...],
    wanted: Mapping[str, Collection[object]],
) -> Tally:
    """Read the numbers of all filters from one count.

    Args:
        counts: For each combination of values how many things have it.
        by: The columns, in the order of the combinations.
        wanted: Values wanted of a column; none means that any will do.
    """
    total = 0
    of: dict[str, dict[object, int]] = {name: {} for name in by}
    allowed = [wanted.get(name) or () for name in by]
    for values, count in counts.items():
        pairs = zip(by, values, allowed, strict=True)
        misses = [name for name, value, some in pairs if some and value not in some]
        if len(misses) > 1:
            continue
        total += 0 if misses else count
        for name, value in zip(by, values, strict=True):
            if not misses or misses == [name]:
                of[name][value] = of[name].get(value, 0) + count
    return Tally(total=total, of=of)
