"""Check-in, check-out, ending early, not well: by any of the five (D1, D2, D4, D5)."""

import pytest

from shadowing.domain.bookings.day import EndCode
from shadowing.domain.bookings.states import MoveNotAllowed
from shadowing.domain.errors import BadValue, NotFound
from shadowing.services import participation
from shadowing.services.bookings import answering, asking, day, looking
from shadowing.services.bookings.asking import Ask
from shadowing.store import calendar
from shadowing.store.tables.people import organization
from tests import makers
from tests.makers import taken
from tests.services.days import GOAL, HOUR, MINUTE, PARTS, Day


@pytest.fixture
def visit(work):
    return Day(work)


@pytest.mark.parametrize("part", PARTS)
def test_any_of_the_five_checks_in_and_out(visit, part):
    """Rules D1, D4."""
    visit.check_in(part)
    assert visit.shift.state == "checked_in"
    assert visit.shift.checked_in_by_id == visit.people[part]
    assert ("shift.checked_in", PARTS[part] if part != "backup" else "backup") in [
        line[:2] for line in visit.audited()
    ]

    visit.at(visit.shift.ends_at).check_out(part)

    assert visit.shift.state == "completed"
    assert visit.shift.minutes == 240


@pytest.mark.parametrize(
    ("part", "told"), [("observer", ["host"]), ("host", ["observer"]), ("manager", None)]
)
def test_the_first_tap_counts_and_the_other_is_told(visit, part, told):
    """Rule D1: of two taps the first; hours run from it."""
    visit.at(visit.shift.starts_at + 10 * MINUTE).check_in(part)
    first = visit.shift.checked_in_at
    visit.at(visit.shift.starts_at + 20 * MINUTE)
    with pytest.raises(MoveNotAllowed):
        visit.check_in("coordinator")

    assert visit.shift.checked_in_at == first
    assert sorted(visit.told("checked-in")) == (told or ["host", "observer"])


def test_check_in_opens_half_an_hour_before_and_ends_with_the_planned_end(visit):
    """Rule D1, to the minute."""
    starts, ends = visit.shift.starts_at, visit.shift.ends_at
    visit.at(starts - 31 * MINUTE)
    with pytest.raises(day.TooEarly):
        visit.check_in()
    visit.at(ends)
    with pytest.raises(day.TooLate):
        visit.check_in()

    visit.at(ends - MINUTE).check_in()

    assert visit.shift.state == "checked_in"


def test_a_program_opens_check_in_when_it_likes(work):
    """Section 2.5: the value is a setting, and no number in the code."""
    visit = Day(work)
    with work.write() as tx:
        tx.db.execute(organization.update().values(settings={"checkin_opens": 60}))
    visit.at(visit.shift.starts_at - 59 * MINUTE).check_in()

    assert visit.shift.state == "checked_in"


@pytest.mark.parametrize("part", PARTS)
def test_nobody_is_checked_in_who_is_not_well(visit, part):
    """Rule D2: ticked by the visitor, or asked by who checks them in; the log says which."""
    with pytest.raises(day.NotWell):
        visit.check_in(part, well="")
    assert visit.shift.state == "confirmed"

    visit.check_in(part)

    code = "well" if part == "observer" else "asked_well"
    assert [line[2] for line in visit.audited() if line[0] == "shift.checked_in"] == [code]


@pytest.mark.parametrize(
    ("part", "kept"),
    [("host", True), ("backup", True), ("manager", True), ("observer", False)],
)
def test_an_id_that_was_seen_is_kept_and_nobody_sees_their_own(visit, part, kept):
    """Rule D2: a photo ID warns, no more; it is on record for this shift alone."""
    visit.check_in(part, id_seen=True)

    assert visit.seen("host").id_seen is kept
    assert visit.seen("observer").id_seen is None


