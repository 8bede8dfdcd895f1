"""What may become of a requirement and of a credential, and by whom: two tables.

Any move that is not listed is refused. Source: docs/rules.md, section 6.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shadowing.domain.clearance.evidence import State
from shadowing.domain.errors import Refusal


class Life(StrEnum):
    """Where a requirement stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    OFF_SEASON = "off_season"
    RETIRED = "retired"


class By(StrEnum):
    """In which part somebody moves a requirement or a credential.

    The person it is about, their partner organization's coordinator, a file or a verifier who
    enters what they know, a verifier of that requirement, the program's coordinator, the product.
    """

    SELF = "self"
    PARTNER = "partner_coordinator"
    IMPORT = "import"
    VERIFIER = "verifier"
    COORDINATOR = "coordinator"
    CLOCK = "clock"


class RequirementMoveNotAllowed(Refusal):
    """A requirement cannot go there from where it is. Facts: ``state``, ``wanted``."""

    code = "requirement_move_not_allowed"


class CredentialMoveNotAllowed(Refusal):
    """A credential cannot go there from where it is. Facts: ``state``, ``wanted``."""

    code = "credential_move_not_allowed"


CRD, VER, CLOCK = By.COORDINATOR, By.VERIFIER, By.CLOCK
SAY_SO: Final = frozenset({By.SELF, By.PARTNER, By.IMPORT})
SELF_OR_VER: Final = frozenset({By.SELF, VER})

REQUIREMENT: Final[Mapping[Life, Mapping[Life, frozenset[By]]]] = {
    Life.DRAFT: {Life.ACTIVE: frozenset({CRD})},
    Life.ACTIVE: {Life.OFF_SEASON: frozenset({CLOCK}), Life.RETIRED: frozenset({CRD})},
    Life.OFF_SEASON: {Life.ACTIVE: frozenset({CLOCK})},
    Life.RETIRED: {},
}

CREDENTIAL: Final[Mapping[State, Mapping[State, frozenset[By]]]] = {
    State.MISSING: {
        State.PENDING: SAY_SO,
        State.VALID: frozenset({By.SELF}),
        State.WAIVED: frozenset({CRD}),
    },
    State.PENDING: {State.VALID: frozenset({VER}), State.MISSING: frozenset({VER})},
    State.VALID: {
        State.VALID: SELF_OR_VER,
        State.EXPIRING: frozenset({CLOCK}),
        State.EXPIRED: frozenset({CLOCK}),
        State.MISSING: frozenset({VER}),
    },
    State.EXPIRING: {
        State.VALID: SELF_OR_VER,
        State.EXPIRED: frozenset({CLOCK}),
        State.MISSING: frozenset({VER}),
    },
    State.EXPIRED: {
        State.PENDING: SAY_SO,
        State.VALID: frozenset({By.SELF}),
        State.WAIVED: frozenset({CRD}),
    },
    State.WAIVED: {State.EXPIRED: frozenset({CLOCK}), State.VALID: SELF_OR_VER},
}


def check_requirement(state: Life, *, to: Life, by: By) -> None:
    """Refuse a move of a requirement that the table does not list.

    Raises:
        RequirementMoveNotAllowed: With the state it is in and the one wanted.
    """
    if by not in REQUIREMENT[state].get(to, frozenset()):
        raise RequirementMoveNotAllowed(state=state, wanted=to)


def check_credential(state: State, *, to: State, by: By) -> None:
    """Refuse a move of a credential that the table does not list.

    Raises:
        CredentialMoveNotAllowed: With the state it is in and the one wanted.
    """
    if by not in CREDENTIAL[state].get(to, frozenset()):
        raise CredentialMoveNotAllowed(state=state, wanted=to)
