"""The start page of every role, and the pages of help."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from shadowing.domain.people import Role
from shadowing.services.bookings import asking, day
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import bookings, followup, journal, people
from shadowing.web.pages import ROLE_WORDS
from tests import makers
from tests.makers import Ward
from tests.services.test_counting import miss
from tests.visits import Visit
from tests.web.finding import signed_in
from tests.web.test_shifts import GOAL, HOST, OBSERVER, ask, named


@pytest.fixture
def ward(work):
    return named(Ward(work))


def home(app, ward, person_id, role):
    return signed_in(app, ward.work, person_id, role).get("/")


def section(page, name):
    """Read what stands under a heading."""
    found = page.soup.select_one(f"section[aria-labelledby='{name}']")
    return " ".join(found.get_text(" ").split())


def promised(ward, *, state, shift, days=30):
    """Write down a promise of the observer."""
    day = (ward.work.clock.now + timedelta(days=days)).date()
    row = {
        "shift_id": shift.id,
        "owner_id": ward.observer,
        "host_id": ward.host,
        "unit_id": ward.unit,
        "kind": "remove_obstacle",
        "saw": "We look for the scanner.",
        "action": "A second scanner for the ward.",
        "tell": "I write.",
        "due_on": day,
        "first_due_on": day,
        "state": state,
        "created_at": ward.work.clock.now,
        "changed_at": ward.work.clock.now,
    }
    with ward.work.write() as tx:
        tx.db.execute(insert(followup.commitment).values(id=makers.uuid4(), **row))


def test_a_visitor_with_nothing_booked_is_offered_three_that_fit(app, ward):
    for days in (14, 34, 54):
        ward.slot(starts_at=makers.NOW + timedelta(days=days))
        other = ward.another_host()
        makers.slot(ward.work, other, ward.unit, starts_at=makers.NOW + timedelta(days=14))

    page = home(app, ward, ward.observer, Role.OBSERVER)

    assert page.soup.h1.get_text() == "Good morning, Orla"
    assert "Monday, March 8. No shift coming up and nothing to do." in page.words
    assert "No shift booked. Here are three that fit" in page.words
    links = page.soup.select(".ideas a")
    assert len(links) == 3
    assert all(link["href"].startswith("/slots/") for link in links)
    assert "You have not been on" in page.words


def test_a_visitor_for_whom_nothing_is_open_is_told_so(app, ward):
    page = home(app, ward, ward.observer, Role.OBSERVER)

    assert "No open shift fits right now." in page.words
    assert page.soup.select("a[href='/shifts']")


def test_a_visitor_reads_what_is_next_and_what_is_open(app, work):
    ward = named(Ward(work))
    ward.observer = makers.person(work, ward.organization, name=OBSERVER)
    shift = ask(ward, mode="auto")

    page = home(app, ward, ward.observer, Role.OBSERVER)

    assert "Mon 22 March" in section(page, "next")
    assert "Your next shift, in 14 days" in section(page, "next")
    assert "to finish by Sun, Mar 21, 9:00 am." in section(page, "next")
    assert page.soup.select_one(f"article a[href='/shifts/{shift.id}']")


def test_a_visitor_reads_how_often_they_cancelled_late_or_did_not_come_rule_d3(app, work):
    ward = named(Ward(work))
    assert "Late cancels and absences None in this cycle" in section(
        home(app, ward, ward.observer, Role.OBSERVER), "progress"
    )

    said = {}
    for times in (1, 2):
        miss(ward, times=times)
        said[times] = section(home(app, ward, ward.observer, Role.OBSERVER), "progress")

    assert "1 in this cycle. From 3 on, your coordinator looks at requests first." in said[1]
    assert "3 in this cycle. New requests go to your coordinator first." in said[2]
    assert "You and your coordinator see this, nobody else" in said[2]


def test_a_shift_that_ended_too_early_is_not_counted_as_one_rule_d5(app, work):
    ward = named(Ward(work))
    shift = Visit(ward).confirm()
    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")
    ward.work.clock.now = shift.starts_at + timedelta(minutes=30)
    day.check_out(ward.work, ward.as_host(), shift_id=shift.id)

    told = section(home(app, ward, ward.observer, Role.OBSERVER), "progress")

    assert "0 shifts" in told
    assert "1 more ended too early to count as a shift. The hours are recorded." in told


def test_what_is_owed_after_a_shift_is_to_do_for_each_in_their_own_words(app, work):
    """Rules L8, F4, F7; the menu counts it."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    ward = visit.ward
    work.clock.now = shift.ends_at + timedelta(days=3)

    visitor = home(app, ward, ward.observer, Role.OBSERVER)
    host = home(app, ward, ward.host, Role.HOST)

    for page in (visitor, host):
        assert "Write your side of" in section(page, "todo")
        assert "Record the talk about" in section(page, "todo")
        assert page.soup.select_one(f"#main a[href='/reflections/{shift.id}']")
        assert page.soup.select_one("nav a[href='/reflections'] .count").get_text() == "1 waiting"
    assert "days late" in section(visitor, "todo")
    assert "Units you have seen 1 of 1." in section(visitor, "progress")
    assert "0 of 1 shifts. Goal is 1 in 5" in section(visitor, "progress")


