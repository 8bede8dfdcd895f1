"""A host invites an administrator (B15, S1.6)."""

from datetime import timedelta

import pytest

from shadowing.domain.bookings.asking import SlotFull
from shadowing.domain.bookings.inviting import (
    InvitedAlready,
    InviteOver,
    LeaderNotAvailable,
    PatientDetailInWhy,
    TooManyInvites,
    WhyMissing,
    WhyTooLong,
)
from shadowing.domain.bookings.states import State
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.services.bookings import asking, inviting
from shadowing.services.bookings.asking import Ask
from shadowing.store.tables import people
from shadowing.store.tables.inviting import leader_invite
from shadowing.store.tables.journal import audit, outbox
from tests import makers
from tests.makers import NOW, Ward

WHY = "Come and see a discharge on a Friday."
GOAL = "See what holds people up."


@pytest.fixture
def ward(work):
    return Ward(work)


def invite(ward, slot_id=None, person_id=None, why=WHY):
    person_id = person_id or ward.observer
    slot_id = slot_id or ward.slot()
    return inviting.invite(ward.work, ward.as_host(), person_id=person_id, slot_id=slot_id, why=why)


def accept(ward, invite_id, actor=None):
    return inviting.accept(ward.work, actor or ward.as_observer(), invite_id=invite_id, goal=GOAL)


def state(ward, invite_id):
    with ward.work.read() as tx:
        found = leader_invite.select().where(leader_invite.c.id == invite_id)
        return tx.db.execute(found).one().state


def test_a_yes_makes_a_shift_that_its_host_has_said_yes_to(ward):
    """S1.6, rule B15: created at ``host_accepted``; from there as any other."""
    slot_id = ward.slot()
    invite_id = invite(ward, slot_id)
    assert makers.taken(ward.work, slot_id) == 0

    shift = accept(ward, invite_id)

    assert shift.state is State.CONFIRMED
    assert state(ward, invite_id) == "accepted"
    with ward.work.read() as tx:
        rows = tx.db.execute(
            audit.select().where(audit.c.subject_id == shift.id).order_by(audit.c.id)
        ).all()
        told = tx.db.execute(outbox.select()).all()
    assert [(row.to_state, row.acting_as, row.code) for row in rows][:2] == [
        ("requested", "observer", ""),
        ("host_accepted", "host", "invitation"),
    ]
    assert (ward.observer, "invited") in [(each.recipient_id, each.kind) for each in told]
    assert "request-received" not in [each.kind for each in told]


def test_a_unit_that_must_approve_is_still_asked(work):
    """Rules B3, B15: the host's yes is not the unit's."""
    ward = Ward(work, auto_approve=False)

    assert accept(ward, invite(ward)).state is State.HOST_ACCEPTED


def test_no_is_fine_and_so_is_no_answer(ward, clock):
    """Rule B15: declined; lapsed after 14 days."""
    slots = [ward.slot(starts_at=NOW + timedelta(days=40 + each)) for each in range(2)]
    no, silent = (invite(ward, each) for each in slots)

    inviting.decline(ward.work, ward.as_observer(), invite_id=no)
    clock.now = NOW + timedelta(days=14)
    lapsed = inviting.run(ward.work)

    assert (state(ward, no), state(ward, silent), lapsed) == ("declined", "lapsed", 1)
    with pytest.raises(InviteOver):
        accept(ward, silent)


def test_hours_that_others_took_meanwhile_are_refused(ward):
    """Rule B8: an invitation holds no seat, and passes no check by."""
    slot_id = ward.slot()
    invite_id = invite(ward, slot_id)
    other = ward.as_observer(ward.another_observer())
    asking.request(ward.work, other, Ask(slot_id, GOAL))

    with pytest.raises(SlotFull):
        accept(ward, invite_id)
    assert state(ward, invite_id) == "open"


def test_line_list_and_calendar_read_alike(ward):
    """Rules P6, P7: not available, whatever the reason."""
    boss = ward.another_observer()
    kept_apart = ward.another_observer()
    with ward.work.write() as tx:
        mine = people.person.update().where(people.person.c.id == ward.host)
        tx.db.execute(mine.values(manager_id=boss))
    makers.add(
        ward.work,
        people.do_not_pair,
        one_id=kept_apart,
        other_id=ward.host,
    )

    slot_id = ward.slot()
    for person_id in (boss, kept_apart):
        with pytest.raises(LeaderNotAvailable) as refused:
            invite(ward, slot_id, person_id=person_id)
        assert refused.value.facts == {}


def test_a_host_waits_for_three_answers_at_most_and_asks_nobody_twice(ward):
    slots = [ward.slot(starts_at=NOW + timedelta(days=20 + each)) for each in range(4)]
    first = invite(ward, slots[0])
    with pytest.raises(InvitedAlready):
        invite(ward, slots[0])
    for each in slots[1:3]:
        invite(ward, each)
    with pytest.raises(TooManyInvites):
        invite(ward, slots[3])

    inviting.take_back(ward.work, ward.as_host(), invite_id=first)

    assert state(ward, invite(ward, slots[3])) == "open"
    with pytest.raises(InviteOver):
        accept(ward, first)


@pytest.mark.parametrize(
    ("why", "refusal"),
    [(" ", WhyMissing), ("x" * 201, WhyTooLong), ("About MRN 4482913", PatientDetailInWhy)],
)
def test_the_line_that_says_why_is_checked(ward, why, refusal):
    """Rule L3."""
    with pytest.raises(refusal):
        invite(ward, why=why)


def test_nobody_answers_for_another_and_nobody_offers_anothers_hours(ward):
    """Rule P1."""
    invite_id = invite(ward)
    other = ward.as_observer(ward.another_observer())
    another_host = makers.actor(ward.work, ward.another_host(), "host")

    with pytest.raises(NotFound):
        accept(ward, invite_id, other)
    with pytest.raises(NotFound):
        inviting.take_back(ward.work, another_host, invite_id=invite_id)
    with pytest.raises(NotFound):
        inviting.invite(
            ward.work,
            another_host,
            person_id=ward.observer,
            slot_id=ward.slot(starts_at=NOW + timedelta(days=30)),
            why=WHY,
        )
    with pytest.raises(NotAllowed):
        inviting.mine(ward.work, ward.as_observer())


def test_leaders_are_found_by_a_part_of_their_name(ward):
    makers.person(ward.work, ward.organization, name="Ada Quill")
    makers.person(Ward(ward.work).work, Ward(ward.work).organization, name="Ada Elsewhere")

    found, hours = inviting.desk(ward.work, ward.as_host(), name="ada")

    assert [each.name for each in found] == ["Ada Quill"]
    assert hours == ()
    assert inviting.desk(ward.work, ward.as_host(), name="a")[0] == ()
