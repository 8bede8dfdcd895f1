"""By video or phone: offered where the unit lets it, seats of its own, nobody in the way (B17)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import SlotFull, UnitFull
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue
from shadowing.domain.ways import Way
from shadowing.services.availability import horizon
from shadowing.services.availability.acts import EveryWeek, Given
from shadowing.services.bookings import choosing, elsewhere, other_hours, wishing
from shadowing.services.units import looking
from shadowing.store import proposals
from shadowing.store.tables.availability import slot
from tests import makers
from tests.makers import Ward
from tests.services.hours import DAY, GOAL, SUN, book, bookable, change_rule, rows, say

LINK = "https://meet.example.org/huddle-5w"
REMOTE = Way(kind="remote", seats=3, join_at=LINK)
HUDDLE = Given(span="D12", start="10:00", end="10:30", mode="auto", way=REMOTE)


@pytest.fixture
def ward(work):
    return Ward(work, remote_allowed=True, cap=1)


def test_a_huddle_is_offered_by_video_with_seats_of_its_own(ward):
    """Rules B17 and 2.5: the kind says how many, not observers_per_host; half an hour is enough."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))

    first = rows(ward)[0]
    assert (first.kind, first.seats, first.join_at) == ("remote", 3, LINK)
    assert (first.ends_at - first.starts_at).seconds == 30 * 60


def test_a_unit_that_does_not_allow_it_offers_none(work):
    """Rule B17: off by default."""
    with pytest.raises(BadValue) as refused:
        say(Ward(work), EveryWeek(HUDDLE, (SUN,)))

    assert (refused.value.facts["field"], refused.value.facts["problem"]) == (
        "kind",
        "remote_is_off",
    )


def test_making_slots_again_changes_nothing(ward):
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    before = rows(ward)

    assert not horizon.renew_host(ward.work, host_id=ward.host)
    assert rows(ward) == before


def test_three_join_though_the_unit_takes_one_and_a_fourth_does_not(ward):
    """Rules A9, B2, B17: the cap counts who is in the building; seats are seats all the same."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    wanted = bookable(ward)[0]
    joined = [book(ward, wanted, ward.another_observer()) for _ in range(3)]

    assert {each.state for each in joined} == {State.CONFIRMED}
    assert {each.kind for each in joined} == {"remote"}
    with pytest.raises(SlotFull):
        book(ward, wanted)


def test_who_joins_by_video_takes_no_place_on_the_unit(ward):
    """Rules A9, B17: beside another host one still fits at that hour, a second does not."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    wanted = bookable(ward)[0]
    book(ward, wanted, ward.another_observer())
    for _ in range(2):
        ward.slot(host_id=ward.another_host(), starts_at=wanted.starts_at, mode="auto")
    beside = [row for row in all_slots(ward) if row.host_id != ward.host]

    assert book(ward, beside[0], ward.another_observer()).state is State.CONFIRMED
    with pytest.raises(UnitFull):
        book(ward, beside[1], ward.another_observer())
    assert book(ward, wanted, ward.another_observer()).state is State.CONFIRMED


def all_slots(ward):
    with ward.work.read() as tx:
        return tx.db.execute(slot.select()).all()


def test_a_new_address_holds_for_taken_slots_too(ward):
    """An address is no other slot: seats and address follow, never below what is taken."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    wanted = bookable(ward)[0]
    for _ in range(2):
        book(ward, wanted, ward.another_observer())
    other = replace(REMOTE, seats=1, join_at="+1 312 555 0188, code 4411#")

    said = say(ward, change_rule(ward, start="10:00", end="10:30", mode="auto", way=other))

    kept = {row.id: row for row in rows(ward)}
    assert (said.stay, said.ends) == ((), ())
    assert (kept[wanted.id].seats, kept[wanted.id].join_at) == (2, other.join_at)
    assert {row.seats for row in kept.values() if row.id != wanted.id} == {1}
    assert {row.state for row in kept.values()} == {"open"}


def test_switching_it_off_keeps_what_is_booked(ward):
    """Rule B17: free ones go, a booked one stays, and nobody else gets a seat of it."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    wanted = bookable(ward)[0]
    shift = book(ward, wanted)
    with ward.work.write() as tx:
        tx.db.execute(makers.people.unit.update().values(remote_allowed=False))

    horizon.renew_unit(ward.work, unit_id=ward.unit)

    assert [row.id for row in rows(ward) if row.state != "withdrawn"] == [wanted.id]
    assert rows(ward, state="hidden")[0].taken == 1
    assert makers.shifts(ward.work)[0].id == shift.id


@pytest.mark.parametrize(
    ("wrong", "field", "problem"),
    [
        ({"join_at": ""}, "join_at", "no_address"),
        ({"join_at": "http://meet.example.org/1"}, "join_at", "not_an_address"),
        ({"join_at": "https://me:secret@example.org/"}, "join_at", "not_an_address"),
        ({"join_at": "https://localhost/1"}, "join_at", "not_an_address"),
        ({"join_at": "https://meet.example.org/a b"}, "join_at", "not_an_address"),
        ({"join_at": "https://meet.example.org/" + "x" * 300}, "join_at", "not_an_address"),
        ({"join_at": "javascript:alert(1)"}, "join_at", "not_an_address"),
        ({"join_at": "https://[::1"}, "join_at", "not_an_address"),
        ({"join_at": "call me"}, "join_at", "not_an_address"),
        ({"seats": 0}, "seats", "out_of_range"),
        ({"seats": 13}, "seats", "out_of_range"),
        ({"kind": "reverse"}, "kind", "unknown_choice"),
        ({"sensitivity": "S9"}, "sensitivity", "unknown_choice"),
        ({"sensitivity": "S0"}, "sensitivity", "below_unit"),
    ],
)
def test_what_cannot_be_joined_is_refused_and_not_repeated(ward, wrong, field, problem):
    """Rules A8, B17: the address is in no refusal, for refusals are written down."""
    given = replace(HUDDLE, way=replace(REMOTE, **wrong))

    with pytest.raises(BadValue) as refused:
        say(ward, EveryWeek(given, (SUN,)))

    facts = refused.value.facts
    assert (facts["field"], facts["problem"]) == (field, problem)
    assert field != "join_at" or "value" not in facts


