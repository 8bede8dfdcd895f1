"""House rule 6: who may do what, cell by cell, against a table that people reviewed.

``policy.txt`` was written from docs/rules.md, section 8.1, and not from the code. What it does not
list is refused (rule P1). Change it only together with the rules.
"""

from itertools import product
from pathlib import Path
from uuid import UUID

import pytest

from shadowing.domain.errors import NotAllowed, NotFound
from shadowing.domain.people import Role
from shadowing.domain.policy import Action, Actor, Relation, authorise, may

ID = UUID(int=1)


def actor(role, *others, scopes=None):
    return Actor(ID, ID, role=role, roles=frozenset({role, *others}), scopes=scopes)


def table():
    """Read the reviewed table: action, relation, roles."""
    allowed = set()
    for line in Path(__file__).with_name("policy.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            action, relation, *roles = line.split()
            everyone = roles == ["everyone"]
            named = list(Role) if everyone else [Role(role) for role in roles]
            allowed |= {(role, Action(action), Relation(relation)) for role in named}
    return allowed


ALLOWED = table()


def test_every_action_is_reviewed():
    assert {action for _, action, _ in ALLOWED} == set(Action)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_the_table_lists_and_nothing_else(role):
    cells = {cell for cell in product([role], Action, Relation) if may(actor(role), *cell[1:])}

    assert cells == {cell for cell in ALLOWED if cell[0] is role}


@pytest.mark.parametrize("role", list(Role))
def test_what_is_not_listed_is_refused_as_if_it_did_not_exist(role):
    for cell in set(product([role], Action, Relation)) - ALLOWED:
        with pytest.raises(NotAllowed) as refused:
            authorise(actor(role), *cell[1:])

        assert isinstance(refused.value, NotFound)


def test_of_several_roles_one_acts_at_a_time():
    both = {Role.HR, Role.OBSERVER}

    assert may(actor(Role.OBSERVER, *both), Action.SLOT_FIND)
    assert not may(actor(Role.HR, *both), Action.SLOT_FIND)


def test_on_a_thing_of_ones_own_the_relation_names_the_role():
    hr_who_also_visits = actor(Role.HR, Role.OBSERVER)

    assert may(hr_who_also_visits, Action.REFLECTION_WRITE, Relation.OBSERVER)
    assert not may(actor(Role.HR), Action.REFLECTION_WRITE, Relation.OBSERVER)


def test_a_token_narrows_and_never_widens():
    for role, action, relation in ALLOWED:
        assert may(actor(role, scopes=frozenset({action})), action, relation)
        assert not may(actor(role, scopes=frozenset()), action, relation)


@pytest.mark.parametrize("role", [Role.HR, Role.UNIT_MANAGER, Role.SYSADMIN, Role.COORDINATOR])
@pytest.mark.parametrize("action", [Action.REFLECTION_READ_BOTH, Action.REFLECTION_WRITE])
def test_nobody_but_the_pair_comes_near_a_reflection(role, action):
    assert not any(may(actor(role), action, relation) for relation in Relation)
