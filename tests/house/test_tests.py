"""House rule 8: no function in tests/ that is never collected, never used or asserts nothing."""

import ast
import re

import pytest

from tests.house.sources import ROOT, python_files, tree

FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
CHECKS = {"raises", "fail", "expect", "warns"}


def called(node):
    """Name whatever *node* calls, by its last word."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Name):
                yield call.func.id
            elif isinstance(call.func, ast.Attribute):
                yield call.func.attr


def asserting(functions):
    """Name the functions that assert, themselves or through another one of ours."""
    known = {
        name
        for name, node in functions
        if any(isinstance(part, ast.Assert) for part in ast.walk(node)) or CHECKS & {*called(node)}
    }
    while more := {name for name, node in functions if known & {*called(node)}} - known:
        known |= more
    return known


def called_by_pytest(node):
    """Say whether pytest calls it without being asked: a hook, or a fixture for everyone."""
    return node.name.startswith("pytest_") or "autouse" in ast.unparse(node).partition("def ")[0]


def misplaced(file, module):
    """Name tests that pytest will never collect where they stand."""
    for parent in ast.walk(module):
        at_home = isinstance(parent, ast.Module) or (
            isinstance(parent, ast.ClassDef) and parent.name.startswith("Test")
        )
        for node in ast.iter_child_nodes(parent):
            is_test = isinstance(node, FUNCTION) and node.name.startswith("test_")
            if is_test and not (at_home and file.name.startswith("test_")):
                yield f"{file.name}: {node.name} is never collected"


def idle(folder):
    """Say what in *folder* looks like a test and proves nothing."""
    files = {file: tree(file) for file in python_files(folder)}
    functions = [
        (node.name, node)
        for module in files.values()
        for node in ast.walk(module)
        if isinstance(node, FUNCTION)
    ]
    proving = asserting(functions)
    words = re.findall(r"\w+", "\n".join(file.read_text("utf-8") for file in files))
    for file, module in files.items():
        yield from misplaced(file, module)
        for node in module.body:
            if not isinstance(node, FUNCTION):
                continue
            if node.name.startswith("test_"):
                if node.name not in proving:
                    yield f"{file.name}: {node.name} asserts nothing"
            elif words.count(node.name) == 1 and not called_by_pytest(node):
                yield f"{file.name}: {node.name} is never used"


def test_every_test_is_collected_and_asserts():
    assert list(idle(ROOT / "tests")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def test_a(): assert 1", []),
        ("def check(x): assert x\ndef test_a(): check(1)", []),
        ("def test_a():\n    with pytest.raises(KeyError): {}[1]", []),
        ("@pytest.fixture\ndef page(): assert 1\ndef test_a(page): page()", []),
        ("def test_a(): print(1)", ["test_a asserts nothing"]),
        ("class A:\n    def test_a(self): assert 1", ["test_a is never collected"]),
        ("def f():\n    def test_a(): assert 1\nf()", ["test_a is never collected"]),
        ("def check(x): assert x", ["check is never used"]),
        ("@pytest.fixture\ndef page(): pass", ["page is never used"]),
        ("@pytest.fixture(autouse=True)\ndef page(): pass", []),
    ],
)
def test_what_proves_nothing_is_found(tmp_path, text, found):
    (tmp_path / "test_sample.py").write_text(text)

    assert list(idle(tmp_path)) == [f"test_sample.py: {fault}" for fault in found]


def test_a_test_in_a_file_of_another_name_is_found(tmp_path):
    (tmp_path / "sample.py").write_text("def test_a(): assert 1")

    assert list(idle(tmp_path)) == ["sample.py: test_a is never collected"]
