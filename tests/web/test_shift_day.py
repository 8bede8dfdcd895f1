"""The day on the page of a shift: one press each, without scripts, and nothing too much to read."""

from datetime import timedelta

import pytest

from shadowing.services.bookings import absence, asking, day, today
from shadowing.services.bookings.asking import Ask
from tests import makers
from tests.makers import NOW, Ward
from tests.web.finding import signed_in
from tests.web.test_shift_moves import MOVED_ON, browser, said, states
from tests.web.test_shifts import OBSERVER, PARTS, ask, named

HALF_AN_HOUR = timedelta(minutes=30)
A_DAY = timedelta(days=1)


@pytest.fixture
def ward(work):
    return named(Ward(work))


@pytest.fixture
def shift(ward):
    booked = ask(ward, mode="auto")
    ward.work.clock.now = booked.starts_at
    return booked


def check_in(ward, shift):
    day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")


def seen(ward, shift):
    return today.read(ward.work, ward.as_host(), shift_id=shift.id)


def test_whoever_is_not_well_calls_it_off_in_one_press(app, ward, shift):
    """Rule D2: cancel, or look for another time, and nobody is told why."""
    visitor = browser(app, ward, "observer")
    page = visitor.get(f"/shifts/{shift.id}")
    assert "Not well?" in page.words

    off = visitor.post(f"/shifts/{shift.id}/not-well", then="move")

    assert off.location.endswith("#others")
    assert states(ward.work) == ["cancelled_by_observer"]
    assert not makers.shifts(ward.work)[0].late
    assert "well" not in browser(app, ward, "host").get(f"/shifts/{shift.id}").soup.main.get_text()


@pytest.mark.parametrize("part", ["host", "manager", "coordinator"])
def test_who_checks_in_somebody_else_notes_the_photo_id(app, ward, shift, part):
    """Rule D2: it warns, no more; never offered to its owner."""
    assert "photo ID" not in browser(app, ward, "observer").get(f"/shifts/{shift.id}").words
    visitor = browser(app, ward, part)
    assert visitor.get(f"/shifts/{shift.id}").soup.select("[name=id_seen]")

    visitor.post(f"/shifts/{shift.id}/check-in", well="y", id_seen="y")

    assert seen(ward, shift).id_seen is True


def test_a_pause_is_one_press_each_way_and_the_visitor_reads_no_number(app, ward, shift):
    """Rules D6 and 8.1."""
    check_in(ward, shift)
    visitor, host = browser(app, ward, "observer"), browser(app, ward, "host")
    visitor.get(f"/shifts/{shift.id}")
    visitor.post(f"/shifts/{shift.id}/pause")
    page = visitor.get(f"/shifts/{shift.id}")
    assert "You are outside for now" in page.words
    assert "Pauses" not in page.text

    assert "Pauses: 1." in host.get(f"/shifts/{shift.id}").words
    host.post(f"/shifts/{shift.id}/resume")
    assert not seen(ward, shift).outside


def test_the_log_of_requests_says_nothing_of_a_pause(app, ward, shift, caplog):
    """Rule D6: a line would say when, and by whom."""
    check_in(ward, shift)
    host = browser(app, ward, "host")
    host.get(f"/shifts/{shift.id}")
    with caplog.at_level("INFO", logger="shadowing"):
        host.post(f"/shifts/{shift.id}/pause")
        host.post(f"/shifts/{shift.id}/patients", preferred="more")
        host.get(f"/shifts/{shift.id}")
    noted = [record.facts["page"] for record in caplog.records if record.message == "request"]
    assert noted[-1] == "/shifts/<uuid:shift_id>"
    assert not [page for page in noted if page.endswith(("pause", "patients"))]


def test_a_host_counts_who_preferred_not_and_says_whether_each_was_asked(app, ward, shift):
    """Rule D8."""
    check_in(ward, shift)
    host = browser(app, ward, "host")
    host.get(f"/shifts/{shift.id}")
    for fields in ({"preferred": "more"}, {"preferred": "more"}, {"preferred": "fewer"}):
        host.post(f"/shifts/{shift.id}/patients", **fields)
    host.post(f"/shifts/{shift.id}/patients", asked="yes")

    words = host.get(f"/shifts/{shift.id}").words
    assert "Patients who preferred not: 1." in words
    assert "Each patient was asked: yes." in words
    unit = browser(app, ward, "manager").get(f"/shifts/{shift.id}")
    assert "Patients who preferred not: 1." in unit.words
    assert not unit.soup.select('form[action$="/patients"]')


