"""Did it happen? Both are asked, silence settles; the paper sheet; times put right (D4, D10)."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import MoveNotAllowed
from shadowing.domain.errors import BadValue, NotFound
from shadowing.services.bookings import afterwards
from shadowing.services.bookings.recording import Times
from shadowing.store import debriefs
from tests.services.days import A_DAY, HOUR, MINUTE, PARTS, Day


@pytest.fixture
def visit(work):
    visit = Day(work)
    return visit.at(visit.shift.ends_at + 2 * HOUR)


def say(visit, part, word):
    actor, happened = visit.actor(part), word == "yes"
    return afterwards.say(visit.work, actor, shift_id=visit.id, happened=happened)


def enter(visit, part, came, left):
    times = Times(came, left)
    return afterwards.enter(visit.work, visit.actor(part), shift_id=visit.id, times=times)


def correct(visit, part, came, left):
    times = Times(came, left)
    return afterwards.correct(visit.work, visit.actor(part), shift_id=visit.id, times=times)


def test_both_are_asked_once_two_hours_after_the_end(visit):
    """Rule D10, to the minute."""
    visit.at(visit.shift.ends_at + 2 * HOUR - MINUTE).tick()
    assert visit.told("did-it-happen") == []

    visit.at(visit.shift.ends_at + 2 * HOUR).tick()
    visit.tick()

    assert visit.told("did-it-happen") == ["observer", "host"]
    assert "happened" in visit.seen("observer").moves
    assert "happened" in visit.seen("host").moves
    assert "happened" not in visit.seen("manager").moves


def test_who_has_said_so_already_is_not_asked(visit):
    visit.at(visit.shift.ends_at + MINUTE)
    say(visit, "host", "yes")
    visit.at(visit.shift.ends_at + 2 * HOUR).tick()

    assert visit.told("did-it-happen") == ["observer"]


def test_nobody_is_asked_about_a_shift_that_was_recorded(work):
    visit = Day(work)
    visit.check_in()
    visit.at(visit.shift.ends_at).check_out()
    visit.at(visit.shift.ends_at + 3 * HOUR).tick()

    assert visit.told("did-it-happen") == []


@pytest.mark.parametrize("order", [("observer", "host"), ("host", "observer")])
def test_two_yes_and_it_took_place_as_planned(visit, order):
    """Rule D10: completed with planned times, marked "afterwards"."""
    say(visit, order[0], "yes")
    assert visit.shift.state == "confirmed"
    say(visit, order[1], "yes")

    row = visit.shift
    assert (row.state, row.reason, row.minutes) == ("completed", "afterwards", 240)
    assert (row.checked_in_at, row.checked_out_at) == (row.starts_at, row.ends_at)
    assert ("shift.completed", order[1], "afterwards") in visit.audited()


@pytest.mark.parametrize("part", ["observer", "host"])
def test_one_yes_and_three_days_of_silence_are_enough(visit, part):
    """Rule D10: 72 hours."""
    say(visit, part, "yes")
    visit.at(visit.shift.ends_at + 2 * HOUR + 72 * HOUR - MINUTE).tick()
    assert visit.shift.state == "confirmed"

    visit.at(visit.shift.ends_at + 2 * HOUR + 72 * HOUR).tick()

    assert (visit.shift.state, visit.shift.reason) == ("completed", "afterwards")
    assert ("shift.completed", "clock", "afterwards") in visit.audited()


@pytest.mark.parametrize("observer", [None, "yes", "no"])
def test_a_hosts_no_is_an_absence(visit, observer):
    """Rule D10: whatever the visitor said; they may object (D3)."""
    if observer is not None:
        say(visit, "observer", observer)
    say(visit, "host", "no")

    assert (visit.shift.state, visit.shift.reason) == ("no_show", "absent")
    assert "object" in visit.seen("observer").moves


def test_a_visitors_no_settles_nothing_and_may_be_taken_back(visit):
    """Rule D10 names a host's no alone: nobody is absent by their own word."""
    say(visit, "observer", "no")
    visit.at(visit.shift.ends_at + 4 * A_DAY).tick()
    assert visit.shift.state == "confirmed"
    assert visit.seen("observer").said is False

    say(visit, "observer", "yes")
    say(visit, "host", "yes")

    assert visit.shift.state == "completed"


def test_neither_learns_what_the_other_said_before_they_said_something(visit):
    say(visit, "host", "yes")
    assert visit.seen("observer").other_said is None
    assert visit.seen("coordinator").other_said is True
    say(visit, "observer", "no")

    assert visit.seen("observer").other_said is True
    assert visit.seen("host").other_said is False


@pytest.mark.parametrize("observer", [None, "no"])
def test_after_a_fortnight_it_is_not_recorded_and_counted_for_nobody(visit, observer):
    """Rule D10."""
    visit.tick()
    if observer is not None:
        say(visit, "observer", observer)
    visit.at(visit.shift.ends_at + 14 * A_DAY - MINUTE).tick()
    assert visit.shift.state == "confirmed"

    visit.at(visit.shift.ends_at + 14 * A_DAY).tick()

    assert (visit.shift.state, visit.shift.reason) == ("no_show", "not_recorded")
    assert visit.audited()[-1] == ("shift.no_show", "clock", "not_recorded")
    assert visit.seen("observer").counted.number == 0
    assert visit.tick() == 0


