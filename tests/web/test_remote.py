"""Hours by video or phone, and raised ones, at a browser: said, found, asked for (A8, B17)."""

from datetime import timedelta

import pytest

from shadowing.services.availability.acts import EveryWeek, Given
from shadowing.services.bookings import asking, swapping
from shadowing.services.bookings.asking import Ask
from tests import makers
from tests.makers import Ward
from tests.services.hours import bookable
from tests.services.test_remote import HUDDLE, LINK
from tests.web.hours import DAY, SUN, rows, say, send, signed_in
from tests.web.test_api import Caller
from tests.web.test_units import filled

GOAL = "See how they begin."
ADD = {
    "add-weekdays": "6",
    "add-span": "D12",
    "add-mode": "open",
    "add-start": "10:00",
    "add-end": "10:30",
    "add-audience": "anyone",
    "add-kind": "remote",
    "add-seats": "4",
    "add-join_at": LINK,
}


@pytest.fixture
def ward(work):
    return Ward(work, remote_allowed=True)


@pytest.fixture
def host(app, work, ward):
    return signed_in(app, work, ward.host)


@pytest.fixture
def observer(app, work, ward):
    return signed_in(app, work, ward.observer, "observer")


def test_a_host_opens_a_huddle_by_video(work, host):
    """Rule B17."""
    host.get("/availability?add=1")
    send(host, "/availability/hours", **ADD)

    first = rows(work)[0]
    assert (first.kind, first.seats, first.join_at) == ("remote", 4, LINK)
    page = host.get("/availability")
    assert "By video or phone, 4 seats" in page.words
    picked = host.get(page.soup.select_one(".shift-short a")["href"].partition("#")[0])
    assert picked.soup.select_one("#join_at")["value"] == LINK
    send(host, "/availability", join_at="+1 312 555 0188", scope="every")
    assert {row.join_at for row in rows(work)} == {"+1 312 555 0188"}


