"""Hours that change: booked shifts and held seats stay; breaks; each day adds a day."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, update

from shadowing.domain.bookings.asking import SlotGone
from shadowing.domain.errors import BadValue
from shadowing.services.availability import breaks, changing
from shadowing.services.availability.acts import (
    BookedStay,
    EveryWeek,
    Given,
    NoLonger,
    OneDay,
)
from shadowing.services.availability.horizon import extend_all
from shadowing.services.bookings import answering, asking
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables.availability import slot
from shadowing.store.tables.journal import audit
from shadowing.store.tables.people import person
from tests import makers
from tests.makers import Ward
from tests.services.hours import (
    DAY,
    GOAL,
    SUN,
    book,
    bookable,
    change_rule,
    rows,
    rule_of,
    say,
    starts,
)


@pytest.fixture
def ward(work):
    return Ward(work)


def test_a_withdrawn_slot_cannot_be_asked_for_and_comes_back_as_itself(ward):
    """Section 6.4."""
    say(ward, EveryWeek(DAY, (SUN,)))
    before = rows(ward)
    chosen = bookable(ward)[0]

    say(ward, NoLonger(rule_of(ward)))
    assert {row.state for row in rows(ward)} == {"withdrawn"}
    with pytest.raises(SlotGone):
        book(ward, chosen)

    say(ward, EveryWeek(DAY, (SUN,)))
    assert rows(ward) == before


def test_a_booked_shift_stays_whatever_changes_and_is_shown_first(ward):
    """Section 6.4: a booked seat needs a cancel; the host sees what stays before saving."""
    say(ward, EveryWeek(DAY, (SUN,)))
    booked = bookable(ward)[0]
    shift = book(ward, booked)
    assert shift.state == "confirmed"

    for act in (
        change_rule(ward, mode="closed"),
        change_rule(ward, mode="auto", start="11:00", end="15:00"),
        NoLonger(rule_of(ward)),
        OneDay(Given(span="D12", mode="closed"), booked.local_date),
    ):
        with pytest.raises(BookedStay) as shown:
            say(ward, act)
        assert [visit.shift_id for visit in shown.value.facts["stay"]] == [shift.id]
    assert len(rows(ward, state="open")) == 12, "nothing was written"

    done = say(ward, NoLonger(rule_of(ward)), agreed=(shift.id,))

    assert [visit.shift_id for visit in done.stay] == [shift.id]
    (row,) = (row for row in rows(ward) if row.id == booked.id)
    assert (row.starts_at, row.ends_at, row.mode, row.taken) == (
        booked.starts_at,
        booked.ends_at,
        "auto",
        1,
    )
    assert [each.state for each in makers.shifts(ward.work)] == ["confirmed"]


def test_a_seat_that_is_freed_after_the_host_closed_is_not_open_again(ward):
    """Rule A1: only the host opens time."""
    say(ward, EveryWeek(DAY, (SUN,)))
    shift = book(ward, bookable(ward)[0])
    say(ward, NoLonger(rule_of(ward)), agreed=(shift.id,))

    answering.cancel(ward.work, ward.as_observer(), shift_id=shift.id)

    (freed,) = (row for row in rows(ward) if row.id == shift.slot_id)
    other = ward.another_observer()
    with pytest.raises(SlotGone):
        book(ward, freed, other)


def test_whoever_holds_a_seat_may_still_ask_for_it(ward):
    """Rule B5: a hold is kept; nobody else is let in."""
    say(ward, EveryWeek(DAY, (SUN,)))
    chosen = bookable(ward)[0]
    asking.hold(ward.work, ward.as_observer(), Ask(chosen.id, GOAL))

    say(ward, NoLonger(rule_of(ward)))

    with pytest.raises(SlotGone):
        book(ward, chosen, ward.another_observer())
    assert book(ward, chosen).slot_id == chosen.id


def test_a_hold_that_has_run_out_keeps_nothing(ward):
    """Rule B5."""
    say(ward, EveryWeek(DAY, (SUN,)))
    chosen = bookable(ward)[0]
    asking.hold(ward.work, ward.as_observer(), Ask(chosen.id, GOAL))
    ward.work.clock.advance(minutes=11)

    say(ward, NoLonger(rule_of(ward)))

    assert {(row.state, row.taken) for row in rows(ward)} == {("withdrawn", 0)}


def test_new_hours_never_lie_across_a_booked_shift(ward):
    """Rule B7: the host is in one place."""
    say(ward, EveryWeek(DAY, (SUN,)))
    booked = bookable(ward)[0]
    shift = book(ward, booked)

    say(ward, change_rule(ward, mode="auto", start="11:00", end="15:00"), agreed=(shift.id,))

    that_day = rows(ward, local_date=booked.local_date)
    assert [row.id for row in that_day] == [booked.id]


def test_a_break_hides_what_is_open_until_it_ends(ward):
    """Rule A3: booked ones stay."""
    say(ward, EveryWeek(DAY, (SUN,)))
    shift = book(ward, bookable(ward)[0])

    breaks.take(ward.work, ward.as_host(), weeks="")
    assert starts(ward, state="open") == []
    assert makers.shifts(ward.work)[0].state == "confirmed"

    breaks.end(ward.work, ward.as_host())
    assert len(rows(ward, state="open")) == 12
    assert shift.slot_id in {row.id for row in rows(ward, state="open")}


def test_a_break_ends_by_itself_at_midnight(ward):
    """Rules A3, A5: of the site, and the slots are offered again that night."""
    say(ward, EveryWeek(DAY, tuple(range(7))))
    until = breaks.take(ward.work, ward.as_host(), weeks="1")
    assert until == datetime(2027, 3, 15, 5, 0, tzinfo=UTC)
    assert starts(ward, state="open")[0] == datetime(2027, 3, 15, 15, 0, tzinfo=UTC)
    with pytest.raises(BadValue):
        breaks.take(ward.work, ward.as_host(), weeks="9")


def test_a_break_up_to_a_day_ends_on_that_day(ward):
    """Rule A3: for a time; not in the past, not for ever."""
    say(ward, EveryWeek(DAY, tuple(range(7))))
    breaks.take_until(ward.work, ward.as_host(), back=date(2027, 3, 12))
    assert starts(ward, state="open")[0] == datetime(2027, 3, 12, 16, 0, tzinfo=UTC)

    for back in (date(2027, 3, 8), date(2028, 3, 9)):
        with pytest.raises(BadValue) as refused:
            breaks.take_until(ward.work, ward.as_host(), back=back)
        assert refused.value.facts["field"] == "back"


def test_each_day_adds_a_day_once(ward):
    """Rule A5: safe to run twice."""
    say(ward, EveryWeek(DAY, tuple(range(7))))
    assert extend_all(ward.work) == 0

    ward.work.clock.advance(hours=15)
    assert ward.work.clock.now == datetime(2027, 3, 9, 5, 0, tzinfo=UTC)
    assert extend_all(ward.work) == 0, "it is still March 8 in Chicago"

    ward.work.clock.advance(hours=1)
    assert extend_all(ward.work) == 1
    assert extend_all(ward.work) == 0
    assert rows(ward)[-1].local_date == date(2027, 6, 6)
    assert len(rows(ward)) == 91


def test_nothing_is_offered_of_whoever_has_left(ward):
    say(ward, EveryWeek(DAY, (SUN,)))
    with ward.work.write() as tx:
        tx.db.execute(update(person).where(person.c.id == ward.host).values(active=False))

    extend_all(ward.work)

    assert {row.state for row in rows(ward)} == {"withdrawn"}


def test_what_is_taken_from_sight_is_on_record(ward):
    """Section 6.4: ``slot.withdrawn``; rule P16: no text."""
    say(ward, EveryWeek(DAY, (SUN,)))
    say(ward, NoLonger(rule_of(ward)))

    with ward.work.read() as tx:
        told = [row.event for row in tx.db.execute(audit.select().order_by(audit.c.id))]
    assert told[:2] == ["hours.set", "hours.removed"]
    assert told[2:] == ["slot.withdrawn"] * 12


def test_everybodys_slots_are_made_in_pieces_that_are_never_done_twice(ward):
    """A worker that is stopped in between leaves the rest to the next one (A5)."""
    hosts = [ward.host, *(ward.another_host() for _ in range(11))]
    for host_id in hosts:
        host = makers.actor(ward.work, host_id, "host")
        changing.change(ward.work, host, [EveryWeek(DAY, (SUN,))])
    with ward.work.write() as tx:
        tx.db.execute(delete(slot))
    asked = []

    def after_the_first():
        asked.append(1)
        return len(asked) > 1

    assert extend_all(ward.work, stopped=after_the_first) == 10
    assert extend_all(ward.work) == 2
    assert extend_all(ward.work) == 0
