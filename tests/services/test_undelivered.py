"""What did not arrive: seen on the shift and by the coordinator, and sent again (N5, 8.1)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shadowing.domain.errors import NotFound
from shadowing.services.bookings import looking
from shadowing.services.notifications import undelivered
from shadowing.store import deliveries
from shadowing.store.journal import history
from shadowing.store.tables import people
from tests import makers
from tests.mailbox import Mailbox, address, ask, send, waiting_rows
from tests.makers import Ward


@pytest.fixture
def mailbox():
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def refused(ward, mailbox):
    """Let everything about a confirmed shift be refused; gives the shift."""
    shift = ask(ward, mode="auto")
    mailbox.desk.answer = "550 no such mailbox"
    send(ward, mailbox)
    mailbox.desk.answer = "250 OK"
    return shift


def messages(ward, who, shift):
    """Say what one part may know was sent about a shift: kind, to whom, where it stands."""
    view = looking.show(ward.work, getattr(ward, who)(), shift_id=shift.id)
    return [(each.kind, each.to, each.state) for each in view.messages]


def test_each_part_sees_of_the_messages_what_the_matrix_says(ward, mailbox):
    """Section 8.1: observer and host their own, the coordinator all, the unit none."""
    shift = ask(ward, mode="auto")
    send(ward, mailbox)

    own = [("invitation", "", "sent")] * 2
    assert messages(ward, "as_observer", shift) == own
    assert messages(ward, "as_host", shift) == own
    assert messages(ward, "as_manager", shift) == []
    all_of_them = messages(ward, "as_coordinator", shift)
    assert len(all_of_them) == 5
    assert {to for _, to, _ in all_of_them} == {
        ward.as_observer().name,
        ward.as_host().name,
        ward.as_manager().name,
    }


def test_what_was_refused_is_listed_with_its_reason(ward, work, refused):
    """Rule N5: a final failure is shown to the coordinator and on the shift."""
    assert {state for _, _, state in messages(ward, "as_coordinator", refused)} == {"failed"}
    found = undelivered.failed(work, ward.as_coordinator(), page=1)

    assert found.failed == len(found.rows) == 5
    assert all("550 no such mailbox" in row.trouble for row in found.rows)
    assert {row.shift_id for row in found.rows} == {refused.id}


def test_it_is_sent_again_with_the_message_id_it_had(ward, work, refused, mailbox):
    """Rule N5; on record who did it."""
    (row, *_) = (
        row
        for row in undelivered.failed(work, ward.as_coordinator(), page=1).rows
        if row.recipient_id == ward.host
    )
    before = {one.message_id for one in waiting_rows(work)}
    undelivered.send_again(work, ward.as_coordinator(), code=row.code)
    send(ward, mailbox)

    (message,) = mailbox.to(address(ward, ward.host))
    assert message["Message-ID"] in before
    assert row.code in message["Message-ID"]
    assert undelivered.failed(work, ward.as_coordinator(), page=1).failed == 4
    with work.read() as tx:
        ((_, entry),) = history(tx.db, subject_id=ward.host)
    assert (entry.event, entry.person_id) == ("message.sent_again", ward.coordinator)
    with pytest.raises(NotFound):
        undelivered.send_again(work, ward.as_coordinator(), code=row.code)
    assert refused.id


def test_sent_again_it_is_tried_for_three_days_anew(ward, work, clock, refused, mailbox):
    row = undelivered.failed(work, ward.as_coordinator(), page=1).rows[0]
    clock.advance(days=5)
    mailbox.down()
    undelivered.send_again(work, ward.as_coordinator(), code=row.code)
    send(ward, mailbox)

    assert undelivered.tried(work, ward.as_coordinator(), page=1).tried == 1
    assert refused.id


def test_only_who_looks_after_the_program_or_the_system_sees_it(ward, work, refused):
    """Section 8.1: no other role, and nobody of another house; looks like nothing there (P1)."""
    elsewhere = makers.organization(work)
    makers.program(work, elsewhere)
    stranger = makers.person(work, elsewhere, roles=("coordinator",))
    code = undelivered.failed(work, ward.as_coordinator(), page=1).rows[0].code
    assert undelivered.failed(work, makers.actor(work, stranger, "coordinator"), page=1).rows == ()
    with pytest.raises(NotFound):
        undelivered.send_again(work, makers.actor(work, stranger, "coordinator"), code=code)
    for who in (ward.as_observer(), ward.as_host(), ward.as_manager()):
        with pytest.raises(NotFound):
            undelivered.failed(work, who, page=1)
    assert refused.id


def test_the_system_administrator_sees_address_and_status_and_no_body(ward, work, refused):
    """Section 8.1: "address and status, no body"."""
    system = makers.person(work, ward.organization, roles=("sysadmin",))
    found = undelivered.failed(work, makers.actor(work, system, "sysadmin"), page=1)

    assert not found.names_shift
    assert {row.email for row in found.rows} >= {address(ward, ward.host)}
    assert "message" not in deliveries.Failure.__slots__
    assert refused.id


def test_a_visitor_without_an_address_shows_as_not_reached(ward, work, mailbox):
    with work.write() as tx:
        mine = people.person.c.id == ward.observer
        tx.db.execute(update(people.person).where(mine).values(email=None, active=True))
    ask(ward, mode="auto", starts_at=makers.NOW + timedelta(days=15))
    send(ward, mailbox)

    rows = undelivered.failed(work, ward.as_coordinator(), page=1).rows
    assert {row.recipient_id for row in rows} == {ward.observer}
