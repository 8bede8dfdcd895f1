"""Replies to look at: the coordinator's list and one letter, taken or put away."""

import pytest

from shadowing.domain.people import Role
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.services.replies import receiving
from shadowing.store import calendar as events
from tests.mailbox import SENDER, address
from tests.makers import Ward
from tests.replies import attendee, calendar, letter
from tests.web.finding import signed_in

ELSEWHERE = "private@elsewhere.example"


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    """Give the coordinator's browser."""
    return signed_in(app, work, ward.coordinator, Role.COORDINATOR)


@pytest.fixture
def aside(work, ward):
    """Let the host answer a request from an address that nobody knows."""
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(), "See a morning."))
    with work.read() as tx:
        uid = next(
            each.uid
            for each in events.of_shift(tx.db, shift_id=shift.id)
            if each.person_id == ward.host
        )
    text = calendar(attendee(address(ward, ward.host)), "COMMENT:<b>Gladly</b>", uid=uid)
    receiving.receive(work, letter(ELSEWHERE, text, subject="Yes & no"), ours=SENDER)
    return shift.id


def test_an_empty_list_says_what_would_stand_there(browser):
    assert "Nothing to look at" in browser.get("/replies").words
    assert "Replies to look at" in browser.get("/messages").words


def test_a_letter_is_shown_with_the_reason_and_taken(browser, aside):
    overview = browser.get("/")
    assert "Replies to look at 1" in overview.words
    listed = browser.get("/replies")
    assert "Yes & no" in listed.words
    assert "from an address that we do not know as theirs" in listed.words
    path = listed.soup.select_one(".todo a")["href"]
    page = browser.get(path)
    for words in ("It says yes", "The invite went to", "<b>Gladly</b>", ELSEWHERE):
        assert words in page.words
    raw = browser.get(f"{path}/letter.eml")
    assert raw.headers["Content-Disposition"] == 'attachment; filename="letter.eml"'

    browser.get(path)
    browser.post(f"{path}/take", remember="y")

    shift = browser.get(f"/shifts/{aside}").words
    assert "said yes in the calendar" in shift
    assert "The shift, firm, version 2. Yes in the calendar" in shift
    assert browser.get(path, status=404)


def test_a_letter_is_put_away(browser, work, ward):
    assert ward.coordinator
    receiving.receive(work, b"From: a@b.example\r\n\r\nCall me", ours=SENDER)
    path = browser.get("/replies").soup.select_one(".todo a")["href"]
    page = browser.get(path)
    assert "A letter without a subject" in page.words
    assert not page.soup.select(f"form[action='{path}/take']")

    browser.post(f"{path}/put-away")

    assert "Nothing to look at" in browser.get("/replies").words


def test_nobody_else_finds_them(app, work, ward):
    for person_id, role in ((ward.observer, Role.OBSERVER), (ward.manager, Role.UNIT_MANAGER)):
        signed_in(app, work, person_id, role).get("/replies", status=404)
