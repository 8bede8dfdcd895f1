"""The waiting list: who is next, what is kept for them, and that nothing is bypassed (B1, B5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from shadowing.domain.bookings.asking import SlotFull
from shadowing.domain.bookings.states import State
from shadowing.domain.bookings.wishing import TooManyWishes, WishedAlready, WishOver
from shadowing.domain.errors import BadValue, NotFound, Refusal
from shadowing.services.bookings import answering, asking, wishing
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.wishing import Wanted
from shadowing.services.units import looking
from shadowing.store.tables.availability import hold, slot
from shadowing.store.tables.journal import audit, outbox
from shadowing.store.tables.wishes import wish as table
from tests.makers import NOW, Ward, shifts, taken

GOAL = "See how a morning starts."
DAY = (NOW + timedelta(days=14)).date()


@pytest.fixture
def ward(work):
    return Ward(work)


def full(ward):
    """Make a slot whose only seat is taken; gives the slot and the shift."""
    slot_id = ward.slot(mode="auto")
    first = ward.as_observer(ward.another_observer())
    return slot_id, asking.request(ward.work, first, Ask(slot_id, GOAL))


def wish(ward, who=None, **wanted):
    """Put somebody on the waiting list; the ward's observer unless said otherwise."""
    actor = ward.as_observer(who) if who else ward.as_observer()
    return wishing.wish(ward.work, actor, Wanted(goal=GOAL, **wanted))


def cancel(ward, shift):
    """Let the observer of a shift give the seat back."""
    answering.cancel(ward.work, ward.as_observer(shift.observer_id), shift_id=shift.id)


def offers(ward):
    """List for whom seats are kept: person, slot, until when."""
    with ward.work.read() as tx:
        rows = tx.db.execute(select(hold).where(hold.c.offered)).all()
    return [(row.person_id, row.slot_id, row.expires_at) for row in rows]


def letters(ward):
    """List who was told of a seat."""
    with ward.work.read() as tx:
        rows = tx.db.execute(select(outbox).where(outbox.c.kind == "seat-offered")).all()
    return [row.recipient_id for row in rows]


def mine(ward, who=None):
    actor = ward.as_observer(who) if who else ward.as_observer()
    return wishing.mine(ward.work, actor)


def test_a_seat_that_comes_free_is_kept_for_who_waits(ward):
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    assert wishing.run(ward.work) == 0

    cancel(ward, shift)
    assert wishing.run(ward.work) == 1

    assert offers(ward) == [(ward.observer, slot_id, NOW + timedelta(hours=24))]
    assert letters(ward) == [ward.observer]
    assert taken(ward.work, slot_id) == 1
    assert mine(ward)[0].offered_slot_id == slot_id


def test_a_stranger_who_books_meanwhile_meets_a_full_slot(ward):
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    cancel(ward, shift)
    wishing.run(ward.work)

    stranger = ward.as_observer(ward.another_observer())
    with pytest.raises(SlotFull):
        asking.request(ward.work, stranger, Ask(slot_id, GOAL))
    asked = asking.request(ward.work, ward.as_observer(), Ask(slot_id, GOAL))

    assert asked.state is State.CONFIRMED
    assert mine(ward) == ()
    assert offers(ward) == []
    assert taken(ward.work, slot_id) == 1


def test_an_offer_stays_while_its_person_looks_at_other_slots(ward):
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    cancel(ward, shift)
    wishing.run(ward.work)
    other = ward.slot(host_id=ward.another_host(), starts_at=NOW + timedelta(days=20))

    asking.hold(ward.work, ward.as_observer(), Ask(other, GOAL))
    asking.hold(ward.work, ward.as_observer(), Ask(slot_id, GOAL))
    asking.leave(ward.work, ward.as_observer())

    assert offers(ward) == [(ward.observer, slot_id, NOW + timedelta(hours=24))]


def test_no_answer_is_fine_and_the_seat_goes_to_the_next(ward, clock):
    slot_id, shift = full(ward)
    second = ward.another_observer()
    wish(ward, slot_id=slot_id)
    clock.advance(minutes=1)
    wish(ward, second, slot_id=slot_id)
    cancel(ward, shift)
    wishing.run(ward.work)

    clock.advance(hours=24)
    wishing.run(ward.work)

    assert [person for person, _, _ in offers(ward)] == [second]
    assert letters(ward) == [ward.observer, second]
    assert [each.wish.state for each in mine(ward)] == ["waiting"]
    assert taken(ward.work, slot_id) == 1


