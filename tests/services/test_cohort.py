"""Cohort days (B14): whose talks are the joint one, and what each change of a day does to them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shadowing.domain.bookings.cohort import (
    JointTalkClash,
    JointTalkTooSoon,
    TalkIsJoint,
)
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import Refusal
from shadowing.services.bookings import (
    answering,
    asking,
    cohort,
    cohort_days,
    cohort_guests,
    cohort_talks,
    leaving,
    moving,
    swapping,
    talking,
    undoing,
)
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import people
from tests import makers
from tests.makers import NOW, Ward
from tests.services.cohorts import (
    GOAL,
    TALK,
    book,
    drafted,
    moved_to,
    offer_meeting,
    planned,
    state_of,
    talk_of,
)
from tests.services.test_answering import events, kinds


@pytest.fixture
def ward(work):
    return Ward(work)


def test_the_talk_of_each_shift_on_the_day_is_the_joint_one(ward):
    """Rule B14: the same time for all, in the calendars of the visitor and of the host."""
    other, nurse = ward.another_observer(), ward.another_host()
    day = planned(ward, ward.observer, other)

    first, second = book(ward), book(ward, other, host_id=nurse)

    for shift in (first, second):
        talk = talk_of(ward, shift)
        assert (talk.starts_at, talk.ends_at) == (TALK, TALK + timedelta(hours=1))
        assert talk.cohort_day_id == day
        assert shift.state is State.CONFIRMED
    for person in (ward.observer, ward.host, other, nurse):
        assert events(ward.work)[(person, "debrief")][:2] == ("CONFIRMED", 0)


def test_two_sessions_of_one_visitor_share_the_one_talk(ward):
    """Rules B14, B7: the joint talk of a day does not stand in its own way."""
    planned(ward)
    morning = book(ward, minutes=180)
    noon = book(
        ward, host_id=ward.another_host(), starts_at=NOW + timedelta(days=14, hours=4), minutes=180
    )

    assert talk_of(ward, morning).starts_at == talk_of(ward, noon).starts_at == TALK


@pytest.mark.parametrize("stranger", ["not invited", "another day", "ends later", "busy then"])
def test_other_shifts_keep_a_talk_of_their_own(ward, stranger):
    """Rules B14, B7, F1: who is not invited, another day, a shift not over by then, a clash."""
    planned(ward)
    starts = NOW + timedelta(days=14)
    if stranger == "busy then":
        book(ward, host_id=ward.another_host(), starts_at=TALK - timedelta(hours=1), minutes=180)
        shift = book(ward)
    elif stranger == "not invited":
        shift = book(ward, ward.another_observer())
    elif stranger == "another day":
        shift = book(ward, starts_at=starts + timedelta(days=1))
    else:
        shift = book(ward, starts_at=TALK - timedelta(hours=3))

    talk = talk_of(ward, shift)
    assert talk.cohort_day_id is None
    assert talk.starts_at != TALK
    assert talk.starts_at >= shift.ends_at


def test_a_shift_booked_before_the_day_is_planned_joins_it_with_the_same_calendar_entry(ward):
    """Rules B14, N2: the same UID, one version later, for both; one audit line."""
    shift = book(ward)
    before = events(ward.work)

    planned(ward)

    assert talk_of(ward, shift).starts_at == TALK
    after = events(ward.work)
    for person in (ward.observer, ward.host):
        uid = before[(person, "debrief")][2]
        assert after[(person, "debrief")] == ("CONFIRMED", 1, uid)
        assert after[(person, "shift")] == before[(person, "shift")]


def test_a_request_joins_when_everybody_has_said_yes_and_a_draft_joins_nothing(ward):
    """Rules B14, 6.3: the hold is made with the yes, not before; a draft is nobody's yet."""
    day = drafted(ward)
    slot = ward.slot()
    shift = asking.request(ward.work, ward.as_observer(), Ask(slot, GOAL))
    assert talk_of(ward, shift) is None

    answering.accept(ward.work, ward.as_host(), shift_id=shift.id)
    assert talk_of(ward, shift).cohort_day_id is None

    offer_meeting(ward)
    cohort.plan(ward.work, ward.as_coordinator(), day_id=day)
    assert talk_of(ward, shift).cohort_day_id == day


def test_moving_the_joint_talk_moves_that_of_every_shift(ward):
    """Rules B14, N2: both calendars of each, the same UIDs, rising versions."""
    other, nurse = ward.another_observer(), ward.another_host()
    day = planned(ward, ward.observer, other, ward.another_observer())
    shifts = [book(ward), book(ward, other, host_id=nurse)]
    before = events(ward.work)

    moved_to(ward, day, start="15:00", minutes=45)

    for shift in shifts:
        talk = talk_of(ward, shift)
        assert (talk.starts_at, talk.ends_at, talk.state) == (
            TALK - timedelta(minutes=90),
            TALK - timedelta(minutes=45),
            "moved",
        )
    for person in (ward.observer, ward.host, other, nurse):
        uid = before[(person, "debrief")][2]
        assert events(ward.work)[(person, "debrief")] == ("CONFIRMED", 1, uid)


