"""What stands in whose calendar: a property test over any walk of states (rule N2, RFC 5546)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.bookings.invitations import Event, outdated, raised, wishes
from shadowing.domain.bookings.states import State
from shadowing.domain.interval import Interval

NOW = datetime(2027, 3, 8, 14, tzinfo=UTC)
OBSERVER, HOST, SHIFT = uuid4(), uuid4(), uuid4()
SPAN = Interval(NOW + timedelta(days=14), NOW + timedelta(days=14, hours=4))
TALK = Interval(NOW + timedelta(days=15), NOW + timedelta(days=15, minutes=30))


def wanted(state, *, span=SPAN, debrief=TALK):
    return wishes(state, observer_id=OBSERVER, host_id=HOST, span=span, debrief=debrief)


def told(known, state, *, at, **changes):
    """Apply what is outdated, as the store would."""
    sent = []
    for event, wish in outdated(wanted(state, **changes), existing=known.values(), at=at):
        following = new(wish, at) if event is None else raised(event, to=wish, at=at)
        known[(following.person_id, following.kind)] = following
        sent.append(following)
    return sent


def new(wish, at):
    times = {"starts_at": wish.span.start, "ends_at": wish.span.end}
    ids = {"id": uuid4(), "shift_id": SHIFT, "person_id": wish.person_id, "uid": uuid4().hex}
    made = {"kind": wish.kind, "status": wish.status, "sequence": 0}
    return Event(**ids, **made, **times, stamp=at, created_at=at)


def test_a_request_is_a_hold_of_the_hosts_alone():
    known = {}

    told(known, State.REQUESTED, at=NOW)

    assert {(key, event.status) for key, event in known.items()} == {
        ((HOST, "shift"), "TENTATIVE"),
    }


def test_confirming_makes_four_firm_events():
    known = {}
    told(known, State.REQUESTED, at=NOW)

    sent = told(known, State.CONFIRMED, at=NOW)

    assert len(sent) == 4
    assert {event.status for event in known.values()} == {"CONFIRMED"}
    assert known[(HOST, "shift")].sequence == 1


def test_what_is_true_already_is_not_said_again():
    known = {}
    told(known, State.CONFIRMED, at=NOW)

    assert told(known, State.CHECKED_IN, at=NOW) == []


def test_a_new_time_raises_the_sequence_and_keeps_the_uid():
    """Rule B9: a move keeps its events."""
    known = {}
    (before, *_) = told(known, State.CONFIRMED, at=NOW)
    later = Interval(SPAN.start + timedelta(hours=1), SPAN.end + timedelta(hours=1))

    sent = told(known, State.CONFIRMED, at=NOW, span=later)

    assert [(event.kind, event.sequence) for event in sent] == [("shift", 1), ("shift", 1)]
    assert before.uid in {event.uid for event in sent}


def test_a_cancelled_event_keeps_the_time_it_was_last_told_for():
    """RFC 5546 3.2.5."""
    known = {}
    told(known, State.CONFIRMED, at=NOW)
    moved = Interval(SPAN.start + timedelta(days=1), SPAN.end + timedelta(days=1))

    sent = told(known, State.DECLINED, at=NOW, span=moved)

    assert {event.starts_at for event in sent if event.kind == "shift"} == {SPAN.start}


def test_nobody_is_told_of_the_end_of_what_they_never_had():
    assert told({}, State.DECLINED, at=NOW) == []


def test_did_not_come_keeps_the_shift_and_cancels_the_talk():
    """Section 6.2: no_show, debrief cancelled."""
    known = {}
    told(known, State.CONFIRMED, at=NOW)

    sent = told(known, State.NO_SHOW, at=NOW)

    assert {(event.kind, event.status) for event in sent} == {("debrief", "CANCELLED")}


@given(walk=st.lists(st.sampled_from(sorted(State)), max_size=12))
def test_on_any_walk_sequences_and_stamps_rise_and_nothing_ends_twice(walk):
    known, history = {}, {}
    for state in walk:
        for event in told(known, State(state), at=NOW):
            history.setdefault((event.person_id, event.kind), []).append(event)
    for versions in history.values():
        assert [event.sequence for event in versions] == list(range(len(versions)))
        assert len({event.uid for event in versions}) == 1
        stamps = [event.stamp for event in versions]
        assert stamps == sorted(set(stamps))
        ended = [event.status == "CANCELLED" for event in versions]
        assert not any(one and following for one, following in pairwise(ended))


def test_who_leaves_the_pair_is_told_so_and_comes_back_to_the_same_event():
    """Rules B9, B12: another host's event is cancelled; back again, it is the next version."""
    known, other = {}, uuid4()
    told(known, State.CONFIRMED, at=NOW)
    people = {"observer_id": OBSERVER, "host_id": other}
    swapped = wishes(State.CONFIRMED, **people, span=SPAN, debrief=TALK)
    left = outdated(swapped, existing=known.values(), at=NOW, pair=(OBSERVER, other))
    assert {wish.status for event, wish in left if event} == {"CANCELLED"}
    for event, wish in left:
        following = new(wish, NOW) if event is None else raised(event, to=wish, at=NOW)
        known[(following.person_id, following.kind)] = following

    back = outdated(wanted(State.CONFIRMED), existing=known.values(), at=NOW, pair=(OBSERVER, HOST))

    versions = {wish.person_id: raised(event, to=wish, at=NOW) for event, wish in back}
    assert (versions[HOST].status, versions[HOST].sequence) == ("CONFIRMED", 2)
    assert versions[other].status == "CANCELLED"
    assert OBSERVER not in versions


def test_what_says_more_than_its_time_is_a_new_version_for_one_person():
    """Rule B12: the visitor's own event names another host, at the same time."""
    known = {}
    told(known, State.CONFIRMED, at=NOW)

    again = outdated(
        wanted(State.CONFIRMED), existing=known.values(), at=NOW, anew=[(OBSERVER, "shift")]
    )

    assert [(event.person_id, event.kind) for event, _ in again] == [(OBSERVER, "shift")]
