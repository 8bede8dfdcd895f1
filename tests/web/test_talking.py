"""The talk at a browser without scripts: moved to one of three times or one's own."""

import pytest

from shadowing.services.bookings import day, debriefing
from shadowing.store.tables import people
from tests.makers import Ward
from tests.visits import Visit
from tests.web.test_shift_moves import browser, said, states
from tests.web.test_shifts import ask, named


@pytest.fixture
def ward(work):
    return named(Ward(work))


def test_a_host_picks_one_of_three_times_or_types_another(app, ward):
    """Section 6.3, rule F1."""
    shift = ask(ward, mode="auto")
    host = browser(app, ward, "host")
    (link,) = [a["href"] for a in host.get(f"/shifts/{shift.id}").soup("a") if a.text == "Change"]
    page = host.get(link)
    times = [each["value"] for each in page.soup.select("input[name=debrief]")]
    assert len(times) == 4

    answer = host.post(link, debrief=times[1])
    assert "Both of you get an update" in said(host, answer)
    assert "moved the talk" in host.get(f"/shifts/{shift.id}").words

    host.get(link)
    answer = host.post(link, debrief="own", day="2027-03-24", at="4:40 pm")
    assert "Both of you get an update" in said(host, answer)
    assert "Wed, Mar 24, 4:40 pm" in host.get(f"/shifts/{shift.id}").words


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"debrief": "own"}, "day"),
        ({"debrief": "own", "day": "2027-04-24", "at": "4:40 pm"}, "debrief"),
        ({"debrief": "own", "day": "2027-03-01", "at": "4:40 pm"}, "debrief"),
        ({}, "debrief"),
        ({"debrief": "soon"}, "debrief"),
    ],
)
def test_what_is_no_time_for_it_is_said_at_its_field(app, ward, fields, field):
    """Rules F1, F2."""
    shift = ask(ward, mode="auto")
    host = browser(app, ward, "host")
    host.get(f"/shifts/{shift.id}/talk")

    page = host.post(f"/shifts/{shift.id}/talk", status=422, **fields)

    assert field in page.errors()


def test_not_yet_is_offered_to_the_other_one_alone(app, work):
    """Sections 6.2, 6.3."""
    ward = named(Ward(work))
    visit = Visit(ward)
    visit.happen()
    debriefing.mark_held(work, ward.as_observer(), shift_id=visit.shift.id)
    here = f"/shifts/{visit.shift.id}"
    host, visitor = browser(app, ward, "host"), browser(app, ward, "observer")
    assert "We have not talked yet" not in visitor.get(here).words
    host.get(here)

    answer = host.post(f"{here}/talk/not-yet")

    assert "the talk is still to come" in said(host, answer)
    assert states(work) == ["completed"]


def test_a_coordinator_confirms_from_the_page(app, work):
    """Section 6.2."""
    ward = named(Ward(work))
    with work.write() as tx:
        tx.db.execute(people.program.update().values(final_check=True))
    shift = ask(ward, mode="auto")
    visitor = browser(app, ward, "coordinator")
    assert visitor.get(f"/shifts/{shift.id}").form(f"/shifts/{shift.id}/confirm")
    assert "Confirm this shift?" in visitor.get(f"/shifts/{shift.id}/confirm").words

    answer = visitor.post(f"/shifts/{shift.id}/confirm")

    assert "Confirmed." in said(visitor, answer)
    assert states(work) == ["confirmed"]


@pytest.mark.parametrize("who", ["observer", "host"])
def test_whoever_of_the_two_drops_a_talk_does_it_from_its_page_rule_f5(app, ward, who):
    shift = ask(ward, mode="auto")
    ward.work.clock.now = shift.starts_at
    day.check_in(ward.work, ward.as_host(), shift_id=shift.id, well="yes")
    ward.work.clock.advance(minutes=20)
    day.check_out(ward.work, ward.as_host(), shift_id=shift.id)
    one = browser(app, ward, who)

    page = one.get(f"/shifts/{shift.id}/talk")
    assert "Let the talk be" in page.words
    answer = one.post(f"/shifts/{shift.id}/talk/drop")

    assert "The talk does not take place. Nobody is asked why." in said(one, answer)
    assert states(ward.work)[-1] == "debriefed"