def test_another_room_alone_is_a_new_version_too(ward):
    """Rule N2: where it is stands in the calendar entry."""
    day = planned(ward)
    shift = book(ward)

    moved_to(ward, day, room="Hall B")

    assert talk_of(ward, shift).starts_at == TALK
    assert events(ward.work)[(ward.host, "debrief")][1] == 1
    moved_to(ward, day, room="Hall B")
    assert events(ward.work)[(ward.host, "debrief")][1] == 1, "what stays is not told again"


def test_what_a_process_left_undone_the_next_run_takes_up(ward, monkeypatch):
    """Rule B14: ended in the middle, nothing is lost and nothing is done twice."""
    other = ward.another_observer()
    day = planned(ward, ward.observer, other)
    shifts = [book(ward), book(ward, other, host_id=ward.another_host())]
    whole = cohort_talks.settle_one
    done = []

    def falls_over(work, *, shift_id):
        if done:
            raise KeyboardInterrupt
        done.append(shift_id)
        return whole(work, shift_id=shift_id)

    monkeypatch.setattr(cohort_talks, "settle_one", falls_over)
    with pytest.raises(KeyboardInterrupt):
        moved_to(ward, day, start="15:00")
    monkeypatch.undo()

    assert len({talk_of(ward, shift).starts_at for shift in shifts}) == 2
    assert cohort_talks.settle(ward.work) == 1
    assert {talk_of(ward, shift).starts_at for shift in shifts} == {TALK - timedelta(minutes=90)}
    assert cohort_talks.settle(ward.work) == 0


def test_a_day_called_off_leaves_the_shifts_and_gives_each_its_own_talk(ward):
    """Rule B14: the shift stands, host and visitor get an update, who was invited is told."""
    waits = ward.another_observer()
    day = planned(ward, ward.observer, waits)
    shift = book(ward)

    cohort.call_off(ward.work, ward.as_coordinator(), day_id=day)

    talk = talk_of(ward, shift)
    assert talk.cohort_day_id is None
    assert talk.starts_at >= shift.ends_at
    assert talk.starts_at != TALK
    (row,) = makers.shifts(ward.work)
    assert row.state == State.CONFIRMED
    assert events(ward.work)[(ward.host, "debrief")][:2] == ("CONFIRMED", 1)
    assert "cohort-day-off" in kinds(ward.work, waits)
    assert "cohort-day-off" in kinds(ward.work, ward.observer)
    assert state_of(ward, day) == "cancelled"


def test_who_is_invited_no_longer_leaves_the_day(ward):
    """Rule B14."""
    day = planned(ward)
    shift = book(ward)

    cohort_guests.uninvite(ward.work, ward.as_coordinator(), day_id=day, person_id=ward.observer)

    assert talk_of(ward, shift).cohort_day_id is None
    assert "cohort-day-off" in kinds(ward.work, ward.observer)


def test_a_shift_moved_to_another_date_leaves_the_day_and_comes_back_with_it(ward):
    """Rules B14, B9: its talk goes with the shift, and is its own there."""
    day = planned(ward)
    shift = book(ward)
    there = ward.slot(starts_at=NOW + timedelta(days=16), mode="auto")

    moved = moving.ask(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=there)

    assert talk_of(ward, moved).cohort_day_id is None
    assert talk_of(ward, moved).starts_at >= moved.ends_at
    back = moving.ask(ward.work, ward.as_observer(), shift_id=shift.id, slot_id=shift.slot_id)
    assert talk_of(ward, back).cohort_day_id == day
    assert talk_of(ward, back).starts_at == TALK


def test_a_cancelled_shift_is_no_longer_of_the_day_and_its_entries_are_taken_back(ward):
    """Rules B14, F5."""
    day = planned(ward)
    shift = book(ward)
    leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id)
    ward.work.clock.advance(minutes=30)
    moved_to(ward, day, start="15:00")

    assert cohort_talks.settle(ward.work) == 0
    assert talk_of(ward, shift).starts_at == TALK, "what ended is not moved any more"


@pytest.mark.parametrize("who", ["as_observer", "as_host", "as_coordinator"])
def test_nobody_moves_the_joint_talk_of_one_shift_alone(ward, who):
    """Rule B14: one joint talk for all; the coordinator moves that of the day."""
    planned(ward)
    shift = book(ward)
    actor = getattr(ward, who)()

    with pytest.raises(TalkIsJoint):
        talking.times(ward.work, actor, shift_id=shift.id)
    with pytest.raises(TalkIsJoint):
        talking.move(ward.work, actor, shift_id=shift.id, start=TALK + timedelta(days=1))


def test_once_it_is_over_without_a_record_the_two_find_a_time_of_their_own(ward):
    """Rules B14, F4: who missed it is not held back for ever."""
    planned(ward)
    shift = book(ward)
    ward.work.clock.now = TALK + timedelta(hours=2)
    with ward.work.write() as tx:
        mine = makers.bookings.shift.c.id == shift.id
        tx.db.execute(makers.bookings.shift.update().where(mine).values(state="completed"))

    talking.move(ward.work, ward.as_host(), shift_id=shift.id, start=TALK + timedelta(days=1))

    assert talk_of(ward, shift).cohort_day_id is None


