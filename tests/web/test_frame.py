"""What every answer has, whatever is asked for: headers, error pages, a line in the log."""

import json
import logging

import pytest
from flask import Blueprint

from shadowing import app as roof
from shadowing.adapters.credentials import hash_password
from shadowing.domain.bookings.asking import SlotFull
from shadowing.logs import JsonLines
from shadowing.services.work import Work
from shadowing.store.engine import DatabaseBusy, make_engine
from shadowing.store.journal import mark_run
from shadowing.web.session import public
from tests import makers
from tests.web.conftest import build
from tests.web.visits import Visitor

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PASSWORD = "four unrelated words"


@pytest.fixture
def troubled(work, tmp_path, monkeypatch):
    """Build the application with pages that break, each in its way."""
    bp = Blueprint("trouble", __name__)
    ways = {
        "bug": KeyError("a patient's name"),
        "busy": DatabaseBusy(),
        "full": SlotFull(slot_id=1),
    }
    for name, error in ways.items():

        def view(error=error):
            raise error

        bp.add_url_rule(f"/trouble/{name}", name, public(view))
        bp.add_url_rule(f"/api/trouble/{name}", f"api-{name}", public(view))
    monkeypatch.setattr(roof, "BLUEPRINTS", (*roof.BLUEPRINTS, bp))
    return Visitor(build(work, tmp_path))


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        ("/sign-in", 200, "no-store"),
        ("/account", 303, "no-store"),
        ("/healthz", 200, "no-store"),
        ("/nowhere", 404, "no-store"),
        ("/api/nowhere", 404, "no-store"),
        ("/trouble/bug", 500, "no-store"),
        ("/trouble/busy", 503, "no-store"),
        ("/static/tokens.css", 200, "public, max-age=3600"),
        ("/static/tokens.css?v=1", 200, "public, max-age=31536000, immutable"),
        ("/static/nothing.css?v=1", 404, "no-store"),
        ("/static/../shadowing/app.py", 404, "no-store"),
    ],
)
def test_every_answer_carries_the_policy(troubled, path, status, kept):
    page = troubled.get(path, status=status)

    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == kept
    assert "Strict-Transport-Security" not in page.headers
    assert "Access-Control-Allow-Origin" not in page.headers


def test_a_bug_shows_a_number_and_nothing_else(troubled, caplog):
    page = troubled.get("/trouble/bug", status=500)

    number = page.soup.select_one("#reference").get_text()
    record = next(record for record in caplog.records if record.getMessage() == "broken")
    line = json.loads(JsonLines().format(record))
    assert line["request"] == number
    assert line["trouble"][-1] == "KeyError"
    assert "test_frame.py" in line["trouble"][-2]
    assert "patient" not in json.dumps(line)
    assert "KeyError" not in page.text
    assert "patient" not in page.text


def test_a_busy_database_asks_to_come_back(troubled):
    page = troubled.get("/trouble/busy", status=503)

    assert page.headers["Retry-After"] == "5"
    assert "We are not ready just now" in page.words
    told = troubled.get("/api/trouble/busy", status=503)
    assert told.headers["Content-Type"] == "application/problem+json"
    assert json.loads(told.text)["code"] == "database_busy"


def test_a_database_that_is_gone_is_told_even_to_who_is_signed_in(app, work, tmp_path):
    makers.person(
        work,
        makers.organization(work),
        email="ada@example.org",
        password_hash=hash_password(PASSWORD),
    )
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.post("/sign-in", email="ada@example.org", password=PASSWORD)
    gone = Work(make_engine(f"sqlite:///{tmp_path}/no/such/folder.sqlite3"), clock=work.clock)
    afterwards = Visitor(build(gone, tmp_path))
    afterwards.bring(visitor.cookie())

    assert "We are not ready just now" in afterwards.get("/account", status=503).words
    assert afterwards.get("/nowhere", status=503).headers["Retry-After"] == "5"
    assert afterwards.get("/healthz").status == 200
    reasons = json.loads(afterwards.get("/readyz", status=503).text)["reasons"]
    assert reasons[0] == "database: The database does not answer."


def test_a_refusal_that_no_page_expected_is_told_in_its_sentence(troubled):
    page = troubled.get("/trouble/full", status=409)

    assert "Choose another time. This one was booked a moment ago." in page.words
    assert json.loads(troubled.get("/api/trouble/full", status=409).text)["code"] == "slot_full"


def test_programs_get_problems_for_bugs_too(troubled):
    told = troubled.get("/api/trouble/bug", status=500)

    problem = json.loads(told.text)
    assert problem["status"] == 500
    assert problem["reference"]
    assert "patient" not in told.text


