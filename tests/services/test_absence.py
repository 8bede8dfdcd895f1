"""Did not come: who says so and when, the objection, what is counted (D3)."""

import pytest

from shadowing.domain.bookings.states import MoveNotAllowed
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import absence, answering
from shadowing.store import calendar, debriefs
from shadowing.store.tables.availability import slot
from tests import makers
from tests.makers import taken
from tests.services.days import A_DAY, HOUR, MINUTE, PARTS, Day

WHY = "The sheet of the unit shows both of them."


@pytest.fixture
def visit(work):
    return Day(work)


def absent(visit, part="host"):
    return absence.did_not_come(visit.work, visit.actor(part), shift_id=visit.id)


def late_enough(visit):
    return visit.at(visit.shift.starts_at + 30 * MINUTE)


@pytest.mark.parametrize("part", ["host", "backup", "coordinator"])
def test_host_backup_or_coordinator_say_that_nobody_came(visit, part):
    """Rule D3: from half an hour after the start."""
    slot_id = visit.shift.slot_id
    late_enough(visit)
    assert "no-show" in visit.seen(part).moves

    absent(visit, part)

    assert (visit.shift.state, visit.shift.reason) == ("no_show", "absent")
    assert visit.audited()[-1] == (
        "shift.no_show",
        {"coordinator": "coordinator", "backup": "backup"}.get(part, "host"),
        "absent",
    )
    assert visit.told("did-not-happen") == ["observer"]
    assert visit.told("absence-recorded") == ([] if part == "coordinator" else ["coordinator"])
    assert taken(visit.work, slot_id) == 0


def test_not_before_half_an_hour_is_over(visit):
    """Rule D3, to the minute."""
    visit.at(visit.shift.starts_at + 29 * MINUTE)
    assert "no-show" not in visit.seen("host").moves
    with pytest.raises(absence.TooSoonToSay):
        absent(visit)


@pytest.mark.parametrize("part", ["observer", "manager"])
def test_nobody_else_says_so(visit, part):
    late_enough(visit)
    with pytest.raises(NotFound):
        absent(visit, part)


def test_who_is_there_did_come(visit):
    visit.check_in()
    late_enough(visit)
    with pytest.raises(MoveNotAllowed):
        absent(visit)


def test_the_clock_never_says_absent(visit):
    """Rule D3: never by the clock; after a fortnight it is "not recorded"."""
    for days in range(16):
        visit.at(visit.shift.ends_at + days * A_DAY).tick()

    assert (visit.shift.state, visit.shift.reason) == ("no_show", "not_recorded")


def test_the_talk_is_given_up_with_it(visit):
    """Section 6.2: debrief cancelled, the shift itself is past."""
    late_enough(visit)
    absent(visit)
    with visit.work.read() as tx:
        events = calendar.of_shift(tx.db, shift_id=visit.id)
    assert {(each.kind, each.status) for each in events} == {
        ("shift", "CONFIRMED"),
        ("debrief", "CANCELLED"),
    }


def test_the_visitor_objects_within_seven_days_and_the_coordinator_settles(visit):
    """Rules D3 and 6.2: completed with a reason; what was counted is not any more."""
    late_enough(visit)
    absent(visit)
    assert visit.seen("observer").counted.number == 1
    visit.at(visit.shift.starts_at + 7 * A_DAY)
    absence.object_to(visit.work, visit.actor("observer"), shift_id=visit.id)

    assert visit.told("objection") == ["coordinator"]
    assert visit.seen("coordinator").objected
    assert not visit.seen("host").objected, "it is between the visitor and the program"
    with pytest.raises(MoveNotAllowed):
        absence.object_to(visit.work, visit.actor("observer"), shift_id=visit.id)

    absence.took_place(visit.work, visit.actor("coordinator"), shift_id=visit.id, reason=WHY)

    assert (visit.shift.state, visit.shift.reason) == ("completed", "settled")
    assert visit.shift.minutes == 240
    assert visit.seen("observer").counted.number == 0
    assert visit.seen("observer").settled == WHY
    assert visit.seen("host").settled == ""
    assert visit.told("shift-done") == ["observer", "host"]
    assert not visit.seen("coordinator").objected


def test_after_seven_days_nobody_objects_any_more(visit):
    """Rule D3, counted from when it was recorded."""
    late_enough(visit)
    absent(visit)
    visit.at(visit.shift.starts_at + 7 * A_DAY + 30 * MINUTE)
    assert "object" not in visit.seen("observer").moves
    with pytest.raises(MoveNotAllowed):
        absence.object_to(visit.work, visit.actor("observer"), shift_id=visit.id)


