"""A value somebody gave in a file, with its place in it, so that a fault can name its field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NoReturn

from shadowing.domain.availability.clock import TIME
from shadowing.domain.errors import BadValue

DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Given:
    """One value of a JSON document.

    Every method gives the value as what it should be, or raises `BadValue` with the facts
    ``field`` (its place, as in ``patterns[0].start``), ``problem`` and, for a text, ``value``.

    Attributes:
        value: As the JSON reader left it.
        place: Where it stands.
    """

    value: object
    place: str

    def refuse(self, problem: str, **facts: object) -> NoReturn:
        """Say what is wrong with it."""
        if isinstance(self.value, str):
            facts["value"] = self.value[:SHOWN]
        raise BadValue(field=self.place, problem=problem, **facts)

    def members(self, must: Iterable[str], may: Iterable[str] = ()) -> dict[str, "Given"]:
        """The members of an object that has all it *must*, and nothing but what it *may*."""
        if not isinstance(self.value, dict):
            self.refuse("not_an_object")
        within = "" if self.place == "document" else f"{self.place}."
        for key in must:
            if key not in self.value:
                raise BadValue(field=f"{within}{key}", problem="missing")
        listed = (*must, *may)
        for key in self.value:
            if key not in listed:
                place = f"{within}{str(key)[:SHOWN]}"
                raise BadValue(field=place, problem="unknown_key", allowed=", ".join(listed))
        return {key: Given(value, f"{within}{key}") for key, value in self.value.items()}

    def items(self, *, most: int) -> list["Given"]:
        """The items of a list of at most so many."""
        if not isinstance(self.value, list | tuple):
            self.refuse("not_a_list")
        if len(self.value) > most:
            self.refuse("too_many", most=most)
        return [Given(each, f"{self.place}[{n}]") for n, each in enumerate(self.value)]

    def text(self) -> str:
        """A text."""
        if not isinstance(self.value, str):
            self.refuse("not_text")
        return self.value

    def code(self, allowed: Iterable[str], *, problem: str) -> str:
        """A text that is one of a few."""
        text = self.text()
        if text not in (listed := tuple(allowed)):
            self.refuse(problem, allowed=", ".join(listed))
        return text

    def switch(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            self.refuse("not_true_or_false")
        return self.value

    def whole(self, *, least: int, most: int) -> int:
        """A whole number within limits; neither 3.0 nor true is one."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            self.refuse("not_a_whole_number")
        if not least <= self.value <= most:
            self.refuse("out_of_range", least=least, most=most)
        return self.value

    def day(self) -> date:
        """A date "YYYY-MM-DD"."""
        if not isinstance(self.value, str) or not DATE.fullmatch(self.value):
            self.refuse("not_a_date")
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            self.refuse("not_a_date")

    def time(self) -> str:
        """A wall-clock time "HH:MM"."""
        if not isinstance(self.value, str) or not TIME.fullmatch(self.value):
            self.refuse("not_a_time")
        return self.value

    def instant(self) -> datetime:
        """An instant "YYYY-MM-DDTHH:MM:SSZ", or with an offset in place of the Z."""
        if not isinstance(self.value, str) or not INSTANT.fullmatch(self.value):
            self.refuse("not_an_instant")
        try:
            return datetime.fromisoformat(self.value)
        except ValueError:
            self.refuse("not_an_instant")
