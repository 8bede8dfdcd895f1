"""A shift goes to another time: whose yes it needs, what stands meanwhile, what each is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import (
    AlreadyAsked,
    NotAvailable,
    NoticeTooShort,
    Overlap,
    SlotFull,
)
from shadowing.domain.bookings.goal import NoteTooLong, PatientDetail
from shadowing.domain.bookings.proposals import ChangeWaits, NothingProposed, NotMovable
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import answering, asking, clock, day, moving
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import availability, followup, people
from shadowing.store.tables.changes import shift_proposal
from tests import makers
from tests.makers import NOW, Ward
from tests.services.test_answering import confirmed, events, kinds

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


def later(ward, *, days=28, **changes):
    """Open another time of the ward's host, the same hour some days later."""
    return ward.slot(starts_at=NOW + timedelta(days=days), **changes)


def move(ward, shift, slot_id, who=None, **more):
    actor = who or ward.as_observer()
    return moving.ask(ward.work, actor, shift_id=shift.id, slot_id=slot_id, **more)


def stands(ward):
    (row,) = makers.shifts(ward.work)
    return row


def proposals(ward):
    with ward.work.read() as tx:
        return [row.state for row in tx.db.execute(shift_proposal.select()).all()]


def talk(ward):
    with ward.work.read() as tx:
        return tx.db.execute(followup.debrief.select()).one()


def test_into_a_time_said_yes_to_in_advance_a_shift_moves_at_once(ward):
    """Rules B9, N2: the same shift and the same UIDs, one version later; the talk goes along."""
    shift = confirmed(ward)
    before, talked = events(ward.work), talk(ward)
    new = later(ward, mode="auto")

    moved = move(ward, shift, new)

    assert (moved.id, moved.state, moved.slot_id) == (shift.id, State.CONFIRMED, new)
    assert moved.starts_at == NOW + timedelta(days=28)
    assert makers.taken(ward.work, shift.slot_id) == 0
    assert makers.taken(ward.work, new) == 1
    after = events(ward.work)
    assert {key: uid for key, (_, _, uid) in after.items()} == {
        key: uid for key, (_, _, uid) in before.items()
    }
    assert {(status, sequence) for status, sequence, _ in after.values()} == {("CONFIRMED", 1)}
    assert talk(ward).starts_at >= moved.ends_at > talked.starts_at
    assert talk(ward).state == "moved"
    assert not stands(ward).late


def test_elsewhere_the_host_is_asked_and_the_old_time_stands_with_both_seats(ward):
    """Rule B9: until then the old time stands."""
    shift, new = confirmed(ward), later(ward)

    still = move(ward, shift, new)

    assert (still.slot_id, still.state) == (shift.slot_id, State.CONFIRMED)
    assert (makers.taken(ward.work, shift.slot_id), makers.taken(ward.work, new)) == (1, 1)
    assert kinds(ward.work, ward.host)[-1] == "move-asked"
    assert {status for status, _, _ in events(ward.work).values()} == {"CONFIRMED"}
    other = ward.another_observer()
    with pytest.raises(SlotFull):
        asking.request(ward.work, ward.as_observer(other), Ask(new, GOAL))

    moved = moving.accept(ward.work, ward.as_host(), shift_id=shift.id)

    assert (moved.slot_id, moved.state) == (new, State.CONFIRMED)
    assert (makers.taken(ward.work, shift.slot_id), makers.taken(ward.work, new)) == (0, 1)
    assert asking.request(ward.work, ward.as_observer(other), Ask(shift.slot_id, GOAL))


@pytest.mark.parametrize(
    ("sensitivity", "auto", "asked"),
    [("S2", False, True), ("S1", False, False), ("S1", True, False)],
)
def test_the_unit_is_asked_again_at_s2_and_not_below(work, sensitivity, auto, asked):
    """Rules A8, B9: the unit's yes at S2 and S3."""
    ward = Ward(work, sensitivity=sensitivity, auto_approve=auto)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    if not auto:
        answering.approve(work, ward.as_manager(), shift_id=shift.id)
    new = later(ward, mode="auto")

    moved = move(ward, shift, new)

    assert (moved.slot_id == new) is not asked
    if asked:
        assert kinds(work, ward.manager)[-1] == "unit-move-asked"
        moved = moving.approve(work, ward.as_manager(), shift_id=shift.id)
        assert (moved.slot_id, moved.state) == (new, State.CONFIRMED)
    assert "unit-moved" in kinds(work, ward.manager) or asked


