"""House rule 4: every template is reachable, and every page has a title."""

import ast
from pathlib import Path

from jinja2 import Environment, meta, nodes

from tests.house.sources import PACKAGE, ROOT, python_files, tree

TEMPLATES = ROOT / "templates"
# Letters are found by their kind; tests/house/test_mails.py counts them.
LETTERS = "mail/"


def pages(folder: Path):
    """Read every template of *folder*, by name."""
    reader = Environment(extensions=["jinja2.ext.do"], autoescape=True)
    return {
        str(file.relative_to(folder)): reader.parse(file.read_text("utf-8"))
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".html", ".txt", ".xml"}
    }


def strings(*folders: Path):
    """Collect the literal strings of the Python files below *folders*."""
    return {
        node.value
        for file in python_files(*folders)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def unreachable(templates, named):
    """Name the templates that no view and no other template asks for."""
    asked = {
        name for page in templates.values() for name in meta.find_referenced_templates(page)
    } | named
    return sorted(name for name in templates if name not in asked and not name.startswith(LETTERS))


def untitled(templates):
    """Name the pages that leave their title empty, and have nobody above who fills it."""
    for name, page in templates.items():
        parents = [node.template.value for node in page.find_all(nodes.Extends)]
        leaf = not any(name in of(other) for other in templates.values())
        if parents and leaf and not name.startswith(LETTERS) and not titled(templates, name):
            yield name


def of(page):
    """List whom *page* extends."""
    return [node.template.value for node in page.find_all(nodes.Extends)]


def titled(templates, name):
    """Say whether *name*, or a template that it extends, fills the block ``title``."""
    blocks = [block for block in templates[name].find_all(nodes.Block) if block.name == "title"]
    return any(block.body for block in blocks) or any(
        titled(templates, parent) for parent in of(templates[name]) if parent in templates
    )


def test_every_template_is_asked_for():
    assert unreachable(pages(TEMPLATES), strings(PACKAGE)) == []


def test_every_page_has_a_title():
    assert list(untitled(pages(TEMPLATES))) == []


def test_a_template_that_nobody_asks_for_is_found(tmp_path):
    (tmp_path / "layout.html").write_text("{% block title %}{% endblock %}")
    (tmp_path / "asked.html").write_text("{% extends 'layout.html' %}")

    assert unreachable(pages(tmp_path), {"asked.html"}) == []
    assert unreachable(pages(tmp_path), set()) == ["asked.html"]


def test_a_page_without_a_title_is_found(tmp_path):
    (tmp_path / "layout.html").write_text("{% block title %}{% endblock %}")
    (tmp_path / "bare.html").write_text("{% extends 'layout.html' %}")
    (tmp_path / "good.html").write_text(
        "{% extends 'layout.html' %}{% block title %}Find a shift{% endblock %}"
    )

    assert list(untitled(pages(tmp_path))) == ["bare.html"]