def test_nobody_says_so_before_the_end_or_after_a_fortnight(work):
    visit = Day(work)
    for instant in (visit.shift.ends_at - MINUTE, visit.shift.ends_at + 14 * A_DAY):
        visit.at(instant)
        assert "happened" not in visit.seen("host").moves
        with pytest.raises(MoveNotAllowed):
            say(visit, "host", "yes")


@pytest.mark.parametrize("part", ["manager", "coordinator"])
def test_unit_or_coordinator_enter_the_paper_sheet(visit, part):
    """Rule D10: with its times; 9:00 am to 1:00 pm is the plan, in Chicago."""
    enter(visit, part, "09:20", "12:45")

    row = visit.shift
    assert (row.state, row.reason, row.minutes) == ("completed", "paper", 205)
    assert row.checked_in_at == row.starts_at + 20 * MINUTE
    assert sorted(visit.told("shift-done")) == ["host", "observer"]


@pytest.mark.parametrize("part", ["observer", "host", "backup"])
def test_nobody_else_enters_it(visit, part):
    with pytest.raises(NotFound):
        enter(visit, part, "09:00", "13:00")


@pytest.mark.parametrize(
    ("came", "left", "field"),
    [
        ("08:29", "12:00", "came"),
        ("13:00", "13:30", "came"),
        ("09:00", "14:01", "left"),
        ("09:00", "08:00", "left"),
        ("25:00", "13:00", "came"),
        ("09:00", "nine", "left"),
    ],
)
def test_times_that_cannot_be_are_refused_with_the_field(visit, came, left, field):
    """Rules D1, D4: from half an hour before to an hour after."""
    visit.at(visit.shift.ends_at + A_DAY)
    with pytest.raises(BadValue) as refused:
        enter(visit, "manager", came, left)
    assert refused.value.facts["field"] == field
    assert visit.shift.state == "confirmed"


def test_a_sheet_is_entered_within_a_fortnight(visit):
    visit.at(visit.shift.ends_at + 14 * A_DAY)
    with pytest.raises(MoveNotAllowed):
        enter(visit, "manager", "09:00", "13:00")


def test_a_night_is_read_across_midnight_and_the_change_of_clocks(work):
    """Rule A5: hours are elapsed time; in the night to March 14 clocks go forward in Chicago."""
    visit = Day(work)
    start = visit.shift.starts_at.replace(month=3, day=14, hour=1, minute=0)
    visit.set(starts_at=start, ends_at=start + timedelta(hours=12))
    visit.at(start + 3 * A_DAY)
    enter(visit, "manager", "19:30", "07:00")

    assert visit.shift.minutes == 11 * 60 + 30 - 60


def completed(work):
    visit = Day(work)
    visit.check_in()
    visit.at(visit.shift.ends_at + HOUR).tick()
    assert visit.shift.automatic
    return visit


@pytest.mark.parametrize(
    ("part", "told"),
    [("observer", ["host"]), ("host", ["observer"]), ("coordinator", ["observer", "host"])],
)
def test_times_are_put_right_within_a_week_and_the_other_is_told(work, part, told):
    """Rule D4: by the two or the coordinator; the log holds numbers."""
    visit = completed(work)
    visit.at(visit.shift.ends_at + 7 * A_DAY - MINUTE)
    correct(visit, part, "09:00", "12:10")

    row = visit.shift
    assert (row.state, row.minutes, row.automatic) == ("completed", 190, False)
    assert visit.told("times-corrected") == told
    assert visit.audited()[-1][0] == "shift.times_corrected"


def test_after_a_week_times_stand(work):
    visit = completed(work)
    visit.at(visit.shift.ends_at + 7 * A_DAY)
    assert "correct" not in visit.seen("host").moves
    with pytest.raises(MoveNotAllowed):
        correct(visit, "host", "09:00", "12:00")


@pytest.mark.parametrize("part", [part for part in PARTS if part in {"backup", "manager"}])
def test_nobody_else_puts_times_right(work, part):
    visit = completed(work)
    with pytest.raises(NotFound):
        correct(visit, part, "09:00", "12:00")


def test_a_time_to_come_is_no_time_to_have_left(work):
    visit = Day(work)
    visit.check_in()
    visit.at(visit.shift.starts_at + HOUR).check_out()
    with pytest.raises(BadValue) as refused:
        correct(visit, "host", "09:00", "11:00")
    assert refused.value.facts["problem"] == "not_yet"


def test_a_talk_whose_time_has_passed_is_held_again(visit):
    """Rule F1: the two answer after the time that was held for it."""
    with visit.work.read() as tx:
        held = debriefs.find(tx.db, shift_id=visit.id)
    visit.at(held.ends_at + 30 * MINUTE)
    say(visit, "host", "yes")
    say(visit, "observer", "yes")

    with visit.work.read() as tx:
        again = debriefs.find(tx.db, shift_id=visit.id)
    assert again.starts_at > visit.work.clock.now
    assert ("debrief.moved", "clock", "") in visit.audited()
