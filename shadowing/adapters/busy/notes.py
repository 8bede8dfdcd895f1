"""What there is to say about a file that was read: where something was left out, and why.

Line numbers and reasons, never a word of what stood there.
"""

from __future__ import annotations

from typing import Final

MOST_REASONS: Final = 40
MOST_LINES: Final = 5


class Unreadable(Exception):
    """The file as a whole is refused; its words say why."""


class Broken(Exception):
    """A value that cannot be read; the words say what is wrong with it."""


class Notes:
    """Gathers what is to be told, each reason once."""

    def __init__(self) -> None:
        """Start with nothing to tell."""
        self.skipped = 0
        self._lines: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def add(self, number: int, said: str) -> None:
        """Say something of a line."""
        if said in self._lines or len(self._lines) < MOST_REASONS:
            self._lines.setdefault(said, []).append(number)

    def skip(self, number: int, why: str) -> None:
        """Say of an event that it is left out."""
        self.skipped += 1
        self.add(number, f"The event {why}, so it was left out.")

    def count(self, number: int, said: str) -> None:
        """Say how many of something there were."""
        self._counts[said] = self._counts.get(said, 0) + number

    def told(self) -> tuple[str, ...]:
        """All there is to tell, a sentence each."""
        counted = [f"{said}: {count:,}." for said, count in self._counts.items()]
        return (*(f"{_where(lines)}: {said}" for said, lines in self._lines.items()), *counted)


def _where(lines: list[int]) -> str:
    shown = [str(number) for number in lines[:MOST_LINES]]
    more = len(lines) - len(shown)
    if more:
        return f"Lines {', '.join(shown)} and {more:,} more"
    if len(shown) == 1:
        return f"Line {shown[0]}"
    return f"Lines {', '.join(shown[:-1])} and {shown[-1]}"