def test_host_and_unit_are_asked_one_after_the_other(work):
    """Rule B3: host first, then unit; before the host's yes the unit knows nothing."""
    ward = Ward(work, sensitivity="S2", auto_approve=False)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))
    answering.approve(work, ward.as_manager(), shift_id=shift.id)
    new = later(ward)
    move(ward, shift, new)
    with pytest.raises(NotFound):
        moving.approve(work, ward.as_manager(), shift_id=shift.id)

    assert moving.accept(work, ward.as_host(), shift_id=shift.id).slot_id == shift.slot_id
    assert moving.approve(work, ward.as_manager(), shift_id=shift.id).slot_id == new


@pytest.mark.parametrize("end", ["decline", "withdraw", "lapse"])
def test_a_move_that_comes_to_nothing_leaves_the_old_time_and_gives_the_new_seat_back(ward, end):
    """Rules B6, B9: declined, taken back or unanswered; nobody is told why."""
    shift, new = confirmed(ward), later(ward)
    move(ward, shift, new)
    if end == "decline":
        moving.decline(ward.work, ward.as_host(), shift_id=shift.id)
    elif end == "withdraw":
        moving.withdraw(ward.work, ward.as_observer(), shift_id=shift.id)
    else:
        ward.work.clock.advance(hours=72)
        assert clock.run(ward.work) == 1

    assert (stands(ward).slot_id, stands(ward).state) == (shift.slot_id, "confirmed")
    assert (makers.taken(ward.work, shift.slot_id), makers.taken(ward.work, new)) == (1, 0)
    told = {
        "withdraw": (ward.host, "change-withdrawn"),
    }.get(end, (ward.observer, "move-not-available"))
    assert kinds(ward.work, told[0])[-1] == told[1]
    with pytest.raises(NothingProposed):
        moving.accept(ward.work, ward.as_host(), shift_id=shift.id)
    assert move(ward, shift, new).id == shift.id, "it can be asked for again"


def test_a_request_that_moves_asks_for_the_new_time_instead(ward):
    """Rule B9: nobody has said yes to anything, so nothing waits."""
    shift = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(), GOAL))
    new = later(ward)

    moved = move(ward, shift, new)

    assert (moved.slot_id, moved.state) == (new, State.REQUESTED)
    assert proposals(ward) == []
    assert events(ward.work)[(ward.host, "shift")][:2] == ("TENTATIVE", 1)
    assert kinds(ward.work, ward.host) == ["request-received"], "the newer one alone"
    assert answering.accept(ward.work, ward.as_host(), shift_id=shift.id).state is State.CONFIRMED


def test_to_another_host_it_takes_the_visitors_events_along_and_leaves_the_old_host(ward):
    """Rules B9, N2: the visitor keeps the UID; the old host's ends, the new one's is new."""
    shift, other = confirmed(ward), ward.another_host()
    before = events(ward.work)
    new = later(ward, host_id=other)
    move(ward, shift, new)
    with pytest.raises(NotFound):
        moving.accept(ward.work, ward.as_host(), shift_id=shift.id)

    moved = moving.accept(ward.work, makers.actor(ward.work, other, "host"), shift_id=shift.id)

    after = events(ward.work)
    assert moved.host_id == other
    for kind in ("shift", "debrief"):
        uid = before[(ward.observer, kind)][2]
        assert after[(ward.observer, kind)] == ("CONFIRMED", 1, uid)
        assert after[(ward.host, kind)][:2] == ("CANCELLED", 1)
        assert after[(other, kind)][:2] == ("CONFIRMED", 0)
    assert kinds(ward.work, ward.host)[-1] == "cancelled"