def test_the_coordinator_may_let_it_stand_and_says_why(visit):
    late_enough(visit)
    absent(visit)
    absence.object_to(visit.work, visit.actor("observer"), shift_id=visit.id)
    absence.let_stand(visit.work, visit.actor("coordinator"), shift_id=visit.id, reason=WHY)

    assert (visit.shift.state, visit.seen("observer").counted.number) == ("no_show", 1)
    assert visit.told("objection-answered") == ["observer"]
    assert visit.seen("observer").settled == WHY
    assert WHY not in visit.everything_kept(), "the log holds no text (P16)"
    with pytest.raises(MoveNotAllowed):
        absence.let_stand(visit.work, visit.actor("coordinator"), shift_id=visit.id, reason=WHY)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_what_was_recorded_is_settled_with_a_reason_or_not_at_all(visit, reason):
    """Section 6.2."""
    late_enough(visit)
    absent(visit)
    visit.at(visit.shift.ends_at)
    for settle in (absence.took_place, absence.let_stand):
        with pytest.raises(absence.SettleNeedsReason):
            settle(visit.work, visit.actor("coordinator"), shift_id=visit.id, reason=reason)
    assert visit.shift.state == "no_show"


@pytest.mark.parametrize(("after", "may"), [(13, True), (14, False)])
def test_it_is_settled_within_fourteen_days(visit, after, may):
    """Section 6.2."""
    late_enough(visit)
    absent(visit)
    visit.at(visit.shift.starts_at + after * A_DAY + 30 * MINUTE)

    assert ("took-place" in visit.seen("coordinator").moves) is may


@pytest.mark.parametrize("part", [part for part in PARTS if part != "coordinator"])
def test_only_the_coordinator_settles(visit, part):
    late_enough(visit)
    absent(visit)
    visit.at(visit.shift.ends_at)
    with pytest.raises(NotFound):
        absence.took_place(visit.work, visit.actor(part), shift_id=visit.id, reason=WHY)


def test_what_took_place_after_all_has_a_time_for_its_talk_again(visit):
    """Rules F1 and F4: the time that was held is past; another is held, and they can record it."""
    late_enough(visit)
    absent(visit)
    visit.at(visit.shift.ends_at + 5 * A_DAY)
    absence.took_place(visit.work, visit.actor("coordinator"), shift_id=visit.id, reason=WHY)

    with visit.work.read() as tx:
        held = debriefs.find(tx.db, shift_id=visit.id)
    assert held.starts_at > visit.work.clock.now
    assert held.state == "moved"


def test_a_seat_that_was_freed_and_filled_again_is_not_sold_twice(visit):
    """The schema has the last word, and it is worded (B5)."""
    late_enough(visit)
    absent(visit)
    with visit.work.write() as tx:
        tx.db.execute(slot.update().values(taken=1))
    visit.at(visit.shift.ends_at)
    with pytest.raises(MoveNotAllowed):
        absence.took_place(visit.work, visit.actor("coordinator"), shift_id=visit.id, reason=WHY)
    assert visit.shift.state == "no_show"
    assert visit.kept.settled_at is None


def test_absences_and_late_cancels_are_counted_for_visitor_and_program_alone(visit):
    """Rule D3: shown for that cycle, never to hosts; HR sees no shift at all."""
    late_enough(visit)
    absent(visit)
    counts = {part: visit.seen(part).counted for part in PARTS}
    assert counts["observer"].number == counts["coordinator"].number == 1
    assert counts["observer"].cycle == "This cycle"
    assert counts["host"] is counts["backup"] is counts["manager"] is None


def test_a_late_cancel_counts_and_an_early_one_does_not(work):
    """Rule B10."""
    visit = Day(work)
    visit.at(visit.shift.starts_at - 47 * HOUR)
    answering.cancel(work, visit.actor("observer"), shift_id=visit.id)
    assert visit.seen("observer").counted.number == 1


def test_another_cycle_starts_from_nought(visit):
    """Rule D3: for that cycle."""
    late_enough(visit)
    absent(visit)
    visit.at(visit.shift.starts_at + 400 * A_DAY)

    assert visit.seen("observer").counted.number == 0
    assert makers.shifts(visit.work)[0].state == "no_show"
