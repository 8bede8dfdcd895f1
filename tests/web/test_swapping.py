"""Another host at a browser without scripts."""

import pytest

from tests import makers
from tests.makers import Ward
from tests.web.test_shift_moves import browser, said
from tests.web.test_shifts import HOST, OBSERVER, ask, named


@pytest.fixture
def ward(work):
    return named(Ward(work))


def test_a_host_asks_a_colleague_who_answers_for_themselves(app, ward):
    """Rule B12."""
    other = ward.another_host(name="Ottoline Brisk")
    shift = ask(ward, mode="auto")
    host, visitor = browser(app, ward, "host"), browser(app, ward, "observer")
    (link,) = [
        a["href"] for a in host.get(f"/shifts/{shift.id}").soup("a") if a.text == "Change host"
    ]
    assert "Ottoline Brisk" in host.get(link).words
    host.post(link, status=422)
    answer = host.post(link, host=str(other))
    assert "Everything stays as it is until they accept." in said(host, answer)
    assert "Ottoline" not in visitor.get(f"/shifts/{shift.id}").words

    ward.host = other
    asked = browser(app, ward, "host")
    assert "Ottoline Brisk is asked to host" in asked.get("/requests").words
    page = asked.get(f"/shifts/{shift.id}/swap/answer")
    assert page.soup.h1.get_text() == f"Can you host {OBSERVER}?"
    asked.get(f"/shifts/{shift.id}", status=404)
    answer = asked.post(f"/shifts/{shift.id}/swap/accept")

    assert "You host this shift now." in said(asked, answer)
    (row,) = makers.shifts(ward.work)
    assert row.host_id == other
    words = visitor.get(f"/shifts/{shift.id}").words
    assert "Ottoline Brisk" in words
    assert HOST.partition(",")[0] not in words
    assert host.get(f"/shifts/{shift.id}", status=404)


def test_where_nobody_can_that_is_said(app, ward):
    shift = ask(ward, mode="auto")
    manager = browser(app, ward, "manager")

    assert "Nobody can host then" in manager.get(f"/shifts/{shift.id}/swap").words
    browser(app, ward, "observer").get(f"/shifts/{shift.id}/swap", status=404)


def test_unit_and_host_take_the_question_back(app, ward):
    other = ward.another_host(name="Ottoline Brisk")
    shift = ask(ward, mode="auto")
    manager = browser(app, ward, "manager")
    manager.get(f"/shifts/{shift.id}/swap")
    manager.post(f"/shifts/{shift.id}/swap", host=str(other))
    page = manager.get(f"/shifts/{shift.id}/swap/answer")
    assert page.form(f"/shifts/{shift.id}/swap/withdraw")

    answer = manager.post(f"/shifts/{shift.id}/swap/withdraw")

    assert "Taken back." in said(manager, answer)
