"""Reverse shadows (B16): a clinician goes with an administrator; same states, roles exchanged."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import By, State
from shadowing.domain.errors import NotFound
from shadowing.services.bookings import answering, listing, looking
from shadowing.store.tables import bookings
from tests import makers
from tests.makers import NOW, Ward


@pytest.fixture
def ward(work):
    return Ward(work)


def asked(ward, **changes):
    """A nurse has asked to sit in on a director's meeting."""
    starts = NOW + timedelta(days=10)
    plain = {
        "program_id": ward.program,
        "observer_id": ward.host,
        "host_id": ward.observer,
        "site_id": ward.site,
        "kind": "reverse",
        "what": "Monthly budget review",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "local_date": starts.date(),
        "band": "day",
        "mode": "ask",
        "host_role": "rn_ms",
        "template": "T1",
        "state": State.REQUESTED,
        "goal": "You ask us for beds. I want to see who asks you.",
        "requested_at": NOW,
        "answer_by": NOW + timedelta(days=3),
    }
    return makers.add(ward.work, bookings.shift, **(plain | changes))


def test_an_administrator_says_yes_to_a_clinician_and_no_unit_is_asked(ward):
    """Rule B16: the clinician's manager is no approver; nothing needs clearance at a meeting."""
    shift_id = asked(ward)
    seen = looking.show(ward.work, ward.as_observer(), shift_id=shift_id)

    shift = answering.accept(ward.work, ward.as_observer(), shift_id=shift_id)

    assert seen.part is By.HOST
    assert {"accept", "decline"} <= set(seen.moves)
    assert seen.goal.startswith("You ask us for beds")
    assert shift.state is State.CONFIRMED
    with pytest.raises(NotFound):
        answering.approve(ward.work, ward.as_manager(), shift_id=shift_id)


def test_the_clinician_has_the_visitors_part(ward):
    """Rule B16: they see it, and take their request back."""
    shift_id = asked(ward)
    line = listing.ahead(ward.work, ward.as_host())[0]

    shift = answering.withdraw(ward.work, ward.as_host(), shift_id=shift_id)

    assert (line.part, line.unit_name) == (By.OBSERVER, "Monthly budget review")
    assert shift.state is State.WITHDRAWN


def test_the_part_counts_and_not_the_role(ward):
    """Rules B16, P1: no other administrator or clinician comes near it."""
    shift_id = asked(ward)
    others = (
        makers.actor(ward.work, ward.another_host(), "host"),
        ward.as_observer(ward.another_observer()),
    )

    for other in others:
        with pytest.raises(NotFound):
            looking.show(ward.work, other, shift_id=shift_id)
