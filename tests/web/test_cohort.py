"""Pages of cohort days (B14): the coordinator plans, guests and units see what is theirs."""

import pytest

from shadowing.domain.people import Role
from shadowing.services.bookings import cohort_days
from shadowing.store import cohort
from shadowing.store.tables import people
from tests import makers
from tests.makers import Ward
from tests.services.cohorts import book, drafted, offer_meeting, planned, state_of, talk_of
from tests.services.test_cohort_planning import promised
from tests.web.hours import signed_in as enter

WORDS = {
    "name": "Spring leaders’ day",
    "purpose": "All of us on the units at once.",
    "day": "2027-03-22",
    "start": "4:30 pm",
    "minutes": "60",
    "room": "Board room, floor 2",
}


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def desk(app, work, ward):
    return enter(app, work, ward.coordinator, Role.COORDINATOR)


@pytest.fixture
def leader(app, work, ward):
    return enter(app, work, ward.observer, Role.OBSERVER)


def write(desk, ward, status=303, **changes):
    desk.get("/cohort-days/new")
    words = {**WORDS, "program": str(ward.program), "site": str(ward.site), **changes}
    return desk.post("/cohort-days/new", status=status, **words)


def test_from_a_draft_to_an_open_day(desk, leader, ward):
    """Rules B14, S0.1: refused with a way out until a meeting is on offer."""
    assert "No cohort day planned" in desk.get("/cohort-days").words
    choose = write(desk, ward).location
    here = choose.removesuffix("/people")
    assert "Nobody is told of it" in desk.get(here).words
    desk.get(choose)
    desk.post(choose, people=str(ward.observer))
    assert leader.get("/cohort-days").words.count("Spring") == 0
    assert leader.get(here, status=404)

    desk.get(here)
    refused = desk.post(f"{here}/plan", status=409)
    assert "needs at least one reverse shadow" in refused.words
    assert refused.soup.select_one("a[href='#meetings']")
    offer_meeting(ward)
    desk.get(here)
    desk.post(f"{here}/plan")

    assert "Nothing booked yet" in desk.get(here).words
    assert "Spring leaders’ day" in leader.get("/").words
    page = leader.get(here)
    assert "All of us on the units at once." in page.words
    assert "Board room, floor 2" in page.words
    assert "over by 4:30 pm is part of the day" in page.words
    assert leader.get("/cohort-days/new", status=404)
    assert page.soup.select_one("a[href^='/shifts?day=2027-03-22']")


def test_the_link_to_offer_a_meeting_brings_the_day_along(leader, ward):
    """Rule B16: from the day's page; what is no day brings nothing."""
    day = planned(ward)
    link = leader.get(f"/cohort-days/{day}").soup.select_one("a[href^='/meetings/new']")["href"]
    assert link == "/meetings/new?day=2027-03-22"
    assert leader.get(link).soup.select_one("[name=day]")["value"] == "2027-03-22"
    assert not leader.get("/meetings/new?day=soon").soup.select_one("[name=day]").get("value")


def test_the_day_shows_who_has_what_and_who_has_nothing(desk, ward):
    """Rule B14: booked, joint or not, checks open, meetings on offer."""
    waits = ward.another_observer(name="Quill Harrow")
    day = planned(ward, ward.observer, waits)
    shift = book(ward)

    page = desk.get(f"/cohort-days/{day}")

    assert "1 of 2" in page.words
    assert "Nothing booked yet" in page.words
    assert page.soup.select_one(f"a[href='/shifts/{shift.id}']")
    assert "Bed-flow huddle" in page.words
    assert "1 of 2" in desk.get("/cohort-days").words
    assert "It is the joint debrief of Leaders’ day." in desk.get(f"/shifts/{shift.id}").words


def test_a_shift_that_keeps_a_talk_of_its_own_says_why(desk, ward):
    """Rules B14, F1."""
    day = planned(ward)
    late = book(ward, starts_at=talk_start(ward, day))

    assert talk_of(ward, late).cohort_day_id is None
    assert "Ends after the joint debrief begins" in desk.get(f"/cohort-days/{day}").words


def talk_start(ward, day):
    with ward.work.read() as tx:
        return cohort.find(tx.db, day_id=day).talk_starts_at


