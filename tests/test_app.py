"""The roof: which clock, which database, and whom behind a proxy it believes."""

from datetime import UTC, datetime, timedelta

import pytest

from shadowing.app import clock_of, create_app
from shadowing.config import Settings
from shadowing.services.work import epoch_seconds, wall_clock

START = datetime(2027, 3, 8, 14, 0, tzinfo=UTC)


@pytest.fixture
def told(tmp_path):
    """Make settings with a database of their own."""

    def make(**more):
        url = f"sqlite:///{tmp_path}/shadowing.sqlite3"
        return Settings(database_url=url, secret_key="k" * 40, instance=tmp_path, **more)

    return make


def test_the_clock_is_the_machines_unless_it_was_set(told):
    assert clock_of(told()) is wall_clock


def test_a_clock_that_was_set_starts_there_and_runs_on(told):
    clock = clock_of(told(clock=START))

    first = clock()

    assert timedelta(0) <= first - START < timedelta(minutes=1)
    assert clock() > first


def test_two_processes_share_a_clock_by_the_moment_it_started(told):
    settings = told(clock=START, clock_since=epoch_seconds() - 3600)

    one, other = clock_of(settings)(), clock_of(settings)()

    assert START + timedelta(hours=1) <= one <= other < START + timedelta(hours=1, minutes=1)


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_only_a_proxy_that_was_named_says_who_asks(told, caplog, proxies, address):
    caplog.set_level("INFO", logger="shadowing")
    app = create_app(told(trusted_proxies=proxies))
    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Host": "evil.example"}

    answer = app.test_client().get("/healthz", base_url="http://127.0.0.1", headers=forwarded)

    assert answer.status_code == 200
    assert caplog.records[-1].facts["address"] == address


def test_settings_are_read_where_none_are_given(tmp_path, monkeypatch):
    monkeypatch.setenv("SHADOWING_INSTANCE", str(tmp_path / "instance"))

    app = create_app()

    assert app.test_client().get("/healthz", base_url="http://127.0.0.1").status_code == 200
