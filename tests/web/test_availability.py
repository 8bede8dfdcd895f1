"""A host's hours at a browser, without scripts: by links and forms, each found on the page."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select

from shadowing.domain.people import Role
from shadowing.services.availability.acts import EveryWeek, Given, OneDay
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.availability import day_change, weekly_hours
from tests import makers
from tests.makers import Ward
from tests.web.hours import DAY, NIGHT, SUN, WED, rows, say, send, signed_in, values
from tests.web.test_hostile_input import HOSTILE

ADD = {
    "add-weekdays": "2",
    "add-span": "N12",
    "add-mode": "ask",
    "add-start": "7:30 pm",
    "add-end": "23:30",
    "add-audience": "anyone",
}


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def browser(app, work, ward):
    """Give a browser in which the host is signed in."""
    return signed_in(app, work, ward.host)


def test_a_host_adds_nights_by_hand_and_sees_them(work, browser):
    """Rules A1, A5: from nothing, on one page."""
    empty = browser.get("/availability")
    assert "No shifts in your schedule yet" in empty.words

    browser.get(empty.soup.select_one(".empty a")["href"].partition("#")[0])
    send(browser, "/availability/hours", **ADD)

    page = browser.get("/availability")
    assert "Saved." in page.words
    assert "Night, 7:00 pm – 7:00 am Thursday" in page.words
    assert "7:30 – 11:30 pm" in page.words
    assert rows(work)[0].starts_at == datetime(2027, 3, 11, 1, 30, tzinfo=UTC)


def test_usual_shifts_come_first_and_any_can_be_chosen(browser):
    page = browser.get("/availability?add=1")

    offered = [one["value"] for one in page.soup.select("#add-span option")]
    assert offered[1:3] == ["D12", "N12"]
    assert {"OC24", "ED9D", "SCH"} <= set(offered)


def test_three_ways_on_a_phone_for_this_week_or_for_every_week(work, ward, browser):
    """Rule A2: Open, Ask me, Closed in the list; one save for all of it."""
    say(ward, EveryWeek(NIGHT, (WED,)), EveryWeek(DAY, (SUN,)))
    browser.get("/availability")
    wednesday, sunday = "join-2027-03-10-N12-1930", "join-2027-03-14-D12-1000"

    send(browser, "/availability", **{wednesday: "closed", sunday: "ask"})

    states = {row.local_date: (row.mode, row.state) for row in rows(work)}
    assert states[date(2027, 3, 10)] == ("ask", "withdrawn")
    assert states[date(2027, 3, 17)] == ("ask", "open")
    assert states[date(2027, 3, 14)] == ("ask", "open")
    assert states[date(2027, 3, 21)] == ("auto", "open")

    browser.get("/availability?week=2027-03-15")
    send(browser, "/availability", **{"join-2027-03-17-N12-1930": "open", "scope": "every"})
    modes = {row.mode for row in rows(work, span="N12", state="open")}
    assert modes == {"auto"}


def test_one_shift_in_full_for_every_week(work, ward, browser):
    """Rule A2: hours, who may join, name hidden until it is confirmed."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    page = browser.get("/availability")
    card = browser.get(page.soup.select_one(".shift-short a")["href"].partition("#")[0])
    assert card.soup.select_one("#edit h3").get_text().startswith("Wednesday, March 10")

    send(
        browser,
        "/availability",
        mode="open",
        blind="y",
        start="20:00",
        end="00:00",
        audience="executives",
    )

    first = rows(work, state="open")[0]
    assert (first.mode, first.audience) == ("blind", "executives")
    assert first.starts_at == datetime(2027, 3, 11, 2, 0, tzinfo=UTC)
    assert first.ends_at - first.starts_at == timedelta(hours=4)
    assert "Open, name hidden" in browser.get("/availability").words


