"""A coordinator's exceptions at a browser without scripts."""

import pytest

from shadowing.store.tables import people
from tests.makers import Ward
from tests.web.finding import change
from tests.web.test_shift_moves import browser, said
from tests.web.test_shifts import OBSERVER, named


@pytest.fixture
def ward(work):
    ward = named(Ward(work))
    change(work, people.person, ward.observer, email="orla@example.org")
    return ward


def test_one_is_given_listed_and_ended(app, ward):
    """Rules B4, P6, F11."""
    visitor = browser(app, ward, "coordinator")
    assert "No exceptions" in visitor.get("/exceptions").words
    fields = {"person": "orla@example.org", "day": "2027-03-12", "reason": "The board meets."}
    answer = visitor.post("/exceptions", kind="notice", **fields)
    assert "Allowed." in said(visitor, answer)

    page = visitor.get("/exceptions")
    assert f"{OBSERVER}: shorter notice, for one day" in page.words
    (form,) = [one for one in page.soup("form") if one["action"].endswith("/end")]
    answer = visitor.post(form["action"])

    assert "Ended." in said(visitor, answer)
    assert "No exceptions" in visitor.get("/exceptions").words
    assert visitor.post(form["action"], status=404)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "kind"),
        ({"kind": "notice", "person": "x@example.org", "reason": "Why."}, "person"),
        ({"kind": "notice", "person": "orla@example.org", "reason": "Why."}, "day"),
        ({"kind": "promise", "person": "orla@example.org", "reason": "Why."}, "until"),
        ({"kind": "line", "person": "orla@example.org", "reason": "Why."}, "host"),
        ({"kind": "notice", "person": "orla@example.org", "day": "2027-03-12"}, "reason"),
    ],
)
def test_what_is_missing_is_said_at_its_field(app, ward, fields, field):
    visitor = browser(app, ward, "coordinator")
    visitor.get("/exceptions")

    page = visitor.post("/exceptions", status=422, **fields)

    assert field in page.errors()


@pytest.mark.parametrize("part", ["observer", "host", "manager"])
def test_nobody_else_finds_the_page(app, ward, part):
    """Rule P1."""
    browser(app, ward, part).get("/exceptions", status=404)
