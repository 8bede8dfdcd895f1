"""What people write beside a credential: where the proof is kept and why something is waived.

Never a result, never a scan: words that look like a finding are sent back (C2).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from unicodedata import normalize

from shadowing.domain.errors import Refusal
from shadowing.domain.patient_detail import Detail, lint

LONGEST_POINTER: Final = 80
LONGEST_REASON: Final = 200
EARLIEST: Final = date(1950, 1, 1)
# A certificate has a number and a date; neither says anything about anybody's health.
HARMLESS: Final = frozenset({Detail.LONG_DIGIT_RUN, Detail.DATE})

FINDING: Final = re.compile(
    r"\b(?:titers?|titres?|induration|antibod(?:y|ies)|ig[gm]|igra|quantiferon|"
    r"(?:non-?)?reactive|positive|negative|seropositive|immune|ui?/ml|miu|iu/ml|ng/ml|mg/dl|"
    r"results?)\b|\b1\s*:\s*\d{1,5}\b|\b\d{1,4}(?:[.,]\d{1,3})?\s*(?:mm|iu|miu)\b",
    re.IGNORECASE,
)
SCAN: Final = re.compile(r"\.(?:pdf|jpe?g|png|heic|tiff?|gif|docx?)\b|\bdata:", re.IGNORECASE)


class NotAPointer(Refusal):
    """It holds a finding or a scan instead of saying where the proof is (C2). Fact: ``found``."""

    code = "not_a_pointer"
    field = "evidence"


class PointerTooLong(Refusal):
    """Facts: ``longest``, ``length``."""

    code = "pointer_too_long"
    field = "evidence"


class DoneInFuture(Refusal):
    """What is said to be done lies ahead. Fact: ``today``."""

    code = "done_in_future"
    field = "done_on"


class DoneTooLongAgo(Refusal):
    """A year that cannot be meant. Fact: ``earliest``."""

    code = "done_too_long_ago"
    field = "done_on"


class ReasonMissing(Refusal):
    """A waiver has a reason. Fact: ``longest``."""

    code = "reason_missing"
    field = "reason"


class ReasonHoldsFinding(Refusal):
    """A reason tells no finding (C2). Fact: ``found``."""

    code = "reason_holds_finding"
    field = "reason"


def check_pointer(text: str) -> str:
    """Give the pointer as it is kept; to have none is fine.

    Raises:
        PointerTooLong, NotAPointer: It is no short pointer.

    Source: docs/rules.md, rule C2.
    """
    pointer = _tidy(text)
    if len(pointer) > LONGEST_POINTER:
        raise PointerTooLong(longest=LONGEST_POINTER, length=len(pointer))
    if found := findings(pointer):
        raise NotAPointer(found=found)
    return pointer


def check_done(day: date, *, today: date) -> date:
    """Give back a day on which something was done.

    Raises:
        DoneInFuture, DoneTooLongAgo: It cannot be.
    """
    if day > today:
        raise DoneInFuture(today=today)
    if day < EARLIEST:
        raise DoneTooLongAgo(earliest=EARLIEST)
    return day


def check_reason(text: str) -> str:
    """Give the reason of a waiver as it is kept.

    Raises:
        ReasonMissing: There is none, or too much of it.
        ReasonHoldsFinding: It tells a finding.

    Source: docs/rules.md, rules C2 and C7.
    """
    reason = _tidy(text)
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonMissing(longest=LONGEST_REASON)
    if found := findings(reason):
        raise ReasonHoldsFinding(found=found)
    return reason


def findings(text: str) -> tuple[str, ...]:
    """List what looks like a finding, a scan or a patient's detail."""
    words = [hit.group() for pattern in (FINDING, SCAN) for hit in pattern.finditer(text)]
    details = [hit.text for hit in lint(text) if hit.kind not in HARMLESS]
    return tuple(dict.fromkeys([*words, *details]))


def _tidy(text: str) -> str:
    line = " ".join(normalize("NFC", text).split())
    return "".join(letter for letter in line if letter.isprintable())
