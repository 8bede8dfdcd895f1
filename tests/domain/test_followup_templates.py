import copy
import json
from pathlib import Path

import pytest
import yaml

import shadowing
from shadowing.domain.errors import NotFound
from shadowing.domain.followup.questions import Act, Kind, Phase, Readers, Side
from shadowing.domain.followup.reading import BadTemplate
from shadowing.domain.followup.templates import (
    fields_for,
    forms_for,
    promise_fields,
    read,
    read_kept,
)

REFERENCE = Path(shadowing.__file__).parent / "reference" / "reflection_templates.yaml"
TABLE = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))


@pytest.fixture
def templates():
    return read(TABLE)


def keys(templates, code, side, phase):
    forms = forms_for(templates, chosen=code, side=side)
    return [field.key for field in fields_for(forms, side=side, phase=phase)]


def question(table, template, key):
    """Find one question in the raw table, to spoil it."""
    rows = next(one for one in table["templates"] if one["code"] == template)["fields"]
    return next(row for row in rows if row["key"] == key)


def test_the_reference_table_is_read_whole(templates):
    assert [template.code for template in templates.all] == ["T1", "T2", "T3", "T4", "T5"]
    assert templates.default == "T1"
    assert (templates.min_people, templates.verbatim_min_people) == (5, 10)
    assert "{incident_url}" in templates.notice
    assert len(templates.looks_for) == 9


def test_every_template_takes_three_to_six_minutes_rule_l1(templates):
    assert all(3 <= template.minutes <= 6 for template in templates.all)


def test_the_observer_is_asked_before_after_and_at_the_debrief(templates):
    assert keys(templates, "T1", Side.OBSERVER, Phase.PRE) == ["expect", "know_pre"]
    assert keys(templates, "T1", Side.OBSERVER, Phase.POST) == [
        "know_post", "time", "stops", "causes", "contra", "mine", "mine_portfolio", "heard",
        "better", "phi_ok",
    ]  # fmt: skip
    assert keys(templates, "T1", Side.OBSERVER, Phase.DEBRIEF) == ["commit", "nocommit", "phi_ok"]


@pytest.mark.parametrize("code", ["T3", "T4"])
def test_templates_without_promises_borrow_them(templates, code):
    assert keys(templates, code, Side.OBSERVER, Phase.DEBRIEF)[-3:] == [
        "commit",
        "nocommit",
        "phi_ok",
    ]


def test_every_observer_is_asked_for_promises_or_the_reason_for_none_rule_f7(templates):
    for code, promises, reason in [
        ("T1", "commit", "nocommit"),
        ("T2", "clear", "clear_none"),
        ("T3", "commit", "nocommit"),
        ("T4", "commit", "nocommit"),
    ]:
        forms = forms_for(templates, chosen=code, side=Side.OBSERVER)
        asked = fields_for(forms, side=Side.OBSERVER, phase=Phase.DEBRIEF)
        found = promise_fields(asked)

        assert [field.key for field in found] == [promises, reason]
        assert [item.key for item in found[0].items] == [
            "action", "kind", "owner", "team", "due", "tell",
        ]  # fmt: skip


def test_promises_without_a_question_for_the_reason_are_not_the_pair_rule_f7(templates):
    forms = forms_for(templates, chosen="T1", side=Side.OBSERVER)
    asked = fields_for(forms, side=Side.OBSERVER, phase=Phase.DEBRIEF)

    assert promise_fields([one for one in asked if one.key != "nocommit"]) is None


def test_the_host_is_asked_for_no_promises(templates):
    forms = forms_for(templates, chosen="T1", side=Side.HOST)

    assert promise_fields(fields_for(forms, side=Side.HOST, phase=Phase.POST)) is None
    assert fields_for(forms, side=Side.HOST, phase=Phase.DEBRIEF) == ()


def test_the_host_always_has_t5_and_the_frame_when_the_observer_has_t2(templates):
    with_t1 = keys(templates, "T1", Side.HOST, Phase.POST)
    with_t2 = keys(templates, "T2", Side.HOST, Phase.POST)

    for chosen, answered in [("T1", ["T5"]), ("T2", ["T5", "T2"]), ("T4", ["T5"])]:
        forms = forms_for(templates, chosen=chosen, side=Side.HOST)
        assert [template.code for template in forms] == answered
    assert with_t1[0] == "cost"
    assert "frame_host" not in with_t1
    assert with_t2 == [*with_t1[:-1], "frame_host", "phi_ok"]
    assert "frame_host" not in keys(templates, "T2", Side.OBSERVER, Phase.POST)
    assert keys(templates, "T1", Side.HOST, Phase.PRE) == ["know_host_pre"]


def test_what_is_sent_ends_with_the_required_tick_rule_l3(templates):
    for code in ("T1", "T2", "T3", "T4"):
        for side in Side:
            forms = forms_for(templates, chosen=code, side=side)
            last = fields_for(forms, side=side, phase=Phase.POST)[-1]

            assert (last.key, last.kind, last.required) == ("phi_ok", Kind.TICK, True)
            assert last.filled_by == side


def test_a_question_carries_who_may_read_it_section_3_1(templates):
    t5 = {field.key: field for field in templates.named("T5").fields}

    assert t5["cost"].readers == {Readers.COUNTED, Readers.COORDINATOR}
    assert t5["cost"].never_to == {"observer"}
    assert (t5["want"].release.to, t5["want"].release.by) == (Readers.HR, Act.AUTHOR_TICKS)
    assert t5["better_host"].deliver_to is Readers.COORDINATOR
    assert [option.code for option in t5["skill"].options][:2] == ["listen", "set_direction"]
    assert t5["skill"].step_of_four == 1


