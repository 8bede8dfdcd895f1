"""Documents people take away: tables as CSV that no spreadsheet will run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from shadowing.adapters.plain_text import one_line

RUNS: Final = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 (full-width forms run too)
BOM: Final = "\ufeff"


def table(heads: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Write a table as CSV: UTF-8 with its mark, every field quoted, numbers as numbers.

    Text that a spreadsheet would take for a formula is led by an apostrophe, so that it is shown
    as it is and never run.
    """
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _safe(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    text = one_line(value)
    return f"'{text}" if text.lstrip()[:1] in RUNS and text else text
