"""The page of a shift: what each part reads, and what is in none of its bytes (section 8.1)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shadowing.adapters import reference
from shadowing.domain.people import Role
from shadowing.services.bookings import answering, asking, clock, debriefing
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import journal, people
from tests import makers
from tests.makers import Ward
from tests.visits import Visit
from tests.web.finding import change, signed_in

GOAL = "See how a morning starts."
HOST, OBSERVER = "Hester Quill", "Orla Finch"
PARTS = {
    "observer": Role.OBSERVER,
    "host": Role.HOST,
    "manager": Role.UNIT_MANAGER,
    "coordinator": Role.COORDINATOR,
}


def named(ward):
    """Give people names that are part of no other."""
    change(ward.work, people.person, ward.host, name=HOST)
    change(ward.work, people.person, ward.observer, name=OBSERVER)
    return ward


@pytest.fixture
def ward(work):
    return named(Ward(work))


def ask(ward, **slot):
    """Ask for a slot."""
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL))


def opened(app, ward, part, shift, rest=""):
    """Open the page of a shift as somebody."""
    browser = signed_in(app, ward.work, getattr(ward, part), PARTS[part])
    return browser.get(f"/shifts/{shift.id}{rest}")


def test_a_visitor_reads_where_to_be_and_what_comes(app, ward):
    page = opened(app, ward, "observer", ask(ward, mode="auto"))

    assert page.soup.h1.get_text() == "Monday, March 22, 9:00 am – 1:00 pm"
    assert "Central Daylight Time (UTC−5) · 4 hours · in 14 days" in page.words
    assert "Confirmed" in page.words
    for fact in ("The desk by the whiteboard", "555-0110", "Garage B", GOAL, HOST):
        assert fact in page.words
    assert "Watch, do not fix." in page.words, "the preparation card (N7)"
    assert "The talk afterwards" in page.words
    assert "Invites The shift, firm On its way The talk, firm On its way" in page.words.replace(
        f"OF {OBSERVER} ", ""
    ).replace("By email ", "")


@pytest.mark.parametrize("part", PARTS)
def test_the_goal_is_for_the_two_and_the_program(app, ward, part):
    """Section 8.1, "Goal and access needs of a visit"."""
    page = opened(app, ward, part, ask(ward, mode="auto"))

    assert (GOAL in page.text) == (part != "manager")


@pytest.mark.parametrize("part", PARTS)
def test_the_promise_record_is_for_the_host_who_is_asked(app, ward, part):
    """Rule B1; a unit is not even told before its host's yes (section 6.2)."""
    shift = ask(ward)
    if part == "manager":
        answering.accept(ward.work, ward.as_host(), shift_id=shift.id)
    page = opened(app, ward, part, shift)

    assert ("No promises yet" in page.text) == (part == "host")


@pytest.mark.parametrize("part", PARTS)
def test_missing_items_are_for_the_visitor_and_the_program(app, work, part):
    """Sections 6.2 and 8.1: the host and the unit read "waiting for clearance"."""
    ward = named(Ward(work))
    ward.observer = makers.person(work, ward.organization)
    page = opened(app, ward, part, ask(ward, mode="auto"))

    reads = part in {"observer", "coordinator"}
    assert (reference.load().requirement("HIPAA").label in page.text) == reads
    assert ("or the shift is released" in page.text) == reads
    assert ("Waiting for clearance" in page.text) != (part == "observer")


def test_a_hidden_host_is_named_on_confirmation_and_not_before(app, work):
    """Rules A2, A10: a blind slot."""
    ward = named(Ward(work, auto_approve=False, sensitivity="S2"))
    shift = ask(ward, mode="blind")

    before = opened(app, ward, "observer", shift)
    listed = signed_in(app, work, ward.observer).get("/shifts/mine")
    home = signed_in(app, work, ward.observer).get("/")
    assert not any(HOST in page.text for page in (before, listed, home))
    assert "Your host" in before.words
    assert HOST in opened(app, ward, "manager", shift).text, "the unit knows its own people"

    answering.approve(work, ward.as_manager(), shift_id=shift.id)

    assert HOST in opened(app, ward, "observer", shift).words


