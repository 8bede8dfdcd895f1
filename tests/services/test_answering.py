"""Answers, ways out, the day and the talk after it; what each of them tells and to whom."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import answering, asking, clock, day, debriefing
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.bookings import calendar_event
from shadowing.store.tables.journal import outbox
from tests import makers
from tests.makers import Ward

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


def ask(ward, **slot):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(**slot), GOAL))


def confirmed(ward):
    return ask(ward, mode="auto")


def kinds(work, person_id):
    with work.read() as tx:
        rows = tx.db.execute(outbox.select().order_by(outbox.c.id)).all()
    return [row.kind for row in rows if row.recipient_id == person_id and row.state == "waiting"]


def events(work):
    with work.read() as tx:
        rows = tx.db.execute(calendar_event.select()).all()
    return {(row.person_id, row.kind): (row.status, row.sequence, row.uid) for row in rows}


def test_the_hosts_yes_confirms_where_the_unit_said_yes_in_advance(ward):
    shift = answering.accept(ward.work, ward.as_host(), shift_id=ask(ward).id)

    assert shift.state is State.CONFIRMED
    known = events(ward.work)
    assert known[(ward.host, "shift")][:2] == ("CONFIRMED", 1), "the host's hold grew firm"
    assert known[(ward.observer, "shift")][:2] == ("CONFIRMED", 0)
    assert {kind for _, kind in known} == {"shift", "debrief"}


def test_a_newer_version_of_an_invitation_takes_the_place_of_the_unsent_one(ward):
    """calendar.md: one message per change, never a stale one."""
    shift = ask(ward)
    assert kinds(ward.work, ward.host) == ["request-received"]

    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)

    assert sorted(kinds(ward.work, ward.host)) == ["invitation", "invitation"]


def test_a_unit_that_wants_to_be_asked_is_asked_after_the_host(work):
    """Rules A8, B3: host first, then unit."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = answering.accept(work, ward.as_host(), shift_id=ask(ward).id)
    assert shift.state is State.HOST_ACCEPTED
    assert kinds(work, ward.manager) == ["unit-asked"]
    assert kinds(work, ward.observer) == ["host-said-yes"]

    assert answering.approve(work, ward.as_manager(), shift_id=shift.id).state is State.CONFIRMED


def test_the_unit_cannot_answer_for_the_host(work):
    """Rule A1: a manager cannot accept for a host."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = ask(ward)

    with pytest.raises(NotFound):
        answering.accept(work, ward.as_manager(), shift_id=shift.id)


@pytest.mark.parametrize("answer", ["approve", "decline", "cancel"])
def test_a_unit_has_no_part_in_a_request_its_host_has_not_answered(work, answer):
    """Section 6.2, rules B3, P8: told after the host's yes, and not of a no before it."""
    ward = Ward(work, auto_approve=False, sensitivity="S2")
    shift = ask(ward)

    with pytest.raises(NotFound):
        getattr(answering, answer)(work, ward.as_manager(), shift_id=shift.id)
    answering.decline(work, ward.as_host(), shift_id=shift.id)
    with pytest.raises(NotFound):
        getattr(answering, answer)(work, ward.as_manager(), shift_id=shift.id)

    assert [row.state for row in makers.shifts(work)] == ["declined"]


def test_a_no_frees_the_seat_and_reads_as_not_available(ward):
    """Rules B6, B11: no reason is asked, none is told."""
    shift = ask(ward)

    answering.decline(ward.work, ward.as_host(), shift_id=shift.id)

    assert makers.taken(ward.work, shift.slot_id) == 0
    assert kinds(ward.work, ward.observer) == ["not-available"]
    assert events(ward.work)[(ward.host, "shift")][:2] == ("CANCELLED", 1)


def test_cancelling_keeps_the_uid_and_raises_the_sequence(ward):
    """Rule N2; RFC 5546 3.2.5: the same UID, a higher SEQUENCE, both events, both people."""
    shift = confirmed(ward)
    before = events(ward.work)

    answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    after = events(ward.work)
    assert {key: uid for key, (_, _, uid) in after.items()} == {
        key: uid for key, (_, _, uid) in before.items()
    }
    assert {(status, sequence) for status, sequence, _ in after.values()} == {("CANCELLED", 1)}
    assert makers.taken(ward.work, shift.slot_id) == 0
    assert "cancelled-by-visitor" in kinds(ward.work, ward.host)


@pytest.mark.parametrize(
    ("who", "state"),
    [
        ("as_observer", State.CANCELLED_BY_OBSERVER),
        ("as_host", State.CANCELLED_BY_HOST),
        ("as_manager", State.CLINICAL_OVERRIDE),
        ("as_coordinator", State.CLINICAL_OVERRIDE),
    ],
)
def test_what_cancel_means_depends_on_who_says_it(ward, who, state):
    """Rules B10, B11."""
    shift = confirmed(ward)

    left = answering.cancel(ward.work, getattr(ward, who)(), shift_id=shift.id)

    assert left.state is state