def test_leaving_early_may_be_given_a_code_and_no_words(app, ward, shift):
    """Rule D5."""
    check_in(ward, shift)
    visitor = browser(app, ward, "observer")
    page = visitor.get(f"/shifts/{shift.id}")
    form = page.form(f"/shifts/{shift.id}/check-out")
    assert len(form.select("[name=code]")) == 5
    assert not form.select("textarea, [type=text]")

    visitor.post(f"/shifts/{shift.id}/check-out", status=422, code="nonsense")
    visitor.post(f"/shifts/{shift.id}/check-out", code="called_away")

    assert states(ward.work) == ["ended_early"]
    assert makers.shifts(ward.work)[0].reason == "called_away"


@pytest.mark.parametrize("part", ["host", "manager", "coordinator"])
def test_a_stop_for_care_is_one_press(app, ward, shift, part):
    """Section 6.2: after check-in it is an early end, code care."""
    check_in(ward, shift)
    visitor = browser(app, ward, part)
    page = visitor.get(f"/shifts/{shift.id}")
    assert page.soup.find("button", string="Stop for care")

    visitor.post(f"/shifts/{shift.id}/check-out", code="care")

    assert makers.shifts(ward.work)[0].reason == "care"


def test_did_not_come_is_objected_to_and_settled(app, ward, shift):
    """Rules D3, 6.2: from the host's press to the coordinator's reason."""
    ward.work.clock.now = shift.starts_at + HALF_AN_HOUR
    host = browser(app, ward, "host")
    assert "Did not come" in host.get(f"/shifts/{shift.id}").words
    host.post(f"/shifts/{shift.id}/did-not-come")
    visitor = browser(app, ward, "observer")
    page = visitor.get(f"/shifts/{shift.id}")
    assert "If that is wrong, say so by" in page.words
    assert "1 late cancel or absence in This cycle." in page.words
    assert "late cancel" not in host.get(f"/shifts/{shift.id}").text
    visitor.post(f"/shifts/{shift.id}/object")

    ward.work.clock.now = shift.ends_at
    office = browser(app, ward, "coordinator")
    assert f"{OBSERVER} says that this is wrong" in office.get(f"/shifts/{shift.id}").words
    page = office.post(f"/shifts/{shift.id}/settle", status=422, why=" ", **{"as": "done"})
    assert page.errors()["why"] == "Enter a reason."
    office.post(f"/shifts/{shift.id}/settle", why="Both signed the sheet.", **{"as": "done"})

    assert states(ward.work) == ["completed"]
    assert MOVED_ON in said(
        office, office.post(f"/shifts/{shift.id}/settle", why="Again.", **{"as": "done"})
    )


def test_an_objection_may_be_let_stand_and_the_visitor_reads_why(app, ward, shift):
    ward.work.clock.now = shift.starts_at + HALF_AN_HOUR
    absence.did_not_come(ward.work, ward.as_host(), shift_id=shift.id)
    absence.object_to(ward.work, ward.as_observer(), shift_id=shift.id)
    office = browser(app, ward, "coordinator")
    office.get(f"/shifts/{shift.id}")
    office.post(f"/shifts/{shift.id}/settle", why="The desk saw nobody.", **{"as": "stands"})

    page = browser(app, ward, "observer").get(f"/shifts/{shift.id}")
    assert "The desk saw nobody." in page.words
    assert "The desk saw nobody." not in browser(app, ward, "host").get(f"/shifts/{shift.id}").text


@pytest.mark.parametrize("part", ["observer", "host"])
def test_did_it_happen_is_one_press_where_the_letter_leads(app, ward, shift, part):
    """Rule D10: opening it says nothing."""
    ward.work.clock.now = shift.ends_at + timedelta(hours=2)
    visitor = browser(app, ward, part)
    assert "Did it happen?" in visitor.get(f"/shifts/{shift.id}").words
    page = visitor.get(f"/shifts/{shift.id}/did-it-happen")
    assert page.soup.h1.get_text() == "Did it happen?"
    assert states(ward.work) == ["confirmed"]

    visitor.post(f"/shifts/{shift.id}/did-it-happen", answer="yes")
    assert "You said that it took place" in visitor.get(f"/shifts/{shift.id}").words
    other = "host" if part == "observer" else "observer"
    second = browser(app, ward, other)
    second.get(f"/shifts/{shift.id}")
    second.post(f"/shifts/{shift.id}/did-it-happen", answer="yes")

    assert states(ward.work) == ["completed"]
    assert "Said afterwards" in second.get(f"/shifts/{shift.id}").words
    assert "on record already" in visitor.get(f"/shifts/{shift.id}/did-it-happen").words