def test_another_method_is_refused_with_those_there_are(visitor):
    page = visitor.send("/healthz", status=405, data={})

    assert page.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_that_is_too_big_is_refused(visitor):
    body = {"email": "x" * 2_000_000}

    assert "too big" in visitor.send("/sign-in", status=413, data=body).words


def test_a_page_for_others_is_like_one_that_is_not_there(app, work):
    kept = hash_password(PASSWORD)
    known = {"email": "hr@example.org", "password_hash": kept, "roles": ("hr",)}
    makers.person(work, makers.organization(work), **known)
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.post("/sign-in", email="hr@example.org", password=PASSWORD)

    forbidden, absent = visitor.get("/availability", status=404), visitor.get("/x", status=404)

    assert forbidden.words.replace("/availability", "/x") == absent.words


@pytest.mark.parametrize("path", ["//sign-in", "//evil.example//x", "///evil.example/%2f.."])
def test_two_slashes_lead_nowhere_else(visitor, path):
    answer = visitor.get("/", status=None, environ_overrides={"PATH_INFO": path})

    assert not answer.location or answer.location.startswith(f"{visitor.base}/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "a b", ""])
def test_another_host_is_refused(visitor, host):
    visitor.get("/sign-in", status=400, headers={"Host": host})


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:9"])
def test_this_machine_is_known_by_its_own_names(visitor, host):
    assert visitor.get("/sign-in", headers={"Host": host}).status == 200


def ran(work):
    """Note that the worker did a job just now."""
    with work.write() as tx:
        mark_run(tx.db, name="letters", at=tx.now)


def test_the_process_is_up_and_says_why_it_is_not_ready(visitor, work):
    assert json.loads(visitor.get("/healthz").text) == {"status": "ok"}

    told = json.loads(visitor.get("/readyz", status=503).text)
    assert told["reasons"] == ["worker: It has never run."]

    ran(work)
    assert json.loads(visitor.get("/readyz").text) == {"status": "ok"}


def test_a_worker_that_fell_silent_is_told_of(visitor, work, clock):
    ran(work)
    clock.advance(minutes=7)

    told = json.loads(visitor.get("/readyz", status=503).text)

    assert told["reasons"] == ["worker: It last ran 7 minutes ago."]


def test_cookies_do_not_count_for_programs(app, work):
    hospital = makers.organization(work)
    kept = hash_password(PASSWORD)
    makers.person(work, hospital, email="ada@example.org", password_hash=kept)
    visitor = Visitor(app)
    visitor.get("/sign-in")
    visitor.post("/sign-in", email="ada@example.org", password=PASSWORD)
    visitor.get("/account")

    told = visitor.get("/api/v1/shifts", status=401)

    assert told.headers["WWW-Authenticate"].startswith("Bearer")
    assert json.loads(told.text)["code"] == "not_signed_in"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic x", "Bearer \udcff", "x" * 5000]
)
def test_a_token_that_is_none_is_answered_as_a_problem(visitor, header):
    told = visitor.get("/api/v1/shifts", status=401, headers={"Authorization": header})

    assert told.headers["Content-Type"] == "application/problem+json"


def test_the_log_has_a_line_for_each_page_and_no_token(visitor, caplog):
    caplog.set_level(logging.INFO, logger="shadowing")
    token = "s3cret" + "x" * 37

    visitor.get(f"/sign-in/link/{token}?next=/their-words", status=410)
    visitor.get(f"/sign-in/link/{token}/more", status=404)

    lines = [JsonLines().format(record) for record in caplog.records]
    told = [json.loads(line) for line in lines]
    assert [line["page"] for line in told] == ["/sign-in/link/<string(length=43):token>", "-"]
    assert [line["status"] for line in told] == [410, 404]
    assert told[0]["address"] == "192.0.2.1"
    assert told[0]["request"] != told[1]["request"]
    assert "s3cret" not in "".join(lines)
    assert "their-words" not in "".join(lines)


def test_the_address_of_a_static_file_changes_with_its_bytes(visitor):
    page = visitor.get("/sign-in")

    found = [link["href"] for link in page.soup.select("link[rel=stylesheet]")]

    assert len(found) == 2
    for address in found:
        assert "?v=" in address
        assert "immutable" in visitor.get(address).headers["Cache-Control"]


def test_a_page_swapped_in_by_a_script_leads_to_the_door(visitor):
    answer = visitor.get("/account", status=204, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == "/sign-in?next=/account"
