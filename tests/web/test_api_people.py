"""The roster over the API: one person at a time, by the rules of the file, for system sync."""

import pytest
from sqlalchemy import func, select

from shadowing.store.tables import people
from shadowing.store.tables.accounts import session
from shadowing.store.tables.journal import audit
from shadowing.store.tables.people import person
from tests import makers
from tests.makers import Ward
from tests.web.test_api import Caller, app, problem  # noqa: F401 (app is a fixture)
from tests.web.test_people import booked, shifts

ADA = {"name": "Ada Moss", "roles": ["observer"], "email": "ada@example.org"}


@pytest.fixture
def ward(work):
    return Ward(work)


@pytest.fixture
def system(app, work, ward):  # noqa: F811
    who = makers.person(work, ward.organization, roles=("sysadmin",), name="Sys Admin")
    return Caller(app, work, who)


def mark(ward, external_id, person_id):
    with ward.work.write() as tx:
        named = person.update().values(external_id=external_id)
        tx.db.execute(named.where(person.c.id == person_id))


def unit_code(ward):
    with ward.work.read() as tx:
        return tx.db.scalar(select(people.unit.c.code).where(people.unit.c.id == ward.unit))


def events(ward):
    with ward.work.read() as tx:
        return list(tx.db.scalars(select(audit.c.event).order_by(audit.c.id)))


def test_somebody_is_made_once_and_then_brought_to_what_is_said(ward, system):
    """CONTRACTS 6: PUT /people/{external_id}; 201 where new, 200 after; repeatable."""
    made = system.put("/people/E1", ADA)
    assert (made.status_code, made.json["external_id"], made.json["active"]) == (201, "E1", True)

    told = events(ward)
    again = system.put("/people/E1", ADA)
    assert (again.status_code, again.json) == (200, made.json)
    assert events(ward) == told, "nothing happened"

    renamed = system.put("/people/E1", {"name": "Ada Lind", "roles": ["observer"]})
    assert (renamed.json["name"], renamed.json["email"]) == ("Ada Lind", "ada@example.org")
    assert renamed.json["id"] == made.json["id"]


def test_a_host_is_told_by_code_of_unit_and_id_of_manager(ward, system):
    system.put("/people/E1", ADA)
    body = {"name": "Cy Voss", "roles": ["host"], "unit": unit_code(ward), "host_role": "rn_ms"}

    made = system.put("/people/E 2.ü", body | {"manager": "ada@example.org"})

    assert (made.status_code, made.json["manager"], made.json["email"]) == (201, "E1", None)
    none = system.put("/people/E 2.ü", {"name": "Cy", "roles": ["host"], "manager": None})
    assert (none.json["manager"], none.json["unit"]) == (None, unit_code(ward))


def test_active_false_ends_access_and_what_is_ahead(work, ward, system):
    """Section 8.3, leaver: access the same day, later shifts end."""
    mark(ward, "E1", ward.observer)
    booked(ward)

    gone = system.put("/people/E1", {"name": "Ada", "roles": ["observer"], "active": False})

    assert (gone.status_code, gone.json["active"]) == (200, False)
    assert [str(each.state) for each in shifts(work)] == ["cancelled_by_observer"]
    with work.read() as tx:
        assert ward.observer not in set(tx.db.scalars(select(session.c.person_id)))
    back = system.put("/people/E1", {"name": "Ada", "roles": ["observer"], "active": True})
    assert back.json["active"] is True


def test_nobody_is_added_who_has_left_already(system):
    assert problem(system.put("/people/E9", ADA | {"active": False})) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"roles": ["observer"]}, "name", "missing"),
        ({"name": "Ada", "email": "a@example.org"}, "roles", "no_role"),
        (ADA | {"roles": ["boss"]}, "roles", "unknown_role"),
        (ADA | {"roles": [[]]}, "roles", "unknown_role"),
        (ADA | {"roles": "observer"}, "roles", "unknown_role"),
        (ADA | {"email": "nobody"}, "email", "not_an_address"),
        (ADA | {"manager": "Z9"}, "manager", "unknown_manager"),
        (ADA | {"manager": "E1"}, "manager", "in_a_circle"),
        (ADA | {"roles": ["host"], "unit": "nowhere"}, "unit", "unknown_unit"),
        (ADA | {"roles": ["host"]}, "unit", "unit_missing"),
        (ADA | {"host_role": "wizard"}, "host_role", "unknown_code"),
        (ADA | {"active": "no"}, "active", "not_yes_or_no"),
        (ADA | {"title": 5}, "title", "not_text"),
        (ADA | {"title": "x" * 200}, "title", "too_long"),
        (ADA | {"shoe": "42"}, "shoe", "unknown_field"),
        (ADA | {"kind": "king"}, "kind", "unknown_choice"),
    ],
)
def test_what_no_person_can_be_is_named_by_field_and_code(system, body, field, code):
    """Every fault is a problem with the field and a stable code, and nothing is written."""
    answer = system.put("/people/E1", body)

    assert problem(answer) == (422, "bad_value")
    assert answer.json["field"] == field
    assert (field, code) in {(each["field"], each["code"]) for each in answer.json["errors"]}
    assert "E1" not in {each["external_id"] for each in system.get("/people").json["people"]}


