"""The process in which a strange file is read: what it answers, and what it is not given."""

import json

import pytest

from shadowing.adapters import guarded as process
from shadowing.adapters.busy import guarded
from shadowing.adapters.busy.document import busy_document, window_of
from shadowing.adapters.busy.guarded import read_guarded
from shadowing.adapters.busy.notes import Unreadable
from tests.adapters.busy.files import AUTUMN, CHICAGO, calendar, event, reading

GOOD = ["DTSTART:20261020T100000Z", "DTEND:20261020T110000Z"]
NEVER = "RRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30"


def test_the_child_reads_what_we_would_read():
    lines = [*event(*GOOD), *event("DTSTART:soon", uid="x")]

    assert read_guarded(calendar(*lines), window=AUTUMN, zone=CHICAGO) == reading(*lines)


def test_what_is_refused_in_the_child_is_refused():
    with pytest.raises(Unreadable, match="no calendar file"):
        read_guarded(b"hello", window=AUTUMN, zone=CHICAGO)


@pytest.mark.parametrize(
    ("share", "least", "seconds"),
    [("CPU_SECONDS", 1, 30), ("MEMORY", 100_000_000, 30), ("CPU_SECONDS", 9, 0.1)],
    ids=["processor", "memory", "time"],
)
@pytest.mark.slow
def test_what_takes_more_than_its_share_is_refused(monkeypatch, share, least, seconds):
    limits = f"from shadowing.adapters import guarded; guarded.{share} = {least}"
    reads = "from shadowing.adapters.busy.child import busy; guarded.answer(busy)"
    monkeypatch.setattr(guarded, "CHILD", ("-c", f"{limits}; {reads}"))
    monkeypatch.setattr(process, "WALL_SECONDS", seconds)
    long_ago = ["DTSTART:16010101T000000Z", "DURATION:PT1H", NEVER]
    many = [line for uid in range(19_000) for line in event(*long_ago, uid=str(uid))]

    with pytest.raises(Unreadable, match="calendar too complex"):
        read_guarded(calendar(*many), window=AUTUMN, zone=CHICAGO)


@pytest.mark.slow
def test_the_child_is_not_told_our_secrets(monkeypatch):
    monkeypatch.setenv("SHADOWING_SECRET_KEY", "kept-among-ourselves")
    told = "import json, os; print(json.dumps({'reason': repr(sorted(os.environ))}))"
    monkeypatch.setattr(guarded, "CHILD", ("-c", told))

    with pytest.raises(Unreadable) as refused:
        read_guarded(b"", window=AUTUMN, zone=CHICAGO)

    assert "PATH" in str(refused.value)
    assert "SHADOWING_SECRET_KEY" not in str(refused.value)


def test_the_document_is_the_contracts():
    told = busy_document(calendar(*event(*GOOD)), window=AUTUMN, zone=CHICAGO)

    assert json.loads(json.dumps(told)) == {
        "outcome": "ok",
        "busy": [["2026-10-20T10:00:00Z", "2026-10-20T11:00:00Z"]],
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        ("2026-10-01T02:00:00+02:00", "2026-12-01"),
        ("2026-09-30T19:00:00", "2026-11-30T18:00:00-06:00"),
    ],
)
def test_a_window_is_two_instants_or_local_times(start, end):
    found = window_of(start, end, zone=CHICAGO)

    assert found.start == AUTUMN.start
    assert abs(found.end - AUTUMN.end).total_seconds() in (0, 6 * 3600)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("soon", "2026-12-01"),
        ("2026-12-01", "2026-12-01"),
        ("0001-01-01", "2026-12-01"),
        ("2026-12-01", "9999-12-31T23:59:59-12:00"),
    ],
)
def test_a_window_that_is_none_is_refused(start, end):
    with pytest.raises(ValueError, match=r"\.$"):
        window_of(start, end, zone=CHICAGO)