def test_one_day_goes_back_to_every_week(work, ward, browser):
    """Rule A1: per-day changes, and back."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    browser.get("/availability?shift=2027-03-10-N12")
    send(browser, "/availability", mode="closed", scope="day")
    assert "This week only." in browser.get("/availability").words

    browser.get("/availability?shift=2027-03-10-N12")
    send(browser, "/availability/days/2027-03-10/N12/undo")

    assert {row.state for row in rows(work)} == {"open"}


def test_hours_are_taken_out_of_every_week(work, ward, browser):
    say(ward, EveryWeek(NIGHT, (WED,)))
    page = browser.get("/availability?shift=2027-03-10-N12")
    action = page.soup.select_one("#remove-hours")["action"]

    send(browser, action)

    assert "No shifts in your schedule yet" in browser.get("/availability").words
    assert {row.state for row in rows(work)} == {"withdrawn"}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"add-weekdays": []}, "add-weekdays", "Choose the days you work this shift, or one day."),
        ({"add-day": "2027-03-20"}, "add-day", "Choose weekdays or one day, not both."),
        ({"add-span": ""}, "add-span", "Choose the shift you work."),
        ({"add-start": ""}, "add-start", "Enter when it starts, like 7:30 pm."),
        ({"add-start": "soon"}, "add-start", "Enter a time, like 2:30 pm."),
        (
            {"add-start": "19:00"},
            "add-start",
            "Choose 7:30 pm or later. Handoff is private on this unit.",
        ),
        (
            {"add-start": "23:00", "add-end": "21:00"},
            "add-end",
            "Choose an end time after the start time, before the shift ends.",
        ),
        (
            {"add-end": "20:00"},
            "add-end",
            "Choose an end time 2 hours or more after the start time.",
        ),
        (
            {"add-weekdays": "6", "add-span": "D12", "add-start": "13:00", "add-end": "16:00"},
            "add-start",
            "Choose other hours. You have 10:00 am to 2:00 pm in “Day, 12 hours” then.",
        ),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_keeps_what_was_typed(
    ward, browser, changes, field, words
):
    """Rules A5, A6, B7, B13."""
    say(ward, EveryWeek(DAY, (SUN,)))
    browser.get("/availability?add=1")

    page = send(browser, "/availability/hours", status=422, **(ADD | changes))

    assert page.errors()[field] == words
    summary = page.soup.select_one(".error-summary")
    assert words in summary.get_text()
    assert page.soup.select_one(summary.select_one("a")["href"])
    assert page.soup.title.get_text().startswith("Error: ")
    kept = values(page.form("/availability/hours"))
    assert kept["add-mode"] == "ask"
    assert kept["add-end"][:2] == (ADD | changes)["add-end"][:2]


def test_a_request_is_shown_where_it_waits(work, ward, browser):
    """Rule B1."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    wanted = rows(work, local_date=date(2027, 3, 17))[0]
    asking.request(work, ward.as_observer(), Ask(wanted.id, "See how a night starts."))

    page = browser.get("/availability?week=2027-03-15")

    assert "1 request waits for you. Answer it" in page.words


def test_clock_changes_are_said_beside_the_shift(ward, browser):
    """Rule A5."""
    say(ward, EveryWeek(NIGHT, (5,)), EveryWeek(DAY, (SUN,)))

    page = browser.get("/availability")

    assert "7:00 pm – 7:00 am Sunday. Clocks go forward at 2:00 am." in page.words
    assert "Clocks go" not in browser.get("/availability?week=2027-03-15").words
    assert "Central Time (Chicago)" in page.words


def test_hours_after_midnight_stand_on_the_day_people_come(ward, browser):
    """Rule A5: the shift belongs to Monday, the visitor comes on Tuesday."""
    say(ward, EveryWeek(Given(span="N12", start="02:00", end="06:00", mode="ask"), (0,)))

    page = browser.get("/availability")

    tuesday = page.soup.select_one("#day-2027-03-09").find_parent("section")
    block = tuesday.select_one(".shift")
    assert {"from-0200", "to-0600"} <= set(block["class"])
    assert "Monday: night, 7:00 pm – 7:00 am Tuesday" in " ".join(block.get_text(" ").split())


