"""What a host says of their own: limits, whom they prefer, and that they stop (A2, A4, P8)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.bookings.asking import NotAvailable, SlotGone
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue, NotAllowed, NotFound, Stale
from shadowing.domain.limits import LimitLooser
from shadowing.services.accounts import profile
from shadowing.services.availability import breaks, leaving, limits, load, preferences
from shadowing.services.availability.acts import EveryWeek
from shadowing.services.availability.horizon import extend_all
from shadowing.services.availability.week import week
from shadowing.services.bookings import answering, asking, choosing, clock, closing_hours, offers
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.offers import Listing, Query
from shadowing.store.tables import people
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import Ward
from tests.services.hours import DAY, GOAL, NIGHT, SUN, WED, book, bookable, rows, say
from tests.visits import HOST_SIDE, Visit


@pytest.fixture
def ward(work):
    return Ward(work)


def limit(ward):
    found = week(ward.work, ward.as_host()).limit
    return found.most, found.gap_days


def set_to(ward, most, gap):
    limits.set_limits(ward.work, ward.as_host(), max_per_month=most, cool_down_days=gap)


def let_loosen(ward, **settings):
    with ward.work.write() as tx:
        own = {"hosts_may_loosen": True} | settings
        tx.db.execute(update(people.organization).values(settings=own))


def told(ward, kind):
    with ward.work.read() as tx:
        found = tx.db.execute(outbox.select().filter_by(kind=kind)).all()
    return [row.recipient_id for row in found]


def log(ward, event):
    with ward.work.read() as tx:
        return tx.db.execute(audit.select().filter_by(event=event)).all()


def test_a_host_is_stricter_at_once(ward):
    """Rule A4: the next one who asks is refused, and never told why."""
    say(ward, EveryWeek(DAY, (SUN,)))
    first, _, third = bookable(ward)[:3]
    book(ward, first)
    assert limit(ward) == (2, 14)
    assert (third.starts_at - first.starts_at).days == 14

    set_to(ward, 2, 28)

    assert limit(ward) == (2, 28)
    with pytest.raises(NotAvailable):
        book(ward, third, ward.another_observer())


def test_a_host_is_looser_only_where_the_program_lets_them(ward):
    """Rule A4: by default it does not."""
    set_to(ward, 1, 21)
    for most, gap, field in ((2, 21, "max_per_month"), (1, 14, "cool_down_days")):
        with pytest.raises(LimitLooser) as refused:
            set_to(ward, most, gap)
        assert refused.value.facts["field"] == field

    let_loosen(ward)
    set_to(ward, 4, 7)

    assert limit(ward) == (4, 7)


def test_what_was_loose_holds_no_longer_where_the_program_takes_it_back(ward):
    """Rule A4: the stricter of the two counts."""
    let_loosen(ward)
    set_to(ward, 8, 0)
    let_loosen(ward, hosts_may_loosen=False, max_per_month=1)

    assert limit(ward) == (1, 14)


def test_a_slip_is_taken_back_within_ten_minutes(ward, clock):
    """Rule A4: undo is no loosening."""
    set_to(ward, 1, 28)
    limits.undo(ward.work, ward.as_host())
    assert limit(ward) == (2, 14)

    set_to(ward, 1, 28)
    clock.advance(minutes=11)
    with pytest.raises(Stale):
        limits.undo(ward.work, ward.as_host())


def test_limits_stay_within_the_table_and_are_the_hosts_own(ward):
    """Rules A1, A4."""
    let_loosen(ward)
    for most, gap in ((9, 14), (-1, 14), (2, 91), (2, -1)):
        with pytest.raises(BadValue):
            set_to(ward, most, gap)
    for stranger in (ward.as_manager(), ward.as_coordinator(), ward.as_observer()):
        with pytest.raises(NotAllowed):
            limits.set_limits(ward.work, stranger, max_per_month=1, cool_down_days=14)


def shown_to(ward, person_id):
    """List the slots a person finds, on the page and by the program's interface."""
    actor = ward.as_observer(person_id)
    page = offers.find(ward.work, actor, Query(week=bookable(ward)[0].local_date))
    listed = offers.slots_page(ward.work, actor, Listing())
    assert {card.slot_id for card in page.cards} <= {card.slot_id for card in listed.cards}
    assert page.total == len(page.cards)
    return {card.slot_id for card in listed.cards}


