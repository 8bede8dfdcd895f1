from itertools import product
from pathlib import Path

import pytest
import yaml

import shadowing
from shadowing.domain.errors import NotAllowed
from shadowing.domain.followup.moves import (
    COMMITMENT,
    DEBRIEF,
    REFLECTION,
    Commitment,
    Debrief,
    FollowUpMoveNotAllowed,
    Move,
    MoveNeeds,
    Mover,
    Need,
    NotYours,
    Reflection,
    check_commitment_move,
    check_debrief_move,
    check_reflection_move,
)

ENUMERATIONS = yaml.safe_load(
    (Path(shadowing.__file__).parent / "reference" / "enumerations.yaml").read_text("utf-8"),
)
ALL_NEEDS = tuple(Need)

# Sections 6.3, 6.5 and 6.7, written out: from, to, by.
DEBRIEF_MOVES = {
    ("held_slot", "moved"): "observer host coordinator clock",
    ("held_slot", "held"): "observer host",
    ("held_slot", "waived"): "coordinator",
    ("moved", "moved"): "observer host coordinator clock",
    ("moved", "held"): "observer host",
    ("moved", "waived"): "coordinator",
    ("held", "held_slot"): "observer host",
    ("held", "moved"): "observer host",
}
REFLECTION_MOVES = {
    ("expected", "draft"): "author",
    ("expected", "not_needed"): "clock",
    ("draft", "draft"): "author",
    ("draft", "submitted"): "author",
    ("draft", "deleted"): "author clock",
    ("draft", "not_needed"): "clock",
    ("submitted", "submitted"): "author",
    ("submitted", "revise"): "preceptor",
    ("submitted", "accepted"): "preceptor",
    ("submitted", "deleted"): "author clock",
    ("revise", "submitted"): "author",
    ("revise", "deleted"): "author clock",
    ("accepted", "deleted"): "author clock",
    ("not_needed", "deleted"): "author clock",
}
COMMITMENT_MOVES = {
    ("proposed", "proposed"): "host owner",
    ("proposed", "agreed_with_host"): "host",
    ("proposed", "in_progress"): "clock",
    ("proposed", "void"): "coordinator owner",
    ("agreed_with_host", "in_progress"): "owner",
    ("agreed_with_host", "done"): "owner",
    ("agreed_with_host", "declined_with_reason"): "owner",
    ("in_progress", "in_progress"): "owner",
    ("in_progress", "done"): "owner",
    ("in_progress", "declined_with_reason"): "owner",
    ("done", "seen_by_host"): "host",
    ("done", "in_progress"): "owner",
    ("declined_with_reason", "seen_by_host"): "host",
    ("declined_with_reason", "in_progress"): "owner",
}
TABLES = [
    pytest.param(Debrief, check_debrief_move, DEBRIEF_MOVES, id="debrief"),
    pytest.param(Reflection, check_reflection_move, REFLECTION_MOVES, id="reflection"),
    pytest.param(Commitment, check_commitment_move, COMMITMENT_MOVES, id="commitment"),
]


@pytest.mark.parametrize(("states", "check", "listed"), TABLES)
def test_every_move_that_is_not_listed_is_refused_sections_6_3_6_5_6_7(states, check, listed):
    for state, to, by in product(states, states, Mover):
        movers = listed.get((str(state), str(to)))
        if movers is None:
            with pytest.raises(FollowUpMoveNotAllowed) as refused:
                check(state, to=to, by=by, given=ALL_NEEDS)
            assert refused.value.facts == {"state": state, "wanted": to}
        elif by not in movers.split():
            with pytest.raises(NotYours) as refused:
                check(state, to=to, by=by, given=ALL_NEEDS)
            assert isinstance(refused.value, NotAllowed)
        else:
            check(state, to=to, by=by, given=ALL_NEEDS)


@pytest.mark.parametrize(
    ("check", "move", "need"),
    [
        (check_debrief_move, (Debrief.MOVED, Debrief.WAIVED, Mover.COORDINATOR), Need.REASON),
        (
            check_reflection_move,
            (Reflection.DRAFT, Reflection.SUBMITTED, Mover.AUTHOR),
            Need.PHI_OK,
        ),
        (
            check_commitment_move,
            (Commitment.IN_PROGRESS, Commitment.DECLINED, Mover.OWNER),
            Need.REASON,
        ),
        (check_commitment_move, (Commitment.AGREED, Commitment.DONE, Mover.OWNER), Need.EVIDENCE),
        (check_commitment_move, (Commitment.PROPOSED, Commitment.VOID, Mover.OWNER), Need.REASON),
    ],
)
def test_some_moves_need_something_said_with_them_f12_and_l3(check, move, need):
    state, to, by = move
    with pytest.raises(MoveNeeds) as refused:
        check(state, to=to, by=by)

    assert refused.value.facts == {"needs": (need,)}
    check(state, to=to, by=by, given=[need])


@pytest.mark.parametrize(
    ("listed", "states"),
    [(DEBRIEF, Debrief), (REFLECTION, Reflection), (COMMITMENT, Commitment)],
)
def test_every_state_has_its_row(listed, states):
    assert set(listed) == set(states)
    assert all(isinstance(move, Move) for row in listed.values() for move in row.values())


def test_the_codes_are_those_of_the_closed_lists():
    commitments = ENUMERATIONS["commitment_states"]

    assert set(ENUMERATIONS["debrief_states"]) == set(Debrief)
    assert set(commitments) == set(Commitment)
    for state, row in COMMITMENT.items():
        assert set(row) - {state} == set(commitments[state]["next"])


def test_nobody_can_take_a_promise_back_once_it_is_agreed_section_6_5():
    leading_to_void = {state for state, row in COMMITMENT.items() if Commitment.VOID in row}

    assert leading_to_void == {Commitment.PROPOSED}
