"""The command line: what it prints, on which stream, and with which exit status."""

import json
import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from shadowing.adapters.credentials import password_fits
from shadowing.cli import cli
from shadowing.services.accounts.entering import Caller, enter_by_link
from shadowing.services.accounts.tokens import actor_of_token
from shadowing.services.bookings import asking
from shadowing.services.bookings.asking import Ask
from shadowing.store import calendar
from shadowing.store.engine import make_engine
from shadowing.store.journal import mark_run
from shadowing.store.tables.people import person
from tests import makers
from tests.mailbox import address
from tests.makers import Ward
from tests.replies import outlook

EXPAND = {
    "zone": "Europe/Berlin",
    "from": "2027-03-22",
    "to": "2027-03-23",
    "patterns": [{"weekdays": ["mon"], "start": "19:00", "end": "07:00"}],
    "slot_minutes": 180,
}


@pytest.fixture
def run(work, tmp_path):
    """Run a command on the database of the test."""

    def typed(*words, piped=None, **variables):
        told = {
            "SHADOWING_DATABASE_URL": work.engine.url.render_as_string(hide_password=False),
            "SHADOWING_INSTANCE": str(tmp_path / "instance"),
            **{f"SHADOWING_{name}": value for name, value in variables.items()},
        }
        return CliRunner().invoke(cli, words, env=told, input=piped)

    return typed


def refused(result):
    """Give the one sentence of a refusal."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


COMMANDS = (
    "serve",
    "worker",
    "db upgrade",
    "db downgrade",
    "db check",
    "demo load",
    "person add",
    "token create",
    "availability expand",
    "calendar busy",
    "calendar receive",
    "doctor",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_how_it_is_used(command):
    result = CliRunner().invoke(cli, [*command.split(), "--help"])

    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


@pytest.mark.parametrize(
    "words", ["nothing", "serve --port x", "db downgrade", "person add --name A", "worker --twice"]
)
def test_wrong_usage_is_status_two(words):
    result = CliRunner().invoke(cli, words.split())

    assert result.exit_code == 2
    assert "Usage: " in result.stderr


def test_every_fault_of_the_settings_is_told_in_one_go(run):
    said = refused(run("db", "check", ENV="test", CLOCK="soon"))

    assert "ENV" in said
    assert "CLOCK" in said


def test_the_database_is_as_it_should_be_until_it_is_taken_back(run):
    assert run("db", "check").exit_code == 0
    assert run("db", "downgrade", "base").exit_code == 0
    assert "db upgrade" in refused(run("db", "check"))
    assert "db upgrade" in refused(run("serve", "--port", "1"))
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "check").exit_code == 0


def test_a_table_that_is_not_of_this_program_is_told_of(run, work):
    with work.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stranger (id INTEGER)")

    assert "stranger" in refused(run("db", "check"))


def test_a_version_that_never_was_cannot_be_gone_back_to(run):
    assert "no version 9999" in refused(run("db", "downgrade", "9999"))


def test_the_demo_is_loaded_once_and_names_an_account_for_each_role(run, work):
    loaded = run("demo", "load", "--password", "purple stairs hum softly", "--today", "2027-03-08")

    assert loaded.exit_code == 0
    emails = re.findall(r"[\w.-]+@example\.(?:org|net)", loaded.stdout)
    assert len(emails) == 8
    with work.read() as tx:
        kept = tx.db.scalar(select(person.c.password_hash).where(person.c.email == emails[0]))
    assert password_fits(kept, "purple stairs hum softly")
    assert "holds people already" in refused(run("demo", "load"))
    assert run("demo", "load", "--if-empty").stdout == ""
    assert run("demo", "load", "--today", "yesterday").exit_code == 2


def test_a_person_is_added_with_a_link_that_works_once_within_a_day(run, work):
    added = run("person", "add", "--name", "Ada", "--email", "Ada@example.org", "--role", "hr")

    assert added.exit_code == 0
    link = added.stdout.strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/link/[\w-]{43}", link)
    with work.read() as tx:
        there = tx.db.execute(select(person.c.name, person.c.email)).all()
    assert there == [("Ada", "ada@example.org")]
    again = run("person", "add", "--name", "B", "--email", "ada@example.org", "--role", "hr")
    assert refused(again) == "Enter another email address. Somebody has ada@example.org already."


def test_the_link_of_a_new_person_lets_them_in(run, work, clock):
    token = run("person", "add", "--name", "A", "--email", "a@example.org", "--role", "hr")
    clock.now = wall(work)

    entered = enter_by_link(work, token.stdout.strip()[-43:], caller=Caller("192.0.2.1"))

    assert entered.target == "/"


def wall(work):
    """Give the moment at which the command ran: it has the machine's own clock."""
    with work.read() as tx:
        return tx.db.scalar(select(person.c.created_at)) + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("name", "email"),
    [("", "a@example.org"), ("x" * 121, "a@example.org"), ("A", "a"), ("A", "a@b\r\nBcc: c@d")],
)
def test_a_person_that_cannot_be_is_refused(run, name, email):
    said = refused(run("person", "add", "--name", name, "--email", email, "--role", "hr"))

    assert said.startswith(("name: ", "email: "))


