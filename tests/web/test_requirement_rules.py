"""What is asked, at a coordinator's browser without scripts. Rules C7 and C9."""

import pytest

from shadowing.domain.people import Role
from tests import makers
from tests.makers import Ward
from tests.web.finding import signed_in


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    return signed_in(app, work, ward.coordinator, Role.COORDINATOR)


def test_a_coordinator_writes_a_requirement_asks_for_it_and_ends_it(browser):
    assert "Privacy training" in browser.get("/requirements/rules").words
    browser.get("/requirements/rules/new")
    bad = browser.post("/requirements/rules/new", status=422, label="Quiet shoes")
    assert {"whom", "valid", "effect"} <= set(bad.errors())
    assert bad.soup.select_one("#label")["value"] == "Quiet shoes"
    told = {"label": "Quiet shoes", "whom": "everyone", "valid": "none", "effect": "warn"}
    path = browser.post("/requirements/rules/new", **told).location
    page = browser.get(path)
    assert "Shifts that are agreed need it from Mon, Mar 22" in page.words

    browser.post(f"{path}/ask")
    assert "Ask for it no longer" in browser.get(path).words
    browser.post(f"{path}/retire")
    assert "No longer asked" in browser.get(path).words


def test_who_checks_is_named_and_removed(browser, work, ward):
    nurse = makers.person(work, ward.organization, roles=("host",), email="nurse@example.org")
    path = "/requirements/rules/TB"
    browser.get(path)
    bad = browser.post(f"{path}/checkers", status=422, email="nobody@example.org")
    assert set(bad.errors()) == {"email"}
    browser.get(path)
    browser.post(f"{path}/checkers", email="nurse@example.org")
    assert browser.get(path).form(f"{path}/checkers/{nurse}/remove")

    browser.post(f"{path}/checkers/{nurse}/remove")

    assert "Nobody yet." in browser.get(path).words


def test_others_find_no_such_page(app, work, ward):
    visitor = signed_in(app, work, ward.observer)

    visitor.get("/requirements/rules", status=404)
    visitor.get("/requirements/rules/TB", status=404)
