import json
from datetime import UTC, date, datetime
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
from shadowing.domain.followup.values import UNSURE, Known, Points, RoleAt

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


def test_the_frame_shares_out_exactly_ten_points():
    frame = [one for one in asked("T2") if one.key == "frame"]
    raw = {"frame": {"steps": "3", "solving": "", "learning": 5}}

    assert check_draft(frame, raw)["frame"].sum == 8, "a draft need not add up yet"
    assert only_problem(frame, raw, check=check_complete) == (
        "points_sum",
        {"total": 10, "sum": 8},
    )
    raw["frame"]["solving"] = "2"
    assert check_complete(frame, raw)["frame"] == Points(
        (("steps", 3), ("solving", 2), ("learning", 5)),
    )
    assert check_draft(frame, {"frame": {"steps": "", "solving": None}}) == {}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"steps": 11}, "out_of_range"),
        ({"steps": -1}, "out_of_range"),
        ({"steps": 2.5}, "bad_value"),
        ({"steps": "many"}, "bad_value"),
        ({"naps": 10}, "unknown_choice"),
        ([10], "bad_value"),
        ("10", "bad_value"),
    ],
)
def test_points_that_cannot_be(raw, code):
    frame = [one for one in asked("T2") if one.key == "frame"]

    assert problems(frame, {"frame": raw}) == [("frame", code)]


def test_a_scale_takes_its_steps_and_unsure_only_where_offered():
    ends = {"minimum": Decimal(1), "maximum": Decimal(5)}

    assert [one(Kind.SCALE, raw, **ends) for raw in (1, "5", 3.0, "3.0")] == [1, 5, 3, 3]
    assert one(Kind.SCALE, "unsure", unsure=True, **ends) == UNSURE
    for raw, code in [
        ("unsure", "bad_value"), (0, "out_of_range"), ("6", "out_of_range"), (2.5, "bad_value"),
        (True, "bad_value"), ([3], "bad_value"), ("٣", "bad_value"), ("1e2", "bad_value"),
        (float("nan"), "bad_value"), (10**5000, "bad_value"), ("9" * 5000, "bad_value"),
    ]:  # fmt: skip
        assert problems([field(Kind.SCALE, **ends)], {"q": raw}) == [("q", code)]


def test_a_number_keeps_its_range_and_steps():
    quarter = {"minimum": Decimal(0), "maximum": Decimal(24), "step": Decimal("0.25")}

    assert one(Kind.NUMBER, "3.75", **quarter) == Decimal("3.75")
    assert one(Kind.NUMBER, 0, **quarter) == 0, "nought is an answer"
    for raw, code in [("3.8", "bad_step"), ("24.25", "out_of_range"), ("-1", "out_of_range")]:
        assert problems([field(Kind.NUMBER, **quarter)], {"q": raw}) == [("q", code)]


def test_a_choice_is_one_of_the_list():
    stops = [one for one in asked("T1") if one.key == "stops"]

    assert check_draft(stops, {"stops": "n0"}) == {"stops": "n0"}
    assert problems(stops, {"stops": "n2"}) == [("stops", "unknown_choice")]
    assert problems(stops, {"stops": ["n0"]}) == [("stops", "bad_value")]


def test_none_rules_out_all_others():
    acts = [one for one in asked("T2") if one.key == "acts"]

    assert check_draft(acts, {"acts": "none"}) == {"acts": ("none",)}
    assert check_draft(acts, {"acts": ["taught", "taught"]}) == {"acts": ("taught",)}
    assert only_problem(acts, {"acts": ["taught", "none"]}) == (
        "not_with_others",
        {"option": "none"},
    )
    assert problems(acts, {"acts": ["slept"]}) == [("acts", "unknown_choice")]
    assert problems(acts, {"acts": [3]}) == [("acts", "bad_value")]
    assert problems(acts, {"acts": {"none": True}}) == [("acts", "bad_value")]


def test_a_text_is_as_long_as_it_may_be_and_no_longer():
    heard = [one for one in asked("T1") if one.key == "heard"]

    assert len(check_draft(heard, {"heard": "x" * 400})["heard"]) == 400
    assert only_problem(heard, {"heard": "x" * 401}) == ("too_long", {"max": 400, "length": 401})


