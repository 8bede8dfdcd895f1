"""Makes a form of the questions of a template: any kind of question, any template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from wtforms import Field as Input

from shadowing.domain.followup.problems import Problem
from shadowing.domain.followup.questions import Act, Field, Kind, Readers
from shadowing.domain.patient_detail import Hit
from shadowing.services.followup.checking import Given
from shadowing.services.followup.pickers import Choices, Pickers
from shadowing.services.followup.sheets import Face
from shadowing.web.fields import (
    MOST_TEXT,
    AreaField,
    ChoiceField,
    DayField,
    LineField,
    ManyField,
    MenuField,
    TickField,
    WholeField,
)
from shadowing.web.followup import words
from shadowing.web.forms import HouseForm

UNSURE: Final = "unsure"
NO_WORDS: Final = "\u00a0"
"""A place on a scale that has a number alone; an empty label would say the number twice."""
ROLE: Final = "role"
ORGANIZATION: Final = "organization"
SHORT: Final = 200
FINE: Final = "fine-"
SHARE: Final = "share-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What in a text could point to a patient, and the mark a tick would be for."""

    found: tuple[str, ...]
    mark: str
    ticked: str


@dataclass(slots=True)
class Asked:
    """One question as the page shows it.

    Attributes:
        inputs: The controls; most questions have one.
        readers: Who reads the answer.
        when: When it wants an answer, if not always.
        share: The tick that opens the answers of its row, under the last of them.
        doubt: What could point to a patient, if anything could.
    """

    field: Field
    inputs: tuple[Any, ...]
    readers: str
    when: str
    share: Any = None
    doubt: Doubt | None = None

    @property
    def name(self) -> str:
        """The id of its group, where it has several controls."""
        return f"q-{self.field.key}"


class Questions:
    """The form for some questions, and the way back from it to plain answers."""

    def __init__(
        self,
        fields: Sequence[Field],
        *,
        other: Face,
        pickers: Pickers,
        typed: Mapping[str, object],
        opened: Iterable[str] = (),
        more: Mapping[str, object] | None = None,
    ) -> None:
        """Make the form, with what was *typed* in it unless it was just sent."""
        self.fields = fields
        self.shares = _shares(fields, other)
        inputs: dict[str, object] = dict(more or {})
        data: dict[str, object] = {f"{SHARE}{row}": True for row in self._rows(opened)}
        names: dict[str, tuple[str, ...]] = {}
        for field in fields:
            made = _inputs(field, pickers)
            names[field.key] = tuple(made)
            inputs |= made
            data |= _data(field, typed.get(field.key), names[field.key])
        inputs |= {f"{SHARE}{row}": TickField(said) for row, said in self.shares.items()}
        self.form: Any = type("QuestionForm", (HouseForm,), inputs)(data=data)
        self.asked = [
            Asked(
                field=field,
                inputs=tuple(self.form[name] for name in names[field.key]),
                readers=words.readers(field, other=other),
                when=words.when(field, fields),
            )
            for field in fields
        ]
        for one in self.asked:
            last = [each for each in fields if each.row == one.field.row][-1]
            if one.field is last and one.field.row in self.shares:
                one.share = self.form[f"{SHARE}{one.field.row}"]

    def _rows(self, keys: Iterable[str]) -> set[str]:
        opened = set(keys)
        return {field.row for field in self.fields if field.key in opened} & set(self.shares)

    def given(self, fine: Mapping[str, str]) -> Given:
        """Read what was sent, as plain answers."""
        ticked = {row for row in self.shares if self.form[f"{SHARE}{row}"].data}
        return Given(
            raw={one.field.key: _raw(one) for one in self.asked},
            releases=frozenset(
                field.key
                for field in self.fields
                if field.row in ticked and field.release and field.release.by is Act.AUTHOR_TICKS
            ),
            fine=fine,
        )

    def mend(self, problems: Iterable[Problem], *, fine: Mapping[str, str]) -> None:
        """Say at each question what is wrong with its answer."""
        known = {one.field.key: one for one in self.asked}
        for problem in problems:
            one = known.get(problem.key)
            if one is None:
                self.form.form_errors.append(words.wrong(problem, None))
                continue
            if problem.code == "patient_detail":
                one.doubt = doubt(problem, fine=fine)
            one.inputs[0].errors = [words.wrong(problem, one.field)]


def doubt(problem: Problem, *, fine: Mapping[str, str]) -> Doubt:
    """Show what was found in a text."""
    hits: Any = problem.facts["hits"]
    found = dict.fromkeys(hit.text for hit in hits if isinstance(hit, Hit))
    return Doubt(
        found=tuple(found),
        mark=str(problem.facts["mark"]),
        ticked=fine.get(problem.key, ""),
    )


def ticks(sent: Mapping[str, str]) -> dict[str, str]:
    """Read the ticks "not about a patient": for which text, and for what was found in it."""
    return {
        name.removeprefix(FINE): mark[:64] for name, mark in sent.items() if name.startswith(FINE)
    }


