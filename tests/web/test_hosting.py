"""How a host hosts, at a browser: limits, a backup, a preference, stopping (A2, A4, D7, P8)."""

import pytest
from sqlalchemy import update

from shadowing.domain.people import Role
from shadowing.services.availability import load
from shadowing.services.availability.acts import EveryWeek
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import people
from tests import makers
from tests.makers import Ward
from tests.web.hours import DAY, SUN, rows, say, send, signed_in, values
from tests.web.test_hostile_input import HOSTILE

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    """Give a browser in which the host is signed in."""
    return signed_in(app, work, ward.host)


def test_a_stricter_limit_holds_at_once_and_a_slip_is_undone(browser):
    """Rule A4."""
    page = browser.get("/availability")
    assert "0 of 2 used in March" in page.words

    send(browser, "/availability/limits", max_per_month="1", cool_down_days="28")
    page = browser.get("/availability")
    assert "0 of 1 used in March" in page.words
    assert values(page.form("/availability/limits"))["cool_down_days"] == "28"
    send(browser, "/availability/limits/undo")

    assert "0 of 2 used in March" in browser.get("/availability").words


def test_a_looser_limit_gets_a_sentence_that_says_whom_to_ask(browser):
    """Rule A4: by default no."""
    browser.get("/availability")
    send(browser, "/availability/limits", max_per_month="1")
    browser.get("/availability")

    page = send(browser, "/availability/limits", status=422, max_per_month="2")

    assert page.errors()["max_per_month"].startswith("Keep this limit as strict as it is.")
    assert "your coordinator can change that" in page.words


def test_more_can_be_chosen_where_the_program_lets_hosts_loosen(work, browser):
    """Rule A4."""
    with work.write() as tx:
        tx.db.execute(update(people.organization).values(settings={"hosts_may_loosen": True}))
    browser.get("/availability")

    send(browser, "/availability/limits", max_per_month="8", cool_down_days="0")

    assert "0 of 8 used in March" in browser.get("/availability").words


def test_a_colleague_is_asked_and_answers_on_a_page_of_their_own(app, work, ward, browser):
    """Rule D7: opening the link changes nothing."""
    colleague = ward.another_host()
    browser.get("/availability/hosting")
    send(browser, "/availability/hosting/backup", backup=str(colleague))
    assert "has not answered yet" in browser.get("/availability/hosting").words

    theirs = signed_in(app, work, colleague)
    page = theirs.get("/availability/hosting")
    address = page.soup.select_one("a[href*='/availability/backup/']")["href"]
    theirs.get(address)
    assert "has not answered yet" in browser.get("/availability/hosting").words
    send(theirs, f"{address}/yes")

    assert "stands in for you." in browser.get("/availability/hosting").words
    browser.get(address, status=404)
    theirs.get("/availability/hosting")
    send(theirs, f"{address}/no")
    assert "stands in for you." not in browser.get("/availability/hosting").words
    theirs.get(address, status=404)


def test_who_stands_in_sees_the_shift_as_its_host_does_less_the_reflection(
    app, work, ward, browser
):
    """Rules D7, 8.1: from the confirmation, until they leave."""
    colleague = ward.another_host()
    theirs = signed_in(app, work, colleague)
    browser.get("/availability/hosting")
    send(browser, "/availability/hosting/backup", backup=str(colleague))
    page = theirs.get("/availability/hosting")
    address = page.soup.select_one("a[href*='/availability/backup/']")["href"]
    theirs.get(address)
    send(theirs, f"{address}/yes")
    asked = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))

    page = theirs.get("/availability/hosting")
    address = page.soup.select_one("a[href*='/shifts/']")["href"]
    assert address.endswith(str(asked.id))
    page = theirs.get(address)
    assert GOAL in page.words
    assert "You stand in." in page.words
    who = makers.actor(work, colleague, "host").name
    assert f"{who} stands in." in browser.get(address).words
    for way in (f"/reflections/{asked.id}", f"/reflections/{asked.id}/both"):
        theirs.get(way, status=404)

    page = theirs.get("/availability/hosting")
    leave = page.soup.select_one("form[action$='/no']")["action"]
    send(theirs, leave)
    theirs.get(address, status=404)
    assert "The unit’s lead stands in." in browser.get(address).words


