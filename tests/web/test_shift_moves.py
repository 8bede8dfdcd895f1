"""Answering, cancelling, coming and going at a browser without scripts."""

from datetime import timedelta

import pytest

from shadowing.domain.people import Role
from shadowing.services.bookings import answering
from shadowing.store.tables import people
from tests import makers
from tests.makers import Ward
from tests.visits import Visit
from tests.web.finding import change, signed_in
from tests.web.test_shifts import HOST, OBSERVER, PARTS, ask, named

MOVED_ON = "Look at the shift again. It has moved on, so this can’t be done now."


@pytest.fixture
def ward(work):
    return named(Ward(work))


def browser(app, ward, part):
    return signed_in(app, ward.work, getattr(ward, part), PARTS[part])


def states(work):
    return [row.state for row in makers.shifts(work)]


def said(visitor, answer):
    """Follow where an answer leads, and read what is said on top."""
    return visitor.get(answer.location).soup.select_one(".said").get_text(" ").strip()


@pytest.mark.parametrize(
    ("move", "state", "words"),
    [
        ("accept", "confirmed", "Confirmed. Invites for the shift and the talk go to both."),
        ("decline", "declined", "Not this time. In 10 minutes the visitor sees “not available”."),
    ],
)
def test_a_host_answers_in_one_press_from_the_inbox_and_twice_is_no_harm(
    app, ward, move, state, words
):
    """Rules B3, B11."""
    shift = ask(ward)
    host = browser(app, ward, "host")
    form = host.get("/requests").form(f"/shifts/{shift.id}/{move}")
    sent = {field["name"]: field["value"] for field in form.select("input")}

    first = host.post(f"/shifts/{shift.id}/{move}", **sent)
    assert first.location == "/requests"
    assert words in said(host, first)
    assert states(ward.work) == [state]

    second = host.post(f"/shifts/{shift.id}/{move}", **sent)
    assert MOVED_ON in said(host, second)
    assert states(ward.work) == [state]


def test_a_yes_that_cannot_be_any_more_is_refused_in_words_for_the_host(app, ward):
    """Rules A4, B8: asked again when the host says yes."""
    shift = ask(ward)
    change(ward.work, people.person, ward.host, max_per_month=0)
    host = browser(app, ward, "host")
    host.get("/requests")

    assert "your limit, a break, another visit" in said(
        host, host.post(f"/shifts/{shift.id}/accept")
    )
    assert states(ward.work) == ["requested"]


@pytest.mark.parametrize("part", ["manager", "coordinator"])
def test_a_unit_or_the_program_says_not_this_time(app, work, part):
    ward = named(Ward(work, auto_approve=False, sensitivity="S2"))
    shift = answering.accept(work, ward.as_host(), shift_id=ask(ward).id)
    visitor = browser(app, ward, part)
    page = visitor.get(f"/shifts/{shift.id}/decline")
    assert f"{OBSERVER} only sees “not available”." in page.words

    assert "Not this time" in said(visitor, visitor.post(f"/shifts/{shift.id}/decline"))
    assert states(work) == ["declined"]


@pytest.mark.parametrize("move", ["", "/decline", "/approve", "/cancel"])
def test_a_request_its_host_has_not_answered_is_not_found_by_the_unit(app, work, move):
    """Rule P1: opened or sent, refused and absent look the same."""
    ward = named(Ward(work, auto_approve=False, sensitivity="S2"))
    shift = ask(ward)
    manager = browser(app, ward, "manager")

    assert manager.get(f"/shifts/{shift.id}{move}", status=404)
    if move:
        assert manager.post(f"/shifts/{shift.id}{move}", status=404)


