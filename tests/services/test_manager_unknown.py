"""Of whom nobody knows the manager: a coordinator confirms each shift (P6)."""

import pytest
from sqlalchemy import select

from shadowing.domain.bookings.states import State
from shadowing.services.bookings import answering, asking, looking
from shadowing.services.bookings.asking import Ask
from shadowing.services.people import changing
from shadowing.services.people.importing import from_file
from shadowing.store.tables.people import person
from tests.makers import Ward

GOAL = "See how a morning starts."


@pytest.fixture
def ward(work):
    return Ward(work)


def load(ward, *lines, head="external_id,name,roles,email,manager\n"):
    return from_file(ward.work, head + "\n".join(lines), actor=None)


def unknown(ward, external_id):
    with ward.work.read() as tx:
        mine = person.c.external_id == external_id
        return tx.db.scalar(select(person.c.manager_unknown).where(mine))


def say(ward, person_id, **changes):
    """Change somebody on the page."""
    desk = changing.desk(ward.work, ward.as_coordinator(), person_id=person_id)
    wanted = {name: getattr(desk.details, name) for name in desk.details.__slots__}
    details = type(desk.details)(**(wanted | changes))
    changing.change(ward.work, ward.as_coordinator(), details, person_id=person_id)


def book(ward):
    return asking.request(ward.work, ward.as_observer(), Ask(ward.slot(mode="auto"), GOAL))


@pytest.mark.parametrize("who", ["observer", "host"])
def test_the_page_says_that_nobody_knows_and_the_coordinator_confirms(ward, who):
    """Rule P6, last sentence: for the visitor and for the host."""
    say(ward, getattr(ward, who), manager_unknown=True)

    shift = book(ward)

    assert shift.state is State.CLEARED
    seen = looking.show(ward.work, ward.as_coordinator(), shift_id=shift.id)
    assert seen.line_unknown
    assert "confirm" in seen.moves
    done = answering.confirm(ward.work, ward.as_coordinator(), shift_id=shift.id)
    assert done.state is State.CONFIRMED


def test_only_the_coordinator_reads_that_a_line_is_unknown(ward):
    """Section 8.1: it is nobody else's."""
    say(ward, ward.observer, manager_unknown=True)
    shift = book(ward)

    for who in (ward.as_host(), ward.as_observer(), ward.as_manager()):
        assert not looking.show(ward.work, who, shift_id=shift.id).line_unknown


def test_once_somebody_knows_nobody_confirms(ward):
    """Rule P6."""
    say(ward, ward.observer, manager_unknown=True)
    say(ward, ward.observer, manager_id=ward.coordinator)

    assert book(ward).state is State.CONFIRMED


def test_a_manager_who_is_named_is_known(ward):
    """Whatever else was said with it."""
    say(ward, ward.observer, manager_id=ward.coordinator, manager_unknown=True)

    assert book(ward).state is State.CONFIRMED


def test_a_file_says_unknown_and_takes_it_back(ward):
    """Rule P6: ``unknown`` under manager; a name, or an empty cell, says otherwise."""
    line = "E1,Ada Moss,observer,ada@example.org,"
    load(ward, f"{line}Unknown", "E2,Bo Lind,observer,b@example.org,")
    assert (unknown(ward, "E1"), unknown(ward, "E2")) == (True, False)
    assert load(ward, f"{line}unknown").number("same") == 1

    assert load(ward, f"{line}E2").number("changed") == 1
    assert unknown(ward, "E1") is False
    load(ward, f"{line}unknown")
    assert unknown(ward, "E1") is True
    load(ward, line)
    assert unknown(ward, "E1") is False


def test_of_somebody_new_a_file_without_managers_says_that_nobody_knows(ward):
    """Rule P6: of the workforce; students, trustees and partners report to nobody here."""
    head = "external_id,name,roles,email,kind\n"
    load(
        ward,
        "E1,Ada Moss,observer,ada@example.org,",
        "E2,Bo Lind,observer,bo@example.org,student",
        head=head,
    )
    assert (unknown(ward, "E1"), unknown(ward, "E2")) == (True, False)
    load(ward, "E1,Ada Moss,observer,ada@example.org,E2")

    load(ward, "E1,Ada Lind,observer,ada@example.org,", head=head)

    assert unknown(ward, "E1") is False, "a column that is left out changes nobody"
