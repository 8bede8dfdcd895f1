"""What a shift tells each part in it, below the pages: the API and letters rest on the same."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import By, MoveNotAllowed, State
from shadowing.domain.errors import NotFound
from shadowing.domain.followup.closing import Missing
from shadowing.services.bookings import answering, asking, clock, day, listing, looking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import bookings
from tests import makers
from tests.makers import Ward
from tests.visits import OBSERVER_SIDE, Visit

GOAL = "See how a morning starts."
NEEDS = "A place to sit."
PARTS = ("as_observer", "as_host", "as_manager", "as_coordinator")


@pytest.fixture
def ward(work):
    return Ward(work)


def ask(ward, **slot):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL, NEEDS))


def seen(ward, who, shift):
    return looking.show(ward.work, getattr(ward, who)(), shift_id=shift.id)


@pytest.mark.parametrize(
    ("who", "goal", "needs"),
    [
        ("as_observer", GOAL, NEEDS),
        ("as_host", GOAL, NEEDS),
        ("as_manager", "", NEEDS),
        ("as_coordinator", GOAL, ""),
    ],
)
def test_goal_and_access_needs_are_left_out_of_all_that_is_handed_on(ward, who, goal, needs):
    """Section 8.1: also out of the shift that comes along."""
    view = seen(ward, who, ask(ward, mode="auto"))

    assert (view.goal, view.shift.goal) == (goal, goal)
    assert (view.access_needs, view.shift.access_needs) == (needs, needs)


@pytest.mark.parametrize(
    ("who", "moves"),
    [
        ("as_observer", ("cancel", "move")),
        ("as_host", ("accept", "decline", "cancel")),
        ("as_coordinator", ("decline", "cancel")),
    ],
)
def test_what_can_be_done_with_a_request(ward, who, moves):
    """Section 6.2: what is listed can be done, what is not is refused."""
    assert seen(ward, who, ask(ward)).moves == moves


def test_check_in_is_offered_while_it_is_open_and_check_out_while_somebody_is_there(ward):
    """Rules D1, D4."""
    shift = ask(ward, mode="auto")
    assert "check-in" not in seen(ward, "as_host", shift).moves
    ward.work.clock.now = shift.starts_at - timedelta(minutes=30)
    assert "check-in" in seen(ward, "as_host", shift).moves
    assert "check-out" not in seen(ward, "as_host", shift).moves

    day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")
    assert "check-out" in seen(ward, "as_observer", shift).moves


def test_a_shift_that_was_talked_about_cannot_be_checked_out_of(ward):
    """Section 6.2: "not yet" leads back from the talk, and is no check-out."""
    visit = Visit(ward)
    shift = visit.talk() if visit.happen() else None

    assert not {"check-out", "mark-held", "waive"} & {*seen(ward, "as_observer", shift).moves}
    with pytest.raises(MoveNotAllowed):
        day.check_out(ward.work, ward.as_observer(), shift_id=shift.id)


def test_nobody_is_checked_out_of_a_shift_they_never_came_to(ward):
    """Rule D10."""
    shift = ask(ward, mode="auto")
    ward.work.clock.now = shift.ends_at + timedelta(minutes=1)

    with pytest.raises(MoveNotAllowed):
        day.check_out(ward.work, ward.as_host(), shift_id=shift.id)


@pytest.mark.parametrize("who", PARTS)
def test_who_said_no_is_told_to_the_host_and_the_program_alone(work, who):
    """Section 8.1 and rule P8."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = answering.accept(work, ward.as_host(), shift_id=ask(ward).id)
    answering.cancel(work, ward.as_host(), shift_id=shift.id)

    view = seen(ward, who, shift)
    last = view.timeline[-1]

    if who in {"as_host", "as_coordinator"}:
        assert (view.face, last.event, last.by) == (
            "cancelled_by_host",
            "shift.cancelled_by_host",
            By.HOST,
        )
    else:
        assert (view.face, last.event, last.by) == ("not_available", "shift.not_available", None)


def test_that_care_came_first_is_told_and_whose_word_it_was_is_not(ward):
    """Rule B11: the visitor reads "stopped for care"."""
    shift = ask(ward, mode="auto")
    answering.cancel(ward.work, ward.as_manager(), shift_id=shift.id)

    assert seen(ward, "as_observer", shift).timeline[-1].by is None
    assert seen(ward, "as_observer", shift).face == "clinical_override"
    assert seen(ward, "as_host", shift).timeline[-1].by is By.UNIT


