"""Changes of a shift over the API: the same moves, rules and permissions as the pages."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from shadowing.store.tables.people import person
from tests.makers import NOW, Ward, shifts
from tests.web.test_api import Caller, app, ask, problem  # noqa: F401 (app is a fixture)


@pytest.fixture
def ward(work):
    return Ward(work)


def email_of(work, person_id):
    with work.read() as tx:
        return tx.db.scalar(select(person.c.email).where(person.c.id == person_id))


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


def test_a_colleague_hosts_instead(app, work, ward):  # noqa: F811
    """Rule B12: asked by the host, accepted by the new host alone."""
    other = ward.another_host(name="Ottoline Brisk")
    observer, host = Caller(app, work, ward.observer), Caller(app, work, ward.host)
    shift = f"/shifts/{ask(observer, ward.slot(mode='auto')).json['id']}"
    (colleague,) = host.get(f"{shift}/swap").json["colleagues"]
    assert (colleague["id"], colleague["name"]) == (str(other), "Ottoline Brisk")
    assert problem(observer.get(f"{shift}/swap")) == (404, "not_found")
    assert problem(host.post(f"{shift}/swap", {"host": str(ward.observer)})) == (
        409,
        "not_available",
    )

    asked = host.post(f"{shift}/swap", {"host": str(other)})
    assert (asked.status_code, asked.json["kind"], asked.json["state"]) == (200, "swap", "open")
    assert problem(host.post(f"{shift}/swap/accept")) == (404, "not_found")
    assert host.post(f"{shift}/swap/withdraw").json["state"] == "withdrawn"
    work.clock.now = NOW + timedelta(minutes=1)
    host.post(f"{shift}/swap", {"host": str(other)})
    done = Caller(app, work, other).post(f"{shift}/swap/accept")

    assert (done.status_code, done.json["state"]) == (200, "done")
    assert observer.get(shift).json["host"]["name"] == "Ottoline Brisk"


def test_who_is_asked_to_host_says_no(app, work, ward):  # noqa: F811
    """Rule B12."""
    other = ward.another_host(name="Ottoline Brisk")
    shift = ask(Caller(app, work, ward.observer), ward.slot(mode="auto")).json["id"]
    Caller(app, work, ward.host).post(f"/shifts/{shift}/swap", {"host": str(other)})

    told = Caller(app, work, other).post(f"/shifts/{shift}/swap/decline")

    assert (told.status_code, told.json["state"]) == (200, "declined")
    (row,) = shifts(work)
    assert row.host_id == ward.host


def test_other_hours_are_offered_and_one_is_taken(app, work, ward):  # noqa: F811
    """The host's yes comes with the offer; the visitor takes one of up to three."""
    observer, host = Caller(app, work, ward.observer), Caller(app, work, ward.host)
    shift = f"/shifts/{ask(observer, ward.slot()).json['id']}"
    desk = host.get(f"{shift}/hours").json
    assert desk["own"].keys() == {"start", "end"}

    offered = host.post(f"{shift}/hours", {"windows": desk["suggestions"][:2]})
    assert offered.status_code == 200
    seen = observer.get(f"{shift}/hours").json
    assert seen.keys() == {"offered"}
    first, _second = seen["offered"]
    assert first["reasons"] == []
    assert problem(host.post(f"{shift}/hours/choose", {"hours": first["id"]})) == (404, "not_found")
    taken = observer.post(f"{shift}/hours/choose", {"hours": first["id"]})

    assert (taken.json["state"], taken.json["starts_at"]) == ("confirmed", first["starts_at"])
    gone = observer.post(f"{shift}/hours/choose", {"hours": first["id"]})
    assert problem(gone) == (409, "nothing_proposed")


def test_a_visitor_keeps_the_first_time(app, work, ward):  # noqa: F811
    observer, host = Caller(app, work, ward.observer), Caller(app, work, ward.host)
    shift = f"/shifts/{ask(observer, ward.slot()).json['id']}"
    host.post(f"{shift}/hours", {"windows": host.get(f"{shift}/hours").json["suggestions"][:1]})

    kept = observer.post(f"{shift}/hours/refuse")

    assert (kept.status_code, kept.json["state"]) == (200, "requested")
    assert observer.get(f"{shift}/hours").json == {"offered": []}


@pytest.mark.parametrize(
    "windows",
    [None, [], "8-12", ["8-12"], [{"start": 8, "end": 12}], [{"start": "x"}], [{}] * 9],
)
def test_hours_that_cannot_be_are_named(app, work, ward, windows):  # noqa: F811
    shift = ask(Caller(app, work, ward.observer), ward.slot()).json["id"]

    answer = Caller(app, work, ward.host).post(f"/shifts/{shift}/hours", {"windows": windows})

    assert answer.status_code == 422
    assert answer.json["field"] in {"windows", "start", "end"}


def test_the_talk_is_put_to_another_time(app, work, ward):  # noqa: F811
    """Section 6.3: by either of the two, to a time that both have free; rule F1."""
    observer = Caller(app, work, ward.observer)
    shift = f"/shifts/{ask(observer, ward.slot(mode='auto')).json['id']}"
    times = observer.get(f"{shift}/debrief").json

    moved = observer.post(f"{shift}/debrief/move", {"starts_at": times["free"][0]["starts_at"]})

    assert moved.json["debrief"] == {**times["free"][0], "state": "moved"}
    late = datetime.fromisoformat(times["starts_at"]) + timedelta(days=20)
    for wrong in ("soon", "2027-03-08T14:00:00", "9999-12-31T23:00:00Z", late.isoformat()):
        answer = observer.post(f"{shift}/debrief/move", {"starts_at": wrong})
        assert answer.status_code == 422
        assert answer.json["field"] == "starts_at"
    assert problem(Caller(app, work, ward.manager).get(f"{shift}/debrief")) == (404, "not_found")


