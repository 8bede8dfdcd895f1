import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import shadowing
from shadowing.domain.followup.answers import check_complete, check_draft, to_plain
from shadowing.domain.followup.commitments import Promise
from shadowing.domain.followup.conditions import Pathway
from shadowing.domain.followup.problems import BadAnswers
from shadowing.domain.followup.questions import Field, Kind, Phase, Readers, Side
from shadowing.domain.followup.templates import fields_for, forms_for, read
from shadowing.domain.followup.values import Known

REFERENCE = Path(shadowing.__file__).parent / "reference" / "reflection_templates.yaml"
TEMPLATES = read(yaml.safe_load(REFERENCE.read_text(encoding="utf-8")))
KNOWN = Known(
    roles={"porter", "ed_nurse"},
    organizations={"o1"},
    portfolios={"pharmacy"},
    people={"p1", "p2"},
    objectives={"ob1"},
    tags={"finance", "law"},
)
PROMISE = {
    "action": "Try a Sunday pharmacy runner for four weeks",
    "kind": "remove_obstacle",
    "owner": "p1",
    "due": "2027-04-02",
    "tell": "A note on the huddle board",
}
T1_POST = {
    "know_post": "4",
    "time": "Looking for pumps and answering the phone.",
    "stops": "n4_10",
    "causes": ["waiting", "supplies"],
    "contra": "Nothing: it is as the report says.",
    "heard": "Keys where the pumps are.",
    "phi_ok": True,
}


def asked(code, side=Side.OBSERVER, phase=Phase.POST):
    return fields_for(forms_for(TEMPLATES, chosen=code, side=side), side=side, phase=phase)


def field(kind, key="q", **more):
    place = {
        "row": key,
        "filled_by": "observer",
        "phase": Phase.POST,
        "readers": frozenset({Readers.AUTHOR}),
    }
    return Field(**{"key": key, "kind": kind, "prompt": "?", **place, **more})


def problems(fields, raw, *, check=check_draft, **more):
    with pytest.raises(BadAnswers) as refused:
        check(fields, raw, known=KNOWN, **more)
    return [(one.key, one.code) for one in refused.value.problems]


def only_problem(fields, raw, *, check=check_draft):
    with pytest.raises(BadAnswers) as refused:
        check(fields, raw, known=KNOWN)
    (one,) = refused.value.problems
    return one.code, dict(one.facts)


def one(kind, raw, **more):
    return check_draft([field(kind, **more)], {"q": raw}, known=KNOWN)["q"]


def test_a_whole_form_is_taken():
    answers = check_complete(asked("T1"), T1_POST, known=KNOWN)

    assert answers["know_post"] == 4
    assert answers["causes"] == ("supplies", "waiting"), "in the order of the options"
    assert answers["phi_ok"] is True
    assert "mine" not in answers


def test_a_draft_may_hold_nothing_at_all_rule_l7():
    for code in ("T1", "T2", "T3", "T4"):
        for side in Side:
            for phase in Phase:
                assert check_draft(asked(code, side, phase), {}) == {}


def test_what_is_sent_lacks_nothing_required_and_says_so_in_the_order_of_the_form():
    assert problems(asked("T1"), {}, check=check_complete) == [
        ("know_post", "answer_missing"),
        ("time", "answer_missing"),
        ("stops", "answer_missing"),
        ("contra", "answer_missing"),
        ("heard", "answer_missing"),
        ("phi_ok", "tick_missing"),
    ]


def test_nothing_is_sent_without_the_tick_rule_l3():
    for tick in (None, False, ""):
        assert problems(asked("T1"), {**T1_POST, "phi_ok": tick}, check=check_complete) == [
            ("phi_ok", "tick_missing"),
        ]


