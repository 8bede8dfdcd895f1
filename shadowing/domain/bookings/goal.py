"""What an observer writes when asking: the goal and, if they like, access needs (B1)."""

from __future__ import annotations

from typing import Final
from unicodedata import normalize

from shadowing.domain.errors import Refusal
from shadowing.domain.patient_detail import lint

LONGEST: Final = 200


class GoalMissing(Refusal):
    """A request says what the observer wants to understand."""

    code = "goal_missing"
    field = "goal"


class GoalTooLong(Refusal):
    """Facts: ``longest``, ``length``."""

    code = "goal_too_long"
    field = "goal"


class AccessNeedsTooLong(Refusal):
    """Facts: ``longest``, ``length``."""

    code = "access_needs_too_long"
    field = "access_needs"


class PatientDetail(Refusal):
    """The text could point to a patient (L3, P3). Facts: ``found``, the words that could."""

    code = "patient_detail"
    field = "goal"


class NoteTooLong(Refusal):
    """Facts: ``longest``, ``length``."""

    code = "note_too_long"
    field = "note"


class PatientDetailInNote(PatientDetail):
    """The same of a note to the host."""

    code = "patient_detail_in_note"
    field = "note"


def check_goal(text: str) -> str:
    """Give the goal as it is kept.

    Raises:
        GoalMissing: There is none.
        GoalTooLong: It has more than 200 characters.
        PatientDetail: It could point to a patient.
    """
    goal = _tidy(text)
    if not goal:
        raise GoalMissing
    if len(goal) > LONGEST:
        raise GoalTooLong(longest=LONGEST, length=len(goal))
    _check_details(goal)
    return goal


def check_access_needs(text: str) -> str:
    """Give the access needs as they are kept; to have none is fine.

    Raises:
        AccessNeedsTooLong: They have more than 200 characters.
    """
    needs = _tidy(text)
    if len(needs) > LONGEST:
        raise AccessNeedsTooLong(longest=LONGEST, length=len(needs))
    return needs


def check_note(text: str) -> str:
    """Give a note to the host as it is kept; to write none is fine.

    Raises:
        NoteTooLong: It has more than 200 characters.
        PatientDetailInNote: It could point to a patient (L3, P3).
    """
    note = _tidy(text)
    if len(note) > LONGEST:
        raise NoteTooLong(longest=LONGEST, length=len(note))
    found = lint(note)
    if found:
        raise PatientDetailInNote(found=tuple(hit.text for hit in found))
    return note


def _tidy(text: str) -> str:
    """Put a text on one line, composed, without what cannot be shown or stored."""
    line = " ".join(normalize("NFC", text).split())
    return "".join(letter for letter in line if letter.isprintable())


def _check_details(text: str) -> None:
    found = lint(text)
    if found:
        raise PatientDetail(found=tuple(hit.text for hit in found))