def test_moving_the_joint_debrief_from_the_page(desk, leader, ward):
    """Rules B14, F1: what cannot be is said at the field, and what was typed stays."""
    day = planned(ward)
    shift = book(ward)
    here = f"/cohort-days/{day}/change"
    form = {"name": "Leaders’ day", "purpose": "", "minutes": "45", "room": "Hall B"}
    desk.get(here)
    refused = desk.post(here, status=422, start="12:30 pm", **form)
    assert "The last shift of the day ends" in refused.words
    assert refused.soup.select_one("[name=room]")["value"] == "Hall B"
    assert not refused.soup.select_one("[name=day]"), "the date of an open day stays"

    desk.post(here, start="3 pm", **form)

    assert "Hall B" in leader.get(f"/shifts/{shift.id}").words
    assert leader.get(f"/shifts/{shift.id}").soup.select_one(f"a[href='/cohort-days/{day}']")
    assert "3:00 – 3:45 pm" in leader.get(f"/cohort-days/{day}").words


def test_the_two_of_a_shift_are_told_who_moves_its_talk(leader, ward):
    """Rule B14: no button, and a sentence where the page is opened all the same."""
    planned(ward)
    shift = book(ward)

    page = leader.get(f"/shifts/{shift.id}")
    assert not page.soup.select(f"a[href='/shifts/{shift.id}/talk']")
    leader.get(f"/shifts/{shift.id}/talk", status=303)
    assert "The coordinator moves it for everybody" in leader.get(f"/shifts/{shift.id}").words


def test_calling_a_day_off_asks_first_and_says_what_happens(desk, ward):
    day = planned(ward)
    shift = book(ward)
    here = f"/cohort-days/{day}/call-off"
    assert "1 shift stays as booked" in desk.get(here).words
    assert state_of(ward, day) == "planned"

    desk.post(here)

    assert state_of(ward, day) == "cancelled"
    assert talk_of(ward, shift).cohort_day_id is None
    assert "Called off" in desk.get("/cohort-days?show=past").words
    desk.get("/account")
    assert "open or called off already" in desk.post(here, status=422).words


def test_people_are_found_by_name_and_taken_off_again(desk, leader, ward):
    ward.another_observer(name="Quill Harrow")
    day = planned(ward)
    here = f"/cohort-days/{day}/people"
    assert "Nobody fits" in desk.get(f"{here}?name=zzz").words
    page = desk.get(f"{here}?name=quill")
    (box,) = page.soup.select("[name=people]")
    desk.post(f"{here}?name=quill", people=box["value"])
    assert "All of these are invited" in desk.get(f"{here}?name=quill").words
    assert "Tick at least one" in desk.post(here, status=422).words

    desk.get(f"/cohort-days/{day}")
    desk.post(f"/cohort-days/{day}/people/{ward.observer}/remove")

    assert leader.get(f"/cohort-days/{day}", status=404)


def test_somebody_invited_is_asked_for_a_meeting_once(desk, ward):
    """Rule B16: they offer it themselves."""
    day = drafted(ward)
    desk.get(f"/cohort-days/{day}")
    desk.post(f"/cohort-days/{day}/meeting", person=str(ward.observer))
    assert "Asked. They get a link" in desk.get(f"/cohort-days/{day}").words
    desk.post(f"/cohort-days/{day}/meeting", person=str(ward.observer))
    assert "asked before" in desk.get(f"/cohort-days/{day}").words
    desk.post(f"/cohort-days/{day}/meeting", person="")
    assert "Choose who" in desk.get(f"/cohort-days/{day}").words


def test_where_the_last_meeting_is_taken_back_the_coordinator_reads_it(desk, ward):
    """Rule B14: on the overview and on the day."""
    day = planned(ward)
    assert "has no reverse shadow" not in desk.get("/").words
    with ward.work.write() as tx:
        tx.db.execute(makers.hours.slot.update().values(state="withdrawn"))

    assert "has no reverse shadow" in desk.get("/").words
    assert "No reverse shadow is on offer any more" in desk.get(f"/cohort-days/{day}").words


