"""Every part of the design system, rendered from literals and looked at in a browser."""

import contextlib
import hashlib
import importlib.util
import json
import re
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("sheets", HERE / "sheets.py")
sheets = importlib.util.module_from_spec(spec)
sys.modules["sheets"] = sheets
spec.loader.exec_module(sheets)

AXE = HERE.parent / "vendor" / "axe-core" / "axe.min.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ERRORS = ("403", "404", "409", "413", "429", "500", "503", "offline")
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


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
    facts = {} if name in {"500", "503", "offline"} else {"shell": sheets.shell(person=None)}
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


class Pages(BaseHTTPRequestHandler):
    """Serves the sheets and the static files under the policy the application sends."""

    def do_GET(self):
        path, _, query = self.path.partition("?")
        kind = "text/html; charset=utf-8"
        if path.startswith("/static/"):
            file = sheets.STATIC / path.removeprefix("/static/")
            found, kind = file.read_bytes(), KINDS.get(file.suffix, "font/woff2")
        else:
            theme = "dark" if query == "theme=dark" else ""
            found = sheets.pages(theme=theme)[path].encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(found)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(found)

    def log_message(self, *_):
        """Say nothing: the test speaks."""


@pytest.fixture(scope="module")
def address():
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


@contextlib.contextmanager
def opened(browser, url, *, width, **context):
    """A page at a width, with everything the browser complained about."""
    with contextlib.closing(
        browser.new_context(viewport={"width": width, "height": 900}, **context)
    ) as window:
        tab = window.new_page()
        complaints = []
        tab.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("requestfailed", lambda request: complaints.append(request.url))
        tab.goto(url, wait_until="networkidle")
        yield tab, complaints


def wider_than_the_window(tab):
    return tab.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/task", "/missing", "/broken"])
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_nothing_is_blocked_overflows_or_shuts_anyone_out(
    browser, address, path, width, scheme
):
    with opened(browser, address + path, width=width, color_scheme=scheme) as (tab, complaints):
        tab.evaluate(AXE.read_text(encoding="utf-8"))
        report = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")

        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in report["violations"]] == []
        assert wider_than_the_window(tab) <= 0
        assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1600, 390])
def test_text_of_twice_the_size_fits_the_window(browser, address, width):
    with opened(browser, address, width=width) as (tab, _):
        tab.evaluate("document.documentElement.style.fontSize = '200%'")

        assert wider_than_the_window(tab) <= 0


@pytest.mark.slow
def test_icons_are_drawn_from_the_sprite_under_the_policy(browser, address):
    """An external <use> that the policy blocks leaves an empty box."""
    with opened(browser, address, width=1280) as (tab, _):
        box = tab.evaluate("document.querySelector('.nav .icon use').getBBox().width")

        assert box > 0


@pytest.mark.slow
def test_without_a_script_the_page_says_its_limits_and_undoes_by_form(browser, address):
    with opened(browser, address, width=390, java_script_enabled=False) as (tab, _):
        assert tab.locator(".counter").first.inner_text() == "Up to 140 characters"
        assert tab.locator(".toast button", has_text="Undo").is_visible()
        assert not tab.locator("[data-dismiss]").is_visible()


@pytest.mark.slow
def test_the_script_counts_dismisses_and_puts_the_focus_on_the_errors(browser, address):
    with opened(browser, address + "/task", width=1280) as (tab, _):
        assert tab.evaluate("document.activeElement.className") == "error-summary"
        assert tab.locator(".counter").inner_text() == "20 too many, of 140 characters"
        tab.locator("textarea").fill("g" * 10)
        assert tab.locator(".counter").inner_text() == "10 of 140 characters"
        tab.goto(address)
        tab.locator("[data-dismiss]").click()
        assert tab.locator(".toast").count() == 0


@pytest.mark.slow
def test_a_draft_saves_itself_when_a_field_is_left(browser, address):
    with opened(browser, address + "/task", width=1280) as (tab, _):
        sent = []

        def keep(route):
            sent.append(route.request.post_data)
            route.fulfill(json={"saved": "Saved 9:42 am"})

        tab.route("**/draft", keep)
        tab.locator("textarea").fill("See the first hours of a night")
        tab.locator("textarea").blur()
        tab.get_by_text("Saved 9:42 am").wait_for()

        assert "See the first hours of a night" in sent[0]
        assert "a-token" in sent[0]


@pytest.mark.slow
def test_the_theme_changes_at_once_and_is_told_to_the_server(browser, address):
    with opened(browser, address, width=1280) as (tab, _):
        tab.route("**/account/theme", lambda route: route.fulfill(status=204))
        tab.locator("summary", has_text="Account menu").click()
        with tab.expect_request("**/account/theme"):
            tab.get_by_role("button", name="Dark").click()

        assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
