"""Looks for what could point to a patient or a colleague: the server's side of rule L3.

It warns; it cannot promise that a text is anonymous. The time it takes grows with the length of the
text and no faster. Only *that* it fired is ever logged, never what it found.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shadowing.domain.followup.answers import Answers
from shadowing.domain.followup.commitments import Promise
from shadowing.domain.followup.patterns import (
    NAMES_AND_WORDS,
    NOT_NAMES,
    NUMERIC_DATE,
    TITLED,
    WORD,
    WORDED,
    Detail,
    is_date,
    is_titled,
)
from shadowing.domain.followup.problems import Problem
from shadowing.domain.followup.questions import Field, Kind

JOINS: Final = frozenset({" ", "-", "'", "’", ". "})
INITIAL: Final = 1
SHORT_NAME: Final = 3
LONGEST_NAME: Final = 60
ORDER: Final = tuple(Detail)


@dataclass(frozen=True, slots=True)
class Hit:
    """One place in a text, half-open, counted in characters."""

    kind: Detail
    start: int
    end: int
    text: str


def lint(text: str, *, names: Collection[str] = ()) -> tuple[Hit, ...]:
    """Find what could point to a patient or a colleague.

    Args:
        text: What somebody wrote; any length, in composed letters (NFC) as answers are.
        names: Of the host and the colleagues, as they give them; credentials after a comma.

    Returns:
        By place, and never two over the same letters.

    Source: docs/rules.md, rule L3.
    """
    places = (*_patterned(text), *_named(text, names=names))
    kept: list[Hit] = []
    for kind, start, end in sorted(
        places,
        key=lambda place: (place[1], -place[2], ORDER.index(place[0])),
    ):
        if not kept or start >= kept[-1].end:
            kept.append(Hit(kind, start, end, text[start:end]))
    return tuple(kept)


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


def _patterned(text: str) -> Iterator[tuple[Detail, int, int]]:
    for kind, pattern in WORDED:
        for match in pattern.finditer(text):
            yield kind, *match.span()
    for match in NUMERIC_DATE.finditer(text):
        if is_date(match):
            yield Detail.DATE, *match.span()
    for match in TITLED.finditer(text):
        if is_titled(match):
            yield Detail.TITLE_AND_NAME, *match.span()


def _named(text: str, *, names: Collection[str]) -> Iterator[tuple[Detail, int, int]]:
    """Find names of people; the parts of one name make one hit."""
    wanted = _name_words(names)
    start = end = 0
    for match in WORD.finditer(text) if wanted else ():
        if not _is_name(match.group(), wanted):
            continue
        if end and text[end : match.start()] in JOINS:
            end = match.end()
            continue
        if end:
            yield Detail.COLLEAGUE, start, end
        start, end = match.span()
    if end:
        yield Detail.COLLEAGUE, start, end


def _is_name(word: str, wanted: frozenset[str]) -> bool:
    if len(word) > LONGEST_NAME:
        return False
    plain = _fold(word)
    if plain not in wanted:
        return False
    return word[0].isupper() or (len(plain) > SHORT_NAME and plain not in NAMES_AND_WORDS)


def _name_words(names: Collection[str]) -> frozenset[str]:
    words = {
        _fold(word) for name in names for word in WORD.findall(_composed(name.partition(",")[0]))
    }
    return frozenset(word for word in words if len(word) > INITIAL) - NOT_NAMES


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _fold(word: str) -> str:
    """Leave out accents and case, as people do when they type."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()
