"""The pass on a screen and on paper, and its check without signing in."""

import pytest

from shadowing.services.bookings import answering, passes
from shadowing.store.tables import people
from tests.makers import Ward
from tests.web.finding import change, signed_in
from tests.web.test_shifts import HOST, OBSERVER, PARTS, ask, named
from tests.web.visits import Visitor


@pytest.fixture
def ward(work):
    return named(Ward(work))


def code_of(ward, shift):
    return passes.show(ward.work, ward.as_observer(), shift_id=shift.id).code


@pytest.mark.parametrize("part", PARTS)
def test_the_card_says_who_where_and_when_and_how_to_behave(app, ward, part):
    """Rules C10, D9."""
    change(ward.work, people.person, ward.observer, post_nominal="MBA", portfolio="finance")
    shift = ask(ward, mode="auto")
    browser = signed_in(app, ward.work, getattr(ward, part), PARTS[part])
    browser.get(f"/shifts/{shift.id}")
    page = browser.get(f"/shifts/{shift.id}/pass")

    card = page.soup.select_one("article.pass")
    words = " ".join(card.get_text(" ").split())
    assert card.select_one(".pass-kind").get_text() == "Observer"
    assert page.soup.h1.get_text() == OBSERVER
    for said in ("Finance", "West", "Monday, March 22", "9:00 am – 1:00 pm", "Hands off"):
        assert said in words
    for rule in ("No advice, and no charting.", "No photos", "In scrubs, this pass is worn"):
        assert rule in words
    assert "MBA" not in words, "no degrees"
    assert HOST not in words


def test_the_page_of_a_shift_leads_to_it_while_it_holds(app, ward):
    shift = ask(ward, mode="auto")
    browser = signed_in(app, ward.work, ward.observer)
    link = f'a[href="/shifts/{shift.id}/pass"]'
    assert browser.get(f"/shifts/{shift.id}").soup.select(link)

    answering.cancel(ward.work, ward.as_host(), shift_id=shift.id)

    assert not browser.get(f"/shifts/{shift.id}").soup.select(link)
    void = browser.get(f"/shifts/{shift.id}/pass")
    assert void.soup.select_one(".pass-kind").get_text() == "Void"
    assert "Do not use it." in void.words


def test_anybody_checks_a_pass_and_reads_valid_or_void_alone(app, ward):
    """Rule C10: without sign-in, and no name."""
    shift = ask(ward, mode="auto")
    code = code_of(ward, shift)
    guard = Visitor(app)

    page = guard.get(f"/passes/{code}")
    assert page.soup.h1.get_text() == "Valid"
    assert not any(name in page.text for name in (OBSERVER, HOST, "West", str(shift.id)))

    answering.cancel(ward.work, ward.as_host(), shift_id=shift.id)
    gone = guard.get(f"/passes/{code}")
    unknown = guard.get("/passes/0000000000000000")
    assert gone.soup.h1.get_text() == unknown.soup.h1.get_text() == "Void"


def test_a_code_is_typed_as_it_is_read(app, ward):
    code = code_of(ward, ask(ward, mode="auto"))
    typed = f"{code[:4]}-{code[4:8]} {code[8:]}".lower()
    guard = Visitor(app)

    answer = guard.get("/passes", status=303, query_string={"code": typed})

    assert answer.location == f"/passes/{code}"


@pytest.mark.parametrize("typed", ["", " ", "---", "x" * 400, "a\x00b"])
def test_what_is_no_code_gets_a_sentence(app, typed):
    page = Visitor(app).get("/passes", status=422, query_string={"code": typed})

    assert page.errors()["code"]


def test_who_tries_too_many_is_asked_to_wait(app):
    guard = Visitor(app)
    for number in range(passes.MISSES):
        guard.get(f"/passes/{number:016}")

    assert "Wait" in guard.get("/passes/1234567890123456", status=429).words


def test_the_code_on_the_card_leads_to_its_check(app, ward):
    """Rule C10: what is drawn for phones is the address of the check."""
    shift = ask(ward, mode="auto")
    page = signed_in(app, ward.work, ward.observer).get(f"/shifts/{shift.id}/pass")

    code = code_of(ward, shift)
    assert "-".join((code[:4], code[4:8], code[8:12], code[12:])) in page.words
    assert page.soup.select_one("svg.qr .qr-ink")["d"].startswith("M4 4h7")
    assert "/passes" in page.words
