"""How things are measured: by turns, in processor time, and told as a ratio."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        goal: Its number, as in P4.
        what: What was measured, and at which size.
        figure: In a unit that a reader knows.
        ratio: Against what *against* names.
        against: What it was measured against, in the same run.
        kept: Whether it reaches its goal; ``None`` where it is told for comparison alone.
    """

    goal: str
    what: str
    figure: str
    ratio: float
    against: str
    kept: bool | None = None


def by_turns(
    tasks: Sequence[Callable[[], object]],
    *,
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, ...]:
    """Give the median time of each task in seconds: processor time, unless told otherwise.

    The tasks take turns, so that whatever else the machine does falls on all of them alike.
    """
    spent: list[list[float]] = [[] for _ in tasks]
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for task, times in zip(tasks, spent, strict=True):
                begun = clock()
                task()
                times.append(clock() - begun)
    finally:
        gc.enable()
    return tuple(median(times) for times in spent)
