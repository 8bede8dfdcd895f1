"""Pages of reverse shadows (B16): an administrator offers a meeting, a clinician asks."""

import pytest

from shadowing.domain.people import Role
from tests.makers import Ward
from tests.web.hours import signed_in as enter

WORDS = {
    "what": "Monthly budget review",
    "room": "Board room, floor 2",
    "day": "2027-03-22",
    "start": "9:00 am",
    "end": "11 am",
    "seats": "1",
    "open_to_visitors": "y",
}


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def leader(app, work, ward):
    return enter(app, work, ward.observer, Role.OBSERVER)


@pytest.fixture
def nurse(app, work, ward):
    return enter(app, work, ward.host)


def offer(leader, ward, status=303, **changes):
    leader.get("/meetings/new")
    words = {**WORDS, "site": str(ward.site), **changes}
    return leader.post("/meetings/new", status=status, **words)


def test_from_an_offer_to_a_yes(leader, nurse, ward):
    """S0.1: "Go and see their job"."""
    assert "No meeting on offer" in leader.get("/meetings").words
    offer(leader, ward)
    shown = nurse.get("/meetings")
    assert "Monthly budget review" in shown.words
    address = shown.soup.select_one("a[href^='/meetings/']")["href"]
    assert "Board room, floor 2" in nurse.get(address).words

    asked = nurse.post(address, goal="See who decides on beds.")
    shift = asked.location.partition("?")[0]
    mine = leader.get("/meetings")
    assert "Waits for you" in mine.words
    assert "See who decides on beds." in leader.get(shift).words
    leader.post(f"{shift}/accept")

    page = nurse.get(shift).words
    assert "You are set" in page
    assert "Board room, floor 2" in page
    assert "See what you asked" in nurse.get("/meetings").words


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(leader, ward):
    page = offer(leader, ward, status=422, end="8 am")

    assert "Enter a time between 15 minutes and 8 hours after it begins." in page.words
    assert page.soup.select_one("[name=what]")["value"] == "Monthly budget review"
    page = offer(leader, ward, status=422, open_to_visitors="")
    assert "Tick that nothing in it is confidential." in page.words


def test_a_meeting_that_cannot_be_asked_for_says_why(leader, nurse, app, work, ward):
    """Rule B2."""
    offer(leader, ward)
    address = nurse.get("/meetings").soup.select_one("a[href^='/meetings/']")["href"]
    nurse.post(address, goal="See who decides on beds.")
    other = enter(app, work, ward.another_host())

    page = other.get(address, status=409)

    assert "Choose another time." in page.words
    assert "Choose another time." in other.get("/meetings").words


def test_a_meeting_is_taken_back(leader, nurse, ward):
    offer(leader, ward)
    address = nurse.get("/meetings").soup.select_one("a[href^='/meetings/']")["href"]
    leader.get("/meetings")

    leader.post(f"{address}/end")

    assert "Nothing on offer" in nurse.get("/meetings").words
    nurse.post(f"{address}/end", status=404)


def test_a_goal_about_a_patient_is_sent_back(leader, nurse, ward):
    """Rules B1, L3."""
    offer(leader, ward)
    address = nurse.get("/meetings").soup.select_one("a[href^='/meetings/']")["href"]
    nurse.get(address)

    page = nurse.post(address, status=422, goal="Ask about MRN 4482913")

    assert "Take out what could point to a patient" in page.words
