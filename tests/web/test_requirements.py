"""Requirements at a browser, without scripts: one's own, what is checked, who lacks what."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from shadowing.domain.people import Role
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import clearance
from tests import makers
from tests.clearances import on_record, state_of
from tests.makers import CLEARED, NOW, Ward
from tests.web.finding import GOAL, choose, signed_in


@pytest.fixture
def ward(work):
    return Ward(work)


def without(work, ward, *codes):
    held = [code for code in CLEARED if code not in codes]
    return makers.cleared(work, makers.person(work, ward.organization), codes=held)


def checker(app, work, ward, *codes):
    person_id = makers.person(work, ward.organization, roles=("hr",))
    with work.write() as tx:
        for code in codes:
            facts = {"organization_id": ward.organization, "requirement": code}
            tx.db.execute(insert(clearance.verifier).values(**facts, person_id=person_id))
    return signed_in(app, work, person_id, Role.HR)


def test_somebody_who_has_everything_reads_that_they_are_cleared(app, work, ward):
    page = signed_in(app, work, ward.observer).get("/requirements")

    assert page.soup.h1.get_text() == "You are cleared"
    assert "Any ordinary unit can confirm you at once." in page.words


def test_a_first_shift_is_booked_in_one_press_with_the_words_that_were_ticked_rule_c7(
    app, work, ward
):
    """Criterion S4.1: the tick on the way is all that a newcomer still has to give."""
    person = without(work, ward, "COND", "CONF")
    slot_id = ward.slot(mode="auto")
    browser = signed_in(app, work, person)
    sent = choose(browser, slot_id)
    page = browser.get(sent.location)
    assert "What I see and hear about patients stays on the unit." in page.words
    assert "I watch. I do not touch, treat, chart or give advice." in page.words
    shown = page.soup.select_one("#words")["value"]

    booked = browser.post(sent.location, agree="y", words=shown)

    held = on_record(work, person, "COND")
    assert f"COND:{held.text_version}" in shown.split()
    assert "Booked. Both of you get an invite" in browser.get(booked.location).words


def test_the_words_are_not_shown_again_while_they_hold(app, work, ward):
    browser = signed_in(app, work, ward.observer)
    sent = choose(browser, ward.slot(mode="auto"))

    page = browser.get(sent.location)

    assert "What you agree to" not in page.words
    assert page.soup.select_one("#words").get("value", "") == ""


def test_from_said_to_proven_at_two_browsers(app, work, ward):
    person = without(work, ward, "HIPAA")
    ask = Ask(ward.slot(mode="auto"), GOAL)
    shift = asking.request(work, ward.as_observer(person), ask)
    browser = signed_in(app, work, person)
    page = browser.get("/requirements")
    assert page.soup.h1.get_text() == "1 thing to finish"
    assert "Finish by" in page.words
    browser.get("/requirements/HIPAA")
    bad = browser.post("/requirements/HIPAA", status=422, done_on="tomorrow", evidence="scan.pdf")
    assert set(bad.errors()) == {"done_on"}
    assert bad.soup.select_one("#evidence")["value"] == "scan.pdf"
    bad = browser.post("/requirements/HIPAA", status=422, done_on="2027-03-01", evidence="scan.pdf")
    assert set(bad.errors()) == {"evidence"}
    sent = {"done_on": "2027-03-01", "evidence": "LMS certificate 123"}
    assert browser.post("/requirements/HIPAA", **sent).location == "/requirements"
    assert "Being checked" in browser.get("/requirements").words

    hr = checker(app, work, ward, "HIPAA")
    page = hr.get("/requirements/queue")
    assert "LMS certificate 123" in page.words
    box = page.soup.select_one("[name=credential]")["value"]
    hr.post("/requirements/queue", credential=box)

    assert state_of(work, shift.id) == "confirmed"
    assert "Nothing waits" in hr.get("/requirements/queue").words


def test_a_claim_is_sent_back_with_a_code_and_says_what_to_do(app, work, ward):
    person = without(work, ward, "HIPAA")
    browser = signed_in(app, work, person)
    browser.get("/requirements/HIPAA")
    browser.post("/requirements/HIPAA", done_on="2027-03-01")
    held = on_record(work, person, "HIPAA")
    hr = checker(app, work, ward, "HIPAA")
    one = f"/requirements/queue/{held.id}"
    hr.get(one)
    assert hr.post(f"{one}/back", status=422).errors() == {"code": "Choose why."}
    hr.get(one)
    early = hr.post(f"{one}/accept", status=422, valid_to="2027-02-01")
    assert early.errors() == {"valid_to": "Choose a last day after the day it was done."}

    hr.get(one)
    hr.post(f"{one}/back", code="not_found")

    assert "Say again where it is kept." in browser.get("/requirements").words


def test_a_coordinator_sees_who_lacks_what_and_waives(app, work, ward):
    person = without(work, ward, "TB")
    browser = signed_in(app, work, ward.coordinator, Role.COORDINATOR)
    assert browser.get("/requirements", status=303).location == "/requirements/people"
    page = browser.get("/requirements/people?show=missing")
    assert "TB screen" in page.words
    path = f"/requirements/people/{person}"
    browser.get(path)
    bad = browser.post(f"{path}/waive", status=422, code="TB", until="2028-01-01", reason="8 mm")
    assert "reason" in bad.errors()
    until = (NOW + timedelta(days=30)).date().isoformat()
    browser.get(path)

    browser.post(f"{path}/waive", code="TB", until=until, reason="Second reading is booked.")

    page = browser.get(path)
    assert "Waived: Second reading is booked." in page.words
    visitor = signed_in(app, work, person)
    assert "Waived until Wed, Apr 7." in visitor.get("/requirements").words


def test_hr_reads_names_and_nothing_more_section_8_1(app, work, ward):
    person = without(work, ward, "TB")
    browser = signed_in(app, work, makers.person(work, ward.organization, roles=("hr",)), Role.HR)

    page = browser.get("/requirements/people")

    assert "TB screen" in page.words
    assert page.soup.select(f"a[href='/requirements/people/{person}']") == []
    browser.get(f"/requirements/people/{person}", status=404)


def test_who_checks_nothing_is_told_so(app, work, ward):
    browser = signed_in(app, work, ward.host, Role.HOST)

    assert browser.get("/requirements", status=303).location == "/requirements/queue"
    assert "You are asked to check nothing." in browser.get("/requirements/queue").words
    browser.get("/requirements/HIPAA", status=404)


def test_the_visitors_tick_at_check_in_and_the_units_are_on_the_page(app, work):
    """Rules C4 and C7: each ticks their own, and nothing is ticked by opening a page."""
    ward = Ward(work, kind="ONC")
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    work.clock.now = shift.starts_at
    manager = signed_in(app, work, ward.manager, Role.UNIT_MANAGER)
    path = f"/shifts/{shift.id}"
    assert "Illness screen done at the unit door." in manager.get(path).words
    manager.post(f"{path}/ticks")
    assert "Tick what is done, then keep it." in manager.get(path).words
    host = signed_in(app, work, ward.host, Role.HOST)
    host.get(path)
    host.post(f"{path}/check-in", well="y")
    assert "Illness screen" in host.get(path).words

    manager.get(path)
    manager.post(f"{path}/ticks", tick="illness_screen")

    host.get(path)
    host.post(f"{path}/check-in", well="y")
    assert state_of(work, shift.id) == "checked_in"