def describe(ward, person_id, says):
    profile.describe(ward.work, ward.as_observer(person_id), says=says)


def test_a_preference_for_intimate_care_filters_silently(ward):
    """Rule A2: in the list, by the interface, and at the direct address; nobody is told why."""
    say(ward, EveryWeek(DAY, (SUN,)))
    woman, man, silent = (ward.another_observer() for _ in range(3))
    describe(ward, woman, "woman")
    describe(ward, man, "man")
    chosen = bookable(ward)[0]
    assert shown_to(ward, man) == shown_to(ward, silent) == shown_to(ward, woman) != set()

    preferences.prefer(ward.work, ward.as_host(), prefers="woman")

    assert chosen.id in shown_to(ward, woman)
    for other in (man, silent):
        actor = ward.as_observer(other)
        assert shown_to(ward, other) == set()
        with pytest.raises(NotFound):
            choosing.offer(ward.work, actor, slot_id=chosen.id)
        for ask in (asking.hold, asking.request):
            with pytest.raises(NotFound):
                ask(ward.work, actor, Ask(chosen.id, GOAL))
    assert book(ward, chosen, woman).state is State.CONFIRMED


def test_a_preference_counts_again_when_a_request_is_answered(ward):
    """Rules A2, B8: what was asked for before the host said so is not confirmed."""
    say(ward, EveryWeek(NIGHT, (WED,)))
    shift = book(ward, bookable(ward)[0])
    preferences.prefer(ward.work, ward.as_host(), prefers="man")

    with pytest.raises(NotAvailable):
        answering.accept(ward.work, ward.as_host(), shift_id=shift.id)


def test_what_people_say_of_themselves_is_in_no_log(ward):
    """Rules A2, P16."""
    describe(ward, ward.observer, "woman")
    preferences.prefer(ward.work, ward.as_host(), prefers="woman")

    for event in ("described", "host.preference"):
        (line,) = log(ward, event)
        assert (line.from_state, line.to_state, line.code) == ("", "", "")
    with pytest.raises(BadValue):
        describe(ward, ward.observer, "tall")
    with pytest.raises(BadValue):
        preferences.prefer(ward.work, ward.as_host(), prefers="tall")
    with pytest.raises(NotAllowed):
        preferences.prefer(ward.work, ward.as_manager(), prefers="woman")
    describe(ward, ward.observer, "")
    assert preferences.preferred(ward.work, ward.as_host()) == "woman"


def offered(ward):
    """List what is open and has not begun."""
    return [row for row in rows(ward, state="open") if row.starts_at > ward.work.clock.now]


def costly(ward, answer="gt45"):
    """Let a shift take place and the host say what it cost."""
    ward.observer = ward.another_observer()
    visit = Visit(ward)
    slot = ward.slot(mode="auto", starts_at=ward.work.clock.now + timedelta(days=15))
    visit.shift = asking.request(ward.work, ward.as_observer(), Ask(slot, GOAL))
    visit.happen()
    visit.send("host", HOST_SIDE | {"cost": answer})


def test_two_costly_shifts_in_a_cycle_hide_the_hosts_slots(ward):
    """Rules A4, S0.6: the host alone is told, and opens them again."""
    costly(ward)
    costly(ward, "m15_45")
    say(ward, EveryWeek(DAY, (SUN,)))
    assert load.pause_costly(ward.work) == 0
    costly(ward)

    assert load.pause_costly(ward.work) == 1
    assert load.pause_costly(ward.work) == 0

    assert offered(ward) == []
    hidden = [row for row in log(ward, "slot.hidden") if row.code == "load"]
    assert {row.subject_id for row in hidden} <= {row.id for row in rows(ward, state="hidden")}
    assert len(hidden) > 1
    assert told(ward, "load-paused") == [ward.host]
    assert week(ward.work, ward.as_host()).load_paused

    load.reopen(ward.work, ward.as_host())
    assert offered(ward)
    assert load.pause_costly(ward.work) == 0, "counting begins anew"


