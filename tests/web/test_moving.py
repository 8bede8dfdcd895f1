"""Moving a shift at a browser without scripts: choose, look once more, be answered."""

from datetime import timedelta

import pytest

from shadowing.services.bookings import moving
from tests import makers
from tests.makers import NOW, Ward
from tests.web.test_shift_moves import browser, said
from tests.web.test_shifts import HOST, OBSERVER, ask, named


@pytest.fixture
def ward(work):
    return named(Ward(work))


def later(ward, *, days=28, **changes):
    return ward.slot(starts_at=NOW + timedelta(days=days), **changes)


def where(ward):
    (row,) = makers.shifts(ward.work)
    return row.slot_id


def test_a_visitor_moves_in_two_looks_and_one_press(app, ward):
    """Rule B9: the same host first, then others like it; nothing moves by looking."""
    shift = ask(ward, mode="auto")
    near, far = later(ward, mode="auto"), later(ward, days=40, host_id=ward.another_host())
    visitor = browser(app, ward, "observer")
    shown = visitor.get(f"/shifts/{shift.id}")
    (link,) = [one for one in shown.soup("a", class_="btn") if one.get_text() == "Move"]
    page = visitor.get(link["href"])
    heads = [head.get_text() for head in page.soup("h2")]
    assert heads == [f"Another time with {HOST.partition(',')[0]}", "Others like it"]
    assert "Nobody has to be asked: it moves at once." in page.words
    assert "The host has to say yes to it." in page.words

    check = visitor.get(f"/shifts/{shift.id}/move?slot={near}")
    assert "It moves at once" in check.words
    assert "never counted as a late cancel" in check.words
    assert where(ward) == shift.slot_id, "opening it moves nothing"
    answer = visitor.post(f"/shifts/{shift.id}/move", slot=str(near))

    assert where(ward) == near
    assert "Moved. Both calendars are up to date" in said(visitor, answer)
    words = visitor.get(f"/shifts/{shift.id}").words
    assert "You moved it to this time" in words
    assert far


def test_where_the_host_is_asked_both_see_what_waits_and_the_host_answers_in_two_taps(app, ward):
    """Rule B9: until then the old time stands."""
    shift, new = ask(ward, mode="auto"), later(ward)
    visitor, host = browser(app, ward, "observer"), browser(app, ward, "host")
    visitor.get(f"/shifts/{shift.id}/move?slot={new}")
    answer = visitor.post(f"/shifts/{shift.id}/move", slot=str(new), note="The board moved.")
    assert "Until there is an answer your shift stays as it is." in said(visitor, answer)
    assert "See it, or take it back" in visitor.get(f"/shifts/{shift.id}").words

    home = host.get("/").words
    assert "one request waits for you" in home
    assert "A change waits for you" in home
    listed = host.get("/requests")
    assert "A change waits for you" in listed.words
    assert "You can always say no to a change" in listed.words
    link = listed.soup.select_one("#changes + ul a")["href"]
    page = host.get(link)
    assert page.soup.h1.get_text() == f"Can {OBSERVER} come at another time?"
    assert "The board moved." in page.words
    done = host.post(f"/shifts/{shift.id}/move/accept")

    assert where(ward) == new
    assert "You said yes to the new time." in said(host, done)
    assert "This has moved on" in host.get(link).words
    assert "Look at the shift again" in said(host, host.post(f"/shifts/{shift.id}/move/accept"))


def test_a_no_reads_as_not_available_and_a_move_can_be_taken_back(app, ward):
    """Sections 6.2, 8.1: nobody is told who said no."""
    shift, new = ask(ward, mode="auto"), later(ward)
    visitor, host = browser(app, ward, "observer"), browser(app, ward, "host")
    for end, browser_of in (("decline", host), ("withdraw", visitor)):
        moving.ask(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=new)
        browser_of.get(f"/shifts/{shift.id}/move/answer")
        browser_of.post(f"/shifts/{shift.id}/move/{end}")
        assert where(ward) == shift.slot_id

    words = visitor.get(f"/shifts/{shift.id}").words
    assert "The new time is not available" in words
    assert "said no to the new time" not in words
    assert "said no to the new time" in host.get(f"/shifts/{shift.id}").words


def test_a_host_who_is_only_asked_sees_the_question_and_not_the_shift(app, ward):
    """Rules P1, B1."""
    other = ward.another_host(name="Ottoline Brisk")
    shift, new = ask(ward, mode="auto"), later(ward, host_id=other)
    moving.ask(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=new)
    asked = browser(app, ward, "host")
    asked.get(f"/shifts/{shift.id}/move/answer", status=404)
    ward.host, kept = other, ward.host
    asked = browser(app, ward, "host")

    page = asked.get(f"/shifts/{shift.id}/move/answer")

    assert OBSERVER in page.words
    assert page.form(f"/shifts/{shift.id}/move/accept")
    asked.get(f"/shifts/{shift.id}", status=404)
    assert kept


@pytest.mark.parametrize("hours", [23, 25])
def test_under_a_day_before_a_note_is_asked_for(app, ward, hours):
    """DESIGN: warn, and ask for a note to the host."""
    shift, new = ask(ward, mode="auto"), later(ward)
    ward.work.clock.now = shift.starts_at - timedelta(hours=hours)
    visitor = browser(app, ward, "observer")

    page = visitor.get(f"/shifts/{shift.id}/move?slot={new}")

    assert ("Less than 24 hours." in page.words) is (hours == 23)


def test_what_is_wrong_with_the_note_is_said_at_the_note_and_kept(app, ward):
    """Rule L3."""
    shift, new = ask(ward, mode="auto"), later(ward)
    visitor = browser(app, ward, "observer")
    visitor.get(f"/shifts/{shift.id}/move?slot={new}")

    note = "The patient in room 12 died."
    page = visitor.post(f"/shifts/{shift.id}/move", status=422, slot=str(new), note=note)

    assert "Take out what could point to a patient" in page.errors()["note"]
    assert note in page.words
    assert where(ward) == shift.slot_id


def test_where_nothing_else_is_open_that_is_said(app, ward):
    shift = ask(ward, mode="auto")
    visitor = browser(app, ward, "observer")

    assert "No other time is open" in visitor.get(f"/shifts/{shift.id}/move").words
    bad = visitor.post(f"/shifts/{shift.id}/move", status=422, slot="nonsense")
    assert "Choose again" in bad.words or "Choose a time first." in bad.words
