"""What an organization asks for: drafts, comment days, retired; who checks. Rules C3, C9."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shadowing.domain.bookings.states import State
from shadowing.domain.clearance.states import Life, RequirementMoveNotAllowed
from shadowing.domain.errors import BadValue, NotFound
from shadowing.services.bookings import asking, clock, lapsing
from shadowing.services.bookings.asking import Ask
from shadowing.services.clearance import checking, own, ruling
from shadowing.services.clearance.drafting import Wanted
from tests import makers
from tests.clearances import moves_of, state_of
from tests.makers import Ward

GOAL = "See what a nurse waits for."
SHOES = Wanted(
    label="Quiet shoes",
    help="Soft soles, no clacking.",
    whom="everyone",
    unit_id=None,
    valid="none",
    months=0,
    effect="block",
    waivable=True,
    text="",
)


@pytest.fixture
def ward(work):
    return Ward(work)


def book(work, ward):
    ask = Ask(ward.slot(mode="auto", host_id=ward.another_host()), GOAL)
    return asking.request(work, ward.as_observer(ward.another_observer()), ask)


def rule(work, ward, code):
    return ruling.one(work, ward.as_coordinator(), code=code)[0]


def asked_for(work, ward, *, urgent=False, wanted=SHOES):
    code = ruling.draft(work, ward.as_coordinator(), wanted)
    ruling.activate(work, ward.as_coordinator(), code=code, urgent=urgent)
    return code


def test_a_draft_is_asked_of_nobody(work, ward):
    code = ruling.draft(work, ward.as_coordinator(), SHOES)

    assert (code, rule(work, ward, code).state) == ("OWN_QUIET_SHOES", Life.DRAFT)
    assert book(work, ward).state is State.CONFIRMED


def test_new_bookings_need_it_at_once_and_agreed_ones_after_fourteen_days_rule_c9(work, ward):
    before = book(work, ward)
    work.clock.advance(minutes=1)
    asked_for(work, ward)
    clock.run(work)
    assert state_of(work, before.id) == State.CONFIRMED
    assert book(work, ward).state is State.UNIT_APPROVED

    with work.write() as tx:
        later = before.starts_at + timedelta(days=10)
        shifts = makers.bookings.shift
        moved = shifts.update().where(shifts.c.id == before.id)
        ends_at = later + timedelta(hours=4)
        tx.db.execute(
            moved.values(starts_at=later, ends_at=ends_at, local_date=later.date(), slot_id=None)
        )
    work.clock.advance(days=14)
    lapsing.nightly(work)
    clock.run(work)

    assert state_of(work, before.id) == State.UNIT_APPROVED


def test_what_is_urgent_binds_agreed_shifts_at_once_rule_c9(work, ward):
    shift = book(work, ward)

    asked_for(work, ward, urgent=True)
    clock.run(work)

    assert state_of(work, shift.id) == State.UNIT_APPROVED


def test_what_is_retired_lets_shifts_go_on_and_may_come_back_section_6_6(work, ward):
    code = asked_for(work, ward)
    shift = book(work, ward)
    kept = rule(work, ward, code).kept

    ruling.retire(work, ward.as_coordinator(), code=code)
    clock.run(work)

    assert state_of(work, shift.id) == State.CONFIRMED
    assert [move[:2] for move in moves_of(work, kept.id)] == [
        ("draft", "coordinator"),
        ("active", "coordinator"),
        ("retired", "coordinator"),
    ]
    with pytest.raises(RequirementMoveNotAllowed):
        ruling.retire(work, ward.as_coordinator(), code=code)
    ruling.again(work, ward.as_coordinator(), code=code)
    assert rule(work, ward, code).state is Life.DRAFT


def test_what_the_tables_ask_for_can_be_retired_too_rule_c3(work, ward):
    ruling.retire(work, ward.as_coordinator(), code="FLU")

    codes = {each.requirement.code for each in own.show(work, ward.as_observer()).lines}
    assert "FLU" not in codes
    elsewhere = Ward(work)
    codes = {each.requirement.code for each in own.show(work, elsewhere.as_observer()).lines}
    assert "FLU" in codes


def test_it_may_be_for_one_unit_and_for_people_from_outside_rule_c3(work, ward):
    other = makers.unit(work, ward.site)
    asked_for(work, ward, wanted=SHOES.__class__(**{**plain(), "unit_id": other}))
    asked_for(work, ward, wanted=SHOES.__class__(**{**plain(), "whom": "outside"}))

    assert book(work, ward).state is State.CONFIRMED


def plain():
    return {name: getattr(SHOES, name) for name in SHOES.__slots__}


def test_words_of_ones_own_are_ticked_on_the_way_rule_c7(work, ward):
    code = asked_for(work, ward, wanted=SHOES.__class__(**{**plain(), "text": "I walk softly."}))
    (line, _) = own.one(work, ward.as_observer(), code=code)

    assert (line.ticked, line.requirement.text) == (True, ("I walk softly.",))


@pytest.mark.parametrize(
    "wrong",
    [{"whom": "martians"}, {"effect": "explode"}, {"valid": "ever"}, {"valid": "months"}],
)
def test_what_cannot_be_is_refused(work, ward, wrong):
    with pytest.raises(BadValue):
        ruling.draft(work, ward.as_coordinator(), SHOES.__class__(**{**plain(), **wrong}))


def test_who_checks_is_named_by_the_coordinator_rule_c7(work, ward):
    nurse = makers.person(work, ward.organization, roles=("host",), email="nurse@example.org")
    stranger = makers.organization(work)
    foreign = makers.person(work, stranger, email="stranger@example.org")
    boss = ward.as_coordinator()

    ruling.add_checker(work, boss, code="TB", email="nurse@example.org")

    assert checking.mine(work, makers.actor(work, nurse, "host")) == {"TB"}
    assert moves_of(work, nurse) == [("", "coordinator", "TB")]
    for email in ("stranger@example.org", "nobody@example.org"):
        with pytest.raises(BadValue):
            ruling.add_checker(work, boss, code="TB", email=email)
    for _ in "twice":
        ruling.remove_checker(work, boss, code="TB", person_id=nurse)
        assert checking.mine(work, makers.actor(work, nurse, "host")) == frozenset()
    for unknown in (foreign, uuid4()):
        with pytest.raises(NotFound):
            ruling.remove_checker(work, boss, code="TB", person_id=unknown)


@pytest.mark.parametrize("role", ["observer", "host", "unit_manager", "hr", "sysadmin"])
def test_nobody_else_changes_what_is_asked_section_8_1(work, ward, role):
    other = makers.actor(work, makers.person(work, ward.organization, roles=(role,)), role)

    for act in (
        lambda: ruling.listed(work, other),
        lambda: ruling.draft(work, other, SHOES),
        lambda: ruling.retire(work, other, code="FLU"),
        lambda: ruling.add_checker(work, other, code="TB", email="a@example.org"),
    ):
        with pytest.raises(NotFound):
            act()
