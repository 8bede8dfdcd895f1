"""Every part of the design system, rendered from literals."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import html5lib
import pytest

from tests.web import sheets

HERE = Path(__file__).parent
ERRORS = ("403", "404", "409", "413", "429", "500", "503")


def tree(text):
    """Parse strictly: a page with a fault in its markup is refused."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text)


@pytest.fixture(scope="module", params=["/", "/task", "/missing", "/broken"])
def page(request):
    return sheets.pages()[request.param]


def test_pages_are_valid_and_have_one_heading_and_a_title(page):
    found = tree(page)

    assert len(found.findall(".//h1")) == 1
    assert sheets.title_of(page).endswith(" – Shadowing")
    assert found.find(".//main").get("tabindex") == "-1"


def test_ids_are_unique_and_every_reference_finds_its_target(page):
    found = tree(page)
    ids = Counter(node.get("id") for node in found.iter() if node.get("id"))
    refs = {
        ref
        for node in found.iter()
        for name in ("for", "aria-describedby", "aria-labelledby", "data-counter-for")
        for ref in (node.get(name) or "").split()
    } | {node.get("href")[1:] for node in found.iter("a") if node.get("href", "").startswith("#")}

    assert [one for one, times in ids.items() if times > 1] == []
    assert refs - set(ids) == set()


def test_every_control_has_a_label(page):
    found = tree(page)
    labelled = {node.get("for") for node in found.iter("label")}
    controls = [
        node
        for kind in ("input", "select", "textarea")
        for node in found.iter(kind)
        if node.get("type") != "hidden"
    ]

    assert [node.get("name") for node in controls if node.get("id") not in labelled] == []


def test_every_form_that_changes_something_carries_a_token(page):
    posting = [one for one in tree(page).iter("form") if one.get("method") == "post"]

    assert all(one.find(".//input[@name='csrf_token']") is not None for one in posting)


def test_nothing_is_written_inline(page):
    """DESIGN section 9: no style attribute, no inline script or style, no handler, no hx-on."""
    found = tree(page)
    inline = [
        (node.tag, name)
        for node in found.iter()
        for name in node.attrib
        if name == "style" or name.startswith(("on", "hx-on")) or "js:" in node.attrib[name]
    ]

    assert inline == []
    assert found.findall(".//style") == []
    assert [node for node in found.iter("script") if not node.get("src")] == []


def test_an_error_is_said_in_the_title_in_the_summary_and_at_the_field():
    page = sheets.task_sheet()
    found = tree(page)
    summary = found.find(".//*[@class='error-summary']")
    field = found.find(".//textarea")
    told = field.get("aria-describedby").split()

    assert sheets.title_of(page).startswith("Error: ")
    assert "no-goal" in {link.get("href")[1:] for link in summary.iter("a")}
    assert field.get("aria-invalid") == "true"
    assert "no-goal-error" in told
    assert field.text.strip() == "g" * 160, "what was typed is kept, however long"


def test_a_page_without_errors_has_no_summary():
    form = sheets.SheetForm()
    summary = sheets.environment().get_template("parts/forms.html").module.error_summary(form)

    assert summary.strip() == ""
    assert not sheets.title_of(sheets.sheet()).startswith("Error")


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_has_one_way_forward(name):
    facts = {} if name in {"500", "503"} else {"shell": sheets.shell(person=None)}
    main = tree(sheets.error_page(name, **facts)).find(".//main")

    assert len(main.findall(".//a")) == 1


def test_what_was_not_expected_carries_a_number_to_quote():
    assert "7Q2K-91" in sheets.error_page("500", reference="7Q2K-91")


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = (sheets.STATIC / "vendor/lucide/sprite.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {
        name
        for page in sheets.pages().values()
        for name in re.findall(r"sprite\.svg#([^\"]+)", page)
    }

    assert used - drawn == set()


@pytest.mark.parametrize("folder", [sheets.STATIC / "vendor", HERE.parent / "vendor"])
def test_vendored_files_are_the_ones_the_manifest_names(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    recorded = {name: sum_ for one in manifest["packages"] for name, sum_ in one["files"].items()}
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }

    assert found == recorded
    assert all(f"{one['name']}/LICENSE" in recorded for one in manifest["packages"])


def test_the_script_stays_small():
    assert len((sheets.STATIC / "app.js").read_bytes()) < 6_000
