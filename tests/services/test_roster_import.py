"""A roster from a file: by line and column what is wrong, and then nothing of it is written."""

import pytest
from sqlalchemy import select

from shadowing.domain.errors import NotFound
from shadowing.domain.roster_file import Fault, read
from shadowing.services.people.importing import from_file
from shadowing.store.tables import people
from shadowing.store.tables.accounts import session
from tests import makers
from tests.makers import Ward, actor
from tests.web.test_people import booked, shifts

HEAD = "external_id,name,roles,email,manager,unit,host_role,active\n"


@pytest.fixture
def ward(work):
    return Ward(work)


def load(ward, *lines, head=HEAD, **more):
    """Import some lines, as the operator unless somebody is named."""
    return from_file(ward.work, head + "\n".join(lines), **({"actor": None} | more))


def kept(ward):
    """Read everybody by the id of the file."""
    with ward.work.read() as tx:
        rows = tx.db.execute(select(people.person)).all()
    return {row.external_id: row for row in rows if row.external_id}


def code_of(ward):
    with ward.work.read() as tx:
        return tx.db.scalar(select(people.unit.c.code))


def test_people_are_created_with_managers_further_down(ward):
    report = load(
        ward,
        "E1,Ada Moss,observer,ada@example.org,E2,,,",
        "E2,Bo Lind,observer,bo@example.org,,,,",
        f"E3,Cy Voss,host,,E1,{code_of(ward)},rn_ms,yes",
    )

    assert (report.faults, report.number("added")) == ((), 3)
    found = kept(ward)
    assert found["E1"].manager_id == found["E2"].id
    assert found["E3"].host_unit_id == ward.unit


def test_the_same_file_again_changes_nothing(ward):
    lines = ("E1,Ada Moss,observer,ada@example.org,E2,,,", "E2,Bo Lind,observer,b@example.org,,,,")
    load(ward, *lines)

    assert load(ward, *lines).number("same") == 2
    assert load(ward, lines[0].replace("E2", ""), lines[1]).number("changed") == 1


def test_a_column_that_is_left_out_changes_nobody(ward):
    load(ward, "E1,Ada Moss,observer,ada@example.org", head="external_id,name,roles,email\n")
    load(ward, "E1,Ada Moss-Lind,observer hr", head="external_id,name,roles\n")

    found = kept(ward)["E1"]
    assert (found.name, found.email) == ("Ada Moss-Lind", "ada@example.org")


def test_somebody_entered_by_hand_is_met_by_address_once(ward):
    with ward.work.read() as tx:
        email = tx.db.scalar(select(people.person.c.email).filter_by(id=ward.observer))

    load(ward, f"E1,Ada Moss,observer,{email.upper()},,,,")

    assert kept(ward)["E1"].id == ward.observer


def test_who_leaves_is_out_and_what_was_booked_ends(ward):
    """Section 8.3, leaver."""
    with ward.work.write() as tx:
        mark = people.person.update().values(external_id="E1")
        tx.db.execute(mark.where(people.person.c.id == ward.observer))
    booked(ward)

    report = load(ward, "E1,Ada Moss,observer,no", head="external_id,name,roles,active\n")

    assert report.number("left") == 1
    assert not kept(ward)["E1"].active
    with ward.work.read() as tx:
        assert ward.observer not in set(tx.db.scalars(select(session.c.person_id)))


@pytest.mark.parametrize(
    ("line", "column", "problem"),
    [
        (",Ada,observer,a@example.org,,,,", "external_id", "missing"),
        ("E1,,observer,a@example.org,,,,", "name", "missing"),
        ("E1,Ada,,a@example.org,,,,", "roles", "no_role"),
        ("E1,Ada,boss,a@example.org,,,,", "roles", "unknown_role"),
        ("E1,Ada,observer,nobody,,,,", "email", "not_an_address"),
        ("E1,Ada,observer,a@example.org,Z9,,,", "manager", "unknown_manager"),
        ("E1,Ada,observer,a@example.org,E1,,,", "manager", "in_a_circle"),
        ("E1,Ada,host,a@example.org,,nowhere,rn_ms,", "unit", "unknown_unit"),
        ("E1,Ada,host,a@example.org,,,,", "unit", "unit_missing"),
        ("E1,Ada,observer,a@example.org,,,wizard,", "host_role", "unknown_code"),
        ("E1,Ada,observer,a@example.org,,,,maybe", "active", "not_yes_or_no"),
        ("E1,Ada,observer,a@example.org,,,,,more", "", "too_many_cells"),
    ],
)
def test_every_bad_row_is_named_and_nothing_is_written(ward, line, column, problem):
    report = load(ward, "E7,Fine Person,observer,fine@example.org,,,,", line)

    assert Fault(3, column, problem) in report.faults
    assert kept(ward) == {}


def test_all_faults_are_named_at_once(ward):
    report = load(ward, "E1,,observer,a@example.org,,,,", "E1,Bo,observer,a@example.org,,,,")

    found = {(each.line, each.column) for each in report.faults}
    assert {(2, "name"), (3, "external_id")} <= found


def test_a_dry_run_says_what_would_be_and_does_nothing(ward):
    report = load(ward, "E1,Ada Moss,observer,ada@example.org,,,,", dry_run=True)

    assert report.number("added") == 1
    assert kept(ward) == {}


def test_lines_count_as_an_editor_shows_them_also_after_a_cell_with_two():
    text = '\ufeffexternal_id;name;roles\n\nE1;"Ada\nMoss";observer\nE2;;observer\n'

    rows, faults = read(text)

    assert [row.cells["name"] for row in rows] == ["Ada Moss", ""]
    assert faults == (Fault(5, "name", "missing"),)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault(1, "", "empty")),
        ("name,roles\nAda,observer", Fault(1, "external_id", "missing_column")),
        ("external_id,name,roles,shoe\n", Fault(1, "shoe", "unknown_column")),
        ('external_id,name,roles\n"E1', Fault(1, "", "not_a_table")),
    ],
)
def test_a_file_of_another_shape_is_said_at_its_first_line(text, fault):
    assert fault in read(text)[1]


def test_a_coordinator_gives_no_role_that_is_not_theirs(ward):
    report = load(ward, "E1,Ada,sysadmin,ada@example.org,,,,", actor=ward.as_coordinator())

    assert report.faults == (Fault(2, "roles", "role_not_yours"),)


def test_who_keeps_no_roster_imports_none(ward):
    """Rule P1."""
    hr = actor(ward.work, makers.person(ward.work, ward.organization, roles=("hr",)), "hr")

    with pytest.raises(NotFound):
        load(ward, "E1,Ada,observer,ada@example.org,,,,", actor=hr)


def test_two_lines_with_one_address_are_both_kept_out(ward):
    report = load(ward, "E1,Ada,observer,a@example.org,,,,", "E2,Bo,observer,a@example.org,,,,")

    assert report.faults == (Fault(3, "email", "email_taken"),)
    assert shifts(ward.work) == []
