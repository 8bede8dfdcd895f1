"""The form for promises: up to three rows, or a reason for none, and what else the talk asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from wtforms import HiddenField

from shadowing.domain.followup.problems import BadAnswers, Problem
from shadowing.domain.followup.questions import Question
from shadowing.services.followup.promising import Sheet
from shadowing.services.followup.wishes import SAW, TYPED, Wish
from shadowing.web.fields import MOST_TEXT, AreaField, ChoiceField, DayField, LineField
from shadowing.web.followup import words
from shadowing.web.followup.questions import Asked, Doubt, Questions, doubt

LONG: Final = frozenset({"saw", "action"})


@dataclass(slots=True)
class Row:
    """One promise on the form: its controls by part, and what in them could point to a patient."""

    number: int
    fields: Mapping[str, Any]
    doubts: dict[str, tuple[str, Doubt]]

    @property
    def begun(self) -> bool:
        """Whether anything was typed in it or is wrong with it."""
        return bool(self.doubts) or any(
            field.errors or (field.raw_data and any(str(text).strip() for text in field.raw_data))
            for field in self.fields.values()
        )


class PromiseForm:
    """Makes the form of a :class:`Sheet`, and reads it back."""

    def __init__(self, sheet: Sheet) -> None:
        """Make as many rows as there is room for."""
        self.sheet = sheet
        items = {item.key: item for item in (SAW, *sheet.promise.items)}
        self.items = {name: items[name] for name in TYPED}
        more: dict[str, object] = {"made": HiddenField(default=str(len(sheet.made)))}
        for number in range(sheet.room):
            more |= {f"row{number}-{name}": _input(each) for name, each in self.items.items()}
        self.questions = Questions(
            (sheet.reason, *sheet.others),
            other=sheet.host,
            pickers=sheet.pickers,
            typed={**sheet.typed, sheet.reason.key: sheet.given},
            more=more,
        )
        self.form = self.questions.form
        self.reason, *self.others = self.questions.asked
        self.reason.readers = f"{sheet.host.first} reads this."
        self.reason.when = ""
        self.rows = [self._row(number) for number in range(sheet.room)]

    def _row(self, number: int) -> Row:
        return Row(number, {name: self.form[f"row{number}-{name}"] for name in self.items}, {})

    @property
    def last(self) -> Asked:
        """The tick at the end."""
        return self.others[-1]

    def wish(self, fine: Mapping[str, str]) -> Wish:
        """Read what was sent."""
        raw = dict(self.questions.given({}).raw)
        made = str(self.form["made"].data or "")
        return Wish(
            rows=[{name: _plain(row.fields[name]) for name in TYPED} for row in self.rows],
            reason=str(raw.pop(self.sheet.reason.key)),
            raw=raw,
            made=int(made) if made.isascii() and made.isdigit() and len(made) == 1 else -1,
            fine=fine,
        )

    def mend(self, bad: BadAnswers, *, fine: Mapping[str, str]) -> None:
        """Say at each part what is wrong with it; rows left blank do not count."""
        at = [row for row in self.rows if any(_plain(field) for field in row.fields.values())]
        rest = []
        key = self.sheet.promise.key
        for problem in bad.problems:
            whose, _, part = problem.key.partition(".")
            number, _, name = part.partition(".")
            if whose == key and number.isdigit() and int(number) < len(at):
                self._mend_part(at[int(number)], name, problem, fine)
            elif whose == key:
                said = words.WRONG["promise_or_reason"](problem.facts)
                self.rows[0].fields["action"].errors = [said]
            elif problem.key != self.sheet.reason.key or problem.code != "answer_missing":
                rest.append(problem)
        self.questions.mend(rest, fine=fine)

    def _mend_part(self, row: Row, name: str, problem: Problem, fine: Mapping[str, str]) -> None:
        field = row.fields[name]
        if problem.code == "patient_detail":
            row.doubts[name] = (problem.key, doubt(problem, fine=fine))
        missing = problem.code == "answer_missing"
        said = words.PROMISE_PARTS[name] if missing else words.wrong(problem, self.items[name])
        field.errors = [said]


def _input(item: Question) -> object:
    more: Any = {"description": item.help}
    if item.key == "due":
        return DayField(item.prompt, **more)
    if item.options:
        choices = [(option.code, option.label) for option in item.options]
        return ChoiceField(item.prompt, choices=choices, **more)
    if item.key in LONG:
        return AreaField(item.prompt, most=MOST_TEXT, **more)
    return LineField(item.prompt, most=MOST_TEXT, **more)


def _plain(field: Any) -> str:  # noqa: ANN401 - any control
    if field.data is None:
        return next((text for text in field.raw_data or () if isinstance(text, str)), "").strip()
    return field.data.isoformat() if hasattr(field.data, "isoformat") else str(field.data).strip()