def parts(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked], list[Asked]]:
    """Sort questions: those that need an answer, those for who wants to say more, the last tick.

    What belongs to one row stays together, and so does what is needed only after an answer.
    """
    body = [one for one in asked if one.field.kind is not Kind.TICK]
    first = {one.field.row for one in body if one.field.required}
    keys = {one.field.key for one in body if one.field.row in first}
    for one in body:
        condition = one.field.required_if
        if condition and condition.fields() & keys:
            first.add(one.field.row)
    needed = [one for one in body if one.field.row in first]
    more = [one for one in body if one.field.row not in first]
    return needed, more, [one for one in asked if one.field.kind is Kind.TICK]


def _shares(fields: Sequence[Field], other: Face) -> dict[str, str]:
    """Word one tick for each row of answers that its author may open (3.1)."""
    return {
        field.row: words.share_words(field.release.to, other=other)
        for field in fields
        if field.release
        and field.release.by is Act.AUTHOR_TICKS
        and field.release.to is not Readers.COUNTED
    }


def _inputs(field: Field, pickers: Pickers) -> dict[str, object]:
    """Make the controls of one question, by name."""
    name = f"q-{field.key}"
    if field.kind is Kind.POINTS:
        return {
            f"{name}--{option.code}": WholeField(option.label, low=0, high=field.total)
            for option in field.options
        }
    if field.kind is Kind.ROLE_AND_ORGANIZATION:
        return {
            f"{name}--{ROLE}": MenuField("Which role?", choices=_menu(pickers.roles)),
            f"{name}--{ORGANIZATION}": MenuField("Where?", choices=_menu(pickers.organizations)),
        }
    made: Callable[..., object] = ONE_INPUT.get(field.kind, _picker)
    return {name: made(field, pickers, field.prompt, description=field.help)}


def _text(field: Field, _pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    if field.max_length <= SHORT:
        return LineField(label, most=MOST_TEXT, **more)
    return AreaField(label, most=MOST_TEXT, **more)


def _picker(field: Field, pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    return MenuField(label, choices=_menu(pickers.of(field.kind)), **more)


def _options(field: Field) -> Choices:
    return tuple((option.code, option.label) for option in field.options)


def _menu(choices: Choices) -> Choices:
    return (("", "Choose"), *choices)


def _scale(field: Field, _pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    return ChoiceField(label, choices=_places(field), **more)


def _choice(field: Field, _pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    return ChoiceField(label, choices=_options(field), **more)


def _multi(field: Field, _pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    return ManyField(label, choices=_options(field), **more)


def _number(_field: Field, _pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    return LineField(label, most=20, **more)


def _tick(_field: Field, _pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    return TickField(label, **more)


def _day(_field: Field, _pickers: Pickers, label: str, **more: Any) -> object:  # noqa: ANN401
    return DayField(label, **more)


ONE_INPUT: Final[Mapping[Kind, Callable[..., object]]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.SCALE: _scale,
    Kind.CHOICE: _choice,
    Kind.MULTI: _multi,
    Kind.TAGS: _multi,
    Kind.TICK: _tick,
    Kind.DATE: _day,
}


def _places(field: Field) -> Choices:
    ends = {int(field.minimum): field.low, int(field.maximum): field.high}
    steps = range(int(field.minimum), int(field.maximum) + 1)
    places = tuple((str(step), ends.get(step, NO_WORDS)) for step in steps)
    return (*places, (UNSURE, "I could not tell")) if field.unsure else places


def _data(field: Field, value: object, names: Sequence[str]) -> dict[str, object]:
    """Put what is stored into the controls of its question."""
    if value is None or field.kind is Kind.TICK:
        return {}
    if isinstance(value, Mapping):
        return {name: value.get(name.rpartition("--")[2]) for name in names}
    if field.kind is Kind.DATE:
        return {names[0]: date.fromisoformat(str(value))}
    return {names[0]: value if isinstance(value, list) else str(value)}


def _raw(one: Asked) -> object:
    """Read one question's controls, as the rules on answers want them."""
    kind = one.field.kind
    if kind in {Kind.POINTS, Kind.ROLE_AND_ORGANIZATION}:
        return {each.name.rpartition("--")[2]: _plain(each) for each in one.inputs}
    (each,) = one.inputs
    if kind is Kind.TICK:
        return bool(each.data)
    if kind in {Kind.MULTI, Kind.TAGS}:
        return [text for text in each.data or [] if isinstance(text, str)]
    if kind is Kind.DATE:
        return each.data.isoformat() if each.data else ""
    return _plain(each)


def _plain(field: Input) -> str:
    """Give what was typed, as text; a number that is none as it was typed."""
    if field.data is None:
        return next((text for text in field.raw_data or () if isinstance(text, str)), "")
    return str(field.data)
