"""From a slot to a shift at a browser, without scripts: goal, seat, last look, press."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shadowing.domain.people import Role
from shadowing.services.bookings import asking
from shadowing.store.tables import availability as hours
from shadowing.store.tables import people
from tests import makers
from tests.makers import Ward
from tests.web.finding import (
    DAY,
    FORTNIGHT,
    GOAL,
    cards,
    change,
    choose,
    goal_in,
    signed_in,
    take,
)
from tests.web.visits import Visitor


@pytest.fixture
def ward(work):
    """Give a hospital with one ward, a host and a cleared observer."""
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    """Give a browser in which the observer is signed in."""
    return signed_in(app, work, ward.observer)


def test_an_administrator_finds_a_shift_says_why_and_asks(work, ward, browser):
    """Rules B1, B5, section 6.2: by links and forms alone, each found on the page before."""
    slot_id = ward.slot()
    listed = browser.get("/shifts?week=2027-03-22")
    goal_path = listed.soup.select_one("a:-soup-contains('Ask')")["href"]
    assert goal_path == f"/slots/{slot_id}/goal"
    page = browser.get(goal_path)
    page.form(goal_path)

    sent = browser.post(goal_path, goal=f"  {GOAL} ", access_needs="A chair")
    assert sent.location == f"/slots/{slot_id}/check"
    page = browser.get(sent.location)
    assert f"“{GOAL}”" in page.words
    assert "A chair" in page.words
    assert "Held for you until 8:10 am." in page.words, "a clock time in Chicago, rule B5"
    page.form(sent.location)

    asked = browser.post(sent.location, agree="y")
    (shift,) = makers.shifts(work)
    assert asked.location == f"/shifts/{shift.id}?booked=1"
    assert (shift.state, shift.goal, shift.access_needs) == ("requested", GOAL, "A chair")
    again = browser.get(f"/slots/{slot_id}/goal", status=303)
    assert again.location == f"/shifts/{shift.id}", "nobody asks twice"
    assert "You have asked for this" in cards(browser.get(DAY))[0]


def test_what_host_and_unit_allowed_in_advance_is_booked_in_one_press(work, ward, browser):
    slot_id = ward.slot(mode="auto")
    assert "Book" in cards(browser.get(DAY))[0]

    page = browser.get(choose(browser, slot_id).location)
    assert "has said yes in advance. It is confirmed at once." in page.words
    browser.post(f"/slots/{slot_id}/check", agree="y")

    assert [shift.state for shift in makers.shifts(work)] == ["confirmed"]
    assert "You have booked this" in cards(browser.get(DAY))[0]


def test_the_name_of_a_hidden_host_is_nowhere_on_the_way(work, ward, browser):
    """Rule A10: neither name nor id, on any page before it is confirmed."""
    change(work, people.person, ward.host, name="Zebulon Quickfoot")
    slot_id = ward.slot(mode="blind")
    choose(browser, slot_id)
    seen = [
        browser.get(path) for path in (DAY, f"/slots/{slot_id}/goal", f"/slots/{slot_id}/check")
    ]
    asking.leave(work, ward.as_observer())
    take(work, ward, slot_id)
    other = ward.slot(host_id=ward.another_host(), mode="blind")
    seen += [browser.get(f"/slots/{slot_id}/goal", status=409), browser.get(DAY)]
    seen.append(browser.get(f"/slots/{other}/goal"))

    for page in seen:
        assert "Host named when confirmed" in page.words
        for secret in ("Zebulon", "Quickfoot", str(ward.host), ward.host.hex):
            assert secret not in page.text


def test_who_was_not_invited_finds_nothing_and_no_address_helps(work, ward, browser):
    """Rules A2 and P1: what may not be seen looks like what is not there."""
    kept = ward.slot(audience="executives")
    both = ward.another_observer()
    with work.write() as tx:
        tx.db.execute(people.person_role.insert().values(person_id=ward.observer, role="host"))
    own = ward.slot(host_id=ward.observer)
    assert both

    assert cards(browser.get(DAY)) == []
    for slot_id in (kept, own, uuid4(), ward.host):
        for step in ("goal", "check"):
            browser.get(f"/slots/{slot_id}/{step}", status=404)
        for step in ("goal", "check", "leave"):
            browser.post(f"/slots/{slot_id}/{step}", status=404, goal=GOAL, agree="y")
    assert makers.taken(work, kept) == 0


@pytest.mark.parametrize("path", ["/slots/1/goal", "/slots/../goal", "/slots/%00/check"])
def test_an_address_that_is_none_is_not_found(browser, path):
    browser.get(path, status=404)


def test_only_administrators_come_here(app, work, ward):
    slot_id = ward.slot()
    host = signed_in(app, work, ward.host, Role.HOST)

    for path in ("/shifts", f"/slots/{slot_id}/goal", f"/slots/{slot_id}/check"):
        host.get(path, status=404)
        stranger = Visitor(app).get(path, status=303)
        assert stranger.location == f"/sign-in?next={path}"


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("", "Enter what you want to understand."),
        ("   ", "Enter what you want to understand."),
        ("x" * 201, "Shorten your goal to 200 characters. It has 201."),
        ("The patient in bed 12", "Take out what could point to a patient"),
        ("a\x00b", "Take out the characters that cannot be printed."),
    ],
)
def test_a_goal_that_will_not_do_gets_a_sentence_and_stays(work, ward, browser, goal, said):
    slot_id = ward.slot()
    browser.get(f"/slots/{slot_id}/goal")

    page = browser.post(f"/slots/{slot_id}/goal", status=422, goal=goal, access_needs="A chair")

    assert page.errors()["goal"].startswith(said)
    assert page.soup.title.get_text().startswith("Error: ")
    assert page.soup.select_one("#access_needs").get_text().strip() == "A chair"
    assert goal_in(page) == goal.replace("\x00", "").strip()
    assert makers.taken(work, slot_id) == 0


def test_access_needs_have_room_for_so_much(ward, browser):
    page = choose_badly(browser, ward.slot(), access_needs="x" * 201)

    assert page.errors() == {"access_needs": "Shorten this to 200 characters. It has 201."}
    assert goal_in(page) == GOAL


def choose_badly(browser, slot_id, **written):
    """Write something that will not do."""
    browser.get(f"/slots/{slot_id}/goal")
    return browser.post(f"/slots/{slot_id}/goal", status=422, **({"goal": GOAL} | written))


def test_three_goals_to_begin_from_are_put_in_the_box(work, ward, browser):
    change(work, people.person, ward.observer, portfolio="ops")
    slot_id = ward.slot()
    page = browser.get(f"/slots/{slot_id}/goal")
    links = page.soup.select("section[aria-labelledby=starters] a")

    assert len(links) == 3
    assert "patient flow" in links[0].get_text(), "what this person decides"
    for link in links:
        assert goal_in(browser.get(link["href"])) == link.get_text()
    assert goal_in(browser.get(f"/slots/{slot_id}/goal?start=9")) == ""


def test_a_seat_that_is_lost_does_not_take_the_goal_along(work, ward, browser):
    """Rule B5: no error page, the nearest others, and nothing is typed twice."""
    slot_id = ward.slot()
    other = ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(days=1))
    browser.get(f"/slots/{slot_id}/goal")
    take(work, ward, slot_id)

    page = browser.post(f"/slots/{slot_id}/goal", status=409, goal=GOAL, access_needs="A chair")

    assert page.soup.h1.get_text() == "That time was booked a moment ago"
    assert "Your goal is kept." in page.words
    assert f"“{GOAL}”" in page.words
    (link,) = page.soup.select("li.slot a.btn")
    assert link["href"] == f"/slots/{other}/goal"
    assert "Tue, Mar 23" in page.words
    kept = browser.get(link["href"])
    assert goal_in(kept) == GOAL
    assert kept.soup.select_one("#access_needs").get_text().strip() == "A chair"


def test_a_seat_lost_on_the_last_page_keeps_the_goal_as_well(work, ward, browser, clock):
    slot_id = ward.slot()
    browser.get(choose(browser, slot_id).location)
    clock.advance(minutes=11)
    take(work, ward, slot_id)

    page = browser.post(f"/slots/{slot_id}/check", status=409, agree="y")

    assert page.soup.h1.get_text() == "That time was booked a moment ago"
    assert f"“{GOAL}”" in page.words
    assert makers.shifts(work) == []


def test_a_slot_that_was_closed_says_so(work, ward, browser):
    slot_id = ward.slot()
    change(work, hours.slot, slot_id, state="withdrawn")

    page = browser.get(f"/slots/{slot_id}/goal", status=409)

    assert page.soup.h1.get_text() == "That time is not open any more"
    assert "Choose another time." in page.words


def test_a_hold_that_ran_out_on_a_free_slot_is_in_nobodys_way(work, ward, browser, clock):
    """Rule B5: the page says so, one press holds it again, and booking goes through."""
    slot_id = ward.slot()
    path = choose(browser, slot_id).location
    browser.get(path)
    clock.advance(minutes=11)

    page = browser.get(path)
    assert "The 10 minutes it was held for you are over. It is still free." in page.words
    held = page.form(f"/slots/{slot_id}/goal")
    again = {field["name"]: field["value"] for field in held.select("input")}
    assert browser.post(f"/slots/{slot_id}/goal", **again).location == path
    assert "Held for you until 8:21 am." in browser.get(path).words
    clock.advance(minutes=11)
    browser.post(path, agree="y")

    assert [shift.goal for shift in makers.shifts(work)] == [GOAL]


def test_the_tick_is_needed(work, ward, browser):
    path = choose(browser, ward.slot()).location
    browser.get(path)

    page = browser.post(path, status=422)

    assert page.errors() == {"agree": "Tick that you will do all of this."}
    assert makers.shifts(work) == []


def test_pressing_twice_asks_once(work, ward, browser):
    path = choose(browser, ward.slot()).location
    token = browser.get(path).soup.select_one("[name=csrf_token]")["value"]

    first = browser.post(path, agree="y", csrf_token=token)
    second = browser.post(path, agree="y", csrf_token=token)

    (shift,) = makers.shifts(work)
    assert first.location == f"{second.location}?booked=1" == f"/shifts/{shift.id}?booked=1"


def test_who_thinks_again_gives_the_seat_back(work, ward, browser):
    slot_id = ward.slot()
    page = browser.get(choose(browser, slot_id).location)
    page.form(f"/slots/{slot_id}/leave")

    left = browser.post(f"/slots/{slot_id}/leave")

    assert left.location == DAY
    assert makers.taken(work, slot_id) == 0
    assert "The time is free for others again." in browser.get(DAY).words
    assert goal_in(browser.get(f"/slots/{slot_id}/goal")) == ""


def test_the_last_page_needs_a_goal_first(ward, browser):
    slot_id = ward.slot()

    sent = browser.get(f"/slots/{slot_id}/check", status=303)

    assert sent.location == f"/slots/{slot_id}/goal"
    assert "Enter what you want to understand first." in browser.get(sent.location).words


def test_the_goal_is_forgotten_at_the_door(ward, browser):
    """On a shared computer nobody finds what another person wrote."""
    slot_id = ward.slot()
    browser.get(choose(browser, slot_id).location)
    browser.get(DAY)
    browser.post("/sign-out")

    with browser.client.session_transaction(base_url=browser.base) as session:
        assert "asking" not in session


def test_what_to_know_and_what_is_missing_stand_on_the_last_page(app, work, ward):
    """Rules C5, D8, D9, F1, N7: where, what to wear, how patients are asked, what by when."""
    newcomer = makers.cleared(
        work, makers.person(work, ward.organization), codes=("CONF", "COND", "ORI")
    )
    unit = makers.unit(work, ward.site, kind="MICU", consent="surrogate_verbal")
    slot_id = makers.slot(work, ward.another_host(), unit, host_role="rn_icu", mode="auto")
    browser = signed_in(app, work, newcomer)
    assert "5 requirements to complete first" in browser.get(DAY).words
    assert "Respirator fit test needed" in browser.get(DAY).words

    words = browser.get(choose(browser, slot_id).location).words

    assert "by Sun, Mar 21, 9:00 am , or the shift is released." in words
    for expected in (
        "It is confirmed once the open items are complete.",
        "Privacy training – needs doing Yearly privacy training",
        "Rules for visitors – done Valid to",
        "Without it you wait outside those rooms.",
        "Meet The desk by the whiteboard",
        "Parking Garage B",
        "Move or cancel with no questions until Sat, Mar 20, 9:00 am.",
        "A talk of 30 minutes within 48 hours, then 6 minutes to write up.",
        "Watch, do not fix.",
        "Your host asks the patient, or the person who decides for them, while you wait outside.",
        "Wear: Business clothes or scrubs; with scrubs the OBSERVER pass must show.",
        "Central Daylight Time (UTC−5) · 4 hours",
    ):
        assert expected in words
    assert "555-0110" not in words, "the unit's phone comes with the booking"
