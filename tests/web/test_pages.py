"""What every template can ask for: times in plain words, ways on, pages of long lists."""

from datetime import UTC, datetime

import pytest
from flask import g, render_template_string

from shadowing.domain.people import Role
from shadowing.services.accounts.entering import Caller, enter_as
from shadowing.web.agents import browser
from shadowing.web.pages import ROLE_WORDS, WAYS, Pages, page_number, safe_next, side
from shadowing.web.session import enter
from tests import makers

START = datetime(2027, 3, 14, 4, 0, tzinfo=UTC)
END = datetime(2027, 3, 14, 13, 0, tzinfo=UTC)


@pytest.fixture
def said(app):
    """Render a line as a page in Chicago would have it."""

    def render(line):
        with app.test_request_context("/", base_url="http://127.0.0.1:8000"):
            return render_template_string(line, start=START, end=END, zone="America/Chicago")

    return render


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{{ start|day(zone) }}", "Sat, Mar 13"),
        ("{{ start|day_long(zone) }}", "Saturday, March 13"),
        ("{{ start|time(zone) }}", "10:00 pm"),
        ("{{ start|moment(zone) }}", "Sat, Mar 13, 10:00 pm"),
        ("{{ span(start, end, zone) }}", "10:00 pm – 8:00 am Sunday"),
        ("{{ 210|how_long }}", "3 hours 30 minutes"),
        ("{{ start|iso }}", "2027-03-14T04:00Z"),
        ("{{ end.date()|iso }}", "2027-03-14"),
        ("{{ end.date()|day }}", "Sun, Mar 14"),
        ("{{ end.date()|day_long('Pacific/Kiritimati') }}", "Sunday, March 14"),
        ("{{ end.date()|clock_change(zone) }}", "Clocks go forward at 2:00 am"),
        ("{{ start.date().replace(day=1)|clock_change(zone) }}", ""),
        ("{{ zone|zone_line }}", "Central Time"),
        ("{{ zone|zone_words(end) }}", "Central Daylight Time (UTC−5)"),
        ("{{ start.date().replace(day=8)|week_title }}", "March 8 – 14, 2027"),
        ("{{ start|time }}", "4:00 am"),
        ("{{ brand }} {{ shell.brand }} {{ initials('Ada Byron, RN') }}", "Shadowing Shadowing AB"),
    ],
)
def test_templates_have_plain_words_for_times(said, line, words):
    assert said(line) == words


@pytest.mark.parametrize("path", ["/", "/account", "/shifts?day=2027-03-12&unit=4%20West", "/a#b"])
def test_a_path_of_our_own_is_gone_back_to(path):
    assert safe_next(path) == path


@pytest.mark.parametrize("path", [None, "", "account", "//x", "/a b", "/\x7f", "http:x", "/\\x"])
def test_any_other_is_the_start(path):
    assert safe_next(path) == "/"


def test_every_role_has_words_and_ways_on():
    assert set(WAYS) == set(ROLE_WORDS) == set(Role)
    assert all(len(ways) <= 5 for ways in WAYS.values())


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", "Home"),
        ("/shifts", "Find a shift"),
        ("/shifts/mine", "My shifts"),
        ("/shifts/6f828266-00ec-4d18-a63d-d0c949a78e87", "My shifts"),
        ("/commitments/new", "You saw, we did"),
        ("/account", ""),
    ],
)
def test_one_way_is_the_one_taken(app, work, path, here):
    made = makers.person(work, makers.organization(work), email="ada@example.org")
    entered = enter_as(work, email="ada@example.org", role=Role.OBSERVER, caller=Caller(""))
    with app.test_request_context(path, base_url="http://127.0.0.1:8000"):
        enter(entered.token)
        g.pop("_login_user")
        nav = render_template_string(
            "{{ shell.nav|selectattr('current')|map(attribute='label')|join(', ') }}"
        )

    assert made
    assert nav == here


@pytest.mark.parametrize(
    ("role", "shape"), [(Role.OBSERVER, "a"), (Role.HOST, "c"), (Role.HR, "o")]
)
def test_a_role_has_its_shape(role, shape):
    assert side(role) == shape


@pytest.mark.parametrize(
    ("query", "number"),
    [
        *(("", 1), ("page=3", 3), ("page=0", 1), ("page=-1", 1), ("page=x", 1), ("page=²", 1)),
        *(("page=99999999999999999999", 1), ("page=99999", 10_000)),
    ],
)
def test_a_page_number_is_always_one(app, query, number):
    with app.test_request_context(f"/?{query}", base_url="http://127.0.0.1:8000"):
        assert page_number() == number


def test_a_long_list_has_pages_before_and_after():
    first, last = Pages(page=1, total=101, size=50), Pages(page=3, total=101, size=50)

    assert (first.before, first.after, first.offset) == (0, 2, 0)
    assert (last.before, last.after, last.offset) == (2, 0, 100)
    assert Pages(page=2, total=100, size=50).after == 0


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140 Safari/537 Edg/140",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604",
            "Safari on iPhone",
        ),
        ("curl/8", "Another program"),
        ("Something on Linux", "Linux"),
        ("", "Another program"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent, words):
    assert browser(agent) == words
