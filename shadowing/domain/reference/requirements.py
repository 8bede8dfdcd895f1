"""What an observer must meet before standing on a unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """How long evidence counts.

    Attributes:
        kind: Code of ``validity_kinds``.
        months: For ``months``: calendar months from the day it was done, the last day valid.
        required_from: For ``season``: (month, day) from which it is required …
        required_to: … to which, both included.
        evidence_from: For ``season``: evidence counts if done on or after this day of it.
    """

    kind: str
    months: int = 0
    required_from: tuple[int, int] = (1, 1)
    required_to: tuple[int, int] = (12, 31)
    evidence_from: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What an observer must meet before standing on a unit.

    Attributes:
        code: Stable code.
        label: What people read.
        help: One line for the observer.
        group: ``privacy``, ``safety``, ``health``, ``background``, ``agreement``, ``identity``.
        validity: How long evidence counts.
        validity_external: The same for people from outside.
        applies: The rule that says for whom and where; one key, see ``clearance.applies``.
        due: Code of ``due_points``.
        on_lapse: Code of ``lapse_effects``.
        remind_days: Days before expiry, falling.
        waivable: A coordinator may grant a dated waiver (C7).
        partner_equivalent: A partner's own evidence may count (C8).
        attest: Who ticks, where a statement is enough, or empty.
        text: What is attested.
    """

    code: str
    label: str
    help: str
    group: str
    validity: Validity
    validity_external: Validity
    applies: Mapping[str, Any]
    due: str
    on_lapse: str
    remind_days: tuple[int, ...]
    waivable: bool
    partner_equivalent: bool
    attest: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChoices:
    """What a site may pick for one requirement; the first of each is what the table has.

    Attributes:
        validities: How long evidence counts.
        validities_external: For people from outside; the same as for all where ``apart`` is not.
        apart: People from outside have a rule of their own.
        effects: What happens without it: codes of ``lapse_effects``.
    """

    validities: tuple[Validity, ...]
    validities_external: tuple[Validity, ...]
    apart: bool
    effects: tuple[str, ...]

    def __bool__(self) -> bool:
        """Say whether there is anything to pick."""
        return any(map(_several, (self.validities, self.validities_external, self.effects)))


def _several(some: tuple[object, ...]) -> bool:
    return len(some) > 1
