"""Reverse shadows (B16): a clinician goes with an administrator; same states, roles exchanged."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import NotAvailable, ReportingLine, SlotFull, SlotGone
from shadowing.domain.bookings.meetings import (
    Draft,
    MeetingClash,
    MeetingConfidential,
    MeetingHours,
    MeetingSeats,
    MeetingTextMissing,
    MeetingTextTooLong,
    MeetingTooSoon,
    PatientDetailInMeeting,
)
from shadowing.domain.bookings.proposals import NotMovable
from shadowing.domain.bookings.states import By, State
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.services.availability import horizon
from shadowing.services.bookings import (
    answering,
    choosing,
    elsewhere,
    listing,
    looking,
    meetings,
    moving,
    offers,
    other_hours,
)
from shadowing.store.tables import bookings, people
from shadowing.store.tables.journal import outbox
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


def draft(**changes):
    plain = {
        "what": "Monthly budget review",
        "room": "Board room, floor 2",
        "day": (NOW + timedelta(days=14)).date(),
        "start": "09:00",
        "end": "11:00",
        "seats": 1,
        "open_to_visitors": True,
    }
    return Draft(**(plain | changes))


def offered(ward, **changes):
    return meetings.offer(ward.work, ward.as_observer(), draft(**changes), site_id=ward.site)


def ask(ward, meeting_id, actor=None, goal="See who decides on beds."):
    return meetings.ask(ward.work, actor or ward.as_host(), meeting_id=meeting_id, goal=goal)


def test_a_clinician_asks_to_come_along_and_the_administrator_says_yes(ward):
    """S0.1, rule B16: same states, roles exchanged; the letter says which meeting."""
    meeting_id = offered(ward)
    shift = ask(ward, meeting_id)

    accepted = answering.accept(ward.work, ward.as_observer(), shift_id=shift.id)

    assert (shift.state, shift.kind, shift.unit_id) == (State.REQUESTED, "reverse", None)
    assert (shift.observer_id, shift.host_id) == (ward.host, ward.observer)
    assert accepted.state is State.CONFIRMED
    assert makers.taken(ward.work, meeting_id) == 1
    (mine,) = meetings.own(ward.work, ward.as_observer())
    assert [(shift_id, state) for shift_id, _, state in mine.comers] == [(shift.id, "confirmed")]
    with ward.work.read() as tx:
        kinds = [(m.recipient_id, m.kind) for m in tx.db.execute(outbox.select()).all()]
    assert (ward.observer, "request-received") in kinds
    assert not any(person == ward.manager for person, _ in kinds)


def test_a_confidential_meeting_cannot_be_offered(ward):
    """Rule B16."""
    with pytest.raises(MeetingConfidential):
        offered(ward, open_to_visitors=False)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"what": " "}, MeetingTextMissing),
        ({"room": ""}, MeetingTextMissing),
        ({"what": "x" * 121}, MeetingTextTooLong),
        ({"what": "About Mr. Miller, born 3/4/1950"}, PatientDetailInMeeting),
        ({"end": "08:00"}, MeetingHours),
        ({"end": "18:00"}, MeetingHours),
        ({"day": NOW.date()}, MeetingTooSoon),
        ({"seats": 0}, MeetingSeats),
        ({"seats": 7}, MeetingSeats),
    ],
)
def test_what_cannot_be_offered(ward, changes, refusal):
    with pytest.raises(refusal):
        offered(ward, **changes)


def test_an_administrator_is_in_one_meeting_at_a_time(ward):
    """Rule B7."""
    offered(ward)

    with pytest.raises(MeetingClash):
        offered(ward, start="10:00", end="12:00")


def test_a_meeting_has_as_many_seats_as_were_offered(ward):
    """Rule B2: the third of three who ask for two seats is refused."""
    meeting_id = offered(ward, seats=2)
    clinicians = [makers.actor(ward.work, ward.another_host(), "host") for _ in range(3)]

    first, second = (ask(ward, meeting_id, each) for each in clinicians[:2])

    assert first.host_id == second.host_id
    with pytest.raises(SlotFull):
        ask(ward, meeting_id, clinicians[2])


def test_nobody_follows_a_person_they_report_to(ward):
    """Rule P6 holds for reverse shadows too; when it comes later, at the yes."""
    meeting_id = offered(ward, seats=2)
    below = ward.another_host(manager_id=ward.observer)
    waiting = ask(ward, meeting_id)
    with ward.work.write() as tx:
        moved = people.person.update().where(people.person.c.id == ward.host)
        tx.db.execute(moved.values(manager_id=ward.observer))

    with pytest.raises(ReportingLine):
        ask(ward, meeting_id, makers.actor(ward.work, below, "host"))
    with pytest.raises(NotAvailable):
        answering.accept(ward.work, ward.as_observer(), shift_id=waiting.id)


def test_a_meeting_is_found_by_the_clinicians_of_the_house_alone(ward):
    """Rules B16, P1: nobody else's clinicians, and no search for shifts on units finds it."""
    meeting_id = offered(ward)
    other = Ward(ward.work)

    found = meetings.find(ward.work, ward.as_host())

    assert [card.meeting.id for card in found.cards] == [meeting_id]
    assert meetings.find(ward.work, other.as_host()).cards == ()
    with pytest.raises(NotFound):
        meetings.one(ward.work, other.as_host(), meeting_id=meeting_id)
    with pytest.raises(NotAllowed):
        meetings.find(ward.work, ward.as_observer())
    with pytest.raises(NotFound):
        choosing.offer(ward.work, ward.as_observer(ward.another_observer()), slot_id=meeting_id)
    page = offers.slots_page(ward.work, ward.as_observer(ward.another_observer()), offers.Listing())
    assert page.cards == ()