def test_a_text_is_counted_in_letters_as_people_see_them():
    decomposed = "e\u0301" * 400

    assert one(Kind.TEXT, decomposed, max_length=400) == "é" * 400
    assert one(Kind.TEXT, " \r\none\r\ntwo\rthree\t\n ", max_length=20) == "one\ntwo\nthree"
    assert check_draft([field(Kind.TEXT, max_length=9)], {"q": " \n "}) == {}


def test_a_hostile_text_is_refused_at_once():
    marks = "a" + "\u0301\u0316" * 500_000

    assert problems([field(Kind.TEXT, max_length=300)], {"q": marks}) == [("q", "too_long")]


@pytest.mark.parametrize("raw", ["a\x00b", "a\ud800b", "a\x1bb"])
def test_letters_no_database_or_page_can_hold_are_refused(raw):
    assert problems([field(Kind.TEXT, max_length=300)], {"q": raw}) == [("q", "bad_character")]


def test_a_text_is_text():
    assert problems([field(Kind.TEXT, max_length=300)], {"q": 5}) == [("q", "bad_value")]


def test_a_tick_is_made_or_not_there():
    assert [one(Kind.TICK, raw) for raw in (True, "y", "on", "TRUE", "1")] == [True] * 5
    assert problems([field(Kind.TICK)], {"q": "maybe"}) == [("q", "bad_value")]
    assert problems([field(Kind.TICK)], {"q": 5}) == [("q", "bad_value")]


def test_a_date_is_a_day_of_the_calendar():
    assert one(Kind.DATE, " 2027-04-02 ") == date(2027, 4, 2)
    assert one(Kind.DATE, date(2027, 4, 2)) == date(2027, 4, 2)
    noon = datetime(2027, 4, 2, 12, tzinfo=UTC)
    for raw in ("2027-02-30", "April 2", "20270402", 20270402, "9999-12-31", "0001-01-01", noon):
        assert problems([field(Kind.DATE)], {"q": raw}) == [("q", "bad_date")]


def test_pickers_pick_only_what_is_there():
    picked = {
        Kind.ROLE: "porter",
        Kind.PORTFOLIO: "pharmacy",
        Kind.PERSON: "p1",
        Kind.OBJECTIVE: "ob1",
    }
    for kind, code in picked.items():
        assert one(kind, code) == code
        assert problems([field(kind)], {"q": "else"}) == [("q", "unknown_choice")]
        assert problems([field(kind)], {"q": ["porter"]}) == [("q", "bad_value")]
        with pytest.raises(BadAnswers):
            check_draft([field(kind)], {"q": code})
    assert one(Kind.TAGS, ["law", "finance"]) == ("finance", "law")
    assert problems([field(Kind.TAGS)], {"q": ["law", "art"]}) == [("q", "unknown_choice")]


def test_a_role_elsewhere_names_both_before_it_is_sent():
    far = [field(Kind.ROLE_AND_ORGANIZATION)]

    whole = {"q": {"role": "porter", "organization": "o1"}}
    assert check_complete(far, whole, known=KNOWN)["q"] == RoleAt("porter", "o1")
    assert check_draft(far, {"q": {"role": "porter"}}, known=KNOWN)["q"] == RoleAt("porter", "")
    half = {"q": {"role": "", "organization": "o1"}}
    assert problems(far, half, check=check_complete) == [("q", "answer_missing")]
    assert check_draft(far, {"q": {"role": "", "organization": ""}}) == {}
    assert problems(far, {"q": {"role": "boss"}}) == [("q", "unknown_choice")]
    for raw in ("porter", {"person": "p1"}):
        assert problems(far, {"q": raw}) == [("q", "bad_value")]


def test_fewer_promises_than_a_template_wants_are_too_few():
    wanting = field(Kind.COMMITMENTS, min_items=2, max_items=3, items=asked("T1")[1:2])

    assert only_problem([wanting], {"q": [{"time": "a"}]}, check=check_complete) == (
        "too_few",
        {"min": 2},
    )
    assert check_draft([wanting], {"q": [{"time": "a"}]})["q"]


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
