"""One slot before it is asked for: what is told, and that list and booking answer alike."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import update

from shadowing.domain.errors import NotFound, Refusal
from shadowing.services.bookings import asking, choosing, offers
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.cards import Face
from shadowing.services.bookings.offers import Listing, Query
from shadowing.store.tables import availability as hours
from shadowing.store.tables import people
from tests import makers
from tests.makers import NOW, Ward

GOAL = "See what a nurse waits for."
FORTNIGHT = NOW + timedelta(days=14)
"""Monday, March 22, 2027, 9 am in Chicago: the first week in which there is notice enough."""


@pytest.fixture
def ward(work):
    """Give a hospital with one ward, a host and a cleared observer."""
    return Ward(work)


def change(work, table, row_id, **values):
    """Set values of one row."""
    with work.write() as tx:
        tx.db.execute(update(table).where(table.c.id == row_id).values(**values))


def in_week(work, actor, day=FORTNIGHT, **more):
    """Find what there is in the week of an instant."""
    return offers.find(work, actor, Query(week=day.date(), **more))


def ids(found):
    """Name the slots that were found."""
    return [card.slot_id for card in found.cards]


def hold(work, actor, slot_id):
    """Try to hold a seat; say why it cannot be, if it cannot."""
    try:
        asking.hold(work, actor, Ask(slot_id, GOAL))
    except Refusal as refusal:
        return refusal.code
    return None


def crowded(ward, chance):
    """Fill three weeks of a ward by chance: who hosts, how, for whom, and what is taken already."""
    hosts = [ward.another_host() for _ in range(6)]
    hosts.append(ward.another_host(manager_id=ward.observer))
    hosts.append(ward.another_host(paused_until=FORTNIGHT))
    rivals = [ward.as_observer(ward.another_observer()) for _ in range(3)]
    starts = [(host, day, hour) for host in hosts for day in range(6, 27) for hour in (14, 16, 20)]
    for host, day, hour in chance.sample(starts, 60):
        slot_id = ward.slot(
            host_id=host,
            starts_at=datetime(2027, 3, 8, hour, tzinfo=UTC) + timedelta(days=day),
            mode=chance.choice(["auto", "ask", "blind"]),
            audience=chance.choice(["anyone", "anyone", "executives"]),
            state=chance.choice(["open", "open", "open", "hidden"]),
            seats=chance.choice([1, 1, 2]),
        )
        for asks in chance.sample([*rivals, ward.as_observer()], chance.choice([0, 0, 0, 1])):
            hold(ward.work, asks, slot_id)
            with suppress(Refusal):
                asking.request(ward.work, asks, Ask(slot_id, GOAL))


def test_nothing_points_to_a_hidden_host_in_ones_own_line(work, ward):
    """Rules A10 and P6: a hidden host reads "not available", a named one says why."""
    change(work, people.person, ward.host, manager_id=ward.observer)
    blind = ward.slot(mode="blind")
    named = ward.slot(starts_at=FORTNIGHT + timedelta(days=1))

    cards = {card.slot_id: card for card in in_week(work, ward.as_observer()).cards}

    assert [reason.code for reason in cards[blind].reasons] == ["not_available"]
    assert [reason.code for reason in cards[named].reasons] == ["reporting_line"]
    assert hold(work, ward.as_observer(), blind) == "not_available"
    assert str(ward.host) not in repr(cards[blind])


def test_a_slot_nobody_has_is_not_found(work, ward):
    for look in (choosing.offer, choosing.alternatives):
        with pytest.raises(NotFound):
            look(work, ward.as_observer(), slot_id=ward.unit)


@pytest.mark.parametrize("how", ["full", "hidden", "withdrawn"])
def test_what_is_gone_is_not_listed_and_its_address_says_so(work, ward, how):
    slot_id = ward.slot()
    if how == "full":
        rival = ward.another_observer()
        asking.hold(work, ward.as_observer(rival), Ask(slot_id, GOAL))
    else:
        change(work, hours.slot, slot_id, state=how)

    assert in_week(work, ward.as_observer()).total == 0
    card = choosing.offer(work, ward.as_observer(), slot_id=slot_id).card
    assert card.face is Face.GONE
    assert card.reasons[0].code == hold(work, ward.as_observer(), slot_id)


def test_ones_own_seat_stays_in_sight(work, ward):
    """A held, an asked for and a booked slot are shown to their own observer, to nobody else."""
    held, asked, booked = (
        ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(days=n), mode=mode)
        for n, mode in enumerate(("ask", "ask", "auto"))
    )
    mine = ward.as_observer()
    wanted = [asking.request(work, mine, Ask(one, GOAL)) for one in (asked, booked)]
    asking.hold(work, mine, Ask(held, GOAL))

    cards = {card.slot_id: card for card in in_week(work, mine).cards}

    assert [cards[one].face for one in (held, asked, booked)] == [
        Face.HELD,
        Face.ASKED,
        Face.BOOKED,
    ]
    assert cards[held].held_until == NOW + timedelta(minutes=10), "rule B5"
    assert [cards[one].shift_id for one in (asked, booked)] == [shift.id for shift in wanted]
    assert ids(in_week(work, ward.as_observer(ward.another_observer()))) == []


def test_a_hold_that_ran_out_is_not_in_its_holders_way(work, ward, clock):
    slot_id = ward.slot()
    asking.hold(work, ward.as_observer(), Ask(slot_id, GOAL))
    clock.advance(minutes=10)

    choice = choosing.offer(work, ward.as_observer(), slot_id=slot_id)

    assert choice.hold is None
    assert choice.card.face is Face.ASK
    assert hold(work, ward.as_observer(), slot_id) is None


def test_the_unit_lead_and_the_mask_are_named_before_asking(work, ward):
    """What comes later is said at once: who else must agree (A8), what is missing (C4, C5)."""
    unit = makers.unit(work, ward.site, kind="MICU", sensitivity="S2", auto_approve=False)
    host = ward.another_host(host_unit_id=unit)
    slot_id = makers.slot(work, host, unit, host_role="rn_icu")
    newcomer = makers.person(work, ward.organization)

    choice = choosing.offer(work, ward.as_observer(newcomer), slot_id=slot_id)

    assert not choice.card.unit_yes
    assert choice.card.room_items == ("Respirator fit test",)
    assert "Privacy training" in choice.card.open_items
    assert choice.card.clearance_by == FORTNIGHT - timedelta(hours=24)
    assert choice.card.bookable, "there is time to meet it"


def test_the_page_before_booking_tells_what_to_expect(work, ward):
    slot_id = ward.slot()

    choice = choosing.offer(work, ward.as_observer(), slot_id=slot_id)

    assert choice.meeting_point == "The desk by the whiteboard"
    assert choice.parking == "Garage B"
    assert choice.consent == "Your host asks each patient while you wait outside."
    assert choice.attire == ("Business clothes or scrubs; with scrubs the OBSERVER pass must show",)
    assert (choice.debrief_minutes, choice.debrief_within_hours) == (30, 48), "rule F1"
    assert choice.cancel_by == FORTNIGHT - timedelta(hours=48), "rule B10"
    assert choice.manners[0] == ("watch", "Watch, do not fix.")
    items = {item.code: item for item in choice.items}
    assert items["HIPAA"].missing is None
    assert items["HIPAA"].standing.valid_to == date(2028, 2, 26)
    assert items["WELL"].on_the_day
    assert "FIT" not in items, "this ward has no airborne rooms"


def test_a_unit_with_a_stricter_debrief_says_so(work, ward):
    unit = makers.unit(work, ward.site, kind="PALL", sensitivity="S2", auto_approve=False)
    slot_id = makers.slot(work, ward.another_host(), unit)

    choice = choosing.offer(work, ward.as_observer(), slot_id=slot_id)

    assert choice.debrief_within_hours == 12, "rule F1"


def test_others_like_it_come_from_the_host_then_the_unit_then_the_role(work, ward):
    """Rules B5 and B10."""
    elsewhere = makers.unit(work, ward.site)
    far = makers.slot(work, ward.another_host(), elsewhere, starts_at=FORTNIGHT)
    near = ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(hours=6))
    same = ward.slot(starts_at=FORTNIGHT + timedelta(days=3))
    ward.slot(host_id=ward.another_host(), starts_at=NOW + timedelta(days=1))
    gone = ward.slot(starts_at=FORTNIGHT + timedelta(days=1))
    asking.hold(work, ward.as_observer(ward.another_observer()), Ask(gone, GOAL))

    others = choosing.alternatives(work, ward.as_observer(), slot_id=gone)

    assert [card.slot_id for card in others] == [same, near, far]
    assert all(hold(work, ward.as_observer(), card.slot_id) is None for card in others)


def test_a_blind_slot_does_not_lead_to_its_hosts_other_slots(work, ward):
    """Rule A10: by their being first, two slots would be known to share a host."""
    blind = ward.slot(mode="blind")
    named = ward.slot(starts_at=FORTNIGHT + timedelta(days=9))
    near = ward.slot(host_id=ward.another_host(), starts_at=FORTNIGHT + timedelta(days=1))

    def first(slot_id):
        return choosing.alternatives(work, ward.as_observer(), slot_id=slot_id)[0].slot_id

    assert first(blind) == near
    assert first(named) == near


def test_there_may_be_nothing_like_it(work, ward):
    slot_id = ward.slot()

    assert choosing.alternatives(work, ward.as_observer(), slot_id=slot_id) == ()


@pytest.mark.parametrize("seed", range(3))
def test_what_is_shown_can_be_asked_for_or_says_why_not(work, seed):
    """Rule B8: list and booking answer alike, slot by slot, with the same code."""
    ward = Ward(work, cap=1)
    crowded(ward, Random(seed))  # noqa: S311 (a play of chance, no secret)
    seeker = ward.as_observer()

    shown = offers.slots_page(work, seeker, Listing(limit=200)).cards

    answers = set()
    for card in shown:
        told = [reason.code for reason in card.reasons]
        assert card.bookable == (not told)
        assert hold(work, seeker, card.slot_id) == (told[0] if told else None)
        asking.leave(work, seeker)
        answers.add(told[0] if told else None)
    assert {None, "not_available", "reporting_line"} <= answers, "the scene is no easy one"
