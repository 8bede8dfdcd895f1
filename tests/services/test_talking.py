"""The talk after a shift: moved, "not yet", dropped; and the coordinator's last look."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.errors import NotFound
from shadowing.domain.followup.debrief import DebriefTooLate, DebriefTooSoon
from shadowing.domain.followup.moves import FollowUpMoveNotAllowed, NotYours
from shadowing.services.bookings import answering, asking, day, debriefing, looking, talking
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.debriefing import NoDebrief
from shadowing.services.bookings.talking import MarkedItYourself, TalkClash
from shadowing.store import debriefs
from shadowing.store.tables import people
from tests.makers import Ward
from tests.services.test_answering import confirmed, events, kinds, over

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


def talk(ward, shift):
    with ward.work.read() as tx:
        return debriefs.find(tx.db, shift_id=shift.id)


def free(ward, shift):
    return talking.times(ward.work, ward.as_host(), shift_id=shift.id).free


def move(ward, shift, start, who=None):
    return talking.move(ward.work, who or ward.as_host(), shift_id=shift.id, start=start)


def ended_after(ward, *, minutes):
    """Let a shift of four hours end after some minutes."""
    shift = confirmed(ward)
    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_observer(), shift_id=shift.id, well="yes")
    ward.work.clock.advance(minutes=minutes)
    return day.check_out(ward.work, ward.as_host(), shift_id=shift.id)


@pytest.mark.parametrize("who", ["as_observer", "as_host", "as_coordinator"])
def test_the_talk_goes_to_a_time_both_have_free_and_both_calendars_follow(ward, who):
    """Section 6.3 ``moved``, rules F1, N2: the same UID, one version later, for both."""
    shift = confirmed(ward)
    before, times = events(ward.work), free(ward, shift)
    assert len(times) == 3

    move(ward, shift, times[1].start, getattr(ward, who)())

    assert (talk(ward, shift).interval, talk(ward, shift).state) == (times[1], "moved")
    for person in (ward.observer, ward.host):
        uid = before[(person, "debrief")][2]
        assert events(ward.work)[(person, "debrief")] == ("CONFIRMED", 1, uid)
        assert events(ward.work)[(person, "shift")][1] == 0


def test_a_time_one_of_them_does_not_have_is_refused(ward):
    """Rule B7, F1: a time both are free."""
    shift = confirmed(ward)
    start = free(ward, shift)[2].start
    other = ward.slot(host_id=ward.another_host(), starts_at=start, minutes=120, mode="auto")
    asking.request(ward.work, ward.as_observer(), Ask(other, GOAL))

    with pytest.raises(TalkClash):
        move(ward, shift, start)


def test_beyond_seven_days_only_a_coordinator_puts_it(ward):
    """Rule F2, section 6.3."""
    shift = confirmed(ward)
    with pytest.raises(DebriefTooSoon):
        move(ward, shift, shift.ends_at - timedelta(minutes=30))
    late = shift.ends_at + timedelta(days=8)
    with pytest.raises(DebriefTooLate):
        move(ward, shift, late)

    move(ward, shift, late, ward.as_coordinator())

    assert talk(ward, shift).starts_at == late


def test_not_yet_is_for_the_other_one_to_say_until_it_closes(ward):
    """Sections 6.2, 6.3: back to the previous state."""
    shift = over(ward)
    debriefing.mark_held(ward.work, ward.as_host(), shift_id=shift.id)
    with pytest.raises(MarkedItYourself):
        talking.not_yet(ward.work, ward.as_host(), shift_id=shift.id)

    back = talking.not_yet(ward.work, ward.as_observer(), shift_id=shift.id)

    assert back.state is State.COMPLETED
    assert talk(ward, shift).state == "held_slot"
    with pytest.raises(MoveNotAllowed):
        talking.not_yet(ward.work, ward.as_observer(), shift_id=shift.id)
    again = debriefing.mark_held(ward.work, ward.as_observer(), shift_id=shift.id)
    assert again.state is State.DEBRIEFED


def test_nobody_but_the_two_drops_a_talk_rule_f5(ward):
    shift = ended_after(ward, minutes=30)

    for other in (ward.as_coordinator(), ward.as_manager()):
        with pytest.raises((NotFound, NotYours)):
            talking.drop(ward.work, other, shift_id=shift.id)
    assert talk(ward, shift).state == "held_slot"


def test_the_talk_of_a_shift_that_ended_early_is_kept_until_somebody_drops_it_rule_f5(ward):
    shift = ended_after(ward, minutes=30)

    assert shift.state is State.ENDED_EARLY
    assert talk(ward, shift).state == "held_slot"
    desk = looking.show(ward.work, ward.as_coordinator(), shift_id=shift.id)
    assert "drop-talk" not in desk.moves
    for who in (ward.as_observer(), ward.as_host()):
        assert "drop-talk" in looking.show(ward.work, who, shift_id=shift.id).moves


@pytest.mark.parametrize("who", ["as_observer", "as_host"])
@pytest.mark.parametrize(("minutes", "drops"), [(59, True), (61, False)])
def test_either_drops_the_talk_of_a_shift_of_which_too_little_was_seen(ward, minutes, drops, who):
    """Rule F5: under 60 minutes of four hours; it counts as waived and no reason is asked."""
    shift = ended_after(ward, minutes=minutes)
    one = getattr(ward, who)()

    if not drops:
        with pytest.raises(FollowUpMoveNotAllowed):
            talking.drop(ward.work, one, shift_id=shift.id)
        return
    dropped = talking.drop(ward.work, one, shift_id=shift.id)
    assert dropped.state is State.DEBRIEFED
    assert talk(ward, shift).state == "waived"
    with pytest.raises(NoDebrief):
        talking.drop(ward.work, one, shift_id=shift.id)


def test_where_the_program_has_a_final_check_its_coordinator_confirms(ward):
    """Section 6.2: ``cleared`` to ``confirmed``, CRD where the program has a final check."""
    with ward.work.write() as tx:
        tx.db.execute(people.program.update().values(final_check=True))
    shift = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    assert shift.state is State.CLEARED
    for who in (ward.as_host(), ward.as_observer(), ward.as_manager()):
        with pytest.raises(NotFound):
            answering.confirm(ward.work, who, shift_id=shift.id)

    done = answering.confirm(ward.work, ward.as_coordinator(), shift_id=shift.id)

    assert done.state is State.CONFIRMED
    assert {status for status, _, _ in events(ward.work).values()} == {"CONFIRMED"}
    assert "invitation" in kinds(ward.work, ward.host)


def test_what_came_between_ends_it_at_the_final_check(ward):
    """Rule B8: ``expired``, ``conflict``."""
    with ward.work.write() as tx:
        tx.db.execute(people.program.update().values(final_check=True))
    shift = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    with ward.work.write() as tx:
        pair = {"one_id": ward.host, "other_id": ward.observer}
        tx.db.execute(people.do_not_pair.insert().values(id=shift.id, **pair))

    ended = answering.confirm(ward.work, ward.as_coordinator(), shift_id=shift.id)

    assert (ended.state, ended.reason) == (State.EXPIRED, "conflict")


@pytest.mark.parametrize("who", ["observer", "host"])
def test_where_a_manager_is_unknown_the_coordinator_confirms(ward, who):
    """Rule P6: "Manager unknown: CRD must confirm"."""
    with ward.work.write() as tx:
        one = people.person.c.id == getattr(ward, who)
        tx.db.execute(people.person.update().where(one).values(manager_unknown=True))
    shift = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    assert shift.state is State.CLEARED

    done = answering.confirm(ward.work, ward.as_coordinator(), shift_id=shift.id)

    assert done.state is State.CONFIRMED
