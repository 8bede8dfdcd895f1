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

    visitor.get("/requirements/rules/FLU/choose", status=404)
    visitor.get("/requirements/rules", status=404)
    visitor.get("/requirements/rules/TB", status=404)


def test_a_site_picks_a_mask_instead_of_a_stop_for_influenza_rules_c4_c9(browser):
    path = "/requirements/rules/FLU"
    page = browser.get(path)
    assert "asked from October 1 to March 31" in page.words
    assert "Without it nothing is confirmed" in page.words

    page = browser.get(f"{path}/choose")
    assert "Shifts that are agreed need it from Mon, Mar 22" in page.words
    assert not page.soup.select("[name=counts_outside]")
    nothing = browser.post(f"{path}/choose", status=422, counts="0", effect="0")
    assert "That is how it is now." in nothing.words
    wrong = browser.post(f"{path}/choose", status=422, counts="0", effect="7")
    assert set(wrong.errors()) == {"effect"}
    answer = browser.post(f"{path}/choose", counts="1", effect="1")

    page = browser.get(answer.location)
    assert "asked from November 30 to March 31" in page.words
    assert "A mask is worn instead, and nobody is stopped" in page.words


def test_for_people_from_outside_a_site_may_ask_for_it_more_often_rule_c3(browser):
    path = "/requirements/rules/TB"
    page = browser.get(f"{path}/choose")
    assert not page.soup.select("[name=counts], [name=effect]")

    answer = browser.post(f"{path}/choose", counts_outside="1")

    told = "Done once, never expires. People from outside: 6 months from the day it was done"
    assert told in browser.get(answer.location).words


def test_a_rule_that_only_some_sites_have_is_not_asked_until_a_site_says_so(browser):
    path = "/requirements/rules/COVID"
    page = browser.get(path)
    assert "Not asked here" in page.words
    assert "Ask for it no longer" not in page.words
    assert "It is not asked here yet." in browser.get(f"{path}/choose").words

    answer = browser.post(f"{path}/choose", counts="2", effect="1")

    page = browser.get(answer.location)
    assert "12 months from the day it was done" in page.words
    assert "Ask for it no longer" in page.words


def test_where_the_tables_leave_no_choice_there_is_none(browser):
    assert "Choose for this site" not in browser.get("/requirements/rules/HIPAA").words
    browser.get("/requirements/rules/HIPAA/choose", status=404)
    browser.get("/requirements/rules/NONSENSE/choose", status=404)


def test_something_may_be_asked_of_those_who_join_by_video_alone_rule_b17(browser):
    page = browser.get("/requirements/rules/new")

    assert page.soup.select_one("input[name=whom][value=remote]")