def test_a_way_out_is_undone_by_whoever_took_it(app, work, ward):  # noqa: F811
    """The page's ten minutes, and the same: nobody is told before they are over."""
    observer, host = Caller(app, work, ward.observer), Caller(app, work, ward.host)
    shift = f"/shifts/{ask(observer, ward.slot(mode='auto')).json['id']}"
    left = observer.post(f"{shift}/cancel", {"note": "My train is cut."})
    assert left.json["state"] == "cancelled_by_observer"
    assert left.json["undo_until"]
    assert problem(host.post(f"{shift}/undo")) == (409, "nothing_to_undo")

    back = observer.post(f"{shift}/undo")

    assert (back.json["state"], "undo_until" in back.json) == ("confirmed", False)
    assert problem(observer.post(f"{shift}/undo")) == (409, "nothing_to_undo")


def test_a_visitor_cancels_and_asks_for_another_time_in_one_step(app, work, ward):  # noqa: F811
    """Rule B10: rebooked in the same step, a cancel is not counted."""
    observer = Caller(app, work, ward.observer)
    shift = ask(observer, ward.slot(mode="auto")).json["id"]
    other = str(ward.slot(starts_at=NOW + timedelta(days=28)))
    late = ward.slot(starts_at=NOW + timedelta(days=2))
    refused = observer.post(f"/shifts/{shift}/cancel", {"instead": str(late)})
    assert problem(refused)[1] == "notice_too_short"
    assert observer.get(f"/shifts/{shift}").json["state"] == "confirmed"

    asked = observer.post(f"/shifts/{shift}/cancel", {"instead": other, "note": "Sorry!"})

    assert (asked.status_code, asked.json["slot"]) == (200, other)
    assert asked.json["id"] != shift
    assert {str(row.state) for row in shifts(work)} == {"cancelled_by_observer", "requested"}
    assert not any(row.late for row in shifts(work))


def test_only_a_visitor_sends_a_body_with_a_cancel(app, work, ward):  # noqa: F811
    shift = ask(Caller(app, work, ward.observer), ward.slot(mode="auto")).json["id"]
    host = Caller(app, work, ward.host)

    assert problem(host.post(f"/shifts/{shift}/cancel", {"note": "No"})) == (422, "bad_value")
    assert host.post(f"/shifts/{shift}/cancel").json["state"] == "cancelled_by_host"


def test_a_coordinator_gives_and_ends_an_exception(app, work, ward):  # noqa: F811
    """Rule B4: shorter notice with a reason; rule P1: nobody else."""
    coordinator = Caller(app, work, ward.coordinator)
    email = email_of(work, ward.observer)
    wanted = {"kind": "notice", "person": email, "day": "2027-03-12", "reason": "A visit of state."}

    given = coordinator.post("/exceptions", wanted)

    assert given.status_code == 201
    (one,) = given.json["exceptions"]
    assert (one["kind"], one["day"], one["reason"]) == ("notice", "2027-03-12", wanted["reason"])
    assert coordinator.get("/exceptions").json == given.json
    assert problem(Caller(app, work, ward.host).get("/exceptions")) == (404, "not_found")
    ended = coordinator.post(f"/exceptions/{one['id']}/end")
    assert (ended.status_code, ended.json) == (200, {"exceptions": []})
    assert problem(coordinator.post(f"/exceptions/{one['id']}/end")) == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "favor"}, "kind"),
        ({"person": "nobody@example.org"}, "person"),
        ({"reason": ""}, "reason"),
        ({"day": None}, "day"),
        ({"day": "31 February"}, "day"),
        ({"more": "x"}, "more"),
    ],
)
def test_an_exception_that_cannot_be_names_its_field(app, work, ward, change, field):  # noqa: F811
    coordinator = Caller(app, work, ward.coordinator)
    email = email_of(work, ward.observer)
    wanted = {"kind": "notice", "person": email, "day": "2027-03-12", "reason": "A visit."}

    answer = coordinator.post("/exceptions", wanted | change)

    assert (answer.status_code, answer.json["field"]) == (422, field)


def test_scopes_hold_for_changes_and_exceptions(app, work, ward):  # noqa: F811
    observer = Caller(app, work, ward.observer)
    shift = ask(observer, ward.slot(mode="auto")).json["id"]
    reader = Caller(app, work, ward.host, "shifts:read")
    writer = Caller(app, work, ward.host, "shifts:write")

    assert problem(reader.get(f"/shifts/{shift}/swap")) == (404, "not_found")
    assert problem(reader.post(f"/shifts/{shift}/debrief/move", {})) == (404, "not_found")
    assert writer.get(f"/shifts/{shift}/swap").status_code == 200
    assert problem(Caller(app, work, ward.coordinator, "shifts:write").get("/exceptions")) == (
        404,
        "not_found",
    )
    assert (
        Caller(app, work, ward.coordinator, "exceptions:write").get("/exceptions").status_code
        == 200
    )