def test_to_another_unit_that_wants_to_be_asked_it_needs_that_units_yes(ward):
    """Rules A8, B9: a yes of one unit is none of another."""
    shift = confirmed(ward)
    manager = makers.person(ward.work, ward.organization, roles=("unit_manager",))
    strict = makers.unit(ward.work, ward.site, manager_id=manager, auto_approve=False)
    host = ward.another_host(host_unit_id=strict)
    start = NOW + timedelta(days=28)
    new = makers.slot(ward.work, host, strict, starts_at=start, mode="auto")
    move(ward, shift, new)
    assert kinds(ward.work, manager) == ["unit-move-asked"]

    there = makers.actor(ward.work, manager, "unit_manager")
    moved = moving.approve(ward.work, there, shift_id=shift.id)

    assert (moved.unit_id, moved.state) == (strict, State.CONFIRMED)
    assert kinds(ward.work, ward.manager)[-1] == "moved-away"


def test_one_change_at_a_time(ward):
    shift, new, third = confirmed(ward), later(ward), later(ward, days=56)
    move(ward, shift, new)

    with pytest.raises(ChangeWaits):
        move(ward, shift, third)


def test_the_limits_are_asked_as_if_the_old_booking_were_not_there(ward):
    """Rules A4, B8; a move within the cool-down and the month's limit of the same host."""
    with ward.work.write() as tx:
        tx.db.execute(people.person.update().values(max_per_month=1, cool_down_days=14))
    shift = confirmed(ward)
    near = ward.slot(starts_at=shift.starts_at + timedelta(hours=3), mode="auto")

    moved = move(ward, shift, near)

    assert moved.slot_id == near
    with pytest.raises(NotAvailable):
        asking.request(
            ward.work, ward.as_observer(ward.another_observer()), Ask(shift.slot_id, GOAL)
        )


def test_a_move_is_refused_for_every_reason_a_request_is(ward):
    """Rules B4, B5, B7, B8, A2."""
    shift = confirmed(ward)
    soon = ward.slot(starts_at=NOW + timedelta(days=3), mode="auto")
    full = later(ward, days=30)
    elsewhere = ward.another_host()
    asking.request(ward.work, ward.as_observer(ward.another_observer()), Ask(full, GOAL))
    busy = NOW + timedelta(days=60)
    own = ward.slot(starts_at=busy, host_id=ward.another_host(), mode="auto")
    asking.request(ward.work, ward.as_observer(), Ask(own, GOAL))
    over = ward.slot(starts_at=busy + timedelta(hours=1), host_id=elsewhere)
    barred = later(ward, days=90, audience="fellows")

    for slot_id, reason in (
        (soon, NoticeTooShort),
        (full, SlotFull),
        (over, Overlap),
        (barred, NotFound),
        (shift.slot_id, AlreadyAsked),
    ):
        with pytest.raises(reason):
            move(ward, shift, slot_id)


def test_what_came_between_is_refused_at_the_hosts_yes(ward):
    """Rule B8: asked again before it counts."""
    shift, new = confirmed(ward), later(ward)
    move(ward, shift, new)
    makers.add(ward.work, people.do_not_pair, one_id=ward.host, other_id=ward.observer)

    with pytest.raises(NotAvailable):
        moving.accept(ward.work, ward.as_host(), shift_id=shift.id)


def test_only_the_visitor_moves_it_and_only_what_is_ahead(ward):
    """Section 8.1; a shift under way is not moved."""
    shift, new = confirmed(ward), later(ward)
    for who in (ward.as_host(), ward.as_manager(), ward.as_coordinator()):
        with pytest.raises(NotFound):
            move(ward, shift, new, who)

    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")
    with pytest.raises(NotMovable):
        move(ward, shift, new)


def test_a_way_out_of_the_shift_ends_the_move_too(ward):
    """The seat of the new time is free again, and whoever was asked is told."""
    other = ward.another_host()
    shift, new = confirmed(ward), later(ward, host_id=other)
    move(ward, shift, new)

    answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    assert makers.taken(ward.work, new) == 0
    assert proposals(ward) == ["withdrawn"]
    assert kinds(ward.work, other) == ["move-asked", "change-withdrawn"]


