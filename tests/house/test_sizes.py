"""House rule 7: no file over 400 lines, no function over 40."""

import ast

import pytest

from tests.house.sources import PACKAGE, ROOT, python_files, tree

FILE, FUNCTION = 400, 40
# A migration is a record: made once, read from top to bottom, never edited.
RECORDS = PACKAGE / "store" / "migrations" / "versions"


def too_long(files):
    """Name each file and each function that no longer fits a reader's head."""
    for file in files:
        module = tree(file)
        lines = len(file.read_text("utf-8").splitlines())
        if lines > FILE:
            yield f"{file.name}: {lines} lines"
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > FUNCTION:
                    yield f"{file.name}: {node.name}, {lines} lines"


def test_no_file_and_no_function_is_too_long():
    folders = (ROOT / name for name in ("shadowing", "tests", "bench", "tools"))
    files = [file for file in python_files(*folders) if file.parent != RECORDS]

    assert list(too_long(files)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 1\n" * 400, []),
        ("x = 1\n" * 401, ["sample.py: 401 lines"]),
        ("def f():\n" + "    x = 1\n" * 39, []),
        ("def f():\n" + "    x = 1\n" * 40, ["sample.py: f, 41 lines"]),
        ("class C:\n    def m(self):\n" + "        x = 1\n" * 40, ["sample.py: m, 41 lines"]),
    ],
)
def test_what_is_too_long_is_found(tmp_path, text, found):
    sample = tmp_path / "sample.py"
    sample.write_text(text)

    assert list(too_long([sample])) == found
