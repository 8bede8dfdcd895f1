"""What was sent, on the page of a shift; what did not arrive, on a page of its own (N5, 8.1)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.people import Role
from shadowing.services.notifications import timetable
from shadowing.store.tables.journal import outbox
from tests import makers
from tests.makers import Ward
from tests.web.finding import signed_in
from tests.web.test_shifts import ask, named, opened


@pytest.fixture
def ward(work):
    return named(Ward(work))


def end(work, **values):
    """Let everything that waits end in some way."""
    with work.write() as tx:
        tx.db.execute(update(outbox).values(ended_at=tx.now, **values))


def timeline(page):
    """Give the lines of the timeline, each as it reads."""
    return [" ".join(line.get_text(" ").split()) for line in page.soup.select(".timeline li")]


def test_the_timeline_says_what_was_sent_and_whether_it_arrived(app, work, ward):
    shift = ask(ward, mode="auto")
    end(work, state="sent")

    (confirmed,) = (
        line for line in timeline(opened(app, ward, "coordinator", shift)) if "Invite" in line
    )
    assert "Invite to Orla Finch: delivered" in confirmed
    assert "Invite to Hester Quill: delivered" in confirmed
    assert "“A visitor is coming” to" in confirmed


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "failed", "trouble": "550"}, "Invite: not delivered"),
        ({"state": "no_address"}, "Invite: not delivered: no address"),
        ({"state": "waiting"}, "Invite: on its way"),
        ({"state": "sent", "channel": "text"}, "Invite by text: delivered"),
    ],
)
def test_each_of_the_two_reads_their_own(app, work, ward, values, said):
    shift = ask(ward, mode="auto")
    end(work, **values)

    lines = " ".join(timeline(opened(app, ward, "host", shift)))
    assert said in lines
    assert "Invite to" not in lines


def test_the_unit_reads_of_no_message(app, work, ward):
    shift = ask(ward, mode="auto")
    end(work, state="sent")

    assert "delivered" not in " ".join(timeline(opened(app, ward, "manager", shift)))


def test_what_the_clock_sent_to_many_is_one_line_in_its_place(app, work, clock, ward):
    for _ in range(4):
        ward.another_host()
    shift = ask(ward, mode="auto")
    end(work, state="sent")
    clock.now = shift.starts_at - timedelta(days=6)
    timetable.plan(work)
    end(work, state="sent")

    lines = timeline(opened(app, ward, "coordinator", shift))
    (notice,) = (line for line in lines if "Notice to the team" in line)
    assert notice.startswith("Notice to the team to 6 people: 6 delivered Tue, Mar 16")
    assert lines.index(notice) > next(n for n, line in enumerate(lines) if "Invite" in line)


def test_the_coordinator_sends_again_what_did_not_arrive(app, work, ward):
    ask(ward, mode="auto")
    end(work, state="failed", trouble="550 no such mailbox")
    browser = signed_in(app, work, ward.coordinator, Role.COORDINATOR)
    assert "Messages not delivered 5" in browser.get("/").words
    page = browser.get("/messages")
    assert page.words.count("550 no such mailbox") == 5
    assert "Hester Quill" in page.words

    press = page.soup.select_one("main form[action$=send-again]")["action"]
    browser.post(press)

    assert browser.get("/messages").words.count("550 no such mailbox") == 4
    browser.post(press, status=404)


def test_nothing_that_failed_is_said_so(app, work, ward):
    browser = signed_in(app, work, ward.coordinator, Role.COORDINATOR)

    assert "Everything arrived" in browser.get("/messages").words
    assert "Everything arrived" in browser.get("/messages?show=tried").words


def test_the_system_administrator_reads_addresses_and_no_shift(app, work, ward):
    """Section 8.1: address and status, no body."""
    shift = ask(ward, mode="auto")
    end(work, state="failed", trouble="550 no such mailbox")
    system = makers.person(work, ward.organization, roles=("sysadmin",))
    page = signed_in(app, work, system, Role.SYSADMIN).get("/messages")

    assert "@example.org" in page.words
    assert str(shift.id) not in page.text


@pytest.mark.parametrize(
    ("who", "role"),
    [("observer", Role.OBSERVER), ("host", Role.HOST), ("manager", Role.UNIT_MANAGER)],
)
def test_nobody_else_finds_the_page(app, work, ward, who, role):
    signed_in(app, work, getattr(ward, who), role).get("/messages", status=404)
