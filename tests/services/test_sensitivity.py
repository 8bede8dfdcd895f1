"""A slot may be more sensitive than its unit, never less: the higher of the two rules (A8)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shadowing.domain.bookings.asking import NotAvailable
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue
from shadowing.domain.ways import Way
from shadowing.services.availability import horizon
from shadowing.services.availability.acts import EveryWeek
from shadowing.services.bookings import answering, choosing, elsewhere, moving
from shadowing.services.units import changing, looking
from shadowing.store.tables import people
from tests.makers import Ward
from tests.services.hours import DAY, SUN, book, bookable, change_rule, rows, say
from tests.services.test_remote import row_of

EACH_TIME, WRITTEN = Way(sensitivity="S2"), Way(sensitivity="S3")


def raised(way):
    return replace(DAY, way=way)


def authorize(ward, until):
    with ward.work.write() as tx:
        tx.db.execute(people.unit.update().values(authorized_until=until))
    horizon.renew_unit(ward.work, unit_id=ward.unit)


def test_hours_that_are_raised_need_the_units_yes_each_time(work):
    """Rule A8: the unit says yes in advance at its own level, not above it."""
    ward = Ward(work)
    say(ward, EveryWeek(raised(EACH_TIME), (SUN,)))
    wanted = bookable(ward)[0]

    card = choosing.offer(work, ward.as_observer(), slot_id=wanted.id).card
    shift = book(ward, wanted)

    assert (card.sensitivity, card.unit_yes) == ("S2", False)
    assert (shift.state, shift.sensitivity) == (State.HOST_ACCEPTED, "S2")
    agreed = answering.approve(work, ward.as_manager(), shift_id=shift.id)
    assert agreed.state is State.CONFIRMED


def test_hours_that_are_not_raised_go_on_without_it(work):
    """Rule A8."""
    ward = Ward(work)
    say(ward, EveryWeek(DAY, (SUN,)))

    assert book(ward, bookable(ward)[0]).state is State.CONFIRMED


def test_hours_raised_to_the_top_are_off_until_they_are_authorized_in_writing(work):
    """Rule A8: and only up to the last day of the authorization, then the unit's yes each time."""
    ward = Ward(work)
    say(ward, EveryWeek(raised(WRITTEN), (SUN,)))
    assert rows(ward) == []

    last = date(2027, 3, 28)
    authorize(ward, last)

    offered = rows(ward, state="open")
    assert offered
    assert max(row.local_date for row in offered) <= last
    assert book(ward, bookable(ward)[0]).state is State.HOST_ACCEPTED

    authorize(ward, last - timedelta(days=365))
    assert rows(ward, state="open") == []


def test_a_unit_that_rises_above_the_hours_rules_them(work):
    """Rule A8: the higher of the two, whichever it is, whenever it was set."""
    ward = Ward(work)
    say(ward, EveryWeek(raised(EACH_TIME), (SUN,)))
    with work.write() as tx:
        tx.db.execute(people.unit.update().values(sensitivity="S3", auto_approve=False))
    horizon.renew_unit(work, unit_id=ward.unit)

    assert rows(ward, state="open") == []


def test_hours_are_never_below_their_unit(work):
    """Rule A8."""
    ward = Ward(work, sensitivity="S2", auto_approve=False)

    with pytest.raises(BadValue) as refused:
        say(ward, EveryWeek(raised(Way(sensitivity="S1")), (SUN,)))

    assert refused.value.facts["problem"] == "below_unit"
    say(ward, EveryWeek(raised(EACH_TIME), (SUN,)))
    assert {row.sensitivity for row in rows(ward)} == {""}


def test_a_booked_shift_stays_as_it_was_agreed_when_its_hours_rise(work):
    """Rule A8 and section 6.4: what is booked stands; the host has seen it first."""
    ward = Ward(work)
    say(ward, EveryWeek(DAY, (SUN,)))
    shift = book(ward, bookable(ward)[0])

    said = say(ward, change_rule(ward, mode="auto", way=EACH_TIME), agreed=(shift.id,))

    assert [each.shift_id for each in said.stay] == [shift.id]
    assert {row.sensitivity for row in rows(ward, state="open")} == {"S2"}


def test_a_move_into_raised_hours_asks_the_unit(work):
    """Rules A8, B9."""
    ward = Ward(work)
    say(ward, EveryWeek(DAY, (SUN,)))
    shift = book(ward, bookable(ward)[0])
    later = ward.slot(mode="auto", sensitivity="S2", starts_at=shift.starts_at + timedelta(days=40))

    time = elsewhere.one(work, ward.as_observer(), shift_id=shift.id, slot_id=later)
    moving.ask(work, ward.as_observer(), shift_id=shift.id, slot_id=later)

    assert (time.host_asked, time.unit_asked) == (False, True)
    moved = moving.approve(work, ward.as_manager(), shift_id=shift.id)
    assert (moved.slot_id, moved.sensitivity) == (later, "S2")


def test_hours_at_the_top_are_asked_for_only_while_they_are_authorized(work):
    """Rules A8, B8: asked again when somebody asks, whatever slots there are."""
    ward = Ward(work)
    row = row_of(ward, ward.slot(mode="auto", sensitivity="S3"))
    with pytest.raises(NotAvailable):
        book(ward, row)

    with work.write() as tx:
        tx.db.execute(people.unit.update().values(authorized_until=row.local_date))

    assert book(ward, row).state is State.HOST_ACCEPTED


def test_less_of_an_authorization_lists_what_is_booked_at_the_top_first(work):
    """Rule A8: it stays; the unit's own level may be low all along."""
    ward = Ward(work)
    say(ward, EveryWeek(raised(WRITTEN), (SUN,)))
    last = date(2027, 4, 30)
    authorize(ward, last)
    book(ward, bookable(ward)[0])
    wanted = replace(
        looking.desk(work, ward.as_manager(), unit_id=ward.unit).settings,
        authorized_by="The board",
        authorization="B-12",
        authorized_until=bookable(ward)[0].local_date - timedelta(days=1),
    )

    listed = changing.concerned(work, ward.as_manager(), wanted, unit_id=ward.unit)
    kept = replace(wanted, authorized_until=last)

    assert len(listed) == 1
    assert changing.concerned(work, ward.as_manager(), kept, unit_id=ward.unit) == ()
