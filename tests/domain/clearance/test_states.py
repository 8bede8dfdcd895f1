"""What may become of a requirement and of a credential, and by whom: every cell of section 6.6."""

from itertools import product

import pytest

from shadowing.domain.clearance.evidence import State
from shadowing.domain.clearance.states import (
    By,
    CredentialMoveNotAllowed,
    Life,
    RequirementMoveNotAllowed,
    check_credential,
    check_requirement,
)

# Written from docs/rules.md, section 6.6, and not from the code: from, to, by whom.
REQUIREMENT = {
    ("draft", "active", "coordinator"),
    ("active", "off_season", "clock"),
    ("active", "retired", "coordinator"),
    ("off_season", "active", "clock"),
}
SAID = ("self", "partner_coordinator", "import")
CREDENTIAL = {
    *(("missing", "pending", by) for by in SAID),
    ("missing", "valid", "self"),
    ("missing", "waived", "coordinator"),
    ("pending", "valid", "verifier"),
    ("pending", "missing", "verifier"),
    ("valid", "valid", "self"),
    ("valid", "valid", "verifier"),
    ("valid", "expiring", "clock"),
    ("valid", "expired", "clock"),
    ("valid", "missing", "verifier"),
    ("expiring", "valid", "self"),
    ("expiring", "valid", "verifier"),
    ("expiring", "expired", "clock"),
    ("expiring", "missing", "verifier"),
    *(("expired", "pending", by) for by in SAID),
    ("expired", "valid", "self"),
    ("expired", "waived", "coordinator"),
    ("waived", "expired", "clock"),
    ("waived", "valid", "self"),
    ("waived", "valid", "verifier"),
}


@pytest.mark.parametrize("cell", [*product(Life, Life, By)], ids=" ".join)
def test_a_requirement_moves_as_listed_and_not_otherwise_section_6_6(cell):
    state, to, by = cell
    if cell in REQUIREMENT:
        check_requirement(state, to=to, by=by)
        return
    with pytest.raises(RequirementMoveNotAllowed) as refused:
        check_requirement(state, to=to, by=by)

    assert refused.value.facts == {"state": state, "wanted": to}


@pytest.mark.parametrize("cell", [*product(State, State, By)], ids=" ".join)
def test_a_credential_moves_as_listed_and_not_otherwise_section_6_6(cell):
    state, to, by = cell
    if cell in CREDENTIAL:
        check_credential(state, to=to, by=by)
        return
    with pytest.raises(CredentialMoveNotAllowed) as refused:
        check_credential(state, to=to, by=by)

    assert refused.value.facts == {"state": state, "wanted": to}


def test_what_is_being_checked_is_nobodys_to_waive_or_to_tick():
    leaves = {to for state, to, _ in CREDENTIAL if state == "pending"}

    assert leaves == {"valid", "missing"}