def test_an_address_that_somebody_has_is_refused(system):
    system.put("/people/E1", ADA)

    answer = system.put("/people/E2", ADA)

    assert [each["code"] for each in answer.json["errors"]] == ["email_taken"]


def test_no_manager_is_taken_who_reports_to_them(system):
    """Rule P6: no circle, however long."""
    system.put("/people/E1", ADA)
    system.put("/people/E2", ADA | {"email": "b@example.org", "manager": "E1"})
    system.put("/people/E3", ADA | {"email": "c@example.org", "manager": "E2"})

    answer = system.put("/people/E1", ADA | {"manager": "E3"})

    assert [each["code"] for each in answer.json["errors"]] == ["in_a_circle"]


def test_the_roster_comes_in_pages_that_miss_nobody(work, ward, system):
    with work.read() as tx:
        everybody = tx.db.scalar(select(func.count()).select_from(person))
    found, cursor = [], ""
    while cursor is not None:
        page = system.get("/people", limit=2, cursor=cursor).json
        found += [each["id"] for each in page["people"]]
        cursor = page["next"]

    assert len(found) == len(set(found)) == everybody
    assert problem(system.get("/people", cursor="AAAA")) == (422, "bad_value")
    assert "roster.read" in events(ward)


def test_another_organization_is_neither_read_nor_written(work, ward, system):
    """Rule P1."""
    elsewhere = makers.organization(work)
    stranger = makers.person(work, elsewhere, roles=("observer",), name="Else Where")
    mark(ward, "X1", stranger)

    answer = system.put("/people/X1", ADA)

    assert [each["code"] for each in answer.json["errors"]] == ["of_another"]
    assert str(stranger) not in {each["id"] for each in system.get("/people").json["people"]}


def test_the_roster_is_for_system_administrators_and_their_scopes(app, work, ward):  # noqa: F811
    """CONTRACTS 6: roster sync, system administrator; rule P1."""
    who = makers.person(work, ward.organization, roles=("sysadmin",), name="Sys Admin")
    reader = Caller(app, work, who, "people:read")
    coordinator = Caller(app, work, ward.coordinator)

    assert reader.get("/people").status_code == 200
    assert problem(reader.put("/people/E1", ADA)) == (404, "not_found")
    assert Caller(app, work, who, "people:write").put("/people/E1", ADA).status_code == 201
    assert problem(coordinator.get("/people")) == (404, "not_found")
    assert problem(coordinator.put("/people/E1", ADA)) == (404, "not_found")
    assert problem(Caller(app, work, who, "slots:read").get("/people")) == (404, "not_found")


def test_nobody_ends_their_own_access(app, work, ward):  # noqa: F811
    who = makers.person(work, ward.organization, roles=("sysadmin",), name="Sys Admin")
    mark(ward, "S1", who)
    own = Caller(app, work, who)

    left = own.put("/people/S1", {"name": "Sys", "roles": ["sysadmin"], "active": False})
    lost = own.put("/people/S1", {"name": "Sys", "roles": ["observer"]})

    assert [each["code"] for each in left.json["errors"]] == ["not_yourself"]
    assert [each["code"] for each in lost.json["errors"]] == ["not_yourself"]


def test_a_manager_may_be_unknown(system):
    """Rule P6: said as in the file, and answered so."""
    new = system.put("/people/E1", ADA)
    assert new.json["manager"] == "unknown", "nothing was said of somebody new"

    assert system.put("/people/E1", ADA | {"manager": None}).json["manager"] is None
    told = system.put("/people/E1", ADA | {"manager": "unknown"}).json
    again = {name: told[name] for name in ("name", "roles", "email", "manager", "active")}
    assert system.put("/people/E1", again).json == told
