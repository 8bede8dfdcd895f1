"""The sheets of parts in headless Chromium, under the policy the application sends."""

import contextlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.web import sheets

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


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


@pytest.mark.slow
def test_a_theme_that_was_chosen_beats_the_device(browser, address):
    with (
        opened(browser, address, width=390, color_scheme="light") as (device, _),
        opened(browser, address + "?theme=dark", width=390, color_scheme="light") as (chosen, _),
    ):
        color = "getComputedStyle(document.body).backgroundColor"

        assert device.evaluate(color) == "rgb(247, 245, 240)"
        assert chosen.evaluate(color) == "rgb(17, 21, 19)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "answer", "focused"),
    [
        (200, "<h2 tabindex='-1' data-focus>Tuesday</h2><p data-announce>3 shifts</p>", "h2"),
        (422, "<div class='error-summary' tabindex='-1'>Enter a goal</div>", ".error-summary"),
    ],
)
def test_part_of_a_page_is_replaced_and_the_focus_follows(
    browser, address, status, answer, focused
):
    with opened(browser, address, width=1280) as (tab, complaints):
        place = f"<section id='found'>{answer}</section>"
        tab.route(re.compile(r"day=9"), lambda route: route.fulfill(status=status, body=place))
        tab.evaluate("document.querySelector('.error-summary').remove()")
        tab.locator(".strip a", has_text="Tue").evaluate("link => (link.click(), link.blur())")
        tab.locator(f"#found {focused}:focus").wait_for()

        assert tab.url.endswith("/shifts?day=9")
        assert [said for said in complaints if "status of 422" not in said] == []
        assert status == 422 or tab.locator("#live").inner_text() == "3 shifts"


@pytest.mark.slow
def test_on_paper_a_page_loses_its_navigation_and_turns_light(browser, address):
    with opened(browser, address, width=800, color_scheme="dark") as (tab, _):
        tab.emulate_media(media="print")

        assert not tab.locator(".nav").is_visible()
        assert not tab.locator(".toast").is_visible()
        assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
