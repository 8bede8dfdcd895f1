"""Checks the answers of a form against its questions.

A draft may be partial, and is refused only what can be no answer at all. What is sent has to be
complete: nothing required is missing, points add up, every promise says all it must.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from shadowing.domain.followup.commitments import Promise
from shadowing.domain.followup.conditions import START, Pathway
from shadowing.domain.followup.problems import BadAnswers, Problem
from shadowing.domain.followup.questions import Field, Kind, Question
from shadowing.domain.followup.values import (
    NOTHING,
    Known,
    Points,
    RoleAt,
    Unfit,
    Value,
    read_value,
)

Answers = Mapping[str, Value]
NONE_YET: Final[Answers] = MappingProxyType({})
ROWS_MAX: Final = 20  # of a form, blank ones included


def check_draft(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    *,
    known: Known = NOTHING,
    pathway: Pathway = START,
) -> Answers:
    """Read what somebody has written so far.

    Args:
        fields: The questions asked now; *raw* has no others.
        raw: Answers by key, as a form or the API sends them or :func:`to_plain` wrote them.
        known: What the pickers may pick from.
        pathway: Some questions are shown only then; answers to hidden ones are dropped.

    Raises:
        BadAnswers: With each answer that can be none: too long, unknown, out of range.

    Source: docs/rules.md, rule L7.
    """
    read = _read(fields, raw, known=known, pathway=pathway)
    if read.unfit:
        raise BadAnswers(_in_order(fields, read.unfit))
    return MappingProxyType(read.values)


def check_complete(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    *,
    known: Known = NOTHING,
    pathway: Pathway = START,
) -> Answers:
    """Read what somebody sends.

    Takes the same as :func:`check_draft`. Answers from before the shift are locked by now, so they
    are not among *fields*: nobody can be asked for them any more (L6).

    Raises:
        BadAnswers: With everything that is wrong or missing, one problem a field.

    Source: docs/rules.md, rules F7, F8 and L3.
    """
    read = _read(fields, raw, known=known, pathway=pathway)
    asked = _shown(fields, read.values, pathway=pathway)
    missing = [
        *_missing(asked, read.values, unfit=read.unfit, pathway=pathway),
        *(problem for row in read.rows for problem in row.missing(pathway)),
    ]
    problems = _in_order(fields, [*read.unfit, *missing])
    if problems:
        raise BadAnswers(problems)
    return MappingProxyType(read.values)


def to_plain(answers: Answers) -> dict[str, object]:
    """Write answers as plain data for storing; the two checks read it back to the same answers."""
    return {key: _plain(value) for key, value in answers.items()}


@dataclass(frozen=True, slots=True)
class _Row:
    """One promise as it was sent: its parts by name, under the key of its place in the form."""

    key: str
    questions: Sequence[Question]
    parts: dict[str, Value]
    unfit: Sequence[Problem]

    def missing(self, pathway: Pathway) -> list[Problem]:
        named = [
            Problem(problem.key.removeprefix(f"{self.key}."), problem.code)
            for problem in self.unfit
        ]
        found = _missing(self.questions, self.parts, unfit=named, pathway=pathway)
        return [Problem(f"{self.key}.{one.key}", one.code, one.facts) for one in found]

    def promise(self) -> Promise:
        texts = {
            name: value
            for name in ("action", "kind", "owner", "tell", "team")
            if isinstance(value := self.parts.get(name, ""), str)
        }
        due = self.parts.get("due")
        return Promise(**texts, due=due if isinstance(due, date) else None)


@dataclass(slots=True)
class _Read:
    """What was read so far."""

    values: dict[str, Value]
    unfit: list[Problem]
    rows: list[_Row]


def _read(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    *,
    known: Known,
    pathway: Pathway,
) -> _Read:
    read = _Read(values={}, unfit=[], rows=[])
    for field in fields:
        if field.kind is Kind.COMMITMENTS:
            _read_promises(field, raw.get(field.key), into=read, known=known)
        else:
            _read_one(field, raw.get(field.key), key=field.key, into=read, known=known)
    shown = {field.key for field in _shown(fields, read.values, pathway=pathway)}
    hidden = {field.key for field in fields} - shown
    read.values = {key: value for key, value in read.values.items() if key not in hidden}
    read.unfit = [problem for problem in read.unfit if problem.key not in hidden]
    strangers = sorted(raw.keys() - {field.key for field in fields})
    read.unfit += [Problem(key, "unknown_field") for key in strangers]
    return read


def _read_one(question: Question, raw: object, *, key: str, into: _Read, known: Known) -> None:
    try:
        value = read_value(question, raw, known=known)
    except Unfit as unfit:
        into.unfit.append(Problem(key, unfit.code, unfit.facts))
    else:
        if value is not None:
            into.values[question.key] = value


def _read_promises(field: Field, raw: object, *, into: _Read, known: Known) -> None:
    """Read the promises of a form; rows left blank are no promises."""
    given = raw or []
    if not isinstance(given, list | tuple) or not all(isinstance(one, Mapping) for one in given):
        into.unfit.append(Problem(field.key, "bad_value"))
        return
    if len(given) > ROWS_MAX:
        into.unfit.append(Problem(field.key, "too_many", {"max": field.max_items}))
        return
    rows = []
    for number, parts in enumerate(given):
        row = _read_row(field, parts, key=f"{field.key}.{number}", known=known)
        if row.parts or row.unfit:
            rows.append(row)
            into.unfit.extend(row.unfit)
    if len(rows) > field.max_items:
        into.unfit.append(Problem(field.key, "too_many", {"max": field.max_items}))
    into.rows.extend(rows)
    if rows:
        into.values[field.key] = tuple(row.promise() for row in rows)


def _read_row(field: Field, raw: Mapping[str, object], *, key: str, known: Known) -> _Row:
    read = _Read(values={}, unfit=[], rows=[])
    for item in field.items:
        _read_one(item, raw.get(item.key), key=f"{key}.{item.key}", into=read, known=known)
    for stranger in sorted(raw.keys() - {item.key for item in field.items}):
        read.unfit.append(Problem(f"{key}.{stranger}", "unknown_field"))
    return _Row(key=key, questions=field.items, parts=read.values, unfit=read.unfit)


def _shown(
    fields: Sequence[Field],
    values: Mapping[str, Value],
    *,
    pathway: Pathway,
) -> list[Field]:
    return [
        field for field in fields if field.show_if is None or field.show_if.holds(values, pathway)
    ]


def _missing(
    questions: Sequence[Question],
    values: Mapping[str, Value],
    *,
    unfit: Sequence[Problem],
    pathway: Pathway,
) -> list[Problem]:
    """List what is required and not there; what could not be read is not missing as well."""
    # What could not be read was answered all the same: no condition takes it for empty.
    answered = {**values, **{problem.key.split(".")[0]: "" for problem in unfit}}
    found = []
    for question in questions:
        if question.key in values:
            found += _unfinished(question, values[question.key])
        elif question.key not in answered and (
            question.required
            or (question.required_if is not None and question.required_if.holds(answered, pathway))
        ):
            code = "tick_missing" if question.kind is Kind.TICK else "answer_missing"
            found.append(Problem(question.key, code))
    return found


def _unfinished(question: Question, value: Value) -> list[Problem]:
    match value:
        case Points() if value.sum != question.total:
            return [
                Problem(question.key, "points_sum", {"total": question.total, "sum": value.sum})
            ]
        case RoleAt(role, organization) if not role or not organization:
            return [Problem(question.key, "answer_missing")]
        case tuple() if question.kind is Kind.COMMITMENTS and len(value) < question.min_items:
            return [Problem(question.key, "too_few", {"min": question.min_items})]
    return []


def _in_order(fields: Sequence[Field], problems: Sequence[Problem]) -> tuple[Problem, ...]:
    places = {field.key: place for place, field in enumerate(fields)}
    return tuple(
        sorted(problems, key=lambda problem: places.get(problem.key.split(".")[0], len(places))),
    )


def _plain(value: Value) -> object:
    match value:
        case Points(parts):
            return dict(parts)
        case RoleAt(role, organization):
            return {"role": role, "organization": organization}
        case tuple():
            return [_plain_part(part) for part in value]
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def _plain_part(part: str | Promise) -> object:
    if isinstance(part, str):
        return part
    return {
        "action": part.action,
        "kind": part.kind,
        "owner": part.owner,
        "team": part.team,
        "due": part.due.isoformat() if part.due else "",
        "tell": part.tell,
    }
