"""One's own account at a browser: role, display, password, sessions, calendar feed."""

import pytest
from sqlalchemy import select

from shadowing.adapters.credentials import digest, hash_password, password_fits
from shadowing.domain.errors import NotFound
from shadowing.store.accounts import tokens
from shadowing.store.tables.accounts import session
from shadowing.store.tables.people import person
from tests import makers
from tests.web.visits import Visitor

PASSWORD = "purple stairs hum softly"
KEPT = hash_password(PASSWORD)
NEW = "copper teapot runs north"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def ada(work):
    hospital = makers.organization(work, name="Cedar Hollow")
    makers.site(work, hospital)
    makers.site(work, hospital, zone="America/Denver", code="zz")
    return makers.person(
        work,
        hospital,
        name="Ada Byron",
        post_nominal="RN",
        email="ada@example.org",
        password_hash=KEPT,
        roles=("observer", "hr"),
    )


def inside(app, password=PASSWORD):
    """Open a browser and sign in."""
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.post("/sign-in", email="ada@example.org", password=password)
    visitor.get("/account")
    return visitor


@pytest.fixture
def visitor(app):
    return inside(app)


def test_the_account_page_shows_what_is_kept_of_its_person(visitor):
    words = visitor.page.words

    assert "Ada Byron, RN" in words
    assert "ada@example.org" in words
    assert "Administrator, HR" in words
    assert "Cedar Hollow · Central Time" in words
    assert "Mon, Mar 8, 8:00 am" in words
    assert KEPT not in visitor.page.text


def test_the_menu_changes_the_role_and_with_it_the_ways_on(visitor):
    role = visitor.page.form("/account/role")
    assert [button["value"] for button in role.select("button")] == ["observer", "hr"]
    before = [link["href"] for link in visitor.page.soup.select("nav.nav a")]

    assert visitor.post("/account/role", role="hr").location == "/"

    page = visitor.get("/account")
    after = [link["href"] for link in page.soup.select("nav.nav a")]
    assert page.soup.select_one("[aria-current=true]")["value"] == "hr"
    assert "/participation" in after
    assert before != after


@pytest.mark.parametrize("role", ["sysadmin", "host", "", "boss", "x" * 5000])
def test_a_role_that_is_not_held_cannot_be_chosen(visitor, role):
    page = visitor.post("/account/role", status=None, role=role)

    assert page.status in {404, 409}
    assert "Administrator, HR" in visitor.get("/account").words


@pytest.mark.parametrize("theme", ["light", "dark", ""])
def test_the_display_is_kept_and_the_page_comes_back(visitor, theme):
    themed = visitor.post("/account/theme", theme=theme, next="/account?tab=a")

    assert themed.location == "/account?tab=a"
    assert visitor.get("/account").soup.html.get("data-theme", "") == theme


def test_a_script_that_changes_the_display_gets_no_page(visitor):
    fields = {"theme": "dark", "csrf_token": visitor.token()}

    visitor.send("/account/theme", status=204, data=fields, headers={"X-Requested-With": "fetch"})

    assert visitor.get("/account").soup.html["data-theme"] == "dark"


def test_another_display_is_refused(visitor):
    visitor.post("/account/theme", status=422, theme="pink")


def test_the_password_changes_and_every_other_session_ends(app, visitor, work, ada):
    elsewhere = inside(app)

    changed = visitor.post("/account/password", current=PASSWORD, new=NEW)

    assert changed.location == "/account"
    assert "Your password is changed." in visitor.get("/account").words
    elsewhere.get("/account", status=303)
    with work.read() as tx:
        kept = tx.db.scalar(select(person.c.password_hash).where(person.c.id == ada))
    assert kept.startswith("$argon2id$")
    assert password_fits(kept, NEW)
    assert inside(app, NEW).get("/account").status == 200


@pytest.mark.parametrize(
    ("current", "new", "errors"),
    [
        ("wrong guess here", NEW, {"current": "Enter the password you use now."}),
        ("", NEW, {"current": "Enter the password you use now."}),
        (PASSWORD, "", {"new": "Enter a new password."}),
        (PASSWORD, "short", {"new": "Use 12 characters or more, and 128 at most."}),
        (PASSWORD, "x" * 129, {"new": "Use 12 characters or more, and 128 at most."}),
        *(
            (
                PASSWORD,
                common,
                {"new": "Choose something harder to guess, for example four unrelated words."},
            )
            for common in (
                "password1234",
                "aaaaaaaaaaaa",
                "adabyron2027!",
                "abcdefghijkl",
                "Byron hospital",
            )
        ),
    ],
)
def test_a_password_that_will_not_do_is_refused_at_its_field(visitor, current, new, errors):
    page = visitor.post("/account/password", status=422, current=current, new=new)

    assert page.errors() == errors
    assert PASSWORD not in page.text
    assert not new or new not in page.text


