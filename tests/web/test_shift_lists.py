"""My shifts and requests: what is where, for whom, and what is there when nothing is."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from shadowing.domain.people import Role
from shadowing.services.bookings import answering, asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import bookings, people
from tests import makers
from tests.makers import Ward
from tests.web.finding import change, signed_in
from tests.web.test_shifts import GOAL, HOST, OBSERVER, PARTS, ask, named


@pytest.fixture
def ward(work):
    return named(Ward(work))


def browser(app, ward, part):
    return signed_in(app, ward.work, getattr(ward, part), PARTS[part])


def section(page, name):
    """Read what stands under a heading."""
    found = page.soup.select_one(f"section[aria-labelledby='{name}']")
    return " ".join(found.get_text(" ").split())


def test_my_shifts_tells_what_comes_from_what_waits_and_what_is_over(app, ward):
    coming = ask(ward, mode="auto")
    waits = ask(ward, starts_at=coming.starts_at + timedelta(days=20))
    over = ask(ward, mode="auto", starts_at=coming.starts_at + timedelta(days=40))
    answering.cancel(ward.work, ward.as_observer(), shift_id=over.id)

    page = browser(app, ward, "observer").get("/shifts/mine")

    assert "Mon, Mar 22, 9:00 am – 1:00 pm" in section(page, "coming")
    assert "Confirmed" in section(page, "coming")
    assert "Sun, Apr 11" in section(page, "waiting")
    assert "Asked" in section(page, "waiting")
    assert "Sat, May 1" in section(page, "past")
    assert "Cancelled" in section(page, "past")
    assert page.soup.select_one(f"#main a[href='/shifts/{waits.id}']")


@pytest.mark.parametrize(
    ("part", "path", "said", "way"),
    [
        ("observer", "/shifts/mine", "No shift booked", "/shifts"),
        ("host", "/shifts/mine", "Nobody comes", "/availability"),
        ("host", "/requests", "No requests", "/availability"),
        ("host", "/requests?show=booked", "Nobody booked", "/availability"),
        ("host", "/requests?show=past", "Nothing yet", "/availability"),
        ("manager", "/requests", "Nothing to answer", "/"),
        ("coordinator", "/requests", "Nothing waits", "/"),
        ("coordinator", "/requests?show=booked", "Nothing booked", "/"),
    ],
)
def test_an_empty_list_says_so_and_leads_on(app, ward, part, path, said, way):
    page = browser(app, ward, part).get(path)

    assert said in page.words
    assert page.soup.select(f"a[href='{way}']")


@pytest.fixture
def long_past(ward):
    """Let a year and more of shifts lie behind the observer."""
    first = ask(ward, mode="auto")
    with ward.work.write() as tx:
        row = tx.db.execute(bookings.shift.select()).mappings().one()
        tx.db.execute(bookings.shift.update().values(state="withdrawn"))
        for number in range(1, 130):
            back = timedelta(days=number)
            again = {
                "id": makers.uuid4(),
                "slot_id": None,
                "state": "withdrawn",
                "starts_at": row["starts_at"] - back,
                "ends_at": row["ends_at"] - back,
                "local_date": row["local_date"] - back,
            }
            tx.db.execute(bookings.shift.insert().values(**{**row, **again}))
    return first


@pytest.mark.parametrize(
    ("part", "path"), [("observer", "/shifts/mine"), ("host", "/requests?show=past")]
)
def test_a_long_list_comes_page_by_page(app, ward, long_past, part, path):
    visitor = browser(app, ward, part)
    page, seen = visitor.get(path), []
    for _ in range(3):
        rows = page.soup.select("#main ul.todo li p.bold a")
        seen += [row["href"] for row in rows]
        following = page.soup.select_one("a[rel=next]")
        if following:
            page = visitor.get(following["href"])

    assert len(seen) == len(set(seen)) == 130
    assert f"/shifts/{long_past.id}" in seen[0]
    assert "101 to 130 of 130" in page.words
    assert not page.soup.select("a[rel=next]")
    join = "&" if "?" in path else "?"
    assert "101 to 130 of 130" in visitor.get(f"{path}{join}page=999").words


def test_a_host_reads_who_asks_why_and_what_they_kept(app, ward):
    """Rule B1 and no more; "No need to answer to say no" (B6)."""
    access = Ask(ward.slot(), GOAL, "A place to sit.")
    asking.request(ward.work, ward.as_observer(), access)

    page = browser(app, ward, "host").get("/requests")

    assert "One person would like to join you." in page.words
    for fact in (OBSERVER, "Director", GOAL, "A place to sit.", "No promises yet"):
        assert fact in page.words
    assert "Fits your limit: this would be 1 of 2 that month." in page.words
    assert "No need to answer to say no. The request lapses Thu, Mar 11, 8:00 am" in page.words


def test_a_request_over_ones_own_limit_is_told_plainly(app, ward):
    """Rule A4 and DESIGN: allowed after a plain warning where it can be."""
    shift = ask(ward)
    change(ward.work, people.person, ward.host, max_per_month=0)

    page = browser(app, ward, "host").get("/requests")

    assert "Would go over your limit of 0 that month." in page.words
    assert page.form(f"/shifts/{shift.id}/accept")


def test_a_unit_reads_who_comes_and_never_why(app, work):
    """Section 8.1: pairing yes, goal no."""
    ward = named(Ward(work, auto_approve=False, sensitivity="S2"))
    shift = answering.accept(work, ward.as_host(), shift_id=ask(ward).id)
    unseen = ask(ward, starts_at=shift.starts_at + timedelta(days=20))
    manager = browser(app, ward, "manager")
    page = manager.get("/requests")
    assert "1 visit waits for your unit’s yes" in page.words
    assert GOAL not in page.text
    assert str(unseen.id) not in page.text, "the host has not said yes yet"

    answering.approve(work, ward.as_manager(), shift_id=shift.id)
    work.clock.now = shift.starts_at - timedelta(days=6)
    page = browser(app, ward, "manager").get("/requests")

    assert OBSERVER in section(page, "week")
    assert HOST in section(page, "week")


def test_a_coordinator_narrows_shifts_by_name_unit_and_week(app, ward):
    """DESIGN: the coordinator's Shifts."""
    booked = ask(ward, mode="auto")
    other = makers.unit(ward.work, ward.site)
    program = browser(app, ward, "coordinator")
    day = booked.local_date

    for fits in (
        f"name={OBSERVER.split()[0].lower()}",
        f"name={HOST.split()[0]}",
        f"unit={ward.unit}",
        f"week={day}",
    ):
        assert f"/shifts/{booked.id}" in program.get(f"/requests?show=booked&{fits}").text, fits
    for misses in ("name=nobody", f"unit={other}", f"week={day + timedelta(days=7)}"):
        page = program.get(f"/requests?show=booked&{misses}")
        assert "Nothing that fits" in page.words, misses


