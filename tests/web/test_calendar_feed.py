"""The private feed: one person's own events, for whoever has its address and nobody else."""

import gzip
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.app import create_app
from shadowing.config import Settings
from shadowing.domain.errors import NotFound
from shadowing.services.accounts import feeds
from shadowing.services.bookings import answering, asking
from shadowing.services.bookings import clock as by_clock
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import people
from tests import makers
from tests.adapters import strict_calendar
from tests.mailbox import GOAL, ask
from tests.makers import Ward

SECRET = "a key of forty letters, only for tests..."


@pytest.fixture
def ward(work):
    """Make a ward with an observer and a host."""
    return Ward(work)


@pytest.fixture
def client(database, tmp_path, work):
    """Visit the application without a cookie."""
    settings = Settings(database_url=database, secret_key=SECRET, instance=tmp_path / "instance")
    return create_app(settings, work=work).test_client(use_cookies=False)


@pytest.fixture
def address(ward):
    """Open the observer's feed; give its address."""
    return f"/calendar/{feeds.open_feed(ward.work, ward.as_observer())}.ics"


def events(answer):
    """Read the events of a feed, each as its properties."""
    text = re.sub(r"\r\n[ \t]", "", answer.get_data().decode())
    found = text.split("BEGIN:VEVENT\r\n")[1:]
    return [
        dict(line.partition(":")[::2] for line in each.split("\r\n") if ":" in line)
        for each in found
    ]


def test_it_holds_both_events_of_a_confirmed_shift(client, ward, address):
    """Rule N1; the same UIDs as in the invitations."""
    ask(ward, mode="auto")

    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    summaries = {event["SUMMARY"].partition(" with ")[0] for event in events(answer)}
    assert summaries == {"Shadow shift", "Debrief"}
    assert {event["STATUS"] for event in events(answer)} == {"CONFIRMED"}


def test_it_tells_and_does_not_ask(client, ward, address):
    """No METHOD, nobody's address, no goal (N3), nothing to answer."""
    ask(ward, mode="auto")

    text = client.get(address).get_data().decode()

    for unwanted in ("METHOD:", "ATTENDEE", "ORGANIZER", "VALARM", "mailto:", GOAL):
        assert unwanted not in text
    assert strict_calendar.faults_of(text.encode(), method=None) == []


def test_it_sets_no_cookie_and_says_how_long_it_may_be_kept(client, address):
    answer = client.get(address)

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Last-Modified" in answer.headers


def test_an_unchanged_feed_is_not_sent_again(client, ward, address, clock):
    ask(ward, mode="auto")
    first = client.get(address)
    clock.advance(minutes=20)

    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert not first.headers["ETag"].startswith("W/")
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_changed_feed_has_another_tag(client, ward, address):
    before = client.get(address).headers["ETag"]
    ask(ward, mode="auto")

    after = client.get(address, headers={"If-None-Match": before})

    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_it_can_be_packed_and_asked_for_by_its_head(client, ward, address):
    ask(ward, mode="auto")
    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    head = client.head(address)

    assert gzip.decompress(packed.get_data()) == plain.get_data()
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["ETag"] == plain.headers["ETag"]


def test_an_unknown_or_ended_address_is_not_found(client, ward, address):
    """Rule P1: both look the same."""
    feeds.close_feed(ward.work, ward.as_observer())

    ended, unknown = client.get(address), client.get("/calendar/nobody-has-this.ics")

    assert ended.status_code == unknown.status_code == 404


def test_a_leavers_feed_ends_with_them(client, ward, address):
    """Section 8.3: feeds off the same day."""
    with ward.work.write() as tx:
        mine = people.person.c.id == ward.observer
        tx.db.execute(update(people.person).where(mine).values(active=False))

    assert client.get(address).status_code == 404


def test_a_cancelled_shift_stays_thirty_days_as_cancelled(client, ward, address, clock):
    """So that calendars which only look now and then take it away."""
    shift = ask(ward, mode="auto")
    answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    assert {event["STATUS"] for event in events(client.get(address))} == {"CANCELLED"}
    clock.advance(days=31)
    assert events(client.get(address)) == []


def test_only_ones_own_events_are_in_it(client, ward, address):
    other, host = ward.another_observer(), ward.another_host()
    theirs = ward.slot(host_id=host, mode="auto")
    asking.request(ward.work, ward.as_observer(other), Ask(theirs, GOAL))
    ask(ward, mode="auto")

    found = events(client.get(address))

    assert len(found) == 2
    assert all(ward.as_host().name in event["SUMMARY"] for event in found)