def test_without_an_id_one_comes_in_all_the_same_and_it_may_be_seen_later(visit):
    """Rule D2: ID: warn."""
    visit.check_in("observer")
    assert visit.seen("host").id_seen is False
    assert "id-seen" in visit.seen("host").moves
    assert "id-seen" not in visit.seen("observer").moves
    with pytest.raises(MoveNotAllowed):
        day.id_was_seen(visit.work, visit.actor("observer"), shift_id=visit.id)

    day.id_was_seen(visit.work, visit.actor("host"), shift_id=visit.id)

    assert visit.seen("manager").id_seen is True
    assert "id-seen" not in visit.seen("host").moves


@pytest.mark.parametrize(
    ("part", "state"),
    [
        ("observer", "cancelled_by_observer"),
        ("host", "clinical_override"),
        ("manager", "clinical_override"),
        ("coordinator", "clinical_override"),
    ],
)
def test_not_well_calls_it_off_in_one_tap_and_is_never_late(visit, part, state):
    """Rule D2: half an hour before, and yet not counted."""
    slot_id = visit.shift.slot_id
    visit.at(visit.shift.starts_at - 20 * MINUTE)
    assert "not-well" in visit.seen(part).moves

    day.not_well(visit.work, visit.actor(part), shift_id=visit.id)

    assert (visit.shift.state, visit.shift.late, visit.shift.reason) == (state, False, "unwell")
    assert visit.seen("observer").counted.number == 0
    assert taken(visit.work, slot_id) == 0


def test_that_somebody_is_not_well_is_told_neutrally(visit):
    """Rule D2: the coordinator and the host hear that it is off; the code is the program's."""
    day.not_well(visit.work, visit.actor("observer"), shift_id=visit.id)

    assert visit.told("cancelled-by-visitor") == ["host", "backup", "manager"]
    assert visit.told("called-off") == ["coordinator"]

    def codes(part):
        view = looking.show(visit.work, visit.actor(part), shift_id=visit.id)
        return [line.code for line in view.timeline]

    assert "unwell" in codes("coordinator")
    assert "unwell" in codes("observer")
    assert "unwell" not in codes("host")
    assert "unwell" not in codes("manager")


def test_not_well_is_for_a_shift_that_is_near_and_not_begun(visit):
    visit.at(visit.shift.starts_at - 49 * HOUR)
    assert "not-well" not in visit.seen("observer").moves
    visit.at(visit.shift.starts_at).check_in()
    with pytest.raises(MoveNotAllowed):
        day.not_well(visit.work, visit.actor("observer"), shift_id=visit.id)
    assert "not-well" not in visit.seen("observer").moves


@pytest.mark.parametrize(
    ("minutes_early", "state"), [(16, "ended_early"), (15, "completed"), (-30, "completed")]
)
def test_more_than_a_quarter_of_an_hour_early_is_ended_early(visit, minutes_early, state):
    """Rule D5, to the minute."""
    visit.check_in()
    visit.at(visit.shift.ends_at - minutes_early * MINUTE).check_out("observer")

    assert visit.shift.state == state


@pytest.mark.parametrize("code", ["", *EndCode])
def test_an_early_end_has_a_code_if_anybody_likes_and_counts_against_nobody(visit, code):
    """Rule D5: a code, no text; never counted."""
    visit.check_in()
    visit.at(visit.shift.starts_at + 90 * MINUTE).check_out("host", code=code)

    assert (visit.shift.state, visit.shift.reason) == ("ended_early", code)
    assert visit.audited()[-1] == ("shift.ended_early", "host", code)
    assert visit.seen("observer").counted.number == 0
    assert visit.shift.minutes == 90
    assert visit.told("ended-early") == ["observer", "manager"]


def test_of_an_end_in_time_no_code_is_kept(visit):
    """Rule D5: the code is for an early end."""
    visit.check_in()
    visit.at(visit.shift.ends_at).check_out("host", code="called_away")

    assert (visit.shift.state, visit.shift.reason) == ("completed", "")


@pytest.mark.parametrize("code", ["because he was rude", "CARE", " "])
def test_a_code_is_one_of_the_list(visit, code):
    """Rule D5: no free text."""
    visit.check_in()
    with pytest.raises(BadValue):
        visit.check_out(code=code)
    assert visit.shift.state == "checked_in"


