"""Who reads which answer: nobody, unless its field says so.

Source: docs/rules.md, sections 3.1 and 8.1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shadowing.domain.followup.answers import Answers
from shadowing.domain.followup.closing import Seal
from shadowing.domain.followup.problems import BadAnswers, Problem
from shadowing.domain.followup.questions import Act, Field, Kind, Readers, Side


class Viewer(StrEnum):
    """How a reader stands to the author. Everybody not listed here reads nothing."""

    AUTHOR = "author"
    OTHER = "other"
    COORDINATOR = "coordinator"
    HR = "hr"
    PRECEPTOR = "preceptor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a reader's right depends on, besides the field.

    Attributes:
        submitted: The author has sent this side; nothing is anybody else's before that.
        seal: Whether sides can be read by the other person (L4).
        released: Keys of fields whose release act is done and not taken back.
        on_credit_plan: The shift counts toward a credit plan, which has a preceptor.
    """

    submitted: bool
    seal: Seal
    released: frozenset[str] = frozenset()
    on_credit_plan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One side of a shift: its questions, its answers, and how it stands."""

    fields: Sequence[Field]
    answers: Answers
    standing: Standing


def readable(sheet: Sheet, *, viewer: Viewer) -> Answers:
    """Pick the answers this viewer may read, one by one; everything else is left out.

    Answers that are only counted (A) are nobody's but the author's. HR reads no text at all.

    Source: docs/rules.md, rules L2, L4 and P1, sections 3.1 and 8.1.
    """
    return MappingProxyType(
        {
            field.key: sheet.answers[field.key]
            for field in sheet.fields
            if field.key in sheet.answers and may_read(field, sheet.standing, viewer=viewer)
        },
    )


def may_read(field: Field, standing: Standing, *, viewer: Viewer) -> bool:
    """Say whether this viewer may read an answer to this field, given how its side stands."""
    if viewer is Viewer.AUTHOR:
        return True
    if not standing.submitted or _person(field, viewer) in field.never_to:
        return False
    return RIGHTS[viewer](field, standing)


def check_releases(fields: Sequence[Field], keys: Collection[str]) -> frozenset[str]:
    """Return the fields an author may open by ticking, and did.

    Raises:
        BadAnswers: A field is not the author's to open.

    Source: docs/rules.md, section 3.1 (``P→X``).
    """
    open_to = {field.key for field in fields if _by_ticking(field)}
    strangers = tuple(Problem(key, "not_to_release") for key in keys if key not in open_to)
    if strangers:
        raise BadAnswers(strangers)
    return frozenset(keys)


def _other(field: Field, standing: Standing) -> bool:
    if field.kind is Kind.COMMITMENTS:
        return True  # They belong to both, and a missing side never hides one (L5, L8).
    if not _open_to(Readers.OTHER, field, standing):
        return False
    if field.sealed_with:
        return standing.seal is Seal.BOTH_IN
    return standing.seal is not Seal.SEALED


def _coordinator(field: Field, standing: Standing) -> bool:
    return _open_to(Readers.COORDINATOR, field, standing)


def _hr(field: Field, standing: Standing) -> bool:
    return field.kind is not Kind.TEXT and _open_to(Readers.HR, field, standing)


def _preceptor(field: Field, standing: Standing) -> bool:
    return standing.on_credit_plan and _open_to(Readers.PRECEPTOR, field, standing)


RIGHTS: Final[Mapping[Viewer, Callable[[Field, Standing], bool]]] = {
    Viewer.OTHER: _other,
    Viewer.COORDINATOR: _coordinator,
    Viewer.HR: _hr,
    Viewer.PRECEPTOR: _preceptor,
}


def _open_to(reader: Readers, field: Field, standing: Standing) -> bool:
    if reader in field.readers:
        return True
    release = field.release
    return (
        release is not None
        and release.to is reader
        and _by_ticking(field)
        and field.key in standing.released
    )


def _by_ticking(field: Field) -> bool:
    """Only a tick opens the answer itself: a reworded one is another text."""
    return field.release is not None and field.release.by is Act.AUTHOR_TICKS


def _person(field: Field, viewer: Viewer) -> str:
    """Name the viewer as ``never_to`` does."""
    if viewer is Viewer.OTHER and field.filled_by in set(Side):
        return Side(field.filled_by).other
    return viewer