def test_a_unit_sees_the_day_and_its_own_shifts_and_changes_nothing(app, work, ward):
    """Rule P1, section 8.1."""
    other = Ward(work)
    day = planned(ward)
    book(ward)
    lead = enter(app, work, ward.manager, Role.UNIT_MANAGER)
    assert "Leaders’ day" in lead.get("/cohort-days").words
    assert "1 cohort day ahead" in lead.get("/").words
    page = lead.get(f"/cohort-days/{day}")
    assert page.words.count("Confirmed") == 1
    assert not page.soup.select("main form")
    assert lead.get(f"/cohort-days/{day}/change", status=404)

    stranger = enter(app, work, other.manager, Role.UNIT_MANAGER)
    assert stranger.get(f"/cohort-days/{day}", status=404)
    assert "No cohort day ahead" in stranger.get("/cohort-days").words


def test_a_guest_sees_nothing_of_the_others_and_others_see_nothing(app, work, leader, ward):
    """Rule P1: who is not invited reads 404; a clinician has no such page."""
    other = ward.another_observer(name="Quill Harrow")
    day = planned(ward, ward.observer, other)
    book(ward, other)
    page = leader.get(f"/cohort-days/{day}").words
    assert "2 people are invited" in page
    assert "Quill Harrow" not in page
    assert "Confirmed" not in page

    stranger = enter(app, work, ward.another_observer(), Role.OBSERVER)
    assert stranger.get(f"/cohort-days/{day}", status=404)
    assert enter(app, work, ward.host).get("/cohort-days", status=404)


def test_a_long_list_has_pages(desk, ward, monkeypatch):
    monkeypatch.setattr(cohort_days, "PAGE", 2)
    for number in range(3):
        drafted(ward, name=f"Day {number}")

    assert "Day 2" not in desk.get("/cohort-days").words
    assert "Day 2" in desk.get("/cohort-days?page=2").words
    assert "Day 2" in desk.get("/cohort-days?page=9").words


def test_the_promises_of_a_day_are_put_in_order_on_its_page(desk, ward):
    """Section 2.1: ranked follow-up list; without a script, one press a place."""
    day = planned(ward)
    promised(ward, book(ward), "Mend the printer", "Ask for beds at ten")
    page = desk.get(f"/cohort-days/{day}")
    assert page.words.index("1. Mend the printer") < page.words.index("2. Ask for beds at ten")

    desk.post(page.soup.select_one("form[action$='/up']")["action"])

    after = desk.get(f"/cohort-days/{day}").words
    assert after.index("1. Ask for beds at ten") < after.index("2. Mend the printer")


def test_a_day_that_is_over_can_only_be_read_and_ranked(app, work, ward):
    day = planned(ward)
    ward.work.clock.now = talk_start(ward, day)
    desk = enter(app, work, ward.coordinator, Role.COORDINATOR)
    page = desk.get(f"/cohort-days/{day}")

    assert "Nothing promised yet" in page.words
    assert not page.soup.select("main form")
    assert "The joint debrief has begun" in desk.post(f"/cohort-days/{day}/plan", status=409).words


def test_where_there_is_no_program_no_day_is_planned(app, work):
    partner = makers.organization(work)
    makers.site(work, partner)
    alone = makers.person(work, partner, roles=("coordinator",))
    desk = enter(app, work, alone, Role.COORDINATOR)

    page = desk.get("/cohort-days")
    assert "No cohort day ahead" in page.words
    assert not page.soup.select("a[href='/cohort-days/new']")
    assert desk.get("/cohort-days/new", status=404)


def test_a_refused_time_is_told_on_the_clock_of_the_building(app, work, ward):
    """Section 8 of the design: times are as clocks show them where the shift is."""
    day = planned(ward)
    book(ward)
    away = makers.site(work, ward.organization, zone="America/New_York")
    desk_of = makers.unit(work, away)
    with work.write() as tx:
        mine = people.person.c.id == ward.coordinator
        tx.db.execute(people.person.update().where(mine).values(host_unit_id=desk_of))
    desk = enter(app, work, ward.coordinator, Role.COORDINATOR)
    desk.get(f"/cohort-days/{day}/change")

    refused = desk.post(
        f"/cohort-days/{day}/change", status=422, start="11 am", minutes="30", name="X", room="Y"
    )

    assert "ends Mon, Mar 22, 1:00 pm" in refused.words
