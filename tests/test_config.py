"""Settings: where they come from, which faults are named, and what production refuses."""

import threading
from datetime import UTC, datetime

import pytest

from shadowing.config import BadSettings, load


@pytest.fixture
def told(tmp_path):
    """Load settings as a start with these variables would."""

    def read(**variables):
        names = {f"SHADOWING_{name}": value for name, value in variables.items()}
        return load({"SHADOWING_INSTANCE": str(tmp_path / "instance"), "HOME": "/", **names})

    return read


@pytest.fixture
def written(tmp_path):
    """Write instance/settings.toml."""

    def write(text, mode=0o600):
        folder = tmp_path / "instance"
        folder.mkdir(exist_ok=True)
        file = folder / "settings.toml"
        file.write_text(text)
        file.chmod(mode)

    return write


def faults(read, **variables):
    with pytest.raises(BadSettings) as caught:
        read(**variables)
    return caught.value.faults


def test_without_a_word_everything_has_a_value(told, tmp_path):
    settings = told()

    assert settings.env == "production"
    assert not settings.demo
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/shadowing.sqlite3"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.mail_url == f"file:{tmp_path}/instance/mail"
    assert settings.mail_from == "shadowing@localhost"
    assert settings.mail_domain == "localhost"
    assert settings.sms_url == ""
    assert told(ENV="demo").sms_url == f"file:{tmp_path}/instance/texts"
    assert settings.clock is None
    assert settings.home == tmp_path


def test_the_first_start_draws_a_secret_and_keeps_it(told, tmp_path):
    first = told().secret_key

    kept = tmp_path / "instance" / "secret-key"
    assert len(first) >= 64
    assert kept.read_text() == first
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert told().secret_key == first
    assert list(kept.parent.iterdir()) == [kept]


def test_processes_that_start_at_once_share_one_secret(told):
    found = set()
    starts = [threading.Thread(target=lambda: found.add(told().secret_key)) for _ in range(16)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    assert len(found) == 1


def test_the_file_goes_before_the_defaults_and_the_environment_before_the_file(told, written):
    written('ENV = "demo"\nBASE_URL = "https://a.example.org/"\nsession_hours = 8\n')

    settings = told(BASE_URL="https://b.example.org")

    assert settings.demo
    assert settings.base_url == "https://b.example.org"
    assert settings.session_hours == 8


def test_every_fault_is_named_at_once(told, written):
    written('COLOR = "red"\nENV = ["demo"]\n')

    named = faults(
        told,
        ENV="test",
        SECRET_KEY="short",
        BASE_URL="ftp://x/y",
        DATABASE_URL="mysql://x/y",
        MAIL_URL="pigeon:",
        MAIL_FROM="nobody",
        SMS_URL="http://gateway.example.org/sms",
        CLOCK="soon",
        OIDC_ISSUER="https://id.example.org",
        ICS_ALLOWED_HOSTS="rota.inside",
        SESSION_HOURS="0",
        DATABSE_URL="sqlite:///x",
    )

    for name in (
        *("COLOR", "ENV", "SECRET_KEY", "BASE_URL", "DATABASE_URL", "MAIL_URL", "MAIL_FROM"),
        *(
            "CLOCK",
            "SMS_URL",
            "OIDC_ISSUER",
            "ICS_ALLOWED_HOSTS",
            "SESSION_HOURS",
            "SHADOWING_DATABSE_URL",
        ),
    ):
        assert [fault for fault in named if fault.startswith(name)], name
    assert all(fault.endswith(".") for fault in named)
    assert "short" not in "".join(named).replace("too short", "")


@pytest.mark.parametrize(
    ("variables", "fault"),
    [
        ({"CLOCK": "2027-03-08T14:00:00Z"}, "CLOCK"),
        ({"BASE_URL": "http://shadow.example.org"}, "BASE_URL"),
        ({"MAIL_URL": "smtp://u:p@mail.example.org?tls=none"}, "MAIL_URL"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY"),
    ],
)
def test_production_refuses_what_is_unsafe(told, variables, fault):
    assert [named.partition(":")[0] for named in faults(told, **variables)] == [fault]


@pytest.mark.parametrize("name", ["secret-key", "settings.toml"])
def test_production_refuses_a_secret_that_others_can_read(told, written, tmp_path, name):
    written("")
    told()
    (tmp_path / "instance" / name).chmod(0o644)

    assert "chmod 600" in faults(told)[0]
    assert told(ENV="demo").demo


@pytest.mark.parametrize(
    "url", ["http://localhost:9000", "http://127.0.0.1", "http://[::1]:1", "https://x.example"]
)
def test_production_takes_this_machine_and_tls(told, url):
    assert told(BASE_URL=url).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "http://", "http://u:p@h", "http://h/path", "http://h?q", "http://h:99999"),
        "http://[bad",
    ],
)
def test_a_base_url_is_a_host_and_nothing_else(told, url):
    assert faults(told, BASE_URL=url)[0].startswith("BASE_URL")


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://h/d", "nonsense", "sqlite+x:///f"])
def test_only_the_two_databases_are_known(told, url):
    assert faults(told, DATABASE_URL=url)[0].startswith("DATABASE_URL")


def test_the_demo_has_a_clock_that_can_be_set(told):
    settings = told(ENV="demo", CLOCK="2027-03-08T08:00:00-06:00", CLOCK_SINCE="12.5")

    assert settings.clock == datetime(2027, 3, 8, 14, 0, tzinfo=UTC)
    assert settings.clock_since == 12.5


@pytest.mark.parametrize("text", ["2027-03-08T14:00:00", "2027-03-08", "14:00", "now"])
def test_an_instant_without_its_zone_is_none(told, text):
    assert faults(told, ENV="demo", CLOCK=text)[0].startswith("CLOCK:")


def test_a_moment_to_count_from_is_a_number(told):
    assert faults(told, ENV="demo", CLOCK_SINCE="then")[0].startswith("CLOCK_SINCE")


def test_an_instant_may_stand_in_the_file_as_one(told, written):
    written('ENV = "demo"\nCLOCK = 2027-03-08T14:00:00Z\n')

    assert told().clock == datetime(2027, 3, 8, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["ENV = demo", "\x00", "= 1"])
def test_a_file_that_is_no_toml_is_a_fault(told, written, text):
    written(text)

    assert "cannot be read as TOML" in faults(told)[0]


def test_a_kept_secret_that_was_cut_short_is_a_fault(told, tmp_path):
    told()
    (tmp_path / "instance" / "secret-key").write_text("")

    assert "too short" in faults(told)[0]


def test_secrets_are_not_printed(told):
    settings = told(MAIL_URL="smtp://user:hidden@mail.example.org")

    assert settings.secret_key not in repr(settings)
    assert "hidden" not in repr(settings)


def test_lists_and_numbers_are_read(told):
    settings = told(TRUSTED_HOSTS="a.example, b.example", TRUSTED_PROXIES="1")
    inside = told(ICS_ALLOWED_HOSTS="rota.inside:8080, 127.0.0.1:9")
    assert inside.ics_allowed_hosts == ("rota.inside:8080", "127.0.0.1:9")

    assert settings.trusted_hosts == ("a.example", "b.example")
    assert settings.trusted_proxies == 1