def test_a_break_and_its_end(work, ward, browser):
    """Rule A3."""
    say(ward, EveryWeek(DAY, (SUN,)))
    browser.get("/availability")
    browser.post("/availability/break", weeks="1")
    page = browser.get("/availability")
    assert "You are on a break until Mon, Mar 15." in page.words
    assert rows(work)[0].state == "hidden"

    send(browser, "/availability/break/end")

    assert rows(work)[0].state == "open"


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.UNIT_MANAGER, Role.COORDINATOR])
def test_nobody_but_a_host_finds_the_page(app, work, ward, role):
    """Rules A1, P1."""
    who = {
        Role.OBSERVER: ward.observer,
        Role.UNIT_MANAGER: ward.manager,
        Role.COORDINATOR: ward.coordinator,
    }[role]
    browser = signed_in(app, work, who, role)

    browser.get("/availability", status=404)
    browser.post("/availability/hours", status=404, **ADD)
    browser.post("/availability/break", status=404, weeks="1")


def test_another_hosts_hours_are_not_found(app, work, ward):
    """Rules A1, P1: foreign and unknown look the same."""
    say(ward, EveryWeek(DAY, (SUN,)))
    with work.read() as tx:
        foreign = tx.db.scalar(select(weekly_hours.c.id))
    browser = signed_in(app, work, ward.another_host())
    browser.get("/availability")

    for rule_id in (foreign, uuid4()):
        browser.post(f"/availability/hours/{rule_id}/remove", status=404)

    assert {row.state for row in rows(work)} == {"open"}


def test_a_host_without_a_unit_reads_an_honest_sentence(app, work, ward):
    lost = makers.person(work, ward.organization, roles=("host",), level="")

    page = signed_in(app, work, lost).get("/availability")

    assert "Your unit is not known yet" in page.words


@pytest.mark.parametrize("text", HOSTILE)
def test_no_input_breaks_the_page(ward, browser, text):
    """Rule S8: whatever stands in the fields gets a sentence, never a 500."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    browser.get("/availability", status=None, query_string={"week": text, "shift": text})
    browser.get("/availability?add=1")
    browser.post("/availability/hours", status=422, **dict.fromkeys((*ADD, "add-day"), text))
    browser.get("/availability?shift=2027-03-10-N12")
    changed = dict.fromkeys(("mode", "start", "end", "audience", "scope", "week"), text)
    send(browser, "/availability", status=422, **changed)
    browser.post("/availability/break", weeks=text)

    assert {row.state for row in rows(ward.work)} == {"open"}


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "a\x00b", "9" * 40, "2027-02-30", "🏥" * 300])
def test_no_single_field_breaks_the_page(ward, browser, text):
    """Rule S8."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    whole = values(browser.get("/availability?shift=2027-03-10-N12").form("/availability"))
    sent = {"/availability": whole, "/availability/hours": ADD | {"csrf_token": browser.token()}}
    for path, fields in sent.items():
        for name in (fields.keys() | {"add-day", "blind", "agreed"}) - {"csrf_token"}:
            answer = browser.client.post(path, base_url=browser.base, data=fields | {name: text})
            assert answer.status_code < 500, (path, name)


@pytest.mark.slow
def test_three_hundred_changed_days_cost_no_more_questions(work, ward, browser):
    """House rule 9."""

    def asked():
        seen = []

        def listen(*facts):
            seen.append(facts[2])

        browser.get("/availability?week=2027-03-15")
        event.listen(work.engine, "before_cursor_execute", listen)
        browser.get("/availability?week=2027-03-15")
        event.remove(work.engine, "before_cursor_execute", listen)
        return len(seen)

    say(ward, OneDay(DAY, date(2027, 3, 16)))
    few = asked()
    plain = {"host_id": ward.host, "span": "N12", "mode": "ask"}
    hours = {"local_start": "19:30", "local_end": "23:30"}
    with work.write() as tx:
        many = [
            {"id": uuid4(), "local_date": date(2027, 3, 8) + timedelta(days=day)} | plain | hours
            for day in range(300)
        ]
        tx.db.execute(insert(day_change), many)

    assert asked() == few
