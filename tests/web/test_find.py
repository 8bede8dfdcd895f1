"""Finding a shift and asking for it at a browser, without scripts."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from sqlalchemy import update

from shadowing.domain.people import Role
from shadowing.services.accounts.entering import Caller, enter_as
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import availability as hours
from shadowing.store.tables import bookings, followup, people
from tests import makers
from tests.makers import NOW, Ward
from tests.web.visits import Visitor

GOAL = "See what a nurse waits for."
FORTNIGHT = NOW + timedelta(days=14)
"""Monday, March 22, 2027, 9:00 am in Chicago, where clocks have gone forward by then."""
DAY = "/shifts?day=2027-03-22"


@pytest.fixture
def ward(work):
    """Give a hospital with one ward, a host and a cleared observer."""
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    """Give a browser in which the observer is signed in."""
    return signed_in(app, work, ward.observer)


def signed_in(app, work, person_id, role=Role.OBSERVER):
    """Open a browser for somebody."""
    with work.read() as tx:
        row = tx.db.execute(people.person.select().filter_by(id=person_id)).one()
    entered = enter_as(work, email=row.email, role=role, caller=Caller("192.0.2.1"))
    visitor = Visitor(app)
    with visitor.client.session_transaction(base_url=visitor.base) as session:
        session["_user_id"] = entered.token
    return visitor


def change(work, table, row_id, **values):
    """Set values of one row."""
    with work.write() as tx:
        tx.db.execute(update(table).where(table.c.id == row_id).values(**values))


def cards(page):
    """List the cards of a page by what can be read on them."""
    return [" ".join(card.get_text(" ").split()) for card in page.soup.select("li.slot")]


def goal_in(page):
    """Give what stands in the box for the goal."""
    return page.soup.select_one("#goal").get_text().strip()


def take(work, ward, slot_id):
    """Let somebody else hold the last seat."""
    asking.hold(work, ward.as_observer(ward.another_observer()), Ask(slot_id, GOAL))


def choose(browser, slot_id, **written):
    """Open the goal page of a slot, write, and go on."""
    browser.get(f"/slots/{slot_id}/goal")
    return browser.post(f"/slots/{slot_id}/goal", **({"goal": GOAL} | written))


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


def test_a_card_says_who_where_when_and_by_when_it_is_answered(work, ward, browser):
    change(work, people.person, ward.host, name="Ottoline Brisk", post_nominal="RN")
    ward.slot()

    (card,) = cards(browser.get(DAY))

    assert card.startswith("9:00 am – 1:00 pm 4 hours OB Ottoline Brisk, RN Staff nurse, ward")
    assert "Answers by Thu, Mar 11, 8:00 am" in card.replace("\N{NO-BREAK SPACE}", " ")


def test_the_week_is_named_with_its_zone_its_days_and_the_weeks_beside(ward, browser):
    ward.slot()

    page = browser.get("/shifts?week=2027-03-24")

    assert "All times are Central Time" in page.words
    assert page.soup.select_one(".strip-title").get_text() == "March 22 – 28, 2027"
    days = [" ".join(each.get_text(" ").split()) for each in page.soup.select(".strip a")]
    assert days[:2] == ["Mon 22 1 open shift", "Tue 23 None open shifts"]
    assert "1 open shift in this week. You can ask for 1 of them." in page.words
    assert page.soup.select_one("a:-soup-contains('Week before')")["href"].endswith("2027-03-15")
    assert page.soup.select_one("a:-soup-contains('Week after')")["href"].endswith("2027-03-29")


def test_filters_are_kept_from_day_to_day_and_can_be_cleared(ward, browser):
    ward.slot(host_role="aide", band="evening", mode="auto")
    ward.slot(host_id=ward.another_host())

    page = browser.get(f"{DAY}&role=aide&band=evening&mode=yes&unit={ward.unit}")

    assert len(cards(page)) == 1
    tuesday = page.soup.select_one(".strip a[href*='2027-03-23']")["href"]
    for kept in ("role=aide", "band=evening", "mode=yes", f"unit={ward.unit}"):
        assert kept in tuesday
    assert page.soup.select_one("a:-soup-contains('Clear')")["href"] == DAY
    checked = {(box["name"], box["value"]) for box in page.soup.select("input[checked]")}
    assert checked == {("role", "aide"), ("band", "evening"), ("mode", "yes")}
    assert "Filters 4 set" in page.words


def test_an_empty_day_leads_to_the_nearest_other(ward, browser):
    ward.slot()

    page = browser.get("/shifts?day=2027-03-20")

    assert "Saturday, March 20 has no open shifts" in page.words
    assert page.soup.select_one(".empty a")["href"] == DAY
    assert len(cards(browser.get(DAY))) == 1


def test_an_empty_hospital_says_so(browser):
    page = browser.get("/shifts")

    assert "No open shifts in this week" in page.words
    assert "Nobody has opened a shift yet." in page.words
    assert "March 15 – 21, 2027" in page.words, "the first week with notice enough, rule B4"


def test_filters_that_leave_nothing_can_be_taken_away(ward, browser):
    ward.slot()

    page = browser.get(f"{DAY}&role=surg")

    assert "No open shifts on Monday, March 22 with these filters" in page.words
    assert page.soup.select_one(".empty a:-soup-contains('Clear')")["href"] == DAY


ODD = (
    "",
    "0",
    "-1",
    "999999999999999999999999",
    "0001-01-01",
    "9999-12-31",
    "2027-02-30",
    "2027-W12-1",
    "Feb 30",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\x00",
    "\N{PILE OF POO}" * 300,
    "{{ 7 * 7 }}",
    "../../etc",
    "\u0663",
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["week", "day", "role", "band", "unit", "mode", "order", "page"])
def test_nothing_in_the_address_breaks_the_page(ward, browser, name):
    ward.slot()
    for value in ODD:
        page = browser.get(f"/shifts?{name}={quote(value)}&{name}={quote(value)}")
        assert "<script>alert" not in page.text
    browser.get(f"/shifts?{'&'.join(f'{name}=x{n}' for n in range(500))}")


def test_a_page_that_is_too_far_is_the_last(ward, browser):
    for number in range(52):
        ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(minutes=number))

    first, last = browser.get(DAY), browser.get(f"{DAY}&page=99")

    assert (len(cards(first)), len(cards(last))) == (50, 2)
    assert "1 to 50 of 52" in first.words
    assert "51 to 52 of 52" in last.words
    assert first.soup.select_one("[rel=next]")["href"] == "/shifts?page=2&day=2027-03-22"
    assert last.soup.select_one("[rel=prev]")["href"] == "/shifts?page=1&day=2027-03-22"


def test_what_cannot_be_asked_for_says_why(work, ward, browser):
    """Rule B8: the true cause where it is one's own, "not available" where it is the host's."""
    mine = ward.slot(host_id=ward.another_host(), mode="auto")
    asking.request(work, ward.as_observer(), Ask(mine, GOAL))
    ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(hours=1))
    resting = ward.another_host(paused_until=FORTNIGHT + timedelta(days=9))
    ward.slot(host_id=resting, starts_at=FORTNIGHT + timedelta(hours=8))
    chief = ward.another_host(manager_id=ward.observer)
    ward.slot(host_id=chief, starts_at=FORTNIGHT + timedelta(hours=9))

    page = browser.get(DAY)
    words = cards(page)

    assert "4 open shifts on Monday, March 22. You can ask for none of them." in page.words
    assert "3 more that you can’t ask for now, and why" in page.words
    assert "You have something from Mon, Mar 22, 9:00 am to Mon, Mar 22, 1:00 pm." in words[1]
    assert "This one is not available." in words[2]
    assert "Nobody shadows a person they report to" in words[3]
    assert not any("Ask" in card.split() or "Book" in card.split() for card in words[1:])


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
        "Observer rules – done Valid to",
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


def test_a_shift_in_the_small_hours_names_its_own_day(ward, browser):
    """Rule A5: it is listed under the day its night began."""
    start = datetime(2027, 3, 23, 7, tzinfo=UTC)
    ward.slot(starts_at=start, band="night", local_date=date(2027, 3, 22))

    (card,) = cards(browser.get(DAY))

    assert card.startswith("2:00 – 6:00 am Tuesday 4 hours")
    assert "Night" in card


def test_the_day_the_clocks_change_says_so(ward, browser):
    change_day = datetime(2027, 11, 7, 16, tzinfo=UTC)
    ward.slot(starts_at=change_day)
    night = datetime(2027, 11, 7, 4, tzinfo=UTC)
    ward.slot(host_id=ward.another_host(), starts_at=night, minutes=240)

    sunday = browser.get("/shifts?day=2027-11-07")
    (saturday,) = cards(browser.get("/shifts?day=2027-11-06"))

    assert "Clocks go back at 2:00 am this day." in sunday.words
    assert "4 hours · the clocks change during it" in saturday


def test_a_site_in_another_zone_is_named_with_its_time(work, ward, browser):
    makers.unit(work, ward.site)
    place = {"name": "Prairie Gate Campus", "zone": "America/Denver"}
    there = makers.unit(work, makers.site(work, ward.organization, **place))
    makers.slot(work, ward.another_host(), there)

    page = browser.get(DAY)

    assert "Times are Central Time unless a shift says otherwise" in page.words
    (card,) = cards(page)
    assert card.startswith("8:00 am – noon 4 hours · Mountain Time")
    assert "Prairie Gate Campus" in card


def test_what_is_owed_leads_to_where_it_can_be_done(work, ward, browser):
    """Rule F4: a talk nobody has recorded comes first."""
    start = NOW - timedelta(days=10)
    old = ward.slot(starts_at=start, mode="auto")
    shift_id = uuid4()
    values = {"slot_id": old, "observer_id": ward.observer, "host_id": ward.host}
    values |= {"unit_id": ward.unit, "site_id": ward.site, "program_id": ward.program}
    values |= {"starts_at": start, "ends_at": start + timedelta(hours=4), "band": "day"}
    values |= {"local_date": start.date(), "mode": "auto", "host_role": "rn_ms"}
    values |= {"template": "T1", "state": "completed", "requested_at": start, "answer_by": start}
    makers.add(work, bookings.shift, id=shift_id, **values)
    talk = {"starts_at": start, "ends_at": start + timedelta(minutes=30), "state": "held_slot"}
    with work.write() as tx:
        tx.db.execute(followup.debrief.insert().values(shift_id=shift_id, **talk))
    slot_id = ward.slot(host_id=ward.another_host())

    page = browser.get(DAY)

    assert "Record the talk after your earlier shift first." in page.words
    assert page.soup.select_one("li.slot a.btn")["href"] == f"/shifts/{shift_id}"
    refused = browser.get(f"/slots/{slot_id}/goal", status=409)
    assert refused.soup.h1.get_text() == "You can’t ask for this shift now"