def test_an_answer_may_call_for_another():
    fields = asked("T1")
    uncaused = {key: value for key, value in T1_POST.items() if key != "causes"}

    assert problems(fields, uncaused, check=check_complete) == [("causes", "answer_missing")]
    for calm in ("n0", "unsure"):
        assert check_complete(fields, {**uncaused, "stops": calm})["stops"] == calm
    assert problems(fields, {**T1_POST, "mine": "The budget."}, check=check_complete) == [
        ("mine_portfolio", "answer_missing"),
    ]


def test_a_boundary_calls_for_what_waited_there_unless_there_was_none():
    fields = [one for one in asked("T4") if one.row == "edge" or one.key == "other"]

    assert problems(fields, {"edge": "shift"}, check=check_complete) == [
        ("edge_text", "answer_missing"),
        ("other", "answer_missing"),
    ]
    assert check_complete(fields, {"edge": "none"}) == {"edge": "none"}


def test_promises_or_the_reason_for_none_rule_f7():
    fields = asked("T1", phase=Phase.DEBRIEF)

    assert problems(fields, {"phi_ok": True}, check=check_complete) == [
        ("commit", "answer_missing"),
        ("nocommit", "answer_missing"),
    ]
    assert check_complete(fields, {"phi_ok": True, "nocommit": "Nothing is mine to change."})
    assert check_complete(fields, {"phi_ok": True, "commit": [PROMISE]}, known=KNOWN)["commit"] == (
        Promise(
            action=PROMISE["action"],
            kind="remove_obstacle",
            owner="p1",
            due=date(2027, 4, 2),
            tell=PROMISE["tell"],
        ),
    )


def test_no_more_than_three_promises_rule_f7():
    fields = asked("T1", phase=Phase.DEBRIEF)

    assert len(check_draft(fields, {"commit": [PROMISE] * 3}, known=KNOWN)["commit"]) == 3
    assert check_draft(fields, {"commit": [{}] * 20}) == {}
    assert only_problem(fields, {"commit": [PROMISE] * 4}) == ("too_many", {"max": 3})
    assert only_problem(fields, {"commit": [{}] * 21}) == ("too_many", {"max": 3})
    assert only_problem(asked("T2", phase=Phase.DEBRIEF), {"clear": [PROMISE] * 2}) == (
        "too_many",
        {"max": 1},
    )


def test_a_promise_says_all_it_must_rule_f8():
    fields = asked("T1", phase=Phase.DEBRIEF)
    raw = {
        "phi_ok": True,
        "commit": [{}, {"action": "Try"}, {**PROMISE, "kind": "redesign_by_team"}],
    }

    assert problems(fields, raw, check=check_complete) == [
        ("commit.1.kind", "answer_missing"),
        ("commit.1.owner", "answer_missing"),
        ("commit.1.due", "answer_missing"),
        ("commit.1.tell", "answer_missing"),
        ("commit.2.team", "answer_missing"),
    ]


def test_a_draft_keeps_a_promise_half_made_and_no_blank_ones_rule_l7():
    fields = asked("T1", phase=Phase.DEBRIEF)
    blank = {"action": " ", "kind": "", "owner": "", "due": "", "tell": "", "team": ""}

    draft = check_draft(fields, {"commit": [blank, {"action": "Try"}, blank]})

    assert draft["commit"] == (Promise(action="Try", kind="", owner="", due=None, tell=""),)
    assert check_draft(fields, {"commit": [blank] * 5}) == {}


def test_a_part_of_a_promise_that_can_be_none_is_named_by_its_row():
    fields = asked("T1", phase=Phase.DEBRIEF)
    bad = {**PROMISE, "due": "soon", "owner": "p9", "action": "x" * 301, "color": "red"}
    found = problems(fields, {"commit": [PROMISE, bad], "phi_ok": True}, check=check_complete)

    assert sorted(found) == [
        ("commit.1.action", "too_long"),
        ("commit.1.color", "unknown_field"),
        ("commit.1.due", "bad_date"),
        ("commit.1.owner", "unknown_choice"),
    ]
    for raw in ("a promise", [PROMISE, "a promise"], {"action": "Try"}):
        assert only_problem(fields, {"commit": raw}) == ("bad_value", {})