def test_after_the_talk_the_visitor_says_what_they_promise(app, work):
    visit = Visit(named(Ward(work)))
    shift = visit.talk() if visit.happen() else None
    ward = visit.ward

    assert f"/commitments/new/{shift.id}" in home(app, ward, ward.observer, Role.OBSERVER).text
    assert f"/commitments/new/{shift.id}" not in home(app, ward, ward.host, Role.HOST).text


def test_promises_are_counted_as_they_stand_and_late_ones_come_first(app, work):
    """Rules B1, F10, F13."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    ward = visit.ward
    for state, days in (("seen_by_host", 9), ("in_progress", -5), ("in_progress", 9), ("void", 1)):
        promised(ward, state=state, shift=shift, days=days)

    page = home(app, ward, ward.observer, Role.OBSERVER)

    assert "1 of 3 promises 33%" in section(page, "loops")
    assert "1 of 3, 1 still in time, 1 late" in section(page, "progress")
    assert "5 days late" in section(page, "todo")
    assert section(page, "todo").index("5 days late") < section(page, "todo").index("Due in 9 days")


def test_a_host_reads_who_asks_who_comes_and_what_came_of_it(app, work):
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    ward = visit.ward
    promised(ward, state="done", shift=shift)
    start = work.clock.now + timedelta(days=20)
    asking.request(work, ward.as_observer(), Ask(ward.slot(starts_at=start), GOAL))

    page = home(app, ward, ward.host, Role.HOST)

    assert "Nobody is coming, and one request waits for you." in page.words
    assert OBSERVER in section(page, "asked")
    assert "We look for the scanner." in section(page, "heard")
    assert "See what became of it: A second scanner for the ward" in section(page, "todo")
    assert "0 of 1 promise" in section(page, "loops")
    assert page.soup.select_one("nav a[href='/requests'] .count").get_text() == "1 waiting"


def test_a_host_nobody_asked_is_led_to_their_hours(app, ward):
    page = home(app, ward, ward.host, Role.HOST)

    assert "Nobody has asked yet" in page.words
    assert page.soup.select("#main a[href='/availability']")


def test_a_manager_reads_who_comes_and_never_why(app, ward):
    ask(ward, mode="auto")

    page = home(app, ward, ward.manager, Role.UNIT_MANAGER)

    assert f"with {OBSERVER}" in section(page, "next")
    assert GOAL not in page.text
    assert "No promises to your units yet." in section(page, "loops")


def test_a_coordinator_reads_what_needs_a_hand_and_opens_the_first(app, work):
    """DESIGN: "What needs a hand today"; rules B6, D10, F4, N5."""
    ward = named(Ward(work))
    assert "Nothing needs you today" in home(app, ward, ward.coordinator, Role.COORDINATOR).words
    lapses = ask(ward)
    over = ask(ward, mode="auto", starts_at=makers.NOW + timedelta(days=54))
    work.clock.advance(hours=60)
    with work.write() as tx:
        tx.db.execute(journal.outbox.update().values(state="failed"))

    page = home(app, ward, ward.coordinator, Role.COORDINATOR)

    first = page.soup.select_one(".page-head a.btn")["href"]
    assert first in {f"/shifts/{lapses.id}", f"/shifts/{over.id}"}
    assert "An invite was not delivered" in section(page, "hands")
    assert "A request lapses Thu, Mar 11, 8:00 am" in section(page, "hands")
    assert f"{OBSERVER} asks {HOST}" in section(page, "hands")

    work.clock.now = over.ends_at + timedelta(hours=3)
    assert "Nobody checked in" in home(app, ward, ward.coordinator, Role.COORDINATOR).words


def test_what_waits_for_the_coordinator_alone_comes_first(app, work):
    """Rules A8, B3, D3: a last look, a request that is held back, a unit that is silent."""
    ward = named(Ward(work))
    change_program = people.program.update().values(final_check=True)
    looked = ask(ward, mode="auto")
    silent = ask(ward, starts_at=makers.NOW + timedelta(days=30))
    held = ask(ward, starts_at=makers.NOW + timedelta(days=60))
    with work.write() as tx:
        tx.db.execute(change_program)
        row = bookings.shift.update()
        tx.db.execute(row.where(bookings.shift.c.id == looked.id).values(state="cleared"))
        tx.db.execute(row.where(bookings.shift.c.id == silent.id).values(state="host_accepted"))
        tx.db.execute(row.where(bookings.shift.c.id == held.id).values(held_back=True))
    work.clock.advance(hours=60)

    page = home(app, ward, ward.coordinator, Role.COORDINATOR)

    told = section(page, "hands")
    assert "A request waits for you first" in told
    assert "A last look is due" in told
    assert "The unit has not answered" in told
    assert told.index("waits for you first") < told.index("The unit has not answered")


def test_a_coordinator_reads_what_ends_soon(app, work):
    """Rules C7 and E4."""
    ward = named(Ward(work))
    soon, later = work.clock.now.date() + timedelta(days=9), work.clock.now + timedelta(days=60)
    ends = {"state": "waived", "waived_until": soon, "waived_reason": "Second reading is booked."}
    fresh = makers.person(work, ward.organization, name="Thandi Alderbrook")
    makers.add(work, people.credential, person_id=fresh, requirement="TB", **ends)
    makers.add(
        work,
        people.agreement,
        code="hpu",
        kind="university",
        organization_id=ward.organization,
        partner_name="Harrow Plains University",
        starts_on=work.clock.now.date(),
        ends_on=later.date(),
        covers=[],
    )

    told = section(home(app, ward, ward.coordinator, Role.COORDINATOR), "ending")

    assert "Thandi Alderbrook: waived “TB screen”" in told
    assert "Agreement with Harrow Plains University" in told
    assert "Second reading" not in told


def test_a_talk_nobody_recorded_comes_to_the_coordinator_after_a_week(app, work):
    """Rule F4."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    ward = visit.ward
    work.clock.now = shift.ends_at + timedelta(days=6)
    assert "No talk is recorded" not in home(app, ward, ward.coordinator, Role.COORDINATOR).words

    work.clock.now = shift.ends_at + timedelta(days=7)
    assert "No talk is recorded" in home(app, ward, ward.coordinator, Role.COORDINATOR).words


