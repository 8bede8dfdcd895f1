"""Words for answers: what is wrong with one, who reads it, when a question is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from shadowing.domain.followup.conditions import (
    AllOf,
    AnyOf,
    ChoiceIn,
    ChoiceNotIn,
    Condition,
    Empty,
    Filled,
)
from shadowing.domain.followup.problems import Problem
from shadowing.domain.followup.questions import Act, Field, Kind, Question, Readers
from shadowing.services.followup.sheets import Face

Facts = Mapping[str, Any]

CHOOSE: Final = frozenset(
    {
        Kind.SCALE,
        Kind.CHOICE,
        Kind.MULTI,
        Kind.ROLE,
        Kind.PORTFOLIO,
        Kind.PERSON,
        Kind.OBJECTIVE,
        Kind.TAGS,
        Kind.ROLE_AND_ORGANIZATION,
    }
)
WRONG: Final[Mapping[str, Callable[[Facts], str]]] = {
    "tick_missing": lambda _facts: "Tick this before you send.",
    "too_long": lambda facts: (
        f"Shorten this to {facts['max']} characters. It has {facts['length']}."
    ),
    "bad_character": lambda _facts: "Take out the characters that cannot be printed.",
    "bad_value": lambda _facts: "Enter this again. It cannot be read as it is.",
    "unknown_field": lambda _facts: "Leave this out. It is not on the form.",
    "unknown_choice": lambda _facts: "Choose one of these.",
    "out_of_range": lambda facts: f"Enter a number from {facts['min']} to {facts['max']}.",
    "bad_step": lambda facts: f"Enter a multiple of {facts['step']}.",
    "points_sum": lambda facts: (
        f"Share out {facts['total']} points in all. These add up to {facts['sum']}."
    ),
    "bad_date": lambda _facts: "Enter a date like Mar 12, 2027.",
    "date_not_ahead": lambda _facts: "Choose a day after today.",
    "too_many": lambda facts: f"Take some out. There is room for {facts['max']}.",
    "too_few": lambda facts: f"Add more. It takes {facts['min']} or more.",
    "patient_detail": lambda _facts: (
        "Take out what could identify a patient or colleague, or tick that it does not."
    ),
    "promise_and_reason": lambda _facts: "Take the reason out, or the promises. One is enough.",
    "promise_or_reason": lambda _facts: "Enter a promise, or say why there is none.",
    "not_to_release": lambda _facts: "Take the tick out. This cannot be shared.",
}
FREE_TEXT_COUNTED: Final = "Passed on without your name, once 10 people have written."
PROMISE_PARTS: Final[Mapping[str, str]] = {
    "saw": "Enter what the unit showed you or told you.",
    "action": "Enter what you will do.",
    "kind": "Choose what kind it is.",
    "owner": "Choose who owns it.",
    "team": "Enter which team redesigns it.",
    "due": "Enter by when.",
    "tell": "Enter how your host will know.",
}


def wrong(problem: Problem, question: Question | None) -> str:
    """Say what to do about a problem, naming the question where it is not answered."""
    if problem.code == "not_with_others":
        labels = {option.code: option.label for option in question.options} if question else {}
        alone = labels.get(str(problem.facts["option"]), str(problem.facts["option"]))
        return f"Choose either “{alone}” or the others."
    if problem.code == "answer_missing":
        return _missing(question)
    words = WRONG.get(problem.code, WRONG["bad_value"])
    return words(problem.facts)


def _missing(question: Question | None) -> str:
    if question is None:
        return "Answer this."
    verb = "Choose an answer" if question.kind in CHOOSE else "Answer"
    return f"{verb}: {question.prompt}"


def readers(field: Field, *, other: Face) -> str:
    """Say who reads an answer, before it is given (L2)."""
    if field.deliver_to is Readers.COORDINATOR:
        return "The coordinator reads this without your name, and may still guess whose it is."
    named = [words for code, words in _named(other) if code in field.readers]
    said = [f"{words[0].upper()}{words[1:]}." for words in named]
    if Readers.COUNTED in field.readers and not named:
        free = field.kind is Kind.TEXT
        said.append(FREE_TEXT_COUNTED if free else "Nobody reads this singly. It is only counted.")
    if not said:
        said.append(f"Only you read this{_unless(field)}.")
    if other.side == "a" and "observer" in field.never_to:
        said.append(f"{other.first} never sees it.")
    return " ".join(said)


def _named(other: Face) -> tuple[tuple[Readers, str], ...]:
    return (
        (Readers.OTHER, f"{other.first} reads this once both sides are in"),
        (Readers.BOARD, "everyone in the program reads this once your host agrees"),
        (Readers.COORDINATOR, "the coordinator reads this with your name"),
        (Readers.PRECEPTOR, "you read this, and your preceptor if the shift counts for credit"),
        (Readers.HR, "HR reads this"),
    )


def _unless(field: Field) -> str:
    if field.release is None:
        return ""
    if field.release.by is Act.AUTHOR_TICKS:
        return ", unless you share it"
    if field.release.by is Act.NAMED_PERSON_AGREES:
        return ", until the person you name agrees"
    return ""


def share_words(to: Readers, *, other: Face) -> str:
    """Word the tick that opens an answer to one more reader."""
    who = {
        Readers.OTHER: other.first,
        Readers.COORDINATOR: "the coordinator",
        Readers.HR: "HR",
    }.get(to, "more people")
    return f"Share this with {who}"


def when(field: Field, fields: Iterable[Field]) -> str:
    """Say when a question wants an answer, for people whose page does not hide it."""
    condition = field.show_if if field.show_if and field.show_if.fields() else field.required_if
    known = {each.key: each for each in fields}
    said = _holds(condition, known) if condition else ""
    return f"Answer this if {said}." if said else ""


def _holds(condition: Condition, known: Mapping[str, Field]) -> str:
    if isinstance(condition, ChoiceIn | ChoiceNotIn):
        return _chosen(condition, known)
    if isinstance(condition, Empty | Filled) and condition.field in known:
        verb = "left empty" if isinstance(condition, Empty) else "answered"
        return f"you {verb} “{known[condition.field].prompt}”"
    if isinstance(condition, AllOf | AnyOf):
        parts = [words for part in condition.parts if (words := _holds(part, known))]
        return (" and " if isinstance(condition, AllOf) else " or ").join(parts)
    return ""


def _chosen(condition: ChoiceIn | ChoiceNotIn, known: Mapping[str, Field]) -> str:
    asked = known.get(condition.field)
    if asked is None:
        return ""
    labels = [option.label for option in asked.options if option.code in condition.codes]
    quoted = " or ".join(f"“{label}”" for label in labels)
    less = "anything but " if isinstance(condition, ChoiceNotIn) else ""
    return f"you chose {less}{quoted} for “{asked.prompt}”"