def test_a_person_joins_the_organization_that_is_named(run, work):
    makers.organization(work, code="chmc", name="Cedar Hollow")
    known = ("person", "add", "--name", "A", "--role", "hr", "--organization")

    assert run(*known, "chmc", "--email", "a@example.org").exit_code == 0
    assert run(*known, "Cedar Hollow", "--email", "b@example.org").exit_code == 0
    assert "moved" in refused(run(*known, "Elsewhere", "--email", "c@example.org"))


def test_a_token_is_printed_and_speaks_for_its_person(run, work):
    made = makers.person(work, makers.organization(work), email="ada@example.org")

    token = run("token", "create", "--person", "ada@example.org", "--scope", "slots:read")

    assert token.exit_code == 0
    actor = actor_of_token(work, token=token.stdout.strip())
    assert actor.person_id == made
    assert actor.scopes == {"slot:find", "meeting:find"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--person", "nobody@example.org"), "It may have moved"),
        (("--person", "ada@example.org", "--scope", "all"), "There is no all."),
        (("--person", "ada@example.org", "--role", "hr"), "Choose one of your own roles."),
    ],
)
def test_a_token_that_cannot_be_is_refused(run, work, words, said):
    makers.person(work, makers.organization(work), email="ada@example.org")

    assert said in refused(run("token", "create", *words))


def test_patterns_are_expanded_without_any_settings(tmp_path):
    file = tmp_path / "patterns.json"
    file.write_text(json.dumps(EXPAND))

    result = CliRunner().invoke(
        cli, ["availability", "expand", str(file)], env={"SHADOWING_X": "1"}
    )

    assert result.exit_code == 0
    assert json.loads(result.stdout)["windows"] == [
        ["2027-03-22T18:00:00Z", "2027-03-23T06:00:00Z"],
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "this is no JSON that can be read."),
        ("[" * 100_000, "this is no JSON that can be read."),
        ("\ud800".encode("utf-8", "surrogatepass"), "this is no JSON that can be read."),
        ("{}", "zone: Enter something here."),
        (json.dumps(EXPAND | {"zone": "Nowhere"}), "zone: Enter the name of a time zone, like"),
    ],
)
def test_patterns_that_cannot_be_read_are_refused(tmp_path, text, said):
    file = tmp_path / "patterns.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())

    assert said in refused(CliRunner().invoke(cli, ["availability", "expand", str(file)]))