def test_the_talk_never_begins_before_a_shift_of_the_day_is_over(ward):
    """Rules B14, F1: after the last session."""
    day = planned(ward)
    shift = book(ward)

    with pytest.raises(JointTalkTooSoon) as refused:
        moved_to(ward, day, start="12:30")

    assert refused.value.facts["ends_at"] == shift.ends_at
    assert talk_of(ward, shift).starts_at == TALK


def test_the_talk_goes_to_no_time_at_which_somebody_has_something_else(ward):
    """Rule B7, and who it is is named to the coordinator."""
    day = planned(ward)
    book(ward)
    book(ward, host_id=ward.another_host(), starts_at=TALK + timedelta(hours=1), minutes=180)

    with pytest.raises(JointTalkClash) as refused:
        moved_to(ward, day, start="17:30")

    assert len(refused.value.facts["names"]) == 1


@pytest.mark.parametrize("rule", ["A4", "C5", "A9"])
def test_every_other_rule_holds_for_each_shift(ward, rule):
    """Rule B14: load of a host, clearance and the cap of a unit are those of any other day."""
    other = ward.another_observer()
    planned(ward, ward.observer, other)
    if rule == "C5":
        with ward.work.write() as tx:
            gone = people.credential.c.person_id == ward.observer
            tx.db.execute(people.credential.delete().where(gone))
        assert book(ward).state is not State.CONFIRMED
        return
    book(ward)
    if rule == "A9":
        with ward.work.write() as tx:
            tx.db.execute(people.unit.update().values(cap=1))
    same_hours = {"host_id": ward.another_host()} if rule == "A9" else {}
    later = NOW + timedelta(days=14, hours=0 if rule == "A9" else 5)

    with pytest.raises(Refusal):
        book(ward, other, starts_at=later, minutes=120, **same_hours)


def test_a_cancel_that_is_undone_follows_the_day_again(ward):
    """Rules B14, B10: what moved meanwhile it moves after."""
    day = planned(ward)
    shift = book(ward)
    leaving.cancel(ward.work, ward.as_observer(), shift_id=shift.id)
    moved_to(ward, day, start="15:00")
    assert talk_of(ward, shift).starts_at == TALK

    undoing.undo(ward.work, ward.as_observer(), shift_id=shift.id)

    assert cohort_talks.settle(ward.work) == 1
    assert talk_of(ward, shift).starts_at == TALK - timedelta(minutes=90)
    assert events(ward.work)[(ward.host, "debrief")][:2] == ("CONFIRMED", 1)


def test_the_new_host_of_a_swap_comes_to_the_joint_talk(ward):
    """Rules B14, B12: the old host's entry is taken back, the new one has theirs."""
    planned(ward)
    shift = book(ward)
    nurse = ward.another_host()
    swapping.propose(ward.work, ward.as_host(), shift_id=shift.id, host_id=nurse)
    swapping.accept(ward.work, makers.actor(ward.work, nurse, "host"), shift_id=shift.id)

    assert talk_of(ward, shift).starts_at == TALK
    assert events(ward.work)[(ward.host, "debrief")][0] == "CANCELLED"
    assert events(ward.work)[(nurse, "debrief")][0] == "CONFIRMED"


def test_whoever_has_left_is_no_longer_invited(ward):
    other = ward.another_observer()
    day = planned(ward, ward.observer, other)
    with ward.work.write() as tx:
        tx.db.execute(
            people.person.update().where(people.person.c.id == other).values(active=False)
        )

    seen = cohort_days.show(ward.work, ward.as_coordinator(), day_id=day)

    assert [each.id for each in seen.guests] == [ward.observer]
    assert seen.invited == 1


@pytest.mark.slow
def test_who_books_while_the_talk_moves_ends_at_the_same_time_as_all(ward):
    """Rule B14: whatever comes first, the next run finds what is left."""
    others = [ward.another_observer() for _ in range(3)]
    slots = [ward.slot(mode="auto", host_id=ward.another_host()) for _ in others]
    day = planned(ward, ward.observer, *others)
    book(ward)
    asks = [
        lambda who=who, slot=slot: asking.request(ward.work, ward.as_observer(who), Ask(slot, GOAL))
        for who, slot in zip(others, slots, strict=True)
    ]
    with ward.work.write() as tx:
        tx.db.execute(people.unit.update().values(cap=9))

    with ThreadPoolExecutor(4) as pool:
        moving_it = pool.submit(moved_to, ward, day, start="15:00")
        booked = [pool.submit(ask) for ask in asks]
        moving_it.result()
        shifts = [each.result() for each in booked]
    both = ThreadPoolExecutor(2)
    for run in [both.submit(cohort_talks.settle, ward.work) for _ in range(2)]:
        run.result()
    both.shutdown()

    talks = [talk_of(ward, shift) for shift in shifts]
    assert {talk.starts_at for talk in talks} == {TALK - timedelta(minutes=90)}
    assert {talk.cohort_day_id for talk in talks} == {day}
    assert cohort_talks.settle(ward.work) == 0
