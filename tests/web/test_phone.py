"""Pages behind links on a phone: without sign-in or script; looking never acts (N8, P17, S1.5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from shadowing.adapters.credentials import digest, new_short_token
from shadowing.domain.phone import Purpose
from shadowing.services.bookings import today
from shadowing.store import phone
from shadowing.store.phone import NewLink
from shadowing.store.tables import people
from shadowing.store.tables.availability import weekly_hours
from shadowing.store.tables.journal import outbox
from tests.makers import Ward, shifts
from tests.visits import HOST_SIDE, Visit
from tests.web.finding import change
from tests.web.test_hostile_input import HOSTILE
from tests.web.test_reflections import typed
from tests.web.test_shifts import ask, named
from tests.web.visits import Visitor


@pytest.fixture
def ward(work):
    ward = named(Ward(work))
    change(work, people.person, ward.host, email=None, phone="555-0150")
    return ward


def link(ward, purpose, shift_id=None, **time):
    """Make a link as a text message carries it; gives its address."""
    token = new_short_token()
    with ward.work.write() as tx:
        kept = NewLink(
            digest=digest(token),
            person_id=ward.host,
            shift_id=shift_id,
            purpose=purpose,
            expires_at=tx.now + timedelta(**(time or {"days": 30})),
        )
        phone.add(tx.db, (kept,), at=tx.now)
    return f"/phone/{token}"


def state(work):
    """Say where the one shift stands."""
    (row,) = shifts(work)
    return row.state


def test_a_request_is_read_and_answered(app, work, ward):
    """Rule B1: name, job, goal; section 6.2: yes."""
    shift = ask(ward)
    path = link(ward, Purpose.ANSWER, shift.id)
    browser = Visitor(app)
    page = browser.get(path)
    for told in ("Orla Finch", "See how a morning starts.", "Monday, March 22", "It lapses"):
        assert told in page.words
    assert state(work) == "requested"

    browser.post(path, do="accept")

    assert state(work) == "confirmed"
    assert "Confirmed" in browser.get(path).words
    assert "/sign-in" not in browser.get(path).text


def test_not_this_time_is_one_press(app, work, ward):
    shift = ask(ward)
    path = link(ward, Purpose.ANSWER, shift.id)
    browser = Visitor(app)
    browser.get(path)
    browser.post(path, do="decline")

    assert state(work) == "declined"
    assert "Nothing can be done here now" in browser.get(path).words


@pytest.mark.parametrize("do", ["cancel", "check-in", "mark-held", "approve", "", "x" * 500])
def test_what_the_link_is_not_for_is_not_done(app, work, ward, do):
    shift = ask(ward)
    path = link(ward, Purpose.ANSWER, shift.id)
    browser = Visitor(app)
    browser.get(path)
    browser.post(path, do=do)

    assert state(work) == "requested"


def test_a_shift_is_called_off(app, work, ward):
    """Rule B11: any time, one tap, no reason."""
    shift = ask(ward, mode="auto")
    path = link(ward, Purpose.SHIFT, shift.id)
    browser = Visitor(app)
    assert "See how a morning starts." not in browser.get(path).words
    browser.post(path, do="cancel")

    assert state(work) == "cancelled_by_host"


def test_a_remote_day_says_where_to_join_and_asks_nobody_how_they_are(app, work, clock, ward):
    """Rules B17, D2, N8: for the host alone, behind the link of the day."""
    there = "https://meet.example.org/huddle"
    shift = ask(ward, mode="auto", kind="remote", join_at=there, seats=3)
    path = link(ward, Purpose.DAY, shift.id)
    browser = Visitor(app)
    clock.now = shift.starts_at
    page = browser.get(path)

    assert page.soup.select_one(f"a[href='{there}']")
    assert "nothing is recorded" in page.words
    assert not page.soup.select("[name=well]")
    browser.post(path, do="check-in")

    assert state(work) == "checked_in"


def test_the_day_is_checked_in_and_out(app, work, clock, ward):
    """Rules D1, D2, D4."""
    shift = ask(ward, mode="auto")
    path = link(ward, Purpose.DAY, shift.id)
    browser = Visitor(app)
    assert "Check-in opens" in browser.get(path).words
    clock.now = shift.starts_at
    browser.get(path)
    browser.post(path, do="check-in")
    assert state(work) == "confirmed"
    assert "Tick that you are well" in browser.get(path).words
    browser.post(path, do="check-in", well="yes")
    assert state(work) == "checked_in"
    clock.now = shift.ends_at
    browser.get(path)
    browser.post(path, do="check-out")

    assert state(work) == "completed"


def test_the_visitor_steps_out_and_patients_are_counted(app, work, clock, ward):
    """Rules D6, D8: one tap each, a count and nothing else."""
    shift = ask(ward, mode="auto")
    path = link(ward, Purpose.DAY, shift.id)
    clock.now = shift.starts_at
    browser = Visitor(app)
    browser.get(path)
    browser.post(path, do="check-in", well="yes")
    for do in ("pause", "resume", "asked-yes", "preferred-not"):
        assert browser.get(path).soup.select(f"button[value={do}]"), do
        browser.post(path, do=do)

    counts = today.read(work, ward.as_host(), shift_id=shift.id).counts
    assert (counts.pauses, counts.patients_asked, counts.preferred_not) == (1, True, 1)


def test_whether_it_happened_is_said_by_one_tap(app, work, clock, ward):
    """Rule D10."""
    shift = ask(ward, mode="auto")
    path = link(ward, Purpose.DAY, shift.id)
    clock.now = shift.ends_at + timedelta(hours=3)
    browser = Visitor(app)
    browser.get(path)
    browser.post(path, do="happened-no")

    assert state(work) == "no_show"


def test_the_talk_is_recorded(app, work, ward):
    visit = Visit(ward)
    shift = visit.happen()
    path = link(ward, Purpose.TALK, shift.id)
    browser = Visitor(app)
    browser.get(path)
    browser.post(path, do="mark-held")

    assert state(work) == "debriefed"


def test_the_hosts_side_is_written(app, ward):
    """Section 6.7, L3: the same questions, the same check for patient detail."""
    visit = Visit(ward)
    shift = visit.happen()
    path = link(ward, Purpose.WRITE, shift.id)
    browser = Visitor(app)
    page = browser.get(path)
    assert "Nothing that could identify a patient." in page.words
    doubtful = typed(HOST_SIDE, under="Bed 12 on 03/04/2027")
    browser.post(path, do="send", status=422, **doubtful)
    browser.get(path)
    browser.post(path, do="leave", **typed({"cost": "none"}))
    assert "Saved. Open the link again" in browser.get(path).words
    browser.post(path, do="send", **typed(HOST_SIDE))

    assert visit.desk("host").sent


def test_a_promise_is_agreed_and_seen(app, ward):
    """Rules F13, F14 and section 6.5: by phone."""
    visit = Visit(ward)
    visit.happen()
    visit.talk()
    (made,) = visit.promise()
    path = link(ward, Purpose.PROMISES, visit.shift.id)
    browser = Visitor(app)
    assert made.action in browser.get(path).words
    browser.post(path, do="agree", promise=str(uuid4()), status=404)
    browser.get(path)
    browser.post(path, do="suggest", promise=str(made.id), status=422)
    browser.get(path)
    browser.post(path, do="agree", promise=str(made.id))

    assert "These are the words of the promise now" in browser.get(path).words
    assert not browser.page.soup.select("button[value=agree]")


def test_hours_are_opened(app, work, ward):
    """Rule A1: by the host, from a phone."""
    path = link(ward, Purpose.HOURS)
    browser = Visitor(app)
    page = browser.get(path)
    spans = [each["value"] for each in page.soup.select("[name=span] option") if each["value"]]
    given = {"span": "D12" if "D12" in spans else spans[0], "mode": "ask", "audience": "anyone"}
    browser.post(path, status=422, **given)
    browser.get(path)
    browser.post(path, weekdays=["0"], start="9:00 am", end="1:00 pm", **given)

    with work.read() as tx:
        assert len(tx.db.execute(select(weekly_hours.c.id)).all()) == 1


def test_a_break_is_taken_and_ended(app, work, ward):
    """Rule A3."""
    path = link(ward, Purpose.BREAK)
    browser = Visitor(app)
    browser.get(path)
    browser.post(path, status=422)
    browser.get(path)
    browser.post(path, weeks="1")
    assert "You are on a break until" in browser.get(path).words
    browser.post(path, do="end")

    with work.read() as tx:
        mine = people.person.c.id == ward.host
        assert tx.db.scalar(select(people.person.c.paused_until).where(mine)) is None


def test_a_link_that_ended_and_one_that_never_was_look_the_same(app, clock, ward):
    """Rule P1."""
    shift = ask(ward)
    path = link(ward, Purpose.ANSWER, shift.id, hours=1)
    clock.advance(hours=1)
    browser = Visitor(app)
    ended = browser.get(path, status=410)
    never = browser.get(f"/phone/{new_short_token()}", status=410)

    assert ended.words == never.words
    assert "Get a link on your phone" in ended.words


@pytest.mark.usefixtures("ward")
def test_one_asks_for_a_link_and_reads_the_same_whoever_one_is(app, work):
    browser = Visitor(app)
    browser.get("/phone")
    known = browser.post("/phone", status=200, number="555-0150", purpose="hours").words
    browser.get("/phone")
    unknown = browser.post("/phone", status=200, number="555-0199", purpose="hours").words

    assert known == unknown
    with work.read() as tx:
        kinds = list(tx.db.scalars(select(outbox.c.kind)))
    assert kinds == ["phone-link"]


@pytest.mark.parametrize("purpose", Purpose)
def test_no_input_breaks_a_phone_page(app, ward, purpose):
    """S8, and the page of every purpose stands on its own."""
    visit = Visit(ward)
    visit.happen()
    visit.talk()
    (made,) = visit.promise()
    path = link(ward, purpose, visit.shift.id)
    browser = Visitor(app)
    fields = {"do", "promise", "p1-words", "number", "weeks", "weekdays", "day", "start", "under"}
    for text in HOSTILE:
        browser.get(path)
        sent = dict.fromkeys(fields, text)
        assert browser.post(path, status=None, **(sent | {"promise": made.id})).status < 500
        browser.get(path)
        assert browser.post(path, status=None, **sent).status < 500


def test_nothing_is_done_without_the_token_of_the_page(app, work, ward):
    shift = ask(ward)
    path = link(ward, Purpose.ANSWER, shift.id)
    Visitor(app).send(path, status=400, data={"do": "accept"})

    assert state(work) == "requested"