def test_clearance_is_asked_for_the_new_day(ward):
    """Rules C1, C6: valid on the old day, not on the new one: agreed, and waiting again."""
    shift = confirmed(ward)
    with ward.work.write() as tx:
        wanted = people.credential.c.requirement == "COND"
        until = (NOW + timedelta(days=20)).date()
        tx.db.execute(people.credential.update().where(wanted).values(valid_to=until))

    moved = move(ward, shift, later(ward, mode="auto"))

    assert moved.state is State.UNIT_APPROVED
    assert events(ward.work)[(ward.observer, "shift")][:2] == ("TENTATIVE", 1)
    assert kinds(ward.work, ward.observer)[-2:] == ["waiting-for-clearance", "invitation"]


def test_the_note_to_the_host_is_short_and_about_no_patient(ward):
    """Rules L3, P3."""
    shift, new = confirmed(ward), later(ward)
    with pytest.raises(NoteTooLong):
        move(ward, shift, new, note="x" * 201)
    with pytest.raises(PatientDetail):
        move(ward, shift, new, note="The patient in room 12 was moved.")

    move(ward, shift, new, note="A board meeting was moved.")

    with ward.work.read() as tx:
        assert tx.db.execute(shift_proposal.select()).one().note == "A board meeting was moved."


def test_a_time_that_waits_counts_for_host_and_unit(work):
    """Rules A4, A9: while it waits it is as good as taken."""
    ward = Ward(work, cap=1)
    shift, new = confirmed(ward), later(ward)
    move(ward, shift, new)
    other = ward.slot(starts_at=NOW + timedelta(days=28), host_id=ward.another_host())
    near = ward.slot(starts_at=NOW + timedelta(days=29))
    who = ward.as_observer(ward.another_observer())

    with pytest.raises(Exception, match="unit_full"):
        asking.request(work, who, Ask(other, GOAL))
    with pytest.raises(NotAvailable):
        asking.request(work, who, Ask(near, GOAL))


def test_a_slot_withdrawn_meanwhile_is_not_moved_to(ward):
    """Section 6.4."""
    shift, new = confirmed(ward), later(ward)
    with ward.work.write() as tx:
        wanted = availability.slot.c.id == new
        tx.db.execute(availability.slot.update().where(wanted).values(state="withdrawn"))

    with pytest.raises(Exception, match="slot_gone"):
        move(ward, shift, new)


def test_back_and_forth_keeps_one_event_for_everybody(ward):
    """Rule N2: a UID for life, however often it moves."""
    shift, other = confirmed(ward), ward.another_host()
    uids = {key: uid for key, (_, _, uid) in events(ward.work).items()}
    move(ward, shift, later(ward, host_id=other, mode="auto"))

    move(ward, shift, later(ward, days=49, mode="auto"))

    after = events(ward.work)
    for key, uid in uids.items():
        assert after[key] == ("CONFIRMED", 2, uid)
    assert after[(other, "shift")][:2] == ("CANCELLED", 1)


@pytest.mark.slow
def test_two_who_change_places_at_the_same_moment_do_not_stand_in_each_others_way(ward):
    """Rule B9; locks in one order: visitors, slots by id, shift, days."""
    first = ward.slot(mode="auto", seats=2)
    second = later(ward, mode="auto", seats=2)
    pair = (ward.observer, ward.another_observer())
    booked = [
        asking.request(ward.work, ward.as_observer(who), Ask(slot_id, GOAL))
        for who, slot_id in zip(pair, (first, second), strict=True)
    ]

    def change(number):
        who, shift = pair[number], booked[number]
        for slot_id in (second, first, second) if number == 0 else (first, second, first):
            move(ward, shift, slot_id, ward.as_observer(who))

    with ThreadPoolExecutor(2) as both:
        list(both.map(change, (0, 1)))

    where = {row.id: row.slot_id for row in makers.shifts(ward.work)}
    assert [where[shift.id] for shift in booked] == [second, first]
    assert [makers.taken(ward.work, slot_id) for slot_id in (first, second)] == [1, 1]