def test_a_blind_slots_host_is_not_named_before_it_is_confirmed(client, work):
    """Rules A2, A10."""
    ward = Ward(work, auto_approve=False, sensitivity="S2", kind="ED")
    feed = f"/calendar/{feeds.open_feed(work, ward.as_observer())}.ics"
    shift = ask(ward, mode="blind")
    host = ward.as_host().name
    assert host not in client.get(feed).get_data().decode()

    answering.approve(work, ward.as_manager(), shift_id=shift.id)

    assert host in client.get(feed).get_data().decode()


def test_too_many_fetches_are_put_off(client, address, clock):
    """Sixty an hour; then 429 and when to come again."""
    for _ in range(60):
        assert client.get(address).status_code == 200

    refused = client.get(address)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= timedelta(hours=1).seconds
    clock.advance(hours=1)
    assert client.get(address).status_code == 200


@pytest.fixture
def shared(work, ward):
    """Give the address of the manager's feed of the ward, and the coordinator's of all."""
    tokens = (
        feeds.open_feed(work, ward.as_manager(), unit_id=ward.unit),
        feeds.open_feed(work, ward.as_coordinator(), program_id=ward.program),
    )
    return [f"/calendar/{token}.ics" for token in tokens]


def test_a_units_and_a_programs_feed_show_who_comes_to_whom_from_confirmation_on(
    client, work, ward, shared
):
    """Rules N1 and N3, section 6.2: from ``confirmed``; no goal, nobody's address."""
    waiting = ask(ward)
    assert [events(client.get(path)) for path in shared] == [[], []]
    answering.accept(work, ward.as_host(), shift_id=waiting.id)

    for path in shared:
        answer = client.get(path)
        (event,) = events(answer)
        names = (ward.as_observer().name, ward.as_host().name)
        assert event["SUMMARY"] == f"Shadow shift with {names[0]} and {names[1]}"
        assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", "0")
        assert strict_calendar.faults_of(answer.get_data(), method=None) == []
        for unwanted in ("ATTENDEE", "mailto:", GOAL):
            assert unwanted not in answer.get_data(as_text=True)


def test_their_events_have_a_uid_of_their_own_and_stay_a_month_when_cancelled(
    client, work, ward, address, shared, clock
):
    shift = ask(ward, mode="auto")
    own = {event["UID"] for event in events(client.get(address))}
    (before,) = events(client.get(shared[0]))
    assert before["UID"] not in own

    answering.cancel(work, ward.as_observer(), shift_id=shift.id)
    clock.advance(minutes=11)
    by_clock.run(work)
    (after,) = events(client.get(shared[0]))
    assert (after["UID"], after["STATUS"]) == (before["UID"], "CANCELLED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    clock.advance(days=31)
    assert events(client.get(shared[0])) == []


def test_a_withdrawn_request_is_never_in_them(client, work, ward, shared):
    shift = ask(ward)
    answering.withdraw(work, ward.as_observer(), shift_id=shift.id)

    assert [events(client.get(path)) for path in shared] == [[], []]


def test_they_end_when_somebody_looks_after_it_no_more(client, work, ward, shared):
    with work.write() as tx:
        tx.db.execute(update(people.unit).values(manager_id=None))
        tx.db.execute(
            people.person_role.delete().where(people.person_role.c.person_id == ward.coordinator)
        )

    assert [client.get(path).status_code for path in shared] == [404, 404]


def test_nobody_opens_one_of_what_is_not_theirs(work, ward):
    other = makers.unit(work, ward.site)
    for actor, of in (
        (ward.as_observer(), {"unit_id": ward.unit}),
        (ward.as_manager(), {"unit_id": other}),
        (ward.as_manager(), {"program_id": ward.program}),
        (ward.as_coordinator(), {"unit_id": ward.unit}),
    ):
        with pytest.raises(NotFound):
            feeds.open_feed(work, actor, **of)


def test_a_new_address_ends_the_one_before_of_the_same_and_no_other(client, work, ward, shared):
    own = f"/calendar/{feeds.open_feed(work, ward.as_manager())}.ics"
    feeds.open_feed(work, ward.as_manager(), unit_id=ward.unit)

    assert client.get(own).status_code == 200
    assert client.get(shared[0]).status_code == 404
