"""Every rule that is built is cited by a test, in its docstring or a comment."""

import ast
import io
import re
import tokenize

import pytest

from tests.house.sources import ROOT, python_files, tree

BUILT = {"A": 10, "B": 18, "C": 10, "D": 10}
"""Topics with how many rules each has; all are built."""
OTHERS = ("N1", "N2", "N3", "N5", "N6", "N7", "N8")
NUMBERED = [f"{topic}{n}" for topic, last in BUILT.items() for n in range(1, last + 1)]
RULES = (*NUMBERED, *OTHERS)
SINGLE = re.compile(r"\b([A-Z])(\d{1,2})\b")
RANGE = re.compile(r"\b([A-Z])(\d{1,2}) (?:to|and) (?:\1)?(\d{1,2})\b")


def said(file):
    """Give the docstrings and comments of a file: code may hold the names of shifts, like D8."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node) or ""
    text = io.StringIO(file.read_text("utf-8")).readline
    for token in tokenize.generate_tokens(text):
        if token.type == tokenize.COMMENT:
            yield token.string


def cited(words):
    """List the rules that some words name, those between the ends of a range included."""
    found = {f"{topic}{int(number)}" for topic, number in SINGLE.findall(words)}
    for topic, first, last in RANGE.findall(words):
        found |= {f"{topic}{n}" for n in range(int(first), int(last) + 1)}
    return found


@pytest.fixture(scope="module")
def tested():
    """All rules that some test cites."""
    mine = [file for file in python_files(ROOT / "tests") if file.name.startswith("test_")]
    return {
        rule
        for file in mine
        if file.parent.name != "house"
        for text in said(file)
        for rule in cited(text)
    }


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_built_is_cited_by_a_test(tested, rule):
    assert rule in tested


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_cited_stands_in_the_rules(rule):
    assert f"**{rule}** " in (ROOT / "docs" / "rules.md").read_text("utf-8")


def test_a_range_names_what_lies_between():
    assert cited("Rules A2 to A4, and N2.") == {"A2", "A3", "A4", "N2"}