def test_a_unit_approves_in_one_press(app, work):
    """Rule A8: where the unit is asked each time."""
    ward = named(Ward(work, auto_approve=False, sensitivity="S2"))
    shift = answering.accept(work, ward.as_host(), shift_id=ask(ward).id)
    manager = browser(app, ward, "manager")
    page = manager.get("/requests")
    assert OBSERVER in page.words
    assert HOST in page.words
    assert page.form(f"/shifts/{shift.id}/approve")

    assert "Confirmed." in said(manager, manager.post(f"/shifts/{shift.id}/approve"))
    again = manager.post(f"/shifts/{shift.id}/approve")
    assert MOVED_ON in said(manager, again)
    assert states(work) == ["confirmed"]


@pytest.mark.parametrize(
    ("part", "asked", "state"),
    [
        ("observer", "Cancel this shift?", "cancelled_by_observer"),
        ("host", "Call this shift off?", "cancelled_by_host"),
        ("manager", "Stop this shift for care?", "clinical_override"),
        ("coordinator", "Stop this shift for the unit?", "clinical_override"),
    ],
)
def test_a_way_out_asks_once_and_says_who_is_told(app, ward, part, asked, state):
    """Rules B10, B11."""
    shift = ask(ward, mode="auto")
    visitor = browser(app, ward, part)
    link = visitor.get(f"/shifts/{shift.id}").soup.select_one("a.btn-bad")["href"]
    page = visitor.get(link)
    assert page.soup.h1.get_text() == asked
    assert "Both calendar events, the shift and the talk, are taken back." in page.words
    assert states(ward.work) == ["confirmed"], "opening it cancels nothing"

    visitor.post(link)
    assert states(ward.work) == [state]

    assert MOVED_ON in said(visitor, visitor.post(link))
    assert "This has moved on" in visitor.get(link).words


def test_a_late_cancel_is_warned_about_before_it_counts(app, ward):
    """Rule B10: under 48 hours, for the visitor alone."""
    shift = ask(ward, mode="auto")
    visitor, host = browser(app, ward, "observer"), browser(app, ward, "host")
    assert "48 hours" not in visitor.get(f"/shifts/{shift.id}/cancel").words
    ward.work.clock.now = shift.starts_at - timedelta(hours=47)
    visitor, host = browser(app, ward, "observer"), browser(app, ward, "host")

    assert "Less than 48 hours" in visitor.get(f"/shifts/{shift.id}/cancel").words
    assert "48 hours" not in host.get(f"/shifts/{shift.id}/cancel").words

    page = visitor.get(visitor.post(f"/shifts/{shift.id}/cancel").location)
    assert "so it is counted" in page.words


def test_a_request_is_taken_back(app, ward):
    shift = ask(ward)
    visitor = browser(app, ward, "observer")
    opened = visitor.get(f"/shifts/{shift.id}/withdraw", status=303)
    assert opened.location == f"/shifts/{shift.id}/cancel"
    assert visitor.get(opened.location).soup.h1.get_text() == "Take your request back?"

    assert "Withdrawn." in said(visitor, visitor.post(f"/shifts/{shift.id}/withdraw"))
    assert states(ward.work) == ["withdrawn"]
    assert MOVED_ON in said(visitor, visitor.post(f"/shifts/{shift.id}/withdraw"))


@pytest.mark.parametrize("part", PARTS)
def test_whoever_is_there_checks_in_and_out(app, ward, part):
    """Rules D1, D2, D4: each of the four, with the tick."""
    shift = ask(ward, mode="auto")
    ward.work.clock.now = shift.starts_at - timedelta(minutes=20)
    visitor = browser(app, ward, part)
    visitor.get(f"/shifts/{shift.id}")

    page = visitor.post(f"/shifts/{shift.id}/check-in", status=422)
    assert page.errors()["well"].startswith("Tick that you are well today.")
    assert states(ward.work) == ["confirmed"]

    first = visitor.post(f"/shifts/{shift.id}/check-in", well="y")
    assert "Checked in." in said(visitor, first)
    assert MOVED_ON in said(visitor, visitor.post(f"/shifts/{shift.id}/check-in", well="y"))
    assert states(ward.work) == ["checked_in"]

    ward.work.clock.now = shift.ends_at
    visitor = browser(app, ward, part)
    visitor.get(f"/shifts/{shift.id}")
    out = visitor.post(f"/shifts/{shift.id}/check-out")
    assert "Checked out." in said(visitor, out)
    assert MOVED_ON in said(visitor, visitor.post(f"/shifts/{shift.id}/check-out"))
    assert states(ward.work) == ["completed"]