def test_only_an_observers_late_cancel_counts(ward):
    """Rules B10, B11: under 48 hours."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at - timedelta(hours=47)

    assert answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id).late


def test_a_stranger_sees_no_shift_to_answer(ward):
    """Rule P1: refused and absent look the same."""
    shift = ask(ward)
    stranger = makers.person(ward.work, makers.organization(ward.work), roles=("host",))

    with pytest.raises(NotFound):
        answering.accept(ward.work, makers.actor(ward.work, stranger, "host"), shift_id=shift.id)


def test_an_unanswered_request_lapses_and_nobody_is_blamed(ward):
    """Rule B6: after 72 hours; the observer reads "not available"."""
    shift = ask(ward)
    ward.work.clock.advance(hours=71, minutes=59)
    assert clock.run(ward.work) == 0

    ward.work.clock.advance(minutes=1)
    assert clock.run(ward.work) == 1

    assert [row.state for row in makers.shifts(ward.work)] == ["expired"]
    assert makers.taken(ward.work, shift.slot_id) == 0
    assert "not-available" in kinds(ward.work, ward.observer)
    assert clock.run(ward.work) == 0, "twice is once"


def test_what_came_between_is_refused_at_the_yes(ward):
    """Rule B8: checked at asking and again before it is confirmed."""
    shift = ask(ward)
    makers.add(ward.work, makers.people.do_not_pair, one_id=ward.host, other_id=ward.observer)

    with pytest.raises(NotAvailable):
        answering.accept(ward.work, ward.as_host(), shift_id=shift.id)


def test_clearance_that_comes_through_confirms_without_new_asking(work):
    """Rules C5, C6."""
    ward = Ward(work)
    newcomer = makers.person(work, ward.organization)
    slot_id = ward.slot(mode="auto")
    shift = asking.request(work, ward.as_observer(newcomer), Ask(slot_id, GOAL))
    assert shift.state is State.UNIT_APPROVED

    makers.cleared(work, newcomer)
    assert clock.run(work) == 1

    assert [row.state for row in makers.shifts(work)] == ["confirmed"]
    assert events(work)[(ward.host, "shift")][:2] == ("CONFIRMED", 1)


def test_without_clearance_by_the_deadline_the_shift_is_released(work):
    """Rule C5: 24 hours before the start; not counted against anybody."""
    ward = Ward(work)
    newcomer = makers.person(work, ward.organization)
    shift = asking.request(work, ward.as_observer(newcomer), Ask(ward.slot(mode="auto"), GOAL))

    work.clock.now = shift.starts_at - timedelta(hours=24)
    clock.run(work)

    (row,) = makers.shifts(work)
    assert (row.state, row.reason) == ("expired", "clearance")


def test_the_day_from_here_to_done(ward):
    """Rules D1, D2, D4: the first tap counts and the other person is told; hours as they were."""
    shift = confirmed(ward)
    with pytest.raises(day.TooEarly):
        day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")

    ward.work.clock.now = shift.starts_at + timedelta(minutes=5)
    with pytest.raises(day.NotWell):
        day.check_in(ward.work, ward.as_observer(), shift_id=shift.id, well="")
    day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")
    assert "checked-in" in kinds(ward.work, ward.observer)

    ward.work.clock.now = shift.ends_at - timedelta(minutes=10)
    done = day.check_out(ward.work, ward.as_observer(), shift_id=shift.id)

    assert (done.state, done.minutes) == (State.COMPLETED, 225)
    assert "shift-done" in kinds(ward.work, ward.host)


def test_leaving_well_before_the_end_is_ended_early(ward):
    """Rule D5: earlier than fifteen minutes before the end; hours as they were."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_observer(), shift_id=shift.id, well="yes")
    ward.work.clock.now = shift.ends_at - timedelta(minutes=16)

    done = day.check_out(ward.work, ward.as_host(), shift_id=shift.id)

    assert (done.state, done.minutes) == (State.ENDED_EARLY, 224)


def test_a_shift_nobody_checks_out_of_is_done_at_its_planned_end(ward):
    """Rule D4: an hour after, marked automatic."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_observer(), shift_id=shift.id, well="yes")

    ward.work.clock.now = shift.ends_at + timedelta(minutes=61)
    clock.run(ward.work)

    (row,) = makers.shifts(ward.work)
    assert (row.state, row.minutes, row.automatic) == ("completed", 240, True)


def test_nobody_is_checked_in_after_the_end(ward):
    """Rule D1."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.ends_at

    with pytest.raises(day.TooLate):
        day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")


def over(ward):
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_observer(), shift_id=shift.id, well="yes")
    ward.work.clock.now = shift.ends_at
    return day.check_out(ward.work, ward.as_observer(), shift_id=shift.id)


def test_the_talk_is_marked_by_either_of_the_two(ward):
    """Section 6.3; rule F6."""
    shift = over(ward)

    assert debriefing.mark_held(ward.work, ward.as_host(), shift_id=shift.id).state is (
        State.DEBRIEFED
    )
    with pytest.raises(MoveNotAllowed):
        debriefing.mark_held(ward.work, ward.as_observer(), shift_id=shift.id)


def test_only_a_coordinator_waives_the_talk_and_gives_a_reason(ward):
    """Section 6.3."""
    shift = over(ward)
    with pytest.raises(NotFound):
        debriefing.waive(ward.work, ward.as_host(), shift_id=shift.id, reason="Away.")
    with pytest.raises(debriefing.WaiverNeedsReason):
        debriefing.waive(ward.work, ward.as_coordinator(), shift_id=shift.id, reason=" ")

    waived = debriefing.waive(
        ward.work, ward.as_coordinator(), shift_id=shift.id, reason="Host on leave."
    )
    assert waived.state is State.DEBRIEFED


def test_a_shift_does_not_close_without_a_promise_or_a_reason(ward):
    """Rule F16, S4.3."""
    shift = over(ward)
    debriefing.mark_held(ward.work, ward.as_host(), shift_id=shift.id)

    ward.work.clock.advance(days=8)

    assert debriefing.close_due(ward.work) == 0
