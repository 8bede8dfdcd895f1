"""Words for answers: what is wrong, who reads them, when they are wanted."""

import pytest

from shadowing.adapters import reference
from shadowing.domain.followup import templates
from shadowing.domain.followup.conditions import (
    AllOf,
    AnyOf,
    ChoiceIn,
    ChoiceNotIn,
    Empty,
    Filled,
    LayersDone,
)
from shadowing.domain.followup.problems import Problem
from shadowing.domain.followup.questions import Field, Kind, Option, Phase, Readers
from shadowing.services.followup.pickers import Pickers
from shadowing.services.followup.sheets import Face
from shadowing.web.followup import words
from shadowing.web.followup.questions import Questions

NADIA = Face(None, "Nadia Ferrowby", "Nadia", "Chief Operating Officer", "a")
ROSALIND = Face(None, "Rosalind Okonjo-Vale, RN", "Rosalind", "Charge nurse", "c")
FACTS = {"max": 3, "min": 1, "length": 9, "step": 2, "total": 10, "sum": 8, "option": "none"}


def field(key="q", **more):
    plain = {"kind": Kind.TEXT, "prompt": f"What is {key}?", "row": key, "filled_by": "observer"}
    return Field(
        key=key, **(plain | {"phase": Phase.POST, "readers": frozenset({Readers.AUTHOR})} | more)
    )


CHOICE = field("edge", kind=Kind.CHOICE, options=(Option("a", "Shift"), Option("none", "None")))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            ChoiceIn("edge", frozenset({"a"})),
            "Answer this if you chose “Shift” for “What is edge?”.",
        ),
        (
            ChoiceNotIn("edge", frozenset({"none"})),
            "Answer this if you chose anything but “None” for “What is edge?”.",
        ),
        (Filled("edge"), "Answer this if you answered “What is edge?”."),
        (Empty("edge"), "Answer this if you left empty “What is edge?”."),
        (
            AnyOf((Filled("edge"), Empty("edge"))),
            "Answer this if you answered “What is edge?” or you left empty “What is edge?”.",
        ),
        (AllOf((Filled("edge"), LayersDone(frozenset({"x"})))), "Answer this if you answered"),
        (ChoiceIn("gone", frozenset({"a"})), ""),
        (None, ""),
    ],
)
def test_when_a_question_wants_an_answer_is_said_for_a_page_that_hides_nothing(condition, said):
    found = words.when(field(required_if=condition), (CHOICE,))

    assert found.startswith(said)
    assert bool(found) == bool(said)


@pytest.mark.parametrize("code", [*words.WRONG, "answer_missing", "not_with_others", "new_code"])
def test_every_problem_has_a_sentence(code):
    for question in (CHOICE, None):
        said = words.wrong(Problem("q", code, FACTS), question)

        assert said[0].isupper()
        assert said[-1] in ".?"
        assert "{" not in said


def test_the_readers_of_every_question_are_said_and_fit_its_codes():
    """Rule L2: beside each field, for every shipped template."""
    for template in templates.read(reference.load().reflections).all:
        for each in template.fields:
            other = NADIA if each.filled_by == "host" else ROSALIND
            said = words.readers(each, other=other)
            assert said.endswith(".")
            assert (f"{other.first} reads this" in said) == (Readers.OTHER in each.readers)
            assert said.startswith("Only you") == (each.readers == {Readers.AUTHOR})
            shown = "the coordinator" in said.lower()
            assert shown == (Readers.COORDINATOR in each.readers or each.deliver_to is not None)


def test_what_the_observer_never_sees_is_said_to_the_host():
    host_again = field(readers=frozenset({Readers.COORDINATOR}), never_to=frozenset({"observer"}))

    assert words.readers(host_again, other=NADIA).endswith("Nadia never sees it.")
    assert "preceptor" in words.readers(field(readers=frozenset({Readers.PRECEPTOR})), other=NADIA)


def test_numbers_and_tags_have_their_controls(app):
    """The engine takes every kind of question; no shipped form asks these two yet."""
    number = field("hours", kind=Kind.NUMBER, minimum=0, maximum=24)
    tags = field("tags", kind=Kind.TAGS)
    with app.test_request_context(method="POST", data={"q-hours": "7.5", "q-tags": "x"}):
        asked = Questions((number, tags), other=NADIA, pickers=Pickers((), (), (), ()), typed={})

        assert asked.given({}).raw == {"hours": "7.5", "tags": ["x"]}
        asked.mend((Problem("gone", "unknown_field"),), fine={})
        assert asked.form.form_errors == ["Leave this out. It is not on the form."]
