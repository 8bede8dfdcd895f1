"""House rule 2: every address is public by name or names its action, in a list people reviewed."""

from pathlib import Path

import pytest
from flask import Flask

from shadowing.app import create_app
from shadowing.config import Settings
from shadowing.domain.policy import Action
from shadowing.web.session import ACTIONS, OPEN_TO_ALL, check_door, needs, public

REVIEWED = Path(__file__).with_name("routes.txt")


@pytest.fixture
def app(tmp_path):
    url = f"sqlite:///{tmp_path}/none.sqlite3"
    return create_app(Settings(database_url=url, secret_key="k" * 32, instance=tmp_path))


def told(view):
    """Say who may see *view*."""
    if hasattr(view, OPEN_TO_ALL):
        return "public"
    return " ".join(getattr(view, ACTIONS, ()))


def routes(app):
    """List every address of *app*: methods, pattern, who may see it."""
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        view = app.view_functions[rule.endpoint]
        who = "public" if rule.endpoint == "static" else told(view)
        yield f"{rule.rule:<55} {methods:<9} {who}"


def test_the_addresses_are_those_that_were_reviewed(app):
    reviewed = REVIEWED.read_text("utf-8").splitlines()

    assert sorted(routes(app)) == [line for line in reviewed if line and line[0] != "#"]


def test_every_address_says_who_may_see_it(app):
    assert [route for route in routes(app) if not route[65:].strip()] == []


def test_an_app_with_a_view_that_says_nothing_does_not_start():
    careless = Flask("careless")
    careless.add_url_rule("/open", "open", public(lambda: "open"))
    careless.add_url_rule("/kept", "kept", needs(Action.SHIFT_SEE)(lambda: "kept"))
    check_door(careless)
    careless.add_url_rule("/forgotten", "forgotten", lambda: "forgotten")

    with pytest.raises(LookupError, match="forgotten"):
        check_door(careless)


def test_a_forgotten_address_is_listed_without_an_action():
    careless = Flask("careless")
    careless.add_url_rule("/forgotten", "forgotten", lambda: "forgotten")

    assert [line.split() for line in routes(careless)][1] == ["/forgotten", "GET"]