def test_hr_reads_counts_and_no_name(app, work):
    """Section 8.1: participation; totals of promises."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    ward = visit.ward
    promised(ward, state="seen_by_host", shift=shift)
    hr = makers.person(work, ward.organization, roles=("hr",))

    page = home(app, ward, hr, Role.HR)

    assert "People who took part 2" in page.words
    assert "Time spent 8 hours" in page.words
    assert "1 of 1 promise" in section(page, "loops")
    assert OBSERVER not in page.text
    assert HOST not in page.text
    assert page.soup.select("#main a[href='/participation']")


def test_hr_of_another_organization_reads_its_own_counts(app, work):
    visit = Visit(named(Ward(work)))
    promised(visit.ward, state="seen_by_host", shift=visit.happen())
    elsewhere = makers.organization(work)
    makers.site(work, elsewhere)
    hr = makers.person(work, elsewhere, roles=("hr",))

    page = home(app, visit.ward, hr, Role.HR)

    assert "People who took part 0" in page.words
    assert "No promises yet." in page.words


def test_a_system_administrator_reads_how_the_system_is(app, work, ward):
    admin = makers.person(work, ward.organization, roles=("sysadmin",))

    page = home(app, ward, admin, Role.SYSADMIN)

    assert "Worker – missing It has never run." in page.words
    assert "Worker last ran Never" in page.words
    assert "Letters given up 0" in page.words


@pytest.mark.parametrize("role", [Role.PRECEPTOR, Role.PARTNER_COORDINATOR])
def test_a_role_without_pages_is_told_so(app, work, ward, role):
    someone = makers.person(work, ward.organization, roles=(role,))

    page = home(app, ward, someone, role)

    assert f"You act as {ROLE_WORDS[role].lower()}." in page.words
    assert "Nothing waits for you" in page.words
    assert page.soup.select("#main a[href='/help']")


def test_nobody_is_asked_to_sign_in_first(visitor):
    assert visitor.get("/", status=303).location == "/sign-in"


@pytest.mark.parametrize("path", ["/help", "/help/privacy", "/help/accessibility"])
def test_help_is_open_to_everybody(visitor, path):
    page = visitor.get(path)

    assert page.soup.h1.get_text()
    assert page.soup.select("#main a[href^='/help']")


def test_the_rules_are_those_of_the_preparation_card(visitor):
    """Rule N7."""
    page = visitor.get("/help")

    for rule in ("Watch, do not fix.", "Step out when asked.", "No phone, and no notes"):
        assert rule in page.words


def test_what_is_kept_and_for_how_long_is_said(visitor):
    """Section 8.3."""
    rows = visitor.get("/help/privacy").soup.select("tbody tr")

    kept = {row.th.get_text(): row.td.get_text() for row in rows}
    assert kept["A host’s no or cancel, pauses, requests that came to nothing"] == "90 days"
    assert kept["Promises"].startswith("36 months")
    assert len(kept) == 8
