"""Other hours at a browser without scripts: three taps for the host, one choice for the visitor."""

import pytest

from tests import makers
from tests.makers import Ward
from tests.web.test_shift_moves import browser, said, states
from tests.web.test_shifts import ask, named


@pytest.fixture
def ward(work):
    return named(Ward(work))


def test_a_host_offers_in_three_taps_and_the_visitor_takes_one(app, ward):
    """DESIGN: offer other hours; a tick and a press, on a phone too."""
    shift = ask(ward)
    host, visitor = browser(app, ward, "host"), browser(app, ward, "observer")
    page = host.get("/requests")
    (link,) = [a["href"] for a in page.soup("a") if a.get_text().startswith("Offer other hours")]
    page = host.get(link)
    ticks = [each["value"] for each in page.soup.select("input[name=windows]")]
    assert ticks, "hours to tick"
    answer = host.post(link, windows=ticks[0])
    assert "They choose one, or keep the first time." in said(host, answer)

    assert "Other hours are offered" in visitor.get("/shifts/mine").words
    page = visitor.get(link)
    first = page.soup.select("input[name=hours]")[0]["value"]
    answer = visitor.post(link, hours=first)

    assert "Your host has said yes to these hours." in said(visitor, answer)
    assert states(ward.work) == ["confirmed"]
    (row,) = makers.shifts(ward.work)
    assert row.starts_at != shift.starts_at
    assert "This has moved on" in visitor.get(link).words
    assert "This has moved on" in host.get(link).words


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "windows"),
        ({"start": "5:00 am", "end": "8:00 am"}, "start"),
        ({"start": "9:00 am", "end": "9:30 am"}, "end"),
        ({"start": "soon", "end": "later"}, "start"),
        ({"windows": "1-2"}, "windows"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(app, ward, fields, field):
    shift = ask(ward)
    host = browser(app, ward, "host")
    host.get(f"/shifts/{shift.id}/hours")

    page = host.post(f"/shifts/{shift.id}/hours", status=422, **fields)

    assert field in page.errors()


def test_a_visitor_keeps_the_first_time(app, ward):
    shift = ask(ward)
    host, visitor = browser(app, ward, "host"), browser(app, ward, "observer")
    host.get(f"/shifts/{shift.id}/hours")
    host.post(f"/shifts/{shift.id}/hours", start="1:30 pm", end="4:30 pm")
    visitor.get(f"/shifts/{shift.id}/hours")
    visitor.post(f"/shifts/{shift.id}/hours", status=422)

    answer = visitor.post(f"/shifts/{shift.id}/hours", hours="none")

    assert "You keep the first time." in said(visitor, answer)
    assert states(ward.work) == ["requested"]
    browser(app, ward, "coordinator").get(f"/shifts/{shift.id}/hours", status=404)
