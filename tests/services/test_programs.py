"""Programs and cycles: who may set them, what they may be, and that it holds."""

from datetime import date

import pytest

from shadowing.domain.bookings.states import State
from shadowing.domain.errors import BadValue, NotAllowed, NotFound
from shadowing.domain.programs import Looser
from shadowing.services import programs
from shadowing.services.programs import CycleBackwards, CyclesMeet, Run, Wanted
from tests import makers
from tests.mailbox import ask
from tests.makers import Ward, actor


@pytest.fixture
def ward(work):
    return Ward(work)


def change(ward, *, name="Leaders on shift", template="T1", purpose="", **settings):
    """Set the ward's program, as its coordinator."""
    wanted = Wanted(
        name=name,
        default_template=template,
        final_check=settings.pop("final_check", False),
        purpose=purpose,
        settings=settings,
    )
    programs.change(ward.work, ward.as_coordinator(), wanted, program_id=ward.program)


def show(ward):
    return programs.show(ward.work, ward.as_coordinator(), program_id=ward.program)


def cycle(ward, first, last, label="Next year", **more):
    run = Run(label, first, last)
    programs.set_cycle(ward.work, ward.as_coordinator(), run, program_id=ward.program, **more)


def test_what_is_set_holds(ward):
    """Rule B6."""
    change(ward, request_answer_hours=24)

    assert show(ward).rules.number("request_answer_hours") == 24
    assert (ask(ward).answer_by - ward.work.clock.now).total_seconds() == 24 * 3600


def test_a_setting_is_given_back_to_the_organization(ward):
    change(ward, request_answer_hours=24)
    change(ward, request_answer_hours=None)

    assert show(ward).rules.own == {}


def test_nothing_is_looser_than_the_organization(ward):
    with pytest.raises(Looser):
        change(ward, employee_days=3)

    assert show(ward).rules.own == {}


def test_where_a_last_look_is_asked_for_nothing_is_confirmed_without_one(ward):
    """Section 6.2."""
    change(ward, final_check=True)

    assert ask(ward, mode="auto").state is State.CLEARED


@pytest.mark.parametrize(("name", "template"), [(" ", "T1"), ("x" * 121, "T1"), ("Fine", "T9")])
def test_what_cannot_be_is_refused(ward, name, template):
    with pytest.raises(BadValue):
        change(ward, name=name, template=template)


@pytest.mark.parametrize("who", ["as_observer", "as_host", "as_manager"])
def test_only_a_coordinator_sees_programs(ward, who):
    """Rule P1."""
    with pytest.raises(NotAllowed):
        programs.mine(ward.work, getattr(ward, who)())


def test_the_program_of_another_organization_is_not_there(ward):
    """Rule P1."""
    elsewhere = makers.organization(ward.work)
    other = makers.person(ward.work, elsewhere, roles=("coordinator",))
    stranger = actor(ward.work, other, "coordinator")

    assert programs.mine(ward.work, stranger) == ()
    with pytest.raises(NotFound):
        programs.show(ward.work, stranger, program_id=ward.program)


def test_a_cycle_follows_another_and_never_meets_it(ward):
    cycle(ward, date(2028, 1, 1), date(2028, 6, 30))

    assert [each.label for each in show(ward).cycles] == ["Next year", "This cycle"]
    with pytest.raises(CyclesMeet):
        cycle(ward, date(2028, 6, 30), date(2028, 12, 31), label="After that")
    with pytest.raises(CycleBackwards):
        cycle(ward, date(2029, 2, 1), date(2029, 1, 1))


def test_a_cycle_gets_other_days_and_may_keep_its_own(ward):
    (now,) = show(ward).cycles

    cycle(ward, date(2027, 1, 1), date(2027, 6, 30), label="First half", cycle_id=now.id)

    (changed,) = show(ward).cycles
    assert (changed.label, changed.ends_on) == ("First half", date(2027, 6, 30))


def test_the_cycle_of_another_program_is_not_there(ward):
    other = Ward(ward.work)
    (theirs,) = show(other).cycles

    with pytest.raises(NotFound):
        cycle(ward, date(2029, 1, 1), date(2029, 6, 30), cycle_id=theirs.id)


def test_what_a_program_is_for_is_its_own_to_say(ward):
    """Rule N6: the whole team reads the program's purpose in the notice."""
    change(ward, purpose="  Those who decide see the\nwork first. ")

    assert show(ward).program.purpose == "Those who decide see the work first."
    with pytest.raises(BadValue):
        change(ward, purpose="x" * 201)
    change(ward)
    assert show(ward).program.purpose == ""
