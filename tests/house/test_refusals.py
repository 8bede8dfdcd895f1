"""House rule 3: every refusal has a code of its own and a sentence that its facts can fill."""

import ast
import importlib
import pkgutil
from collections import Counter
from string import Formatter

import pytest

import shadowing
from shadowing.domain.errors import Refusal
from shadowing.web.sentences import SENTENCES
from tests.house.sources import PACKAGE, python_files, tree

# Run by Alembic and by Python; neither can be imported.
PROGRAMS = {"shadowing.store.migrations.env", "shadowing.__main__"}


def everything_imported():
    for module in pkgutil.walk_packages(shadowing.__path__, "shadowing."):
        if module.name not in PROGRAMS and "versions" not in module.name:
            importlib.import_module(module.name)


def kinds(base=Refusal):
    """List the refusals of the product, and what they derive from."""
    below = [kind for child in base.__subclasses__() for kind in kinds(child)]
    return [base, *below]


everything_imported()
KINDS = [kind for kind in dict.fromkeys(kinds()) if kind.__module__.startswith("shadowing.")]


def raised():
    """Collect, for each name that is called with facts, the facts of every call."""
    names = {kind.__name__ for kind in KINDS}
    facts = {}
    for file in python_files(PACKAGE):
        for node in ast.walk(tree(file)):
            if not isinstance(node, ast.Call) or node.args:
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in names:
                told = {keyword.arg for keyword in node.keywords}
                facts.setdefault(name, []).append(told)
    return facts


RAISED = raised()


def unfillable(sentence, calls):
    """Name the placeholders of *sentence* that one of *calls* does not fill."""
    wanted = {name.partition(".")[0] for _, name, _, _ in Formatter().parse(sentence) if name}
    return {name for told in calls if None not in told for name in wanted - told}


def test_every_refusal_has_a_code_of_its_own():
    codes = Counter(kind.code for kind in KINDS)

    assert [code for code, times in codes.items() if times > 1] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_refusal_has_a_sentence_that_its_facts_fill(kind):
    sentence = SENTENCES[kind.code]

    assert sentence.endswith((".", "?"))
    assert unfillable(sentence, RAISED.get(kind.__name__, [])) == set()


def test_no_sentence_is_left_over():
    assert set(SENTENCES) - {kind.code for kind in KINDS} == set()


def test_a_sentence_that_cannot_be_filled_is_found():
    calls = [{"opens", "unit"}, {"unit"}]

    assert unfillable("{unit} opens on {opens.day}.", calls) == {"opens"}
    assert unfillable("{unit} is full.", calls) == set()
