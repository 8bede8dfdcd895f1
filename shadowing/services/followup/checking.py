"""Checks what somebody wrote about a shift: whole, fit, and nothing that points to a patient."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shadowing.domain.followup.answers import Answers, check_complete, check_draft, to_plain
from shadowing.domain.followup.lint import lint_answers
from shadowing.domain.followup.problems import BadAnswers, Problem
from shadowing.domain.followup.questions import Act, Field
from shadowing.domain.followup.values import Known
from shadowing.domain.patient_detail import Hit
from shadowing.services.followup import pickers, sheets
from shadowing.services.work import Tx
from shadowing.store.bookings import Shift

DRAFT_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody sends.

    Attributes:
        raw: Answers by key, in the shapes of ``answers``.
        releases: Keys of the answers they open by a tick.
        fine: By key of a text, the mark of what was found in it and is "not about a patient".
    """

    raw: Mapping[str, object]
    releases: frozenset[str] = frozenset()
    fine: Mapping[str, str] = field(default_factory=dict)


def checked(
    tx: Tx,
    shift: Shift,
    asked: Sequence[Field],
    raw: Mapping[str, object],
    *,
    fine: Mapping[str, str],
) -> tuple[int, Answers]:
    """Check that nothing is missing and nothing points to a patient; all problems at once."""
    known = pickers.read(tx, shift).known()
    problems: tuple[Problem, ...] = ()
    try:
        answers = check_complete(asked, raw, known=known)
    except BadAnswers as bad:
        problems = bad.problems
        answers = sheets.read_stored(asked, keepable(asked, raw, known=known)[0])
    hits = lint_answers(asked, answers, names=pickers.names_near(tx, shift))
    doubts = in_doubt(hits, fine=fine)
    if problems or doubts:
        raise BadAnswers(in_order(asked, (*problems, *doubts)))
    return int(bool(hits)), answers


def in_doubt(
    hits: Mapping[str, Sequence[Hit]],
    *,
    fine: Mapping[str, str],
) -> tuple[Problem, ...]:
    """List the texts that need an edit or a tick; a tick counts for what it was set for (L3)."""
    return tuple(
        Problem(key, "patient_detail", {"hits": tuple(found), "mark": mark_of(found)})
        for key, found in hits.items()
        if fine.get(key) != mark_of(found)
    )


def in_order(asked: Sequence[Field], problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Sort problems as the form has its questions."""
    places = {each.key: place for place, each in enumerate(asked)}
    return tuple(sorted(problems, key=lambda one: places.get(one.key.split(".")[0], len(places))))


def keepable(
    fields: Sequence[Field],
    raw: Mapping[str, object],
    *,
    known: Known,
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Sort out what of a draft can be kept, as plain data, and what is wrong with the rest.

    A text that is too long is kept as it was typed, so that its author can shorten it later.
    """
    try:
        return to_plain(check_draft(fields, raw, known=known)), ()
    except BadAnswers as bad:
        wrong = {problem.key.split(".")[0]: problem.code for problem in bad.problems}
        rest = {key: value for key, value in raw.items() if key not in wrong}
        plain = to_plain(check_draft(fields, rest, known=known))
        for key, code in wrong.items():
            typed = raw.get(key)
            if code == "too_long" and isinstance(typed, str) and len(typed) <= DRAFT_MAX:
                plain |= _typed(key, typed)
        return plain, bad.problems


def _typed(key: str, text: str) -> dict[str, object]:
    odd = any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\r\n\t" for c in text)
    return {} if odd else {key: text}


def releasable(fields: Sequence[Field]) -> frozenset[str]:
    """Name the answers an author may open by a tick (section 3.1)."""
    return frozenset(
        each.key for each in fields if each.release and each.release.by is Act.AUTHOR_TICKS
    )


def mark_of(hits: Sequence[Hit]) -> str:
    """Name what was found in a text, so that a tick is for this and nothing else."""
    found = "\n".join(f"{hit.kind}:{hit.text}" for hit in hits)
    return hashlib.sha256(found.encode()).hexdigest()[:16]
