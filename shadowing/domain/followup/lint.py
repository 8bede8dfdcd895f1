"""Checks the free texts of a form for patient detail, and what of it is still unsettled (L3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from shadowing.domain.followup.answers import Answers
from shadowing.domain.followup.commitments import Promise
from shadowing.domain.followup.problems import Problem
from shadowing.domain.followup.questions import Field, Kind
from shadowing.domain.patient_detail import Hit, lint


def lint_answers(
    fields: Sequence[Field],
    answers: Answers,
    *,
    names: Collection[str] = (),
) -> Mapping[str, tuple[Hit, ...]]:
    """Check every free text of a form, those of promises too (key ``commit.0.action``).

    Returns:
        The hits by key; a text without any is left out.
    """
    found = {key: lint(text, names=names) for key, text in _texts(fields, answers)}
    return {key: hits for key, hits in found.items() if hits}


def unsettled(
    hits: Mapping[str, Sequence[Hit]],
    *,
    not_about_a_patient: Collection[str],
) -> tuple[Problem, ...]:
    """List the texts that still need an edit, or the tick "not about a patient".

    Args:
        hits: As :func:`lint_answers` found them.
        not_about_a_patient: Keys of the texts that were ticked.

    Source: docs/rules.md, rule L3.
    """
    return tuple(
        Problem(key, "patient_detail", {"hits": tuple(found)})
        for key, found in hits.items()
        if key not in not_about_a_patient
    )


def _texts(fields: Sequence[Field], answers: Answers) -> Iterator[tuple[str, str]]:
    for field in fields:
        value = answers.get(field.key)
        if field.kind is Kind.TEXT and isinstance(value, str):
            yield field.key, value
        elif field.kind is Kind.COMMITMENTS and isinstance(value, tuple):
            for number, promise in enumerate(value):
                if isinstance(promise, Promise):
                    yield f"{field.key}.{number}.action", promise.action
                    yield f"{field.key}.{number}.team", promise.team
                    yield f"{field.key}.{number}.tell", promise.tell
