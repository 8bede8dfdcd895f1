"""Pauses and what patients preferred: numbers, and nothing that says who, when or why (D6, D8)."""

import pytest

from shadowing.domain.bookings.states import MoveNotAllowed
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import stepping
from shadowing.store import retention
from tests.services.days import A_DAY, MINUTE, PARTS, Day


@pytest.fixture
def visit(work):
    visit = Day(work)
    visit.check_in()
    return visit


def pause(visit, part="host"):
    return stepping.pause(visit.work, visit.actor(part), shift_id=visit.id)


def resume(visit, part="host"):
    return stepping.resume(visit.work, visit.actor(part), shift_id=visit.id)


@pytest.mark.parametrize("part", ["observer", "host", "backup"])
def test_either_pauses_with_one_tap_and_only_a_number_is_kept(visit, part):
    """Rule D6."""
    before = visit.everything_kept()
    for _ in range(2):
        pause(visit, part)
        assert visit.seen("host").outside
        resume(visit, part)
        assert not visit.seen("host").outside

    assert visit.kept.pauses == 2
    assert visit.everything_kept() == before, "no entry and no letter says when, or by whom"


def test_two_who_tap_at_once_make_one_pause(visit):
    """Rule D6: both see the same patient wave."""
    pause(visit, "host")
    pause(visit, "observer")

    assert visit.kept.pauses == 1


@pytest.mark.parametrize("part", PARTS)
def test_the_counts_are_for_host_unit_and_program(visit, part):
    """Section 8.1, "Patient pauses, preferred not, asked yes/no": the observer not."""
    pause(visit)
    stepping.preferred_not(visit.work, visit.actor("host"), shift_id=visit.id, more=1)
    stepping.asked_each(visit.work, visit.actor("host"), shift_id=visit.id, each="yes")

    counts = visit.seen(part).counts

    if part == "observer":
        assert counts is None
    else:
        assert (counts.pauses, counts.patients_asked, counts.preferred_not) == (1, True, 1)


@pytest.mark.parametrize("part", ["manager", "coordinator"])
def test_nobody_else_pauses(visit, part):
    with pytest.raises(NotFound):
        pause(visit, part)
    assert "pause" not in visit.seen(part).moves


@pytest.mark.parametrize("part", ["observer", "manager", "coordinator"])
def test_only_the_host_says_how_patients_were_asked(visit, part):
    """Rule D8."""
    for each in (
        lambda: stepping.asked_each(visit.work, visit.actor(part), shift_id=visit.id, each="no"),
        lambda: stepping.preferred_not(visit.work, visit.actor(part), shift_id=visit.id, more=1),
    ):
        with pytest.raises(NotFound):
            each()
    assert visit.kept.patients_asked is None


def test_of_patients_a_yes_or_no_and_a_number_are_kept_and_no_more(visit):
    """Rule D8: never who, never why."""
    before = visit.everything_kept()
    host = visit.actor("host")
    for more in (1, 1, -1, -1, -1):
        stepping.preferred_not(visit.work, host, shift_id=visit.id, more=more)
    assert visit.kept.preferred_not == 0, "never below nought"
    stepping.preferred_not(visit.work, host, shift_id=visit.id, more=200)
    assert visit.kept.preferred_not == stepping.MOST
    stepping.asked_each(visit.work, host, shift_id=visit.id, each="no")

    assert visit.kept.patients_asked is False
    assert visit.everything_kept() == before


def test_when_the_shift_is_over_nobody_is_outside_any_more(visit):
    pause(visit)
    visit.at(visit.shift.ends_at).check_out()

    assert not visit.kept.outside
    with pytest.raises(MoveNotAllowed):
        pause(visit)


def test_how_patients_were_asked_may_be_said_for_a_week(visit):
    visit.at(visit.shift.ends_at).check_out()
    assert "patients" in visit.seen("host").moves
    visit.at(visit.shift.ends_at + 7 * A_DAY - MINUTE)
    stepping.asked_each(visit.work, visit.actor("host"), shift_id=visit.id, each="yes")
    visit.at(visit.shift.ends_at + 7 * A_DAY)

    assert "patients" not in visit.seen("host").moves
    with pytest.raises(MoveNotAllowed):
        stepping.asked_each(visit.work, visit.actor("host"), shift_id=visit.id, each="no")


def test_the_numbers_go_after_ninety_days(visit):
    """Section 8.3."""
    pause(visit)
    stepping.preferred_not(visit.work, visit.actor("host"), shift_id=visit.id, more=1)
    visit.at(visit.shift.ends_at).check_out()
    with visit.work.write() as tx:
        retention.forget(tx.db, at=visit.shift.ends_at + 89 * A_DAY)
    assert visit.kept.pauses == 1

    with visit.work.write() as tx:
        retention.forget(tx.db, at=visit.shift.ends_at + 91 * A_DAY)

    assert (visit.kept.pauses, visit.kept.preferred_not, visit.kept.patients_asked) == (0, 0, None)
    visit.at(visit.shift.ends_at + 91 * A_DAY)
    assert visit.seen("host").counts is None, "a nought would say what nobody knows any more"
