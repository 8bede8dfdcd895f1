"""The page of a person's own diary."""

from datetime import timedelta
from io import BytesIO

import pytest

from shadowing.adapters.credentials import hash_password
from shadowing.adapters.fetch import NotFetched
from shadowing.services import diary
from tests import makers
from tests.makers import Ward
from tests.services.test_diary import file

PASSWORD = "purple stairs hum softly"
KEPT = hash_password(PASSWORD)
PAGE = "/availability/diary"
FILE = f"{PAGE}/file"


@pytest.fixture
def ward(work):
    ward = Ward(work)
    for email, role in (("host@example.org", "host"), ("ada@example.org", "observer")):
        where = {"host_unit_id": ward.unit, "host_role": "rn_ms"} if role == "host" else {}
        person = makers.person(
            work, ward.organization, roles=(role,), email=email, password_hash=KEPT, **where
        )
        setattr(ward, role, makers.cleared(work, person))
    return ward


@pytest.fixture
def enter(visitor, ward):
    assert ward.host

    def enter(email="host@example.org"):
        visitor.get("/sign-in")
        visitor.post("/sign-in", email=email, password=PASSWORD)
        return visitor

    return enter


def sent(visitor, data, *, status):
    """Send a file of any size; the test's browser would leave a large one open."""
    parts = [
        *(b"--x", b'Content-Disposition: form-data; name="csrf_token"', b""),
        *(visitor.token().encode(), b"--x"),
        *(b'Content-Disposition: form-data; name="file"; filename="diary.ics"', b""),
        *(data, b"--x--", b""),
    ]
    kind = "multipart/form-data; boundary=x"
    return visitor.send(FILE, status=status, data=b"\r\n".join(parts), content_type=kind)


def test_the_page_says_what_is_kept_and_how_to_connect(enter):
    host = enter()
    page = host.get(PAGE)

    assert "Only times are kept, never titles" in page.words
    assert "Leave out a calendar that holds the shifts you work" in page.words
    assert "Connect your diary" in host.get("/availability").words


def test_a_file_is_read_at_once_and_can_be_disconnected(enter):
    host = enter()
    host.get(PAGE)
    start = makers.NOW + timedelta(days=3)
    data = file((start, start + timedelta(hours=1))).replace(
        b"END:VCALENDAR", b"BEGIN:VEVENT\r\nDTSTART:soon\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    host.post(FILE, file=(BytesIO(data), "diary.ics"))

    page = host.get(PAGE)
    assert "From a file" in page.words
    assert "2, 1 left out" in page.words
    assert "Line 8: The event has a date that cannot be read" in page.words
    assert "Dentist" not in page.text
    host.post(f"{PAGE}/end")
    assert "Connected to" not in host.get(PAGE).words


def test_a_file_may_be_larger_than_other_forms(enter):
    host = enter()
    host.get(PAGE)
    start = makers.NOW + timedelta(days=3)
    data = file((start, start + timedelta(hours=1))) + b"X-PADDING:x\r\n" * 200_000

    sent(host, data, status=303)
    assert "From a file" in host.get(PAGE).words
    host.post("/account/theme", status=413, theme="x" * 2_000_000)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a file."),
        (b"hello", "Choose another file. This one cannot be read: this is no calendar file"),
        (b"x" * (10 * 1024 * 1024 + 1), "the file is larger than 10 MiB."),
    ],
)
def test_what_cannot_be_read_is_told(enter, data, said):
    host = enter()
    host.get(PAGE)

    page = sent(host, data, status=422)

    assert said in page.errors()["file"]


def test_an_address_is_connected_and_never_shown_again(enter):
    host = enter()
    host.get(PAGE)
    host.post(PAGE, address="webcal://calendar.example/a.ics?key=secret")

    page = host.get(PAGE)
    assert "Connected to calendar.example" in page.words
    assert "It is being read." in page.words
    assert "secret" not in page.text
    assert "Your diary has not been read." in host.get("/availability").words


def test_a_visitor_reads_on_their_start_page_that_their_diary_was_not_read(enter):
    ada = enter("ada@example.org")
    assert "Your diary has not been read." not in ada.get("/").words
    ada.get(PAGE)
    ada.post(PAGE, address="webcal://calendar.example/a.ics")

    assert "Your diary has not been read." in ada.get("/").words


@pytest.mark.parametrize("address", ["", "http://calendar.example/", "https://a b/"])
def test_an_address_that_cannot_be_read_is_told(enter, address):
    host = enter()
    host.get(PAGE)

    page = host.post(PAGE, status=422, address=address)

    assert "address" in page.errors()["address"]
    assert page.soup.select_one("[name=address]")["value"] == address


def test_a_feed_that_fails_is_told_with_the_age_of_what_is_kept(enter, ward, monkeypatch):
    host = enter()
    host.get(PAGE)
    host.post(PAGE, address="https://calendar.example/a.ics")

    def fail(*_words, **_more):
        raise NotFetched("refused")

    monkeypatch.setattr(diary, "fetch", fail)
    diary.read_due(ward.work, allowed=(), stopped=lambda: False)

    page = host.get(PAGE)
    assert "It could not be read the last time: it does not give the calendar out" in page.words


def test_whoever_asks_is_warned_on_each_step_rule_b7(enter, ward):
    slot = makers.slot(ward.work, ward.host, ward.unit, mode="auto")
    start = makers.NOW + timedelta(days=14, hours=1)
    seeker = enter("ada@example.org")
    assert "overlaps something you have" in seeker.get(PAGE).words
    seeker.post(FILE, file=(BytesIO(file((start, start + timedelta(hours=1)))), "diary.ics"))

    warned = "You have something in your diary then."
    assert warned in seeker.get("/shifts?week=2027-03-22").words
    goal = seeker.get(f"/slots/{slot}/goal")
    assert f"{warned} You can still go on." in goal.words
    seeker.post(f"/slots/{slot}/goal", goal="See how a day starts.", access_needs="")
    assert f"{warned} You can still go on." in seeker.get(f"/slots/{slot}/check").words


def test_nobody_else_has_the_page(visitor, ward):
    makers.person(
        ward.work, ward.organization, roles=("hr",), email="hr@example.org", password_hash=KEPT
    )
    visitor.get("/sign-in")
    visitor.post("/sign-in", email="hr@example.org", password=PASSWORD)

    visitor.get(PAGE, status=404)
    assert "diary" not in visitor.get("/account").words
