from pathlib import Path

import yaml

import shadowing
from shadowing.domain.followup.answers import check_draft
from shadowing.domain.followup.lint import lint_answers, unsettled
from shadowing.domain.followup.questions import Phase, Side
from shadowing.domain.followup.templates import fields_for, forms_for, read
from shadowing.domain.followup.values import Known

REFERENCE = Path(shadowing.__file__).parent / "reference" / "reflection_templates.yaml"
TEMPLATES = read(yaml.safe_load(REFERENCE.read_text(encoding="utf-8")))
NAMES = ("Rosalind Quaye, RN",)


def t1(phase):
    forms = forms_for(TEMPLATES, chosen="T1", side=Side.OBSERVER)
    return fields_for(forms, side=Side.OBSERVER, phase=phase)


def test_every_free_text_of_a_form_is_checked_and_nothing_else():
    fields = t1(Phase.POST)
    answers = check_draft(
        fields, {"time": "Looking for room 412.", "heard": "Keys.", "stops": "n0"}
    )

    assert {
        key: [hit.text for hit in hits] for key, hits in lint_answers(fields, answers).items()
    } == {
        "time": ["room 412"],
    }


def test_promises_are_checked_part_by_part_rule_p3():
    fields = t1(Phase.DEBRIEF)
    promise = {"action": "Call Rosalind", "team": "Bed 4 crew", "tell": "By 555-0134"}
    answers = check_draft(fields, {"commit": [{"action": "Keys"}, promise]}, known=Known())

    assert set(lint_answers(fields, answers, names=NAMES)) == {
        "commit.1.action",
        "commit.1.team",
        "commit.1.tell",
    }


def test_a_hit_needs_an_edit_or_the_tick_rule_l3():
    fields = t1(Phase.POST)
    answers = check_draft(fields, {"time": "Room 412.", "heard": "Mr. H."})
    hits = lint_answers(fields, answers)

    (one,) = unsettled(hits, not_about_a_patient={"time"})

    assert (one.key, one.code) == ("heard", "patient_detail")
    assert [hit.text for hit in one.facts["hits"]] == ["Mr. H"]
    assert unsettled(hits, not_about_a_patient={"time", "heard"}) == ()
