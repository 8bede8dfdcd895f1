"""Clearance that is ticked, lapses and comes back, and what becomes of shifts. Rules C4 to C7."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from shadowing.domain.bookings.states import MoveNotAllowed, State
from shadowing.domain.clearance.evidence import State as Credential
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import answering, asking, clock, day, lapsing, looking, readiness
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.readiness import NotClearedNow, NotReady
from shadowing.store.tables import bookings, people
from shadowing.store.tables.clearance import recheck
from tests import makers
from tests.clearances import (
    events_of,
    lapse,
    moves_of,
    on_record,
    put,
    restore,
    state_of,
    told,
    words,
)
from tests.makers import CLEARED, Ward

GOAL = "See what a nurse waits for."
HOUR = timedelta(hours=1)
BUT_COND = tuple(code for code in CLEARED if code not in {"COND", "CONF"})


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def booked(work, ward):
    """Book a shift that is confirmed at once, fourteen days ahead."""
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    assert shift.state is State.CONFIRMED
    return shift


def newcomer(work, ward, codes=BUT_COND, **more):
    return makers.cleared(work, makers.person(work, ward.organization, **more), codes=codes)


def ask_as(work, ward, person, *codes, slot_id=None):
    slot_id = slot_id or ward.slot(mode="auto", host_id=ward.another_host())
    return asking.request(work, ward.as_observer(person), Ask(slot_id, GOAL, agreed=words(*codes)))


# ------------------------------------------------------------------ ticks on the way


def test_one_press_confirms_somebody_who_ticked_the_rules_on_the_way_rule_c7(work, ward):
    person = newcomer(work, ward)

    shift = ask_as(work, ward, person, "COND", "CONF")

    assert shift.state is State.CONFIRMED
    for code in ("COND", "CONF"):
        held = on_record(work, person, code)
        assert (held.state, held.text_version) == (Credential.VALID, words(code)[code])
        assert held.done_on == date(2027, 3, 8)
        assert moves_of(work, held.id) == [("valid", "self", code)]


def test_without_the_tick_it_waits_for_clearance_rule_c5(work, ward):
    shift = ask_as(work, ward, newcomer(work, ward), "COND")

    assert shift.state is State.UNIT_APPROVED


def test_words_that_changed_meanwhile_are_not_agreed_to_rule_c7(work, ward):
    person = newcomer(work, ward)
    stale = {"COND": "0" * 16, **words("CONF")}
    ask = Ask(ward.slot(mode="auto"), GOAL, agreed=stale)

    shift = asking.request(work, ward.as_observer(person), ask)

    assert shift.state is State.UNIT_APPROVED
    assert on_record(work, person, "COND").state is Credential.MISSING
    assert on_record(work, person, "CONF").state is Credential.VALID


def test_what_has_to_be_shown_is_never_ticked_rule_c7(work, ward):
    person = newcomer(work, ward, codes=CLEARED[1:])
    ask = Ask(ward.slot(mode="auto"), GOAL, agreed={"HIPAA": ""})

    assert asking.request(work, ward.as_observer(person), ask).state is State.UNIT_APPROVED
    assert on_record(work, person, "HIPAA").state is Credential.MISSING


def test_a_tick_for_a_shift_in_the_next_cycle_holds_to_the_end_of_that(work, ward):
    with work.write() as tx:
        tx.db.execute(update(people.cycle).values(ends_on=date(2027, 3, 15)))
    following = {"code": "next", "label": "Next", "state": "open"}
    first, last = date(2027, 3, 16), date(2027, 6, 30)
    makers.add(
        work,
        people.cycle,
        program_id=ward.program,
        starts_on=first,
        ends_on=last,
        **following,
    )
    person = newcomer(work, ward)

    assert ask_as(work, ward, person, "COND", "CONF").state is State.CONFIRMED
    assert on_record(work, person, "COND").valid_to == last


# ------------------------------------------------------------------ lapses and comes back


def test_a_lapse_before_the_deadline_holds_the_shift_back_rule_c6(work, ward, booked):
    lapse(work, ward.observer)

    assert clock.run(work) == 1

    assert state_of(work, booked.id) == State.UNIT_APPROVED
    assert moves_of(work, booked.id)[-1] == ("unit_approved", "clock", "clearance_lapsed HIPAA")
    assert events_of(work, booked.id) == {("TENTATIVE", 1)}
    waiting = told(work, "waiting-for-clearance")
    assert {who for who, _ in waiting} == {ward.observer, ward.host, ward.manager}


def test_only_the_observer_reads_what_is_missing_rule_c6(work, ward, booked):
    lapse(work, ward.observer)
    clock.run(work)

    mine = looking.show(work, ward.as_observer(), shift_id=booked.id)
    theirs = [
        looking.show(work, actor, shift_id=booked.id)
        for actor in (ward.as_host(), ward.as_manager())
    ]

    assert [lack.code for lack in mine.missing] == ["HIPAA"]
    assert [view.missing for view in theirs] == [(), ()]


def test_restored_it_is_confirmed_again_and_nobody_is_asked_anew_rule_c6(work, ward, booked):
    lapse(work, ward.observer)
    clock.run(work)
    with work.write() as tx:
        tx.db.execute(update(people.person).values(max_per_month=0))
        tx.db.execute(update(people.program).values(final_check=True))
        tx.db.execute(update(people.unit).values(auto_approve=False))

    restore(work, ward.observer)
    assert clock.run(work) == 1

    assert state_of(work, booked.id) == State.CONFIRMED
    assert moves_of(work, booked.id)[-1] == ("confirmed", "clock", "clearance_restored")
    assert events_of(work, booked.id) == {("CONFIRMED", 2)}


def test_restored_with_a_new_line_between_them_it_is_released_rules_b8_and_p6(work, ward, booked):
    lapse(work, ward.observer)
    clock.run(work)
    with work.write() as tx:
        above = people.person.update().where(people.person.c.id == ward.host)
        tx.db.execute(above.values(manager_id=ward.observer))

    restore(work, ward.observer)
    clock.run(work)

    assert moves_of(work, booked.id)[-1] == ("expired", "clock", "conflict")


def test_a_lapse_after_the_deadline_changes_nothing_until_check_in_rule_c6(work, ward, booked):
    work.clock.now = booked.starts_at - 23 * HOUR
    lapse(work, ward.observer)
    clock.run(work)
    assert state_of(work, booked.id) == State.CONFIRMED

    work.clock.now = booked.starts_at
    with pytest.raises(NotReady) as refused:
        day.check_in(work, ward.as_observer(), shift_id=booked.id, well="yes")
    assert refused.value.facts == {"missing": ("Privacy training",)}
    for actor in (ward.as_host(), ward.as_manager()):
        with pytest.raises(NotClearedNow) as kept:
            day.check_in(work, actor, shift_id=booked.id, well="yes")
        assert "missing" not in kept.value.facts


def test_what_cannot_begin_is_released_half_an_hour_after_its_start_rule_c6(work, ward, booked):
    work.clock.now = booked.starts_at - 23 * HOUR
    lapse(work, ward.observer)
    work.clock.now = booked.starts_at + timedelta(minutes=29)
    clock.run(work)
    assert state_of(work, booked.id) == State.CONFIRMED

    work.clock.now = booked.starts_at + timedelta(minutes=30)
    clock.run(work)

    with work.read() as tx:
        row = tx.db.execute(select(bookings.shift)).one()
    assert (row.state, row.reason, row.late) == ("expired", "clearance", False)
    assert (ward.observer, "not-available") in told(work)


@pytest.mark.parametrize("minutes", [10, 60])
def test_when_it_is_released_is_for_the_program_to_say_rule_c6(work, ward, booked, minutes):
    with work.write() as tx:
        tx.db.execute(update(people.organization).values(settings={"noshow_after": minutes}))
    work.clock.now = booked.starts_at - 23 * HOUR
    lapse(work, ward.observer)
    work.clock.now = booked.starts_at + timedelta(minutes=minutes - 1)
    clock.run(work)
    assert state_of(work, booked.id) == State.CONFIRMED

    work.clock.now = booked.starts_at + timedelta(minutes=minutes)
    clock.run(work)

    assert state_of(work, booked.id) == State.EXPIRED


def test_days_before_is_a_deadline_like_any_other_rule_c5(work, ward, booked):
    """A program may set more than the day that we ship."""
    with work.write() as tx:
        settings = {"clearance_deadline_hours": 120}
        tx.db.execute(update(people.program).values(settings=settings))
    lapse(work, ward.observer)
    work.clock.now = booked.starts_at - 121 * HOUR
    clock.run(work)
    assert state_of(work, booked.id) == State.UNIT_APPROVED

    work.clock.now = booked.starts_at - 120 * HOUR
    clock.run(work)

    assert moves_of(work, booked.id)[-1] == ("expired", "clock", "clearance")


def test_a_cleared_visitor_who_is_late_keeps_the_shift_rule_d1(work, booked):
    work.clock.now = booked.starts_at + HOUR
    clock.run(work)

    assert state_of(work, booked.id) == State.CONFIRMED


def test_restored_in_time_for_check_in_it_begins_rule_c6(work, ward, booked):
    work.clock.now = booked.starts_at - 23 * HOUR
    lapse(work, ward.observer)
    restore(work, ward.observer)
    work.clock.now = booked.starts_at

    assert day.check_in(work, ward.as_host(), shift_id=booked.id, well="yes")


@pytest.mark.parametrize("final_check", [False, True])
def test_what_is_not_cleared_by_the_deadline_is_released_rule_c5(work, ward, booked, final_check):
    with work.write() as tx:
        tx.db.execute(update(people.program).values(final_check=final_check))
        if final_check:
            tx.db.execute(update(bookings.shift).values(state="cleared"))
    lapse(work, ward.observer)
    work.clock.now = booked.starts_at - 25 * HOUR
    clock.run(work)
    assert state_of(work, booked.id) in {"unit_approved", "cleared"}

    work.clock.now = booked.starts_at - 24 * HOUR
    clock.run(work)

    assert moves_of(work, booked.id)[-1] == ("expired", "clock", "clearance")


def test_a_claim_alone_moves_nothing(work, ward):
    clock.run(work)
    put(work, ward.observer, "HIPAA", rejected="not_found")

    with work.read() as tx:
        assert tx.db.execute(select(recheck)).all() == []
    assert clock.run(work) == 0


# ------------------------------------------------------------------ nobody waits for a stuck one


def test_one_who_cannot_be_looked_at_holds_up_nobody(work, ward, booked, caplog):
    """Each in a transaction of their own; who fails waits longer each time."""
    broken = Ward(work)
    stuck = asking.request(work, broken.as_observer(), Ask(broken.slot(mode="auto"), GOAL))
    clock.run(work)
    with work.write() as tx:
        other = people.unit.c.id == broken.unit
        tx.db.execute(update(people.unit).where(other).values(kind="NOWHERE"))
    lapse(work, broken.observer)
    lapse(work, ward.observer)

    assert lapsing.run(work) == 1

    assert state_of(work, booked.id) == State.UNIT_APPROVED
    assert state_of(work, stuck.id) == State.CONFIRMED
    assert "could not be looked at again" in caplog.text
    with work.read() as tx:
        left = tx.db.execute(select(recheck)).one()
    assert (left.person_id, left.tries) == (broken.observer, 1)
    assert left.due_at > work.clock.now


def test_every_night_all_who_have_a_shift_ahead_are_looked_at_rule_c6(work, booked):
    """A season or a cycle may begin with no change on record."""
    clock.run(work)
    with work.write() as tx:
        late = {"ends_on": booked.local_date - timedelta(days=1)}
        tx.db.execute(update(people.cycle).values(**late))
        tx.db.execute(update(people.credential).values(valid_to=late["ends_on"]))
    assert clock.run(work) == 0

    assert lapsing.nightly(work) == 1
    assert clock.run(work) == 1
    assert state_of(work, booked.id) == State.UNIT_APPROVED


# ------------------------------------------------------------------ on the day


def test_the_tick_of_the_day_is_kept_with_its_shift_rule_d2(work, ward, booked):
    work.clock.now = booked.starts_at
    day.check_in(work, ward.as_host(), shift_id=booked.id, well="yes")

    held = on_record(work, ward.observer, "WELL", shift_id=booked.id)
    assert (held.state, held.done_on) == (Credential.VALID, date(2027, 3, 22))
    assert (held.verified_by_id, held.text_version) == (ward.host, words("WELL")["WELL"])
    assert on_record(work, ward.observer, "WELL").state is Credential.MISSING


def on_unit(work, kind, **more):
    """Confirm a shift on a ward of another kind, at its start."""
    ward = Ward(work, kind=kind, **more)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    if shift.state is State.HOST_ACCEPTED:
        shift = answering.approve(work, ward.as_manager(), shift_id=shift.id)
    assert shift.state is State.CONFIRMED
    work.clock.now = shift.starts_at
    return ward, shift


def offered(work, actor, shift):
    view = looking.show(work, actor, shift_id=shift.id)
    return {tick.code: tick.done for tick in view.ticks}


def test_what_the_unit_ticks_at_its_door_is_the_units_to_tick_rule_c4(work):
    ward, shift = on_unit(work, "ONC")
    with pytest.raises(NotReady) as refused:
        day.check_in(work, ward.as_host(), shift_id=shift.id, well="yes")
    assert refused.value.facts == {"missing": ("Illness screen done at the unit door.",)}
    assert offered(work, ward.as_observer(), shift) == {}
    assert offered(work, ward.as_host(), shift) == {"ID": False}
    assert readiness.tick(work, ward.as_host(), shift_id=shift.id, codes=["illness_screen"]) == ()

    done = readiness.tick(
        work, ward.as_manager(), shift_id=shift.id, codes=["illness_screen", "ID", "HIPAA"]
    )

    assert done == ("illness_screen",)
    assert offered(work, ward.as_manager(), shift) == {"illness_screen": True}
    assert day.check_in(work, ward.as_host(), shift_id=shift.id, well="yes")


def test_what_the_visitor_ticks_for_one_shift_is_asked_again_for_the_next(work):
    ward, shift = on_unit(work, "NICU")

    readiness.tick(work, ward.as_observer(), shift_id=shift.id, codes=["no_illness"])

    held = on_record(work, ward.observer, "no_illness", shift_id=shift.id)
    assert held.state is Credential.VALID
    assert on_record(work, ward.observer, "no_illness").state is Credential.MISSING
    assert day.check_in(work, ward.as_observer(), shift_id=shift.id, well="yes")
    with pytest.raises(MoveNotAllowed):
        readiness.tick(work, ward.as_observer(), shift_id=shift.id, codes=["no_illness"])


def test_a_stranger_ticks_nothing_rule_p1(work, ward, booked):
    stranger = ward.as_observer(ward.another_observer())

    with pytest.raises(NotFound):
        readiness.tick(work, stranger, shift_id=booked.id, codes=["ID"])


def test_host_and_unit_are_told_what_to_enforce_and_not_why_rule_c4(work):
    ward, shift = on_unit(work, "MICU")

    for actor in (ward.as_host(), ward.as_manager(), ward.as_observer()):
        view = looking.show(work, actor, shift_id=shift.id)
        assert [(limit.effect, limit.code) for limit in view.limits] == [("block_room", "FIT")]
    assert looking.show(work, ward.as_host(), shift_id=shift.id).missing == ()
    with work.read() as tx:
        assert [lack.code for lack in readiness.check_in_warnings(tx, shift)] == ["ID"]
    assert day.check_in(work, ward.as_host(), shift_id=shift.id, well="yes")