@pytest.mark.parametrize("more", ["name=a%00b", "unit=x", "week=soon", "page=-4", "show=all"])
def test_what_cannot_be_looked_for_is_left_out(app, ward, more):
    browser(app, ward, "coordinator").get(f"/requests?{more}")


def test_a_coordinator_reads_what_is_over_page_by_page(app, ward):
    over = ask(ward, mode="auto")
    answering.cancel(ward.work, ward.as_manager(), shift_id=over.id)

    page = browser(app, ward, "coordinator").get("/requests?show=past")

    assert f"/shifts/{over.id}" in page.text


def test_the_program_reads_all_that_waits_and_all_that_is_booked(app, ward):
    waits = ask(ward)
    booked = ask(ward, mode="auto", starts_at=waits.starts_at + timedelta(days=20))
    program = browser(app, ward, "coordinator")

    waiting = program.get("/requests")
    assert f"/shifts/{waits.id}" in waiting.text
    assert f"/shifts/{booked.id}" not in waiting.text
    assert f"/shifts/{booked.id}" in program.get("/requests?show=booked").text


def test_somebody_in_another_role_is_told_where_requests_are(app, work, ward):
    both = makers.person(work, ward.organization, roles=("observer", "host"))
    visitor = signed_in(app, work, both, Role.OBSERVER)

    page = visitor.get("/requests")

    assert "You act in another role now" in page.words
    visitor.post("/account/role", role="host")
    assert "No requests" in visitor.get("/requests").words


@pytest.mark.parametrize("path", ["/shifts/mine", "/requests"])
def test_a_list_asks_the_database_the_same_number_of_questions_however_long_it_is(
    app, work, ward, path, asked
):
    """House rule 9."""
    host = browser(app, ward, "host")
    ask(ward)
    one = asked(lambda: host.get(path))
    for number in range(1, 4):
        other = ward.another_observer()
        wanted = Ask(ward.slot(starts_at=makers.NOW + timedelta(days=14 + 20 * number)), GOAL)
        asking.request(work, ward.as_observer(other), wanted)

    assert asked(lambda: host.get(path)) == one


@pytest.fixture
def asked(work):
    """Count the statements that something sends."""

    def count(act):
        sent = []

        def note(*told):
            sent.append(told[2])

        event.listen(work.engine, "before_cursor_execute", note)
        act()
        event.remove(work.engine, "before_cursor_execute", note)
        return len(sent)

    return count
