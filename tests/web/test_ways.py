"""Where things are found: exceptions and booking for somebody, and how much waits at each way."""

from datetime import timedelta

import pytest

from shadowing.domain.people import Role
from shadowing.services import delegates
from shadowing.services.bookings import moving, other_hours, swapping
from shadowing.store.tables import people
from tests import makers
from tests.makers import NOW, Ward
from tests.web.finding import change, signed_in
from tests.web.test_shifts import ask, named


@pytest.fixture
def ward(work):
    return named(Ward(work))


def hrefs(page):
    return {a["href"] for a in page.soup.select("main a")}


def badge(app, ward, person_id, role, label):
    """Read how much waits at a way of the navigation."""
    page = signed_in(app, ward.work, person_id, role).get("/account")
    (way,) = {
        " ".join(a.get_text(" ").split()) for a in page.soup.select("nav a") if label in a.text
    }
    return way


def test_a_coordinator_finds_exceptions_and_booking_for_somebody(app, ward):
    """Rules B4, B18: reachable from the overview and from the shifts."""
    browser = signed_in(app, ward.work, ward.coordinator, Role.COORDINATOR)

    for path in ("/", "/requests"):
        assert {"/exceptions", "/book-for"} <= hrefs(browser.get(path))


@pytest.mark.parametrize("role", ["observer", "host", "unit_manager", "hr", "preceptor"])
def test_a_delegate_finds_on_the_start_page_for_whom_they_book(app, ward, role):
    """Rule B18: whatever role somebody holds who was named."""
    helper = makers.person(ward.work, ward.organization, roles=(role,), name="Hal Per")
    with ward.work.read() as tx:
        email = tx.db.execute(people.person.select().filter_by(id=helper)).one().email
    before = signed_in(app, ward.work, helper, Role(role)).get("/")
    assert "/book-for" not in hrefs(before)

    delegates.name(ward.work, ward.as_observer(), email=email)

    page = signed_in(app, ward.work, helper, Role(role)).get("/")
    assert "/book-for" in hrefs(page)
    assert "You book for Orla" in page.words


def test_a_move_that_waits_counts_for_the_host_and_then_for_the_unit(app, ward):
    """Rule B9: whose yes it needs sees so on every page; a unit's deputy, too."""
    deputy = makers.person(ward.work, ward.organization, roles=("unit_manager",), name="Dee Puty")
    with ward.work.write() as tx:
        named_so = people.unit_deputy.insert().values(unit_id=ward.unit, person_id=deputy)
        tx.db.execute(named_so)
    shift = ask(ward, mode="auto")
    change(ward.work, people.unit, ward.unit, auto_approve=False, sensitivity="S2")
    slot_id = ward.slot(starts_at=NOW + timedelta(days=28))
    assert badge(app, ward, ward.host, Role.HOST, "Requests") == "Requests"

    moving.ask(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=slot_id)
    assert "1" in badge(app, ward, ward.host, Role.HOST, "Requests")
    assert badge(app, ward, deputy, Role.UNIT_MANAGER, "Requests") == "Requests"
    moving.accept(ward.work, ward.as_host(), shift_id=shift.id)

    assert badge(app, ward, ward.host, Role.HOST, "Requests") == "Requests"
    assert "1" in badge(app, ward, ward.manager, Role.UNIT_MANAGER, "Requests")
    assert "1" in badge(app, ward, deputy, Role.UNIT_MANAGER, "Requests")
    browser = signed_in(app, ward.work, deputy, Role.UNIT_MANAGER)
    assert f"/shifts/{shift.id}/move/answer" in {
        a["href"] for a in browser.get("/requests").soup("a")
    }
    browser.get(f"/shifts/{shift.id}/move/answer")
    browser.post(f"/shifts/{shift.id}/move/approve")
    (row,) = makers.shifts(ward.work)
    assert row.slot_id == slot_id


def test_a_swap_counts_for_the_colleague_who_is_asked(app, ward):
    """Rule B12."""
    other = ward.another_host(name="Ottoline Brisk")
    shift = ask(ward, mode="auto")

    swapping.propose(ward.work, ward.as_host(), shift_id=shift.id, host_id=other)

    assert "1" in badge(app, ward, other, Role.HOST, "Requests")
    assert badge(app, ward, ward.host, Role.HOST, "Requests") == "Requests"


def test_other_hours_count_once_for_the_visitor_who_chooses(app, ward):
    shift = ask(ward)
    hours = (("13:30", "16:30"), ("14:00", "17:00"))

    other_hours.offer(ward.work, ward.as_host(), shift_id=shift.id, windows=hours)

    assert "1" in badge(app, ward, ward.observer, Role.OBSERVER, "My shifts")
