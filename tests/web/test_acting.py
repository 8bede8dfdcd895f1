"""Booking for somebody at a browser without scripts."""

import pytest

from shadowing.store.tables import people
from tests import makers
from tests.makers import Ward
from tests.web.finding import GOAL, change, choose, signed_in
from tests.web.test_shift_moves import browser, said
from tests.web.test_shifts import OBSERVER, named


@pytest.fixture
def ward(work):
    ward = named(Ward(work))
    change(work, people.person, ward.observer, email="orla@example.org")
    ward.assistant = makers.person(
        work, ward.organization, email="ari@example.org", name="Ari Loft"
    )
    return ward


def test_an_administrator_names_somebody_who_then_books_for_them(app, ward):
    """Rule B18: picked at the top of Find a shift; recorded as done by them."""
    visitor = browser(app, ward, "observer")
    visitor.get("/book-for")
    answer = visitor.post("/book-for/name", email="ari@example.org")
    assert "Named." in said(visitor, answer)
    slot_id = ward.slot(mode="auto")

    assistant = signed_in(app, ward.work, ward.assistant)
    page = assistant.get("/shifts")
    assert f"Book for {OBSERVER}" in page.words
    assistant.post("/book-for", person=str(ward.observer))
    assert f"You book for {OBSERVER}." in assistant.get("/shifts?day=2027-03-22").words
    choose(assistant, slot_id, goal=GOAL)
    assistant.get(f"/slots/{slot_id}/check")
    answer = assistant.post(f"/slots/{slot_id}/check", agree="y")
    page = assistant.get(answer.location)

    (shift,) = makers.shifts(ward.work)
    assert shift.observer_id == ward.observer
    assert GOAL not in page.words
    assistant.get("/shifts/mine")
    assistant.get(f"/reflections/{shift.id}", status=404)
    assistant.get("/shifts")
    assistant.post("/book-for/stop")
    assistant.get(f"/shifts/{shift.id}", status=404)


def test_what_was_ended_acts_no_more(app, ward):
    visitor, assistant = browser(app, ward, "observer"), signed_in(app, ward.work, ward.assistant)
    visitor.get("/book-for")
    visitor.post("/book-for/name", email="ari@example.org")
    assistant.get("/book-for")
    assistant.post("/book-for", person=str(ward.observer))
    visitor.get("/book-for")
    visitor.post(f"/book-for/{ward.assistant}/end")

    assistant.get("/shifts")
    assert f"You book for {OBSERVER}." not in assistant.get("/shifts").words
    assistant.post("/book-for", status=404, person=str(ward.observer))


def test_a_coordinator_books_for_a_visitor_by_address(app, ward):
    """Section 6.2."""
    visitor = browser(app, ward, "coordinator")
    visitor.get("/book-for")
    page = visitor.post("/book-for", status=422, email="nobody@example.org")
    assert "email" in page.errors()

    visitor.post("/book-for", email="orla@example.org")

    assert f"You book for {OBSERVER}." in visitor.get("/shifts").words


@pytest.mark.parametrize("address", ["", "nonsense", "nobody@example.org"])
def test_who_cannot_be_named_is_said_at_the_field(app, ward, address):
    visitor = browser(app, ward, "observer")
    visitor.get("/book-for")

    assert "email" in visitor.post("/book-for/name", status=422, email=address).errors()