def test_what_could_not_be_read_is_not_missing_as_well():
    raw = {**T1_POST, "know_post": "9", "stops": "often"}

    assert problems(asked("T1"), raw, check=check_complete) == [
        ("know_post", "out_of_range"),
        ("stops", "unknown_choice"),
    ]
    assert problems(
        asked("T1", phase=Phase.DEBRIEF),
        {"commit": "none", "phi_ok": True},
        check=check_complete,
    ) == [("commit", "bad_value")]


def test_a_question_that_is_not_asked_is_refused():
    assert problems(asked("T1"), {"expect": "Nights."}) == [("expect", "unknown_field")]


def test_a_hidden_question_is_neither_needed_nor_kept_s3_1():
    fields = asked("T3")
    raw = {"habit": "Leaning on others."}
    done = Pathway(layers_done=frozenset({"core_professional", "core_generic"}))

    assert check_draft(fields, raw) == {}
    assert check_draft(fields, {"habit": "x" * 301}) == {}
    assert check_draft(fields, raw, pathway=Pathway(mode="wider_role")) == raw
    assert check_draft(fields, raw, pathway=done) == raw
    half = Pathway(layers_done=frozenset({"core_generic"}))
    assert check_draft(fields, raw, pathway=half) == {}


def test_fewer_promises_than_a_template_wants_are_too_few():
    wanting = field(Kind.COMMITMENTS, min_items=2, max_items=3, items=asked("T1")[1:2])

    assert only_problem([wanting], {"q": [{"time": "a"}]}, check=check_complete) == (
        "too_few",
        {"min": 2},
    )
    assert check_draft([wanting], {"q": [{"time": "a"}]})["q"]
    assert check_complete([wanting], {"q": [{"time": "a"}, {"time": "b"}]})["q"]


def test_what_is_stored_is_read_back_the_same():
    for code, raw in [
        ("T1", {**T1_POST, "mine": "Budget", "mine_portfolio": "pharmacy"}),
        ("T2", {"frame": {"steps": 4, "solving": 6}, "voice": "unsure", "acts": ["taught"]}),
        ("T4", {"other": {"role": "porter", "organization": "o1"}, "mover": "ed_nurse"}),
    ]:
        answers = check_draft(asked(code), raw, known=KNOWN)
        stored = json.loads(json.dumps(to_plain(answers)))

        assert check_draft(asked(code), stored, known=KNOWN) == answers
    talk = asked("T4", phase=Phase.DEBRIEF)
    raw = {"commit": [PROMISE, {"action": "Try"}], "invite_when": "2027-05-01"}
    answers = check_draft(talk, raw, known=KNOWN)

    assert check_draft(talk, json.loads(json.dumps(to_plain(answers))), known=KNOWN) == answers
    quarter = [field(Kind.NUMBER, maximum=Decimal(24), step=Decimal("0.25"))]
    hours = check_draft(quarter, {"q": "3.75"})
    assert check_draft(quarter, json.loads(json.dumps(to_plain(hours)))) == hours


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
EVERY_FIELD = {
    one.key: one
    for code in ("T1", "T2", "T3", "T4")
    for side in Side
    for phase in Phase
    for one in asked(code, side, phase)
}


@given(st.dictionaries(st.sampled_from(sorted(EVERY_FIELD)), ANYTHING, max_size=6))
def test_whatever_comes_in_is_taken_or_refused_by_field(raw):
    """No request can cause a fault: any JSON is either answers or problems of fields."""
    fields = list(EVERY_FIELD.values())
    for check in (check_draft, check_complete):
        try:
            json.dumps(to_plain(check(fields, raw, known=KNOWN)))
        except BadAnswers as refused:
            assert {problem.key.split(".")[0] for problem in refused.problems} <= set(EVERY_FIELD)  # noqa: PT017 - either is right
