"""How long a link to sign in lasts: a quarter of an hour, or a day where nobody asked for it."""

from datetime import timedelta

import pytest

from shadowing.domain.accounts import LinkEnded
from shadowing.domain.people import Role
from shadowing.domain.roster import Details
from shadowing.services.accounts import entering
from shadowing.services.people import changing
from shadowing.store.accounts import entrance
from tests.mailbox import Mailbox, address, send, words_of
from tests.makers import Ward
from tests.services.test_notifications import ask_for_link, link_in


@pytest.fixture
def mailbox():
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    return Ward(work)


def links(work):
    with work.read() as tx:
        return tx.db.execute(entrance.sign_in_link.select()).all()


def test_a_link_that_somebody_asked_for_lasts_a_quarter_of_an_hour(ward, clock, mailbox):
    """Rule P17."""
    ask_for_link(ward)
    send(ward, mailbox)

    (link,) = links(ward.work)
    assert link.expires_at - clock.now == timedelta(minutes=15)
    (message,) = mailbox.to(address(ward, ward.observer))
    assert "If you did not ask for it" in words_of(message)


@pytest.mark.parametrize(
    ("way", "did"),
    [
        ("invite", "has added you"),
        ("send_link", "sends you this link"),
        ("come_back", "has let you in again"),
    ],
)
def test_a_link_that_the_coordinator_sends_lasts_a_day(ward, clock, mailbox, way, did):
    """ASVS 6.4.1: an invitation is for one use, within 24 hours; P17."""
    coordinator = ward.as_coordinator()
    person_id = ward.observer
    if way == "invite":
        wanted = Details(name="Ida New", email="ida@example.org", roles=frozenset({Role.OBSERVER}))
        person_id = changing.invite(ward.work, coordinator, wanted)
    elif way == "send_link":
        changing.send_link(ward.work, coordinator, person_id=person_id)
    else:
        changing.leave(ward.work, coordinator, person_id=person_id)
        changing.come_back(ward.work, coordinator, person_id=person_id)
    send(ward, mailbox)

    (link,) = links(ward.work)
    assert link.expires_at - clock.now == timedelta(hours=24)
    message = mailbox.to(address(ward, person_id))[-1]
    assert f"{coordinator.name} {did}." in words_of(message)
    token = link_in(message)
    clock.advance(hours=23)
    entering.look_at_link(ward.work, token)
    clock.advance(hours=1)
    with pytest.raises(LinkEnded):
        entering.look_at_link(ward.work, token)