@pytest.mark.parametrize("part", ["host", "backup", "manager", "coordinator"])
def test_a_stop_for_care_during_the_shift_ends_it_early_to_the_last_minute(visit, part):
    """Section 6.2: stored as ended early with the code care, so that hours and talk survive."""
    visit.check_in()
    visit.at(visit.shift.ends_at - MINUTE).check_out(part, code="care")

    assert (visit.shift.state, visit.shift.reason) == ("ended_early", "care")
    assert visit.shift.minutes == 239


@pytest.mark.parametrize(("minutes", "counts"), [(59, False), (60, True)])
def test_an_hour_counts_as_a_shift_and_hours_are_as_they_were(visit, minutes, counts):
    """Rule D5."""
    visit.check_in()
    visit.at(visit.shift.starts_at + minutes * MINUTE).check_out()
    hr = makers.person(visit.work, visit.ward.organization, roles=("hr",))

    records = participation.records(visit.work, makers.actor(visit.work, hr, "hr"), raw={})

    assert {(each.minutes, each.counts) for each in records} == {(minutes, counts)}


def test_an_early_end_keeps_the_talk(visit):
    """Rule F5."""
    visit.check_in()
    visit.at(visit.shift.starts_at + 90 * MINUTE).check_out()
    with visit.work.read() as tx:
        events = calendar.of_shift(tx.db, shift_id=visit.id)
    assert {(each.kind, each.status) for each in events} == {
        ("shift", "CONFIRMED"),
        ("debrief", "CONFIRMED"),
    }


def test_who_is_never_checked_out_is_at_the_planned_end_and_it_says_so(visit):
    """Rule D4: an hour after the planned end, at the planned end."""
    visit.at(visit.shift.starts_at + 10 * MINUTE).check_in()
    visit.at(visit.shift.ends_at + 59 * MINUTE).tick()
    assert visit.shift.state == "checked_in"

    visit.at(visit.shift.ends_at + 60 * MINUTE).tick()

    assert visit.shift.state == "completed"
    assert (visit.shift.automatic, visit.shift.minutes) == (True, 230)
    assert visit.shift.checked_out_at == visit.shift.ends_at
    assert visit.audited()[-1] == ("shift.completed", "clock", "auto_check_out")
    assert visit.tick() == 0


@pytest.mark.parametrize("part", ["observer", "host"])
def test_a_stranger_taps_nothing(visit, part):
    """Rule P1."""
    other = makers.person(visit.work, visit.ward.organization, roles=(PARTS[part],))
    actor = makers.actor(visit.work, other, PARTS[part])
    for tap in (
        lambda: day.check_in(visit.work, actor, shift_id=visit.id, well="yes"),
        lambda: day.check_out(visit.work, actor, shift_id=visit.id),
        lambda: day.not_well(visit.work, actor, shift_id=visit.id),
    ):
        with pytest.raises(NotFound):
            tap()


def test_a_backup_knows_of_it_from_its_confirmation(work):
    """Section 6.2: the backup is told when it is confirmed, and not before."""
    visit = Day(work, auto_approve=False, sensitivity="S2")
    assert visit.shift.state == "host_accepted"
    with pytest.raises(NotFound):
        visit.seen("backup")

    visit.at(visit.shift.requested_at)
    answering.approve(work, visit.actor("manager"), shift_id=visit.id)
    visit.set(backup_id=visit.backup)
    assert "pause" not in visit.seen("backup").moves

    assert visit.shift.state == "confirmed"


def test_a_shift_that_waits_has_no_day(work):
    visit = Day(work)
    ask = Ask(visit.ward.slot(starts_at=visit.shift.ends_at + 30 * 24 * HOUR), GOAL)
    waiting = asking.request(work, visit.ward.as_observer(visit.ward.another_observer()), ask)
    with pytest.raises(MoveNotAllowed):
        day.check_in(work, visit.actor("host"), shift_id=waiting.id, well="yes")