@pytest.mark.parametrize("ending", ["declined", "lapsed", "called off"])
def test_a_visitor_cannot_tell_a_no_from_silence(app, work, ending):
    """Sections 6.2 and 8.1: "not available", whoever it was and for whatever reason."""
    ward = named(Ward(work))
    shift = ask(ward, mode="auto" if ending == "called off" else "ask")
    if ending == "declined":
        answering.decline(work, ward.as_host(), shift_id=shift.id)
    elif ending == "called off":
        answering.cancel(work, ward.as_host(), shift_id=shift.id)
    else:
        work.clock.advance(hours=72)
        clock.run(work)

    page = opened(app, ward, "observer", shift)

    assert "This shift is not available" in page.words
    for word in ("declined", "said not this time", "called", "lapsed", "Lapsed", "Cancelled"):
        assert word not in page.text
    assert page.soup.select_one("a:-soup-contains('Find another shift')")["href"] == "/shifts"


def test_a_unit_learns_that_nobody_comes_and_not_whose_doing_it_was(app, work):
    """Rule P8: managers see counts, nobody's no."""
    ward = named(Ward(work))
    shift = ask(ward, mode="auto")
    answering.cancel(work, ward.as_host(), shift_id=shift.id)

    page = opened(app, ward, "manager", shift)

    assert "Released" in page.words
    assert "called it off" not in page.text
    assert "called it off" in opened(app, ward, "coordinator", shift).text


def test_a_visitor_who_was_not_ready_reads_that_and_is_offered_others(app, work):
    """Rule C5: their own affair is told as what it is; B5, B10: other times."""
    ward = named(Ward(work))
    ward.observer = makers.person(work, ward.organization)
    shift = ask(ward, mode="auto")
    ward.slot(mode="auto", starts_at=shift.starts_at + timedelta(days=28))
    work.clock.now = shift.starts_at - timedelta(hours=23)
    clock.run(work)

    page = opened(app, ward, "observer", shift)

    assert "Not everything was finished by" in page.words
    assert "Released: not everything was finished in time" in page.words


def test_others_are_offered_when_a_shift_does_not_take_place(app, ward):
    """Rule B10."""
    shift = ask(ward, mode="auto")
    other = ward.slot(mode="auto", starts_at=shift.starts_at + timedelta(days=21))
    answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    page = opened(app, ward, "observer", shift)

    assert "Other times you can ask for" in page.words
    assert page.soup.select_one(f"a[href='/slots/{other}/goal']")


@pytest.mark.parametrize("who", ["stranger", "hr", "nobody's id"])
def test_a_shift_that_is_not_ones_own_looks_like_none(app, ward, who):
    """Rule P1."""
    shift = ask(ward, mode="auto")
    role = Role.HR if who == "hr" else Role.OBSERVER
    person = makers.person(ward.work, ward.organization, roles=(role,))
    wanted = uuid4() if who == "nobody's id" else shift.id
    browser = signed_in(app, ward.work, person, role)

    for rest in ("", "/cancel", "/accept", "/decline", "/approve", "/calendar.ics"):
        browser.get(f"/shifts/{wanted}{rest}", status=404)


def test_a_unit_knows_nothing_of_a_request_before_its_hosts_yes(app, ward):
    """Section 6.2: the host is asked, "never the host's manager"."""
    shift = ask(ward)
    browser = signed_in(app, ward.work, ward.manager, Role.UNIT_MANAGER)
    browser.get(f"/shifts/{shift.id}", status=404)

    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)

    assert OBSERVER in browser.get(f"/shifts/{shift.id}").words


