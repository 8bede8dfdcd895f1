from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import shadowing
from shadowing.domain.followup.answers import check_complete, check_draft
from shadowing.domain.followup.conditions import (
    AllOf,
    AnyOf,
    ChoiceIn,
    ChoiceNotIn,
    Empty,
    Filled,
)
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
    assert one(Kind.NUMBER, 24, **quarter) == 24
    assert one(Kind.NUMBER, 7, minimum=Decimal(1), maximum=Decimal(9), step=Decimal(3)) == 7
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


def conditional(condition):
    frame = [one for one in asked("T2") if one.key in {"acts", "parts"}]
    return [*frame, field(Kind.TEXT, max_length=9, show_if=condition)]


def shown(condition, **raw):
    return "q" in check_draft(conditional(condition), {"q": "yes", **raw})


def test_a_condition_looks_at_any_of_several_choices():
    taught = ChoiceIn("acts", frozenset({"taught", "changed_step"}))
    elsewhere = ChoiceNotIn("acts", frozenset({"taught"}))

    assert shown(taught, acts=["set_direction", "taught"])
    assert not shown(taught, acts=["set_direction"])
    assert not shown(taught)
    assert shown(elsewhere, acts=["set_direction"])
    assert not shown(elsewhere, acts=["set_direction", "taught"])
    assert not shown(elsewhere), "nothing chosen is not another choice"


def test_conditions_are_joined_by_all_and_any():
    both = AllOf((Filled("acts"), Empty("parts")))
    either = AnyOf((Filled("acts"), Empty("parts")))

    assert both.fields() == either.fields() == {"acts", "parts"}
    assert shown(both, acts=["taught"])
    assert not shown(both, acts=["taught"], parts=["space"])
    assert shown(either, acts=["taught"], parts=["space"])
    assert not shown(either, parts=["space"])
