"""A roster as a file: which columns it may have, and what is wrong with it, by line and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shadowing.domain.people import Role

REQUIRED: Final = ("external_id", "name", "roles")
COLUMNS: Final = (
    *REQUIRED,
    *("email", "title", "credentials", "kind", "level", "portfolio", "phone"),
    *("unit", "host_role", "manager", "active"),
)
"""What a file may hold. A column that is left out leaves everybody as they are in it."""
MOST_ROWS: Final = 20_000
LONGEST: Final[Mapping[str, int]] = {
    "external_id": 80,
    "name": 120,
    "email": 254,
    "title": 120,
    "credentials": 40,
    "phone": 40,
}
UNKNOWN: Final = "unknown"
"""Under ``manager``: nobody knows whom they report to (P6)."""
YES: Final = frozenset({"", "yes", "true", "1", "y", "active"})
NO: Final = frozenset({"no", "false", "0", "n", "left", "inactive"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: in which line of the file, in which column, and what."""

    line: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the file; only the columns that the file has."""

    line: int
    cells: Mapping[str, str]

    @property
    def key(self) -> str:
        """What names the person for ever."""
        return self.cells["external_id"]

    @property
    def active(self) -> bool:
        """Say whether the person is in; out only where the file says so."""
        return self.cells.get("active", "").casefold() not in NO

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the person; codes that are none are left out here and are faults."""
        known = {role.value for role in Role}
        return frozenset(Role(code) for code in role_codes(self.cells["roles"]) if code in known)

    @property
    def manager(self) -> str:
        """By what the manager is named; empty where nobody is, or nobody knows who it is."""
        named = self.cells.get("manager", "")
        return "" if named.casefold() == UNKNOWN else named

    @property
    def manager_unknown(self) -> bool:
        """Say whether the row says that nobody knows who the manager is."""
        return self.cells.get("manager", "").casefold() == UNKNOWN


def role_codes(text: str) -> tuple[str, ...]:
    """Read several roles in one cell, whatever stands between them."""
    return tuple(code for code in re.split(r"[\s;,|]+", text.casefold()) if code)


def read(text: str) -> tuple[tuple[Row, ...], tuple[Fault, ...]]:
    """Read a roster; give its rows, and every fault of its shape."""
    try:
        table = list(_lines(text))
    except csv.Error:
        return (), (Fault(1, "", "not_a_table"),)
    if not table:
        return (), (Fault(1, "", "empty"),)
    heads = [_plain(head).strip().casefold() for head in table[0][1]]
    faults = list(_heads(heads))
    if faults:
        return (), tuple(faults)
    if len(table) - 1 > MOST_ROWS:
        return (), (Fault(MOST_ROWS + 2, "", "too_many_rows"),)
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line, cells in table[1:]:
        if len(cells) > len(heads):
            faults.append(Fault(line, "", "too_many_cells"))
            continue
        padded = [*cells, *[""] * (len(heads) - len(cells))]
        row = Row(
            line, {head: " ".join(cell.split()) for head, cell in zip(heads, padded, strict=True)}
        )
        faults += faults_of(row)
        if row.key and row.key in seen:
            faults.append(Fault(line, "external_id", "twice"))
        seen.setdefault(row.key, line)
        rows.append(row)
    return tuple(rows), tuple(faults)


def _plain(head: str) -> str:
    """Leave out what no page and no terminal can show: a name of a column is said back."""
    return "".join(letter for letter in head if letter.isprintable())[:60]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each line that holds anything, with its number."""
    plain = text.removeprefix("\ufeff")
    first = plain.split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=mark, strict=True)
    before = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield before + 1, cells
        before = reader.line_num


def _heads(heads: list[str]) -> Iterator[Fault]:
    for name in REQUIRED:
        if name not in heads:
            yield Fault(1, name, "missing_column")
    for name in dict.fromkeys(heads):
        if name not in COLUMNS:
            yield Fault(1, name, "unknown_column")
        elif heads.count(name) > 1:
            yield Fault(1, name, "column_twice")


def faults_of(row: Row) -> Iterator[Fault]:
    """Find what no person can be; what concerns others is for the service to say."""
    for name in ("external_id", "name"):
        if not row.cells[name]:
            yield Fault(row.line, name, "missing")
    for name, text in row.cells.items():
        if len(text) > LONGEST.get(name, LONGEST["name"]):
            yield Fault(row.line, name, "too_long")
        elif not text.isprintable():
            yield Fault(row.line, name, "not_printable")
    known = {role.value for role in Role}
    if any(code not in known for code in role_codes(row.cells["roles"])):
        yield Fault(row.line, "roles", "unknown_role")
    if row.cells.get("active", "").casefold() not in YES | NO:
        yield Fault(row.line, "active", "not_yes_or_no")