def test_an_invite_that_did_not_arrive_is_shown_to_whom_it_concerns(app, ward):
    """Rule N5; the delivery of one's own messages and, for the program, of both's."""
    shift = ask(ward, mode="auto")
    with ward.work.write() as tx:
        tx.db.execute(journal.outbox.update().values(state="failed"))

    assert "Not delivered" in opened(app, ward, "observer", shift).words
    assert opened(app, ward, "coordinator", shift).words.count("Not delivered") == 4
    assert "Not delivered" not in opened(app, ward, "manager", shift).text


def test_the_calendar_file_holds_ones_own_two_events(app, ward):
    shift = ask(ward, mode="auto")

    file = opened(app, ward, "observer", shift, "/calendar.ics")

    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert file.text.count("BEGIN:VEVENT") == 2
    assert GOAL not in file.text, "rule N3"
    assert opened(app, ward, "host", shift, "/calendar.ics").text.count("BEGIN:VEVENT") == 2


@pytest.mark.parametrize(
    ("slot", "said"),
    [("auto", "Booked. Both of you get an invite"), ("ask", "Asked. You get an email")],
)
def test_after_asking_it_says_what_happens_next(app, ward, slot, said):
    shift = ask(ward, mode=slot)

    assert said in opened(app, ward, "observer", shift, "?booked=1").words
    assert said not in opened(app, ward, "observer", shift).words
    assert said not in opened(app, ward, "host", shift, "?booked=1").words


@pytest.mark.parametrize(("answer", "page"), [("yes", "accept"), ("no", "decline")])
def test_an_answer_in_a_letter_leads_to_a_page_that_asks_once_more(app, ward, answer, page):
    """Mail scanners follow links, so a link answers nothing."""
    shift = ask(ward)
    host = signed_in(app, ward.work, ward.host, Role.HOST)

    seen = host.get(f"/shifts/{shift.id}?answer={answer}", status=303)

    assert seen.location == f"/shifts/{shift.id}/{page}"
    host.get(seen.location)
    assert [row.state for row in makers.shifts(ward.work)] == ["requested"]


def test_what_comes_after_a_shift_leads_from_one_thing_to_the_next(app, work):
    """Rules L8, F6, F7: one's side, the talk, the promise."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    page = opened(app, visit.ward, "observer", shift)
    assert page.soup.select_one("a.btn-lg")["href"] == f"/reflections/{shift.id}"
    assert "Counted: 4 hours." in page.words

    visit.talk()
    visit.send("observer", OBSERVER_WROTE)
    page = opened(app, visit.ward, "observer", shift)

    assert page.soup.select_one("a.btn-lg")["href"] == f"/commitments/new/{shift.id}"
    assert "Held. Recorded" in page.words


OBSERVER_WROTE = {
    "know_post": "4",
    "time": "Waiting for an elevator.",
    "stops": "n0",
    "contra": "I thought nights were calm.",
    "heard": "Fewer forms at the start.",
    "phi_ok": "y",
}


def test_why_there_is_no_talk_is_for_the_two_and_the_program(app, work):
    """Section 6.3: the host is told; section 8.1: the unit reads held or waived alone."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    why = "The host has moved to another site."
    debriefing.waive(work, visit.ward.as_coordinator(), shift_id=shift.id, reason=why)

    for part in PARTS:
        page = opened(app, visit.ward, part, shift)
        assert "It does not take place." in page.words
        assert (why in page.text) == (part != "manager")


def test_looking_moves_nothing(app, ward):
    """A GET is safe: whatever opens a link, nothing happens."""
    shift = ask(ward)
    host = signed_in(app, ward.work, ward.host, Role.HOST)
    before = makers.shifts(ward.work)

    for rest in ("", "?answer=yes", "/accept", "/decline", "/cancel", "/calendar.ics"):
        host.get(f"/shifts/{shift.id}{rest}", status=None)

    assert makers.shifts(ward.work) == before
