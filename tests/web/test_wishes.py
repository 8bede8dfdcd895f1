"""Waiting for a shift, on pages: being told, a seat that is kept, letting it go."""

from datetime import timedelta

import pytest

from shadowing.services.bookings import answering, asking, wishing
from shadowing.services.bookings.asking import Ask
from tests.makers import NOW, Ward
from tests.web.finding import signed_in
from tests.web.test_shifts import GOAL, named

DAY = (NOW + timedelta(days=14)).date()
FILLED = {"first": str(DAY), "last": str(DAY), "unit": "any", "goal": GOAL}


@pytest.fixture
def ward(work):
    return named(Ward(work))


@pytest.fixture
def visitor(app, ward):
    return signed_in(app, ward.work, ward.observer, "observer")


def full(ward):
    slot_id = ward.slot(mode="auto")
    first = ward.as_observer(ward.another_observer())
    return slot_id, asking.request(ward.work, first, Ask(slot_id, GOAL))


def free(ward, shift):
    answering.cancel(ward.work, ward.as_observer(shift.observer_id), shift_id=shift.id)
    ward.work.clock.advance(minutes=11)
    wishing.run(ward.work)


def test_a_day_without_a_shift_offers_to_tell(visitor):
    """Rule B1: a wish."""
    page = visitor.get(f"/shifts?day={DAY}")
    way = page.soup.select_one("a[href^='/wishes/new']")

    page = visitor.get(way["href"])
    assert page.soup.select_one("[name=first]")["value"] == str(DAY)
    visitor.post("/wishes/new", **FILLED)

    assert "Mon, Mar 22" in visitor.get("/wishes").words
    assert "Waiting" in visitor.page.words


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(visitor):
    visitor.get("/wishes/new")

    page = visitor.post("/wishes/new", status=422, first="2027-03-01", last="2027-03-02", goal=GOAL)

    assert "Choose days from today on" in page.words
    assert page.soup.select_one("[name=goal]").text.strip() == GOAL


def test_a_seat_that_opens_is_on_the_home_page_and_can_be_taken(ward, visitor):
    """Rule B5."""
    slot_id, shift = full(ward)
    visitor.get(f"/slots/{slot_id}/wish")
    visitor.post(f"/slots/{slot_id}/wish", goal=GOAL)
    free(ward, shift)

    page = visitor.get("/")
    assert "A seat is kept for you. Mon, Mar 22, 9:00 am – 1:00 pm, " in page.words
    page = visitor.get(f"/slots/{slot_id}/goal")
    assert GOAL in page.text
    assert "Held for you until 9:00 am" not in visitor.get("/shifts?day=2027-03-22").words
    assert "Kept for you until" in visitor.get("/wishes").words


def test_a_seat_that_is_let_go_is_gone_and_the_wish_stays(ward, visitor):
    slot_id, shift = full(ward)
    visitor.get(f"/slots/{slot_id}/wish")
    visitor.post(f"/slots/{slot_id}/wish", goal=GOAL)
    free(ward, shift)
    (waited,) = wishing.mine(ward.work, ward.as_observer())

    visitor.get("/wishes")
    visitor.post(f"/wishes/{waited.wish.id}/pass")
    assert "Waiting" in visitor.get("/wishes").words
    visitor.post(f"/wishes/{waited.wish.id}/end")
    assert "You wait for nothing" in visitor.get("/wishes").words


def test_a_full_slot_offers_to_tell(ward, visitor):
    slot_id, _ = full(ward)

    page = visitor.get(f"/slots/{slot_id}/goal", status=409)

    assert page.soup.select_one(f"a[href='/slots/{slot_id}/wish']")


def test_the_wish_of_another_is_not_there(app, ward, visitor):
    """Rule P1."""
    visitor.get("/wishes/new")
    visitor.post("/wishes/new", **FILLED)
    (waited,) = wishing.mine(ward.work, ward.as_observer())
    other = signed_in(app, ward.work, ward.another_observer(), "observer")

    other.get("/wishes")
    other.post(f"/wishes/{waited.wish.id}/end", status=404)