def test_a_host_of_a_unit_that_does_not_allow_it_is_not_asked(app, work):
    """Rule B17: off by default, for who sends it along too."""
    ward = Ward(work)
    host = signed_in(app, work, ward.host)

    page = host.get("/availability?add=1")
    assert not page.soup.select("[name=add-kind], [name=add-join_at]")
    long = {"add-end": "14:00"}
    send(host, "/availability/hours", **(ADD | long))
    assert {row.kind for row in rows(work)} == {"in_person"}


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"add-join_at": ""}, "add-join_at", "Enter where to join"),
        ({"add-join_at": "http://a.example.org"}, "add-join_at", "begins with https://"),
        ({"add-seats": "99"}, "add-seats", "1 to 12"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(host, wrong, field, said):
    host.get("/availability?add=1")
    page = send(host, "/availability/hours", status=422, **(ADD | wrong))

    assert said in page.errors()[field]
    assert page.soup.select_one("#add-seats")["value"] == wrong.get("add-seats", "4")


def test_hours_can_be_raised_above_their_unit_and_not_below(work, ward, host, observer):
    """Rule A8: the visitor reads that the unit says yes each time."""
    say(ward, EveryWeek(DAY, (SUN,)))
    page = host.get("/availability")
    picked = host.get(page.soup.select_one(".shift-short a")["href"].partition("#")[0])
    offered = [one["value"] for one in picked.soup.select("#sensitivity option")]
    assert offered == ["unit", "S2", "S3"]

    send(host, "/availability", sensitivity="S2", scope="every")

    assert {row.sensitivity for row in rows(work)} == {"S2"}
    wanted = bookable(ward)[0]
    asking.hold(work, ward.as_observer(), Ask(wanted.id, GOAL))
    last_look = observer.get(f"/slots/{wanted.id}/check")
    assert "More sensitive than usual on this unit" in last_look.words
    assert "Unit lead approves" in observer.get(f"/shifts?day={wanted.local_date}").words


def test_a_huddle_is_found_with_its_tag_by_its_kind_and_without_its_address(ward, observer):
    """Rules B17, N3: the address is for who is confirmed."""
    say(ward, EveryWeek(HUDDLE, (SUN,)), EveryWeek(Given(**NOON), (SUN,)))
    wanted = bookable(ward)[0]
    day = f"/shifts?day={wanted.local_date}"

    page = observer.get(day)
    assert "By video or phone" in page.soup.select_one(".slot-meta").get_text()
    assert len(page.soup.select(".slot")) == 2
    assert len(observer.get(f"{day}&kind=remote").soup.select(".slot")) == 1
    assert len(observer.get(f"{day}&kind=in_person").soup.select(".slot")) == 1
    assert observer.get(f"{day}&kind=nonsense").soup.select(".slot")
    asking.hold(ward.work, ward.as_observer(), Ask(wanted.id, GOAL))
    for address in (day, f"/slots/{wanted.id}/goal", f"/slots/{wanted.id}/check"):
        assert LINK not in observer.get(address).text
    last_look = observer.page.words
    assert "The way in shows on the page of the shift" in last_look
    assert "Nothing is recorded. Not by you either" in last_look
    assert "The desk by the whiteboard" not in last_look


NOON = {"span": "D12", "start": "12:00", "end": "16:00", "mode": "auto"}


def test_the_api_says_the_kind_and_never_the_address(app, work, ward):
    """Rule B17: ``kind`` of slots and shifts, and a filter."""
    say(ward, EveryWeek(HUDDLE, (SUN,)), EveryWeek(Given(**NOON), (SUN,)))
    caller = Caller(app, work, ward.observer)

    both = caller.get("/slots").json["slots"]
    remote = caller.get("/slots", kind="remote").json["slots"]
    asking.request(work, ward.as_observer(), Ask(bookable(ward)[0].id, GOAL))

    assert {each["kind"] for each in both} == {"remote", "in_person"}
    assert {each["kind"] for each in remote} == {"remote"}
    (shift,) = caller.get("/shifts").json["shifts"]
    assert shift["kind"] == "remote"
    assert caller.get(f"/shifts/{shift['id']}").json["kind"] == "remote"
    told = (caller.get("/slots"), caller.get("/shifts"), caller.get(f"/shifts/{shift['id']}"))
    assert not any(LINK in each.text for each in told)


def test_a_unit_that_switches_it_off_sees_what_is_booked_first(app, work, ward):
    """Rule B17: it stays."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    asking.request(work, ward.as_observer(), Ask(bookable(ward)[0].id, GOAL))
    lead = signed_in(app, work, ward.manager, "unit_manager")
    path = f"/units/{ward.unit}/settings"

    sent = filled(lead.get(path), remote_allowed=[])
    listed = lead.post(path, status=200, token=False, **sent)
    assert "1 booked shift would not fit any more" in listed.words
    assert "By video or phone" in listed.words
    lead.post(path, token=False, **filled(listed, remote_allowed=[]))

    assert [row.taken for row in rows(work) if row.state != "withdrawn"] == [1]
    assert [row.state for row in makers.shifts(work)] == ["confirmed"]


def test_on_the_page_of_the_shift_there_is_a_way_in_and_no_pass(work, ward, app, host, observer):
    """Rules B17, C10, D2: join, nothing recorded, check-in without a word of health."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    shift = asking.request(work, ward.as_observer(), Ask(bookable(ward)[0].id, GOAL))
    page = observer.get(f"/shifts/{shift.id}")

    assert [one["href"] for one in page.soup.select("a[href^='https://meet']")] == [LINK, LINK]
    assert "None, by anybody" in page.words
    assert "no pass is needed" in page.words
    assert not page.soup.select("a[href$='/pass']")
    observer.get(f"/shifts/{shift.id}/pass", status=404)
    assert LINK in host.get(f"/shifts/{shift.id}").text
    lead = signed_in(app, work, ward.manager, "unit_manager")
    seen = lead.get(f"/shifts/{shift.id}")
    assert LINK not in seen.text
    assert "By video or phone" in seen.words

    work.clock.now = shift.starts_at
    observer = signed_in(app, work, ward.observer, "observer")
    page = observer.get(f"/shifts/{shift.id}")
    assert not page.soup.select("[name=well]")
    observer.post(f"/shifts/{shift.id}/check-in")
    assert "You have joined" in observer.get(f"/shifts/{shift.id}").words


def test_a_host_of_several_seats_sees_who_has_one_and_can_still_change_the_hours(work, ward, host):
    """Rule B17."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    wanted = bookable(ward)[0]
    for person_id in (ward.observer, ward.another_observer(name="Ottoline Brisk")):
        asking.request(work, ward.as_observer(person_id), Ask(wanted.id, GOAL))

    page = host.get(f"/availability?week={wanted.local_date}")

    assert "2 of 3 booked" in page.words
    assert "Ottoline Brisk" in page.words
    assert page.soup.select_one(".shift-full a[href='/shifts/mine']")
    assert page.soup.select_one(f"[name='join-{wanted.local_date}-D12-1000']")


def test_a_new_address_is_told_as_soon_as_it_is_saved(work, ward, host):
    """Rule B17: shifts follow at the host's own page."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    asking.request(work, ward.as_observer(), Ask(bookable(ward)[0].id, GOAL))
    page = host.get("/availability")
    host.get(page.soup.select_one(".shift-short a")["href"].partition("#")[0])

    send(host, "/availability", join_at="+1 312 555 0188", scope="every")

    assert [row.join_at for row in makers.shifts(work)] == ["+1 312 555 0188"]


def test_who_takes_a_remote_shift_over_says_where_on_its_page(app, work, ward):
    """Rules B12, B17."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    shift = asking.request(work, ward.as_observer(), Ask(bookable(ward)[0].id, GOAL))
    taker = ward.another_host()
    as_taker = makers.actor(work, taker, "host")
    swapping.propose(work, ward.as_host(), shift_id=shift.id, host_id=taker)
    swapping.accept(work, as_taker, shift_id=shift.id)
    browser = signed_in(app, work, taker)

    browser.get(f"/shifts/{shift.id}")
    said = send(browser, f"/shifts/{shift.id}/join-at", status=422, join_at="call me")
    assert "begins with https://" in said.errors()["join_at"]
    send(browser, f"/shifts/{shift.id}/join-at", join_at="https://meet.example.org/other")

    assert "https://meet.example.org/other" in browser.get(f"/shifts/{shift.id}").text


def offered_meeting(ward, **changes):
    """An administrator lets clinicians come along to a meeting."""
    plain = {"kind": "reverse", "site_id": ward.site, "what": "Bed-flow meeting"}
    rest = {"room": "Room 2", "mode": "ask", "host_role": "", "span": "", "seats": 2}
    return makers.slot(ward.work, ward.observer, None, **(plain | rest | changes))


def test_a_clinician_finds_meetings_by_the_api_and_asks_for_one(app, work, ward):
    """Rule B16: the third kind, page by page; the same key is given the same answer."""
    first = offered_meeting(ward)
    second = offered_meeting(ward, starts_at=makers.NOW + timedelta(days=20))
    caller = Caller(app, work, ward.host)

    page = caller.get("/slots", kind="reverse", limit=1).json
    (meeting,) = page["slots"]
    assert (meeting["id"], meeting["kind"], meeting["unit"]) == (str(first), "reverse", None)
    assert (meeting["what"], meeting["bookable"]) == ("Bed-flow meeting", True)
    rest = caller.get("/slots", kind="reverse", limit=1, cursor=page["next"]).json
    assert ([each["id"] for each in rest["slots"]], rest["next"]) == ([str(second)], None)
    until = caller.get("/slots", kind="reverse", to="2027-03-25").json["slots"]
    assert [each["id"] for each in until] == [str(first)]

    body = {"slot": str(first), "goal": GOAL}
    told = caller.post("/shifts", body, **{"Idempotency-Key": "one"})
    again = caller.post("/shifts", body, **{"Idempotency-Key": "one"})
    assert (told.status_code, told.json["kind"]) == (201, "reverse")
    assert again.json == told.json
    (asked,) = makers.shifts(work)
    assert (asked.observer_id, asked.host_id) == (ward.host, ward.observer)


def test_each_kind_is_for_whom_it_is_for(app, work, ward):
    """Rules P1, B16: a clinician finds no hours on units, an administrator no meetings."""
    meeting, hours = offered_meeting(ward), ward.slot()
    clinician, leader = (Caller(app, work, each) for each in (ward.host, ward.another_observer()))

    assert clinician.get("/slots").status_code == 404
    assert leader.get("/slots", kind="reverse").status_code == 404
    assert [each["id"] for each in leader.get("/slots").json["slots"]] == [str(hours)]
    for caller, wanted in ((clinician, hours), (leader, meeting)):
        answer = caller.post("/shifts", {"slot": str(wanted), "goal": GOAL})
        assert answer.status_code == 404
    reader = Caller(app, work, ward.host, "slots:read")
    assert len(reader.get("/slots", kind="reverse").json["slots"]) == 1
    assert reader.post("/shifts", {"slot": str(meeting), "goal": GOAL}).status_code == 404
    assert makers.shifts(work) == []


def test_hours_raised_to_the_top_say_why_nobody_sees_them(ward, host):
    """Rule A8: until the unit has a written authorization."""
    say(ward, EveryWeek(DAY, (SUN,)))
    page = host.get("/availability")
    host.get(page.soup.select_one(".shift-short a")["href"].partition("#")[0])

    send(host, "/availability", sensitivity="S3", scope="every")

    assert (
        "Nobody sees it before the unit has a written authorization"
        in host.get("/availability").words
    )
