"""The pages of the roster: who sees whom, who may change what, and what ends with a leaver."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from shadowing.domain.bookings.states import State
from shadowing.services.bookings import asking, clock
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import availability, people
from shadowing.store.tables.accounts import session
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import NOW, Ward, shifts
from tests.web.finding import signed_in
from tests.web.test_shifts import GOAL, HOST, OBSERVER, named
from tests.web.test_units import filled


@pytest.fixture
def ward(work):
    return named(Ward(work))


def browser(app, ward, role="coordinator"):
    """Open a browser for the coordinator, or for somebody new in another role."""
    if role == "coordinator":
        return signed_in(app, ward.work, ward.coordinator, role)
    return signed_in(
        app, ward.work, makers.person(ward.work, ward.organization, roles=(role,)), role
    )


def rows(work, table):
    with work.read() as tx:
        return tx.db.execute(select(table)).all()


def booked(ward, **slot):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto", **slot), GOAL))


def person_of(ward, person_id):
    return next(row for row in rows(ward.work, people.person) if row.id == person_id)


@pytest.mark.parametrize("role", ["observer", "host", "unit_manager", "preceptor"])
def test_for_everybody_else_there_is_no_roster(app, ward, role):
    """Rule P1."""
    visitor = browser(app, ward, role)
    for path in ("", "/invite", f"/{ward.host}", f"/{ward.host}/change", f"/{ward.host}/leave"):
        visitor.get(f"/people{path}", status=404)


@pytest.mark.parametrize("role", ["hr", "partner_coordinator"])
def test_who_only_reads_the_roster_may_change_nothing(app, ward, role):
    """Rule P1."""
    visitor = browser(app, ward, role)

    assert OBSERVER in visitor.get("/people").words
    assert "Invite" not in visitor.get("/people").words
    assert "End" not in visitor.get(f"/people/{ward.observer}").words
    for path in ("/invite", f"/{ward.host}/change", f"/{ward.host}/leave"):
        visitor.get(f"/people{path}", status=404)


def test_people_of_another_hospital_are_not_there(app, ward):
    """Rule P1."""
    other = Ward(ward.work)
    visitor = browser(app, ward)

    visitor.get(f"/people/{other.host}", status=404)
    visitor.get(f"/people/{other.host}/change", status=404)
    assert str(other.host) not in visitor.get("/people").text


def test_the_list_is_narrowed_by_name_role_kind_and_unit(app, ward):
    visitor = browser(app, ward)

    assert HOST not in visitor.get("/people?role=observer").words
    assert OBSERVER in visitor.get("/people?role=observer").words
    assert HOST in visitor.get(f"/people?unit={ward.unit}&name={HOST[:4].upper()}").words
    assert "Nobody fits" in visitor.get("/people?kind=student").words
    assert "Nobody fits" in visitor.get("/people?name=%25").words
    assert "Nobody has left" in visitor.get("/people?show=left").words


def test_a_coordinator_comes_to_units_and_programs_from_here(app, ward):
    page = browser(app, ward).get("/people")

    assert page.soup.select_one("main a[href='/units']")
    assert page.soup.select_one("main a[href='/programs']")
    assert not browser(app, ward, "hr").get("/people").soup.select("main a[href='/units']")


def test_a_long_list_has_pages(app, ward):
    for _ in range(50):
        makers.person(ward.work, ward.organization)
    visitor = browser(app, ward)

    assert "1 to 50 of 54" in visitor.get("/people").words
    assert "51 to 54 of 54" in visitor.get("/people?page=2").words


def test_the_coordinator_reads_whom_somebody_met_and_that_is_on_record(app, ward):
    """Section 8.1, pairing; rule P16."""
    booked(ward)

    page = browser(app, ward).get(f"/people/{ward.observer}")

    assert HOST in page.words
    read = [row for row in rows(ward.work, audit) if row.event == "person.read"]
    assert [(row.subject_id, row.person_id) for row in read] == [(ward.observer, ward.coordinator)]


def test_hr_reads_what_kind_of_host_and_never_whom(app, ward):
    """Section 8.1, pairing: role kind only."""
    shift = booked(ward)
    with ward.work.write() as tx:
        moved = shifts_table().update().values(state=State.CLOSED.value)
        tx.db.execute(moved.where(shifts_table().c.id == shift.id))

    page = browser(app, ward, "hr").get(f"/people/{ward.observer}")

    assert "Shadowed" in page.words
    assert HOST not in page.words
    assert str(shift.id) not in page.text


def test_a_system_administrator_reads_nothing_of_shifts(app, ward):
    """Section 8.1, pairing."""
    booked(ward)

    page = browser(app, ward, "sysadmin").get(f"/people/{ward.observer}")

    assert HOST not in page.words
    assert "Shadowed" not in page.words


def shifts_table():
    """Name the table of shifts."""
    return makers.bookings.shift


def test_whoever_is_invited_gets_a_letter_with_a_link(app, ward):
    visitor = browser(app, ward)
    sent = filled(visitor.get("/people/invite"), name="Noor Haddad", email="Noor@Example.org")

    sent = visitor.post("/people/invite", **{**sent, "roles": ["observer"]})
    page = visitor.get(sent.location)

    assert "Noor Haddad" in page.words
    letters = [row for row in rows(ward.work, outbox) if row.kind == "sign-in-link"]
    assert [person_of(ward, row.recipient_id).email for row in letters] == ["noor@example.org"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Enter their name."),
        ({"roles": []}, "Choose one role or more."),
        ({"email": "nobody"}, "Enter an email address"),
        ({"roles": ["host"]}, "Choose a unit and a role there."),
        ({"roles": ["sysadmin"]}, "Choose one of these."),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(app, ward, changes, said):
    visitor = browser(app, ward)
    sent = filled(visitor.get("/people/invite"), name="Noor", email="noor@example.org")

    page = visitor.post("/people/invite", status=422, **{**sent, "roles": ["observer"], **changes})

    assert said in page.words
    assert page.soup.select_one("[name=title]") is not None


def test_an_address_is_one_persons_alone(app, ward):
    visitor = browser(app, ward)
    sent = filled(visitor.get("/people/invite"), name="Noor")
    taken = person_of(ward, ward.host).email

    page = visitor.post(
        "/people/invite", status=422, **{**sent, "email": taken, "roles": ["observer"]}
    )

    assert "Somebody has" in page.words


def test_nobody_reports_to_themselves_however_far_up(app, ward):
    """Rule P6."""
    visitor = browser(app, ward)
    path = f"/people/{ward.observer}/change"
    visitor.post(path, **filled(visitor.get(path), manager=str(ward.manager)))
    path = f"/people/{ward.manager}/change"

    page = visitor.post(path, status=422, **filled(visitor.get(path), manager=str(ward.observer)))

    assert "reports to the person you are changing" in page.words


def test_other_roles_sign_a_person_out(app, ward):
    signed_in(app, ward.work, ward.observer)
    visitor = browser(app, ward)
    path = f"/people/{ward.observer}/change"

    visitor.post(path, **filled(visitor.get(path), roles=["observer", "preceptor"]))

    held = [row.role for row in rows(ward.work, people.person_role) if row[0] == ward.observer]
    assert sorted(held) == ["observer", "preceptor"]
    assert ward.observer not in {row.person_id for row in rows(ward.work, session)}


@pytest.mark.parametrize("role", ["hr", "sysadmin"])
def test_a_coordinator_does_not_change_who_runs_the_system(app, ward, role):
    """A new address there would be a way into the account."""
    kept = makers.person(ward.work, ward.organization, roles=(role,))
    visitor = browser(app, ward)
    path = f"/people/{kept}/change"

    page = visitor.post(path, status=422, **filled(visitor.get(path), email="me@example.org"))

    assert "system administrator" in page.words
    assert "A system administrator keeps this account" in visitor.get(f"/people/{kept}").words
    visitor.post(f"/people/{kept}/leave", status=422)
    assert person_of(ward, kept).active


def test_nobody_takes_their_own_access_away(app, ward):
    visitor = browser(app, ward)

    visitor.post(f"/people/{ward.coordinator}/leave", status=409)
    path = f"/people/{ward.coordinator}/change"
    page = visitor.post(path, status=422, **filled(visitor.get(path), roles=["observer"]))

    assert "Ask a colleague" in page.words


def test_with_a_leaver_access_ends_and_what_is_ahead(app, ward):
    """Section 8.3, leaver; rule B10: not counted."""
    booked(ward)
    gone = signed_in(app, ward.work, ward.observer)
    visitor = browser(app, ward)
    assert "1 shift or request ahead" in visitor.get(f"/people/{ward.observer}/leave").words

    page = visitor.get(visitor.post(f"/people/{ward.observer}/leave").location)

    assert "1 shift or request ended" in page.words
    assert "/sign-in" in gone.get("/shifts/mine", status=303).location
    [shift] = shifts(ward.work)
    assert (shift.state, shift.late) == (State.CANCELLED_BY_OBSERVER, False)
    told = {row.recipient_id for row in rows(ward.work, outbox) if row.shift_id == shift.id}
    assert ward.host in told
    assert OBSERVER in visitor.get("/people?show=left").words


def test_what_a_leaver_offered_is_closed_and_their_visitors_are_told(app, ward):
    """Section 8.3, leaver; rule P8."""
    booked(ward)
    free = ward.slot(starts_at=NOW + timedelta(days=20))

    browser(app, ward).post(f"/people/{ward.host}/leave")

    [shift] = shifts(ward.work)
    assert shift.state == State.CANCELLED_BY_HOST
    states = {row.id: row.state for row in rows(ward.work, availability.slot)}
    assert states[free] == "withdrawn"


def test_the_clock_ends_what_was_left_when_the_page_was_cut_off(ward):
    """Section 8.3, leaver."""
    booked(ward)
    with ward.work.write() as tx:
        left = people.person.update().values(active=False)
        tx.db.execute(left.where(people.person.c.id == ward.observer))

    clock.run(ward.work)

    assert [shift.state for shift in shifts(ward.work)] == [State.CANCELLED_BY_OBSERVER]


def test_who_left_is_let_in_again_with_a_new_link(app, ward):
    visitor = browser(app, ward)
    visitor.post(f"/people/{ward.observer}/leave")

    visitor.post(f"/people/{ward.observer}/return")

    assert person_of(ward, ward.observer).active
    letters = [row for row in rows(ward.work, outbox) if row.kind == "sign-in-link"]
    assert [row.recipient_id for row in letters] == [ward.observer]


def test_a_new_link_is_sent_on_request(app, ward):
    visitor = browser(app, ward)

    visitor.post(f"/people/{ward.host}/link")

    assert [row.recipient_id for row in rows(ward.work, outbox)] == [ward.host]


HEAD = "external_id,name,roles,email\n"


def looked_at(visitor, text, status=200):
    """Let a file be looked at."""
    token = visitor.get("/people/import").soup.select_one("[name=csrf_token]")["value"]
    data = {"file": (io.BytesIO(text.encode()), "people.csv"), "csrf_token": token}
    return visitor.send("/people/import", status=status, data=data)


def test_a_file_is_looked_at_before_anybody_is_imported(app, ward):
    visitor = browser(app, ward)

    page = looked_at(visitor, HEAD + "E1,Noor Haddad,observer,noor@example.org\n")
    assert "1 added" in page.words
    assert "Noor Haddad" not in visitor.get("/people").words
    text = page.soup.select_one("textarea[name=text]").get_text().removeprefix("\n")
    visitor.post("/people/import", text=text, sure="yes")

    assert "Noor Haddad" in visitor.get("/people").words


def test_what_is_wrong_in_a_file_is_said_line_by_line(app, ward):
    visitor = browser(app, ward)

    page = looked_at(visitor, HEAD + "E1,Noor,boss,noor@example.org\nE2,,hr,x\n", status=422)

    assert "Nothing was changed." in page.words
    assert "2 Column roles" in page.words
    assert "3 Column name" in page.words


@pytest.mark.parametrize("text", ["", "a\x00b", 'external_id,name,roles\n"E1'])
def test_what_is_no_roster_is_said_so(app, ward, text):
    visitor = browser(app, ward)

    page = looked_at(visitor, text, status=422)

    assert "Line" in page.words


def test_no_file_at_all_is_said_so(app, ward):
    visitor = browser(app, ward)
    visitor.get("/people/import")

    assert "Choose a file." in visitor.post("/people/import", status=422).words


def test_the_page_of_a_person_says_that_their_manager_is_unknown(app, ward):
    """Rule P6: a coordinator confirms each shift, and reads why."""
    visitor = browser(app, ward)
    path = f"/people/{ward.observer}/change"
    assert "Nobody here" in visitor.get(f"/people/{ward.observer}").words

    visitor.post(path, **filled(visitor.get(path), manager="unknown"))

    words = "Not known: a coordinator confirms each shift"
    assert words in visitor.get(f"/people/{ward.observer}").words
    shift = booked(ward)
    assert "nobody knows whom they report to" in visitor.get(f"/shifts/{shift.id}").words
    assert "nobody knows whom they report to" in visitor.get(f"/shifts/{shift.id}/confirm").words
    visitor.post(path, **filled(visitor.get(path), manager="none"))
    assert "Nobody here" in visitor.get(f"/people/{ward.observer}").words


def test_of_whom_is_invited_nobody_knows_the_manager_before_it_is_said(app, ward):
    """Rule P6."""
    page = browser(app, ward).get("/people/invite")

    assert page.soup.select_one("[name=manager] option[selected]")["value"] == "unknown"
