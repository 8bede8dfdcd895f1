"""The pages of a program: set, refused at the field, cycles."""

from datetime import timedelta

import pytest

from shadowing.services.bookings import leaving
from shadowing.store.tables import people
from tests.mailbox import ask
from tests.makers import Ward
from tests.web.finding import signed_in
from tests.web.test_units import filled


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def visitor(app, ward):
    return signed_in(app, ward.work, ward.coordinator, "coordinator")


def test_a_program_is_set_within_its_organization(ward, visitor):
    path = f"/programs/{ward.program}"
    assert visitor.get("/programs").soup.select_one(f"a[href='{path}']")
    page = visitor.get(path)
    assert "Your organization: 7 days" in page.words

    sent = {**filled(page), "name": "Leaders", "set-employee_days": "10"}
    visitor.post(path, **{name: value for name, value in sent.items() if "cycle" not in name})

    page = visitor.get(path)
    assert page.soup.h1.text.strip() == "Leaders"
    assert page.soup.select_one("#set-employee_days")["value"] == "10"


@pytest.mark.parametrize("typed", ["3", "lots", "99999999", "-1", "a b"])
def test_what_cannot_be_is_said_at_its_field_and_stays(ward, visitor, typed):
    path = f"/programs/{ward.program}"
    sent = {**filled(visitor.get(path)), "set-employee_days": typed}

    page = visitor.post(path, status=422, **{n: v for n, v in sent.items() if "cycle" not in n})

    field = page.soup.select_one("#set-employee_days")
    assert field["value"] == typed
    assert field["aria-invalid"] == "true"


def test_several_moments_are_typed_with_commas(ward, visitor):
    """Rules N6, N7: when the team is told, and when the card goes out."""
    path = f"/programs/{ward.program}"
    sent = {**filled(visitor.get(path)), "set-unit_notice_days": "3, 14 , 14", "purpose": "See it."}
    plain = {name: value for name, value in sent.items() if "cycle" not in name}
    visitor.post(path, **plain)

    page = visitor.get(path)
    assert page.soup.select_one("#set-unit_notice_days")["value"] == "14, 3"
    assert page.soup.select_one("[name=purpose]").text.strip() == "See it."
    for wrong in ("7", "1,2,3,4,5,6,7", "a, b", "99, 1", ","):
        page = visitor.post(path, status=422, **(plain | {"set-unit_notice_days": wrong}))
        assert page.soup.select_one("#set-unit_notice_days")["aria-invalid"] == "true"


def test_what_the_page_of_a_shift_says_of_times_is_what_is_set(app, ward):
    """Rules B10, D1: hours of a late cancel, and when the door opens."""
    with ward.work.write() as tx:
        house = {"checkin_opens": 120, "late_cancel_hours": 96}
        tx.db.execute(people.organization.update().values(settings=house))
    shift = ask(ward, mode="auto")
    visitor = signed_in(app, ward.work, ward.observer)
    assert "7:00 am" in visitor.get(f"/shifts/{shift.id}").words

    ward.work.clock.now = shift.starts_at - timedelta(hours=80)
    leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    visitor = signed_in(app, ward.work, ward.observer)
    assert "It was under 96 hours before" in visitor.get(f"/shifts/{shift.id}").words


def test_what_no_page_can_show_is_not_shown_again(ward, visitor):
    path = f"/programs/{ward.program}"
    visitor.get(path)

    page = visitor.post(path, status=422, **{"set-employee_days": "a\x00b"})

    assert page.soup.select_one("#set-employee_days")["value"] == "ab"


def test_a_cycle_is_added_and_one_that_meets_it_is_refused(ward, visitor):
    path = f"/programs/{ward.program}"
    visitor.get(path)
    days = {"cycle-starts_on": "2028-01-01", "cycle-ends_on": "2028-06-30"}
    visitor.post(f"{path}/cycles", **{"cycle-label": "Spring 2028", **days})
    assert "Spring 2028" in visitor.get(path).words

    page = visitor.post(f"{path}/cycles", status=422, **{"cycle-label": "Again", **days})

    assert "They meet those of “Spring 2028”" in page.words
    assert page.soup.select_one("#cycle-label")["value"] == "Again"
