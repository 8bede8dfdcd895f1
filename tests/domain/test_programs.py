"""Settings: the value we ship, the organization's, the program's; and what may be set."""

from datetime import timedelta

import pytest

from shadowing.adapters import reference
from shadowing.domain.errors import BadValue
from shadowing.domain.programs import (
    Looser,
    OutOfLimits,
    Rules,
    checked,
    is_list,
    is_switch,
    settable,
)

KNOWN = reference.load()


def test_a_setting_nobody_set_is_the_one_we_ship():
    rules = Rules(KNOWN)

    assert rules.number("employee_days") == 7
    assert rules.limit("yearly_cap_hours") is None


def test_a_program_comes_before_its_organization_and_that_before_what_we_ship():
    rules = Rules(KNOWN, house={"employee_days": 10, "max_per_month": 1}, own={"employee_days": 14})

    assert rules.number("employee_days") == 14
    assert rules.number("max_per_month") == 1
    assert rules.number("cool_down_days") == 14


def test_the_rules_of_time_rest_on_what_is_set():
    rules = Rules(KNOWN, own={"external_days": 35, "late_cancel_hours": 72})

    assert rules.timing.external_notice == timedelta(days=35)
    assert rules.timing.late_cancel == timedelta(hours=72)
    assert Rules(KNOWN).timing.request_answer == timedelta(hours=72)


@pytest.mark.parametrize(
    ("name", "house", "fine", "looser"),
    [
        ("employee_days", 10, 12, 9),
        ("max_per_month", 2, 1, 3),
        ("hold_minutes", 10, 5, 11),
        ("cool_down_days", 14, 21, 13),
    ],
)
def test_a_program_may_be_stricter_and_never_looser(name, house, fine, looser):
    rules = Rules(KNOWN, house={name: house})

    assert checked(rules, {name: fine}) == {name: fine}
    assert checked(rules, {name: house}) == {name: house}
    with pytest.raises(Looser):
        checked(rules, {name: looser})


def test_where_the_organization_has_no_limit_any_limit_is_stricter():
    assert checked(Rules(KNOWN), {"yearly_cap_hours": 40}) == {"yearly_cap_hours": 40}
    with pytest.raises(Looser):
        checked(Rules(KNOWN, house={"yearly_cap_hours": 40}), {"yearly_cap_hours": 80})


def test_what_a_program_leaves_to_its_organization_is_not_kept():
    assert checked(Rules(KNOWN), {"employee_days": None, "external_days": 30}) == {
        "external_days": 30
    }


def test_what_is_set_stays_within_the_limits_of_the_table():
    with pytest.raises(OutOfLimits) as refused:
        checked(Rules(KNOWN), {"employee_days": 61})

    assert refused.value.facts == {"name": "employee_days", "least": 0, "most": 60}


@pytest.mark.parametrize("name", ["nonsense", "min_people", "horizon_days"])
def test_a_program_sets_only_what_is_a_program_s_to_set(name):
    with pytest.raises(BadValue):
        checked(Rules(KNOWN), {name: 5})


def test_a_setting_that_is_no_number_is_not_read_as_one():
    with pytest.raises(BadValue):
        Rules(KNOWN).number("yearly_cap_hours")


def test_each_setting_of_a_program_says_which_way_is_stricter():
    ways = {each.more["stricter"] for each in settable(KNOWN)}

    assert ways <= {"higher", "lower", "on", "off", "more"}
    for each in settable(KNOWN):
        kinds = {bool} if is_switch(each) else {tuple} if is_list(each) else {int, type(None)}
        assert type(each.value) in kinds, each.name


@pytest.mark.parametrize(
    ("name", "fine", "looser", "beyond"),
    [
        ("unit_notice_days", (14, 3), (7,), (40, 1)),
        ("card_hours", (96, 48, 1), (48,), (72, 0)),
        ("reflection_reminders", (24, 48, 96), (24, 72), (400, 72, 24)),
    ],
)
def test_of_several_moments_a_program_has_as_many_or_more(name, fine, looser, beyond):
    assert checked(Rules(KNOWN), {name: fine}) == {name: fine}
    with pytest.raises(Looser):
        checked(Rules(KNOWN), {name: looser})
    with pytest.raises(OutOfLimits):
        checked(Rules(KNOWN), {name: beyond})


def test_several_numbers_are_read_where_several_were_set():
    assert Rules(KNOWN).numbers("card_hours") == (72, 2)
    assert Rules(KNOWN, own={"card_hours": [48, 4]}).numbers("card_hours") == (48, 4)
    with pytest.raises(BadValue):
        Rules(KNOWN, own={"card_hours": 48}).numbers("card_hours")
