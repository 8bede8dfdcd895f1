"""Somebody at a browser without scripts: keeps cookies, presses buttons, and inspects each page."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import html5lib
from bs4 import BeautifulSoup

UNLABELLED = {"hidden", "submit", "button"}


@dataclass(frozen=True)
class Page:
    """One answer."""

    path: str
    status: int
    headers: dict
    text: str
    soup: BeautifulSoup

    @property
    def location(self):
        """Where it sends the browser."""
        return self.headers.get("Location", "")

    @property
    def words(self):
        """All that can be read on it."""
        return " ".join(self.soup.get_text(" ").split())

    def errors(self):
        """Give what stands at each field that has to be mended."""
        found = self.soup.select(".error-msg")
        return {
            mark["id"].removesuffix("-error"): mark.get_text().strip().removeprefix("Error: ")
            for mark in found
        }

    def form(self, action):
        """Find the form that is sent to *action*."""
        forms = [
            one for one in self.soup("form") if urljoin(self.path, one.get("action")) == action
        ]
        assert forms, f"{self.path} has no form for {action}"
        return forms[0]


def faults(page):
    """List what is wrong with the markup of *page*, whatever it says."""
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.text)
    soup = page.soup
    if len(soup("h1")) != 1:
        yield f"{len(soup('h1'))} h1"
    if soup.title is None or not soup.title.get_text().partition(" – ")[0].strip():
        yield "no title"
    yield from (f"id {name} twice" for name, n in ids(soup).items() if n > 1)
    labels = {label.get("for") for label in soup("label")}
    for field in soup(["input", "select", "textarea"]):
        named = field.get("id") in labels or field.get("aria-label")
        if field.get("type") not in UNLABELLED and not named:
            yield f"no label: {field}"
    for form in soup("form"):
        if form.get("method", "get").lower() == "post" and not form.select("[name=csrf_token]"):
            yield f"no token: {form.get('action')}"
    inline = [*soup("style"), *soup.select("[style]"), *soup.select("script:not([src])")]
    yield from (f"inline: {part}" for part in inline)
    handlers = [name for part in soup.select("*") for name in part.attrs if name.startswith("on")]
    yield from (f"inline: {name}" for name in handlers)


def ids(soup):
    """Count every id."""
    return Counter(part["id"] for part in soup.select("[id]"))


class Visitor:
    """Somebody at a browser."""

    def __init__(self, app, *, base="http://127.0.0.1:8000", address="192.0.2.1"):
        """Open a browser with no cookies."""
        self.client = app.test_client()
        self.base = base
        self.address = address
        self.page = None

    def get(self, path, *, status=200, **more):
        """Ask for a page, and inspect it."""
        return self._see(path, self._open(path, method="GET", **more), status)

    def post(self, path, *, status=303, token=True, **fields):
        """Send a form, with the token of the page in sight."""
        if token and "csrf_token" not in fields:
            fields["csrf_token"] = self.token()
        return self._see(path, self._open(path, method="POST", data=fields), status)

    def send(self, path, *, status, **more):
        """Send anything at all."""
        return self._see(path, self._open(path, method="POST", **more), status)

    def token(self):
        """Give the token of the page in sight, or of one that anybody can open."""
        for path in ("", "/sign-in", "/account"):
            page = self.get(path, status=None) if path else self.page
            found = page.soup.select("[name=csrf_token]") if page else ()
            if found:
                return found[0]["value"]
        raise AssertionError("no page has a token")

    def cookie(self, name="shadowing"):
        """Give the session cookie."""
        kept = self.client.get_cookie(name, domain=urlsplit(self.base).hostname)
        return kept.value if kept else None

    def bring(self, value, name="shadowing"):
        """Put a cookie into the browser by hand."""
        self.client.set_cookie(name, value, domain=urlsplit(self.base).hostname)

    def _open(self, path, **more):
        where = {"base_url": self.base, "environ_overrides": {"REMOTE_ADDR": self.address}}
        where["headers"] = {"Referer": self.base + quote(self.page.path if self.page else "/")}
        return self.client.open(path, **{**where, **more})

    def _see(self, path, answer, status):
        with answer:
            text = answer.get_data(as_text=True)
        soup = BeautifulSoup(text, "html.parser")
        page = Page(path, answer.status_code, answer.headers, text, soup)
        expected = page.status < 500 if status is None else page.status == status
        assert expected, f"{path}: {page.status}\n{page.words[:400]}"
        if text and answer.mimetype == "text/html" and not page.location:
            assert list(faults(page)) == [], path
            self.page = page
        elif page.location:
            self.page = None
        return page