def test_beside_a_host_there_is_one_seat_and_no_address(ward):
    """Rule B2: what a form sends along for the other kind is not kept."""
    beside = replace(REMOTE, kind="in_person")
    say(ward, EveryWeek(replace(DAY, way=beside), (SUN,)))

    assert {(row.kind, row.seats, row.join_at) for row in rows(ward)} == {("in_person", 1, "")}
    assert slot.c.seats.server_default.arg.text == "1"


def of_both_kinds(ward, shift_at):
    """Open hours of both kinds around a shift: remote ones of the same host, the others not."""
    hours = {"mode": "auto", "minutes": 120}
    for day in (1, 2, 3):
        ward.slot(
            kind="remote", join_at=LINK, starts_at=shift_at + timedelta(days=30 + day), **hours
        )
    other = ward.another_host()
    for day in (4, 5):
        ward.slot(host_id=other, starts_at=shift_at + timedelta(days=day), **hours)


def test_in_place_of_one_beside_a_host_others_beside_a_host_come_first(ward):
    """Rules B10, B17: three dates, of the same kind before the same host."""
    start = makers.NOW + timedelta(days=14)
    shift = book(ward, row_of(ward, ward.slot(mode="auto", starts_at=start)))
    of_both_kinds(ward, start)

    three = elsewhere.three(ward.work, ward.as_observer(), shift_id=shift.id)

    assert [each.card.kind for each in three] == ["in_person", "in_person", "remote"]


def test_in_place_of_one_by_video_others_by_video_come_first(ward):
    """Rules B5, B10, B17."""
    start = makers.NOW + timedelta(days=14)
    wanted = ward.slot(kind="remote", join_at=LINK, mode="auto", starts_at=start)
    of_both_kinds(ward, start)
    limits = {"max_per_month": 9, "cool_down_days": 0}
    with ward.work.write() as tx:
        tx.db.execute(makers.people.person.update().values(**limits))

    others = choosing.alternatives(ward.work, ward.as_observer(), slot_id=wanted)

    assert [each.kind for each in others] == ["in_person", "in_person"]
    shift = book(ward, row_of(ward, wanted))
    three = elsewhere.three(ward.work, ward.as_observer(), shift_id=shift.id)
    assert [each.card.kind for each in three] == ["remote"] * 3


def test_who_waits_for_a_kind_of_shift_is_offered_a_seat_beside_somebody(ward):
    """Rules B5, B17: nobody who asked to be there is offered a screen."""
    day = makers.NOW.date() + timedelta(days=14)
    wish = wishing.Wanted(goal=GOAL, unit_id=ward.unit, first=day, last=day + timedelta(days=9))
    wishing.wish(ward.work, ward.as_observer(), wish)
    away = ward.slot(kind="remote", join_at=LINK, seats=2)
    assert wishing.run(ward.work) == 0

    beside = ward.slot(host_id=ward.another_host())

    assert wishing.run(ward.work) == 1
    assert (makers.taken(ward.work, away), makers.taken(ward.work, beside)) == (0, 1)


def row_of(ward, slot_id):
    return next(row for row in all_slots(ward) if row.id == slot_id)


def test_the_fullest_minute_of_a_unit_counts_who_is_there(ward):
    """Rules A9, B17; and less of a cap concerns only them."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    wanted = bookable(ward)[0]
    book(ward, wanted)
    ward.work.clock.now = wanted.starts_at - timedelta(days=3)

    seen = looking.show(ward.work, ward.as_manager(), unit_id=ward.unit)

    assert (len(seen.comers), seen.peak) == (1, 0)


def test_hours_a_unit_does_not_allow_any_more_can_still_be_closed(ward):
    """Rule B17."""
    say(ward, EveryWeek(HUDDLE, (SUN,)))
    with ward.work.write() as tx:
        tx.db.execute(makers.people.unit.update().values(remote_allowed=False))
    same = {"start": "10:00", "end": "10:30", "way": REMOTE}

    with pytest.raises(BadValue):
        say(ward, change_rule(ward, mode="ask", **same))
    say(ward, change_rule(ward, mode="closed", **same))

    assert rows(ward, state="open") == []


def test_a_host_can_offer_another_half_hour_instead(ward):
    """Rules B13, B17: as short as what was asked for."""
    asked = replace(HUDDLE, mode="ask")
    say(ward, EveryWeek(asked, (SUN,)))
    shift = book(ward, bookable(ward)[0])

    other_hours.offer(ward.work, ward.as_host(), shift_id=shift.id, windows=(("13:00", "13:30"),))
    (offered,) = changes_of(ward, shift)

    assert offered.ends_at - offered.starts_at == timedelta(minutes=30)


def changes_of(ward, shift):
    with ward.work.read() as tx:
        return proposals.open_of(tx.db, shift_id=shift.id)