def test_guessing_the_own_password_ends_soon(visitor):
    for _ in range(10):
        visitor.post("/account/password", status=422, current="a wrong guess", new=NEW)

    visitor.post("/account/password", status=429, current=PASSWORD, new=NEW)


def test_who_has_no_password_yet_sets_one(app, work, ada):
    visitor = inside(app)
    with work.write() as tx:
        tx.db.execute(person.update().where(person.c.id == ada).values(password_hash=None))
    assert not visitor.get("/account").soup.select("#current")

    visitor.post("/account/password", new=NEW)

    assert inside(app, NEW).get("/account").status == 200


def test_a_session_elsewhere_can_be_seen_and_ended(app, work, visitor):
    elsewhere = Visitor(app)
    elsewhere.client.environ_base["HTTP_USER_AGENT"] = AGENT
    elsewhere.get("/sign-in")
    elsewhere.post("/sign-in", email="ada@example.org", password=PASSWORD)
    page = visitor.get("/account")
    assert "Firefox on Linux" in page.words

    theirs = digest_of(work, "Firefox")
    visitor.post("/account/sessions/end", session=theirs)

    assert elsewhere.get("/account", status=303).location.startswith("/sign-in")
    assert "Firefox on Linux" not in visitor.get("/account").words


def digest_of(work, agent):
    with work.read() as tx:
        return tx.db.scalar(select(session.c.digest).where(session.c.agent.contains(agent)))


def test_a_session_that_ended_by_itself_is_not_listed(app, visitor, clock):
    clock.advance(minutes=20)
    visitor.get("/account")
    inside(app)
    clock.advance(minutes=20)
    visitor.get("/account")
    clock.advance(minutes=15)

    assert len(visitor.get("/account").soup.select("[name=session]")) == 1


def test_ending_the_own_session_signs_out_here(visitor, work):
    with work.read() as tx:
        mine = tx.db.scalar(select(session.c.digest))

    assert visitor.post("/account/sessions/end", session=mine).location == "/sign-in"

    visitor.get("/account", status=303)


def test_all_other_sessions_end_at_one_press(app, visitor):
    others = [inside(app), inside(app)]
    visitor.get("/account")

    visitor.post("/account/sessions/end-others")

    assert "Signed out in 2 other places." in visitor.get("/account").words
    for other in others:
        other.get("/account", status=303)


def test_a_calendar_address_is_shown_once_and_the_one_before_ends(visitor, work, ada):
    first = shown(visitor.post("/account/feed", status=200))
    assert owner(work, first) == ada

    page = visitor.get("/account")
    assert first not in page.text
    assert "works since Mon, Mar 8, 8:00 am" in page.words
    second = shown(visitor.post("/account/feed", status=200))

    assert owner(work, second) == ada
    with pytest.raises(NotFound):
        owner(work, first)
    visitor.post("/account/feed/end")
    with pytest.raises(NotFound):
        owner(work, second)


def shown(page):
    """Read the calendar address on the page."""
    address = page.soup.select_one("#feed")["value"]
    assert address.startswith("http://127.0.0.1:8000/calendar/")
    return address.rpartition("/")[2].removesuffix(".ics")


def owner(work, token):
    with work.read() as tx:
        return tokens.find_feed(tx.db, digest=digest(token)).person_id


def test_one_chooses_to_hear_of_news_once_a_day(visitor, work, ada):
    """Rule F10; a text message is offered to who has a number."""
    assert not visitor.page.soup.select("[name=channel][value=text]")

    visitor.post("/account/messages", pace="daily", channel="email")

    assert visitor.get("/account").soup.select("[name=pace][value=daily][checked]")
    with work.read() as tx:
        assert tx.db.scalar(select(person.c.pace).where(person.c.id == ada)) == "daily"


@pytest.mark.parametrize("sent", [{}, {"pace": "weekly"}, {"pace": "daily", "channel": "text"}])
def test_what_cannot_be_chosen_gets_a_sentence(visitor, sent):
    page = visitor.post("/account/messages", status=422, **({"channel": "email"} | sent))

    assert "Choose" in page.soup.select_one(".error-summary").text
