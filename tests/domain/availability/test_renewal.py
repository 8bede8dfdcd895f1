"""From the slots there are to those the hours give: rules A1, A3, A5 and section 6.4."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.availability.renewal import Face, SlotState, Standing, renewal

UNIT = UUID(int=1)
FIRST = datetime(2027, 3, 8, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def face(start, hours, *, mode="ask", audience="anyone", **way):
    """Make a slot's face; *start* in hours from the first."""
    begins = FIRST + start * HOUR
    return Face(
        unit_id=UNIT,
        starts_at=begins,
        ends_at=begins + hours * HOUR,
        local_date=date(2027, 3, 8) + timedelta(days=start // 24),
        span="D12",
        band="day",
        mode=mode,
        audience=audience,
        handover=False,
        host_role="rn_ms",
        **way,
    )


def apart(faces):
    """Leave out what overlaps an earlier one, as the hours of a host do."""
    kept = []
    for each in sorted(faces, key=lambda each: (each.starts_at, each.ends_at)):
        if not kept or kept[-1].ends_at <= each.starts_at:
            kept.append(each)
    return kept


FACES = st.lists(
    st.builds(
        face,
        st.integers(0, 96),
        st.integers(2, 8),
        mode=st.sampled_from(["auto", "ask", "blind"]),
        audience=st.sampled_from(["anyone", "fellows"]),
        kind=st.sampled_from(["in_person", "remote"]),
        seats=st.sampled_from([2, 4]),
        join_at=st.sampled_from(["", "https://meet.example.org/1"]),
    ),
    max_size=12,
).map(apart)


@st.composite
def standing(draw):
    """Draw the slots of a host, some of them taken."""
    faces = draw(FACES)
    return [
        Standing(
            UUID(int=100 + number), each, draw(st.integers(0, 2)), draw(st.sampled_from(SlotState))
        )
        for number, each in enumerate(faces)
    ]


def with_details(one, details):
    """Give a face other seats and another address, where a plan has them."""
    return one if details is None else replace(one, seats=details[0], join_at=details[1])


def written(slots, plan):
    """Say how the slots stand once a plan is written."""
    kept = [
        Standing(
            slot.id,
            with_details(plan.changed.get(slot.id, slot.face), plan.details.get(slot.id)),
            slot.taken,
            plan.states.get(slot.id, slot.state),
        )
        for slot in slots
    ]
    new = [
        Standing(UUID(int=1000 + number), fresh, 0, state)
        for number, (fresh, state) in enumerate(plan.new)
    ]
    return kept + new


AWAY = st.one_of(st.none(), st.integers(0, 96).map(lambda hours: FIRST + hours * HOUR))


@given(slots=standing(), wanted=FACES, away=AWAY)
def test_renewing_twice_is_renewing_once(slots, wanted, away):
    """Rule A5: the nightly run is safe to repeat."""
    once = written(slots, renewal(slots, wanted, away_until=away))

    assert renewal(once, wanted, away_until=away).idle


@given(slots=standing(), wanted=FACES, away=AWAY)
def test_a_taken_slot_is_never_moved_changed_or_taken_away(slots, wanted, away):
    """Section 6.4: somebody counts on it; what was withdrawn before stays so."""
    after = {slot.id: slot for slot in written(slots, renewal(slots, wanted, away_until=away))}

    for slot in slots:
        if slot.taken:
            now = after[slot.id]
            assert now.face == slot.face
            assert now.state != SlotState.WITHDRAWN or slot.state == SlotState.WITHDRAWN


@given(slots=standing(), wanted=FACES)
def test_nothing_on_offer_lies_across_another(slots, wanted):
    """Rules A1, B7: open is what the hours give, less what a taken slot is in the way of."""
    after = written(slots, renewal(slots, wanted))
    offered = [slot for slot in after if slot.state == SlotState.OPEN]
    counted = [slot for slot in after if slot.taken and slot.state != SlotState.WITHDRAWN]

    assert {slot.face.starts_at for slot in offered} <= {each.starts_at for each in wanted}
    for slot in offered:
        for other in {*offered, *counted} - {slot}:
            assert not slot.face.interval.overlaps(other.face.interval)


@given(slots=standing(), wanted=FACES)
def test_what_waits_on_closed_hours_ends_where_the_host_lets_it(slots, wanted):
    """Section 6.4: then its slot is withdrawn for good; nothing else changes by it."""
    before = renewal(slots, wanted)
    plan = renewal(slots, wanted, given_up=before.closed)
    after = {slot.id: slot for slot in written(slots, plan)}

    assert {after[slot_id].state for slot_id in before.closed} <= {SlotState.WITHDRAWN}
    assert plan.closed == frozenset()
    assert renewal(list(after.values()), wanted).idle


@given(slots=standing(), wanted=FACES)
def test_seats_and_address_follow_the_hours_and_never_drop_below_what_is_taken(slots, wanted):
    """Rule B17: of every slot on offer, taken or not; nothing else of a taken one changes."""
    hours = {each.starts_at: each for each in wanted}
    for slot in written(slots, renewal(slots, wanted)):
        assert slot.face.seats >= slot.taken
        if slot.state == SlotState.OPEN:
            said = hours[slot.face.starts_at]
            assert slot.face.join_at == said.join_at
            assert slot.face.seats == max(said.seats, slot.taken)


def test_on_a_break_what_is_free_is_hidden_and_what_is_booked_stays():
    """Rule A3."""
    free, booked, later = face(1, 3), face(6, 3), face(30, 3)
    slots = [
        Standing(UUID(int=number), each, taken, SlotState.OPEN)
        for number, each, taken in ((1, free, 0), (2, booked, 1), (3, later, 0))
    ]

    plan = renewal(slots, [free, booked, later], away_until=FIRST + 24 * HOUR)

    assert plan.states == {UUID(int=1): SlotState.HIDDEN, UUID(int=2): SlotState.HIDDEN}
    assert plan.stay == frozenset()
    assert plan.changed == {}
