"""What becomes of a letter when its turn has come (rules N2, N5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shadowing.domain.bookings.invitations import Event
from shadowing.domain.bookings.states import DID_NOT_TAKE_PLACE, WAITING, State
from shadowing.domain.bookings.telling import TOLD
from shadowing.domain.notifications import (
    TRUE_IN,
    LetGo,
    Sending,
    Waiting,
    decide,
    host_is_named,
    next_try,
)

NOW = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
EVENT = Event(
    id=uuid4(),
    shift_id=uuid4(),
    person_id=uuid4(),
    kind="shift",
    uid="shadow-1@localhost",
    sequence=2,
    stamp=NOW,
    created_at=NOW,
    starts_at=NOW + timedelta(days=7),
    ends_at=NOW + timedelta(days=7, hours=4),
    status="CONFIRMED",
)
INVITATION = Waiting(kind="invitation", sequence=2, event=EVENT, state=State.CONFIRMED)
CANCEL = replace(
    INVITATION,
    kind="cancelled",
    event=replace(EVENT, status="CANCELLED"),
    state=State.CANCELLED_BY_HOST,
)


def test_the_newest_version_is_sent():
    assert decide(INVITATION, now=NOW) == Sending("invitation", EVENT)


def test_an_older_version_gives_way():
    assert decide(replace(INVITATION, sequence=1), now=NOW) is LetGo.NEWER


def test_an_invitation_to_the_past_is_let_go():
    assert decide(INVITATION, now=EVENT.ends_at) is LetGo.OVER


def test_a_cancellation_reaches_whoever_may_have_been_told():
    assert decide(CANCEL, now=NOW) == Sending("cancelled", CANCEL.event)
    assert decide(CANCEL, now=NOW + timedelta(days=30)) == Sending("cancelled", CANCEL.event)


def test_a_cancellation_reaches_nobody_who_was_never_told():
    assert decide(replace(CANCEL, received=False), now=NOW) is LetGo.NEVER_TOLD


def test_the_observer_hears_what_became_of_the_request_even_without_an_event():
    """Their own asking is known to them, though no calendar of theirs ever was."""
    waiting = replace(CANCEL, kind="not-available", received=False, about_own_request=True)

    assert decide(waiting, now=NOW) == Sending("not-available", None)


def test_a_hold_whose_question_was_answered_goes_out_as_an_invitation():
    """The event still has to reach the calendar; "can she join you?" would be stale."""
    waiting = replace(INVITATION, kind="request-received", state=State.HOST_ACCEPTED)

    assert decide(waiting, now=NOW) == Sending("invitation", EVENT)


def test_a_letter_without_an_event_is_sent_while_it_is_true():
    asked = Waiting(kind="unit-asked", state=State.HOST_ACCEPTED, ends_at=EVENT.ends_at)

    assert decide(asked, now=NOW) == Sending("unit-asked", None)
    assert decide(replace(asked, state=State.WITHDRAWN), now=NOW) is LetGo.NO_LONGER_TRUE
    assert decide(asked, now=EVENT.ends_at) is LetGo.OVER


def test_a_letter_about_no_shift_is_sent():
    assert decide(Waiting(kind="sign-in-link"), now=NOW) == Sending("sign-in-link", None)


@pytest.mark.parametrize(
    ("state", "kind"),
    [(state, kind) for state, told in TOLD.items() for _, kind in told],
)
def test_whatever_a_state_tells_is_true_in_that_state(state, kind):
    """Section 6.2: no letter is dropped in the very state that sends it."""
    assert kind not in TRUE_IN or state in TRUE_IN[kind]


def test_it_is_tried_less_and_less_often_for_three_days():
    waits = [next_try(attempts=n, queued_at=NOW, now=NOW) - NOW for n in range(1, 8)]

    assert [wait // timedelta(minutes=1) for wait in waits] == [1, 2, 5, 15, 60, 60, 60]
    late = NOW + timedelta(hours=71)
    assert next_try(attempts=70, queued_at=NOW, now=late) == NOW + timedelta(hours=72)
    assert next_try(attempts=71, queued_at=NOW, now=late + timedelta(minutes=1)) is None


@pytest.mark.parametrize("state", State)
def test_a_blind_slots_host_is_named_from_the_confirmation_on(state):
    """Rules A2, A10, N3."""
    assert host_is_named("blind", state=state) is (state not in WAITING | DID_NOT_TAKE_PLACE)
    assert host_is_named("ask", state=state)
