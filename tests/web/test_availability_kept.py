"""A host's week at a browser: what stands in the way of a change, repeating a week, more parts."""

from datetime import date

import pytest

from shadowing.services.availability.acts import EveryWeek, Given, OneDay
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from tests import makers
from tests.makers import Ward
from tests.web.hours import DAY, NIGHT, SUN, WED, rows, say, send, signed_in, values


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    """Give a browser in which the host is signed in."""
    return signed_in(app, work, ward.host)


def test_booked_shifts_are_listed_before_anything_is_saved(work, ward, browser):
    """Section 6.4: they stay, and the host knows which."""
    say(ward, EveryWeek(DAY, (SUN,)))
    booked = rows(work, local_date=date(2027, 3, 21))[0]
    asking.request(work, ward.as_observer(), Ask(booked.id, "See how a morning starts."))
    browser.get("/availability?week=2027-03-29&shift=2027-04-04-D12")

    page = send(browser, "/availability", status=200, mode="closed", scope="every")
    assert "This one stays as it is" in page.words
    assert "Sun, Mar 21" in page.words
    assert {row.state for row in rows(work)} == {"open"}

    send(browser, "/availability")
    assert "1 shift stays as it is." in browser.get("/availability").words
    assert {row.state for row in rows(work)} == {"withdrawn", "hidden"}
    week = browser.get("/availability?week=2027-03-15")
    assert "Booked" in week.words
    assert f"{ward.as_observer().name}, Director, joins you." in week.words


def test_a_request_on_closed_hours_is_listed_apart_and_ends(work, ward, browser):
    """Section 6.4: what ends and what stays, before anything is saved."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    wanted = rows(work, local_date=date(2027, 3, 17))[0]
    asking.request(work, ward.as_observer(), Ask(wanted.id, "See how a night starts."))
    page = browser.get("/availability?week=2027-03-15&shift=2027-03-17-N12-1930")
    action = page.soup.select_one("#remove-hours")["action"]

    page = send(browser, action, status=200)
    assert "This request ends" in page.words
    assert "This one stays" not in page.words
    assert makers.shifts(work)[0].state == "requested"
    send(browser, action)

    assert "1 request was told “not available”." in browser.get("/availability").words
    assert makers.shifts(work)[0].state == "declined"


def test_a_break_up_to_a_day_of_ones_choice(work, ward, browser):
    """Rule A3."""
    say(ward, EveryWeek(DAY, (SUN,)))
    browser.get("/availability")
    page = send(browser, "/availability/break/until", status=422, back="Mar 1 2020")
    assert page.errors()["back"].startswith("Stay between")
    send(browser, "/availability/break/until", back="Mar 20")

    assert "You are on a break until Sat, Mar 20." in browser.get("/availability").words
    assert [row.state for row in rows(work)][:2] == ["hidden", "open"]


def test_last_week_is_repeated_by_one_press(work, ward, browser):
    """Rule A1: closed and changed days too."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    closed = Given(span="N12", start="19:30", end="23:30", mode="closed")
    say(ward, OneDay(closed, date(2027, 3, 10)))
    browser.get("/availability?week=2027-03-15")

    send(browser, "/availability/repeat")

    states = {row.local_date: row.state for row in rows(work)}
    assert states[date(2027, 3, 17)] == "withdrawn"
    assert states[date(2027, 3, 24)] == "open"
    page = browser.get("/availability?week=2027-03-15")
    assert "This week is as the one before." in page.words


def test_hours_for_one_day_stand_beside_those_of_every_week(work, ward, browser):
    """Rule A1: more than one open part of a shift."""
    say(ward, EveryWeek(DAY, (SUN,)))
    page = browser.get("/availability?week=2027-03-15&shift=2027-03-21-D12-1000")
    more = page.soup.select_one("#edit a[href*='add=1']")["href"].partition("#")[0]
    page = browser.get(more)
    form = values(page.form("/availability/hours"))
    assert (form["add-span"], form["add-day"]) == ("D12", "2027-03-21")

    hours = {"add-start": "3 pm", "add-end": "6 pm", "add-mode": "ask"}
    send(browser, "/availability/hours", **hours)

    sunday = rows(work, local_date=date(2027, 3, 21))
    assert [(row.starts_at.hour, row.mode) for row in sunday] == [(15, "auto"), (20, "ask")]


def test_an_old_page_does_not_undo_what_was_changed_elsewhere(work, ward, browser):
    say(ward, EveryWeek(DAY, (SUN,)))
    browser.get("/availability")
    form = values(browser.page.form("/availability"))
    closed = Given(span="D12", start="10:00", end="14:00", mode="closed")
    say(ward, OneDay(closed, date(2027, 3, 14)))

    browser.post("/availability", token=False, **form)

    assert rows(work, local_date=date(2027, 3, 14))[0].state == "withdrawn"