def test_options_keep_the_order_of_the_table(templates):
    stops = next(field for field in templates.named("T1").fields if field.key == "stops")

    assert stops.codes == ("n0", "n1_3", "n4_10", "n11", "unsure")


def test_there_is_no_template_but_those_and_t5_is_for_hosts(templates):
    with pytest.raises(NotFound):
        forms_for(templates, chosen="T9", side=Side.OBSERVER)
    with pytest.raises(NotFound):
        forms_for(templates, chosen="T5", side=Side.OBSERVER)


def test_a_kept_source_gives_the_very_template_back(templates):
    for template in templates.all:
        assert read_kept(template.source) == template


def test_the_version_changes_with_any_part_of_the_content_and_with_nothing_else(templates):
    before = {template.code: template.version for template in templates.all}
    changed = copy.deepcopy(TABLE)
    question(changed, "T1", "commit")["help"] = "Small."
    changed["skills"]["listen"] = "Listening first"
    changed["notice"] = "Another notice."
    after = {template.code: template.version for template in read(changed).all}

    assert {code for code in before if before[code] != after[code]} == {"T1", "T3", "T4", "T5"}


SPOILED = {
    "a field type nobody knows": lambda row: row.update(type="stars"),
    "a visibility code nobody knows": lambda row: row.update(vis=["ALL"]),
    "nobody to read it": lambda row: row.update(vis=[]),
    "a release act nobody knows": lambda row: row.update(release={"to": "H", "by": "asking"}),
    "a reader nobody knows": lambda row: row.update(never_to=["boss"]),
    "a phase nobody knows": lambda row: row.update(phase="later"),
    "an author nobody knows": lambda row: row.update(filled_by="visitor"),
    "a key nobody knows": lambda row: row.update(secret=True),
    "a text without a limit": lambda row: row.pop("max"),
    "a limit that is no number": lambda row: row.update(max="many"),
    "a limit that is yes": lambda row: row.update(max=True),
    "no prompt": lambda row: row.pop("prompt"),
    "required that is no yes or no": lambda row: row.update(required="yes"),
    "a condition nobody knows": lambda row: row.update(required_if={"weather": "fine"}),
    "a condition on neither": lambda row: row.update(required_if={"field": "mine", "is": "odd"}),
    "a condition on no question": lambda row: row.update(required_if={"field": "x", "is": "empty"}),
    "a condition on another phase": lambda row: row.update(
        show_if={"any": [{"field": "expect", "is": "filled"}]},
    ),
    "read back at no time": lambda row: row.update(check_at="lunch"),
    "options for the text": lambda row: row.update(type="choice", options={}),
    "a scale upside down": lambda row: row.update(type="scale", min=5, max=1, low="a", high="b"),
    "a scale that ends in a word": lambda row: row.update(
        type="scale",
        min=1,
        max="five",
        low="a",
        high="b",
    ),
    "a choice ruled out that is none": lambda row: row.update(
        type="multi",
        options={"a": "A"},
        exclusive=["b"],
    ),
    "codes that are no texts": lambda row: row.update(vis=[True]),
    "a seal on what is not shared": lambda row: row.update(sealed_with="frame"),
    "the key of another": lambda row: row.update(key="time"),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_a_question_that_says_something_unknown_is_refused(spoil):
    table = copy.deepcopy(TABLE)
    spoil(question(table, "T1", "contra"))

    with pytest.raises(BadTemplate) as refused:
        read(table)

    assert set(refused.value.facts) == {"where", "problem"}


def test_a_table_that_lacks_a_part_is_refused():
    for part in ("notice", "aggregate", "closing", "borrow", "commitment_item", "skills"):
        with pytest.raises(BadTemplate):
            read({key: value for key, value in TABLE.items() if key != part})


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("default_template", "T9"),
        ("borrow", {"from": "T9", "keys": ["commit"], "add_to": ["T3"]}),
        ("borrow", {"from": "T1", "keys": ["commit", "other"], "add_to": ["T3"]}),
        ("aggregate", {"min_people": "five", "verbatim_min_people": 10}),
        ("closing", ["phi_ok"]),
        ("templates", [{"name": "No code"}]),
        ("templates", [*TABLE["templates"], TABLE["templates"][0]]),
    ],
)
def test_a_table_that_points_nowhere_is_refused(part, value):
    with pytest.raises(BadTemplate):
        read({**TABLE, part: value})


def test_hosts_need_their_template():
    rest = [row for row in TABLE["templates"] if row["code"] != "T5"]

    with pytest.raises(BadTemplate):
        read({**TABLE, "templates": rest})


def test_a_table_with_more_than_plain_data_is_refused():
    table = copy.deepcopy(TABLE)
    question(table, "T1", "contra")["help"] = object()

    with pytest.raises(BadTemplate):
        read(table)


def test_a_number_may_go_in_steps():
    source = json.loads(read(TABLE).named("T1").source)
    source["template"]["fields"].append(
        {
            "key": "hours",
            "prompt": "Hours counted",
            "type": "number",
            "min": 0,
            "max": 24,
            "step": 0.25,
            "required": False,
            "vis": ["R"],
            "filled_by": "preceptor",
            "phase": "post",
        },
    )

    hours = read_kept(json.dumps(source)).fields[-1]

    assert (float(hours.minimum), float(hours.maximum), float(hours.step)) == (0, 24, 0.25)
