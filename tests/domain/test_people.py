"""Reporting lines at any depth (rule P6), an order that ranks nobody (rule M8), marks of names."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shadowing.domain.people import (
    PersonKind,
    chain,
    external,
    in_chain,
    initials,
    random_stable_order,
)

MANAGERS = {
    "nurse": "charge",
    "charge": "manager",
    "manager": "cno",
    "cno": "ceo",
    "cfo": "ceo",
    "ceo": None,
}
MONDAY = date(2027, 3, 8)
HOSTS = tuple(f"host {n}" for n in range(12))


def test_a_line_holds_everyone_above_nearest_first():
    assert chain(MANAGERS, "nurse") == ("charge", "manager", "cno", "ceo")
    assert chain(MANAGERS, "ceo") == ()
    assert chain(MANAGERS, "somebody unknown") == ()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("nurse", "charge", True),
        ("nurse", "ceo", True),
        ("cfo", "nurse", False),
        ("cfo", "ceo", True),
        ("nurse", "nurse", False),
        ("nurse", "trustee", False),
    ],
)
def test_a_pair_in_one_line_is_found_either_way_rule_p6(one, other, expected):
    assert in_chain(MANAGERS, one, other) is expected
    assert in_chain(MANAGERS, other, one) is expected


people = st.integers(0, 9)


@given(managers=st.dictionaries(people, st.none() | people), one=people, other=people)
def test_a_line_that_runs_in_a_circle_ends(managers, one, other):
    assert in_chain(managers, one, other) == in_chain(managers, other, one)
    assert len(chain(managers, one)) <= 10


@pytest.mark.parametrize(
    ("kind", "unit_org", "expected"),
    [
        (PersonKind.WORKFORCE, "hospital", False),
        (PersonKind.WORKFORCE, "school", True),
        (PersonKind.TRUSTEE, "hospital", True),
        (PersonKind.STUDENT, "hospital", True),
        (PersonKind.PARTNER, "hospital", True),
    ],
)
def test_who_comes_from_outside_rule_c3(kind, unit_org, expected):
    assert external(kind, person_org="hospital", unit_org=unit_org) is expected


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("Rosalind Okonjo-Vale, RN", "RO"),
        ("Amara Belrose", "AB"),
        ("Hyun-woo Larkspire", "HL"),
        ("Maria del Carmen Ostrander", "MO"),
        ("émile 'Zola", "ÉZ"),
        ("Cher", "C"),
        ("ßarah Mills", "SM"),
        ("", "?"),
        ("42", "?"),
    ],
)
def test_a_mark_is_the_first_and_the_last_initial(name, mark):
    assert initials(name) == mark


def ordered(items=HOSTS, *, viewer="ana", day=MONDAY):
    return random_stable_order(items, viewer=viewer, day=day, key=str)


@given(shuffled=st.permutations(HOSTS))
def test_the_order_does_not_depend_on_the_order_of_rows_rule_m8(shuffled):
    assert ordered(shuffled) == ordered()


def test_the_order_is_another_for_each_viewer_and_day_rule_m8():
    week = {ordered(day=MONDAY + timedelta(days=n)) for n in range(7)}

    assert len(week) == 7
    assert ordered(viewer="ben") != ordered()
    assert sorted(ordered()) == sorted(HOSTS)


def test_everyone_comes_first_about_as_often_rule_m8():
    firsts = [ordered(viewer=f"viewer {n}")[0] for n in range(1200)]

    assert all(60 <= firsts.count(host) <= 140 for host in HOSTS)


def test_the_order_is_the_same_in_every_process_rule_m8():
    assert ordered("abcdef") == ("b", "c", "a", "d", "f", "e")
