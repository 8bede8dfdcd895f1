"""Sheets on pages: list, print, codes, and entering what a host signed (N8, S1.5)."""

from uuid import uuid4

import pytest

from shadowing.domain.people import Role
from shadowing.store.tables import people
from tests.makers import Ward, shifts
from tests.web.finding import change, signed_in
from tests.web.test_shifts import ask, named, opened


@pytest.fixture
def ward(work):
    ward = named(Ward(work))
    change(work, people.person, ward.host, email=None, phone="")
    return ward


@pytest.fixture
def lead(app, work, ward):
    return signed_in(app, work, ward.manager, Role.UNIT_MANAGER)


def test_a_lead_prints_and_enters(lead, work, app, ward):
    """Criterion S1.5: a host with no address takes part by printed sheet."""
    shift = ask(ward)
    page = lead.get("/sheets")
    sheet = page.soup.find("a", string="Hester Quill")["href"]
    page = lead.get(sheet)
    for told in ("Can Orla Finch join you?", "Yes", "Not this time", "Signed, and on what day"):
        assert told in page.words
    assert "See how a morning starts." not in page.text
    assert "/phone/" not in page.text
    page = lead.post(f"{sheet}/codes", status=200)
    assert len(page.soup.select("svg.qr")) == 3

    lead.get(f"{sheet}/enter")
    lead.post(f"{sheet}/enter", status=422, what=f"accept {shift.id}")
    assert "Nobody answers for a host." in lead.page.words
    lead.post(f"{sheet}/enter", what=f"accept {shift.id}", signed="y")

    assert shifts(work)[0].state == "confirmed"
    assert "You two talk about it: " in lead.get(sheet).words
    told = opened(app, ward, "coordinator", shift).words
    assert "The unit entered what the host signed on paper" in told or "entered what" in told


def test_what_is_on_no_sheet_is_refused_in_words(lead, work, ward):
    ask(ward)
    path = f"/sheets/{ward.host}/enter"
    for what in ("", "accept", f"accept {uuid4()}", f"cancel {shifts(work)[0].id}", "x" * 999):
        lead.get(path)
        lead.post(path, status=422, what=what, signed="y")

    assert shifts(work)[0].state == "requested"


def test_a_break_is_entered(lead, ward):
    path = f"/sheets/{ward.host}/enter"
    lead.get(path)
    lead.post(path, what="break 1", signed="y")

    assert "Entered, as the host signed it." in lead.get(f"/sheets/{ward.host}").words


def test_nobody_else_finds_a_sheet(app, work, ward):
    """Rule P1."""
    for who, role in (("observer", Role.OBSERVER), ("coordinator", Role.COORDINATOR)):
        status = 200 if who == "coordinator" else 404
        signed_in(app, work, getattr(ward, who), role).get(f"/sheets/{ward.host}", status=status)
    lead = signed_in(app, work, ward.manager, Role.UNIT_MANAGER)
    lead.get(f"/sheets/{uuid4()}", status=404)
    change(work, people.person, ward.host, email="host@example.org")
    lead.get(f"/sheets/{ward.host}", status=404)
    assert "Nobody needs paper" in lead.get("/sheets").words