def test_checking_in_too_early_gets_a_sentence(app, ward):
    """Rule D1: from 30 minutes before."""
    shift = ask(ward, mode="auto")
    visitor = browser(app, ward, "observer")
    page = visitor.get(f"/shifts/{shift.id}")
    assert "Check-in opens Mon, Mar 22, 8:30 am." in page.words
    assert not page.soup.select("[name=well]")

    early = visitor.post(f"/shifts/{shift.id}/check-in", well="y")

    assert "Check-in opens Mon, Mar 22, 8:30 am." in said(visitor, early)
    ward.work.clock.now = shift.starts_at - timedelta(minutes=20)
    again = browser(app, ward, "observer")
    assert "Check-in is open." in again.get(f"/shifts/{shift.id}").words


def test_nobody_checks_out_who_never_came(app, ward):
    """Rule D10: whether it took place is asked of both, and no tap of one settles it."""
    shift = ask(ward, mode="auto")
    ward.work.clock.now = shift.ends_at + timedelta(minutes=5)
    visitor = browser(app, ward, "host")
    page = visitor.get(f"/shifts/{shift.id}")
    assert "Nobody checked in" in page.words

    assert MOVED_ON in said(visitor, visitor.post(f"/shifts/{shift.id}/check-out"))
    assert states(ward.work) == ["confirmed"]


