"""`make bench`: measure, print a table of ratios, write it to bench/RESULTS.md."""

import platform
from collections.abc import Sequence
from pathlib import Path

from bench import bookings, search, slots
from bench.timing import Row

MEASURES = (bookings.measure, search.measure, slots.measure)
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmarks

Written by `make bench` on Python {python}, {machine}. Figures depend on the machine and on what
else it does; each ratio was measured by turns in one run and travels better.

"""
COLUMNS = ("goal", "what", "figure", "ratio", "against", "kept")
WORDS = {True: "yes", False: "**no**", None: ""}


def table(rows: Sequence[Row]) -> str:
    """Lay *rows* out as Markdown that reads well on a terminal too."""
    cells = [COLUMNS]
    cells += [
        (row.goal, row.what, row.figure, f"{row.ratio:.2f}", row.against, WORDS[row.kept])
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def main() -> None:
    """Measure everything; a goal that is missed is told, not punished: machines differ."""
    rows: list[Row] = []
    for measure in MEASURES:
        rows += measure()
    text = table(rows)
    print(text, end="")
    head = HEAD.format(python=platform.python_version(), machine=platform.machine())
    RESULTS.write_text(head + text, "utf-8")


if __name__ == "__main__":
    main()
