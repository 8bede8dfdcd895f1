"""Promises over the API: who reads which, and of whom nobody reads (8.1, F14)."""

import pytest

from tests import makers
from tests.makers import Ward
from tests.visits import Visit
from tests.web.test_api import Caller, app, problem  # noqa: F401 (app is a fixture)


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def visit(ward):
    visit = Visit(ward)
    visit.happen()
    visit.talk()
    visit.promise()
    return visit


def test_the_two_read_a_promise_with_its_shift(app, work, ward, visit):  # noqa: F811
    """CONTRACTS 6: GET /commitments, as the role allows; rule F14: the host has no name."""
    for person_id in (ward.observer, ward.host):
        told = Caller(app, work, person_id).get("/commitments", of="mine")
        (one,) = told.json["commitments"]
        assert (one["shift"], one["state"]) == (str(visit.shift.id), "proposed")
        assert told.json["tally"]["total"] == 1
        assert told.json["next"] is None
    assert ward.as_host().name not in Caller(app, work, ward.observer).get("/commitments").text


def test_a_promise_the_host_has_not_agreed_to_is_nobody_elses(app, work, ward, visit):  # noqa: F811
    """Rule F14: shown from ``agreed_with_host``; the coordinator sees all (8.1)."""
    assert visit.shift
    stranger = Caller(app, work, ward.another_observer())

    assert stranger.get("/commitments").json["commitments"] == []
    (one,) = Caller(app, work, ward.coordinator).get("/commitments").json["commitments"]
    assert "shift" not in one


def test_hr_reads_how_many_and_nobodys(app, work, ward, visit):  # noqa: F811
    """Section 8.1: totals, not per person."""
    assert visit.shift
    hr = makers.person(work, ward.organization, roles=("hr",))

    told = Caller(app, work, hr).get("/commitments").json

    assert (told["commitments"], told["tally"]["total"]) == ([], 1)


def test_who_has_no_part_in_it_reads_nothing(app, work, ward):  # noqa: F811
    """Rule P1; and a token does no more than its scopes."""
    system = makers.person(work, ward.organization, roles=("sysadmin",))

    assert problem(Caller(app, work, system).get("/commitments")) == (404, "not_found")
    scoped = Caller(app, work, ward.observer, "commitments:read")
    assert scoped.get("/commitments").status_code == 200
    other = Caller(app, work, ward.observer, "slots:read")
    assert problem(other.get("/commitments")) == (404, "not_found")


@pytest.mark.parametrize("query", [{"of": "theirs"}, {"state": "x"}, {"page": "0"}])
def test_a_bad_query_names_its_field(app, work, ward, query):  # noqa: F811
    answer = Caller(app, work, ward.observer).get("/commitments", **query)

    assert problem(answer) == (422, "bad_value")
    assert answer.json["field"] == next(iter(query))
