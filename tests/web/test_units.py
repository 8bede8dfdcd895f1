"""The pages of a unit: who sees them, what can be set, pausing, the sheet for the wall."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import State
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from tests import makers
from tests.makers import NOW, Ward, shifts
from tests.web.finding import signed_in
from tests.web.test_shifts import GOAL, HOST, OBSERVER, named

DAY = (NOW + timedelta(days=14)).date()


@pytest.fixture
def ward(work):
    return named(Ward(work))


def browser(app, ward, part="manager", role="unit_manager"):
    return signed_in(app, ward.work, getattr(ward, part), role)


def ask(ward, **slot):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL))


def filled(page, **changes):
    """Give what the form in sight would send, with some fields changed."""
    found = {}
    for field in page.soup.select("main form [name]"):
        kind = field.get("type")
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            found[field["name"]] = [chosen["value"]] if chosen else []
        elif kind in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                found.setdefault(field["name"], []).append(field["value"])
        elif field.name != "button":
            value = field.text.strip("\n") if field.name == "textarea" else field.get("value", "")
            found[field["name"]] = [value]
    return {**found, **changes}


@pytest.mark.parametrize(("part", "role"), [("observer", "observer"), ("host", "host")])
@pytest.mark.parametrize("more", ["", "/settings", "/pause", "/week"])
def test_for_everybody_else_there_is_no_such_page(app, ward, part, role, more):
    """Rule P1."""
    browser(app, ward, part, role).get(f"/units/{ward.unit}{more}", status=404)


def test_a_lead_who_has_no_unit_yet_is_told_whom_to_ask(app, ward):
    lonely = makers.person(ward.work, ward.organization, roles=("unit_manager",))

    page = signed_in(app, ward.work, lonely, "unit_manager").get("/units")

    assert "Ask your program coordinator" in page.words


def test_the_list_leads_to_the_unit_and_says_what_waits(app, ward):
    page = browser(app, ward).get("/units")

    assert page.soup.select_one(f"a[href='/units/{ward.unit}']")
    assert "Open" in page.words


def test_a_unit_shows_who_comes_and_how_it_is_visited(app, ward):
    """Rule A9."""
    soon = ward.slot(mode="auto", starts_at=NOW + timedelta(days=8))
    asking.request(ward.work, ward.as_observer(), Ask(soon, GOAL))
    ward.work.clock.advance(days=2)

    page = browser(app, ward).get(f"/units/{ward.unit}")

    assert OBSERVER in page.words
    assert HOST in page.words
    assert "1 at the fullest minute, of 2" in page.words
    assert GOAL not in page.text


def test_settings_are_saved_and_stay(app, ward):
    visitor = browser(app, ward)
    page = visitor.get(f"/units/{ward.unit}/settings")

    sent = filled(page, meeting_point="By the blue door", cap="3", notice_days="10")
    visitor.post(f"/units/{ward.unit}/settings", **sent)

    page = visitor.get(f"/units/{ward.unit}")
    assert "By the blue door" in page.words
    assert "3 visitors" in page.words
    assert "10 days at least" in page.words


def test_what_cannot_be_keeps_what_was_typed(app, ward):
    visitor = browser(app, ward)
    page = visitor.get(f"/units/{ward.unit}/settings")

    sent = filled(page, sensitivity="S2", meeting_point="By the blue door")
    page = visitor.post(f"/units/{ward.unit}/settings", status=422, **sent)

    assert "says yes each time" in page.words
    assert page.soup.select_one("[name=meeting_point]")["value"] == "By the blue door"


def test_a_lower_number_lists_the_booked_shifts_first(app, ward):
    """Rule A9."""
    ask(ward, mode="auto")
    second = ward.slot(mode="auto", host_id=ward.another_host())
    asking.request(ward.work, ward.as_observer(ward.another_observer()), Ask(second, GOAL))
    visitor = browser(app, ward)
    sent = filled(visitor.get(f"/units/{ward.unit}/settings"), cap="1")

    page = visitor.post(f"/units/{ward.unit}/settings", status=200, **sent)
    assert "2 booked shifts would not fit any more" in page.words
    visitor.post(f"/units/{ward.unit}/settings", **filled(page))

    assert "1 visitor" in visitor.get(f"/units/{ward.unit}").words
    assert {row.state for row in shifts(ward.work)} == {State.CONFIRMED}


def test_a_pause_says_what_it_concerns_and_stops_it_only_with_the_tick(app, ward):
    """Rule A7."""
    ask(ward, mode="auto")
    visitor = browser(app, ward)

    page = visitor.get(f"/units/{ward.unit}/pause")
    sent = filled(page, until=str(DAY + timedelta(days=1)), kind="surge")
    visitor.post(f"/units/{ward.unit}/pause", **sent)
    assert shifts(ward.work)[0].state == State.CONFIRMED
    assert "Paused until" in visitor.get(f"/units/{ward.unit}").words

    visitor.post(f"/units/{ward.unit}/pause", **{**sent, "stops": "y"})
    assert shifts(ward.work)[0].state == State.CLINICAL_OVERRIDE


def test_a_pause_shows_nothing_a_host_has_not_answered(app, ward):
    """Section 6.2 and rule P8."""
    ask(ward, starts_at=NOW + timedelta(days=8))

    page = browser(app, ward).get(f"/units/{ward.unit}/pause")

    assert OBSERVER not in page.text
    assert "Nothing is booked" in page.words


def test_a_pause_ends_with_one_press(app, ward):
    """Rule A7."""
    visitor = browser(app, ward)
    visitor.get(f"/units/{ward.unit}/pause")
    visitor.post(f"/units/{ward.unit}/pause", until=str(DAY), kind="other")
    visitor.get(f"/units/{ward.unit}")
    visitor.post(f"/units/{ward.unit}/resume")

    assert "Paused" not in visitor.get("/units").words


def test_a_pause_that_is_over_already_is_none(app, ward):
    visitor = browser(app, ward)
    visitor.get(f"/units/{ward.unit}/pause")

    page = visitor.post(f"/units/{ward.unit}/pause", status=422, until="2027-03-01", kind="other")

    assert "Choose a last day from today on" in page.words


@pytest.mark.parametrize("count", [1, 40])
def test_the_week_sheet_lists_everybody_with_room_to_write(app, ward, count):
    """Rule D10: paper."""
    for number in range(count):
        slot = ward.slot(
            mode="auto",
            host_id=ward.another_host(),
            starts_at=NOW + timedelta(days=14, hours=-9, minutes=10 * number),
            minutes=10,
        )
        who = ward.as_observer(ward.another_observer())
        asking.request(ward.work, who, Ask(slot, GOAL))

    page = browser(app, ward).get(f"/units/{ward.unit}/week?week={DAY}")

    assert len(page.soup.select("tr:has(td)")) == count
    assert len(page.soup.select("td.paper")) == 3 * count


def test_a_week_in_which_nobody_comes_says_so(app, ward):
    page = browser(app, ward).get(f"/units/{ward.unit}/week?week=nonsense")

    assert "Nobody comes this week" in page.words


def test_a_coordinator_names_the_next_lead_from_the_overview(app, ward):
    """Section 8.3, leaver; rule B3."""
    new = makers.person(ward.work, ward.organization, roles=("unit_manager",), name="Neda West")
    coordinator = signed_in(app, ward.work, ward.coordinator, "coordinator")
    assert "has no lead" not in coordinator.get("/").words
    coordinator.get(f"/people/{ward.manager}/leave")
    coordinator.post(f"/people/{ward.manager}/leave")

    page = coordinator.get("/")
    assert "has no lead" in page.words
    path = f"/units/{ward.unit}/settings"
    assert page.soup.select_one(f"main a[href='{path}']")
    assert "This unit has no lead." in coordinator.get(f"/units/{ward.unit}").words
    coordinator.post(path, **filled(coordinator.get(path), lead=str(new)))

    assert "has no lead" not in coordinator.get("/").words
    assert "Neda West" in coordinator.get(f"/units/{ward.unit}").words
    page = coordinator.get(path)
    assert page.soup.select_one("[name=lead] option[selected]").text == "Neda West"


def test_a_lead_sees_no_menu_of_leads(app, ward):
    page = browser(app, ward).get(f"/units/{ward.unit}/settings")

    assert page.soup.select("[name=lead]") == []