@pytest.mark.parametrize("part", ["observer", "host"])
def test_either_of_the_two_records_the_talk(app, work, part):
    """Section 6.3."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    visitor = browser(app, visit.ward, part)
    visitor.get(f"/shifts/{shift.id}")

    assert "The talk is recorded." in said(visitor, visitor.post(f"/shifts/{shift.id}/debrief"))
    assert states(work) == ["debriefed"]
    assert MOVED_ON in said(visitor, visitor.post(f"/shifts/{shift.id}/debrief"))
    assert MOVED_ON in said(visitor, visitor.post(f"/shifts/{shift.id}/check-out"))
    assert states(work) == ["debriefed"]


def test_the_program_lets_a_talk_be_with_a_reason(app, work):
    """Section 6.3: a reason is required, and what was typed stays."""
    visit = Visit(named(Ward(work)))
    shift = visit.happen()
    visitor = browser(app, visit.ward, "coordinator")
    visitor.get(f"/shifts/{shift.id}")

    page = visitor.post(f"/shifts/{shift.id}/waive", reason=" ", status=422)
    assert page.errors()["reason"] == "Enter a reason, in 300 characters or fewer."
    assert page.soup.title.get_text().startswith("Error: ")
    page = visitor.post(f"/shifts/{shift.id}/waive", reason="x" * 301, status=422)
    assert "Shorten this to 300 characters." in page.errors()["reason"]
    assert "x" * 301 in page.text

    done = visitor.post(f"/shifts/{shift.id}/waive", reason="The host has left.")
    assert "the talk does not take place" in said(visitor, done)
    again = visitor.post(f"/shifts/{shift.id}/waive", reason="The host has left.")
    assert MOVED_ON in said(visitor, again)
    assert states(work) == ["debriefed"]


MOVES = (
    "accept",
    "decline",
    "approve",
    "withdraw",
    "cancel",
    "check-in",
    "check-out",
    "debrief",
    "waive",
)


@pytest.mark.parametrize("move", MOVES)
def test_a_stranger_moves_nothing_and_learns_nothing(app, ward, move):
    """Rule P1: refused and absent look the same."""
    shift = ask(ward, mode="auto")
    ward.work.clock.now = shift.starts_at
    for role in (Role.OBSERVER, Role.HOST, Role.UNIT_MANAGER, Role.HR):
        stranger = makers.person(ward.work, ward.organization, roles=(role,))
        visitor = signed_in(app, ward.work, stranger, role)
        visitor.get("/")
        visitor.post(f"/shifts/{shift.id}/{move}", status=404, well="y", reason="Why not.")
    assert states(ward.work) == ["confirmed"]


@pytest.mark.parametrize("move", MOVES)
def test_a_form_without_its_token_moves_nothing(app, ward, move):
    shift = ask(ward)
    visitor = browser(app, ward, "host")
    sent = visitor.send(f"/shifts/{shift.id}/{move}", status=None, data={"well": "y"})
    assert sent.status == (404 if move in {"approve", "waive"} else 400)
    assert states(ward.work) == ["requested"]


def test_where_a_form_leads_afterwards_stays_on_our_pages(app, ward):
    shift = ask(ward)
    visitor = browser(app, ward, "host")
    visitor.get(f"/shifts/{shift.id}")

    sent = visitor.post(f"/shifts/{shift.id}/decline", next="https://example.org/")

    assert sent.location == f"/shifts/{shift.id}"


def test_a_visitor_who_cancels_picks_another_date_in_the_same_step(app, ward):
    """Rule B10: three dates; the choice asks for it and takes the first one back."""
    shift = ask(ward, mode="auto")
    new = ward.slot(starts_at=makers.NOW + timedelta(days=28))
    visitor = browser(app, ward, "observer")
    page = visitor.get(f"/shifts/{shift.id}/cancel")
    choices = [each["value"] for each in page.soup.select("input[name=instead]")]
    assert choices == [str(new), "none"]

    answer = visitor.post(f"/shifts/{shift.id}/cancel", instead=str(new))

    assert "this one is asked for in its place" in said(visitor, answer)
    assert sorted(states(ward.work)) == ["cancelled_by_observer", "requested"]


def test_a_cancel_is_undone_from_the_page_and_from_the_note_on_it(app, ward):
    """DESIGN 6: undo for ten minutes, without a script."""
    shift = ask(ward, mode="auto")
    visitor = browser(app, ward, "observer")
    visitor.get(f"/shifts/{shift.id}/cancel")
    visitor.post(f"/shifts/{shift.id}/cancel", instead="none")
    page = visitor.get(f"/shifts/{shift.id}")
    assert "You can still undo this." in page.words
    assert page.form(f"/shifts/{shift.id}/undo")

    answer = visitor.post(f"/shifts/{shift.id}/undo")

    assert "Undone. Nobody was told" in said(visitor, answer)
    assert states(ward.work) == ["confirmed"]
    assert "You cancelled" not in visitor.get(f"/shifts/{shift.id}").words
    late = visitor.post(f"/shifts/{shift.id}/undo")
    assert "The minutes to undo this are over." in said(visitor, late)


def test_a_cancel_close_to_the_start_asks_for_a_note_and_keeps_what_was_typed(app, ward):
    """DESIGN: under 24 hours warn, ask for a note; L3."""
    shift = ask(ward, mode="auto")
    ward.work.clock.now = shift.starts_at - timedelta(hours=20)
    visitor = browser(app, ward, "observer")
    page = visitor.get(f"/shifts/{shift.id}/cancel")
    assert "told at once, and it can’t be undone" in page.words

    page = visitor.post(
        f"/shifts/{shift.id}/cancel", status=422, instead="none", note="Mr. Abel Smith fell."
    )
    assert "note" in page.errors()
    assert "Mr. Abel Smith fell." in page.words
    assert states(ward.work) == ["confirmed"]

    visitor.post(f"/shifts/{shift.id}/cancel", instead="none", note="A child is ill.")
    host = browser(app, ward, "host")
    assert "A child is ill." in host.get(f"/shifts/{shift.id}").words