ICS = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
DTSTART:20261020T090000
DURATION:PT1H
ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.org
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def busy(tmp_path):
    """Print the busy time of a file."""

    def typed(text, *more, start="2026-10-01T00:00:00Z", zone="America/Chicago"):
        file = tmp_path / "diary.ics"
        file.write_text(text)
        options = ["--from", start, "--to", "2026-11-01T00:00:00Z", "--zone", zone, *more]
        return CliRunner().invoke(cli, ["calendar", "busy", str(file), *options])

    return typed


def test_the_busy_time_of_a_file_is_printed(busy):
    result = busy(ICS)

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "outcome": "ok",
        "busy": [["2026-10-20T14:00:00Z", "2026-10-20T15:00:00Z"]],
        "warnings": [],
    }
    assert json.loads(busy(ICS, "--owner", "Ann@example.org").stdout)["busy"] == []


def test_a_file_that_is_no_calendar_is_rejected_with_the_reason(busy):
    result = busy("hello")

    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["outcome"] == "reject"
    assert "no calendar file" in told["reason"]


@pytest.mark.parametrize("changed", [{"start": "2026-12-01"}, {"start": "?"}, {"zone": "Nowhere"}])
def test_a_window_or_zone_that_is_none_is_wrong_usage(busy, changed):
    result = busy(ICS, **changed)

    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_wrong_usage():
    assert CliRunner().invoke(cli, ["availability", "expand", "nowhere.json"]).exit_code == 2


def test_the_worker_does_once_what_is_due(run):
    assert run("worker", "--once").exit_code == 0
    assert run("doctor").exit_code == 0


def test_the_doctor_says_what_is_wrong_and_how_to_mend_it(run):
    result = run("doctor")

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.split()[1] for line in lines] == [
        *("settings", "database", "migrations", "worker", "mail", "diaries", "clock", "disk"),
    ]
    wrong = [line for line in lines if line.startswith("WRONG")]
    assert len(wrong) == 1
    assert wrong[0].startswith("WRONG worker      It has never run. Start it: shadowing worker")


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"ENV": "test"}, "settings"),
        ({"MAIL_URL": "smtp://127.0.0.1:1?tls=none"}, "mail"),
        ({"MAIL_URL": "file:/dev/null/mail"}, "mail"),
        ({"DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none"}, "database"),
    ],
)
def test_the_doctor_finds_what_is_amiss(run, work, variables, name):
    with work.write() as tx:
        mark_run(tx.db, name="letters", at=tx.now)

    result = run("doctor", **variables)

    assert result.exit_code == 1
    assert f"WRONG {name}" in result.stdout


def test_the_doctor_sees_a_clock_that_was_set_back(run, work, clock):
    clock.now += timedelta(days=3650)
    with work.write() as tx:
        mark_run(tx.db, name="letters", at=tx.now)

    assert "WRONG clock" in run("doctor").stdout


def test_a_database_that_is_not_there_is_told_in_a_sentence(run):
    elsewhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"

    assert "shadowing doctor" in refused(run("db", "check", DATABASE_URL=elsewhere))
    make_engine(elsewhere).dispose()


def test_a_reply_is_read_from_a_pipe_or_a_file_and_followed_rule_n4(run, work, tmp_path):
    ward = Ward(work)
    shift = asking.request(work, ward.as_observer(), Ask(ward.slot(), "See a morning."))
    with work.read() as tx:
        event = next(
            each
            for each in calendar.of_shift(tx.db, shift_id=shift.id)
            if each.person_id == ward.host
        )
    raw = outlook(address(ward, ward.host), uid=event.uid)

    result = run("calendar", "receive", piped=raw)

    assert (result.exit_code, result.stdout) == (0, "answer\n")
    assert [each.state for each in makers.shifts(work)] == ["confirmed"]
    file = tmp_path / "reply.eml"
    file.write_bytes(b"From: a@b.example\r\n\r\nHello")
    assert run("calendar", "receive", str(file)).stdout == "aside human\n"
    assert run("calendar", "receive", str(tmp_path / "none.eml")).exit_code == 2
