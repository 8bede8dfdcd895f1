"""People at their browsers: headless Chromium, one window each, every page they see inspected."""

import re
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
WIDE, NARROW = 1280, 390
HEIGHT = 900


@contextmanager
def chromium():
    """Run the system's own browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """Somebody at a browser; every page they come to is looked at as they arrive."""

    def __init__(self, browser, *, width, scripts="on"):
        """Open a window as wide as that, with or without JavaScript."""
        self.scripts = scripts == "on"
        self.width = width
        self.window = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            java_script_enabled=self.scripts,
            accept_downloads=True,
        )
        self.window.set_default_timeout(10_000)
        self.tab = self.window.new_page()
        self.base = ""
        self.seen = []
        self.complaints = []
        self.tab.on("console", self._hear)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, said):
        """Keep what the browser complains of; a form to mend is answered 422, which is no fault."""
        if said.type == "error" and "422" not in said.text:
            self.complaints.append(said.text)

    def arrive(self):
        """Look at the page one has come to: nothing broken, nothing too wide, axe content."""
        self.tab.wait_for_load_state("load")
        self.seen.append(self.tab.url)
        assert self.complaints == [], f"{self.tab.url}: {self.complaints}"
        if not self.scripts:
            return self
        sizes = "(({scrollWidth, scrollHeight}) => [scrollWidth, scrollHeight])"
        wide, tall = self.tab.evaluate(f"{sizes}(document.documentElement)")
        assert wide <= self.width, f"{self.tab.url} is {wide} wide in {self.width}"
        # The whole page at once: what the bar at the bottom covers now is reached by scrolling.
        self.tab.set_viewport_size({"width": self.width, "height": max(tall, HEIGHT)})
        self.tab.evaluate(AXE)
        found = self.tab.evaluate("rules => axe.run(document, rules)", RULES)
        self.tab.set_viewport_size({"width": self.width, "height": HEIGHT})
        faults = [
            f"{fault['id']}: {node['html'][:160]}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]
        assert faults == [], f"{self.tab.url}: {faults}"
        return self

    def go(self, path):
        """Open a page by its address."""
        url = path if path.startswith("http") else f"{self.base}{path}"
        answer = self.tab.goto(url)
        assert answer.status == 200, f"{url}: {answer.status}"
        return self.arrive()

    def press(self, name, *, within=None):
        """Press a button, or follow a link, by the words on it."""
        place = within or self.tab
        words = re.compile(name)
        button = place.get_by_role("button", name=words)
        (button if button.count() else place.get_by_role("link", name=words)).first.click()
        return self.arrive()

    def write(self, label, text, *, within=None):
        """Fill in a field by its label."""
        (within or self.tab).get_by_label(re.compile(label)).first.fill(text)
        return self

    def choose(self, label, *, within=None):
        """Tick a box or choose one of a few by its label; boxes may lie under their words."""
        (within or self.tab).get_by_label(re.compile(label)).first.check(force=True)
        return self

    def reads(self, words):
        """See words on the page."""
        shown = self.tab.get_by_text(re.compile(words)).locator("visible=true")
        expect(shown.first).to_be_visible()
        return self

    def enter_as(self, role):
        """Press one of the demo's buttons."""
        self.go("/sign-in")
        return self.press(f"Enter as {role}")
