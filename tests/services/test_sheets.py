"""Printed sheets: for hosts without any address, by who leads the unit; nobody answers for them."""

import pytest
from sqlalchemy import update

from shadowing.adapters.credentials import digest
from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.domain.phone import Purpose
from shadowing.services import phone, sheets
from shadowing.services.availability import breaks
from shadowing.services.bookings import answering, looking
from shadowing.store.journal import history
from shadowing.store.tables import people
from shadowing.store.tables.messages import phone_link
from tests import makers
from tests.mailbox import GOAL, ask
from tests.makers import Ward
from tests.visits import Visit


@pytest.fixture
def ward(work):
    """Make a ward whose host has neither email nor phone."""
    ward = Ward(work)
    reach(ward, email=None, phone="")
    return ward


def reach(ward, **values):
    with ward.work.write() as tx:
        mine = people.person.c.id == ward.host
        tx.db.execute(update(people.person).where(mine).values(**values))


def names(found):
    return [host.name for host in found]


def test_a_lead_sees_their_own_units_hosts_on_paper_and_nobody_elses(ward, work):
    """Rule N8; section 8.1: own unit."""
    elsewhere = makers.unit(work, ward.site)
    ward.another_host(host_unit_id=elsewhere, email=None)
    ward.another_host(email=None, phone="555-0111")

    assert names(sheets.hosts(work, ward.as_manager(), texts=True)) == [ward.as_host().name]
    assert len(sheets.hosts(work, ward.as_manager(), texts=False)) == 2
    assert len(sheets.hosts(work, ward.as_coordinator(), texts=True)) == 2
    for who in (ward.as_observer(), ward.as_host()):
        assert sheets.hosts(work, who, texts=True) == ()
        with pytest.raises(NotFound):
            sheets.show(work, who, host_id=ward.host, texts=True)


def test_a_sheet_lists_what_waits_and_no_goal(ward, work):
    """Section 8.1: the goal of a visit is not the unit's to read."""
    ask(ward)
    sheet = sheets.show(work, ward.as_manager(), host_id=ward.host, texts=True)

    (item,) = sheet.items
    assert (item.what, item.can) == ("request", ("accept", "decline"))
    assert item.who == ward.as_observer().name
    assert GOAL not in str(sheet)


def test_a_signed_yes_is_the_hosts_and_who_entered_it_is_on_record(ward, work):
    """Rule A1: nobody answers for a host; P16: who, acting as, what."""
    shift = ask(ward)
    signed = sheets.sign(
        work, ward.as_manager(), host_id=ward.host, do="accept", item_id=shift.id, texts=True
    )
    answering.accept(work, signed.actor, shift_id=signed.id)

    with work.read() as tx:
        told = [(each.event, each.person_id) for _, each in history(tx.db, subject_id=shift.id)]
    assert told.index(("sheet.entered", ward.manager)) < told.index(
        ("shift.host_accepted", ward.host)
    )
    with pytest.raises(NotFound):
        answering.cancel(work, signed.actor, shift_id=shift.id)


def test_the_visitor_is_not_told_how_the_host_answered(ward, work):
    shift = ask(ward)
    who = {"host_id": ward.host, "item_id": shift.id, "texts": True}
    signed = sheets.sign(work, ward.as_manager(), do="decline", **who)
    answering.decline(work, signed.actor, shift_id=signed.id)

    seen = looking.show(work, ward.as_observer(), shift_id=shift.id)
    assert "sheet.entered" not in {each.event for each in seen.timeline}
    told = looking.show(work, ward.as_coordinator(), shift_id=shift.id)
    assert "sheet.entered" in {each.event for each in told.timeline}


@pytest.mark.parametrize("do", ["cancel", "mark-held", "agree"])
def test_what_is_not_on_the_sheet_cannot_be_entered(ward, work, do):
    shift = ask(ward)
    who = {"host_id": ward.host, "item_id": shift.id, "texts": True}
    with pytest.raises(NotFound):
        sheets.sign(work, ward.as_manager(), do=do, **who)


def test_nobody_enters_for_a_host_who_can_be_reached(ward, work):
    """Rule A1: with an address of their own they answer themselves."""
    shift = ask(ward)
    reach(ward, email="host@example.org")
    who = {"host_id": ward.host, "item_id": shift.id, "texts": True}
    with pytest.raises(NotFound):
        sheets.sign(work, ward.as_manager(), do="accept", **who)


def test_a_break_is_entered_and_nothing_else_with_it(ward, work):
    who = {"host_id": ward.host, "item_id": None, "texts": True}
    signed = sheets.sign(work, ward.as_manager(), do="break", **who)
    breaks.take(work, signed.actor, weeks="1")

    shift = ask(ward, mode="auto", host_id=ward.another_host())
    with pytest.raises(NotAllowed):
        breaks.take(work, ward.as_manager(), weeks="1")
    with pytest.raises(NotFound):
        answering.cancel(work, signed.actor, shift_id=shift.id)


def test_talk_side_and_promise_are_on_the_sheet(ward, work):
    """Rule N8: everything a host must do; the side by code alone (8.1)."""
    visit = Visit(ward)
    visit.happen()
    listed = sheets.show(work, ward.as_manager(), host_id=ward.host, texts=True).items
    assert {(each.what, each.can) for each in listed} == {("talk", ("mark-held",)), ("side", ())}
    visit.talk()
    visit.promise()
    listed = sheets.show(work, ward.as_manager(), host_id=ward.host, texts=True).items
    assert ("promise", ("agree",)) in {(each.what, each.can) for each in listed}


def test_codes_are_drawn_by_a_press_and_kept_as_digests(ward, work):
    """Rule P17."""
    shift = ask(ward)
    sheets.show(work, ward.as_manager(), host_id=ward.host, texts=True)
    with work.read() as tx:
        assert tx.db.execute(phone_link.select()).all() == []
    _, tokens = sheets.codes(work, ward.as_manager(), host_id=ward.host, texts=True)

    assert set(tokens) == {
        (shift.id, Purpose.ANSWER),
        (None, Purpose.HOURS),
        (None, Purpose.BREAK),
    }
    link = phone.open_link(work, tokens[shift.id, Purpose.ANSWER])
    assert (link.actor.person_id, link.shift_id) == (ward.host, shift.id)
    with work.read() as tx:
        kept = {row.digest for row in tx.db.execute(phone_link.select())}
    assert kept == {digest(token) for token in tokens.values()}
