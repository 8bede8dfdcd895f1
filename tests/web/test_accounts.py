"""Signing in and out at a browser, as an honest person and as one who is not."""

import pytest
from sqlalchemy import insert, select, update

from shadowing.adapters.credentials import hash_password
from shadowing.store.tables.accounts import session
from shadowing.store.tables.journal import audit, outbox
from shadowing.store.tables.people import person, person_role
from tests import makers
from tests.web.conftest import build
from tests.web.visits import Visitor

PASSWORD = "four unrelated words"
KEPT = hash_password(PASSWORD)
NOT_OURS = (
    "http:///evil.example",
    "http://evil.example",
    "https:evil.example",
    "//evil.example",
    "///evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/ /evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/\r\nLocation: //evil.example",
    "/\u2028/evil.example",
    "/" + "a" * 400,
    "http://[bad",
)


@pytest.fixture
def hospital(work):
    made = makers.organization(work, name="Cedar Hollow")
    makers.site(work, made)
    return made


@pytest.fixture(autouse=True)
def ada(work, hospital):
    return makers.person(
        work,
        hospital,
        name="Ada Byron",
        email="ada@example.org",
        password_hash=KEPT,
        roles=("observer", "hr"),
    )


def enter(visitor, email="ada@example.org", password=PASSWORD, **more):
    """Sign in at the door."""
    visitor.get("/sign-in")
    return visitor.post("/sign-in", email=email, password=password, **more)


def rows(work, table):
    with work.read() as tx:
        return tx.db.execute(select(table)).all()


def test_who_knows_the_password_goes_to_the_page_they_wanted(visitor):
    wanted = visitor.get("/account?tab=a", status=303).location
    assert wanted == "/sign-in?next=/account?tab%3Da"
    page = visitor.get(wanted)

    hidden = page.soup.select_one("[name=next]")["value"]
    entered = visitor.post("/sign-in", email="ADA@example.org ", password=PASSWORD, next=hidden)

    assert entered.location == "/account?tab=a"
    assert "Ada Byron" in visitor.get("/account").words


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.org", "four unrelated word"),
        ("ada@example.org", "x" * 5000),
        ("nobody@example.org", PASSWORD),
        ("nopassword@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
    ],
)
def test_everybody_else_gets_one_and_the_same_answer(visitor, work, hospital, email, password):
    makers.person(work, hospital, email="nopassword@example.org")
    makers.person(work, hospital, email="gone@example.org", password_hash=KEPT, active=False)
    visitor.get("/sign-in")

    page = visitor.post("/sign-in", status=422, email=email, password=password)

    said = "Check your email address and password. Or let us email you a sign-in link."
    assert page.errors() == {"password": said}
    assert page.soup.title.get_text().startswith("Error: ")
    assert page.soup.select_one("#email")["value"] == email
    assert password not in page.text
    assert rows(work, session) == []


def test_an_empty_form_says_what_to_enter(visitor):
    visitor.get("/sign-in")

    page = visitor.post("/sign-in", status=422)

    assert page.errors() == {
        "email": "Enter your work email.",
        "password": "Enter your password.",
    }


def test_who_has_no_part_in_the_program_is_told_whom_to_ask(visitor, work, hospital):
    makers.person(work, hospital, email="new@example.org", password_hash=KEPT, roles=())
    visitor.get("/sign-in")

    page = visitor.post("/sign-in", status=422, email="new@example.org", password=PASSWORD)

    assert "Ask your program coordinator" in page.words
    assert rows(work, session) == []


def test_the_cookie_is_for_browsers_alone_and_no_secret_of_it_is_kept(visitor, work):
    entered = enter(visitor)

    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    kept = rows(work, session)[0].digest
    assert kept not in cookie
    assert len(kept) == 64


def test_over_tls_the_cookie_belongs_to_this_host_alone(work, tmp_path):
    app = build(work, tmp_path, base_url="https://shadow.example.org")
    visitor = Visitor(app, base="https://shadow.example.org")
    page = visitor.get("/sign-in")

    entered = visitor.post(
        "/sign-in",
        email="ada@example.org",
        password=PASSWORD,
    )

    cookie = entered.headers["Set-Cookie"]
    assert cookie.startswith("__Host-shadowing=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_signing_in_gives_a_session_of_its_own(visitor, app):
    visitor.get("/sign-in")
    planted = visitor.cookie()

    enter(visitor)

    thief = Visitor(app)
    thief.bring(planted)
    assert visitor.cookie() != planted
    assert thief.get("/account", status=303).location.startswith("/sign-in")
    first = visitor.cookie()
    other = Visitor(app)
    enter(other)
    assert other.cookie() != first


def test_a_copied_cookie_is_dead_once_its_owner_signed_out(visitor, app):
    enter(visitor)
    thief = Visitor(app)
    thief.bring(visitor.cookie())
    thief.get("/account")

    out = visitor.post("/sign-out")

    assert out.location == "/sign-in"
    assert "You are signed out." in visitor.get("/sign-in").words
    assert thief.get("/account", status=303).location.startswith("/sign-in")
    assert visitor.get("/account", status=303).location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("steps", "still_there"),
    [
        ((29,), True),
        ((29, 29, 29), True),
        ((30,), False),
        ((29,) * 24, True),
        ((29,) * 25, False),
        ((-4,), True),
        ((-10,), False),
    ],
)
def test_a_session_ends_by_itself(visitor, clock, steps, still_there):
    """30 minutes without a request, 12 hours in all; a clock set back revives nothing."""
    enter(visitor)

    pages = []
    for minutes in steps:
        clock.advance(minutes=minutes)
        pages.append(visitor.get("/account", status=None).status)

    assert pages[-1] == (200 if still_there else 303)