def test_a_host_takes_back_who_stands_in(ward, browser):
    """Rule D7."""
    colleague = ward.another_host()
    browser.get("/availability/hosting")
    send(browser, "/availability/hosting/backup", status=422, backup="")
    send(browser, "/availability/hosting/backup", backup=str(colleague))
    browser.get("/availability/hosting")

    send(browser, "/availability/hosting/backup/end")

    assert "You have no backup now." in browser.get("/availability/hosting").words


def test_a_preference_leaves_shifts_out_without_a_word(app, work, ward, browser):
    """Rule A2: in the list, by the interface, at the direct address."""
    say(ward, EveryWeek(DAY, (SUN,)))
    slot = rows(work)[2]
    visitor = signed_in(app, work, ward.observer, Role.OBSERVER)
    week = "/shifts?week=2027-03-22"
    assert "10:00 am" in visitor.get(week).words
    browser.get("/availability/hosting")
    send(browser, "/availability/hosting/preference", prefers="woman")

    assert "10:00 am" not in visitor.get(week).words
    visitor.get(f"/slots/{slot.id}/goal", status=404)

    visitor.get("/account")
    send(visitor, "/account/description", says="woman")
    assert "10:00 am" in visitor.get(week).words
    visitor.get(f"/slots/{slot.id}/goal")
    page = visitor.get("/account")
    assert values(page.form("/account/description"))["says"] == "woman"
    send(visitor, "/account/description", says="none")
    assert "10:00 am" not in visitor.get(week).words


def test_hours_hidden_for_load_are_opened_again(work, ward, browser):
    """Rule A4: the host reads why, and how to open them."""
    say(ward, EveryWeek(DAY, (SUN,)))
    with work.write() as tx:
        where = people.person.c.id == ward.host
        tx.db.execute(update(people.person).where(where).values(load_paused_at=tx.now))
    page = browser.get("/availability")
    assert "cost you more than 45 minutes" in page.words

    send(browser, "/availability/reopen")

    assert "Your hours are offered again." in browser.get("/availability").words
    assert load.pause_costly(work) == 0


def test_stopping_lists_what_ends_first(work, ward, browser):
    """Rule P8."""
    say(ward, EveryWeek(DAY, (SUN,)))
    asking.request(work, ward.as_observer(), Ask(rows(work)[2].id, GOAL))
    browser.get("/availability/hosting")
    page = browser.get("/availability/hosting/stop")
    assert ward.as_observer().name in page.words
    browser.post("/availability/hosting/stop", status=200)
    assert makers.shifts(work)[0].state == "confirmed", "whoever has not seen it has not agreed"

    send(browser, "/availability/hosting/stop")

    assert makers.shifts(work)[0].state == "cancelled_by_host"
    page = browser.get("/availability")
    assert "You have stopped hosting." in page.words
    send(browser, "/availability/hosting/start")
    assert "You host again." in browser.get("/availability").words


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.UNIT_MANAGER, Role.COORDINATOR])
def test_nobody_but_a_host_finds_these_pages(app, work, ward, role):
    """Rules A1, P1."""
    who = {
        Role.OBSERVER: ward.observer,
        Role.UNIT_MANAGER: ward.manager,
        Role.COORDINATOR: ward.coordinator,
    }[role]
    browser = signed_in(app, work, who, role)

    browser.get("/availability/hosting", status=404)
    browser.get("/availability/hosting/stop", status=404)
    browser.post("/availability/limits", status=404, max_per_month="1", cool_down_days="14")
    browser.post("/availability/hosting/preference", status=404, prefers="woman")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_input_breaks_a_page(browser, text):
    """Rule S8."""
    browser.get("/availability")
    both = {"max_per_month": text, "cool_down_days": text}
    browser.post("/availability/limits", status=422, **both)
    browser.get("/availability/hosting")
    browser.post("/availability/hosting/backup", status=422, backup=text)
    browser.get("/availability/hosting")
    browser.post("/availability/hosting/preference", status=422, prefers=text)
    browser.post("/availability/hosting/stop", agreed=text)