@pytest.mark.parametrize("part", ["manager", "coordinator"])
def test_the_paper_sheet_is_entered_with_its_times(app, ward, shift, part):
    """Rule D10; what was typed stays where it cannot be."""
    ward.work.clock.now = shift.ends_at + A_DAY
    visitor = browser(app, ward, part)
    page = visitor.get(f"/shifts/{shift.id}")
    assert "Is there a paper sheet?" in page.words
    bad = visitor.post(f"/shifts/{shift.id}/sheet", status=422, came="5:00 am", left="noon")
    assert bad.errors()["came"] == "Enter when the visitor came, up to the planned end."
    assert visitor.post(f"/shifts/{shift.id}/sheet", status=422, came="", left="x").errors()

    visitor.post(f"/shifts/{shift.id}/sheet", came="9:15 am", left="12:30 pm")

    assert makers.shifts(ward.work)[0].minutes == 195
    assert "From a paper sheet." in visitor.get(f"/shifts/{shift.id}").words


@pytest.mark.parametrize("part", ["observer", "host", "coordinator"])
def test_times_are_put_right_and_the_page_says_what_they_are(app, ward, shift, part):
    """Rule D4."""
    check_in(ward, shift)
    ward.work.clock.now = shift.ends_at
    day.check_out(ward.work, ward.as_host(), shift_id=shift.id)
    visitor = browser(app, ward, part)
    page = visitor.get(f"/shifts/{shift.id}")
    assert page.soup.select_one("[name=came]")["value"] == "09:00"

    visitor.post(f"/shifts/{shift.id}/times", came="09:05", left="11:00")

    assert makers.shifts(ward.work)[0].minutes == 115
    assert "9:05 – 11:00 am" in visitor.get(f"/shifts/{shift.id}").words


def test_the_coordinator_lets_a_request_through_that_waits_for_them(app, ward):
    """Rule D3: the visitor reads that it waits, the host nothing at all."""
    for number in range(3):
        starts = NOW + timedelta(days=8 + number)
        slot = ward.slot(host_id=ward.another_host(), starts_at=starts, mode="auto")
        booked = asking.request(ward.work, ward.as_observer(), Ask(slot, "See a morning."))
        ward.work.clock.now = starts + timedelta(hours=1)
        absence.did_not_come(ward.work, ward.as_coordinator(), shift_id=booked.id)
        ward.work.clock.now = NOW
    slot = ward.slot(starts_at=NOW + timedelta(days=40))
    held = asking.request(ward.work, ward.as_observer(), Ask(slot, "See a morning."))

    page = browser(app, ward, "observer").get(f"/shifts/{held.id}")
    assert "Your coordinator looks at it first" in page.words
    host = browser(app, ward, "host")
    host.get(f"/shifts/{held.id}", status=404)
    assert OBSERVER not in host.get("/requests").text
    office = browser(app, ward, "coordinator")
    assert "This request waits for you" in office.get(f"/shifts/{held.id}").words
    office.post(f"/shifts/{held.id}/let-through")

    assert OBSERVER in host.get("/requests").text


PRESSES = (
    "not-well",
    "id-seen",
    "pause",
    "resume",
    "patients",
    "did-not-come",
    "did-it-happen",
    "sheet",
    "times",
    "object",
    "settle",
    "let-through",
)


@pytest.mark.parametrize("press", PRESSES)
def test_a_stranger_presses_nothing_and_learns_nothing(app, ward, shift, press):
    """Rule P1."""
    for part, role in PARTS.items():
        stranger = makers.person(ward.work, makers.organization(ward.work), roles=(role,))
        visitor = signed_in(app, ward.work, stranger, role)
        visitor.get("/account")
        fields = {"came": "09:00", "left": "10:00", "why": "x", "answer": "yes", "asked": "yes"}
        visitor.post(f"/shifts/{shift.id}/{press}", status=404, **fields)
        assert part
    assert states(ward.work) == ["confirmed"]


@pytest.mark.parametrize("part", ["observer", "host"])
def test_the_start_page_asks_whether_it_happened_until_somebody_says(app, ward, shift, part):
    """Rule D10: letter, page and home."""
    ward.work.clock.now = shift.ends_at + timedelta(hours=2)
    visitor = browser(app, ward, part)
    link = f'a[href="/shifts/{shift.id}/did-it-happen"]'
    assert visitor.get("/").soup.select(link)
    visitor.get(f"/shifts/{shift.id}")
    visitor.post(f"/shifts/{shift.id}/did-it-happen", answer="yes")

    assert not visitor.get("/").soup.select(link)