def test_a_session_that_ended_stays_ended_when_the_clock_is_set_back(visitor, clock, work):
    enter(visitor)
    clock.advance(hours=1)
    visitor.get("/account", status=303)
    clock.advance(hours=-1)

    assert visitor.get("/account", status=303).location.startswith("/sign-in")
    assert rows(work, session) == []


def test_who_leaves_is_out_with_the_next_request(visitor, work, ada):
    enter(visitor)
    with work.write() as tx:
        tx.db.execute(update(person).where(person.c.id == ada).values(active=False))

    assert visitor.get("/account", status=303).location.startswith("/sign-in")


def test_a_role_that_was_taken_away_is_not_acted_in(visitor, work):
    enter(visitor)
    assert "Administrator" in visitor.get("/account").words
    with work.write() as tx:
        tx.db.execute(person_role.delete().where(person_role.c.role == "observer"))

    assert "Administrator" not in visitor.get("/account").words


@pytest.mark.parametrize("target", NOT_OURS)
def test_nobody_is_sent_to_another_place(visitor, target):
    page = visitor.get("/sign-in", query_string={"next": target})
    assert page.soup.select_one("[name=next]")["value"] == "/"

    entered = visitor.post("/sign-in", email="ada@example.org", password=PASSWORD, next=target)

    assert entered.location == "/"
    assert visitor.get("/sign-in", status=303, query_string={"next": target}).location == "/"
    themed = visitor.post("/account/theme", theme="dark", next=target)
    assert themed.location == "/"


def test_a_target_that_cannot_be_printed_is_refused(visitor):
    visitor.get("/sign-in")

    visitor.post("/sign-in", status=422, email="ada@example.org", password=PASSWORD, next="/\x00")

    assert visitor.get("/sign-in?next=/%00").soup.select_one("[name=next]")["value"] == "/"


def test_ten_wrong_passwords_end_the_guessing_but_not_the_owner(app, clock, work):
    guesser = Visitor(app, address="198.51.100.7")
    guesser.get("/sign-in")
    for _ in range(10):
        guesser.post("/sign-in", status=422, email="ada@example.org", password="a wrong guess")

    page = guesser.post("/sign-in", status=429, email="ada@example.org", password=PASSWORD)

    assert "Wait 15 minutes, then try again." in page.words
    assert enter(Visitor(app, address="192.0.2.9")).location == "/"
    guesser.post("/sign-in/link", email="ada@example.org")
    assert [row.kind for row in rows(work, outbox)] == ["sign-in-link"]
    clock.advance(minutes=15)
    assert guesser.post("/sign-in", email="ada@example.org", password=PASSWORD).location == "/"


def test_signing_in_right_many_times_is_no_guessing(app):
    for _ in range(12):
        assert enter(Visitor(app)).location == "/"


def test_what_happens_at_the_door_is_in_the_audit_log(visitor, work, ada):
    """Rule P16: who, when and what, and no word that could be a secret."""
    visitor.get("/sign-in")
    visitor.post("/sign-in", status=422, email="ada@example.org", password="a wrong guess")
    enter(visitor)
    visitor.post("/sign-out")

    events = [(row.event, row.subject_id, row.code) for row in rows(work, audit)]
    assert events == [
        ("sign-in-refused", ada, "password"),
        ("signed-in", ada, "password"),
        ("session-ended", ada, ""),
    ]


@pytest.fixture
def demo_app(work, tmp_path):
    return build(work, tmp_path, env="demo")


def test_in_the_demo_one_press_lets_a_visitor_in(demo_app, work, hospital):
    makers.person(
        work,
        hospital,
        name="Bea Solloway",
        email="bea.solloway@example.org",
        roles=("hr",),
    )
    visitor = Visitor(demo_app)
    page = visitor.get("/sign-in?next=/account")
    buttons = [
        button.get_text() for button in page.soup.select("form[action='/sign-in/as'] button")
    ]
    assert buttons == ["Enter as HR (Bea Solloway, HR partner)"]

    assert visitor.post("/sign-in/as", role="hr", next="/account").location == "/account"

    assert "Bea Solloway" in visitor.get("/account").words
    visitor.post("/sign-in/as", status=404, role="nobody")
    visitor.post("/sign-in/as", status=404, role="sysadmin")


def test_in_production_there_is_no_such_door(visitor, work, hospital):
    makers.person(work, hospital, email="bea.solloway@example.org", roles=("hr",))
    assert not visitor.get("/sign-in").soup.select("form[action='/sign-in/as']")

    visitor.post("/sign-in/as", status=404, role="hr")


def test_two_people_are_never_one(app, work, hospital):
    makers.person(work, hospital, name="Bob Other", email="bob@example.org", password_hash=KEPT)
    one, other = Visitor(app), Visitor(app)
    enter(one)
    enter(other, email="bob@example.org")
    ended = one.get("/account").soup.select_one("[name=session]")["value"]

    other.get("/account")
    other.post("/account/sessions/end", status=404, session=ended)

    assert "Ada Byron" in one.get("/account").words
    assert "Ada Byron" not in other.get("/account").text


def test_a_full_table_of_tries_from_another_quarter_counts_nothing(visitor, work, clock):
    from_before = clock.now
    with work.write() as tx:
        rate = {"subject": "password from 192.0.2.1", "count": 10_000}
        table = session.metadata.tables["rate"]
        tx.db.execute(insert(table).values(window=from_before.replace(minute=45, hour=13), **rate))

    assert enter(visitor).location == "/"
