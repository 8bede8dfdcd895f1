"""Finding a shift at a browser, without scripts."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest

from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import bookings, followup, people
from tests import makers
from tests.makers import NOW, Ward
from tests.web.finding import (
    DAY,
    FORTNIGHT,
    GOAL,
    cards,
    change,
    signed_in,
)


@pytest.fixture
def ward(work):
    """Give a hospital with one ward, a host and a cleared observer."""
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    """Give a browser in which the observer is signed in."""
    return signed_in(app, work, ward.observer)


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