def test_a_break_and_a_load_pause_end_each_on_its_own(ward):
    """Rules A3, A4: two causes."""
    costly(ward)
    costly(ward)
    say(ward, EveryWeek(DAY, (SUN,)))
    breaks.take(ward.work, ward.as_host(), weeks="")
    load.pause_costly(ward.work)

    breaks.end(ward.work, ward.as_host())
    assert offered(ward) == []
    breaks.take(ward.work, ward.as_host(), weeks="")
    load.reopen(ward.work, ward.as_host())
    assert offered(ward) == []

    breaks.end(ward.work, ward.as_host())
    assert offered(ward)


def leave(ward):
    visits = leaving.ahead(ward.work, ward.as_host())
    leaving.leave(ward.work, ward.as_host(), agreed=[visit.shift_id for visit in visits])


def test_a_host_stops_at_once_and_what_is_ahead_ends_without_count(ward):
    """Rule P8: listed first; requests and booked ones are told "not available"."""
    say(ward, EveryWeek(DAY, (SUN,)), EveryWeek(NIGHT, (WED,)))
    booked = book(ward, next(row for row in bookable(ward) if row.mode == "auto"))
    asked = book(ward, bookable(ward)[-1], ward.another_observer())
    assert (booked.state, asked.state) == (State.CONFIRMED, State.REQUESTED)
    with pytest.raises(leaving.ShiftsAhead):
        leaving.leave(ward.work, ward.as_host(), agreed=(booked.id,))
    assert rows(ward, state="open")

    leave(ward)
    assert closing_hours.cancel_own(ward.work, ward.as_host()) == 2

    states = {each.id: (each.state, each.late) for each in makers.shifts(ward.work)}
    assert states[booked.id] == (State.CANCELLED_BY_HOST, False)
    assert states[asked.id] == (State.DECLINED, False)
    assert {(row.state, row.taken) for row in rows(ward)} == {("withdrawn", 0)}
    assert ward.observer in told(ward, "not-available")
    ward.work.clock.advance(days=1)
    extend_all(ward.work)
    assert {row.state for row in rows(ward)} == {"withdrawn"}


def test_the_clock_cancels_what_a_host_left_behind(ward):
    """Rule P8: safe to be killed in between."""
    say(ward, EveryWeek(DAY, (SUN,)))
    book(ward, bookable(ward)[0])
    leave(ward)

    assert clock.run(ward.work) == 1
    assert clock.run(ward.work) == 0
    assert makers.shifts(ward.work)[0].state == State.CANCELLED_BY_HOST


def test_what_the_host_came_back_to_in_time_stands(ward):
    """Rule P8: the clock looks again before it cancels."""
    say(ward, EveryWeek(DAY, (SUN,)))
    shift = book(ward, bookable(ward)[0])
    leave(ward)
    leaving.come_back(ward.work, ward.as_host())

    assert closing_hours.cancel(ward.work, shift_id=shift.id) == 0
    assert makers.shifts(ward.work)[0].state == State.CONFIRMED


def test_a_host_begins_again_with_the_hours_there_were(ward):
    """Rule P8: by their own act."""
    say(ward, EveryWeek(DAY, (SUN,)))
    before = rows(ward)
    chosen = bookable(ward)[0]
    leave(ward)
    assert week(ward.work, ward.as_host()).left
    with pytest.raises(SlotGone):
        book(ward, chosen)

    leaving.come_back(ward.work, ward.as_host())

    assert rows(ward) == before
    for stranger in (ward.as_manager(), ward.as_coordinator()):
        with pytest.raises(NotAllowed):
            leaving.leave(ward.work, stranger, agreed=())
