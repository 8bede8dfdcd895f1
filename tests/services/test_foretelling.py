"""Letters about clearance before it costs a shift: what is newly asked, what lapsed late."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shadowing.domain.bookings.states import State
from shadowing.services.bookings import asking, clock, inviting, lapsing
from shadowing.services.bookings.asking import Ask
from shadowing.services.clearance import ruling
from shadowing.store import journal
from shadowing.store.journal import Telling
from tests.clearances import lapse, restore, state_of, told
from tests.mailbox import Mailbox, address, send, words_of
from tests.makers import NOW, Ward
from tests.services.test_ruling import SHOES, asked_for

GOAL = "See what a nurse waits for."
COMING = "requirement-coming"
LAPSED = "clearance-lapsed"


@pytest.fixture
def mailbox():
    """Run a mail server as long as the test."""
    mailbox = Mailbox().up()
    yield mailbox
    mailbox.down()


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def booked(ward):
    """Confirm a shift forty days ahead."""
    return book(ward, days=40)


def book(ward, *, days):
    slot = ward.slot(mode="auto", starts_at=NOW + timedelta(days=days))
    return asking.request(ward.work, ward.as_observer(), Ask(slot, GOAL))


def letter(ward, mailbox, person):
    """Read the last letter to somebody."""
    send(ward, mailbox)
    return " ".join(words_of(mailbox.to(address(ward, person))[-1]).split())


def test_a_visitor_hears_at_once_what_an_agreed_shift_will_need_and_by_when_rule_c9(
    ward, booked, mailbox
):
    ward.work.clock.advance(minutes=1)
    asked_for(ward.work, ward)
    clock.run(ward.work)

    assert state_of(ward.work, booked.id) == State.CONFIRMED
    text = letter(ward, mailbox, ward.observer)
    assert "Newly asked: Quiet shoes" in text
    assert "From Monday, March 22 on it is." in text
    assert "Finish it by Fri, Apr 16, 9:00 am, or the shift is released." in text
    assert "/requirements/OWN_QUIET_SHOES" in text


@pytest.mark.usefixtures("booked")
def test_it_is_said_once_however_often_the_worker_looks_rule_c9(ward):
    ward.work.clock.advance(minutes=1)
    asked_for(ward.work, ward)
    for _ in range(3):
        lapsing.nightly(ward.work)
        clock.run(ward.work)

    assert told(ward.work, COMING) == [(ward.observer, COMING)]


def test_what_binds_only_after_the_deadline_is_due_at_the_start_rule_c9(ward, mailbox):
    book(ward, days=14)
    ward.work.clock.advance(minutes=1)
    asked_for(ward.work, ward)
    clock.run(ward.work)

    assert "Finish it by Mon, Mar 22, 9:00 am" in letter(ward, mailbox, ward.observer)


@pytest.mark.usefixtures("booked")
def test_what_only_warns_says_that_the_shift_takes_place_rule_c4(ward, mailbox):
    ward.work.clock.advance(minutes=1)
    asked_for(ward.work, ward, wanted=replace(SHOES, effect="warn"))
    clock.run(ward.work)

    text = letter(ward, mailbox, ward.observer)
    assert "Without it the shift takes place all the same." in text


def test_what_is_urgent_is_told_by_the_letter_that_takes_the_shift_back_rules_c6_c9(ward, booked):
    ward.work.clock.advance(minutes=1)
    asked_for(ward.work, ward, urgent=True)
    for _ in range(2):
        clock.run(ward.work)
        lapsing.nightly(ward.work)

    assert state_of(ward.work, booked.id) == State.UNIT_APPROVED
    assert told(ward.work, COMING) == []
    waiting = {who for who, _ in told(ward.work, "waiting-for-clearance")}
    assert waiting == {ward.observer, ward.host, ward.manager}


@pytest.mark.usefixtures("booked")
def test_a_shift_that_waits_already_is_told_of_what_comes_on_top_rule_c9(ward):
    lapse(ward.work, ward.observer)
    clock.run(ward.work)
    ward.work.clock.advance(minutes=1)

    asked_for(ward.work, ward, urgent=True)
    clock.run(ward.work)

    assert told(ward.work, COMING) == [(ward.observer, COMING)]


@pytest.mark.usefixtures("booked")
def test_nobody_is_told_of_a_draft_rule_c9(ward):
    ward.work.clock.advance(minutes=1)
    ruling.draft(ward.work, ward.as_coordinator(), SHOES)
    lapsing.nightly(ward.work)
    clock.run(ward.work)

    assert told(ward.work, COMING) == []


def test_what_lapses_after_the_deadline_is_told_to_all_and_what_to_the_visitor_alone_rule_c6(
    ward, booked, mailbox
):
    send(ward, mailbox)
    ward.work.clock.now = booked.starts_at - timedelta(hours=20)
    lapse(ward.work, ward.observer)
    for _ in range(2):
        clock.run(ward.work)
        lapsing.nightly(ward.work)

    assert state_of(ward.work, booked.id) == State.CONFIRMED
    assert sorted(told(ward.work, LAPSED)) == sorted(
        (one, LAPSED) for one in (ward.observer, ward.host, ward.manager, ward.coordinator)
    )
    own_words = letter(ward, mailbox, ward.observer)
    assert "check-in is not possible while this is missing: - Privacy training" in own_words
    for other in (ward.host, ward.manager, ward.coordinator):
        text = letter(ward, mailbox, other)
        assert "Clearance has lapsed" in text or "the clearance has lapsed" in text
        assert "Privacy training" not in text


def test_a_lapse_in_time_is_told_by_the_letter_that_takes_the_shift_back_rule_c6(ward, booked):
    lapse(ward.work, ward.observer)
    clock.run(ward.work)
    restore(ward.work, ward.observer)
    clock.run(ward.work)

    assert state_of(ward.work, booked.id) == State.CONFIRMED
    assert told(ward.work, LAPSED) == []


def test_a_host_hears_that_an_invitation_is_answered_not_this_time_rule_b15(ward, mailbox):
    invite_id = inviting.invite(
        ward.work,
        ward.as_host(),
        person_id=ward.observer,
        slot_id=ward.slot(starts_at=NOW + timedelta(days=40)),
        why="Come and see a discharge on a Friday.",
    )

    inviting.decline(ward.work, ward.as_observer(), invite_id=invite_id)

    text = letter(ward, mailbox, ward.host)
    assert "cannot come to the hours you offered" in text
    assert "Sat, Apr 17, 9:00 am" in text
    assert "No reason is asked." in text
    assert "/invites" in text


@pytest.mark.parametrize(
    ("kind", "facts", "page"),
    [
        ("load-paused", {}, "/availability"),
        ("diary-unread", {}, "/availability/diary"),
        ("backup-asked", {"path": "/availability/backup/7", "other_name": "Ada"}, "/backup/7"),
    ],
)
def test_a_letter_about_no_shift_leads_to_the_page_where_it_is_done(
    ward, mailbox, kind, facts, page
):
    with ward.work.write() as tx:
        telling = Telling(f"{kind}:1", kind, ward.host, facts=facts)
        journal.tell(tx.db, telling, at=tx.now, domain=tx.domain)

    assert f"{page} " in letter(ward, mailbox, ward.host) + " "