def test_a_seat_somebody_lets_go_is_not_offered_to_them_again(ward):
    slot_id, shift = full(ward)
    made = wish(ward, slot_id=slot_id)
    cancel(ward, shift)
    wishing.run(ward.work)

    wishing.pass_on(ward.work, ward.as_observer(), wish_id=made)
    wishing.run(ward.work)

    assert offers(ward) == []
    assert taken(ward.work, slot_id) == 0
    assert mine(ward)[0].wish.state == "waiting"


def test_who_lost_a_shift_comes_first_whoever_waited_longer(ward, clock):
    """B10 and B11: who was called off, or stopped for care, has priority."""
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    unlucky = ward.another_observer()
    other = ward.slot(mode="auto", host_id=ward.another_host(), starts_at=NOW + timedelta(days=40))
    lost = asking.request(ward.work, ward.as_observer(unlucky), Ask(other, GOAL))
    answering.cancel(ward.work, ward.as_manager(), shift_id=lost.id)
    clock.advance(minutes=5)
    wish(ward, unlucky, slot_id=slot_id)

    cancel(ward, shift)
    wishing.run(ward.work)

    assert [person for person, _, _ in offers(ward)] == [unlucky]


def test_a_kind_of_shift_is_waited_for_by_unit_role_band_and_days(ward):
    """Rule B1: a wish."""
    wish(ward, unit_id=ward.unit, host_role="rn_ms", band="day", first=DAY, last=DAY)
    ward.slot(starts_at=NOW + timedelta(days=15))
    ward.slot(host_id=ward.another_host(), band="night")
    assert wishing.run(ward.work) == 0

    fits = ward.slot(host_id=ward.another_host())
    wishing.run(ward.work)

    assert [slot_id for _, slot_id, _ in offers(ward)] == [fits]


def test_who_could_not_ask_is_not_offered_a_seat_and_the_next_is(ward, clock):
    """B8: an offer bypasses nothing."""
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    clock.advance(minutes=1)
    second = ward.another_observer()
    wish(ward, second, slot_id=slot_id)
    busy = ward.slot(host_id=ward.another_host(), starts_at=shift.starts_at + timedelta(hours=1))
    asking.request(ward.work, ward.as_observer(), Ask(busy, GOAL))

    cancel(ward, shift)
    wishing.run(ward.work)

    assert [person for person, _, _ in offers(ward)] == [second]


def test_an_offer_ends_before_the_notice_does(ward, clock):
    """Rule B4."""
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    clock.now = shift.starts_at - timedelta(days=7, hours=3)
    cancel(ward, shift)
    wishing.run(ward.work)

    assert offers(ward)[0][2] == shift.starts_at - timedelta(days=7)


def test_where_no_time_to_answer_is_left_nothing_is_offered(ward, clock):
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    clock.now = shift.starts_at - timedelta(days=7, minutes=59)
    cancel(ward, shift)

    assert wishing.run(ward.work) == 0


def test_a_wish_ends_when_its_days_are_over(ward, clock):
    wish(ward, unit_id=ward.unit, first=DAY, last=DAY)
    clock.advance(days=16)
    wishing.run(ward.work)

    assert mine(ward) == ()


def test_a_wish_that_is_ended_gives_its_seat_to_the_next(ward, clock):
    slot_id, shift = full(ward)
    made = wish(ward, slot_id=slot_id)
    clock.advance(minutes=1)
    second = ward.another_observer()
    wish(ward, second, slot_id=slot_id)
    cancel(ward, shift)
    wishing.run(ward.work)

    wishing.stop(ward.work, ward.as_observer(), wish_id=made)
    wishing.run(ward.work)

    assert [person for person, _, _ in offers(ward)] == [second]


def test_nobody_ends_or_passes_on_the_wish_of_another(ward):
    """Rule P1."""
    made = wish(ward, unit_id=ward.unit, first=DAY, last=DAY)
    stranger = ward.as_observer(ward.another_observer())

    for act in (wishing.stop, wishing.pass_on):
        with pytest.raises(NotFound):
            act(ward.work, stranger, wish_id=made)


