"""The API: bearer tokens, stable codes, the same rules and permissions as the pages."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from shadowing.app import create_app
from shadowing.config import Settings
from shadowing.services.accounts.tokens import create_token
from shadowing.store.tables.people import person
from tests import makers
from tests.makers import NOW, Ward
from tests.services.cohorts import book, planned

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def app(work, database, tmp_path):
    told = Settings(
        database_url=database,
        secret_key="a key of forty letters, only for tests...",
        instance=tmp_path / "instance",
    )
    app = create_app(told, work=work)
    app.testing = False
    return app


class Caller:
    """A program that calls the API for one person."""

    def __init__(self, app, work, person_id, *scopes):
        """Make it a token."""
        with work.read() as tx:
            email = tx.db.scalar(select(person.c.email).where(person.c.id == person_id))
        self.client = app.test_client()
        self.heads = {"Authorization": f"Bearer {create_token(work, email=email, scopes=scopes)}"}

    def get(self, path, **query):
        """Ask for something."""
        return self.client.get(f"/api/v1{path}", query_string=query, headers=self.heads)

    def put(self, path, body=None):
        """Bring something to what is said."""
        return self.client.put(f"/api/v1{path}", json=body, headers=self.heads)

    def post(self, path, body=None, **heads):
        """Do something."""
        return self.client.post(f"/api/v1{path}", json=body, headers=self.heads | heads)


@pytest.fixture
def observer(app, work, ward):
    return Caller(app, work, ward.observer)


@pytest.fixture
def host(app, work, ward):
    return Caller(app, work, ward.host)


def ask(caller, slot_id, **heads):
    return caller.post("/shifts", {"slot": str(slot_id), "goal": GOAL}, **heads)


def placeholder(found):
    return "{id}" if found[1] else f"{{{found[2]}}}"


def problem(answer):
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == answer.status_code
    return answer.status_code, answer.json["code"]


def test_open_slots_say_whether_they_can_be_booked(ward, observer):
    """CONTRACTS 6: each slot with bookable and, where not, the codes of the reasons."""
    fine, soon = ward.slot(), ward.slot(starts_at=NOW + timedelta(days=3))

    told = {each["id"]: each for each in observer.get("/slots").json["slots"]}

    assert (told[str(fine)]["bookable"], told[str(fine)]["reasons"]) == (True, [])
    assert (told[str(soon)]["bookable"], told[str(soon)]["reasons"]) == (
        False,
        ["notice_too_short"],
    )


def test_slots_come_in_pages_that_miss_none(ward, observer):
    made = {str(ward.slot(starts_at=NOW + timedelta(days=8 + n))) for n in range(5)}

    first = observer.get("/slots", limit=3).json
    rest = observer.get("/slots", limit=3, cursor=first["next"]).json

    assert len(first["slots"]) == 3
    assert rest["next"] is None
    assert {each["id"] for page in (first, rest) for each in page["slots"]} == made


def test_a_blind_slot_names_no_host(ward, observer):
    """Rule A10."""
    ward.slot(mode="blind")

    (told,) = observer.get("/slots").json["slots"]

    assert told["host"] is None


def test_asking_and_the_moves_of_a_shifts_life(ward, observer, host):
    asked = ask(observer, ward.slot())
    assert (asked.status_code, asked.json["state"]) == (201, "requested")
    shift = f"/shifts/{asked.json['id']}"

    assert host.post(f"{shift}/accept").json["state"] == "confirmed"
    assert observer.get(shift).json["debrief"]["state"] == "held_slot"
    assert observer.post(f"{shift}/cancel").json["state"] == "cancelled_by_observer"
    assert problem(host.post(f"{shift}/accept")) == (409, "move_not_allowed")


def test_a_taken_slot_answers_that_it_is_full(app, work, ward, observer):
    slot_id = ward.slot()
    ask(observer, slot_id)

    other = Caller(app, work, ward.another_observer())

    assert problem(ask(other, slot_id)) == (409, "slot_full")


def test_the_same_key_and_body_is_given_the_first_answer(ward, observer):
    """CONTRACTS 6: a repeat replays; another body is 422."""
    slot_id = ward.slot()
    key = {"Idempotency-Key": "one"}
    first = ask(observer, slot_id, **key)

    again = ask(observer, slot_id, **key)
    other = observer.post("/shifts", {"slot": str(slot_id), "goal": "Another goal."}, **key)

    assert (again.status_code, again.json) == (201, first.json)
    assert problem(other) == (422, "key_reused")
    assert len(makers.shifts(ward.work)) == 1


def test_a_refusal_is_replayed_too(app, work, ward, observer):
    slot_id = ward.slot()
    ask(observer, slot_id)
    other = Caller(app, work, ward.another_observer())
    key = {"Idempotency-Key": "two"}
    first = ask(other, slot_id, **key)

    assert problem(ask(other, slot_id, **key)) == problem(first) == (409, "slot_full")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"slot": "x", "goal": GOAL}, 422),
        ({"slot": 5, "goal": GOAL}, 422),
        ({"slot": str(uuid4()), "goal": GOAL}, 404),
        ({"goal": GOAL}, 422),
        ({"slot": str(uuid4()), "goal": ["no"]}, 422),
        ({"slot": str(uuid4()), "goal": GOAL, "state": "confirmed"}, 422),
        ([1, 2], 400),
        ("text", 400),
        (None, 415),
        ({"slot": str(uuid4()), "goal": "\x00"}, 422),
        ({"slot": str(uuid4()), "goal": "\ud800"}, 422),
        ({"slot": str(uuid4()), "goal": "x" * 10_000}, 422),
        ({"slot": str(uuid4()), "goal": ""}, 422),
    ],
)
def test_a_bad_body_gets_a_problem_that_names_it(observer, body, status):
    assert problem(observer.post("/shifts", body))[0] == status


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "9" * 40},
        {"from": "31 February"},
        {"from": "2027-02-30"},
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
        {"unit": "w4"},
        {"cursor": "AAAA"},
        {"cursor": "ÿ"},
        {"role": "\x00"},
    ],
)
def test_a_bad_query_gets_a_problem_that_names_its_field(observer, query):
    answer = observer.get("/slots", **query)

    assert problem(answer) == (422, "bad_value")
    assert answer.json["field"] == next(iter(query))


def test_without_a_token_nothing_is_told(app):
    for path in ("/slots", "/shifts", f"/shifts/{uuid4()}", "/participation"):
        answer = app.test_client().get(f"/api/v1{path}")
        assert problem(answer) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_does_no_more_than_its_scopes(app, work, ward):
    slot_id = ward.slot()
    reader = Caller(app, work, ward.observer, "slots:read")

    assert reader.get("/slots").status_code == 200
    assert problem(ask(reader, slot_id)) == (404, "not_found")


def test_a_foreign_shift_and_none_look_the_same(app, work, ward, observer):
    """Rule P1."""
    shift_id = ask(observer, ward.slot()).json["id"]
    stranger = Caller(app, work, ward.another_observer())

    foreign, absent = stranger.get(f"/shifts/{shift_id}"), stranger.get(f"/shifts/{uuid4()}")

    assert problem(foreign) == problem(absent) == (404, "not_found")
    assert foreign.json == absent.json


def test_the_goal_is_not_for_the_unit(app, work, ward, observer):
    """Section 8.1: the unit sees the pairing, never the goal."""
    shift_id = ask(observer, ward.slot(mode="auto")).json["id"]

    seen = Caller(app, work, ward.manager).get(f"/shifts/{shift_id}")

    assert seen.status_code == 200
    assert GOAL not in seen.text


def test_participation_is_for_hr_alone(app, work, ward, observer):
    hr = makers.person(work, ward.organization, roles=("hr",))

    assert Caller(app, work, hr).get("/participation").json == {"records": []}
    assert problem(Caller(app, work, hr).get("/participation", cycle="no"))[0] in {409, 422}
    assert problem(observer.get("/participation")) == (404, "not_found")


def test_the_document_lists_every_call_there_is(app):
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    described = {
        (method.upper(), path) for path, calls in document["paths"].items() for method in calls
    }
    real = {
        (
            method,
            re.sub(r"<(uuid:)?(\w+)>", placeholder, rule.rule.removeprefix("/api/v1")),
        )
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1") and not rule.rule.endswith("openapi.json")
    }
    assert described == real
    assert json.dumps(document)


def test_what_is_not_there_is_a_problem_and_no_page(app):
    assert problem(app.test_client().get("/api/v1/nothing")) == (404, "not_found")
    assert problem(app.test_client().delete("/api/v1/shifts"))[0] == 405


def test_check_in_and_check_out_take_the_same_facts_as_the_page(app, work, ward, observer):
    """Rules D2, D5: well, a photo ID that was seen, a code for an early end."""
    slot = ward.slot(mode="auto")
    booked = observer.post("/shifts", {"slot": str(slot), "goal": GOAL}).json["id"]
    work.clock.now = NOW + timedelta(days=14)
    host = Caller(app, work, ward.host)
    assert host.post(f"/shifts/{booked}/check-in", {"well": False}).status_code == 422
    here = host.post(f"/shifts/{booked}/check-in", {"well": True, "id_seen": True})
    assert here.json["state"] == "checked_in"
    wrong = host.post(f"/shifts/{booked}/check-out", {"code": "he was rude"})
    assert (wrong.status_code, wrong.json["code"]) == (422, "bad_value")

    gone = host.post(f"/shifts/{booked}/check-out", {"code": "called_away"})

    assert gone.json["state"] == "ended_early"


def test_a_shift_of_a_cohort_day_names_the_day_of_its_debrief(app, work, ward):
    """Rule B14: where the two talk on their own there is no such field."""
    caller = Caller(app, work, ward.observer)
    own = book(ward, host_id=ward.another_host(), starts_at=NOW + timedelta(days=15))
    assert "cohort_day" not in caller.get(f"/shifts/{own.id}").json["debrief"]
    day = planned(ward)
    shift = book(ward)

    told = caller.get(f"/shifts/{shift.id}").json["debrief"]

    room = "Board room, floor 2"
    assert told["cohort_day"] == {"id": str(day), "name": "Leaders’ day", "room": room}
    assert told["starts_at"] == "2027-03-22T21:30:00Z"