def test_a_meeting_taken_back_ends_what_waits_and_keeps_what_was_agreed(ward):
    """Section 6.4: who asked is told "not available"."""
    meeting_id = offered(ward, seats=2)
    agreed = ask(ward, meeting_id)
    answering.accept(ward.work, ward.as_observer(), shift_id=agreed.id)
    waits = ask(ward, meeting_id, makers.actor(ward.work, ward.another_host(), "host"))

    meetings.take_back(ward.work, ward.as_observer(), meeting_id=meeting_id)

    states = {row.id: row.state for row in makers.shifts(ward.work)}
    assert states[agreed.id] == State.CONFIRMED
    assert states[waits.id] == State.DECLINED
    with pytest.raises(SlotGone):
        ask(ward, meeting_id, makers.actor(ward.work, ward.another_host(), "host"))
    with pytest.raises(NotFound):
        meetings.take_back(
            ward.work, ward.as_observer(ward.another_observer()), meeting_id=meeting_id
        )


def test_a_meeting_is_when_it_is(ward):
    """Rule B16: it is not moved to a shift on a unit, and no other hours of it are offered."""
    shift = ask(ward, offered(ward))

    seen = looking.show(ward.work, ward.as_host(), shift_id=shift.id)

    assert "move" not in seen.moves
    with pytest.raises(NotMovable):
        moving.ask(ward.work, ward.as_host(), shift_id=shift.id, slot_id=ward.slot())
    with pytest.raises(NotFound):
        other_hours.desk(ward.work, ward.as_observer(), shift_id=shift.id)
    assert elsewhere.three(ward.work, ward.as_host(), shift_id=shift.id) == ()


def test_renewing_a_hosts_hours_leaves_their_meetings(ward):
    """Somebody may host on a unit and offer meetings."""
    both = makers.person(
        ward.work,
        ward.organization,
        roles=("observer", "host"),
        host_role="rn_ms",
        host_unit_id=ward.unit,
    )
    actor = makers.actor(ward.work, both)
    meetings.offer(ward.work, actor, draft(), site_id=ward.site)

    horizon.extend_all(ward.work)

    assert len(meetings.own(ward.work, actor)) == 1