def test_the_same_is_waited_for_once_and_not_too_much_at_a_time(ward):
    days = [DAY + timedelta(days=n) for n in range(6)]
    wish(ward, first=days[0])
    with pytest.raises(WishedAlready):
        wish(ward, first=days[0])
    for day in days[1:5]:
        wish(ward, first=day)

    with pytest.raises(TooManyWishes):
        wish(ward, first=days[5])


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"first": DAY, "last": DAY - timedelta(days=1)}, WishOver),
        ({"first": NOW.date() - timedelta(days=3)}, WishOver),
        ({"first": DAY, "last": DAY + timedelta(days=500)}, WishOver),
        ({"first": DAY, "host_role": "wizard"}, BadValue),
        ({"first": DAY, "band": "teatime"}, BadValue),
    ],
)
def test_what_cannot_be_waited_for_is_refused(ward, wanted, refusal):
    with pytest.raises(refusal):
        wish(ward, **wanted)


def test_a_goal_is_asked_for_here_too(ward):
    """Rule B1."""
    with pytest.raises(Refusal) as refused:
        wishing.wish(ward.work, ward.as_observer(), Wanted(goal=" ", first=DAY))

    assert refused.value.code == "goal_missing"


def test_every_offer_is_in_the_audit_log(ward):
    """Rule P16."""
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    cancel(ward, shift)
    wishing.run(ward.work)
    asking.request(ward.work, ward.as_observer(), Ask(slot_id, GOAL))

    with ward.work.read() as tx:
        rows = tx.db.execute(select(audit).where(audit.c.subject == "wish")).all()
    assert [row.event for row in rows] == ["wish.waiting", "wish.offered"]


@pytest.mark.slow
def test_of_workers_and_strangers_at_once_one_seat_is_given_once(ward):
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    strangers = [ward.as_observer(ward.another_observer()) for _ in range(6)]
    cancel(ward, shift)

    def ask(stranger):
        try:
            return asking.request(ward.work, stranger, Ask(slot_id, GOAL))
        except Refusal:
            return None

    with ThreadPoolExecutor(8) as crowd:
        served = [crowd.submit(wishing.run, ward.work) for _ in range(2)]
        asked = list(crowd.map(ask, strangers))
    given = sum(each.result() for each in served)

    assert given + sum(each is not None for each in asked) == 1
    assert taken(ward.work, slot_id) == 1
    standing = [row for row in shifts(ward.work) if row.state == State.CONFIRMED]
    assert len(standing) + len(offers(ward)) == 1
    with ward.work.read() as tx:
        row = tx.db.execute(select(slot).where(slot.c.id == slot_id)).one()
    assert row.taken <= row.seats


def test_a_unit_reads_how_many_wait_and_never_who(ward):
    wish(ward, unit_id=ward.unit, first=DAY)
    wish(ward, ward.another_observer(), slot_id=ward.slot())

    assert looking.show(ward.work, ward.as_manager(), unit_id=ward.unit).wishes == 2


def test_a_slot_is_waited_for_once(ward):
    """The same wish again is refused, of a slot as of a kind of shift."""
    slot_id, _ = full(ward)
    wish(ward, slot_id=slot_id)

    with pytest.raises(WishedAlready):
        wish(ward, slot_id=slot_id)


def test_two_wishes_that_one_seat_fits_are_offered_it_once(ward):
    """Rule B5: one seat, one offer; to let one wish go takes nothing from the other."""
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    wish(ward, unit_id=ward.unit, first=DAY, last=DAY)
    cancel(ward, shift)

    assert wishing.run(ward.work) + wishing.run(ward.work) == 1
    assert len(letters(ward)) == 1


def test_a_seat_held_while_choosing_becomes_the_one_that_is_offered(ward):
    slot_id, shift = full(ward)
    cancel(ward, shift)
    asking.hold(ward.work, ward.as_observer(), Ask(slot_id, GOAL))
    wish(ward, slot_id=slot_id)
    wishing.run(ward.work)

    asking.leave(ward.work, ward.as_observer())

    assert offers(ward) == [(ward.observer, slot_id, NOW + timedelta(hours=24))]


def test_who_waits_for_what_nobody_offers_holds_up_nobody(ward):
    """Rule B1: the longest first, but only where there is something to offer."""
    person = ward.another_observer()
    night = {"unit_id": ward.unit, "band": "night", "first_on": DAY, "last_on": DAY}
    plain = {
        "person_id": person,
        "goal": GOAL,
        "made_at": NOW - timedelta(days=1),
        "state": "waiting",
    }
    with ward.work.write() as tx:
        tx.db.execute(insert(table), [{"id": uuid4()} | plain | night for _ in range(501)])
    slot_id, shift = full(ward)
    wish(ward, slot_id=slot_id)
    cancel(ward, shift)

    assert wishing.run(ward.work) == 1
    assert [each[:2] for each in offers(ward)] == [(ward.observer, slot_id)]
