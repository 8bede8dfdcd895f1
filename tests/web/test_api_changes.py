"""Changes of a shift over the API: the same moves, rules and permissions as the pages."""

from datetime import timedelta

import pytest

from tests.makers import NOW, Ward
from tests.web.test_api import Caller, app, ask, problem  # noqa: F401 (app is a fixture)


@pytest.fixture
def ward(work):
    return Ward(work)


def test_a_move_is_asked_for_and_answered(app, work, ward):  # noqa: F811
    """CONTRACTS 6: POST /shifts/{id}/move; rule B9."""
    observer, host = Caller(app, work, ward.observer), Caller(app, work, ward.host)
    shift = ask(observer, ward.slot(mode="auto")).json
    new = str(ward.slot(starts_at=NOW + timedelta(days=28)))

    asked = observer.post(f"/shifts/{shift['id']}/move", {"slot": new})
    assert asked.status_code == 200
    assert asked.json["slot"] == shift["slot"], "the old time stands"
    (change,) = asked.json["changes"]
    assert (change["kind"], change["state"], change["waits_for"]) == ("move", "open", "host")
    again = observer.post(f"/shifts/{shift['id']}/move", {"slot": new})
    assert problem(again) == (409, "change_waits")

    done = host.post(f"/shifts/{shift['id']}/move/accept")
    assert (done.status_code, done.json["state"]) == (200, "done")
    assert observer.get(f"/shifts/{shift['id']}").json["slot"] == new
    late = host.post(f"/shifts/{shift['id']}/move/decline")
    assert problem(late) == (409, "nothing_proposed")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, (422, "bad_value")),
        ({"slot": "x"}, (422, "bad_value")),
        ({"slot": "5c9b6c0e-0000-4000-8000-000000000000"}, (404, "not_found")),
        ({"slot": "5c9b6c0e-0000-4000-8000-000000000000", "to": 1}, (422, "bad_value")),
    ],
)
def test_what_cannot_be_a_move_is_a_problem(app, work, ward, body, told):  # noqa: F811
    observer = Caller(app, work, ward.observer)
    shift = ask(observer, ward.slot(mode="auto")).json

    assert problem(observer.post(f"/shifts/{shift['id']}/move", body)) == told