@pytest.mark.parametrize(("reason", "face"), [("unanswered", "not_available"), ("clearance", "")])
def test_silence_reads_as_not_available_and_missing_papers_as_what_they_are(work, reason, face):
    """Section 6.2, "expired"."""
    ward = Ward(work)
    if reason == "clearance":
        ward.observer = makers.person(work, ward.organization)
        shift = ask(ward, mode="auto")
        work.clock.now = shift.starts_at - timedelta(hours=24)
    else:
        shift = ask(ward)
        work.clock.advance(hours=72)
    clock.run(work)

    assert seen(ward, "as_observer", shift).face == (face or "expired")


def test_the_two_read_whose_side_is_in_and_nobody_else_does(ward):
    """Section 8.1: reflections are nobody's but theirs; the talk is known to all four."""
    visit = Visit(ward)
    shift = visit.happen()
    visit.send("observer", OBSERVER_SIDE)

    for who in ("as_observer", "as_host"):
        assert seen(ward, who, shift).written == ("observer",)
        assert Missing.HOST_SIDE in seen(ward, who, shift).open_items
    for who in ("as_manager", "as_coordinator"):
        assert seen(ward, who, shift).written == ()
        assert seen(ward, who, shift).open_items == (Missing.DEBRIEF,)


def test_a_unit_is_not_told_of_a_request_and_a_manager_who_runs_the_program_is(ward):
    """Section 6.2; in two parts at once, one sees what the second allows."""
    shift = ask(ward)
    with pytest.raises(NotFound):
        seen(ward, "as_manager", shift)

    with ward.work.write() as tx:
        role = {"person_id": ward.manager, "role": "coordinator"}
        tx.db.execute(makers.people.person_role.insert().values(**role))

    assert seen(ward, "as_manager", shift).part is By.COORDINATOR


def test_a_shift_that_was_never_told_is_in_no_list_of_the_units(ward):
    ask(ward)

    assert listing.waiting(ward.work, ward.as_manager()) == ()
    assert listing.coming(ward.work, ward.as_manager()) == ()


def test_lists_leave_out_what_the_page_would(work):
    """Section 8.1, in lists as on pages; A10 for hidden hosts."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = ask(ward, mode="blind")

    (mine,) = listing.mine(work, ward.as_observer())
    (asked,) = listing.waiting(work, ward.as_manager())

    assert (mine.host.name, mine.other) == ("", mine.host)
    assert (asked.shift.goal, asked.record) == ("", None)
    assert asked.host.name
    assert asked.shift.id == shift.id


def test_somebody_who_may_not_open_a_shift_does_not_find_it_in_a_list(ward):
    """A host who is one no more: the row is there, the role is not."""
    shift = ask(ward, mode="auto")
    with ward.work.write() as tx:
        tx.db.execute(makers.people.person_role.delete().where(role_of(ward.host)))
        role = {"person_id": ward.host, "role": "observer"}
        tx.db.execute(makers.people.person_role.insert().values(**role))
    actor = makers.actor(ward.work, ward.host)

    assert listing.ahead(ward.work, actor) == ()
    with pytest.raises(NotFound):
        looking.show(ward.work, actor, shift_id=shift.id)


def role_of(person_id):
    return makers.people.person_role.c.person_id == person_id


def test_a_program_elsewhere_is_not_ones_own(ward):
    """Who runs no program sees none, not the first there is."""
    ask(ward)
    elsewhere = makers.organization(ward.work)
    other = makers.person(ward.work, elsewhere, roles=("coordinator",))
    actor = makers.actor(ward.work, other, "coordinator")

    assert listing.waiting(ward.work, actor) == ()
    assert listing.coming(ward.work, actor) == ()


def test_what_a_host_agreed_to_is_counted_by_month(ward):
    """Rule A4."""
    shift = ask(ward, mode="auto")
    ask(ward, starts_at=shift.starts_at + timedelta(days=20))

    load = listing.load(ward.work, ward.as_host())

    assert load.most == 2
    assert load.in_month(shift.local_date) == 1
    assert load.in_month(shift.local_date + timedelta(days=20)) == 0, "asked is not agreed"


def test_past_shifts_come_a_page_at_a_time_and_never_past_the_end(ward):
    shift = ask(ward)
    answering.withdraw(ward.work, ward.as_observer(), shift_id=shift.id)

    past = listing.past(ward.work, ward.as_observer(), page=7)

    assert (past.page, past.total) == (1, 1)
    assert past.lines[0].face == State.WITHDRAWN
    assert listing.hosted(ward.work, ward.as_host(), page=1).total == 1
    assert listing.hosted(ward.work, ward.as_observer(), page=1).total == 0
    assert [row.state for row in rows(ward.work)] == ["withdrawn"]


def rows(work):
    with work.read() as tx:
        return tx.db.execute(bookings.shift.select()).all()
