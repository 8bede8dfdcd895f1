"""Every page of every role, every form on it: whatever is sent, nothing breaks (S8).

The demo hospital is walked by its own links, as each of its roles; then every form that was seen
is sent with hostile values in every field, and every address is asked for with hostile queries.
"""

import re
from datetime import date
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest

from shadowing.services import demo
from tests.web.conftest import build
from tests.web.test_hostile_input import HOSTILE
from tests.web.visits import Visitor

pytestmark = pytest.mark.slow

ROLES = ("observer", "host", "unit_manager", "coordinator", "hr", "sysadmin")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST = 80
WORST = tuple(HOSTILE[number] for number in (0, 5, 2, 10, 4, 14, 7, 15))
QUERIES = ("week", "day", "shift", "page", "tab", "state", "role", "unit", "first", "answer", "x")
NOT_WALKED = ("/sign-out", "/static", "/account/role", "/sign-in", "/api")


@pytest.fixture
def app(work, tmp_path):
    demo.load(work, password=None, today=date(2027, 3, 8))
    return build(work, tmp_path, env="demo")


def kind(path):
    """Name what kind of page an address leads to: ids and days are all alike."""
    return re.sub(r"\d{4}-\d\d-\d\d", "D", ID.sub("{id}", path))


class Walk:
    """One role's walk through all pages it is led to."""

    def __init__(self, app, role):
        """Enter by the demo's door."""
        self.visitor = Visitor(app)
        self.visitor.get("/sign-in")
        self.visitor.post("/sign-in/as", role=role)
        self.pages, self.forms = [], {}

    def all_pages(self):
        """Follow every link, a few pages of each kind, and keep every kind of form."""
        waiting, known, per_kind = ["/"], {"/"}, {}
        while waiting and len(self.pages) < MOST:
            path = waiting.pop(0)
            page = self.visitor.get(path, status=None)
            assert page.status in {200, 303}, f"a link leads to {path}: {page.status}"
            self.pages.append(path)
            for link in page.soup.select("a[href]"):
                target = urljoin(path, link["href"]).partition("#")[0]
                alike = kind(target)
                if target in known or per_kind.get(alike, 0) >= 3 or not ours(target):
                    continue
                known.add(target)
                per_kind[alike] = per_kind.get(alike, 0) + 1
                waiting.append(target)
            for form in page.soup("form"):
                action = urljoin(path, form.get("action") or path)
                names = {each["name"] for each in form.select("[name]")} - {"csrf_token"}
                if form.get("method", "get").lower() == "post" and ours(action):
                    self.forms.setdefault(kind(action), (action, sorted(names)))
        return self


def ours(path):
    """Say whether a link stays on pages that can be walked without leaving."""
    return path.startswith("/") and not urlsplit(path).path.startswith(NOT_WALKED)


@pytest.mark.parametrize("role", ROLES)
def test_no_page_and_no_form_of_any_role_breaks(app, role):
    walk = Walk(app, role).all_pages()
    assert len(walk.pages) > 3
    for path in sorted({kind(path): path for path in walk.pages}.values()):
        for text in WORST[::2]:
            query = dict.fromkeys(QUERIES, text)
            walk.visitor.get(path.partition("?")[0], status=None, query_string=query)
    for action, names in walk.forms.values():
        for text in WORST:
            walk.visitor.get("/account", status=None)
            walk.visitor.post(action, status=None, **dict.fromkeys(names, text))
        walk.visitor.get("/account", status=None)
        walk.visitor.post(action, status=None)


@pytest.mark.parametrize("role", ROLES)
def test_an_id_of_nobodys_is_not_found_anywhere(app, role):
    """Rule P1: unknown and foreign look the same."""
    walk = Walk(app, role).all_pages()
    with_ids = {kind(path): path for path in walk.pages if ID.search(urlsplit(path).path)}
    for path in with_ids.values():
        asked = walk.visitor.get(ID.sub(str(uuid4()), path), status=None)
        assert asked.status == 404, path
    for action, names in walk.forms.values():
        if ID.search(action):
            walk.visitor.get("/account")
            unknown = ID.sub(str(uuid4()), action)
            asked = walk.visitor.post(unknown, status=None, **dict.fromkeys(names, "1"))
            assert asked.status == 404, action
