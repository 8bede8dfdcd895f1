"""Pages of invitations by hosts (B15, S1.6)."""

from datetime import timedelta

import pytest

from shadowing.domain.people import Role
from tests.makers import NOW, Ward
from tests.web.hours import signed_in as enter

WHY = "Come and see a discharge on a Friday."


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def leader(app, work, ward):
    return enter(app, work, ward.observer, Role.OBSERVER)


@pytest.fixture
def nurse(app, work, ward):
    return enter(app, work, ward.host)


def invite(nurse, ward, slot_id, status=303, **changes):
    page = nurse.get("/invites/new", query_string={"name": "Person"})
    assert page.soup.select_one(f"[value='{ward.observer}']")
    words = {"name": "Person", "person": str(ward.observer), "slot": str(slot_id), "why": WHY}
    return nurse.post("/invites/new", status=status, **{**words, **changes})


def test_from_an_invitation_to_a_shift(leader, nurse, ward):
    """S1.6: anyone may invite a leader."""
    assert "No open hours" in nurse.get("/invites/new").words
    invite(nurse, ward, ward.slot())
    assert "Waits for an answer" in nurse.get("/invites").words
    home = leader.get("/")
    assert "invites you" in home.words
    address = home.soup.select_one("a[href^='/invites/']")["href"]
    assert WHY in leader.get(address).words

    answered = leader.post(address, goal="See what holds people up.")

    assert "You are set" in leader.get(answered.location).words
    assert "Said yes" in nurse.get("/invites").words
    assert leader.get(address, status=303).location == answered.location.partition("?")[0]


def test_opening_the_letters_link_answers_nothing_and_no_is_one_press(leader, nurse, ward):
    invite(nurse, ward, ward.slot())
    address = leader.get("/invites").soup.select_one("a[href^='/invites/']")["href"]
    leader.get(address)
    assert "Waits for an answer" in nurse.get("/invites").words

    leader.post(f"{address}/no")

    assert "Not this time" in nurse.get("/invites").words
    assert "This invitation is over" in leader.get(address, status=409).words


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(nurse, ward):
    slot_id = ward.slot()
    page = invite(nurse, ward, slot_id, status=422, why="Ask about MRN 4482913")
    assert "Take out what could point to a patient" in page.words
    assert "MRN" in page.soup.select_one("[name=why]").text
    page = nurse.get("/invites/new", query_string={"name": "zz"})
    assert "Nobody by that name" in page.words


def test_an_invitation_is_taken_back(leader, nurse, ward):
    invite(nurse, ward, ward.slot(starts_at=NOW + timedelta(days=20)))
    address = leader.get("/invites").soup.select_one("a[href^='/invites/']")["href"]
    nurse.get("/invites")

    nurse.post(f"{address}/end")

    assert "Taken back" in nurse.get("/invites").words
    assert "No invitation waits" in leader.get("/invites").words
    leader.get("/invites")
    leader.post(f"{address}/end", status=404)
