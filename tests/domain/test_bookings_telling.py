"""Who is told what when a shift comes to rest (section 6.2, column "Told")."""

from shadowing.domain.bookings.states import By, State
from shadowing.domain.bookings.telling import TOLD, letters


def told(before, after, mover):
    return {(letter.to.value, letter.kind) for letter in letters(before, after=after, mover=mover)}


def test_every_state_says_whom_it_tells():
    assert set(TOLD) == set(State)


def test_a_request_is_told_to_its_host_and_to_no_manager():
    assert told(None, State.REQUESTED, By.OBSERVER) == {("host", "request-received")}


def test_a_unit_that_never_knew_is_not_told_of_the_end():
    assert told(State.REQUESTED, State.WITHDRAWN, By.OBSERVER) == {
        ("host", "withdrawn"),
        ("observer", "cancelled"),
    }
    assert ("unit_manager", "withdrawn") in told(State.HOST_ACCEPTED, State.WITHDRAWN, By.OBSERVER)


def test_nobody_gets_a_letter_about_what_they_did_but_for_their_calendar():
    """The other person is told (D1); the own calendar still has to change (N2)."""
    assert told(State.CONFIRMED, State.CHECKED_IN, By.HOST) == {("observer", "checked-in")}
    assert ("host", "cancelled") in told(State.CONFIRMED, State.CANCELLED_BY_HOST, By.HOST)


def test_an_observer_reads_not_available_whoever_said_no():
    """Rules B6, B11, P8."""
    for after, mover in (
        (State.DECLINED, By.HOST),
        (State.EXPIRED, By.CLOCK),
        (State.CANCELLED_BY_HOST, By.HOST),
    ):
        assert ("observer", "not-available") in told(State.HOST_ACCEPTED, after, mover)
