"""Booking for somebody: what a delegate may do, what not, and what the log says."""

import pytest

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.domain.policy import Action, may
from shadowing.services import delegates
from shadowing.services.bookings import asking, day, leaving, looking, moving, offers
from shadowing.services.bookings.asking import Ask
from shadowing.services.bookings.offers import Query
from shadowing.services.delegates import NobodyThere
from shadowing.store import journal
from shadowing.store.tables import people
from tests import makers
from tests.makers import Ward
from tests.services.test_answering import kinds
from tests.services.test_moving import later

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


def email(ward, person_id):
    with ward.work.read() as tx:
        return tx.db.execute(people.person.select().filter_by(id=person_id)).one().email


@pytest.fixture
def assistant(ward):
    """Somebody whom the observer has named."""
    made = makers.person(ward.work, ward.organization)
    delegates.name(ward.work, ward.as_observer(), email=email(ward, made))
    return made


def hand(ward, person_id):
    own = makers.actor(ward.work, person_id)
    return delegates.acting(ward.work, own, person_id=ward.observer)


def log(ward, shift):
    with ward.work.read() as tx:
        return [
            (entry.event, entry.acting_as, entry.person_id)
            for _, entry in journal.history(tx.db, subject_id=shift.id)
        ]


def test_a_delegate_finds_asks_moves_and_cancels_and_the_log_says_who_did(ward, assistant):
    """Rule B18, P16: who acted, and as what; the visitor is told."""
    actor = hand(ward, assistant)
    slot_id = ward.slot(mode="auto")
    assert offers.find(ward.work, actor, Query()) is not None
    shift = asking.request(ward.work, actor, Ask(slot_id, GOAL))
    assert (shift.observer_id, shift.state) == (ward.observer, State.CONFIRMED)
    moved = moving.ask(ward.work, actor, shift_id=shift.id, slot_id=later(ward, mode="auto"))
    assert moved.slot_id != slot_id
    left = leaving.cancel(ward.work, actor, shift_id=shift.id)
    assert left.state is State.CANCELLED_BY_OBSERVER

    assert ("shift.requested", "delegate", assistant) in log(ward, shift)
    assert ("shift.moved", "delegate", assistant) in log(ward, shift)
    assert ("shift.cancelled_by_observer", "delegate", assistant) in log(ward, shift)
    assert "invitation" in kinds(ward.work, ward.observer)


def test_a_delegate_does_nothing_else(ward, assistant):
    """Rule B18: never attest, check in, debrief, write, promise, or read reflections."""
    actor = hand(ward, assistant)
    shift = asking.request(ward.work, actor, Ask(ward.slot(mode="auto"), GOAL))
    ward.work.clock.now = shift.starts_at
    with pytest.raises(NotFound):
        day.check_in(ward.work, actor, shift_id=shift.id, well="yes")

    allowed = {action for action in Action if actor.scopes and action in actor.scopes}
    assert allowed == {
        Action.SLOT_FIND,
        Action.SLOT_HOLD,
        Action.SHIFT_REQUEST,
        Action.SHIFT_SEE,
        Action.SHIFT_MOVE,
        Action.SHIFT_CANCEL,
    }
    assert not may(actor, Action.ACCOUNT_SEE)


def test_a_delegate_sees_what_booking_needs_and_not_the_goal(ward, assistant):
    """Section 8.1, last paragraph."""
    shift = asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))

    view = looking.show(ward.work, hand(ward, assistant), shift_id=shift.id)

    assert view.goal == ""
    assert set(view.moves) == {"cancel", "move"}


def test_only_whoever_was_named_acts_and_only_while_they_are(ward, assistant):
    """Rule B18: off until named."""
    stranger = makers.person(ward.work, ward.organization)
    with pytest.raises(NotFound):
        hand(ward, stranger)
    with pytest.raises(NotFound):
        delegates.end(ward.work, ward.as_observer(), delegate_id=stranger)

    delegates.end(ward.work, ward.as_observer(), delegate_id=assistant)

    with pytest.raises(NotFound):
        hand(ward, assistant)
    assert delegates.listed(ward.work, ward.as_observer()).mine == ()


def test_a_coordinator_asks_for_a_visitor_of_the_program_and_no_more(ward):
    """Section 6.2: ``requested``, new by CRD."""
    own = ward.as_coordinator()
    found = delegates.find(ward.work, own, email=email(ward, ward.observer))
    actor = delegates.acting(ward.work, own, person_id=found)

    shift = asking.request(ward.work, actor, Ask(ward.slot(), GOAL))

    assert ("shift.requested", "coordinator", ward.coordinator) in log(ward, shift)
    with pytest.raises(NotFound):
        leaving.cancel(ward.work, actor, shift_id=shift.id)


@pytest.mark.parametrize("who", ["nobody", "oneself", "stranger"])
def test_who_cannot_be_named_is_said(ward, who):
    far = makers.person(ward.work, makers.organization(ward.work))
    addresses = {
        "nobody": "nobody@example.org",
        "oneself": email(ward, ward.observer),
        "stranger": email(ward, far),
    }

    with pytest.raises(NobodyThere):
        delegates.name(ward.work, ward.as_observer(), email=addresses[who])
    with pytest.raises(NotAllowed):
        delegates.name(ward.work, ward.as_host(), email=addresses[who])
