"""Words that people tick: which version of them somebody agreed to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from shadowing.domain.clearance.evidence import Evidence
from shadowing.domain.reference.requirements import Requirement

LENGTH = 16


def text_version(text: Iterable[str]) -> str:
    """Name a text by its content; empty where there is none.

    Source: docs/rules.md, rule C7.
    """
    words = "\n".join(text)
    return hashlib.sha256(words.encode()).hexdigest()[:LENGTH] if words else ""


def same_text(requirement: Requirement, evidence: Evidence) -> bool:
    """Say whether what was agreed to is what is asked today; a new text asks again (C7).

    What was signed on paper names no version, and counts until its own end.
    """
    if not evidence.text_version:
        return True
    return evidence.text_version == text_version(requirement.text)
